//! What a recipient's plan of care promises, told to the care plan that joins all programmes.

use kit::{App, Ask, Result, Tx};
use rules::{
    base::Date,
    care_plan::{Payer, Profession},
    ltci::{Qualification, Service, plan::Every},
    rounds::Period,
};

use super::{plan, step};
use crate::{
    careplan::{self, Promised},
    elders::{self, Key},
};

/// Who is told.
const SOURCE: &str = "ltci";

/// Tells what the plan promises as of a day: its services while a benefit runs, nothing without one.
pub fn tell(tx: &Tx<'_>, app: &App, key: &Key, today: Date) -> Result<()> {
    let plans = plan::of_elder(tx, key)?;
    // One that begins later is promised already where none runs.
    let now = plans.iter().find(|it| it.from <= today).or(plans.last());
    let Some(plan) = now else { return careplan::promise(tx, key, SOURCE, &[]) };
    // Care may still be paid for on the day of a death; nobody owes it any more.
    let is_living = elders::find(tx, &Ask::system(app, &key.region).who.scope, key)?.is_living();
    let runs = is_living && step::on(tx, key, plan.from.max(today))?.is_some_and(|it| it.grade.is_some());
    if !runs {
        return careplan::promise(tx, key, SOURCE, &[]);
    }
    let policy = app.policy_in(&key.region, today);
    let services: &[Service] = policy.read(|it| &it.ltci.services).map_or(&[], |it| it);
    let promised: Vec<Promised> = plan
        .items
        .iter()
        .map(|it| {
            let known = services.iter().find(|one| one.id == it.service);
            Promised {
                service: it.service.clone(),
                title: known.map_or(it.service.clone(), |one| one.name.clone()),
                title_en: known.map_or(String::new(), |one| one.name_en.clone()),
                times: i64::from(it.times),
                every: if it.every == Every::Month { Period::Month } else { Period::Week },
                by: known.map_or(vec![Profession::Carer], by),
                payer: Payer::Ltci,
                minutes: i64::from(it.minutes),
                from: plan.from,
                next_by: None,
                link: format!("/ltci/benefits/{key}/plan"),
                source: SOURCE.to_string(),
            }
        })
        .collect();
    careplan::promise(tx, key, SOURCE, &promised)
}

/// Who may do a service.
fn by(it: &Service) -> Vec<Profession> {
    let (nurse, others) =
        (it.needs.contains(&Qualification::Nurse), it.needs.iter().any(|one| *one != Qualification::Nurse));
    match (nurse, others || it.needs.is_empty()) {
        (true, true) => vec![Profession::Carer, Profession::Nurse],
        (true, false) => vec![Profession::Nurse],
        (false, _) => vec![Profession::Carer],
    }
}
