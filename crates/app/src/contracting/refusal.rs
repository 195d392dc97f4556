//! Somebody who was asked and did not want to sign.

use std::collections::HashMap;

use kit::{Ask, Error, Id, Result, Tx, db::Row, tally::Lot};
use rules::base::Date;

use super::{marks, words};
use crate::elders::{self, Elder, Key, Report, Tone};

#[derive(Debug, Clone)]
pub struct Refusal {
    pub day: Date,
    pub reason: String,
    pub note: String,
    pub who: String,
}

/// Records that an elder did not want to sign, or not again.
pub fn record(tx: &Tx<'_>, ask: &Ask, elder: &Elder, reason: &str, note: &str, day: Date) -> Result<()> {
    if ask.today() < day {
        return Err(Error::invalid("day", "“日期”不能晚于今天"));
    }
    if words::REFUSALS.iter().all(|it| it.0 != reason) {
        return Err(Error::invalid("reason", "请选择原因"));
    }
    tx.run(
        "insert into contract_refusal (region, elder, id, day, reason, note, who) values ($1, $2, $3, $4, $5, $6, $7)",
        &[&elder.key.region, &elder.key.id, &ask.new_id(), &day.to_string(), &reason, &note, &ask.who.name],
    )?;
    marks::keep(tx, &ask.app, &elder.key)?;
    let report = Report::new("contracting", "拒绝签约:{why}").with("why", words::title(words::REFUSALS, reason));
    elders::report(tx, ask.now, &elder.key, &report.tone(Tone::Warn))?;
    elders::note(tx, ask, "change", elder, "contract refused")
}

/// The refusals of an elder, the newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Refusal>> {
    tx.rows(
        "select day, reason, note, who from contract_refusal where region = $1 and elder = $2 order by day desc, id desc",
        &[&key.region, &key.id],
        read,
    )
}

/// As [`of`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Refusal>>> {
    lot.rows(
        tx,
        "select day, reason, note, who, elder from contract_refusal where region = $1 and elder >= $2 and elder <= $3",
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Refusal> {
    Ok(Refusal { day: row.get(0)?, reason: row.get(1)?, note: row.get(2)?, who: row.get(3)? })
}
