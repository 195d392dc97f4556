//! Which insurer handles a county or a part of it.

use std::collections::{HashMap, HashSet};

use kit::{Ask, Error, Result, Tx, clock::stamp};
use rules::{base::Date, steps::Steps};

use crate::ltci::marks;

/// Who handles a place, and since when.
#[derive(Debug, Clone)]
pub struct Handler {
    pub place: String,
    pub from: Date,
    pub until: Option<Date>,
    pub insurer: String,
}

/// Every insurer of a county, by place and day.
pub fn of_county(tx: &Tx<'_>, region: &str) -> Result<Vec<Handler>> {
    let rows: Vec<(String, Date, Option<String>)> = tx.rows(
        "select place, from_day, insurer from ltci_handler where region = $1 order by place, from_day",
        &[&region],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut all = Vec::new();
    for same in rows.chunk_by(|a, b| a.0 == b.0) {
        let steps = Steps::new(same.iter().map(|it| (it.1, it.2.clone())));
        all.extend(steps.stretches().into_iter().map(|(from, until, insurer)| Handler {
            place: same[0].0.clone(),
            from,
            until,
            insurer,
        }));
    }
    Ok(all)
}

/// By place and in order: on which day which insurer began that had handled nothing in the county before.
pub fn begun(tx: &Tx<'_>, region: &str) -> Result<HashMap<String, Vec<(Date, String)>>> {
    let rows: Vec<(String, Date, String)> = tx.rows(
        "select place, from_day, insurer from ltci_handler where region = $1 and insurer is not null order by from_day, place",
        &[&region],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut seen = HashSet::new();
    let mut all: HashMap<String, Vec<(Date, String)>> = HashMap::new();
    for (place, from, insurer) in rows {
        if seen.insert(insurer.clone()) {
            all.entry(place).or_default().push((from, insurer));
        }
    }
    Ok(all)
}

/// Sets who handles a place from a day on; nobody where no insurer is named.
///
/// # Errors
/// `Invalid` for a place outside the scope or above the counties.
pub fn set(tx: &Tx<'_>, ask: &Ask, place: &str, from: Date, insurer: Option<&str>) -> Result<()> {
    let tree = ask.app.places.tree();
    let outside = || Error::invalid("place", "请选择管理范围内的县区、乡镇或社区");
    if !ask.who.scope.covers(&tree, place) {
        return Err(outside());
    }
    let region = tree.county_of(place).ok_or_else(outside)?.code.clone();
    tx.run(
        "insert into ltci_handler (region, place, from_day, insurer, who, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, place, from_day) do update set insurer = excluded.insurer, who = excluded.who, at = excluded.at",
        &[&region, &place, &from.to_string(), &insurer, &ask.who.name, &stamp(ask.now)],
    )?;
    marks::keep_handled(tx, &ask.app, &region)?;
    let entry = kit::audit::Entry {
        action: "change",
        subject: "ltci",
        subject_id: None,
        region: &region,
        place,
        detail: &format!("handled by {} from {from}", insurer.unwrap_or("nobody")),
    };
    ask.note(tx, &entry)
}
