//! Looking for leads: the claims of a month, with what is known of who claims and of whom.

use std::collections::HashMap;

use kit::{
    App, Ask, Error, Id, Result, Tx,
    jobs::{Job, Running, Work},
};
use rules::{
    base::Date,
    ltci::{
        Service,
        lead::{Known, Visit, leads},
    },
};
use serde_json::{Value, json};

use super::{course, record};
use crate::{
    assessment::{self, Concluded, Programme},
    elders,
    ltci::{
        benefit::{pause, step},
        words,
    },
    workforce,
};

pub const LEADS: Work =
    Work { kind: "ltci.leads", title: "查找长护险疑点线索", run, every_minutes: Some(24 * 60) };

/// Every night the claims of this month and of the last are looked through, county by county.
fn run(app: App, _: Job) -> Running {
    Box::pin(async move {
        let mut found = 0;
        let today = app.clock.today();
        let first = today.first_of_month();
        for region in app.places.tree().counties(kit::place::NATION) {
            let ask = Ask::system(&app, &region);
            for month in [first.add_months(-1), first] {
                let region = region.clone();
                found += ask.write(move |tx, ask| look(tx, ask, &region, month)).await?;
            }
            ask.write(move |tx, ask| course::book_earlier(tx, ask, &region)).await?;
        }
        Ok::<Value, Error>(json!({"found": found}))
    })
}

/// Looks through the claims of the month that begins on `first`; gives how many new leads there are.
pub fn look(tx: &Tx<'_>, ask: &Ask, region: &str, first: Date) -> Result<usize> {
    let policy = ask.app.policy_in(region, first);
    // Where no thresholds are in force nothing is looked for.
    let Ok(thresholds) = policy.read(|it| &it.ltci.thresholds) else { return Ok(0) };
    let services = policy.read(|it| &it.ltci.services).map_or(&[][..], |it| it);
    let month = first.to_string()[..7].to_string();
    let visits = visits(tx, region, &month, services)?;
    if visits.is_empty() {
        return Ok(0);
    }
    let known = known(tx, region, first)?;
    let mut new = 0;
    for it in leads(&visits, &known, thresholds) {
        new += usize::from(record::keep(tx, ask, region, &month, &it)?);
    }
    Ok(new)
}

fn visits(tx: &Tx<'_>, region: &str, month: &str, services: &[Service]) -> Result<Vec<Visit>> {
    let merged = elders::merged(tx, region)?;
    let pauses = pause::of_county(tx, region, &merged)?;
    let gone = elders::gone(tx, region)?;
    let least: HashMap<&str, u16> = services.iter().filter_map(|it| Some((&*it.id, it.least_minutes?))).collect();
    let away = |elder: Id, day: Date| -> Option<String> {
        if gone.get(&merged.stays(elder)).is_some_and(|it| *it <= day) {
            return Some("已去世或迁出".to_string());
        }
        let paused = pauses.get(&elder)?.iter().find(|it| it.holds(day))?;
        Some(words::title(words::PAUSES, &paused.reason).to_string())
    };
    tx.rows(
        "select number, day, begin_minute, minutes, elder, provider, carer, photo, latitude, longitude, service, mode
           from ltci_claim where region = $1 and month = $2 and state <> 'withdrawn' order by elder, day, id",
        &[&region, &month],
        |row| {
            let (elder, provider): (Id, Id) = (row.get(4)?, row.get(5)?);
            let (day, service, mode): (Date, String, String) = (row.get(1)?, row.get(10)?, row.get(11)?);
            let begin: Option<i64> = row.get(2)?;
            let fix: (Option<i64>, Option<i64>) = (row.get(8)?, row.get(9)?);
            let at_home = mode != "residential" && mode != "medical";
            Ok(Visit {
                id: row.get(0)?,
                day,
                begin: begin.and_then(|it| u16::try_from(it).ok()),
                minutes: u16::try_from(row.get::<i64>(3)?).unwrap_or(u16::MAX),
                elder: elder.to_string(),
                provider: provider.to_string(),
                carer: row.get(6)?,
                photo: row.get(7)?,
                // In an institution everybody is at one place.
                fix: fix.0.zip(fix.1).filter(|_| at_home),
                least_minutes: least.get(&*service).copied(),
                away: away(elder, day),
            })
        },
    )
}

/// What is known of those whose benefit runs in the month, beside their visits.
fn known(tx: &Tx<'_>, region: &str, first: Date) -> Result<Vec<Known>> {
    let last = first.last_of_month();
    let works_in = workforce::institutions_of_accounts(tx, region, last)?;
    let mut conclusions: HashMap<Id, Vec<Concluded>> = HashMap::new();
    for it in assessment::in_force_of_county(tx, region)? {
        conclusions.entry(it.elder).or_default().push(it);
    }
    let mut all = Vec::new();
    let merged = elders::merged(tx, region)?;
    for (elder, steps) in step::of_county(tx, region, &merged)? {
        let Some(now) = steps.iter().rev().find(|it| it.from <= last) else { continue };
        let (Some(grade), Some(provider)) = (now.grade, now.provider) else { continue };
        let own = conclusions.get(&elder).map_or(&[][..], |it| it);
        let of = |programme: Programme| own.iter().find(|it| it.programme == programme);
        let works_there = |account: &Id| works_in.get(account).is_some_and(|it| it.contains(&provider));
        let assessors = of(Programme::Ltci).map_or(&[][..], |it| &it.assessors);
        all.push(Known {
            elder: elder.to_string(),
            provider: provider.to_string(),
            grade: u8::from(grade),
            ability: of(Programme::Ability).and_then(|it| it.level),
            linked: assessors.iter().filter(|it| works_there(&it.0)).map(|it| it.1.clone()).collect(),
        });
    }
    Ok(all)
}
