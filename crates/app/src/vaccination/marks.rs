//! What vaccination tells the tally: for which stretches somebody counts as vaccinated, and why not.

use kit::{
    App, Result, Said, Tx,
    tally::{self, PERSON, Span, Thing},
};
use rules::{
    base::Date,
    vaccination::{Family, cover},
};

use super::{dose, refusal, words};
use crate::elders::{self, Key};

const MARKS: [(Family, &str, &str); 2] = [
    (Family::Flu, "vaccination.flu", "vaccination.flu.short"),
    (Family::Pneumococcal, "vaccination.pneumococcal", "vaccination.pneumococcal.short"),
];

/// What the facts say of one person.
pub fn facts(tx: &Tx<'_>, app: &App, thing: &Thing<'_>) -> Result<Vec<(&'static str, Vec<Span>)>> {
    if thing.kind != PERSON {
        return Ok(Vec::new());
    }
    let key = Key { region: thing.region.to_string(), id: thing.id };
    let doses: Vec<_> = dose::of(tx, &key)?.into_iter().filter(|it| it.voided.is_none()).collect();
    let refusals = refusal::of(tx, &key)?;
    let mut all = Vec::new();
    for (family, mark, short) in MARKS {
        let mut spans: Vec<(Date, Option<Date>)> = Vec::new();
        let mut why_not = Vec::new();
        // The schedule is read as of each dose, so that yesterday's numbers never depend on today.
        for it in &doses {
            let policy = app.policy_in(&key.region, it.day);
            let Ok(offered) = policy.read(|it| &it.vaccination.vaccines) else { continue };
            let Some(vaccine) = offered.iter().find(|one| one.id == it.vaccine && one.family == family) else {
                continue;
            };
            let days: Vec<Date> =
                doses.iter().filter(|one| one.vaccine == it.vaccine && one.day <= it.day).map(|one| one.day).collect();
            spans.extend(cover(vaccine, &days).into_iter().filter(|one| one.0 == it.day));
        }
        for it in refusals.iter().filter(|it| is_of(app, &key, &it.vaccine, it.day, family)) {
            let said = Said::new("{kind}:{reason}")
                .with("kind", words::title(words::REFUSALS, &it.kind))
                .with("reason", &it.reason);
            why_not.push(Span::new(it.day).until(it.until).note(said.stored()));
        }
        all.push((mark, spans.into_iter().map(|(from, until)| Span::new(from).until(until)).collect()));
        all.push((short, why_not));
    }
    Ok(all)
}

fn is_of(app: &App, key: &Key, vaccine: &str, day: Date, family: Family) -> bool {
    let policy = app.policy_in(&key.region, day);
    let offered = policy.read(|it| &it.vaccination.vaccines);
    offered.is_ok_and(|all| all.iter().any(|it| it.id == vaccine && it.family == family))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let thing = elders::thing(key);
    let said = facts(tx, app, &thing)?;
    tally::set_all(tx, app, &thing, &said)
}
