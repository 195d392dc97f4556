//! Applicants of the health action for disabled elders (失能老年人健康服务行动): who applied, and the yearly service that is due.

use kit::{Ask, Error, Id, Result, Tx};
use rules::{
    base::Date,
    home_service::{self, Answer, Applicant, Condition},
};

use super::{no_policy, place};
use crate::elders::{self, Elder, Key, Records, Report};

/// The kind of what is due.
pub const KIND: &str = "orders.yearly";

/// Who applied.
#[derive(Debug, Clone)]
pub struct Applied {
    pub elder: Id,
    pub day: Date,
    pub last: Option<Date>,
}

/// The application of an elder that runs.
pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Option<Applied>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select elder, applied, last_day from home_applicant where region = $1 and ended is null and elder in ({})
          order by applied, id limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), |row| {
        Ok(Applied { elder: row.get(0)?, day: row.get(1)?, last: row.get(2)? })
    })
}

/// Whether an elder may apply.
pub fn may(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Answer> {
    let known = place::known(tx, elder, None)?;
    let disabled = match () {
        () if known.present.contains(&Condition::Disabled) => Some(true.into()),
        () if known.absent.contains(&Condition::Disabled) => Some(false.into()),
        () => None,
    };
    let applicant = Applicant { age: elder.age_on(ask.today()), disabled };
    home_service::may_apply(&applicant, &ask.app.policy_in(&elder.key.region, ask.today())).map_err(no_policy)
}

/// Applies for an elder; who applied already has applied.
pub fn apply(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    if of(tx, &elder.key)?.is_some() {
        return Ok(());
    }
    match may(tx, ask, elder)? {
        Answer::Yes => {}
        Answer::Open => return Err(Error::refused("not_assessed", "还没有失能评估结论,请先申请评估")),
        Answer::No => return Err(Error::refused("not_for_elder", "健康服务行动给65岁及以上的居家失能老人")),
    }
    let today = ask.today().to_string();
    tx.run(
        "insert into home_applicant (region, elder, id, applied, who) values ($1, $2, $3, $4, $5)
         on conflict (region, elder) do update set applied = excluded.applied, who = excluded.who, ended = null",
        &[&elder.key.region, &elder.key.id, &ask.new_id(), &today, &ask.who.name],
    )?;
    due(tx, elder, ask.today(), None)?;
    elders::report(tx, ask.now, &elder.key, &Report::new("orders", "申请失能老年人健康服务"))?;
    elders::note(tx, ask, "change", elder, "applied for the action for disabled elders")
}

/// The yearly service was given.
pub fn served(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<()> {
    let Some(it) = of(tx, &elder.key)? else { return Ok(()) };
    let last = it.last.map_or(day, |last| last.max(day));
    tx.run(
        "update home_applicant set last_day = $3 where region = $1 and elder = $2",
        &[&elder.key.region, &it.elder, &last.to_string()],
    )?;
    due(tx, elder, it.day.max(ask.today().first_of_month()), Some(last))
}

fn due(tx: &Tx<'_>, elder: &Elder, applied: Date, last: Option<Date>) -> Result<()> {
    let link = format!("/orders/new?elder={}", elder.key);
    elders::set_due(tx, elder, KIND, home_service::yearly_by(applied, last), "失能老人年度健康服务", &link)
}

/// Death and moving away end the application.
pub fn end(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<()> {
    tx.run(
        "update home_applicant set ended = $3 where region = $1 and elder = $2 and ended is null",
        &[&key.region, &key.id, &ask.today().to_string()],
    )?;
    elders::clear_due(tx, key, KIND)
}
