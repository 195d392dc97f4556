//! When somebody works: hours of the week from a day on, and absences. Neither can overlap with itself: both are steps.

use kit::{Ask, Error, Result, Said, Tx};
use rules::{
    base::Date,
    steps::Steps,
    week::{BadWeek, Week},
};

use super::{
    staff::{self, Staff},
    words,
};
use crate::elders::Key;

/// A stretch in which somebody is away.
#[derive(Debug, Clone, PartialEq)]
pub struct Absence {
    /// A word of `words::ABSENCES`.
    pub kind: String,
    pub from: Date,
    /// The first day on which they are back.
    pub until: Option<Date>,
}

/// Every absence, in order.
pub fn absences(tx: &Tx<'_>, key: &Key) -> Result<Vec<Absence>> {
    let rows = tx.rows(
        "select from_day, kind from staff_absence where region = $1 and staff = $2 order by from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Steps::new(rows).stretches().into_iter().map(|(from, until, kind)| Absence { kind, from, until }).collect())
}

/// Whether somebody is away on a day, and why.
pub fn away(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Option<String>> {
    Ok(absences(tx, key)?
        .into_iter()
        .find(|it| it.from <= day && it.until.is_none_or(|end| day < end))
        .map(|it| it.kind))
}

/// Notes that somebody is away from a day to another, both included; open where no end is known.
///
/// # Errors
/// `Invalid` where they are away then already.
pub fn leave(
    tx: &Tx<'_>,
    ask: &Ask,
    staff: &Staff,
    kind: &str,
    from: Date,
    until: Option<Date>,
    note: &str,
) -> Result<()> {
    if until.is_some_and(|it| it < from) {
        return Err(Error::invalid("until", "止日不能早于起日"));
    }
    let key = &staff.key;
    let back = until.map(|it| it.add_days(1));
    let meets = |it: &&Absence| back.is_none_or(|end| it.from < end) && it.until.is_none_or(|end| from < end);
    if let Some(other) = absences(tx, key)?.iter().find(meets) {
        let said = Said::new("与 {day} 起的离岗重叠").with("day", other.from);
        return Err(Error::invalid("from", said));
    }
    write(tx, key, from, Some(kind), note)?;
    if let Some(back) = back {
        // Another absence may begin on that very day.
        tx.run(
            "insert into staff_absence (region, staff, from_day, kind, note) values ($1, $2, $3, null, '')
             on conflict (region, staff, from_day) do nothing",
            &[&key.region, &key.id, &back.to_string()],
        )?;
    }
    let end = until.map_or_else(|| "…".to_string(), |it| it.to_string());
    let title = ask.t(words::title(words::ABSENCES, kind));
    staff::told(tx, ask, "add", staff, &format!("{title} {from} — {end} {note}"))
}

/// Notes that somebody is back on a day, before or after what was planned.
///
/// # Errors
/// `Invalid` where they are not away on the day before.
pub fn back(tx: &Tx<'_>, ask: &Ask, staff: &Staff, day: Date) -> Result<()> {
    let key = &staff.key;
    let before = day.add_days(-1);
    let away = absences(tx, key)?.into_iter().find(|it| it.from <= before && it.until.is_none_or(|end| before < end));
    let Some(away) = away else {
        return Err(Error::invalid("day", Said::new("{day} 前一天没有离岗").with("day", day)));
    };
    if let Some(end) = away.until.filter(|it| day < *it) {
        tx.run(
            "delete from staff_absence where region = $1 and staff = $2 and from_day = $3 and kind is null",
            &[&key.region, &key.id, &end.to_string()],
        )?;
    }
    write(tx, key, day, None, "")?;
    staff::told(tx, ask, "change", staff, &ask.f("{day} 返岗", &[("day", &day)]))
}

fn write(tx: &Tx<'_>, key: &Key, from: Date, kind: Option<&str>, note: &str) -> Result<()> {
    tx.run(
        "insert into staff_absence (region, staff, from_day, kind, note) values ($1, $2, $3, $4, $5)
         on conflict (region, staff, from_day) do update set kind = excluded.kind, note = excluded.note",
        &[&key.region, &key.id, &from.to_string(), &kind, &note],
    )?;
    Ok(())
}

/// The hours of the week on a day; empty where none were ever said.
pub fn hours(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Week> {
    let found = tx.row(
        "select hours from staff_hours where region = $1 and staff = $2 and from_day <= $3 order by from_day desc limit 1",
        &[&key.region, &key.id, &day.to_string()],
        |row| row.get::<String>(0),
    )?;
    found.unwrap_or_default().parse().map_err(|e: BadWeek| Error::internal(e.text()))
}

/// Sets the hours of the week from a day on.
pub fn set_hours(tx: &Tx<'_>, ask: &Ask, staff: &Staff, from: Date, week: &Week) -> Result<()> {
    tx.run(
        "insert into staff_hours (region, staff, from_day, hours) values ($1, $2, $3, $4)
         on conflict (region, staff, from_day) do update set hours = excluded.hours",
        &[&staff.key.region, &staff.key.id, &from.to_string(), &week.to_string()],
    )?;
    let said = ask.f("{day} 起工作时间:{hours}", &[("day", &from), ("hours", week)]);
    staff::told(tx, ask, "change", staff, &said)
}
