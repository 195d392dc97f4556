//! First assessments face to face: who saw an elder before services at home, and until when that holds.

use kit::{Ask, Result, Tx};
use rules::{base::Date, home_service};

use super::no_policy;
use crate::elders::{self, Elder, Key, Records, Report};

/// One assessment.
#[derive(Debug, Clone)]
pub struct Seen {
    pub day: Date,
    pub who: String,
    pub note: String,
}

/// The last assessment of an elder.
pub fn last(tx: &Tx<'_>, elder: &Key) -> Result<Option<Seen>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select day, who, note from home_assessed where region = $1 and elder in ({}) order by day desc, id desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), |row| {
        Ok(Seen { day: row.get(0)?, who: row.get(1)?, note: row.get(2)? })
    })
}

/// Until when the last assessment holds; nothing where there is none.
pub fn until(tx: &Tx<'_>, ask: &Ask, elder: &Key) -> Result<Option<Date>> {
    let Some(seen) = last(tx, elder)? else { return Ok(None) };
    let policy = ask.app.policy_in(&elder.region, seen.day);
    home_service::assessment_until(seen.day, &policy).map(Some).map_err(no_policy)
}

/// Writes down that an elder was assessed today.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, note: &str) -> Result<()> {
    tx.run(
        "insert into home_assessed (region, elder, id, day, who, note) values ($1, $2, $3, $4, $5, $6)",
        &[&elder.key.region, &elder.key.id, &ask.new_id(), &ask.today().to_string(), &ask.who.name, &note],
    )?;
    elders::report(tx, ask.now, &elder.key, &Report::new("orders", "上门服务首次评估"))?;
    elders::note(tx, ask, "change", elder, "assessed for services at home")
}
