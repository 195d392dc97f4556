//! What benefit an elder has from which day: each step holds until the next.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Error, Id, Result, Tx, clock::stamp, db::Row};
use rules::{
    base::Date,
    ltci::{Grade, settle::Granted},
    steps::Steps,
};

use crate::{
    elders::{self, Key, Merged},
    ltci::words,
};

/// One step; without a grade there is no benefit from its day.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub elder: Id,
    pub from: Date,
    pub grade: Option<Grade>,
    /// A word of `words::MODES`; empty where there is no benefit.
    pub mode: String,
    pub provider: Option<Id>,
    /// A word of `words::BONUSES`.
    pub bonus: String,
    pub application: Option<Id>,
    pub assessment: Option<Id>,
    /// A word of `words::REASONS`.
    pub reason: String,
    pub note: String,
    /// The key of the decision in the policy module; empty where none was needed.
    pub decision: String,
    pub who: String,
    pub at: String,
}

impl Step {
    /// The step that ends this one from a day on.
    pub fn ended(self, from: Date, reason: &str, note: &str) -> Step {
        Step {
            from,
            grade: None,
            mode: String::new(),
            provider: None,
            bonus: String::new(),
            reason: reason.into(),
            note: note.into(),
            decision: String::new(),
            ..self
        }
    }
}

const COLUMNS: &str =
    "elder, from_day, grade, mode, provider, bonus, application, assessment, reason, note, decision, who, at";

fn read(row: &Row<'_>) -> Result<Step> {
    Ok(Step {
        elder: row.get(0)?,
        from: row.get(1)?,
        grade: row.get::<Option<i64>>(2)?.map(grade).transpose()?,
        mode: row.get(3)?,
        provider: row.get(4)?,
        bonus: row.get(5)?,
        application: row.get(6)?,
        assessment: row.get(7)?,
        reason: row.get(8)?,
        note: row.get(9)?,
        decision: row.get(10)?,
        who: row.get(11)?,
        at: row.get(12)?,
    })
}

/// A grade as a column keeps it.
pub fn grade(kept: i64) -> Result<Grade> {
    u8::try_from(kept)
        .ok()
        .and_then(|it| Grade::try_from(it).ok())
        .ok_or_else(|| Error::internal(format!("grade {kept}")))
}

/// Every step of an elder and of the records merged into theirs, the earliest first. A step keeps the record it was written
/// for, and what follows it is written there too: so a merging can be undone.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Step>> {
    let mut all = Vec::new();
    for record in elders::records(tx, key)? {
        all.push(tx.rows(
            &format!("select {COLUMNS} from ltci_benefit where region = $1 and elder = $2 order by from_day"),
            &[&key.region, &record],
            read,
        )?);
    }
    Ok(joined(all))
}

/// The steps of one person from those of their records, that which stays first: on a day on which several records have a
/// benefit the first one's holds, and the end of one does not end another.
fn joined(mut records: Vec<Vec<Step>>) -> Vec<Step> {
    records.retain(|it| !it.is_empty());
    if records.len() < 2 {
        return records.pop().unwrap_or_default();
    }
    let mut days: Vec<Date> = records.iter().flatten().map(|it| it.from).collect();
    days.sort_unstable();
    days.dedup();
    let mut all: Vec<Step> = Vec::new();
    let mut last: Option<(Id, Date)> = None;
    for day in days {
        let holding: Vec<&Step> =
            records.iter().filter_map(|it| it.iter().rev().find(|step| step.from <= day)).collect();
        let granted = holding.iter().find(|it| it.grade.is_some());
        let Some(step) = granted.or(holding.iter().max_by_key(|it| it.from)) else { continue };
        // What is over already says nothing anew.
        let is_known = last == Some((step.elder, step.from))
            || step.grade.is_none() && all.last().is_some_and(|it| it.grade.is_none());
        if !is_known {
            all.push(Step { from: day, ..(*step).clone() });
        }
        last = Some((step.elder, step.from));
    }
    all
}

/// The step that holds on a day, with a benefit or without; none before the first.
pub fn on(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Option<Step>> {
    Ok(of_elder(tx, key)?.into_iter().rev().find(|it| it.from <= day))
}

/// The stretches of benefit of every elder of a county who ever had any, with what is taken as a bonus last; those of a
/// person with several records stand under each of them.
pub fn of_county(tx: &Tx<'_>, region: &str, merged: &Merged) -> Result<HashMap<Id, Vec<Step>>> {
    let mut all: HashMap<Id, Vec<Step>> = HashMap::new();
    tx.each(
        &format!("select {COLUMNS} from ltci_benefit where region = $1 order by elder, from_day"),
        &[&region],
        |row| {
            let it = read(row)?;
            all.entry(it.elder).or_default().push(it);
            Ok(())
        },
    )?;
    for records in families(merged).into_values() {
        let own: Vec<Vec<Step>> = records.iter().map(|it| all.get(it).cloned().unwrap_or_default()).collect();
        let steps = joined(own);
        if !steps.is_empty() {
            all.extend(records.into_iter().map(|it| (it, steps.clone())));
        }
    }
    Ok(all)
}

/// The records of each person who has several, that which stays first.
pub fn families(merged: &Merged) -> BTreeMap<Id, Vec<Id>> {
    let mut all: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (record, stays) in merged.all() {
        all.entry(stays).or_insert_with(|| vec![stays]).push(record);
    }
    for records in all.values_mut() {
        records[1..].sort_unstable();
    }
    all
}

/// The same as the rules want it.
///
/// # Errors
/// Where a kept word is none of `words`.
pub fn granted(steps: &[Step]) -> Result<Vec<Granted>> {
    let rows = steps.iter().map(|it| (it.from, it.grade.map(|grade| (grade, it.mode.clone(), it.provider))));
    let stretches = Steps::new(rows).stretches().into_iter();
    stretches
        .map(|(from, until, (grade, mode, provider))| {
            let provider = provider.map_or(String::new(), |it| it.to_string());
            Ok(Granted { from, until, grade, mode: words::mode(&mode)?, provider })
        })
        .collect()
}

/// Writes a step, in the place of one that begins on the same day; what was planned for later days no longer holds.
pub fn put(tx: &Tx<'_>, ask: &Ask, region: &str, it: &Step) -> Result<()> {
    let from = it.from.to_string();
    tx.run(
        "delete from ltci_benefit where region = $1 and elder = $2 and from_day > $3",
        &[&region, &it.elder, &from],
    )?;
    tx.run(
        "insert into ltci_benefit (region, elder, from_day, id, grade, mode, provider, bonus, application, assessment, reason,
                                   note, decision, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (region, elder, from_day) do update set grade = excluded.grade, mode = excluded.mode,
           provider = excluded.provider, bonus = excluded.bonus, application = excluded.application,
           assessment = excluded.assessment, reason = excluded.reason, note = excluded.note, decision = excluded.decision,
           who = excluded.who, at = excluded.at",
        &[
            &region,
            &it.elder,
            &from,
            &ask.new_id(),
            &it.grade.map(|it| i64::from(u8::from(it))),
            &it.mode,
            &it.provider,
            &it.bonus,
            &it.application,
            &it.assessment,
            &it.reason,
            &it.note,
            &it.decision,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}
