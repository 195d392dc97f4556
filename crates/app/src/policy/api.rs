//! Policy for programs: values in force, histories, instruments, scoring.

use axum::{Json, extract::Path};
use kit::{
    Ask, Error, Result, Said,
    api::{ApiDoc, READ, list_answer},
    error::FieldError,
};
use rules::{
    assessment::{self, Answers, Facts, Instrument, Scored},
    cases,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{asked::Asked, proof, values, words};

const WHERE: &[(&str, &str)] = &[
    ("region", "region code of 6 digits; your own county without it"),
    ("on", "any day, YYYY-MM-DD; today without it"),
];
pub const VALUES: ApiDoc = ApiDoc {
    summary: "Policy values in force in a region on a day, each with its document; `no_policy` where there is none, never 0",
    query: WHERE,
    answer: list_answer,
    ..READ
};
pub const PARAM: ApiDoc = ApiDoc {
    summary: "One parameter: the value in force, its history in every region, the cases that prove it",
    query: WHERE,
    ..READ
};
pub const INSTRUMENTS: ApiDoc = ApiDoc { summary: "Assessment scales", answer: list_answer, ..READ };
pub const INSTRUMENT: ApiDoc = ApiDoc {
    summary: "One scale: items with options, totals with bands, levels, how well each part is confirmed",
    query: &[("edition", "the newest without it")],
    ..READ
};
pub const SCORE: ApiDoc = ApiDoc {
    summary: "Score answers: {\"answers\": {item: score, …}, \"facts\": {…}}; missing or unknown answers are refused by item",
    ..READ
};

pub async fn values(ask: Ask) -> Result<Json<Value>> {
    let asked = Asked::of(&ask)?;
    let topics = values::topics(&ask.app.policy, &asked, None);
    let items: Vec<Value> = topics.iter().flat_map(|topic| &topic.params).map(|it| item(&ask, it)).collect();
    Ok(Json(json!({
        "region": asked.region.to_string(), "region_name": asked.region_name, "on": asked.day,
        "digest": ask.app.policy.digest(), "total": items.len(), "items": items, "next": null,
    })))
}

pub async fn param(ask: Ask, Path((topic, name)): Path<(String, String)>) -> Result<Json<Value>> {
    let asked = Asked::of(&ask)?;
    let library = &ask.app.policy;
    let param = values::one(library, &asked, &topic, &name).ok_or(Error::NotFound)?;
    let app = ask.app.clone();
    let outcomes = tokio::task::spawn_blocking(move || proof::run(&app)).await.map_err(Error::internal)?;
    let (mut cases, mut rules) = (Vec::new(), Vec::new());
    if let Ok(outcomes) = &outcomes {
        let proving = cases::proving(outcomes, &topic, &name).into_iter();
        cases =
            proving.map(|it| json!({"file": it.file, "rule": it.rule, "name": it.name, "passed": it.passed})).collect();
        rules = proof::rules_that_read(outcomes, &topic, &name);
    }
    let mut answer = item(&ask, &param);
    answer["histories"] = json!(library.histories(&topic, &name));
    answer["cases"] = json!(cases);
    answer["rules"] = json!(rules);
    Ok(Json(answer))
}

fn item(ask: &Ask, it: &values::Param) -> Value {
    let planned: Vec<Value> =
        it.planned.iter().map(|(region, entry)| json!({"region_name": region, "entry": entry})).collect();
    let mut item = json!({"topic": it.topic, "param": it.name, "about": it.about, "planned": planned});
    match &it.found {
        Ok(because) => {
            item["value"] = json!(because);
            item["document"] = json!(because.document.as_deref().and_then(|id| ask.app.policy.document(id)));
            item["no_policy"] = Value::Null;
        }
        Err(none) => {
            item["value"] = Value::Null;
            item["document"] = Value::Null;
            item["no_policy"] = json!({"said": words::text(ask, &none.text()), "repealed": none.repealed});
        }
    }
    item
}

pub async fn instruments(ask: Ask) -> Result<Json<Value>> {
    let items: Vec<Value> = ask.app.policy.instruments().iter().map(brief).collect();
    Ok(Json(json!({"total": items.len(), "items": items, "next": null})))
}

pub async fn instrument(ask: Ask, Path(id): Path<String>) -> Result<Json<Value>> {
    let it = find(&ask, &id)?;
    let mut answer = brief(it);
    let parts: Vec<Value> = it
        .parts()
        .iter()
        .zip(it.totals())
        .map(|(part, total)| {
            let items: Vec<&str> = part.items.iter().map(|at| &*it.items[*at].id).collect();
            let bands: Vec<Value> = part
                .bands
                .iter()
                .map(|band| json!({"first": band.first, "last": band.last, "level": band.level}))
                .collect();
            json!({"total": total, "items": items, "bands": bands})
        })
        .collect();
    answer["items"] = json!(it.items);
    answer["parts"] = json!(parts);
    answer["levels"] = json!(it.levels());
    answer["matrix"] =
        it.grid().map_or(Value::Null, |it| json!({"row": it.row, "columns": it.columns, "cells": it.cells}));
    answer["notes"] = json!(it.notes);
    answer["basis"] = json!({"document": it.basis.document(), "clause": it.basis.clause()});
    Ok(Json(answer))
}

fn brief(it: &Instrument) -> Value {
    json!({"id": it.id, "edition": it.edition, "name": it.name, "name_en": it.name_en, "direction": it.direction,
           "licence": it.licence, "digest": it.digest(), "items": it.items.len(), "confirmed": it.confirmed()})
}

/// The edition the address asks for, or the newest.
pub fn find<'a>(ask: &'a Ask, id: &str) -> Result<&'a Instrument> {
    let library = &ask.app.policy;
    match ask.param("edition") {
        Some(edition) => library.instrument_edition(id, edition),
        None => library.instrument(id),
    }
    .ok_or(Error::NotFound)
}

/// What is sent to be scored, as `yiyang score` reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    answers: Answers,
    #[serde(default)]
    facts: Facts,
}

pub async fn score(ask: Ask, Path(id): Path<String>, body: axum::body::Bytes) -> Result<Json<Scored>> {
    let instrument = find(&ask, &id)?;
    let sheet: Sheet = serde_json::from_slice(&body).map_err(|e| {
        Error::invalid("body", Said::new("请求正文应是由 answers 和 facts 两个对象组成的 JSON:{why}").with("why", e))
    })?;
    let scored = assessment::score(instrument, &sheet.answers, &sheet.facts);
    let wrong = |it: &assessment::BadAnswer| FieldError { field: it.field().to_string(), said: it.text().into() };
    scored.map(Json).map_err(|bad| Error::Invalid(bad.iter().map(wrong).collect()))
}
