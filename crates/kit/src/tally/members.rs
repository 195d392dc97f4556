//! The things behind a number: who is counted, who could be, and who is not and why.

use std::collections::BTreeMap;

use rules::base::Date;

use super::{
    Count, Indicator,
    read::{Query, Where, kept_by_county},
};
use crate::{Id, Result, Tx};

/// Which things of an indicator are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those of the numerator.
    Counted,
    /// Those of the denominator.
    All,
    /// Those of the denominator that the numerator does not count.
    Missing,
}

/// One thing behind a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub region: String,
    pub id: Id,
    pub amount: i64,
    /// Why it is not counted, as its module noted it; may be empty.
    pub note: String,
}

/// A page of things.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    pub things: Vec<Member>,
    /// Where the next page begins.
    pub next: Option<(String, Id)>,
}

/// The things of a part on a day, in the order of county and id, after `after`.
pub fn members(
    tx: &Tx<'_>,
    indicator: &Indicator,
    part: Part,
    at: &Where,
    day: Date,
    after: Option<&(String, Id)>,
    most: usize,
) -> Result<Members> {
    let whole = indicator.denominator.filter(|it| it.kind == indicator.numerator.kind);
    let lacking: Vec<&str> = match (part, whole) {
        (Part::Missing, Some(whole)) => {
            indicator.numerator.marks.iter().copied().filter(|it| !whole.marks.contains(it)).collect()
        }
        _ => Vec::new(),
    };
    let count = match part {
        Part::Counted => Some(indicator.numerator),
        Part::All | Part::Missing => whole,
    };
    let mut things = Vec::new();
    let Some(count) = count else { return Ok(Members { things, next: None }) };
    let there = numbers(tx, indicator, part, &count, at, day)?;
    for county in at.counties() {
        let is_before = after.is_some_and(|it| county.as_str() < it.0.as_str());
        if is_before || there.as_ref().is_some_and(|it| it.get(county) == Some(&0)) {
            continue;
        }
        let from = after.filter(|it| it.0 == *county).map(|it| it.1);
        let left = most + 1 - things.len();
        of_county(tx, indicator, count, &lacking, at, county, day, from, left, &mut things)?;
        if most < things.len() {
            break;
        }
    }
    let next = (most < things.len()).then(|| things.truncate(most)).and_then(|()| {
        let last = things.last()?;
        Some((last.region.clone(), last.id))
    });
    Ok(Members { things, next })
}

/// How many of a part are in each county, as kept: where nobody is, nobody has to be looked for among a hundred thousand.
fn numbers(
    tx: &Tx<'_>,
    indicator: &Indicator,
    part: Part,
    count: &Count,
    at: &Where,
    day: Date,
) -> Result<Option<BTreeMap<String, i64>>> {
    let Some(mut numbers) = kept_by_county(tx, count, at, day)? else { return Ok(None) };
    if part == Part::Missing {
        if !count.marks.iter().all(|mark| indicator.numerator.marks.contains(mark)) {
            return Ok(None);
        }
        for (county, n) in kept_by_county(tx, &indicator.numerator, at, day)?.unwrap_or_default() {
            *numbers.entry(county).or_default() -= n;
        }
    }
    Ok(Some(numbers))
}

/// So many things with a mark are counted to find out which mark of several is the rarest.
const LOOKED_AT: i64 = 5_000;

/// Where in a count the mark stands that fewest things of a county have, the first of those that many have.
fn rarest(tx: &Tx<'_>, count: &Count, county: &str) -> Result<usize> {
    let mut rarest = (LOOKED_AT, 0);
    for (nth, mark) in count.marks.iter().enumerate().filter(|_| 1 < count.marks.len()) {
        let sql = "select count(*) from
            (select 1 as one from tally_span where region = $1 and kind = $2 and mark = $3 limit $4) it";
        let n = tx.count(sql, &[&county, &count.kind, mark, &LOOKED_AT])?;
        if n < rarest.0 {
            rarest = (n, nth);
        }
    }
    Ok(rarest.1)
}

#[expect(clippy::too_many_arguments, reason = "one query, said once")]
fn of_county(
    tx: &Tx<'_>,
    indicator: &Indicator,
    count: Count,
    lacking: &[&str],
    at: &Where,
    county: &str,
    day: Date,
    after: Option<Id>,
    most: usize,
    things: &mut Vec<Member>,
) -> Result<()> {
    let mut query = Query::default();
    let (from, within) = match at {
        Where::Counties(_) => (query.holding(&count, county, day), "u.family = 'place'".to_string()),
        Where::Place { place, .. } => (query.holding_from_unit(&count, county, day), query.inside(place)),
        Where::Unit { unit, .. } => {
            let from = query.holding_from_unit(&count, county, day);
            (from, format!("u.unit = {}", query.bind(unit.clone())))
        }
    };
    // In the order of the rarest mark's index: only as many are looked at as are shown. Of those in a place all are.
    let first = match at {
        Where::Counties(_) => format!("s{}.thing", rarest(tx, &count, county)?),
        _ => "u.thing".to_string(),
    };
    let mut conditions = String::new();
    if !lacking.is_empty() {
        let all: Vec<String> =
            lacking.iter().map(|it| format!("not exists (select 1 {})", query.marked(it, day))).collect();
        conditions = format!(" and ({})", all.join(" or "));
    }
    let note = match indicator.short {
        Some(mark) => format!("coalesce((select max(x.note) {}), '')", query.marked(mark, day)),
        None => "''".to_string(),
    };
    let after = query.bind(after.map_or(-1, |it| it.0));
    let amounts: Vec<String> = (0..count.marks.len()).map(|nth| format!("s{nth}.amount")).collect();
    let sql = format!(
        "select {first}, {}, {note} from {from} and {within} and {first} > {after}{conditions} order by {first} limit {most}",
        amounts.join(" * ")
    );
    query.each(tx, &sql, |row| {
        things.push(Member { region: county.to_string(), id: row.get(0)?, amount: row.get(1)?, note: row.get(2)? });
        Ok(())
    })
}
