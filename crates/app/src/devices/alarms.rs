//! Alarms that devices raise themselves.

use kit::{Ask, Id, Result, Tx, clock::stamp};
use readings::{Alarm, Position, Said};
use rules::limits;
use serde_json::json;

use super::{memory::County, series};
use crate::monitoring::{self, Raise, Reason, Subject};

/// The same cry without a time of its own is one within so many milliseconds.
const TWIN_MS: i64 = 60_000;

/// An alarm as a device raised it.
pub struct Raised {
    pub device: Id,
    pub elder: Option<Id>,
    pub alarm: Alarm,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// It came long after it was raised.
    pub late: bool,
    pub position: Option<Position>,
}

/// Whether an alarm was not kept already; it is from now on.
pub fn is_new(tx: &Tx<'_>, region: &str, said: &Said, device: Id) -> Result<bool> {
    // The device's own number tells it apart, whatever the message calls it.
    let twins = readings::twin_key(said, TWIN_MS).map(|it| format!("{device} {it}"));
    let known = tx.count(
        "select count(*) from device_alarm where region = $1 and twin in ($2, $3) and at > $4",
        &[&region, &twins[0], &twins[1], &(said.at - TWIN_MS)],
    )?;
    if known == 0 {
        tx.run(
            "insert into device_alarm (region, twin, device, at) values ($1, $2, $3, $4)
             on conflict (region, twin) do update set at = excluded.at",
            &[&region, &twins[0], &device, &said.at],
        )?;
    }
    Ok(known == 0)
}

/// Opens a case for an alarm, or counts it in the one that is open. What came long after is told as that, and does not run.
pub fn raise(tx: &Tx<'_>, ask: &Ask, county: &County, region: &str, it: &Raised) -> Result<()> {
    let (Some(kind), Some(known)) = (limits::kind_of(it.alarm), county.devices.get(&it.device)) else { return Ok(()) };
    let at = series::timestamp(it.at);
    let said = if it.late { "{device} 补传的报警:{alarm},当时是 {time}" } else { "{device} 报警:{alarm}" };
    let said = kit::Said::new(said)
        .with("device", &known.label)
        .with("alarm", it.alarm.title())
        .with("time", kit::clock::minute(&stamp(at)));
    let because = json!({"device": known.key, "alarm": it.alarm.word(), "late": it.late});
    monitoring::raise(
        tx,
        &ask.app,
        ask.now,
        &Raise {
            region,
            place: &known.place,
            subject: it.elder.map_or(Subject::Home(it.device, &known.label), Subject::Elder),
            kind,
            urgent: !it.late && kind.is_emergency(),
            at,
            device: Some((it.device, &known.label)),
            reason: Reason { said, because },
            position: it.position.map(|it| (i64::from(it.latitude), i64::from(it.longitude))),
        },
    )?;
    Ok(())
}
