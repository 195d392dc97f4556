//! Yearly health checks that count for management by the norm: where they are not done in this system, written down by hand.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Tx,
    db::Put,
    form::{self, Field, Input, Kind, Options, field},
    tally::Lot,
};
use rules::base::Date;

use super::care;
use crate::elders::{self, Elder, Key, Records, Report};

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    pub day: Date,
    pub place: String,
}

pub const FIELDS: &[Field] = &[
    field("day", "检查日期", Kind::Date).required(),
    field("place", "检查机构", Kind::Text(60)).help("在本系统做的年度体检自动计入。"),
];

/// The days of checks of a person, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Check>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select day, place from chronic_check where region = $1 and elder in ({}) order by day desc",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), |row| Ok(Check { day: row.get(0)?, place: row.get(1)? }))
}

/// The days of checks of each person of a lot, in no order.
pub fn days_of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Date>>> {
    let sql = "select day, elder from chronic_check where region = $1 and elder >= $2 and elder <= $3";
    elders::rows_of(tx, lot, sql, |row| row.get(0))
}

/// Writes down a check that a form says.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day || day < elder.birth.day {
        return Err(Error::invalid("day", "“检查日期”应在今天或以前"));
    }
    put(tx, ask, elder, day, &checked.text("place"))?;
    let report = Report::new("chronic", "年度健康检查 {day}").with("day", day).link(care::link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"yearly check": day}).to_string())?;
    care::renew(tx, ask, elder)
}

/// A check on a day counts once, whoever says so.
pub fn put(to: &impl Put, ask: &Ask, elder: &Elder, day: Date, place: &str) -> Result<()> {
    to.put(
        "insert into chronic_check (region, elder, day, place, account, who) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, elder, day) do nothing",
        &[&elder.key.region, &elder.key.id, &day.to_string(), &place, &ask.who.account, &ask.who.name],
    )
}
