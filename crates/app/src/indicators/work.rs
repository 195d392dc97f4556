//! What indicators put on the workbench, into the search, and do by night.

use kit::{
    App, Ask, Error, Result, Tx,
    jobs::{Job, Running, Work},
    module::{Due, Figure, Found, Urgency},
    tally::{self, Unit},
};
use serde_json::{Value, json};

use super::figure::{self, Asked};

/// The kind of the recounting job.
pub const RECOUNT: &str = "indicators.recount";

/// So many counties are counted beside each other.
const AT_ONCE: usize = 2;

/// So many differences a recount keeps in its result.
const KEPT: usize = 1_000;

/// Differences that a recount found are ours to mend.
pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(super::RECOUNT) {
        return Ok(Vec::new());
    }
    let wrong = last(tx)?.and_then(|it| it.1["wrong"].as_i64()).unwrap_or(0);
    if wrong == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Due {
        urgency: Urgency::Wrong,
        title: ask.t("指标核对有差异").to_string(),
        note: ask.t("统计数与原始记录不一致").to_string(),
        link: "/indicators/recount".into(),
        icon: "bar-chart",
        count: wrong,
    }])
}

/// The shares that a target is set for, furthest from it first.
const SHOWN: usize = 3;

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(super::READ) || ask.who.scope.organisation.is_some() || ask.who.scope.persons.is_some() {
        return Ok(Vec::new());
    }
    let asked = Asked { place: ask.who.scope.place.clone(), scope: ask.who.scope.clone(), day: ask.today() };
    let (region, at) = (asked.region(&ask.app), asked.at());
    let (mut all, mut numbers) = (Vec::new(), figure::Numbers::new(&at, asked.day));
    for it in figure::all(&ask.app, &region, asked.day) {
        let Some(target) = figure::target(&ask.app, it, &region, asked.day).filter(|_| it.unit == Unit::Share) else {
            continue;
        };
        let read = numbers.of(tx, it)?;
        let shown = figure::Shown::of(ask.lang, it, &read);
        all.push(Figure {
            label: ask.t(it.title).to_string(),
            value: figure::lacking(&target, &read),
            unit: ask.t("人未达").to_string(),
            note: ask.f("现为 {value} %,目标 {target}", &[("value", &shown.value), ("target", &target.at_least)]),
            link: format!("/indicators/{}", it.id),
        });
    }
    all.sort_by_key(|it| -it.value);
    all.truncate(SHOWN);
    Ok(all)
}

pub fn search(_: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Found>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let wanted = wanted.to_lowercase();
    let region = &ask.who.scope.place;
    let found = figure::all(&ask.app, region, ask.today()).into_iter().filter(|it| {
        it.id.contains(&wanted) || it.title.contains(&wanted) || ask.t(it.title).to_lowercase().contains(&wanted)
    });
    Ok(found
        .map(|it| Found {
            group: "指标",
            title: ask.t(it.title).to_string(),
            note: ask.t(it.formula).to_string(),
            link: format!("/indicators/{}", it.id),
        })
        .collect())
}

pub const JOBS: &[Work] = &[Work { kind: RECOUNT, title: "核对指标", run: recount, every_minutes: Some(24 * 60) }];

/// When the last recount ended, and what it found.
pub fn last(tx: &Tx<'_>) -> Result<Option<(String, Value)>> {
    kit::jobs::last_result(tx, RECOUNT)
}

/// Compares every county with its facts; puts right what differs where that was asked for.
fn recount(app: App, job: Job) -> Running {
    Box::pin(async move {
        let is_repair = job.body["repair"].as_bool().unwrap_or(false);
        let counties = app.db.read(tally::counties).await?;
        let (mut differences, mut wrong, mut things, mut repaired) = (Vec::new(), 0, 0, 0);
        for (done, some) in counties.chunks(AT_ONCE).enumerate() {
            for county in some.iter().filter(|_| is_repair) {
                let (for_repair, region) = (app.clone(), county.clone());
                repaired += app.db.write(move |tx| tally::repair(tx, &for_repair, &region)).await?;
            }
            let count = |county: &String| {
                let (for_recount, region, db) = (app.clone(), county.clone(), app.db.clone());
                tokio::spawn(async move { db.read(move |tx| tally::recount(tx, &for_recount, &region)).await })
            };
            let counted: Vec<_> = some.iter().map(count).collect();
            for it in counted {
                let (found, looked) = it.await.map_err(Error::internal)??;
                wrong += found.len();
                things += looked;
                differences.extend(found.into_iter().take(KEPT.saturating_sub(differences.len())));
            }
            let done = counties.len().min((done + 1) * AT_ONCE);
            kit::jobs::progress(&app, job.id, done as i64, counties.len() as i64).await?;
        }
        if 0 < wrong {
            tracing::error!("a recount found {wrong} differences");
        }
        Ok::<Value, Error>(json!({"wrong": wrong, "things": things, "repaired": repaired, "differences": differences}))
    })
}
