//! A visit moved by hand on the board: what it would break and cost, and the move itself.

use std::collections::HashMap;

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{Ask, Error, Result, Tx, form::Input, page::Page};
use serde_json::{Value, json};

use super::show;
use crate::{
    dispatch::{
        draft::Move,
        gather::DAY,
        kept::{self, Kept},
        sight::Sight,
    },
    elders::Key,
};

pub async fn try_it(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    let key: Key = key.parse()?;
    let told = ask
        .read(move |tx, ask| {
            let now = Sight::find(tx, ask, &key)?;
            let then = after(ask, &now, &several(&input)?)?;
            Ok(compared(ask, &now, &then))
        })
        .await?;
    Ok(Json(told).into_response())
}

pub async fn do_it(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = key.clone();
    ask.write(move |tx, ask| {
        let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
        moved(tx, ask, it, &several(&input)?)
    })
    .await?;
    show::part(&ask, shown).await
}

/// Moves a visit and keeps the draft.
pub fn moved(tx: &Tx<'_>, ask: &Ask, it: Kept, all: &[Move]) -> Result<()> {
    let now = Sight::of(tx, ask, it)?;
    let then = after(ask, &now, all)?;
    let first = all.first().ok_or(Error::NotFound)?;
    let visit = now.built.visit(first.visit).ok_or(Error::NotFound)?;
    let said = format!("move {}", now.built.planned(&now.facts, visit).name);
    let new = kept::Change { draft: &then.kept.draft, figures: &then.figures, said: &said, who: &ask.who.name };
    kept::change(tx, ask.now, &now.kept, &new)
}

/// The moves of a form: one person's part, or both of a visit of two.
pub fn several(input: &Input) -> Result<Vec<Move>> {
    let of = |name: &str, nth: usize| input.all(name).get(nth).map_or("", |it| it.as_str());
    let named = |name: &str, nth: usize| Some(of(name, nth)).filter(|it| !it.is_empty());
    (0..input.all("visit").len().clamp(1, 2))
        .map(|nth| {
            Ok(Move {
                visit: of("visit", nth).parse().map_err(|_| Error::NotFound)?,
                part: of("part", nth).parse().unwrap_or(0),
                tour: named("staff", nth).map(str::to_string),
                before: named("before", nth).map(str::parse).transpose().map_err(|_| Error::NotFound)?,
            })
        })
        .collect()
}

fn after(ask: &Ask, now: &Sight, all: &[Move]) -> Result<Sight> {
    let mut draft = now.kept.draft.clone();
    for to in all {
        draft = draft.moved(&now.built, to)?;
    }
    let then = now.with(ask, draft)?;
    // The order is by time: what was moved stands between its neighbours from now on.
    let stops = then.arranged();
    Ok(Sight { kept: Kept { draft: stops, ..then.kept.clone() }, ..then })
}

/// What a move does, in words: faults that were not there before, and what becomes better or worse.
fn compared(ask: &Ask, now: &Sight, then: &Sight) -> Value {
    let told = then.told(ask);
    let before: Vec<String> = now.faults.iter().map(|it| now.told(ask).fault(it)).collect();
    let mut faults: Vec<String> =
        then.faults.iter().map(|it| told.fault(it)).filter(|it| !before.contains(it)).collect();
    faults.dedup();
    let pairs = [
        ("路程 {n} 分", now.figures.way_minutes, then.figures.way_minutes),
        ("迟到 {n} 分", now.figures.late_minutes, then.figures.late_minutes),
        ("加班 {n} 分", now.figures.overtime_minutes, then.figures.overtime_minutes),
        ("等候 {n} 分", now.figures.wait_minutes, then.figures.wait_minutes),
        ("未排上 {n} 次", now.figures.left, then.figures.left),
        ("熟悉的人上门 {n} 次", now.figures.known, then.figures.known),
        ("与已通知的不同 {n} 次", now.figures.changed, then.figures.changed),
    ];
    let mut lines: Vec<String> = pairs
        .iter()
        .filter(|(_, before, after)| before != after)
        .map(|(said, before, after)| ask.f(said, &[("n", &format!("{:+}", after - before))]))
        .collect();
    if lines.is_empty() && faults.is_empty() {
        lines.push(ask.t("没有影响").to_string());
    }
    let starts = |it: &Sight| -> HashMap<(String, usize), i64> {
        let stops = it.plan.routes.iter().flat_map(|route| &route.stops);
        stops
            .flat_map(|stop| {
                let id = it.built.planned(&it.facts, stop.visit).visit.key.id.to_string();
                stop.parts.iter().map(move |part| ((id.clone(), *part), stop.start))
            })
            .collect()
    };
    let was = starts(now);
    let mut moved: Vec<Value> = starts(then)
        .into_iter()
        .filter(|(key, start)| was.get(key).is_some_and(|it| it != start))
        .map(|((visit, part), start)| json!({"visit": visit, "part": part, "from": (start + 30).rem_euclid(DAY) / 60}))
        .collect();
    moved.sort_by_key(Value::to_string);
    json!({"fine": faults.is_empty(), "lines": lines, "faults": faults, "shift": moved})
}
