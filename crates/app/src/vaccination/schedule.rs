//! What the policy of a county offers, and what is next for a person.

use kit::{Ask, Error, Result, Tx};
use rules::{
    base::Date,
    policy::InForce,
    vaccination::{Doses, Plan, Vaccine, plan, vaccine},
};

use super::dose::{self, Dose};
use crate::elders::{Elder, Key};

/// The policy of a county on a day.
pub fn policy<'a>(ask: &'a Ask, region: &str, day: Date) -> InForce<'a> {
    ask.app.policy_in(region, day)
}

/// Every vaccine offered in a county; none where no policy is in force.
pub fn offered<'a>(ask: &'a Ask, region: &str) -> &'a [Vaccine] {
    policy(ask, region, ask.today()).read(|it| &it.vaccination.vaccines).map_or(&[], |it| it)
}

/// A vaccine by its id.
///
/// # Errors
/// `Invalid` where the county does not offer it.
pub fn needed<'a>(ask: &'a Ask, region: &str, id: &str, day: Date) -> Result<&'a Vaccine> {
    let policy = policy(ask, region, day);
    let found = crate::assessment::needed(vaccine(id, &policy))?;
    found.ok_or_else(|| Error::invalid("vaccine", kit::Said::new("本地没有“{value}”这种疫苗").with("value", id)))
}

/// The name of a vaccine in the reader's language; those no longer offered go by their id.
pub fn name(ask: &Ask, region: &str, id: &str) -> String {
    let known = offered(ask, region).iter().find(|it| it.id == id);
    known.map_or(id.to_string(), |it| ask.either(&it.name, &it.name_en).to_string())
}

/// What is next for a person and a vaccine.
pub fn next(tx: &Tx<'_>, ask: &Ask, elder: &Elder, vaccine: &Vaccine) -> Result<Plan> {
    Ok(plan_of(ask, &elder.key.region, elder.birth.day, vaccine, &dose::of(tx, &elder.key)?))
}

/// As [`next`], for whoever has read all doses of the person.
pub fn plan_of(ask: &Ask, region: &str, born: Date, vaccine: &Vaccine, doses: &[Dose]) -> Plan {
    let given = Doses { vaccine: vaccine.id.clone(), born, days: days_of(doses, &vaccine.id) };
    plan(vaccine, &given, &policy(ask, region, ask.today()))
}

/// The days of all doses of a vaccine that count.
pub fn days(tx: &Tx<'_>, key: &Key, vaccine: &str) -> Result<Vec<Date>> {
    Ok(days_of(&dose::of(tx, key)?, vaccine))
}

fn days_of(doses: &[Dose], vaccine: &str) -> Vec<Date> {
    doses.iter().filter(|it| it.vaccine == vaccine && it.voided.is_none()).map(|it| it.day).collect()
}
