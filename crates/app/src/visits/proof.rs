//! The facts of a visit for the rules, and what the checks say.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::{Ask, Id, Result, Tx};
use rules::{
    base::Text,
    policy::NoPolicy,
    visit::{Before, Carer, Chain, Check, Lacking, Outcome, Source, Task as Said, check, confirmed_by},
};

use super::{
    correction, forms,
    home::{self, Home},
    lost,
    record::{self, Purpose, Visit},
    told::Told,
};
use crate::{devices, elders::Key, workforce};

/// What the checks come to, with confirmed corrections; nothing where the region has laid down no limits.
pub fn of(tx: &Tx<'_>, ask: &Ask, it: &Visit, told: &Told, purposes: &[Purpose]) -> Result<Result<Outcome, NoPolicy>> {
    let corrections = correction::confirmed(tx, &it.key)?;
    let facts = facts(tx, ask, it, told, purposes)?;
    let confirmed: Vec<(Check, Text)> = corrections
        .iter()
        .filter_map(|one| Some((Check::parse(&one.field)?, confirmed_by([&one.reason, &one.who, &one.second_who]))))
        .collect();
    let policy = ask.app.policy_in(&it.key.region, it.day);
    Ok(check(&facts, &policy).map(|it| it.corrected(&confirmed)))
}

fn seconds(stored: Option<&str>) -> Option<i64> {
    stored?.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

fn facts(tx: &Tx<'_>, ask: &Ask, it: &Visit, told: &Told, purposes: &[Purpose]) -> Result<rules::visit::Visit> {
    let region = &it.key.region;
    let elder = it.elder_key();
    let home: Home = home::of(tx, &elder)?;
    let name = |service: &str| {
        let programme = purposes.iter().find(|one| one.service == service).map_or("visit", |one| &*one.programme);
        let found = forms::service(ask, region, it.day, service, programme);
        (found.title, found.photos)
    };
    let tasks: Vec<Said> = told
        .tasks
        .iter()
        .map(|one| Said { name: name(&one.service).0, done: one.done, reason: one.reason.clone() })
        .collect();
    let untold: Vec<String> = purposes
        .iter()
        .filter(|one| told.tasks.iter().all(|task| task.service != one.service))
        .map(|one| name(&one.service).0)
        .collect();
    let lacking = told.tasks.iter().filter(|it| it.done).flat_map(|task| {
        let (name, photos) = name(&task.service);
        let missing = photos.into_iter().filter(|one| !told.has_photo(&task.service, one.word()));
        let reason = told.no_photo.get(&task.service).cloned().unwrap_or_default();
        missing.map(move |photo| Lacking { name: name.clone(), photo, reason: reason.clone() })
    });
    let lacking: Vec<Lacking> = lacking.collect();
    let lost = lost::beside(tx, region, &told.spans)?;
    let mut staff = Vec::new();
    for id in it.staff_ids() {
        let key = Key { region: region.clone(), id };
        let found = workforce::staff_by_key(tx, &key)?;
        let works = workforce::posts_of(tx, &key)?.iter().any(|post| post.holds(it.day));
        staff.push(Carer { name: found.name, works });
    }
    let (began, ended) = (seconds(it.began.as_deref()), seconds(it.ended.as_deref()));
    let others = it.staff_ids().map(|id| others(tx, it, id)).collect::<Result<Vec<Vec<Visit>>>>()?;
    Ok(rules::visit::Visit {
        source: match &*it.source {
            "page" => Source::Written,
            _ if told.by_phone => Source::Phone,
            "plan" => Source::Written,
            _ => Source::Other,
        },
        tasks,
        untold,
        door: home::door(ask, &elder, &home, &told.door),
        witness: witness(tx, ask, it, told)?,
        signature: told.signature,
        needs_signature: true,
        lacking,
        people: u8::try_from(it.people).unwrap_or(1),
        staff,
        home: home.at,
        begin_fix: told.begin_fix,
        end_fix: told.end_fix,
        began,
        ended,
        clock_ahead: told.clock_ahead,
        planned_minutes: u16::try_from(it.minutes).unwrap_or(0),
        overlaps: overlaps(it, &others),
        before: before(tx, it, others.first().filter(|_| it.staff.is_some()))?,
        chain: match told.chain {
            Chain::Whole if !lost.is_empty() => Chain::Lost,
            other => other,
        },
        lost,
    })
}

/// The device of the home that measured the same values as the visit recorded.
fn witness(tx: &Tx<'_>, ask: &Ask, it: &Visit, told: &Told) -> Result<String> {
    let (Some(from), Some(until)) = (seconds(it.began.as_deref()), seconds(it.ended.as_deref())) else {
        return Ok(String::new());
    };
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(it) => it.clone(),
        other => other.to_string(),
    };
    let recorded: BTreeMap<String, String> = told
        .tasks
        .iter()
        .filter(|task| task.done)
        .flat_map(|task| task.answers.iter().map(|(name, value)| (name.clone(), text(value))))
        .collect();
    devices::witness(tx, ask, &it.elder_key(), from, until, &recorded)
}

/// Whether somebody of this visit was at another one at the same time.
fn overlaps(it: &Visit, others: &[Vec<Visit>]) -> bool {
    let (Some(began), Some(ended)) = (&it.began, &it.ended) else { return false };
    let meets = |other: &Visit| {
        let (Some(from), Some(until)) = (&other.began, &other.ended) else { return false };
        from < ended && began < until
    };
    others.iter().flatten().any(meets)
}

/// Where and when the one responsible ended the visit before, of their other visits of the day.
fn before(tx: &Tx<'_>, it: &Visit, others: Option<&Vec<Visit>>) -> Result<Option<Before>> {
    let (Some(others), Some(began)) = (others, seconds(it.began.as_deref())) else { return Ok(None) };
    let ended = |other: &Visit| seconds(other.ended.as_deref()).filter(|ended| *ended <= began);
    let last = others.iter().filter_map(|it| Some((ended(it)?, it))).reduce(|a, b| if a.0 < b.0 { b } else { a });
    let Some((ended, last)) = last else { return Ok(None) };
    Ok(home::of(tx, &last.elder_key())?.at.map(|at| Before { ended, at }))
}

/// The other visits of that day of somebody of the staff.
fn others(tx: &Tx<'_>, it: &Visit, staff: Id) -> Result<Vec<Visit>> {
    let mut all = record::of_staff(tx, &it.key.region, staff, it.day, it.day.add_days(1))?;
    all.retain(|other| other.key.id != it.key.id && other.state == "done");
    Ok(all)
}
