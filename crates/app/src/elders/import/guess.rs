//! Which county a ledger is of, where nobody has said it.

use std::collections::HashSet;

use kit::place::{Level, NATION};
use kit::sheet::Book;
use kit::{Ask, Result};

use super::place::{Finder, How};
use crate::elders::ledger;

/// Rows that are looked at.
const LOOKED_AT: usize = 2000;

/// Why a county was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It is the only one that has elders or accounts.
    OnlyOneInUse,
    /// At least half of the names of places in the sheet are its own.
    NamesFit,
    /// It is the first of all.
    First,
}

/// The county to import into; `None` where no place is known at all.
pub async fn county(ask: &Ask, book: &Book, options: &ledger::Options) -> Result<Option<(String, Because)>> {
    let tree = ask.app.places.tree();
    let in_use: Vec<String> = ask
        .read(|tx, _| {
            tx.rows(
                "select distinct region from elder union select distinct place from account order by 1",
                &[],
                |row| row.get(0),
            )
        })
        .await?;
    let counties: HashSet<String> =
        in_use.iter().filter_map(|it| tree.county_of(it)).map(|it| it.code.clone()).collect();
    if counties.len() == 1 {
        return Ok(counties.into_iter().next().map(|it| (it, Because::OnlyOneInUse)));
    }
    let mut all: Vec<String> = tree.counties(NATION);
    // Cities first by code, as the tree of the Bureau lists them.
    all.sort();
    all.retain(|it| tree.get(it).is_some_and(|it| it.level == Level::County));
    let places: Vec<ledger::Place> = {
        let mut known = HashSet::new();
        ledger::read(book, options)
            .take(LOOKED_AT)
            .filter_map(|line| match line.outcome {
                ledger::Outcome::Accepted(entry) => Some(entry.place),
                _ => None,
            })
            .map(|it| ledger::Place { county: it.county, town: it.town, village: it.village, ..Default::default() })
            .filter(|it| known.insert((it.county.clone(), it.town.clone(), it.village.clone())))
            .collect()
    };
    for county in &all {
        let mut finder = Finder::new(tree.clone(), county);
        let found = places.iter().map(|it| finder.find(it));
        let fitting = found.filter(|it| it.how == How::Found && it.code.len() >= 9).count();
        if 0 < fitting && places.len() <= 2 * fitting {
            return Ok(Some((county.clone(), Because::NamesFit)));
        }
    }
    Ok(all.into_iter().next().map(|it| (it, Because::First)))
}
