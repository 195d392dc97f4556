//! Events as they came from a phone, word for word, and what was made of each.

use kit::{Ask, Id, Result, Tx, clock::stamp, db::Row};
use serde_json::Value;

use super::lost;
use crate::elders::Key;

pub const BODY_COLUMN: &str = "visit_event.body";
/// Events that a page or another vendor's system told bear this in place of a phone's number.
pub const NO_PHONE: Id = Id(0);

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    pub phone: Id,
    pub number: i64,
    pub kind: String,
    /// By the phone's clock.
    pub at: String,
    pub received: String,
    /// Seconds by which the phone's clock was ahead when it sent this.
    pub ahead: i64,
    pub body: Value,
    pub hash: String,
    /// `whole`, `waiting`, `lost` (the one before was declared lost) or `broken`; `none` without a phone.
    pub chain: String,
    /// `received`, `aside`, or `seen` once a person looked at it.
    pub state: String,
}

/// What a new event brings besides.
#[derive(Debug, Clone)]
pub struct New<'a> {
    pub id: &'a str,
    pub visit: Option<Id>,
    pub phone: Id,
    pub number: i64,
    pub kind: &'a str,
    pub named: &'a str,
    pub at: &'a str,
    pub ahead: i64,
    pub body: &'a str,
    pub previous: &'a str,
    pub hash: &'a str,
    pub signature: &'a str,
    pub chain: &'a str,
    /// Why it was set aside; empty where it was not.
    pub reason: &'a str,
}

const COLUMNS: &str = "phone, number, kind, at, received, ahead, body, hash, chain, state";

fn read(ask: &Ask, row: &Row<'_>) -> Result<Event> {
    let sealed: Vec<u8> = row.get(6)?;
    let body = ask.app.crypt.open_sealed(BODY_COLUMN, &sealed).map_err(kit::Error::internal)?;
    Ok(Event {
        phone: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        at: row.get(3)?,
        received: row.get(4)?,
        ahead: row.get(5)?,
        // One that is no JSON was set aside with its text.
        body: serde_json::from_str(&body).unwrap_or(Value::String(body)),
        hash: row.get(7)?,
        chain: row.get(8)?,
        state: row.get(9)?,
    })
}

/// Keeps an event; gives whether it is new.
pub fn put(tx: &Tx<'_>, ask: &Ask, region: &str, it: &New<'_>) -> Result<bool> {
    let state = if it.reason.is_empty() { "received" } else { "aside" };
    let written = tx.run(
        "insert into visit_event (region, id, visit, phone, number, kind, named, at, received, ahead, body, previous, hash,
                                  signature, chain, state, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict do nothing",
        &[
            &region,
            &it.id,
            &it.visit,
            &it.phone,
            &it.number,
            &it.kind,
            &it.named,
            &it.at,
            &stamp(ask.now),
            &it.ahead,
            &ask.app.crypt.seal(BODY_COLUMN, it.body),
            &it.previous,
            &it.hash,
            &it.signature,
            &it.chain,
            &state,
            &it.reason,
        ],
    )?;
    Ok(0 < written)
}

/// The events of a visit that could be read, in the order in which they happened.
pub fn of_visit(tx: &Tx<'_>, ask: &Ask, visit: &Key) -> Result<Vec<Event>> {
    let sql = format!(
        "select {COLUMNS} from visit_event where region = $1 and visit = $2 order by phone, number, id limit 2000"
    );
    tx.rows(&sql, &[&visit.region, &visit.id], |row| read(ask, row))
}

/// One event by the phone's own id.
pub fn by_id(tx: &Tx<'_>, ask: &Ask, region: &str, id: &str) -> Result<Option<Event>> {
    let sql = format!("select {COLUMNS} from visit_event where region = $1 and id = $2");
    tx.row(&sql, &[&region, &id], |row| read(ask, row))
}

/// The hash of a phone's event by its number, where it came already.
pub fn hash_of(tx: &Tx<'_>, region: &str, phone: Id, number: i64) -> Result<Option<String>> {
    tx.row(
        "select hash from visit_event where region = $1 and phone = $2 and number = $3",
        &[&region, &phone, &number],
        |row| row.get(0),
    )
}

/// The highest number up to which every event of a phone is here or was declared lost, where it was `known` before.
pub fn known_of(tx: &Tx<'_>, region: &str, phone: Id, known: i64) -> Result<i64> {
    let mut known = known;
    loop {
        let after = numbers_after(tx, region, phone, known)?;
        known += after.iter().zip(known + 1..).take_while(|(here, next)| **here == *next).count() as i64;
        match lost::covering(tx, region, phone, known + 1)? {
            Some(until) => known = until,
            None => return Ok(known),
        }
    }
}

/// The numbers of a phone's events above one, in order.
pub fn numbers_after(tx: &Tx<'_>, region: &str, phone: Id, known: i64) -> Result<Vec<i64>> {
    tx.rows(
        "select number from visit_event where region = $1 and phone = $2 and number > $3 order by number limit 1000",
        &[&region, &phone, &known],
        |row| row.get(0),
    )
}

/// Number and hash of the last event of a phone; 0 where none came.
pub fn last_of(tx: &Tx<'_>, region: &str, phone: Id) -> Result<(i64, String)> {
    let last = tx.row(
        "select number, hash from visit_event where region = $1 and phone = $2 order by number desc limit 1",
        &[&region, &phone],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(last.unwrap_or_default())
}

/// What the events after a gap waited for has come: their chain is judged now.
pub fn chain_on(tx: &Tx<'_>, region: &str, phone: Id, number: i64, hash: &str) -> Result<()> {
    tx.run(
        "update visit_event set chain = case when previous = $4 then 'whole' else 'broken' end
          where region = $1 and phone = $2 and number = $3 and chain in ('waiting', 'lost')",
        &[&region, &phone, &(number + 1), &hash],
    )?;
    Ok(())
}

/// The event that began a visit which nobody planned.
pub fn unplanned(tx: &Tx<'_>, visit: &Key) -> Result<Option<String>> {
    tx.row(
        "select id from visit_event where region = $1 and visit = $2 and kind = 'unplanned' order by number limit 1",
        &[&visit.region, &visit.id],
        |row| row.get(0),
    )
}

/// Which visit an event belongs to, once that is known.
pub fn assign(tx: &Tx<'_>, region: &str, id: &str, visit: Id) -> Result<()> {
    tx.run("update visit_event set visit = $3 where region = $1 and id = $2", &[&region, &id, &visit])?;
    Ok(())
}

/// Events that came before the one which began their visit.
pub fn waiting_for(tx: &Tx<'_>, region: &str, named: &str) -> Result<Vec<String>> {
    tx.rows(
        "select id from visit_event where region = $1 and named = $2 and visit is null order by number limit 500",
        &[&region, &named],
        |row| row.get(0),
    )
}

/// What was set aside is of use now, or a person has looked at it.
pub fn settle(tx: &Tx<'_>, region: &str, id: &str, reason: &str) -> Result<()> {
    tx.run(
        "update visit_event set state = 'received', reason = $3 where region = $1 and id = $2 and state = 'aside'",
        &[&region, &id, &reason],
    )?;
    Ok(())
}

/// What was set aside in a county and nobody has looked at: (id, kind, whose, received, why); of staff the reader may see.
pub fn aside(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<Vec<(String, String, String, String, String)>> {
    let rows = tx.rows(
        "select e.id, e.kind, p.staff, e.received, e.reason from visit_event e
           join visit_phone p on p.region = e.region and p.id = e.phone
          where e.region = $1 and e.state = 'aside' order by e.received, e.id limit 200",
        &[&region],
        |row| {
            Ok((
                row.get::<String>(0)?,
                row.get::<String>(1)?,
                row.get::<Id>(2)?,
                row.get::<String>(3)?,
                row.get::<String>(4)?,
            ))
        },
    )?;
    let mut all = Vec::new();
    for (id, kind, staff, received, reason) in rows {
        let staff = crate::workforce::staff_by_key(tx, &Key { region: region.to_string(), id: staff })?;
        if ask.who.scope.holds(region, &staff.place, staff.organisation, None) {
            all.push((id, kind, staff.name, received, reason));
        }
    }
    Ok(all)
}

/// Somebody looked at what was set aside.
pub fn seen(tx: &Tx<'_>, region: &str, id: &str) -> Result<()> {
    tx.run("update visit_event set state = 'seen' where region = $1 and id = $2 and state = 'aside'", &[&region, &id])?;
    Ok(())
}
