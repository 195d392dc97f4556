//! Decisions seen from the present policy folder: which of their values would be others today, for the same region and day.
//!
//! A document that comes late changes the past. What differs here is to be decided anew; whether the answer changes with the
//! value, only the module that decided can say.

use std::collections::HashMap;

use kit::{Result, Scope, Tx, place::ScopeColumns};
use rules::{
    base::{Date, Region, Text},
    policy::{Because, Library},
};
use serde::Serialize;
use serde_json::Value;

use super::decisions::{self, Kept};

/// A value of a decision that would be another one now.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    pub topic: String,
    pub param: String,
    pub was: Value,
    pub now: Now,
}

/// What the present folder says in its place.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Now {
    Value(Box<Because>),
    /// No policy in force there on that day, in words.
    NoPolicy(Text),
    /// The folder no longer knows the parameter.
    Unknown,
}

/// The decisions of a scope whose values differ by now.
#[derive(Debug, Default, Serialize)]
pub struct Changed {
    /// How many decisions were taken by another folder than the present one, and so compared.
    pub compared: u64,
    /// How many of them differ.
    pub total: u64,
    /// The first of those that differ, by region and then in the order in which they were taken.
    pub decisions: Vec<(Kept, Vec<Change>)>,
}

/// The values of a decision that would differ by `library`, for the region and day it was decided for.
pub fn changes(library: &Library, kept: &Kept) -> Vec<Change> {
    let mut memory = Memory::default();
    memory.changes(library, kept)
}

/// Compares every decision of the scope that was taken by another folder, and gives the first `most` that differ.
///
/// `library` chooses by what a decision is compared: one taken in a demonstration rests on invented values.
pub fn changed<'a>(
    tx: &Tx<'_>,
    scope: &Scope,
    library: impl Fn(&Kept) -> &'a Library,
    digest: &str,
    most: usize,
) -> Result<Changed> {
    let mut values = Vec::new();
    let condition = scope.sql(&SCOPE, &mut values);
    values.push(Box::new(digest.to_string()));
    let sql = format!(
        "select {} from decision d join decision_reasons r on r.region = d.region and r.digest = d.reasons
          where {condition} and d.policy_digest <> ${} order by d.region, d.id",
        decisions::COLUMNS,
        values.len()
    );
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    let (mut all, mut memory) = (Changed::default(), Memory::default());
    tx.each(&sql, &values, |row| {
        let kept = decisions::read(row)?;
        all.compared += 1;
        let changes = memory.changes(library(&kept), &kept);
        if !changes.is_empty() {
            all.total += 1;
            if all.decisions.len() < most {
                all.decisions.push((kept, changes));
            }
        }
        Ok(())
    })?;
    Ok(all)
}

pub(super) const SCOPE: ScopeColumns = ScopeColumns {
    region: "d.region",
    street: None,
    place: "d.place",
    organisation: Some("d.organisation"),
    person: Some("d.person"),
};

/// Many decisions ask the same value of the same region on the same day; the digest tells the libraries apart.
#[derive(Default)]
struct Memory(HashMap<(bool, String, Date, String, String), Now>);

impl Memory {
    fn changes(&mut self, library: &Library, kept: &Kept) -> Vec<Change> {
        let is_example = kept.because.iter().any(decisions::Reason::is_example);
        let differing = kept.because.iter().filter_map(|reason| {
            let key = (is_example, kept.policy_region.clone(), kept.day, reason.topic.clone(), reason.param.clone());
            let now = self.0.entry(key).or_insert_with(|| now(library, kept, &reason.topic, &reason.param));
            let is_same = matches!(now, Now::Value(it) if it.value == reason.value);
            (!is_same).then(|| Change {
                topic: reason.topic.clone(),
                param: reason.param.clone(),
                was: reason.value.clone(),
                now: now.clone(),
            })
        });
        differing.collect()
    }
}

fn now(library: &Library, kept: &Kept, topic: &str, param: &str) -> Now {
    let Ok(region) = kept.policy_region.parse::<Region>() else { return Now::Unknown };
    match library.at(region, kept.day).look_up(topic, param) {
        None => Now::Unknown,
        Some(Ok(because)) => Now::Value(Box::new(because)),
        Some(Err(none)) => Now::NoPolicy(none.text()),
    }
}
