//! What vaccination tells the tally: for which stretches somebody counts as vaccinated, and why not.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Count, Facts, Lot, Marks, PERSON, Span},
};
use rules::{
    base::Date,
    vaccination::{Family, cover},
};

use super::{
    dose::{self, Dose},
    invitation,
    refusal::{self, Refused},
    words,
};
use crate::elders::{self, Key};

/// Invited for so many vaccines that are free and not given yet.
const INVITED: &str = "vaccination.invited";
pub const TO_VACCINATE: Count = Count::new(PERSON, &[INVITED]);

const MARKS: [(Family, &str, &str); 2] = [
    (Family::Flu, "vaccination.flu", "vaccination.flu.short"),
    (Family::Pneumococcal, "vaccination.pneumococcal", "vaccination.pneumococcal.short"),
];

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let (mut doses, mut refusals) = (dose::of_lot(tx, lot)?, refusal::of_lot(tx, lot)?);
    let invitations = invitation::of_lot(tx, lot)?;
    lot.each(|it| {
        let (doses, refusals) = (doses.remove(&it.id).unwrap_or_default(), refusals.remove(&it.id).unwrap_or_default());
        let mut said = spans(app, lot.region, &doses, &refusals);
        said.push(invited(invitations.get(&it.id).into_iter().flatten().map(|it| (it.0, &*it.1))));
        Ok(said)
    })
}

/// What all doses and refusals of a person say, the newest first.
fn spans(app: &App, region: &str, doses: &[Dose], refusals: &[Refused]) -> Marks {
    let doses: Vec<&Dose> = doses.iter().filter(|it| it.voided.is_none()).collect();
    let mut all = Vec::new();
    for (family, mark, short) in MARKS {
        let mut spans: Vec<(Date, Option<Date>)> = Vec::new();
        let mut why_not = Vec::new();
        // The schedule is read as of each dose, so that yesterday's numbers never depend on today.
        for it in &doses {
            let policy = app.policy_in(region, it.day);
            let Ok(offered) = policy.read(|it| &it.vaccination.vaccines) else { continue };
            let Some(vaccine) = offered.iter().find(|one| one.id == it.vaccine && one.family == family) else {
                continue;
            };
            let days: Vec<Date> =
                doses.iter().filter(|one| one.vaccine == it.vaccine && one.day <= it.day).map(|one| one.day).collect();
            spans.extend(cover(vaccine, &days).into_iter().filter(|one| one.0 == it.day));
        }
        for it in refusals.iter().filter(|it| is_of(app, region, &it.vaccine, it.day, family)) {
            let said = Said::new("{kind}:{reason}")
                .with("kind", words::title(words::REFUSALS, &it.kind))
                .with("reason", &it.reason);
            why_not.push(Span::new(it.day).until(it.until).note(said.stored()));
        }
        all.push((mark, spans.into_iter().map(|(from, until)| Span::new(from).until(until)).collect()));
        all.push((short, why_not));
    }
    all
}

/// From the day of each invitation (day, state) on one more, unless nothing is to be given.
pub fn invited<'a>(all: impl Iterator<Item = (Date, &'a str)>) -> (&'static str, Vec<Span>) {
    let mut days: Vec<Date> = all.filter(|it| !DONE.contains(&it.1)).map(|it| it.0).collect();
    days.sort();
    let spans = days
        .iter()
        .enumerate()
        .map(|(nth, day)| Span::new(*day).until(days.get(nth + 1).copied()).amount(nth as i64 + 1));
    (INVITED, spans.collect())
}

/// The states of an invitation that asks for nothing.
const DONE: [&str; 2] = ["forbidden", invitation::COMPLETE];

fn is_of(app: &App, region: &str, vaccine: &str, day: Date, family: Family) -> bool {
    let policy = app.policy_in(region, day);
    let offered = policy.read(|it| &it.vaccination.vaccines);
    offered.is_ok_and(|all| all.iter().any(|it| it.id == vaccine && it.family == family))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let mut said = spans(app, &key.region, &dose::of(tx, key)?, &refusal::of(tx, key)?);
    said.push(invited(invitation::of(tx, key)?.iter().map(|it| (it.0, &*it.1))));
    tally::set_all(tx, app, &elders::thing(key), &said)
}
