//! What was done of what is due, and which of it a visit is planned for.

use kit::{Ask, Result, Tx, clock::stamp};
use rules::base::Date;

use super::record::Plan;
use crate::elders::Key;

/// Something that was done.
#[derive(Debug, Clone)]
pub struct Given {
    /// What of a due stays the same from one time to the next, such as `line:12`.
    pub due: String,
    pub day: Date,
    pub who: String,
}

/// A due for which a visit is planned.
#[derive(Debug, Clone)]
pub struct Planned {
    pub due: String,
    pub day: Date,
    pub visit: String,
    pub who: String,
}

/// The part of a due's id that stays the same.
pub fn stem(due: &str) -> &str {
    due.split('@').next().unwrap_or(due)
}

/// What was done since a day, the newest first.
pub fn since(tx: &Tx<'_>, plan: &Key, day: Date) -> Result<Vec<Given>> {
    tx.rows(
        "select due, day, who from care_plan_given where region = $1 and plan = $2 and day >= $3 order by day desc, due limit 2000",
        &[&plan.region, &plan.id, &day.to_string()],
        |row| Ok(Given { due: row.get(0)?, day: row.get(1)?, who: row.get(2)? }),
    )
}

/// What visits are planned for.
pub fn planned(tx: &Tx<'_>, plan: &Key) -> Result<Vec<Planned>> {
    tx.rows(
        "select due, day, visit, who from care_plan_planned where region = $1 and plan = $2 order by day, due",
        &[&plan.region, &plan.id],
        |row| Ok(Planned { due: row.get(0)?, day: row.get(1)?, visit: row.get(2)?, who: row.get(3)? }),
    )
}

/// Says that a visit is planned for something due.
pub fn plan_visit(tx: &Tx<'_>, ask: &Ask, plan: &Plan, due: &str, day: Date, visit: &str) -> Result<()> {
    tx.run(
        "insert into care_plan_planned (region, plan, due, day, visit, who, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, plan, due) do update set day = excluded.day, visit = excluded.visit, who = excluded.who, at = excluded.at",
        &[&plan.key.region, &plan.key.id, &due, &day.to_string(), &visit, &ask.who.name, &stamp(ask.now)],
    )?;
    Ok(())
}

/// A visit that did something due; told twice it counts once. Of a contract the visit itself tells.
pub fn done(tx: &Tx<'_>, plan: &Plan, due: &str, visit: &str, day: Date, who: &str) -> Result<()> {
    let stem = stem(due);
    tx.run(
        "insert into care_plan_given (region, plan, source, due, day, who) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, plan, source, due) do update set day = excluded.day, who = excluded.who",
        &[&plan.key.region, &plan.key.id, &visit, &stem, &day.to_string(), &who],
    )?;
    tx.run(
        "delete from care_plan_planned where region = $1 and plan = $2 and due = $3",
        &[&plan.key.region, &plan.key.id, &due],
    )?;
    Ok(())
}

/// A visit that did not happen as was said.
pub fn undone(tx: &Tx<'_>, plan: &Plan, due: &str, visit: &str) -> Result<()> {
    let stem = stem(due);
    tx.run(
        "delete from care_plan_given where region = $1 and plan = $2 and source = $3 and due = $4",
        &[&plan.key.region, &plan.key.id, &visit, &stem],
    )?;
    Ok(())
}
