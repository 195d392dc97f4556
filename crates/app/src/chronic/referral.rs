//! Referrals: why, where to, and the follow-up that stays a task until its result is known.

use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;

use super::{care, words};
use crate::elders::{self, Elder, Key, Records, Report};

/// One referral.
#[derive(Debug, Clone)]
pub struct Referral {
    pub id: Id,
    pub visit: Id,
    pub day: Date,
    pub urgent: bool,
    pub reason: String,
    pub hospital: String,
    pub follow_until: Date,
    pub closed: Option<Date>,
    pub result: String,
    pub closed_by: String,
}

/// A referral that a visit makes.
pub struct New<'a> {
    pub visit: Id,
    pub day: Date,
    pub urgent: bool,
    pub reason: &'a str,
    pub hospital: &'a str,
    pub follow_until: Date,
}

pub const FIELDS: &[Field] = &[
    field("referral_result", "转诊结果", Kind::Choice(words::REFERRAL_RESULTS)).required(),
    field("closed", "随访日期", Kind::Date),
];

/// All referrals of a person, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Referral>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select id, visit, day, urgent, reason, hospital, follow_until, closed, result, closed_by
           from chronic_referral where region = $1 and elder in ({}) order by day desc, id desc",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), |row| {
        Ok(Referral {
            id: row.get(0)?,
            visit: row.get(1)?,
            day: row.get(2)?,
            urgent: row.get(3)?,
            reason: row.get(4)?,
            hospital: row.get(5)?,
            follow_until: row.get(6)?,
            closed: row.get(7)?,
            result: row.get(8)?,
            closed_by: row.get(9)?,
        })
    })
}

/// Those whose result is not known yet.
pub fn open(tx: &Tx<'_>, key: &Key) -> Result<Vec<Referral>> {
    Ok(of(tx, key)?.into_iter().filter(|it| it.closed.is_none()).collect())
}

pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &New<'_>) -> Result<()> {
    tx.run(
        "insert into chronic_referral (region, id, elder, visit, day, urgent, reason, hospital, follow_until, account, who,
                                       result, closed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '')",
        &[
            &elder.key.region,
            &ask.new_id(),
            &elder.key.id,
            &it.visit,
            &it.day.to_string(),
            &it.urgent,
            &it.reason,
            &it.hospital,
            &it.follow_until.to_string(),
            &ask.who.account,
            &ask.who.name,
        ],
    )?;
    Ok(())
}

/// Writes down what came of one referral.
pub fn close(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let day = checked.date("closed").unwrap_or(ask.today());
    let it = of(tx, &elder.key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.closed.is_some() {
        return Err(Error::refused("followed_already", "这次转诊已经随访"));
    }
    if ask.today() < day || day < it.day {
        return Err(Error::invalid("closed", "“随访日期”应在转诊之后、今天或以前"));
    }
    finish(tx, ask, elder, &it, day, &checked.text("referral_result"))?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"referral followed up": id}).to_string())?;
    care::renew(tx, ask, elder)
}

/// Writes down at a visit what came of the referrals before it.
pub fn close_all(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, result: &str) -> Result<()> {
    for it in open(tx, &elder.key)?.iter().filter(|it| it.day <= day) {
        finish(tx, ask, elder, it, day, result)?;
    }
    Ok(())
}

fn finish(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Referral, day: Date, result: &str) -> Result<()> {
    tx.run(
        "update chronic_referral set closed = $3, result = $4, closed_by = $5 where region = $1 and id = $2",
        &[&elder.key.region, &it.id, &day.to_string(), &result, &ask.who.name],
    )?;
    let report = Report::new("chronic", "转诊后随访:{result}")
        .with("result", words::title(words::REFERRAL_RESULTS, result))
        .link(care::link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)
}
