//! What works over a whole county ask about many elders at once.

use std::collections::HashMap;

use kit::{App, Error, Id, Result, Tx, db::Among};
use rules::base::Date;

use super::{Key, intake::ADDRESS_COLUMN};

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

/// An elder as works over a whole county look at one.
#[derive(Debug, Clone)]
pub struct Registered {
    pub id: Id,
    pub state: String,
    pub place: String,
    pub street: String,
    pub organisation: Option<Id>,
    pub living: String,
    pub name: String,
    /// The address where it names one home of its place, by a number; open, and never to be shown or kept.
    pub home: Option<String>,
}

/// Every record of a county, or of a village or grid of it, by id.
pub fn register(tx: &Tx<'_>, app: &App, region: &str, place: &str) -> Result<Vec<Registered>> {
    let beyond = format!("{place}:");
    tx.rows(
        "select id, state, place, street, organisation, living, name, address from elder
          where region = $1 and ($2 = '' or place >= $2 and place < $3) order by id",
        &[&region, &place, &beyond],
        |row| {
            let sealed: Option<Vec<u8>> = row.get(7)?;
            let open =
                sealed.map(|it| app.crypt.open_sealed(ADDRESS_COLUMN, &it).map_err(Error::internal)).transpose()?;
            let open = open.map(|it| it.chars().filter(|it| !it.is_whitespace()).collect::<String>());
            Ok(Registered {
                id: row.get(0)?,
                state: row.get(1)?,
                place: row.get(2)?,
                street: row.get(3)?,
                organisation: row.get(4)?,
                living: row.get(5)?,
                name: row.get(6)?,
                home: open.filter(|it| it.chars().any(char::is_numeric)),
            })
        },
    )
}

/// One record as [`register`] gives it, with its address left closed.
pub fn registered(tx: &Tx<'_>, key: &Key) -> Result<Option<Registered>> {
    tx.row(
        "select id, state, place, street, organisation, living, name from elder where region = $1 and id = $2",
        &[&key.region, &key.id],
        |row| {
            Ok(Registered {
                id: row.get(0)?,
                state: row.get(1)?,
                place: row.get(2)?,
                street: row.get(3)?,
                organisation: row.get(4)?,
                living: row.get(5)?,
                name: row.get(6)?,
                home: None,
            })
        },
    )
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
