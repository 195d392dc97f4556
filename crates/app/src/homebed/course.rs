//! What follows from the deeds at a bed: what is due, what is counted, and what events of the register do to it.

use kit::{App, Ask, Error, Id, Result, Tx, events::Event};
use rules::{
    base::Date,
    home_bed::{self, Dues},
};
use serde_json::json;

use super::{
    bed::{self, Bed},
    chart, home, marks, promise, words,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    visits,
};

/// The duties, each with what is to be done.
pub const VISIT: (&str, &str) = ("homebed.visit", "家庭病床上门评估");
pub const ROUND: (&str, &str) = ("homebed.round", "家庭病床巡诊");
pub const SUPERIOR: (&str, &str) = ("homebed.superior", "家庭病床上级查床");
pub const COURSE: (&str, &str) = ("homebed.course", "家庭病床疗程评估");
pub const CONTRACT: (&str, &str) = ("homebed.contract", "家庭养老床位合同到期");
pub const PHOTO: (&str, &str) = ("homebed.photo", "适老化改造缺改造后照片");
pub const SERVICE: (&str, &str) = ("homebed.service", "家庭养老床位服务");
pub const CHECK: (&str, &str) = ("homebed.check", "家庭养老床位回访");

/// All duties.
pub const DUTIES: [(&str, &str); 8] = [VISIT, ROUND, SUPERIOR, COURSE, CONTRACT, PHOTO, SERVICE, CHECK];

/// Works out what is due next, writes the bed, and tells list, workbench and tally.
pub fn follow(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder) -> Result<()> {
    let dues = dues(tx, ask, it)?;
    it.round_by = dues.map(|it| it.round);
    it.superior_by = dues.map(|it| it.superior);
    it.course_until = dues.map(|it| it.last_day);
    let photo_by = if it.is_hospital() { None } else { care_dues(tx, ask, it)? };
    bed::store(tx, it)?;
    set_dues(tx, ask, it, elder, photo_by)?;
    promise::tell(tx, &elder.key)?;
    marks::keep(tx, &ask.app, &elder.key)
}

/// What is due at an elderly-care bed that is in use: its services and the check of how it serves; gives the day of an adaptation of
/// which there is no picture after it yet.
fn care_dues(tx: &Tx<'_>, ask: &Ask, it: &mut Bed) -> Result<Option<Date>> {
    (it.service_by, it.check_by) = (None, None);
    let Some(opened) = it.opened.filter(|_| it.is_lying()) else { return Ok(None) };
    let without = home::adaptations(tx, it)?.into_iter().filter(|it| it.void_reason.is_empty() && it.after.is_none());
    let photo_by = without.map(|it| it.day).min();
    if it.state != "open" {
        return Ok(photo_by);
    }
    let records = chart::of(tx, it)?;
    let begun = opened.max(it.resumed.unwrap_or(opened));
    let last = |kind: &str, service: Option<Id>| {
        records.iter().filter(|it| it.kind == kind && it.service == service && it.counts()).map(|it| it.day).max()
    };
    let services = home::services(tx, it)?;
    let next = |one: &home::Service| {
        let times = u16::try_from(one.times).unwrap_or(1);
        Some(home_bed::service_by(begun.max(one.from), last("service", Some(one.id)), times, one.period()?))
    };
    it.service_by = services.iter().filter(|it| it.until.is_none()).filter_map(next).min();
    it.check_by = home_bed::check_by(begun, last("check", None), &bed::policy(ask, &it.key.region, ask.today())).ok();
    Ok(photo_by)
}

/// What is due at a hospital bed that is in use; reads from its records when rounds and checks were last.
fn dues(tx: &Tx<'_>, ask: &Ask, it: &mut Bed) -> Result<Option<Dues>> {
    let Some(opened) = it.opened.filter(|_| it.is_hospital()) else { return Ok(None) };
    let records = chart::of(tx, it)?;
    let last = |kind: &str| records.iter().filter(|it| it.kind == kind && it.counts()).map(|it| it.day).max();
    (it.last_round, it.last_superior) = (last("round"), last("superior"));
    if it.state != "open" {
        return Ok(None);
    }
    let facts = home_bed::Bed {
        opened,
        extended: it.extended,
        resumed: it.resumed,
        last_round: it.last_round,
        last_superior: it.last_superior,
    };
    Ok(home_bed::dues(&facts, &bed::policy(ask, &it.key.region, ask.today())).ok())
}

fn set_dues(tx: &Tx<'_>, ask: &Ask, it: &Bed, elder: &Elder, photo_by: Option<Date>) -> Result<()> {
    let visit = it.visit_by.filter(|_| it.visited.is_none() && !it.is_over());
    let contract = it.contract_until.filter(|_| it.is_lying());
    let all: &[((&str, &'static str), Option<Date>)] = match it.is_hospital() {
        true => &[(VISIT, visit), (ROUND, it.round_by), (SUPERIOR, it.superior_by), (COURSE, it.course_until)],
        false => &[(CONTRACT, contract), (PHOTO, photo_by), (SERVICE, it.service_by), (CHECK, it.check_by)],
    };
    for ((kind, said), day) in all {
        let day = day.filter(|_| elder.is_living());
        match day {
            Some(day) => elders::set_due(tx, elder, kind, day, said, &it.link())?,
            None => elders::clear_due(tx, &elder.key, kind)?,
        }
        keep_due(tx, ask, it, kind, day.map(|day| (day, *said)))?;
    }
    Ok(())
}

/// What is due at the bed, for the institution that runs it.
fn keep_due(tx: &Tx<'_>, ask: &Ask, it: &Bed, kind: &str, due: Option<(Date, &str)>) -> Result<()> {
    match due {
        Some((day, said)) => tx.run(
            "insert into homebed_due (region, bed, kind, id, day, said) values ($1, $2, $3, $4, $5, $6)
             on conflict (region, bed, kind) do update set day = excluded.day, said = excluded.said",
            &[&it.key.region, &it.key.id, &kind, &ask.new_id(), &day.to_string(), &said],
        )?,
        None => tx.run(
            "delete from homebed_due where region = $1 and bed = $2 and kind = $3",
            &[&it.key.region, &it.key.id, &kind],
        )?,
    };
    Ok(())
}

/// Refuses a day on which the elder lies in another bed of the kind, or in one of the other kind where these exclude each
/// other.
pub fn check_free(tx: &Tx<'_>, ask: &Ask, it: &Bed, elder: &Key, day: Date) -> Result<()> {
    let slot = bed::slot_of(ask, &it.key.region, &it.kind, day);
    for other in bed::of_elder(tx, elder)?.into_iter().filter(|other| other.key != it.key && other.opened.is_some()) {
        let excludes = other.kind == it.kind || bed::slot_of(ask, &it.key.region, &other.kind, day) == slot;
        if excludes && other.ended.is_none_or(|ended| day < ended) {
            return Err(bed::lies_elsewhere());
        }
    }
    Ok(())
}

/// Somebody lies in the bed from a day on.
pub fn begin(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, day: Date) -> Result<()> {
    check_free(tx, ask, it, &elder.key, day)?;
    it.state = "open".to_string();
    it.opened = Some(day);
    it.number = bed::next_number(tx, it, day)?;
    it.slot = Some(bed::slot_of(ask, &it.key.region, &it.kind, day));
    follow(tx, ask, it, elder)?;
    let said = if it.is_hospital() { "建立家庭病床,{day}" } else { "建立家庭养老床位,{day}" };
    let report = Report::new("homebed", said).with("day", day).link(it.link()).tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)?;
    bed::note(tx, ask, "change", it, elder, &json!({"opened": day}).to_string())
}

/// Ends a bed or an application on a day. `from` is the present state where an event ends it, so that this can be taken back.
pub fn end(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, day: Date, reason: &str, from: &str) -> Result<()> {
    let was_lying = it.is_lying();
    let day = it.opened.map_or(day, |opened| day.max(opened));
    if let Some(since) = it.suspended {
        home::end_pause(tx, it, since, Some(day.max(since)))?;
    }
    it.state = if was_lying { "closed" } else { "withdrawn" }.to_string();
    it.ended = Some(day);
    it.ended_reason = reason.to_string();
    it.ended_from = from.to_string();
    if was_lying {
        chart::stop_orders(tx, ask, it, day)?;
    }
    visits::unwant(tx, ask, &it.key.region, &it.word(), "家庭床位已撤销")?;
    follow(tx, ask, it, elder)?;
    let said = match (was_lying, it.is_hospital()) {
        (true, true) => "撤销家庭病床:{why}",
        (true, false) => "结束家庭养老床位:{why}",
        (false, _) => "家庭病床申请撤回:{why}",
    };
    let report = Report::new("homebed", said).with("why", ending(ask, it, false)).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    bed::note(tx, ask, "change", it, elder, &json!({"ended": day, "reason": reason}).to_string())
}

/// Why a bed ended, in words: as the policy lists it, or as this module does.
pub fn ending(ask: &Ask, it: &Bed, translated: bool) -> String {
    let day = it.ended.unwrap_or_else(|| ask.today());
    let policy = bed::policy(ask, &it.key.region, day);
    let listed = policy.read(|it| &it.home_bed.endings).ok().filter(|_| it.is_hospital());
    if let Some(found) = listed.and_then(|all| all.iter().find(|one| one.id == it.ended_reason)) {
        return if translated { ask.either(&*found.name, &*found.name_en) } else { &*found.name }.to_string();
    }
    let known = words::SYSTEM_ENDS.iter().chain(words::CARE_ENDS).find(|one| one.0 == it.ended_reason);
    match known {
        Some(known) if translated => ask.t(known.1).to_string(),
        Some(known) => known.1.to_string(),
        None => it.ended_reason.clone(),
    }
}

/// Takes back what an event ended; where the elder lies elsewhere by now, it stays ended.
fn take_back(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder) -> Result<()> {
    let before = it.clone();
    it.state.clone_from(&before.ended_from);
    (it.ended, it.ended_reason, it.ended_from) = (None, String::new(), String::new());
    match follow(tx, ask, it, elder) {
        Err(Error::Refused(_)) => {
            *it = before;
            return follow(tx, ask, it, elder);
        }
        other => other?,
    }
    if let (Some(since), "suspended") = (it.suspended, &*it.state) {
        home::end_pause(tx, it, since, None)?;
    }
    if let Some(day) = before.ended.filter(|_| it.is_lying()) {
        chart::restart_orders(tx, ask, it, day)?;
    }
    let report = Report::new("homebed", "家庭床位恢复到撤床前").link(it.link()).tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    bed::note(tx, ask, "change", it, elder, &json!({"taken back": before.ended_reason}).to_string())
}

/// Death and moving away end beds and applications; what is taken back of them goes on; a merged record's beds go with it.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    match &*news.kind {
        elders::DIED | elders::MOVED => {
            let reason = if news.kind == elders::DIED { "died" } else { "moved" };
            let (ask, elder) = elder_of(app, tx, text("elder"))?;
            let day: Date = text("day").parse().unwrap_or_else(|_| ask.today());
            for mut it in bed::of_elder(tx, &elder.key)?.into_iter().filter(|it| !it.is_over()) {
                let from = it.state.clone();
                end(tx, &ask, &mut it, &elder, day, reason, &from)?;
            }
            Ok(())
        }
        // Who came back later begins anew; only what was noted by mistake goes on.
        elders::RETURNED if news.body.get("day").is_none() => {
            let (ask, elder) = elder_of(app, tx, text("elder"))?;
            for mut it in bed::of_elder(tx, &elder.key)? {
                if !it.ended_from.is_empty() && it.ended_reason == text("after") {
                    take_back(tx, &ask, &mut it, &elder)?;
                }
            }
            Ok(())
        }
        elders::MERGED => merged(app, tx, text("kept"), text("lost")),
        elders::UNMERGED => unmerged(app, tx, text("kept"), text("lost")),
        _ => Ok(()),
    }
}

fn elder_of(app: &App, tx: &Tx<'_>, key: &str) -> Result<(Ask, Elder)> {
    let key: Key = key.parse()?;
    let ask = Ask::system(app, &key.region);
    let elder = elders::find(tx, &ask.who.scope, &key)?;
    Ok((ask, elder))
}

/// The beds of a record that was given up are those of the one that was kept; where that has one, too, the other ends.
fn merged(app: &App, tx: &Tx<'_>, kept: &str, lost: &str) -> Result<()> {
    let (ask, kept) = elder_of(app, tx, kept)?;
    let lost: Key = lost.parse()?;
    let all = bed::of_elder(tx, &kept.key)?;
    let (moving, own): (Vec<Bed>, Vec<Bed>) = all.into_iter().partition(|it| it.elder == lost.id);
    for mut it in moving {
        let excludes = |other: &&Bed| {
            let same_kind = !other.is_over() && other.kind == it.kind;
            let same_slot = other.is_lying() && it.is_lying() && other.slot == it.slot;
            same_kind || same_slot
        };
        let is_second = !it.is_over() && own.iter().any(|other| excludes(&other));
        if is_second {
            let (from, day) = (it.state.clone(), ask.today());
            end(tx, &ask, &mut it, &kept, day, "merged", &from)?;
        }
        it.elder = kept.key.id;
        follow(tx, &ask, &mut it, &kept)?;
    }
    // The duties of what the kept record had before stand as they are.
    for mut it in bed::of_elder(tx, &kept.key)?.into_iter().filter(|it| !it.is_over()) {
        follow(tx, &ask, &mut it, &kept)?;
    }
    promise::forget(tx, &lost)?;
    marks::keep(tx, app, &lost)
}

fn unmerged(app: &App, tx: &Tx<'_>, kept: &str, lost: &str) -> Result<()> {
    let (_, kept) = elder_of(app, tx, kept)?;
    let (ask, lost) = elder_of(app, tx, lost)?;
    for mut it in bed::first_of(tx, &lost.key)?.into_iter().filter(|it| it.elder == kept.key.id) {
        it.elder = lost.key.id;
        match it.ended_reason == "merged" && !it.ended_from.is_empty() {
            true => take_back(tx, &ask, &mut it, &lost)?,
            false => follow(tx, &ask, &mut it, &lost)?,
        }
    }
    for (kind, _) in DUTIES {
        elders::clear_due(tx, &kept.key, kind)?;
    }
    for mut it in bed::of_elder(tx, &kept.key)?.into_iter().filter(|it| !it.is_over()) {
        follow(tx, &ask, &mut it, &kept)?;
    }
    promise::tell(tx, &kept.key)?;
    marks::keep(tx, app, &kept.key)
}
