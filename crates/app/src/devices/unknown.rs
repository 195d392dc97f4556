//! Messages that nobody understood, or whose device nobody knows: kept as they came, looked at, taken again or let be.

use std::sync::Arc;

use jiff::Timestamp;
use kit::{Ask, Error, Id, Result, Said, Tx, audit::Entry, clock::stamp, db::Row};
use mqtt::Bytes;

use super::{
    device,
    ear::Caller,
    keep::{self, Arrived, Fate},
    series::{stored, timestamp},
};
use crate::elders::Key;

/// Such a message.
#[derive(Debug, Clone)]
pub struct Message {
    pub key: Key,
    pub device: Option<Id>,
    /// `mqtt` or `program`: by which way.
    pub source: String,
    pub topic: String,
    pub payload: Vec<u8>,
    pub received: String,
    pub state: String,
    /// As [`Said::stored`] keeps it.
    pub why: String,
    pub times: i64,
    pub who: String,
    pub settled: Option<String>,
}

const COLUMNS: &str = "region, id, device, source, topic, payload, received, state, why, times, who, settled";

fn read(row: &Row<'_>) -> Result<Message> {
    Ok(Message {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        device: row.get(2)?,
        source: row.get(3)?,
        topic: row.get(4)?,
        payload: row.get(5)?,
        received: row.get(6)?,
        state: row.get(7)?,
        why: row.get(8)?,
        times: row.get(9)?,
        who: row.get(10)?,
        settled: row.get(11)?,
    })
}

pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Message> {
    let it = tx.one(
        &format!("select {COLUMNS} from device_message where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )?;
    if ask.who.scope.holds(&it.key.region, &it.key.region, None, None) { Ok(it) } else { Err(Error::NotFound) }
}

/// Keeps a message; the same once more is counted where it waits.
pub fn put(tx: &Tx<'_>, it: &Arrived, device: Option<&Key>, why: &Said) -> Result<()> {
    let (region, source) = match &*it.from {
        Caller::Device { key, .. } => (key.region.clone(), "device"),
        Caller::For(counties) => {
            let first = counties.first().cloned().unwrap_or_default();
            (device.map_or(first, |it| it.region.clone()), "broker")
        }
    };
    let device = device.map(|it| it.id).or(match &*it.from {
        Caller::Device { key, .. } => Some(key.id),
        Caller::For(_) => None,
    });
    let print = kit::digest::of([&**it.topic.as_bytes(), &it.payload].concat());
    let known = tx.run(
        "update device_message set times = times + 1 where region = $1 and print = $2 and state = 'waiting'",
        &[&region, &print],
    )?;
    if known == 0 {
        tx.run(
            "insert into device_message (region, id, device, source, topic, payload, received, state, why, times, print, who)
             values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, 1, $9, '')",
            &[&region, &Id::new(timestamp(it.at)), &device, &source, &&*it.topic, &it.payload.to_vec(), &stored(it.at), &why.stored(), &print],
        )?;
    }
    Ok(())
}

/// Takes a message again, as after a device was registered or an adapter added.
///
/// # Errors
/// `Refused` with what still stands in the way.
pub fn replay(tx: &Tx<'_>, ask: &Ask, it: &Message) -> Result<()> {
    waits(it)?;
    let at = it.received.parse::<Timestamp>().map_err(Error::internal)?.as_millisecond();
    let from = match (it.device, &*it.source) {
        (Some(id), "device") => {
            let key = Key { region: it.key.region.clone(), id };
            Caller::Device { serial: device::by_key(tx, &key)?.serial, key }
        }
        _ => Caller::For(Arc::from([it.key.region.clone()])),
    };
    let arrived =
        Arrived { from: Arc::new(from), topic: it.topic.as_str().into(), payload: Bytes::from(it.payload.clone()), at };
    match keep::again(tx, &ask.app, &arrived)? {
        Fate::Taken { .. } => settle(tx, ask, it, "replayed"),
        Fate::Aside { why, .. } => Err(Error::refused("still_unknown", why)),
    }
}

/// Lets a message be.
pub fn drop(tx: &Tx<'_>, ask: &Ask, it: &Message) -> Result<()> {
    waits(it)?;
    settle(tx, ask, it, "dropped")
}

fn waits(it: &Message) -> Result<()> {
    if it.state == "waiting" { Ok(()) } else { Err(Error::refused("message_settled", "这条消息已经处理过")) }
}

fn settle(tx: &Tx<'_>, ask: &Ask, it: &Message, state: &'static str) -> Result<()> {
    tx.run(
        "update device_message set state = $3, who = $4, settled = $5 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &state, &ask.who.name, &stamp(ask.now)],
    )?;
    let (region, place) = (&*it.key.region, &*it.key.region);
    ask.note(
        tx,
        &Entry {
            action: "change",
            subject: "device_message",
            subject_id: Some(it.key.id),
            region,
            place,
            detail: state,
        },
    )
}

/// Messages that one press takes again, at most.
const MOST_ALIKE: i64 = 1_000;

/// How many still wait with the same reason, as far as one press takes them.
pub fn count_alike(tx: &Tx<'_>, it: &Message) -> Result<i64> {
    let from = "from device_message where region = $1 and state = 'waiting' and why = $2";
    tx.count_to(MOST_ALIKE - 1, from, &[&it.key.region, &it.why])
}

/// Those that still wait with the same reason.
pub fn alike(tx: &Tx<'_>, it: &Message) -> Result<Vec<Message>> {
    let sql = format!(
        "select {COLUMNS} from device_message where region = $1 and state = 'waiting' and why = $2 order by id limit {MOST_ALIKE}"
    );
    tx.rows(&sql, &[&it.key.region, &it.why], read)
}
