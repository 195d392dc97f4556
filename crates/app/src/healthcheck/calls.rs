//! Invitations: who was called, what came of it, and for which day.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp};
use rules::base::Date;
use serde_json::json;

use super::words;
use crate::elders::{self, Elder, Key, Report};

/// One call as it is kept.
#[derive(Debug, Clone)]
pub struct Call {
    pub at: String,
    pub result: String,
    pub planned_day: Option<String>,
    pub note: String,
    pub who: String,
    pub closed: bool,
}

/// The calls of an elder, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Call>> {
    tx.rows(
        "select at, result, planned_day, note, who, closed from healthcheck_call
          where region = $1 and elder = $2 order by id desc limit 50",
        &[&key.region, &key.id],
        |row| {
            Ok(Call {
                at: row.get(0)?,
                result: row.get(1)?,
                planned_day: row.get(2)?,
                note: row.get(3)?,
                who: row.get(4)?,
                closed: row.get(5)?,
            })
        },
    )
}

/// Notes what came of a call.
///
/// # Errors
/// `Invalid` where somebody agreed and no day, or a past one, is given.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, result: &str, planned: Option<Date>, note: &str) -> Result<()> {
    match (result, planned) {
        ("agreed", None) => return Err(Error::invalid("planned_day", "约好了的请填约定日期")),
        ("agreed", Some(day)) if day < ask.today() => {
            return Err(Error::invalid("planned_day", "约定日期不能早于今天"));
        }
        _ => {}
    }
    let planned = planned.filter(|_| result == "agreed");
    tx.run(
        "insert into healthcheck_call (region, elder, id, at, result, planned_day, note, account, who, closed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false)",
        &[
            &elder.key.region,
            &elder.key.id,
            &Id::new(ask.now),
            &stamp(ask.now),
            &result,
            &planned.map(|it| it.to_string()),
            &note,
            &ask.who.account,
            &ask.who.name,
        ],
    )?;
    let title = words::title(words::CALL_RESULTS, result);
    let report = Report::new("healthcheck", "体检邀约:{result} {day}")
        .with("result", title)
        .with("day", planned.map(|it| it.to_string()).unwrap_or_default());
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"call": result}).to_string())
}

/// The calls have served their purpose: the check is done, or the elder is gone.
pub fn close(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.run(
        "update healthcheck_call set closed = true where region = $1 and elder = $2 and not closed",
        &[&key.region, &key.id],
    )?;
    Ok(())
}
