//! What whoever visits an elder should know of their diseases.

use std::collections::{BTreeSet, HashMap};

use kit::{Id, Result, Tx};
use rules::base::Date;

use super::{disease, measure, screening, visit, words};
use crate::elders::People;

/// Titles of diseases, and the newest numbers: (title, text with unit, day).
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub diseases: Vec<&'static str>,
    pub last: Vec<(&'static str, String, Date)>,
}

/// The cards of some people who are held, by their ids.
pub fn cards(tx: &Tx<'_>, people: &People, today: Date) -> Result<HashMap<Id, Card>> {
    let mut measured = visit::measured_of_people(tx, people)?;
    for (id, more) in screening::measured_of_people(tx, people)? {
        measured.entry(id).or_default().extend(more);
    }
    let diseases = disease::of_people(tx, people)?;
    let ids: BTreeSet<Id> = measured.keys().chain(diseases.keys()).copied().collect();
    let none = Vec::new();
    let of = |id: Id| (id, card(diseases.get(&id).unwrap_or(&none), measured.remove(&id).unwrap_or_default(), today));
    Ok(ids.into_iter().map(of).collect())
}

fn card(diseases: &[disease::Disease], mut all: Vec<(Date, measure::Values)>, today: Date) -> Card {
    let titles = diseases.iter().filter(|it| it.holds_on(today));
    let title = |kind: &str| words::DISEASES.iter().find(|it| it.0 == kind).map_or("", |it| it.1);
    let mut card = Card { diseases: titles.map(|it| title(&it.kind)).collect(), last: Vec::new() };
    all.sort_by_key(|it| std::cmp::Reverse(it.0));
    if let Some((day, values)) = all.iter().find(|it| it.1.get("systolic").is_some()) {
        card.last.push(("血压", format!("{}/{} mmHg", values.text("systolic"), values.text("diastolic")), *day));
    }
    for name in ["fasting", "weight"] {
        let Some((day, values)) = all.iter().find(|it| it.1.get(name).is_some()) else { continue };
        let Some(it) = measure::named(name) else { continue };
        card.last.push((it.label, format!("{} {}", values.text(name), it.unit), *day));
    }
    card
}
