//! What comes out otherwise today than when a month was confirmed, and which months these are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::{App, Id, Result, Tx, clock::stamp};
use rules::base::Date;
use serde_json::Value;

use super::{
    judge::{self, Deducted, Month},
    keep, policy,
};
use crate::elders::{self, Key};

/// The amounts of a line or of a person's bonus, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    pub fund: i64,
    pub person: i64,
    pub provider: i64,
    pub pending: i64,
}

/// Something that differs between two runs.
#[derive(Debug, Clone)]
pub struct Differs {
    pub elder: Id,
    /// Nothing for a bonus in money.
    pub claim: Option<Id>,
    /// Of the service; nothing for a bonus.
    pub day: Option<Date>,
    pub provider: Id,
    pub before: Option<Amounts>,
    pub after: Option<Amounts>,
    pub deductions_before: Vec<Deducted>,
    pub deductions_after: Vec<Deducted>,
    /// What is known otherwise of the person or the line: name, before, after.
    pub facts: Vec<(String, String, String)>,
}

impl Differs {
    /// What the fund pays more, below zero less.
    pub fn fund(&self) -> i64 {
        self.after.unwrap_or_default().fund - self.before.unwrap_or_default().fund
    }
}

/// A run as it is compared, person by person whichever of their records it names.
#[derive(Default)]
pub struct Run {
    lines: BTreeMap<(Id, Id), Line>,
    /// Bonus in fen, and facts.
    persons: HashMap<Id, (i64, String)>,
}

struct Line {
    day: Date,
    provider: Id,
    amounts: Amounts,
    deductions: String,
    facts: String,
}

impl Run {
    pub fn of_month(it: &Month) -> Run {
        let mut run = Run::default();
        for person in &it.persons {
            run.persons.insert(person.elder, (person.bonus.fen(), person.facts.clone()));
            for one in &person.lines {
                let verdict = &one.verdict;
                let amounts = Amounts {
                    fund: verdict.fund.fen(),
                    person: verdict.person.fen(),
                    provider: verdict.provider.fen(),
                    pending: verdict.pending.fen(),
                };
                let (deductions, facts) = (one.deductions.clone(), one.facts.clone());
                let (day, provider) = (one.claim.said.day, one.claim.provider);
                let line = Line { day, provider, amounts, deductions, facts };
                run.lines.insert((person.elder, one.claim.key.id), line);
            }
        }
        run
    }

    pub fn kept(tx: &Tx<'_>, key: &Key) -> Result<Run> {
        let mut run = Run::default();
        let merged = elders::merged(tx, &key.region)?;
        tx.each(
            "select elder, bonus, facts from ltci_settled
              where region = $1 and settlement = $2 and judged_as is null order by elder",
            &[&key.region, &key.id],
            |row| {
                let id: Id = row.get(0)?;
                let one = run.persons.entry(merged.stays(id)).or_default();
                one.0 += row.get::<i64>(1)?;
                if one.1.is_empty() || merged.stays(id) == id {
                    one.1 = row.get(2)?;
                }
                Ok(())
            },
        )?;
        tx.each(
            "select elder, claim, provider, fund, person, borne, pending, deductions, facts, day from ltci_verdict
              where region = $1 and settlement = $2 order by claim",
            &[&key.region, &key.id],
            |row| {
                let amounts =
                    Amounts { fund: row.get(3)?, person: row.get(4)?, provider: row.get(5)?, pending: row.get(6)? };
                let line = Line {
                    day: row.get(9)?,
                    provider: row.get(2)?,
                    amounts,
                    deductions: row.get(7)?,
                    facts: row.get(8)?,
                };
                run.lines.insert((merged.stays(row.get(0)?), row.get(1)?), line);
                Ok(())
            },
        )?;
        Ok(run)
    }
}

/// The lines whose amounts differ, elder by elder, with what is known otherwise.
pub fn between(before: &Run, after: &Run) -> Vec<Differs> {
    let keys: BTreeSet<&(Id, Id)> = before.lines.keys().chain(after.lines.keys()).collect();
    let mut all = Vec::new();
    for key in keys {
        let (old, new) = (before.lines.get(key), after.lines.get(key));
        if old.map(|it| it.amounts) == new.map(|it| it.amounts) {
            continue;
        }
        let deducted = |it: Option<&Line>| it.map(|it| deductions(&it.deductions)).unwrap_or_default();
        let mut facts = changed(person_facts(before, key.0), person_facts(after, key.0));
        facts.extend(changed(old.map_or("", |it| &it.facts), new.map_or("", |it| &it.facts)));
        all.push(Differs {
            elder: key.0,
            claim: Some(key.1),
            day: old.or(new).map(|it| it.day),
            provider: old.or(new).map_or(Id(0), |it| it.provider),
            before: old.map(|it| it.amounts),
            after: new.map(|it| it.amounts),
            deductions_before: deducted(old),
            deductions_after: deducted(new),
            facts,
        });
    }
    let persons: BTreeSet<&Id> = before.persons.keys().chain(after.persons.keys()).collect();
    for elder in persons {
        let bonus = |run: &Run| run.persons.get(elder).map_or(0, |it| it.0);
        let (old, new) = (bonus(before), bonus(after));
        if old != new {
            let amounts = |fund: i64| Some(Amounts { fund, ..Amounts::default() });
            all.push(Differs {
                elder: *elder,
                claim: None,
                day: None,
                provider: Id(0),
                before: amounts(old),
                after: amounts(new),
                deductions_before: Vec::new(),
                deductions_after: Vec::new(),
                facts: changed(person_facts(before, *elder), person_facts(after, *elder)),
            });
        }
    }
    all
}

/// What is kept of deductions.
pub fn deductions(kept: &str) -> Vec<Deducted> {
    serde_json::from_str(kept).unwrap_or_default()
}

fn person_facts(run: &Run, elder: Id) -> &str {
    run.persons.get(&elder).map_or("", |it| &it.1)
}

/// The parts of two JSON objects that differ.
fn changed(before: &str, after: &str) -> Vec<(String, String, String)> {
    let object = |text: &str| serde_json::from_str::<serde_json::Map<String, Value>>(text).unwrap_or_default();
    let (old, new) = (object(before), object(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let text = |it: Option<&Value>| it.map_or(String::new(), rules::policy::shown);
    let parts = names.into_iter().map(|name| (name.clone(), text(old.get(name)), text(new.get(name))));
    parts.filter(|it| it.1 != it.2).collect()
}

/// How many months back a night looks.
const MONTHS: i32 = 24;

/// Computes the confirmed months of a county anew and keeps which come out otherwise; gives how many.
pub async fn look(app: &App, region: &str) -> Result<usize> {
    let from = crate::ltci::claim::month_of(app.clock.today().add_months(-MONTHS));
    let county = region.to_string();
    let months = app.db.read(move |tx| keep::confirmed_months(tx, &county, &from)).await?;
    let mut found = 0;
    for month in months {
        let (for_read, county, of) = (app.clone(), region.to_string(), month.clone());
        let differs = app
            .db
            .read(move |tx| {
                let Some(id) = keep::confirmed(tx, &county, &of)? else { return Ok(Vec::new()) };
                let now = Run::of_month(&judge::judge(tx, &for_read, &county, &of)?);
                let kept = Run::kept(tx, &Key { region: county.clone(), id })?;
                Ok(between(&kept, &now))
            })
            .await?;
        found += usize::from(!differs.is_empty());
        let (lines, difference) = (differs.len() as i64, differs.iter().map(Differs::fund).sum::<i64>());
        let (region, now) = (region.to_string(), app.clock.now());
        app.db
            .write(move |tx| {
                done(tx, &region, &month)?;
                if lines == 0 {
                    return Ok(());
                }
                tx.run(
                    "insert into ltci_redo (region, month, id, lines, difference, found) values ($1, $2, $3, $4, $5, $6)",
                    &[&region, &month, &Id::new(now), &lines, &difference, &stamp(now)],
                )?;
                Ok(())
            })
            .await?;
    }
    Ok(found)
}

/// A month need not be redone any more.
pub fn done(tx: &Tx<'_>, region: &str, month: &str) -> Result<()> {
    tx.run("delete from ltci_redo where region = $1 and month = $2", &[&region, &month])?;
    Ok(())
}

/// The confirmed run of the month before a run; nothing for a first run.
fn before(tx: &Tx<'_>, it: &keep::Settlement) -> Result<Option<Key>> {
    tx.row(
        "select id from ltci_settlement where region = $1 and month = $2 and run < $3 and state <> 'draft'
          order by run desc limit 1",
        &[&it.key.region, &it.month, &it.run],
        |row| Ok(Key { region: it.key.region.clone(), id: row.get(0)? }),
    )
}

/// What a run changes against the confirmed run before it.
pub fn of_settlement(tx: &Tx<'_>, it: &keep::Settlement) -> Result<Vec<Differs>> {
    let Some(before) = before(tx, it)? else { return Ok(Vec::new()) };
    Ok(between(&Run::kept(tx, &before)?, &Run::kept(tx, &it.key)?))
}

/// The policy of which a run and the confirmed run before it rest on other values.
pub fn policies(tx: &Tx<'_>, it: &keep::Settlement) -> Result<Vec<policy::Moved>> {
    let Some(before) = before(tx, it)? else { return Ok(Vec::new()) };
    policy::moved(&keep::policy(tx, &before)?, &keep::policy(tx, &it.key)?)
}
