//! What whoever visits an elder should know of their diseases.

use kit::{Result, Tx};
use rules::base::Date;

use super::{disease, measure, screening, visit, words};
use crate::elders::Key;

/// Titles of diseases, and the newest numbers: (title, text with unit, day).
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub diseases: Vec<&'static str>,
    pub last: Vec<(&'static str, String, Date)>,
}

pub fn card(tx: &Tx<'_>, key: &Key, today: Date) -> Result<Card> {
    let diseases = disease::of(tx, key)?;
    let titles = diseases.iter().filter(|it| it.holds_on(today));
    let title = |kind: &str| words::DISEASES.iter().find(|it| it.0 == kind).map_or("", |it| it.1);
    let mut card = Card { diseases: titles.map(|it| title(&it.kind)).collect(), last: Vec::new() };
    let visits = visit::standing(tx, key)?.into_iter().map(|it| (it.day, it.values));
    let measured = screening::of(tx, key)?.into_iter().map(|it| (it.day, it.values));
    let mut all: Vec<(Date, measure::Values)> = visits.chain(measured).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.0));
    if let Some((day, values)) = all.iter().find(|it| it.1.get("systolic").is_some()) {
        card.last.push(("血压", format!("{}/{} mmHg", values.text("systolic"), values.text("diastolic")), *day));
    }
    for name in ["fasting", "weight"] {
        let Some((day, values)) = all.iter().find(|it| it.1.get(name).is_some()) else { continue };
        let Some(it) = measure::named(name) else { continue };
        card.last.push((it.label, format!("{} {}", values.text(name), it.unit), *day));
    }
    Ok(card)
}
