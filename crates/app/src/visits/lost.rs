//! Events of a phone that will never come: declared lost by the phone that no longer has them, or by a person who manages phones.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Bind};
use serde_json::Value;

use super::{
    event,
    phone::{self, Phone},
};
use crate::{elders::Key, workforce};

/// Numbers that were declared lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub from: i64,
    pub until: i64,
    pub who: String,
    pub reason: String,
    pub at: String,
}

/// So many numbers one declaration may cover.
const MOST: i64 = 100_000;

/// The last number of a declaration that covers this one.
pub fn covering(tx: &Tx<'_>, region: &str, phone: Id, number: i64) -> Result<Option<i64>> {
    let until: Option<Option<i64>> = tx.row(
        "select max(until_number) from visit_lost
          where region = $1 and phone = $2 and from_number <= $3 and $3 <= until_number",
        &[&region, &phone, &number],
        |row| row.get(0),
    )?;
    Ok(until.flatten())
}

/// What was declared lost of a phone, the oldest numbers first.
pub fn of_phone(tx: &Tx<'_>, phone: &Key) -> Result<Vec<Lost>> {
    tx.rows(
        "select from_number, until_number, who, reason, at from visit_lost where region = $1 and phone = $2
          order by from_number, until_number limit 100",
        &[&phone.region, &phone.id],
        |row| {
            Ok(Lost { from: row.get(0)?, until: row.get(1)?, who: row.get(2)?, reason: row.get(3)?, at: row.get(4)? })
        },
    )
}

/// The first numbers of a phone that are missing though later ones came.
pub fn gap(tx: &Tx<'_>, phone: &Phone) -> Result<Option<(i64, i64)>> {
    let (region, id) = (&phone.key.region, phone.key.id);
    let known = event::known_of(tx, region, id, phone.knows)?;
    let next = event::numbers_after(tx, region, id, known)?.first().copied();
    Ok(next.map(|next| (known + 1, next - 1)))
}

/// The numbers declared lost within or beside these spans of phones, as `6–50、80`; those that came all the same are not lost.
pub fn beside<'a>(
    tx: &Tx<'_>,
    region: &str,
    spans: impl IntoIterator<Item = (&'a Id, &'a (i64, i64))>,
) -> Result<String> {
    let mut all = Vec::new();
    for (phone, (least, most)) in spans {
        let values: [&dyn Bind; 4] = [&region, phone, &(least - 1), &(most + 1)];
        let near: Vec<(i64, i64)> = tx.rows(
            "select from_number, until_number from visit_lost
              where region = $1 and phone = $2 and until_number >= $3 and from_number <= $4 order by from_number limit 20",
            &values,
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (from, until) in near {
            if here(tx, region, *phone, from, until)? <= until - from {
                all.push(if from == until { from.to_string() } else { format!("{from}–{until}") });
            }
        }
    }
    Ok(all.join("、"))
}

/// How many events of these numbers are here.
fn here(tx: &Tx<'_>, region: &str, phone: Id, from: i64, until: i64) -> Result<i64> {
    tx.count(
        "select count(*) from visit_event where region = $1 and phone = $2 and number >= $3 and number <= $4",
        &[&region, &phone, &from, &until],
    )
}

/// What a phone says in an event of kind `lost`; gives the visits to be judged anew.
///
/// # Errors
/// `Invalid` for numbers that cannot be, `Refused` where all of them are here.
pub fn told(tx: &Tx<'_>, ask: &Ask, phone: &Phone, number: i64, body: &Value) -> Result<Vec<Id>> {
    let (from, until) = (body["from"].as_i64().unwrap_or(0), body["until"].as_i64().unwrap_or(0));
    if number <= until {
        return Err(Error::invalid("until", "只能声明在这条记录之前的记录丢失"));
    }
    let staff = workforce::staff_by_key(tx, &Key { region: phone.key.region.clone(), id: phone.staff })?;
    declare(tx, ask, phone, (from, until), &staff.name, body["reason"].as_str().unwrap_or_default())
}

/// Declares events lost; gives the visits to which some may have belonged.
///
/// # Errors
/// `Invalid` for numbers that cannot be, `Refused` where all of them are here.
pub fn declare(
    tx: &Tx<'_>,
    ask: &Ask,
    phone: &Phone,
    (from, until): (i64, i64),
    who: &str,
    reason: &str,
) -> Result<Vec<Id>> {
    let (region, id) = (&phone.key.region, phone.key.id);
    if from < 1 || until < from || MOST < until - from {
        return Err(Error::invalid("from", "丢失记录的序号不对"));
    }
    if here(tx, region, id, from, until)? == until - from + 1 {
        let said = Said::new("第 {from} 到 {until} 条记录都在,没有丢失").with("from", from).with("until", until);
        return Err(Error::refused("not_lost", said));
    }
    let reason: String = reason.trim().chars().take(200).collect();
    tx.run(
        "insert into visit_lost (region, phone, from_number, until_number, who, reason, at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        &[region, &id, &from, &until, &who, &reason, &stamp(ask.now)],
    )?;
    tx.run(
        "update visit_event set chain = 'lost' where region = $1 and phone = $2 and number = $3 and chain = 'waiting'",
        &[region, &id, &(until + 1)],
    )?;
    phone::note(tx, ask, &phone.key, "lost")?;
    // Those whose events lie on both sides of the gap, or right beside it.
    tx.rows(
        "select visit from visit_event where region = $1 and phone = $2 and visit is not null
          group by visit having min(number) <= $4 and max(number) >= $3 order by visit limit 1000",
        &[region, &id, &(from - 1), &(until + 1)],
        |row| row.get(0),
    )
}
