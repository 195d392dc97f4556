//! Stretches without benefit, such as stays in hospital.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, clock::stamp};
use rules::{base::Date, ltci::settle::Suspended, steps::Steps};

use super::step;
use crate::{
    elders::{self, Key, Merged},
    ltci::words,
};

/// A stretch without benefit.
#[derive(Debug, Clone, PartialEq)]
pub struct Pause {
    /// The record for which it was written.
    pub elder: Id,
    pub from: Date,
    /// The first day on which it is over; none where no end is known.
    pub until: Option<Date>,
    /// A word of `words::PAUSES`.
    pub reason: String,
}

impl Pause {
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day < it)
    }

    /// As the rules want it.
    pub fn suspended(&self) -> Suspended {
        Suspended { from: self.from, until: self.until, why: words::title(words::PAUSES, &self.reason).to_string() }
    }
}

/// Every pause of an elder and of the records merged into theirs, the earliest first.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Pause>> {
    let mut all = Vec::new();
    for record in elders::records(tx, key)? {
        let rows = tx.rows(
            "select from_day, reason from ltci_pause where region = $1 and elder = $2 order by from_day",
            &[&key.region, &record],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        all.extend(stretches(record, rows));
    }
    all.sort_by_key(|it| it.from);
    Ok(all)
}

/// As [`of_elder`], of a whole county; those of a person with several records stand under each of them.
pub fn of_county(tx: &Tx<'_>, region: &str, merged: &Merged) -> Result<HashMap<Id, Vec<Pause>>> {
    let mut rows: HashMap<Id, Vec<(Date, Option<String>)>> = HashMap::new();
    tx.each(
        "select elder, from_day, reason from ltci_pause where region = $1 order by elder, from_day",
        &[&region],
        |row| {
            rows.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
            Ok(())
        },
    )?;
    let mut all: HashMap<Id, Vec<Pause>> =
        rows.into_iter().map(|(elder, rows)| (elder, stretches(elder, rows))).collect();
    for records in step::families(merged).into_values() {
        let mut own: Vec<Pause> = records.iter().filter_map(|it| all.get(it)).flatten().cloned().collect();
        own.sort_by_key(|it| it.from);
        if !own.is_empty() {
            all.extend(records.into_iter().map(|it| (it, own.clone())));
        }
    }
    Ok(all)
}

fn stretches(elder: Id, rows: Vec<(Date, Option<String>)>) -> Vec<Pause> {
    let all = Steps::new(rows).stretches().into_iter();
    all.map(|(from, until, reason)| Pause { elder, from, until, reason }).collect()
}

/// Writes that a pause begins, or with no reason that it is over.
pub fn put(tx: &Tx<'_>, ask: &Ask, key: &Key, from: Date, reason: Option<&str>, note: &str) -> Result<()> {
    tx.run(
        "insert into ltci_pause (region, elder, from_day, reason, note, who, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, elder, from_day) do update set reason = excluded.reason, note = excluded.note,
           who = excluded.who, at = excluded.at",
        &[&key.region, &key.id, &from.to_string(), &reason, &note, &ask.who.name, &stamp(ask.now)],
    )?;
    Ok(())
}

/// Writes that a pause is to end on a day, unless another begins on that very day.
pub fn put_end(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date) -> Result<()> {
    tx.run(
        "insert into ltci_pause (region, elder, from_day, reason, note, who, at) values ($1, $2, $3, null, '', $4, $5)
         on conflict (region, elder, from_day) do nothing",
        &[&key.region, &key.id, &day.to_string(), &ask.who.name, &stamp(ask.now)],
    )?;
    Ok(())
}

/// A planned end no longer holds.
pub fn take_back_end(tx: &Tx<'_>, key: &Key, day: Date) -> Result<()> {
    tx.run(
        "delete from ltci_pause where region = $1 and elder = $2 and from_day = $3 and reason is null",
        &[&key.region, &key.id, &day.to_string()],
    )?;
    Ok(())
}
