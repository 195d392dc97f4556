//! The things behind a number: who is counted, who could be, and who is not and why.

use rules::base::Date;

use super::{
    Count, Indicator,
    read::{Query, Where},
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
    let mut things = Vec::new();
    for county in at.counties() {
        if after.is_some_and(|it| county.as_str() < it.0.as_str()) {
            continue;
        }
        let from = after.filter(|it| it.0 == *county).map(|it| it.1);
        let left = most + 1 - things.len();
        match (part, whole) {
            (Part::Counted, _) => {
                of_county(tx, indicator, indicator.numerator, &[], at, county, day, from, left, &mut things)?;
            }
            (Part::All, Some(whole)) => {
                of_county(tx, indicator, whole, &[], at, county, day, from, left, &mut things)?;
            }
            (Part::Missing, Some(whole)) => {
                let lacking: Vec<&str> =
                    indicator.numerator.marks.iter().copied().filter(|it| !whole.marks.contains(it)).collect();
                of_county(tx, indicator, whole, &lacking, at, county, day, from, left, &mut things)?;
            }
            (_, None) => {}
        }
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
    let from = query.holding(&count, county, day);
    let within = match at {
        Where::Counties(_) => "u.family = 'place'".to_string(),
        Where::Place { place, .. } => query.inside(place),
        Where::Unit { unit, .. } => format!("u.unit = {}", query.bind(unit.clone())),
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
    // Ordered by the first mark's index, which finds them in their order: only as many are looked at as are shown.
    let sql = format!(
        "select s0.thing, {}, {note} from {from} and {within} and s0.thing > {after}{conditions} order by s0.thing limit {most}",
        amounts.join(" * ")
    );
    query.each(tx, &sql, |row| {
        things.push(Member { region: county.to_string(), id: row.get(0)?, amount: row.get(1)?, note: row.get(2)? });
        Ok(())
    })
}
