//! The agreement of an institution with the agency, and the stretches in which it is suspended.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, clock::stamp};
use rules::{base::Date, steps::Steps};

use crate::elders::Key;

/// What holds between agency and institution from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    pub number: String,
    /// 1 to 3.
    pub level: i64,
    /// Words of `words::MODES`.
    pub modes: Vec<String>,
    /// How many recipients at most.
    pub capacity: i64,
}

/// The agreements and suspensions of one institution.
#[derive(Debug, Clone)]
pub struct Terms {
    pub agreements: Steps<Agreement>,
    /// Words of `words::SUSPENSIONS`.
    pub suspensions: Steps<String>,
}

impl Terms {
    /// The agreement of a day, where there is one and the institution is not suspended.
    pub fn on(&self, day: Date) -> Option<&Agreement> {
        if self.suspensions.on(day).is_some() { None } else { self.agreements.on(day) }
    }
}

/// Of every institution of a county that ever had an agreement.
pub fn of_county(tx: &Tx<'_>, region: &str) -> Result<HashMap<Id, Terms>> {
    let mut agreements: HashMap<Id, Vec<(Date, Option<Agreement>)>> = HashMap::new();
    tx.each(
        "select organisation, from_day, number, level, modes, capacity from ltci_agreement
          where region = $1 order by organisation, from_day",
        &[&region],
        |row| {
            agreements.entry(row.get(0)?).or_default().push((row.get(1)?, read(row, 2)?));
            Ok(())
        },
    )?;
    let mut suspensions: HashMap<Id, Vec<(Date, Option<String>)>> = HashMap::new();
    tx.each(
        "select organisation, from_day, reason from ltci_suspension where region = $1 order by organisation, from_day",
        &[&region],
        |row| {
            suspensions.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
            Ok(())
        },
    )?;
    let all = agreements.into_iter().map(|(id, rows)| {
        let suspended = suspensions.remove(&id).unwrap_or_default();
        (id, Terms { agreements: Steps::new(rows), suspensions: Steps::new(suspended) })
    });
    Ok(all.collect())
}

/// Of one institution.
pub fn of_organisation(tx: &Tx<'_>, key: &Key) -> Result<Terms> {
    let agreements = tx.rows(
        "select from_day, number, level, modes, capacity from ltci_agreement
          where region = $1 and organisation = $2 order by from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, read(row, 1)?)),
    )?;
    let suspensions = tx.rows(
        "select from_day, reason from ltci_suspension where region = $1 and organisation = $2 order by from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Terms { agreements: Steps::new(agreements), suspensions: Steps::new(suspensions) })
}

fn read(row: &kit::db::Row<'_>, at: usize) -> Result<Option<Agreement>> {
    let Some(number) = row.get::<Option<String>>(at)? else { return Ok(None) };
    let modes: String = row.get(at + 2)?;
    Ok(Some(Agreement {
        number,
        level: row.get(at + 1)?,
        modes: modes.split_whitespace().map(str::to_string).collect(),
        capacity: row.get(at + 3)?,
    }))
}

/// Writes what holds from a day on; with nothing there is no agreement any more.
pub fn put(tx: &Tx<'_>, ask: &Ask, key: &Key, from: Date, it: Option<&Agreement>, reason: &str) -> Result<()> {
    let (level, capacity) = it.map_or((0, 0), |it| (it.level, it.capacity));
    tx.run(
        "insert into ltci_agreement (region, organisation, from_day, number, level, modes, capacity, reason, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (region, organisation, from_day) do update set number = excluded.number, level = excluded.level,
           modes = excluded.modes, capacity = excluded.capacity, reason = excluded.reason, who = excluded.who,
           at = excluded.at",
        &[
            &key.region,
            &key.id,
            &from.to_string(),
            &it.map(|it| it.number.clone()),
            &level,
            &it.map_or(String::new(), |it| it.modes.join(" ")),
            &capacity,
            &reason,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// Writes that an agreement is to end on a day, unless another begins on that very day.
pub fn put_end(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date) -> Result<()> {
    tx.run(
        "insert into ltci_agreement (region, organisation, from_day, number, level, modes, capacity, reason, who, at)
         values ($1, $2, $3, null, 0, '', 0, '', $4, $5)
         on conflict (region, organisation, from_day) do nothing",
        &[&key.region, &key.id, &day.to_string(), &ask.who.name, &stamp(ask.now)],
    )?;
    Ok(())
}

/// A planned end no longer holds.
pub fn take_back_end(tx: &Tx<'_>, key: &Key, day: Date) -> Result<()> {
    tx.run(
        "delete from ltci_agreement where region = $1 and organisation = $2 and from_day = $3 and number is null",
        &[&key.region, &key.id, &day.to_string()],
    )?;
    Ok(())
}

/// Writes that a suspension begins, or with no reason that it is lifted.
pub fn put_suspension(tx: &Tx<'_>, ask: &Ask, key: &Key, from: Date, reason: Option<&str>, note: &str) -> Result<()> {
    tx.run(
        "insert into ltci_suspension (region, organisation, from_day, reason, note, who, at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, organisation, from_day) do update set reason = excluded.reason, note = excluded.note,
           who = excluded.who, at = excluded.at",
        &[&key.region, &key.id, &from.to_string(), &reason, &note, &ask.who.name, &stamp(ask.now)],
    )?;
    Ok(())
}
