//! Indicators for programs.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Lang, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::Input,
    tally::{Indicator, Part, Unit},
};
use serde_json::{Value, json};

use super::{
    figure::{self, Asked, Figure, Shown},
    list::REPORTS as LIST_OF_REPORTS,
    pages::{overview, persons, reports},
    report, series,
};

const WHERE: &[(&str, &str)] = &[
    ("place", "code of a province, city, county, street or village; your own place without it"),
    ("on", "any day of past or future, YYYY-MM-DD; today without it"),
];
pub const LIST: ApiDoc = ApiDoc {
    summary: "Every indicator of a place on a day, with its target and the document that asks for it",
    query: WHERE,
    answer: list_answer,
    ..READ
};
pub const ONE: ApiDoc = ApiDoc {
    summary: "One indicator: its parts, its course by month over three years, and the same of the places directly below",
    query: WHERE,
    ..READ
};
pub const PERSONS: ApiDoc = ApiDoc {
    summary: "The persons or things behind an indicator, and why those are not counted who are not",
    query: &[
        ("place", "code of a place"),
        ("on", "YYYY-MM-DD"),
        ("part", "counted, all (of the denominator) or missing"),
        ("after", "`next` of the page before"),
    ],
    answer: list_answer,
    ..READ
};

pub const REPORTS: ApiDoc =
    ApiDoc { summary: "Reports of your place and the places in it", answer: list_answer, ..READ };
pub const MAKE: ApiDoc =
    ApiDoc { summary: "Freeze every figure of a place as it stands on a day", body: reports::NEW, ..READ };
pub const REPORT: ApiDoc =
    ApiDoc { summary: "One report: its figures, and what cannot be true of those typed by hand", ..READ };
pub const ADD: ApiDoc = ApiDoc { summary: "Add a figure typed by hand", body: reports::TYPED, ..READ };
pub const SEND: ApiDoc = ApiDoc { summary: "Send a report upwards; contradictions need a remark first", ..READ };

/// One indicator as programs and the command line know it.
pub fn item(app: &kit::App, it: &Indicator, asked: &Asked, figure: &Figure) -> Value {
    let shown = Shown::of(Lang::Zh, it, figure);
    let target = figure::target(app, it, &asked.region(app), asked.day);
    let value = match it.unit {
        Unit::Number(_) => json!(figure.numerator),
        _ => figure.hundredths(it.unit).map_or(Value::Null, |it| json!(it as f64 / 100.0)),
    };
    json!({
        "id": it.id,
        "name": it.title,
        "name_en": Lang::En.t(it.title),
        "region": asked.place,
        "on": asked.day,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": value,
        "unit": shown.unit,
        "target": target.map(|it| json!({"at_least": it.at_least.to_string(), "by": it.by})),
        "document": it.document,
        "formula": it.formula,
    })
}

pub async fn list(ask: Ask) -> Result<Json<Value>> {
    let asked = Asked::of(&ask)?;
    let lines = overview::lines(&ask, &asked).await?;
    let items: Vec<Value> = lines.iter().map(|it| item(&ask.app, it.indicator, &asked, &it.figure)).collect();
    Ok(Json(json!({"items": items, "total": items.len(), "next": null})))
}

pub async fn one(ask: Ask, Path(id): Path<String>) -> Result<Json<Value>> {
    let it = figure::find(&ask.app, &id)?;
    let asked = Asked::of(&ask)?;
    let answer = ask
        .read(move |tx, ask| {
            let at = asked.at();
            let mut answer = item(&ask.app, it, &asked, &figure::read(tx, it, &at, asked.day)?);
            let plain = |figure: &Figure| json!({"numerator": figure.numerator, "denominator": figure.denominator});
            let course = series::over(tx, it, &at, &series::months(asked.day, 36))?;
            answer["course"] = course
                .iter()
                .map(|(day, figure)| {
                    let mut point = plain(figure);
                    point["on"] = json!(day);
                    point
                })
                .collect();
            let places = series::below(tx, &ask.app, it, &asked)?;
            answer["places"] = places
                .iter()
                .map(|(code, figure)| {
                    let mut place = plain(figure);
                    place["place"] = json!(code);
                    place
                })
                .collect();
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn persons(ask: Ask, Path(id): Path<String>) -> Result<Json<Value>> {
    let it = figure::find(&ask.app, &id)?;
    let asked = Asked::of(&ask)?;
    let (part, after) = (persons::part(&ask)?, ask.param("after").and_then(persons::begin));
    let answer = ask
        .write(move |tx, ask| {
            let (lines, next) = persons::lines(tx, ask, it, part, &asked, after.as_ref(), 200)?;
            let figure = figure::read(tx, it, &asked.at(), asked.day)?;
            persons::note(tx, ask, it, &asked, "look", lines.len())?;
            let items: Vec<Value> = lines.iter().map(person).collect();
            let whole = figure.denominator.unwrap_or(figure.numerator);
            let total = match part {
                Part::Counted => figure.numerator,
                Part::All => whole,
                Part::Missing => whole - figure.numerator,
            };
            Ok(json!({"items": items, "total": total, "next": next}))
        })
        .await?;
    Ok(Json(answer))
}

/// Every thing of a part, page after page.
pub fn everybody(tx: &Tx<'_>, ask: &Ask, it: &Indicator, part: Part, asked: &Asked) -> Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (lines, next) = persons::lines(tx, ask, it, part, asked, after.as_ref(), 5_000)?;
        all.extend(lines.iter().map(person));
        after = next.as_deref().and_then(persons::begin);
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn person(line: &persons::Line) -> Value {
    json!({
        "region": line.member.region,
        "id": line.member.id,
        "name": line.named.as_ref().map(|it| &it.title),
        "place": line.named.as_ref().map(|it| &it.place),
        "why": line.why,
    })
}

pub async fn reports(ask: Ask) -> Result<Response> {
    LIST_OF_REPORTS.json(&ask).await
}

pub async fn make(ask: Ask, input: Input) -> Result<Json<Value>> {
    let key = reports::make(&ask, &input).await?;
    Ok(Json(told(&reports::read(&ask, key).await?)))
}

pub async fn report(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    Ok(Json(told(&reports::read(&ask, key.parse()?).await?)))
}

pub async fn add(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let (key, typed): (report::Key, _) = (key.parse()?, reports::typed(&input)?);
    let at = key.clone();
    ask.write(move |tx, ask| report::add(tx, ask, &report::find(tx, ask, &at)?, &typed)).await?;
    Ok(Json(told(&reports::read(&ask, key).await?)))
}

pub async fn send(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: report::Key = key.parse()?;
    let at = key.clone();
    ask.write(move |tx, ask| report::send(tx, ask, &report::find(tx, ask, &at)?)).await?;
    Ok(Json(told(&reports::read(&ask, key).await?)))
}

fn told(whole: &reports::Whole) -> Value {
    let report = &whole.report;
    let lines: Vec<Value> = whole
        .lines
        .iter()
        .map(|it| {
            json!({"nth": it.nth, "indicator": it.indicator, "title": it.title, "numerator": it.numerator,
                   "denominator": it.denominator, "printed": it.printed, "typed": it.is_typed, "remark": it.remark})
        })
        .collect();
    let findings: Vec<Value> = whole
        .findings
        .iter()
        .map(|(it, nths)| json!({"kind": it.kind, "lines": nths, "why": it.text.zh, "why_en": it.text.en}))
        .collect();
    json!({"key": report.key.to_string(), "place": report.place, "on": report.day, "title": report.title,
           "state": report.state, "remark": report.remark, "lines": lines, "findings": findings})
}
