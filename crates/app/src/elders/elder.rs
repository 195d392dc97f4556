//! One elder, as the other modules know them.

use std::{collections::HashMap, fmt, ops::Deref, str::FromStr};

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    db::{Among, Row},
    tally::Lot,
};
use rules::base::Date;
use serde::{Serialize, Serializer};

use super::words;

/// Which elder: the county that keeps the record, and its number there. Written `510703-12345`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub region: String,
    pub id: Id,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.region, self.id)
    }
}

impl FromStr for Key {
    type Err = Error;
    fn from_str(text: &str) -> Result<Key> {
        let (region, id) = text.split_once('-').ok_or(Error::NotFound)?;
        let is_region = region.len() == 6 && region.bytes().all(|it| it.is_ascii_digit());
        let id = id.parse().map_err(|_| Error::NotFound)?;
        if is_region { Ok(Key { region: region.to_string(), id }) } else { Err(Error::NotFound) }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A birth date, to the day or only to the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// With only a year known, its last day: nobody becomes entitled too early by a guess.
    pub day: Date,
    pub exact: bool,
}

impl Birth {
    pub fn exact(day: Date) -> Birth {
        Birth { day, exact: true }
    }

    pub fn year(year: i16) -> Option<Birth> {
        Date::new(year, 12, 31).map(|day| Birth { day, exact: false })
    }

    /// `1944-03-12` or `1944`.
    pub fn parse(text: &str) -> Option<Birth> {
        match text.len() {
            4 => Birth::year(text.parse().ok()?),
            _ => text.parse().ok().map(Birth::exact),
        }
    }
}

impl fmt::Display for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exact { self.day.fmt(f) } else { self.day.year().fmt(f) }
    }
}

/// The record of one elder. Sealed columns stay sealed until somebody may see them.
#[derive(Debug, Clone)]
pub struct Elder {
    pub key: Key,
    pub street: String,
    pub place: String,
    pub organisation: Option<Id>,
    pub name: String,
    pub sex: String,
    pub birth: Birth,
    pub id_kind: String,
    pub id_number: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub registered_place: Option<String>,
    pub living: String,
    pub insurance: String,
    pub state: String,
    pub state_day: Option<String>,
    pub merged_into: Option<Id>,
    pub moved_to: Option<Key>,
    pub remark: String,
    pub source: String,
    pub created: String,
}

pub const COLUMNS: &str = "region, id, street, place, organisation, name, sex, birth, birth_precision, id_kind, \
    id_number, phone, address, registered_place, living, insurance, state, state_day, merged_into, moved_region, \
    moved_id, remark, source, created";

pub fn read(row: &Row<'_>) -> Result<Elder> {
    let precision: String = row.get(8)?;
    let moved: (Option<String>, Option<Id>) = (row.get(19)?, row.get(20)?);
    Ok(Elder {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        street: row.get(2)?,
        place: row.get(3)?,
        organisation: row.get(4)?,
        name: row.get(5)?,
        sex: row.get(6)?,
        birth: Birth { day: row.get(7)?, exact: precision == "day" },
        id_kind: row.get(9)?,
        id_number: row.get(10)?,
        phone: row.get(11)?,
        address: row.get(12)?,
        registered_place: row.get(13)?,
        living: row.get(14)?,
        insurance: row.get(15)?,
        state: row.get(16)?,
        state_day: row.get(17)?,
        merged_into: row.get(18)?,
        moved_to: moved.0.zip(moved.1).map(|(region, id)| Key { region, id }),
        remark: row.get(21)?,
        source: row.get(22)?,
        created: row.get(23)?,
    })
}

impl Elder {
    /// Full years of age on a day; of the day of death for those who died.
    pub fn age_on(&self, day: Date) -> u16 {
        let end = self.state_day.as_deref().filter(|_| self.state == "died").and_then(|it| it.parse().ok());
        self.birth.day.age_on(end.unwrap_or(day))
    }

    pub fn is_living(&self) -> bool {
        self.state == "living"
    }
}

/// The elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Elder> {
    let elder =
        tx.one(&format!("select {COLUMNS} from elder where region = $1 and id = $2"), &[&key.region, &key.id], read)?;
    let held = scope.holds(&key.region, &elder.place, elder.organisation, Some(key.id));
    if held { Ok(elder) } else { Err(Error::NotFound) }
}

/// Elders by their ids, in the order of these, whoever asks: for those who hold something of each of them.
pub(super) fn all(tx: &Tx<'_>, region: &str, ids: &Among) -> Result<Vec<Elder>> {
    let sql = format!("select {COLUMNS} from elder where region = $1 and id in ({}) order by id", ids.after(1));
    tx.rows(&sql, &ids.bind(&[&region]), read)
}

/// As [`find`], and also for whoever works in `by`, the institution that serves the elder.
pub fn find_served(tx: &Tx<'_>, scope: &Scope, key: &Key, by: Option<Id>) -> Result<Elder> {
    let serves = by.is_some() && scope.organisation == by;
    let wider = Scope { organisation: if serves { None } else { scope.organisation }, ..scope.clone() };
    find(tx, &wider, key)
}

/// The living elder, or a refusal that says why nothing can be done for this record any more.
pub fn find_living(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Elder> {
    let elder = find(tx, scope, key)?;
    match &*elder.state {
        "living" => Ok(elder),
        "died" => Err(Error::refused("elder_died", "老人已故,不能再办理")),
        "moved" => Err(Error::refused("elder_moved", "老人已迁出本地,请到迁入地办理")),
        _ => Err(Error::refused("elder_merged", "这份档案已合并,请到合并后的档案办理")),
    }
}

/// The same person's records that were merged into this one, directly or through another, and itself: what reading a
/// history has to look at.
pub fn records(tx: &Tx<'_>, key: &Key) -> Result<Vec<Id>> {
    Records::of(tx, key).map(|it| it.ids().to_vec())
}

/// All records of a person, for a statement that asks `elder in (…)`.
#[derive(Clone)]
pub struct Records(Among);

impl Records {
    pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Records> {
        tx.once(&key.region, key.id, || {
            let mut all = vec![key.id];
            let mut next = 0;
            while let Some(id) = all.get(next).copied() {
                next += 1;
                let merged = tx.rows(
                    "select id from elder where region = $1 and merged_into = $2 order by id",
                    &[&key.region, &id],
                    |row| row.get::<Id>(0),
                )?;
                all.extend(merged.into_iter().filter(|it| *it != key.id));
            }
            Ok(Records(Among::of(&all)))
        })
    }
}

impl Deref for Records {
    type Target = Among;

    fn deref(&self) -> &Among {
        &self.0
    }
}

/// Rows about the persons of a lot and about the records merged into theirs, by person; see [`Lot::rows`].
pub fn rows_of<T>(
    tx: &Tx<'_>,
    lot: &Lot<'_>,
    sql: &str,
    mut make: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<HashMap<Id, Vec<T>>> {
    let mut all = lot.rows(tx, sql, &mut make)?;
    let merged = lot.rows(
        tx,
        "select distinct merged_into from elder where region = $1 and merged_into >= $2 and merged_into <= $3",
        |_| Ok(()),
    )?;
    for id in merged.into_keys() {
        let records = Records::of(tx, &Key { region: lot.region.to_string(), id })?;
        for record in records.ids().iter().filter(|it| **it != id) {
            let rows = Lot { ids: std::slice::from_ref(record), ..*lot }.rows(tx, sql, &mut make)?;
            all.entry(id).or_default().extend(rows.into_values().flatten());
        }
    }
    Ok(all)
}

/// Notes that somebody looked at this person, or did something with them.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, elder: &Elder, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "elder",
        subject_id: Some(elder.key.id),
        region: &elder.key.region,
        place: &elder.place,
        detail,
    };
    ask.note(tx, &entry)
}

/// Sex, age and place in one line, for pages of other modules.
pub fn about(ask: &Ask, it: &Elder) -> String {
    let sex = words::title(words::SEXES, &it.sex);
    let place = ask.app.places.tree().words(&it.place);
    ask.f("{sex},{age} 岁 · {place}", &[("sex", &ask.t(sex)), ("age", &it.age_on(ask.today())), ("place", &place)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        let key = Key { region: "510703".into(), id: Id(42) };
        assert_eq!(key.to_string().parse::<Key>().unwrap(), key);
        for bad in ["", "42", "5107-42", "51070x-42", "510703-", "510703-x"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
    }

    #[test]
    fn with_only_a_year_nobody_is_taken_for_older_than_sure() {
        let birth = Birth::parse("1944").unwrap();
        assert_eq!(birth.to_string(), "1944");
        assert_eq!(birth.day.age_on("2024-06-30".parse().unwrap()), 79);
        assert_eq!(Birth::parse("1944-03-12").unwrap().day.age_on("2024-06-30".parse().unwrap()), 80);
        assert_eq!(Birth::parse("44"), None);
    }
}
