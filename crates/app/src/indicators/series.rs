//! An indicator over months, and over the places and teams below where one looks.

use std::collections::BTreeMap;

use kit::{
    App, Id, Result, Tx,
    place::Level,
    tally::{self, Indicator, PERSON, Where},
};
use rules::base::Date;

use super::figure::{Asked, Figure};
use crate::{
    elders::Key,
    workforce::{self, Team},
};

/// How long the codes of villages and of grids are.
const VILLAGE: usize = 12;
const GRID: usize = 15;

/// The last days of the months up to `day`, `day` itself last.
pub fn months(day: Date, count: usize) -> Vec<Date> {
    let first = Date::new(day.year(), day.month(), 1).unwrap_or(day);
    let mut days: Vec<Date> = (0..count as i32).rev().map(|back| first.add_months(-back).add_days(-1)).collect();
    days.push(day);
    days
}

/// The figure on each of these days.
pub fn over(tx: &Tx<'_>, it: &Indicator, at: &Where, days: &[Date]) -> Result<Vec<(Date, Figure)>> {
    let numerators = tally::series(tx, &it.numerator, at, days)?;
    let denominators = it.denominator.map(|count| tally::series(tx, &count, at, days)).transpose()?;
    let figures = numerators.iter().enumerate().map(|(nth, point)| {
        let denominator = denominators.as_ref().map(|all| all[nth].n);
        (point.day, Figure { numerator: point.n, denominator })
    });
    Ok(figures.collect())
}

/// The figure of every place directly below the one asked about, in the order of codes; an institution has no places below.
pub fn below(tx: &Tx<'_>, app: &App, it: &Indicator, asked: &Asked) -> Result<Vec<(String, Figure)>> {
    let tree = app.places.tree();
    let level = tree.get(&asked.place).map(|it| it.level);
    let at = asked.at();
    if matches!(at, Where::Unit { .. }) {
        return Ok(Vec::new());
    }
    let length = match level {
        Some(Level::Nation | Level::Province | Level::City) => 6,
        Some(Level::County) => 9,
        Some(Level::Street) => 12,
        _ => return Ok(Vec::new()),
    };
    let (numerators, denominators) = tally::parts_by_place(tx, it, &at, length, asked.day)?;
    let counted_below = |code: &str| match level {
        // Counties are summed up to the city or province that lies directly below.
        Some(Level::Nation | Level::Province) => {
            let way = tree.chain(code);
            way.windows(2).find(|it| it[1].code == asked.place).map_or(code.to_string(), |it| it[0].code.clone())
        }
        _ => code.to_string(),
    };
    let mut figures: BTreeMap<String, Figure> = tree
        .children(&asked.place)
        .map(|child| (child.code.clone(), Figure { numerator: 0, denominator: it.denominator.map(|_| 0) }))
        .collect();
    for (code, n) in numerators {
        let figure = figures.entry(counted_below(&code));
        figure.or_insert(Figure { numerator: 0, denominator: it.denominator.map(|_| 0) }).numerator += n;
    }
    for (code, n) in denominators.into_iter().flatten() {
        let figure = figures.entry(counted_below(&code)).or_insert(Figure { numerator: 0, denominator: Some(0) });
        figure.denominator = Some(figure.denominator.unwrap_or(0) + n);
    }
    Ok(figures.into_iter().collect())
}

/// Up to so many people the teams stand on the page of an indicator; of more they are counted for whoever asks.
const FEW: i64 = 10_000;

/// Whether the people of an indicator, counted one by one as teams are, are more than a page waits for.
pub fn are_many(it: &Indicator, figure: &Figure) -> bool {
    it.numerator.kind == PERSON && FEW < figure.denominator.unwrap_or(figure.numerator)
}

/// The figure of every team of a county over those who live in its villages and grids on the day, whoever they are signed
/// with; where no team is responsible last. Other things than persons have no home, and a city has too many teams to look at.
pub fn by_team(tx: &Tx<'_>, it: &Indicator, asked: &Asked) -> Result<Vec<(Option<Team>, Figure)>> {
    let at = asked.at();
    let ([county], false) = (at.counties(), matches!(at, Where::Unit { .. })) else { return Ok(Vec::new()) };
    let teams: BTreeMap<String, Id> = workforce::teams_of_places(tx, county, asked.day)?.into_iter().collect();
    if it.numerator.kind != PERSON || teams.is_empty() {
        return Ok(Vec::new());
    }
    let mut figures: BTreeMap<(bool, Option<Id>), Figure> = BTreeMap::new();
    let mut add = |all: tally::ByPlace, to: fn(&mut Figure) -> &mut i64| {
        for (place, n) in all {
            // A grid without a team of its own has its village's.
            let team = teams.get(&place).or_else(|| teams.get(place.get(..VILLAGE)?)).copied();
            let nobody = Figure { numerator: 0, denominator: it.denominator.map(|_| 0) };
            *to(figures.entry((team.is_none(), team)).or_insert(nobody)) += n;
        }
    };
    let (numerators, denominators) = tally::parts_by_place(tx, it, &at, GRID, asked.day)?;
    add(numerators, |figure| &mut figure.numerator);
    add(denominators.unwrap_or_default(), |figure| figure.denominator.get_or_insert(0));
    let named = figures.into_iter().map(|((_, id), figure)| {
        let key = id.map(|id| Key { region: county.clone(), id });
        Ok((key.map(|it| workforce::team_by_key(tx, &it)).transpose()?, figure))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day_and_the_day_asked_about_is_last() {
        let days = months(Date::new(2026, 3, 15).unwrap(), 3);
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-15"]);
    }
}
