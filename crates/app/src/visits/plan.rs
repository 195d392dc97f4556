//! Planning: what is wanted of an elder's day becomes one visit; what is wanted no longer takes its purpose away.

use kit::{Ask, Error, Id, Result, Said, Tx};
use rules::base::Date;

use super::record::{self, Visit};
use crate::elders::{self, Elder, Key, Report};

/// A service wanted of a day.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub elder: &'a Elder,
    pub day: Date,
    /// Minutes after midnight between which it should begin; nothing where any time will do.
    pub from_minute: Option<i64>,
    pub until_minute: Option<i64>,
    pub minutes: i64,
    pub organisation: Option<Id>,
    /// Number of the member of staff in the elder's county.
    pub staff: Option<Id>,
    pub second: Option<Id>,
    /// How many must come.
    pub people: i64,
    pub note: &'a str,
    pub purpose: For<'a>,
}

/// What a visit is wanted for.
#[derive(Debug, Clone, Copy)]
pub struct For<'a> {
    /// A word of `words::PROGRAMMES`.
    pub programme: &'a str,
    /// The wanting module's word and its own number, such as `homebed:42`.
    pub thing: &'a str,
    /// The code of the service.
    pub service: &'a str,
    /// A word of `tariff`'s payers; empty where nobody pays for it apart.
    pub payer: &'a str,
}

/// Plans a service: it joins a visit that is planned for this elder and day and goes together with it, or becomes a new one.
///
/// # Errors
/// `Invalid` for a day that is past, `Refused` for an elder who died or moved.
pub fn want(tx: &Tx<'_>, ask: &Ask, it: &Wanted<'_>) -> Result<Key> {
    if it.day < ask.today() {
        return Err(Error::invalid("day", Said::new("“日期”不能早于今天({day})").with("day", ask.today())));
    }
    let elder = elders::find_living(tx, &kit::Scope::of(&ask.app.places.tree(), &it.elder.key.region), &it.elder.key)?;
    if let Some(mut known) = joinable(tx, it)? {
        record::hold(tx, &known.key)?;
        let first = !record::purposes(tx, &known.key)?.iter().any(|one| one.thing == it.purpose.thing);
        put_purpose(tx, &known.key, &it.purpose)?;
        known.organisation = known.organisation.or(it.organisation);
        known.staff = known.staff.or(it.staff);
        known.second = known.second.or(it.second);
        known.people = known.people.max(it.people);
        // Together they take as long as each alone, but for the way; the same again takes no longer.
        known.minutes = if first { (known.minutes + it.minutes).min(24 * 60) } else { known.minutes.max(it.minutes) };
        known.from_minute = known.from_minute.max(it.from_minute);
        known.until_minute = [known.until_minute, it.until_minute].into_iter().flatten().min();
        record::store(tx, ask, &known)?;
        record::note(tx, ask, "change", &known, it.purpose.thing)?;
        return Ok(known.key);
    }
    let new = Visit {
        organisation: it.organisation,
        staff: it.staff,
        second: it.second,
        people: it.people.max(1),
        from_minute: it.from_minute,
        until_minute: it.until_minute,
        minutes: it.minutes.max(1),
        note: it.note.chars().take(300).collect(),
        ..record::new(ask, &elder, it.day)
    };
    record::insert(tx, &new)?;
    put_purpose(tx, &new.key, &it.purpose)?;
    let report = Report::new("visits", "计划 {day} 上门").with("day", it.day).link(new.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "create", &new, it.purpose.thing)?;
    Ok(new.key)
}

pub fn put_purpose(tx: &Tx<'_>, key: &Key, it: &For<'_>) -> Result<()> {
    tx.run(
        "insert into visit_purpose (region, visit, thing, service, programme, payer) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, visit, thing, service) do update set programme = excluded.programme, payer = excluded.payer",
        &[&key.region, &key.id, &it.thing, &it.service, &it.programme, &it.payer],
    )?;
    Ok(())
}

/// A planned visit of that day which the same people can make in the same window.
fn joinable(tx: &Tx<'_>, it: &Wanted<'_>) -> Result<Option<Visit>> {
    let same = |a: Option<Id>, b: Option<Id>| a.is_none() || b.is_none() || a == b;
    let of_day = tx.rows(
        &format!(
            "select {} from visit where region = $1 and elder = $2 and day = $3 and state = 'planned' order by id limit 20",
            record::COLUMNS
        ),
        &[&it.elder.key.region, &it.elder.key.id, &it.day.to_string()],
        record::read,
    )?;
    Ok(of_day.into_iter().find(|known| {
        let from = known.from_minute.max(it.from_minute);
        let until = [known.until_minute, it.until_minute].into_iter().flatten().min();
        let fits = from.zip(until).is_none_or(|(from, until)| from < until);
        fits && same(known.organisation, it.organisation)
            && same(known.staff, it.staff)
            && same(known.second, it.second)
    }))
}

/// A thing wants its visits no longer: open ones lose the purpose, and end with the reason where it was the only one.
pub fn unwant(tx: &Tx<'_>, ask: &Ask, region: &str, thing: &str, reason: &str) -> Result<()> {
    let ids: Vec<Id> = tx.rows(
        "select p.visit from visit_purpose p join visit v on v.region = p.region and v.id = p.visit
          where p.region = $1 and p.thing = $2 and v.state = 'planned' group by p.visit order by p.visit limit 500",
        &[&region, &thing],
        |row| row.get(0),
    )?;
    for id in ids {
        let key = Key { region: region.to_string(), id };
        record::hold(tx, &key)?;
        tx.run("delete from visit_purpose where region = $1 and visit = $2 and thing = $3", &[&region, &id, &thing])?;
        let mut it = record::by_key(tx, &key)?;
        if record::purposes(tx, &key)?.is_empty() {
            cancel(tx, ask, &mut it, reason)?;
        } else {
            record::store(tx, ask, &it)?;
        }
    }
    Ok(())
}

/// Ends a visit that was not made.
///
/// # Errors
/// `Refused` where it is not planned any more.
pub fn cancel(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, reason: &str) -> Result<()> {
    if it.state != "planned" {
        return Err(Error::refused("visit_not_planned", "只有还没有开始的上门可以取消"));
    }
    it.state = "cancelled".into();
    it.reason = reason.chars().take(200).collect();
    record::store(tx, ask, it)?;
    let report =
        Report::new("visits", "取消 {day} 的上门:{why}").with("day", it.day).with("why", reason).link(it.link());
    elders::report(tx, ask.now, &it.elder_key(), &report)?;
    record::note(tx, ask, "change", it, reason)
}

/// A visit that was cancelled by mistake is planned again.
pub fn take_up(tx: &Tx<'_>, ask: &Ask, it: &mut Visit) -> Result<()> {
    (it.state, it.reason) = ("planned".into(), String::new());
    record::store(tx, ask, it)?;
    let report = Report::new("visits", "{day} 的上门照原计划进行").with("day", it.day).link(it.link());
    elders::report(tx, ask.now, &it.elder_key(), &report)?;
    record::note(tx, ask, "change", it, "taken up")
}

/// What is planned otherwise of a visit.
#[derive(Debug, Clone)]
pub struct Change {
    pub day: Date,
    pub from_minute: Option<i64>,
    pub until_minute: Option<i64>,
    pub at_minute: Option<i64>,
    pub minutes: i64,
    pub people: i64,
    pub staff: Option<Id>,
    pub second: Option<Id>,
    pub note: String,
}

/// Plans a visit otherwise.
///
/// # Errors
/// `Refused` once it began, `Invalid` for a day or window that cannot be.
pub fn change(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, new: Change) -> Result<()> {
    if it.state != "planned" {
        return Err(Error::refused("visit_not_planned", "上门已经开始或结束,不能再改计划"));
    }
    if new.day < ask.today() {
        return Err(Error::invalid("day", Said::new("“日期”不能早于今天({day})").with("day", ask.today())));
    }
    if new.from_minute.zip(new.until_minute).is_some_and(|(from, until)| until <= from) {
        return Err(Error::invalid("until", "“最晚到达”应晚于“最早到达”"));
    }
    if new.second.is_some() && new.second == new.staff {
        return Err(Error::invalid("second", "第二人不能与第一人相同"));
    }
    let before = (it.day, it.staff_ids().collect::<Vec<_>>());
    *it = Visit {
        day: new.day,
        from_minute: new.from_minute,
        until_minute: new.until_minute,
        at_minute: new.at_minute,
        minutes: new.minutes,
        people: new.people,
        staff: new.staff,
        second: new.second,
        note: new.note,
        ..it.clone()
    };
    record::store(tx, ask, it)?;
    for gone in before.1.iter().filter(|id| it.staff_ids().all(|one| one != **id)) {
        // Their phone still holds it.
        tx.run(
            "insert into visit_gone (region, staff, visit, version) values ($1, $2, $3, $4)
             on conflict (region, staff, visit) do update set version = excluded.version",
            &[&it.key.region, gone, &it.key.id, &ask.new_id()],
        )?;
    }
    if before.0 != it.day {
        let report = Report::new("visits", "上门从 {from} 改到 {day}")
            .with("from", before.0)
            .with("day", it.day)
            .link(it.link());
        elders::report(tx, ask.now, &it.elder_key(), &report)?;
    }
    record::note(tx, ask, "change", it, "planned otherwise")
}
