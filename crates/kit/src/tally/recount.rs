//! Counting everything anew: what modules say of each thing against what is kept, and the numbers against the stretches.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Lot, Numbers, Span, Thing,
    keep::{self, Kept},
};
use crate::{App, Id, Result, Tx, db};

/// One difference that a recount found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub region: String,
    /// A mark of a thing (`person 123 chronic.diabetes`), or a number (`person:elders.aged65 county d2026-11-21`).
    pub what: String,
    pub kept: String,
    pub counted: String,
}

/// Things are looked at in lots of so many.
const LOT: i64 = 2_000;

/// Compares everything kept of a county with what the modules' facts say: all differences, and how many things were
/// looked at.
pub fn recount(tx: &Tx<'_>, app: &App, region: &str) -> Result<(Vec<Difference>, usize)> {
    let (mut differences, mut looked) = (Vec::new(), 0);
    let mut numbers = Numbers::default();
    each_lot(tx, app, region, |lot, kept| {
        looked += lot.ids.len();
        for (thing, kept) in lot.things().zip(kept.values()) {
            numbers.add(app, &thing, &kept.spans, &kept.units);
        }
        for (id, mark, spans) in wrong_spans(tx, app, lot, kept)? {
            differences.push(Difference {
                region: region.to_string(),
                what: format!("{} {id} {mark}", lot.kind),
                kept: told(kept[&id].spans_of(mark)),
                counted: told(&spans),
            });
        }
        Ok(())
    })?;
    for (number, off) in wrong_numbers(tx, app, region, numbers)? {
        differences.push(Difference {
            region: region.to_string(),
            what: format!("{} {} {}", number.0, number.1, number.2),
            kept: String::new(),
            counted: format!("{off:+}"),
        });
    }
    Ok((differences, looked))
}

/// Puts right what a recount complains of; gives how many stretches and numbers were wrong.
pub fn repair(tx: &Tx<'_>, app: &App, region: &str) -> Result<usize> {
    let mut repaired = 0;
    each_lot(tx, app, region, |lot, kept| {
        let wrong = wrong_spans(tx, app, lot, kept)?;
        repaired += wrong.len();
        for (id, mark, spans) in wrong {
            keep::set(tx, app, &Thing::new(lot.kind, region, id), mark, &spans)?;
        }
        Ok(())
    })?;
    // The stretches that were put right move their numbers first; what is wrong then was wrong before.
    db::settle(tx)?;
    Ok(repaired + renumber(tx, app, region)?)
}

/// Makes the numbers of a county anew from the stretches kept; gives how many were wrong.
pub fn renumber(tx: &Tx<'_>, app: &App, region: &str) -> Result<usize> {
    let mut numbers = Numbers::default();
    each_lot(tx, app, region, |lot, kept| {
        for (thing, kept) in lot.things().zip(kept.values()) {
            numbers.add(app, &thing, &kept.spans, &kept.units);
        }
        Ok(())
    })?;
    let wrong = wrong_numbers(tx, app, region, numbers)?;
    for ((counted, unit, bucket), off) in &wrong {
        keep::add(tx, region, counted, unit, bucket, *off)?;
    }
    Ok(wrong.len())
}

/// The marks of which the facts say something else than is kept, with what they say.
fn wrong_spans(
    tx: &Tx<'_>,
    app: &App,
    lot: &Lot<'_>,
    kept: &BTreeMap<Id, Kept>,
) -> Result<Vec<(Id, &'static str, Vec<Span>)>> {
    let mut wrong = Vec::new();
    for says in app.modules.iter().filter_map(|it| it.facts) {
        for (id, said) in says(tx, app, lot)? {
            for (mark, spans) in said.into_iter().filter(|it| app.counts_mark(it.0)) {
                let spans = keep::disjoint(&spans);
                if kept[&id].spans_of(mark) != spans {
                    wrong.push((id, mark, spans));
                }
            }
        }
    }
    Ok(wrong)
}

/// (count, unit, bucket) → by how much the number kept has to change.
type Off = BTreeMap<(String, String, String), i64>;

/// By how much the numbers kept of a county differ from those counted anew.
fn wrong_numbers(tx: &Tx<'_>, app: &App, region: &str, counted: Numbers) -> Result<Off> {
    let mut off = Off::new();
    for ((nth, unit, bucket), by) in counted.by_bucket() {
        off.insert((app.counted()[nth].key.clone(), unit.to_string(), bucket), by);
    }
    tx.each(
        "select counted, unit, bucket, n from tally where region = $1 order by counted, unit, bucket",
        &[&region],
        |row| {
            *off.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default() -= row.get::<i64>(3)?;
            Ok(())
        },
    )?;
    off.retain(|_, by| *by != 0);
    Ok(off)
}

/// Every county of which something is kept.
pub fn counties(tx: &Tx<'_>) -> Result<Vec<String>> {
    tx.rows("select distinct region from tally_unit order by region", &[], |row| row.get(0))
}

/// The kinds of things that indicators count.
fn kinds(app: &App) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = app.counted().iter().map(|it| it.count.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Calls `with` for the things of a county that belong somewhere, lot by lot, with what is kept of each.
fn each_lot(
    tx: &Tx<'_>,
    app: &App,
    region: &str,
    mut with: impl FnMut(&Lot<'_>, &BTreeMap<Id, Kept>) -> Result<()>,
) -> Result<()> {
    for kind in kinds(app) {
        let mut after = Id(-1);
        while let Some(last) = last_of_lot(tx, kind, region, after)? {
            let kept = keep::kept_between(tx, kind, region, after, last)?;
            let ids: Vec<Id> = kept.keys().copied().collect();
            with(&Lot { kind, region, ids: &ids }, &kept)?;
            after = last;
        }
    }
    Ok(())
}

/// The last thing of the lot that begins after a thing.
fn last_of_lot(tx: &Tx<'_>, kind: &str, region: &str, after: Id) -> Result<Option<Id>> {
    tx.one(
        "select max(thing) from (select thing from tally_unit
          where region = $1 and kind = $2 and thing > $3 order by thing limit $4) it",
        &[&region, &kind, &after, &LOT],
        |row| row.get(0),
    )
}

/// `2024-01-05–2025-01-05 ×1; …`
fn told(spans: &[Span]) -> String {
    let all: Vec<String> = spans
        .iter()
        .map(|it| {
            let until = it.until.map_or(String::new(), |it| it.to_string());
            format!("{}–{until} ×{} {}", it.from, it.amount, it.note)
        })
        .collect();
    all.join("; ")
}
