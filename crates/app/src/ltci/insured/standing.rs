//! What lists show of the insured: as what they are insured today, with whom they are counted, what they owe. It moves in the
//! transaction of whatever moves it, and by night when a period is over.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Id, Result, Tx, db::Among, digest};
use rules::{base::Date, ltci::next_over, steps::Steps};

use super::{
    contribution::{self, Owing},
    record, unit,
};
use crate::elders::Key;

/// So many are looked at in one transaction, as `look_at_next` asks for.
const LOT: usize = 500;
/// Of whom nothing more is to come.
const NEVER: &str = "9999-12-31";

/// Brings what lists show of one person up to today, at the end of the transaction.
pub fn keep(tx: &Tx<'_>, ask: &Ask, key: &Key) {
    tx.at_end("ltci_insured", ask, &key.region, key.id, look);
}

/// By night: everybody of whom a period is over or another kind holds since they were last looked at.
pub async fn bring_up(ask: &Ask) -> Result<usize> {
    let counties = ask.app.places.tree().counties(kit::place::NATION);
    let here = ask
        .read(move |tx, _| {
            let mut here = Vec::new();
            for it in counties {
                let one: Option<Id> =
                    tx.row("select id from ltci_insured where region = $1 limit 1", &[&it], |row| row.get(0))?;
                here.extend(one.map(|_| it));
            }
            Ok(here)
        })
        .await?;
    let mut looked = 0;
    for county in here {
        let region = county.clone();
        ask.write(move |tx, ask| rates(tx, ask, &region)).await?;
        loop {
            let region = county.clone();
            let n = ask.write(move |tx, ask| look_at_next(tx, ask, &region)).await?;
            looked += n;
            if n < LOT {
                break;
            }
        }
    }
    Ok(looked)
}

fn look_at_next(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<usize> {
    let next = tx.rows(
        "select id from ltci_insured where region = $1 and look_day <= $2 order by look_day, id limit 500",
        &[&region, &ask.today().to_string()],
        |row| row.get::<Id>(0),
    )?;
    look(tx, ask, region, &next)?;
    Ok(next.len())
}

/// Where a document that came late says other rates than those of which the arrears of a county were reckoned, everybody of
/// the county is looked at again.
fn rates(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<()> {
    let mut all: Vec<String> = Vec::new();
    let mut month = contribution::first_day(ask).first_of_month();
    while month < ask.today().first_of_month() {
        month = month.add_months(1);
        let policy = ask.app.policy_in(region, month.add_days(-1));
        if let Ok(financing) = policy.read(|it| &it.ltci.financing) {
            let said = serde_json::to_string(financing)?;
            if all.last() != Some(&said) {
                all.push(policy.because().first().map_or(String::new(), |it| it.from.to_string()));
                all.push(said);
            }
        }
    }
    let rates = digest::of(all.join("\n"));
    let known: Option<String> =
        tx.row("select rates from ltci_arrears_rates where region = $1", &[&region], |row| row.get(0))?;
    if known.as_deref() == Some(&*rates) {
        return Ok(());
    }
    tx.run(
        "insert into ltci_arrears_rates (region, rates) values ($1, $2)
         on conflict (region) do update set rates = excluded.rates",
        &[&region, &rates],
    )?;
    tx.run("update ltci_insured set look_day = '' where region = $1 and look_day <> ''", &[&region])?;
    Ok(())
}

/// What is shown of one person.
struct Shown {
    kind: String,
    employer: String,
    /// Nobody has counted them yet where there is none.
    unit: Option<Id>,
    look_day: String,
    owing: Option<Owed>,
}

#[derive(Clone, PartialEq, Eq)]
struct Owed {
    since: String,
    periods: i64,
    owed: i64,
}

impl From<Owing> for Owed {
    fn from(it: Owing) -> Owed {
        Owed { since: it.since.to_string(), periods: it.periods, owed: it.owed }
    }
}

fn look(tx: &Tx<'_>, ask: &Ask, region: &str, ids: &[Id]) -> Result<()> {
    ids.chunks(LOT).try_for_each(|it| look_at(tx, ask, region, it))
}

fn look_at(tx: &Tx<'_>, ask: &Ask, region: &str, ids: &[Id]) -> Result<()> {
    let of = Among::of(ids);
    let shown = shown(tx, region, &of)?;
    let (steps, paid) = (steps(tx, region, &of)?, paid(tx, region, &of)?);
    let (none, nothing) = (Steps::new(Vec::new()), HashMap::new());
    let mut moves = unit::Moves::default();
    let mut again: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    let mut units = HashMap::new();
    for (id, was) in &shown {
        let steps = steps.get(id).unwrap_or(&none);
        let enrolled = record::enrolled(steps)?;
        let owing = contribution::owing(ask, region, &enrolled, paid.get(id).unwrap_or(&nothing));
        let next = next_over(&enrolled, ask.today()).into_iter().chain(owing.as_ref().map(Owing::forgotten)).min();
        let kind = steps.on(ask.today()).map_or(String::new(), |it| it.0.clone());
        let owing = owing.map(Owed::from);
        let unit = match units.get(&was.employer) {
            Some(known) => *known,
            None => unit::named(tx, ask, region, &was.employer)?,
        };
        units.insert(was.employer.clone(), unit);
        if let Some(before) = was.unit {
            moves.add(before, &was.kind, was.owing.as_ref().map(|it| it.owed), -1);
        }
        moves.add(unit, &kind, owing.as_ref().map(|it| it.owed), 1);
        if was.unit != Some(unit) || was.kind != kind {
            tx.run(
                "update ltci_insured set kind = $3, unit = $4 where region = $1 and id = $2",
                &[&region, id, &kind, &unit],
            )?;
        }
        if was.owing != owing || (owing.is_some() && was.kind != kind) {
            write(tx, region, *id, &kind, owing.as_ref())?;
        }
        let day = next.map_or(NEVER.to_string(), |it: Date| it.to_string());
        if day != was.look_day {
            again.entry(day).or_default().push(*id);
        }
    }
    moves.write(tx, region)?;
    for (day, ids) in &again {
        let of = Among::of(ids);
        tx.run(
            &format!("update ltci_insured set look_day = $2 where region = $1 and id in ({})", of.after(2)),
            &of.bind(&[&region, day]),
        )?;
    }
    Ok(())
}

fn shown(tx: &Tx<'_>, region: &str, of: &Among) -> Result<Vec<(Id, Shown)>> {
    tx.rows(
        &format!(
            "select i.id, i.kind, i.employer, i.unit, i.look_day, a.since, a.periods, a.owed
               from ltci_insured i left join ltci_arrears a on a.region = i.region and a.insured = i.id
              where i.region = $1 and i.id in ({}) order by i.id",
            of.after(1)
        ),
        &of.bind(&[&region]),
        |row| {
            let owing = match row.get::<Option<String>>(5)? {
                Some(since) => Some(Owed { since, periods: row.get(6)?, owed: row.get(7)? }),
                None => None,
            };
            let it =
                Shown { kind: row.get(1)?, employer: row.get(2)?, unit: row.get(3)?, look_day: row.get(4)?, owing };
            Ok((row.get(0)?, it))
        },
    )
}

fn steps(tx: &Tx<'_>, region: &str, of: &Among) -> Result<HashMap<Id, Steps<(String, i64)>>> {
    let mut rows: HashMap<Id, Vec<(Date, Option<(String, i64)>)>> = HashMap::new();
    tx.each(
        &format!(
            "select insured, from_day, kind, base from ltci_kind where region = $1 and insured in ({})
              order by insured, from_day",
            of.after(1)
        ),
        &of.bind(&[&region]),
        |row| {
            let (kind, base): (Option<String>, i64) = (row.get(2)?, row.get(3)?);
            rows.entry(row.get(0)?).or_default().push((row.get(1)?, kind.map(|it| (it, base))));
            Ok(())
        },
    )?;
    Ok(rows.into_iter().map(|(id, rows)| (id, Steps::new(rows))).collect())
}

/// Fen by period and purse, person by person.
type Paid = HashMap<Id, HashMap<(String, String), i64>>;

fn paid(tx: &Tx<'_>, region: &str, of: &Among) -> Result<Paid> {
    let mut all = Paid::new();
    tx.each(
        &format!(
            "select insured, period, purse, cast(sum(amount) as bigint) from ltci_contribution
              where region = $1 and insured in ({}) group by insured, period, purse",
            of.after(1)
        ),
        &of.bind(&[&region]),
        |row| {
            all.entry(row.get(0)?).or_default().insert((row.get(1)?, row.get(2)?), row.get(3)?);
            Ok(())
        },
    )?;
    Ok(all)
}

fn write(tx: &Tx<'_>, region: &str, id: Id, kind: &str, owing: Option<&Owed>) -> Result<()> {
    match owing {
        None => tx.run("delete from ltci_arrears where region = $1 and insured = $2", &[&region, &id])?,
        Some(it) => tx.run(
            "insert into ltci_arrears (region, insured, kind, since, periods, owed) values ($1, $2, $3, $4, $5, $6)
             on conflict (region, insured) do update set kind = excluded.kind, since = excluded.since,
               periods = excluded.periods, owed = excluded.owed",
            &[&region, &id, &kind, &it.since, &it.periods, &it.owed],
        )?,
    };
    Ok(())
}
