//! What works over a whole county ask about many elders at once.

use std::collections::HashMap;

use kit::{Id, Result, Tx, db::Among};
use rules::base::Date;

use super::Key;

/// Persons one statement takes.
const STEP: usize = 500;

/// The first day on which each elder of a county who died or moved away is no longer there: the day after a death, since
/// care may still have been given that day, and the day of moving.
pub fn gone(tx: &Tx<'_>, region: &str) -> Result<HashMap<Id, Date>> {
    let rows = tx.rows(
        "select id, state, state_day from elder
          where region = $1 and state in ('died', 'moved') and state_day is not null order by id",
        &[&region],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Date>(2)?)),
    )?;
    Ok(rows.into_iter().map(|(id, state, day)| (id, if state == "died" { day.add_days(1) } else { day })).collect())
}

/// For each record of a county that was merged into another: the record that stays.
#[derive(Debug, Clone, Default)]
pub struct Merged(HashMap<Id, Id>);

impl Merged {
    /// The record that stays of a person; itself where nothing was merged.
    pub fn stays(&self, id: Id) -> Id {
        self.0.get(&id).copied().unwrap_or(id)
    }

    /// Each record that was merged, with the one that stays.
    pub fn all(&self) -> impl Iterator<Item = (Id, Id)> {
        self.0.iter().map(|it| (*it.0, *it.1))
    }
}

/// The records of a county that were merged into others.
pub fn merged(tx: &Tx<'_>, region: &str) -> Result<Merged> {
    let into: HashMap<Id, Id> = tx
        .rows(
            // In the order of the index that has only these: by number, all elders of the county would be looked at.
            "select id, merged_into from elder where region = $1 and merged_into is not null order by merged_into, id",
            &[&region],
            |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?)),
        )?
        .into_iter()
        .collect();
    let last = |mut id: Id| {
        // No chain is longer than there are records.
        for _ in 0..into.len() {
            match into.get(&id) {
                Some(next) => id = *next,
                None => break,
            }
        }
        id
    };
    Ok(Merged(into.keys().map(|it| (*it, last(*it))).collect()))
}

/// The record that stays of one person, as [`merged`] says of all.
pub fn stays(tx: &Tx<'_>, key: &Key) -> Result<Key> {
    let mut id = key.id;
    let mut seen = vec![id];
    loop {
        let next: Option<Option<Id>> =
            tx.row("select merged_into from elder where region = $1 and id = $2", &[&key.region, &id], |row| {
                row.get(0)
            })?;
        match next.flatten() {
            Some(next) if !seen.contains(&next) => {
                seen.push(next);
                id = next;
            }
            _ => return Ok(Key { region: key.region.clone(), id }),
        }
    }
}

/// The names of elders of a county.
pub fn names(tx: &Tx<'_>, region: &str, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let mut all = HashMap::with_capacity(ids.len());
    for some in ids.chunks(STEP) {
        let some = Among::of(some);
        let sql = format!("select id, name from elder where region = $1 and id in ({}) order by id", some.after(1));
        all.extend(tx.rows(&sql, &some.bind(&[&region]), |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    Ok(all)
}
