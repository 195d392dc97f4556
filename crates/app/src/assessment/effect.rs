//! What follows when a conclusion takes effect, runs out or is replaced: groups, tier of care, what is due, the news.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, events, tally::Lot};
use rules::{
    assessment_course::{Event, State, Term, deadline},
    base::{Date, Text},
    care_tier::{self, AbilityLevel, Living, Situation},
    policy::{Because, Decision},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    EFFECTIVE, EXPIRED,
    apply::title_of,
    course,
    record::{self, Assessment, Programme},
    sources,
};
use crate::{
    elders::{self, Elder, GroupEntry, Key, Report, Tone},
    policy::{About, decide},
};

/// The tier of care, with its reasons, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tier {
    pub code: u8,
    pub name: String,
    pub reasons: Vec<(String, String)>,
}

/// Lets a conclusion count from a day: earlier ones end, groups and tier follow, the day of the next one is set.
pub fn take_effect(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, from: Date) -> Result<()> {
    let policy = it.policy(&ask.app, from);
    it.valid_from = Some(from);
    if it.programme.is_formal() {
        it.valid_until = Some(sources::needed(deadline(Term::ValidUntil, from, &policy))?.day);
        if it.objection_until.is_none() {
            it.objection_until = deadline(Term::ObjectionUntil, from, &policy).ok().map(|it| it.day);
        }
        // Kept values come first; each is kept once, however often it was read.
        let mut because: Vec<serde_json::Value> = serde_json::from_str(&it.because)?;
        for value in policy.because() {
            let value = serde_json::to_value(value)?;
            if !because.contains(&value) {
                because.push(value);
            }
        }
        it.because = serde_json::to_string(&because)?;
        let answer = json!({"level": it.level, "level_name": it.level_name, "valid_from": from.to_string(),
                            "valid_until": it.valid_until.map(|it| it.to_string())});
        keep(tx, ask, it, elder, "assessment", &policy.decided(answer))?;
    }
    let day = |it: Option<Date>| it.map(|it| it.to_string());
    tx.run(
        "update assessment set valid_from = $3, valid_until = $4, objection_until = $5, because = $6
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &day(it.valid_from), &day(it.valid_until), &day(it.objection_until), &it.because],
    )?;
    replace_earlier(tx, ask, it, elder)?;
    let report = Report::new("assessment", "{programme}：{level}")
        .with("programme", shown_name(ask, it))
        .with("level", &it.level_name)
        .link(it.link())
        .tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)?;
    if it.programme.is_formal() {
        group(tx, ask, it, elder, from)?;
        set_due(tx, elder)?;
    }
    if it.programme == Programme::Ability {
        tier(tx, ask, it, elder)?;
    }
    events::send(tx, &it.key.region, EFFECTIVE, &body(it), ask.now)?;
    Ok(())
}

/// Keeps a decision with the policy values it rests on, so that it can be explained and compared with later policy.
pub fn keep(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Assessment,
    elder: &Elder,
    topic: &'static str,
    decision: &Decision<serde_json::Value>,
) -> Result<()> {
    let about = About {
        region: &it.key.region,
        place: &elder.place,
        organisation: elder.organisation,
        person: Some(elder.key.id),
        subject: "assessment",
        subject_id: it.key.id,
        link: &it.link(),
        topic,
    };
    decide(tx, ask, &about, decision)?;
    Ok(())
}

fn body(it: &Assessment) -> serde_json::Value {
    json!({
        "assessment": it.key, "elder": it.elder_key(), "programme": it.programme.word(), "instrument": it.instrument,
        "level": it.level, "level_name": it.level_name, "valid_from": it.valid_from.map(|it| it.to_string()),
        "valid_until": it.valid_until.map(|it| it.to_string()),
    })
}

/// The programme, or for a scale its own name.
fn shown_name(ask: &Ask, it: &Assessment) -> String {
    let instrument = ask.app.policy.instrument_edition(&it.instrument, &it.edition);
    match instrument {
        Some(instrument) if !it.programme.is_formal() => instrument.name.clone(),
        _ => title_of(it.programme).to_string(),
    }
}

/// Ends what this conclusion takes the place of.
fn replace_earlier(tx: &Tx<'_>, ask: &Ask, it: &Assessment, elder: &Elder) -> Result<()> {
    for mut old in record::standing_beside(tx, it, &elder.key)? {
        if !it.programme.is_formal() && old.instrument != it.instrument {
            continue;
        }
        tx.run(
            "update assessment set superseded_by = $3 where region = $1 and id = $2",
            &[&old.key.region, &old.key.id, &it.key.id],
        )?;
        if it.programme.is_formal() && (old.is_in_force() || old.state == State::Reviewing) {
            let changed = it.reason == "change" && old.state == State::Effective;
            let events: &[Event] = if changed { &[Event::ReportChange, Event::End] } else { &[Event::End] };
            course::advance(tx, ask, &mut old, events, "新的评估结论已生效")?;
        }
    }
    Ok(())
}

/// Whether a conclusion says that somebody is disabled here, and the value that says from which level.
///
/// 依据: LTCI: the lowest grade the region pays for; ability: GB/T 42195-2022 评估结果, from the level the region lays down
pub fn is_disabled(ask: &Ask, it: &Assessment, day: Date) -> (bool, Option<Because>) {
    let policy = it.policy(&ask.app, day);
    let general = || policy.read(|it| &it.elders.disabled_from).copied();
    let from = match it.programme {
        Programme::Ltci => policy.read(|it| &it.ltci.lowest_grade).map(|it| u8::from(*it)).or_else(|_| general()),
        _ => general(),
    };
    let level = it.result.as_ref().and_then(super::result::Outcome::level_number);
    let is = from.is_ok_and(|from| level.is_some_and(|level| from <= level));
    (is, policy.because().pop())
}

/// Enters or leaves the group of the disabled, as the conclusions in force say together.
fn group(tx: &Tx<'_>, ask: &Ask, it: &Assessment, elder: &Elder, day: Date) -> Result<()> {
    let in_force: Vec<Assessment> = record::of_elder(tx, &elder.key)?
        .into_iter()
        .filter(|one| one.programme.is_formal() && one.is_in_force() && one.key.id != it.key.id)
        .collect();
    let says = |one: &Assessment| is_disabled(ask, one, day).0;
    let speaking = std::iter::once(it).chain(in_force.iter()).find(|one| says(one));
    let key = &elder.key;
    let open = elders::groups_of(tx, key)?.into_iter().find(|it| it.kind == "disabled" && it.until.is_none());
    match (speaking, open) {
        (Some(one), Some(open)) if open.word == one.level_name => Ok(()),
        (Some(one), open) => {
            if open.is_some() {
                elders::leave_group(tx, &ask.app, key, &elder.street, "disabled", day)?;
            }
            let source = format!("{} {}", title_of(one.programme), one.valid_from.unwrap_or(day));
            let entry = GroupEntry { kind: "disabled", day, source: &source, word: &one.level_name };
            elders::enter_group(tx, &ask.app, key, &elder.street, &entry)?;
            let report =
                Report::new("assessment", "列入失能人群:{level}").with("level", &one.level_name).link(one.link());
            elders::report(tx, ask.now, key, &report)
        }
        (None, Some(_)) => {
            elders::leave_group(tx, &ask.app, key, &elder.street, "disabled", day)?;
            let report =
                Report::new("assessment", "退出失能人群:{level}").with("level", &it.level_name).link(it.link());
            elders::report(tx, ask.now, key, &report)
        }
        (None, None) => Ok(()),
    }
}

/// Finds the tier of care from ability, chronic diseases and living situation; where one is not known, there is none.
fn tier(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    let level = it.result.as_ref().and_then(super::result::Outcome::level_number).and_then(AbilityLevel::new);
    let (Some(ability), Some(living)) = (level, living(&elder.living)) else { return Ok(()) };
    let chronic = elders::groups_of(tx, &elder.key)?
        .into_iter()
        .find(|it| it.kind == "chronic" && it.until.is_none())
        .map_or(0, |it| diseases(&it.word));
    let policy = it.policy(&ask.app, ask.today());
    let situation = Situation { ability, chronic_diseases: chronic, living };
    let Ok(found) = care_tier::tier(&situation, &policy) else { return Ok(()) };
    let words: Vec<&str> = found.reasons.iter().map(|it| &*it.zh).collect();
    let report = Report::new("assessment", "照护档次:{tier}({why})")
        .with("tier", &found.name)
        .with("why", words.join(";"))
        .link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    let reasons = found.reasons.iter().map(|Text { zh, en }| (zh.clone(), en.clone())).collect();
    keep(tx, ask, it, elder, "tier", &policy.decided(json!({"tier": found.code, "name": found.name})))?;
    let kept = serde_json::to_string(&Tier { code: found.code, name: found.name, reasons })?;
    tx.run("update assessment set tier = $3 where region = $1 and id = $2", &[&it.key.region, &it.key.id, &kept])?;
    it.tier = Some(kept);
    Ok(())
}

/// How many diseases a ledger's word names; a group without a word is one.
fn diseases(word: &str) -> u8 {
    let named =
        word.split(['、', ',', '\u{ff0c}', ';', '\u{ff1b}', ' ', '/', '+']).filter(|it| !it.trim().is_empty()).count();
    u8::try_from(named.max(1)).unwrap_or(u8::MAX)
}

fn living(word: &str) -> Option<Living> {
    Some(match word {
        "alone" => Living::Alone,
        "spouse" => Living::WithSpouse,
        "children" => Living::WithChildren,
        "parents" => Living::WithParents,
        "siblings" => Living::WithSiblings,
        "relatives" => Living::WithRelatives,
        "others" => Living::WithOthers,
        "institution" => Living::InInstitution,
        _ => return None,
    })
}

/// Sets the day by which the elder is assessed again: the earliest end of a validity in force.
pub fn set_due(tx: &Tx<'_>, elder: &Elder) -> Result<()> {
    let all = record::of_elder(tx, &elder.key)?;
    let counts = |it: &&Assessment| {
        let holds = it.is_in_force() || it.state == State::Expired;
        it.programme.is_formal() && holds && it.superseded_by.is_none()
    };
    let next = all.iter().filter(counts).filter_map(|it| Some((it.valid_until?, it))).min_by_key(|it| it.0);
    match next {
        Some((day, it)) if elder.is_living() => {
            let said = if it.programme == Programme::Ltci { "失能等级评估到期" } else { "能力评估到期" };
            elders::set_due(tx, elder, "assessment", day, said, &it.link())
        }
        _ => elders::clear_due(tx, &elder.key, "assessment"),
    }
}

/// A validity has run out.
pub fn expire(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    course::advance(tx, ask, it, &[Event::Expire], "")?;
    let report = Report::new("assessment", "{programme}结论到期")
        .with("programme", title_of(it.programme))
        .link(it.link())
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    events::send(tx, &it.key.region, EXPIRED, &body(it), ask.now)?;
    Ok(())
}

/// Ends everything open of an elder who died or left.
pub fn end_all(tx: &Tx<'_>, ask: &Ask, elder: &Key, why: &str) -> Result<()> {
    for mut it in record::of_elder(tx, elder)? {
        let lasts = it.programme.is_formal() || it.is_under_way();
        if lasts && !it.state.is_final() {
            course::advance(tx, ask, &mut it, &[Event::End], why)?;
        }
    }
    Ok(())
}

/// The conclusion in force of a programme, or the last result of a scale.
pub fn current(tx: &Tx<'_>, elder: &Key, programme: Programme) -> Result<Option<Assessment>> {
    let all = record::of_elder(tx, elder)?;
    Ok(all.into_iter().find(|it| it.programme == programme && it.is_in_force() && it.superseded_by.is_none()))
}

/// What [`current`] chooses from, of each of some people and in its order.
pub fn current_of_people(tx: &Tx<'_>, people: &elders::People) -> Result<HashMap<Id, Vec<Assessment>>> {
    let mut all = record::of_people(tx, people)?;
    for of_one in all.values_mut() {
        of_one.retain(|it| it.is_in_force() && it.superseded_by.is_none());
    }
    Ok(all)
}

/// A conclusion in force, as works over a whole county look at it.
#[derive(Debug, Clone)]
pub struct Concluded {
    pub elder: Id,
    pub programme: Programme,
    pub level: Option<u8>,
    /// Account and name of those who assessed.
    pub assessors: Vec<(Id, String)>,
}

/// The formal conclusions that are in force in a county.
pub fn in_force_of_county(tx: &Tx<'_>, region: &str) -> Result<Vec<Concluded>> {
    let rows = tx.rows(
        "select elder, programme, level, assessor_1, assessor_1_name, assessor_2, assessor_2_name from assessment
          where region = $1 and programme in ('ltci', 'ability') and valid_from is not null and superseded_by is null
            and state in ('effective', 'change_reported', 'objected', 'reviewing')
          order by elder, id",
        &[&region],
        |row| {
            let (programme, level): (String, String) = (row.get(1)?, row.get(2)?);
            let assessors = [(row.get(3)?, row.get(4)?), (row.get(5)?, row.get(6)?)];
            Ok((row.get(0)?, programme, level, assessors))
        },
    )?;
    let all = rows.into_iter().filter_map(|(elder, programme, level, assessors): (Id, String, String, [_; 2])| {
        let assessors = assessors.into_iter().filter_map(|it: (Option<Id>, String)| Some((it.0?, it.1))).collect();
        Some(Concluded { elder, programme: Programme::parse(&programme)?, level: level.parse().ok(), assessors })
    });
    Ok(all.collect())
}

/// The tiers of care of the persons of a lot: tier, from, and the first day on which it no longer counts; by record.
pub fn tiers_of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<(u8, Date, Option<Date>)>>> {
    let sql = "select a.tier, a.valid_from, a.valid_until, later.valid_from, a.elder from assessment a
                 left join assessment later on later.region = a.region and later.id = a.superseded_by
                where a.region = $1 and a.elder >= $2 and a.elder <= $3 and a.tier is not null and a.valid_from is not null";
    let rows = lot.rows(tx, sql, |row| {
        let tier: Tier = serde_json::from_str(&row.get::<String>(0)?)?;
        let last: Option<Date> = row.get(2)?;
        let replaced: Option<Date> = row.get(3)?;
        Ok((tier.code, row.get(1)?, [last.map(|it| it.add_days(1)), replaced].into_iter().flatten().min()))
    })?;
    Ok(rows)
}

/// The finished assessments with an instrument, newest first.
pub fn latest(tx: &Tx<'_>, elder: &Key, instrument: &str) -> Result<Vec<Assessment>> {
    let all = record::of_elder(tx, elder)?;
    Ok(all.into_iter().filter(|it| it.instrument == instrument && it.concluded.is_some()).collect())
}
