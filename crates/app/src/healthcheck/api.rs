//! Checks for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Result, Said, Tx,
    api::{ApiDoc, READ, list_answer},
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use serde_json::{Value, json};

use super::{
    calls, course, list, pages,
    record::{self, Check},
    values, words,
};
use crate::elders::{self, Key};

/// What begins a check.
pub const BEGIN_FIELDS: &[Field] =
    &[field("elder", "老人", Kind::Text(40)).required(), field("day", "体检日期", Kind::Date).help("不填为今天。")];
/// What ends it.
pub const FINISH_FIELDS: &[Field] =
    &[field("reason", "没做的原因", Kind::LongText(200)).help("有分项没做时填写,例如老人拒绝抽血。")];
pub const REOPEN_FIELDS: &[Field] = &[field("reason", "退回的原因", Kind::LongText(200)).required()];
/// What came of a call.
pub const CALL_FIELDS: &[Field] = &[
    field("result", "联系结果", Kind::Choice(words::CALL_RESULTS)).required(),
    field("planned_day", "约定日期", Kind::Date).help("约好了的填写。"),
    field("note", "说明", Kind::Text(200)),
];

pub const LIST: ApiDoc = ApiDoc {
    summary: "Health checks of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "open or finished"),
        ("finding", "urgent, abnormal or none"),
        ("whole", "complete, incomplete or short"),
        ("year", "calendar year"),
        ("place", "region code within your scope"),
        ("sort", "day, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const DUE: ApiDoc = ApiDoc {
    summary: "Elders whose yearly check is due, with what came of calls",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("when", "late, month, or a month as 2026-03"),
        ("call", "none, agreed, no_answer or declined"),
        ("team", "part of the name of the family-doctor team they are signed with"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const BEGIN: ApiDoc =
    ApiDoc { summary: "Begin this year's check of an elder, or go on with it", body: BEGIN_FIELDS, ..READ };
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One check with its values, what is missing and what was found; the look is noted", ..READ };
pub const VALUES: ApiDoc = ApiDoc {
    summary: "Keep values of a check: {item: text}; what does not fit is refused field by field and nothing of it kept",
    ..READ
};
pub const FINISH: ApiDoc = ApiDoc { summary: "Finish a check", body: FINISH_FIELDS, ..READ };
pub const REOPEN: ApiDoc = ApiDoc { summary: "Open a finished check again", body: REOPEN_FIELDS, ..READ };
pub const CALL: ApiDoc =
    ApiDoc { summary: "Note what came of a call to an elder who is due", body: CALL_FIELDS, ..READ };
pub const RATES: ApiDoc = ApiDoc {
    summary: "Managed and complete by the places directly below one",
    query: &[("place", "region code within your scope; your own place without it"), ("on", "day; today without it")],
    answer: list_answer,
    ..READ
};

pub async fn list(ask: Ask) -> Result<Response> {
    list::CHECKS.json(&ask).await
}

pub async fn due(ask: Ask) -> Result<Response> {
    list::DUE.json(&ask).await
}

pub async fn begin(ask: Ask, input: Input) -> Result<Json<Value>> {
    let checked = kit_form::check(BEGIN_FIELDS, &input, &Options::new())?;
    let key: Key = checked.text("elder").parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let day = checked.date("day").unwrap_or_else(|| ask.today());
            let check = course::begin(tx, ask, &key, day)?;
            json_of(tx, &check)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (check, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &check, &elder, "")?;
            json_of(tx, &check)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn values(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let changes: values::Changes =
        input.names().map(|name| (name.to_string(), input.all(name).join(" ").trim().to_string())).collect();
    let answer = ask
        .write(move |tx, ask| {
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            let (saved, wrong) = course::save(tx, ask, &mut check, &elder, &changes, None)?;
            // A program is told of everything at once, and tries again.
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let mut answer = json_of(tx, &check)?;
            answer["saved"] = json!(saved);
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn finish(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let reason = kit_form::check(FINISH_FIELDS, &input, &Options::new())?.text("reason");
    let answer = ask
        .write(move |tx, ask| {
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::finish(tx, ask, &mut check, &elder, &reason)?;
            json_of(tx, &check)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let reason = kit_form::check(REOPEN_FIELDS, &input, &Options::new())?.text("reason");
    let answer = ask
        .write(move |tx, ask| {
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::reopen(tx, ask, &mut check, &elder, &reason)?;
            json_of(tx, &check)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn call(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let checked = kit_form::check(CALL_FIELDS, &input, &Options::new())?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            calls::add(tx, ask, &elder, &checked.text("result"), checked.date("planned_day"), &checked.text("note"))?;
            let calls: Vec<Value> = calls::of(tx, &key)?
                .iter()
                .map(|it| {
                    json!({"at": it.at, "result": it.result, "planned_day": it.planned_day, "note": it.note, "who": it.who})
                })
                .collect();
            Ok(json!({"elder": key, "calls": calls}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn rates(ask: Ask) -> Result<Json<Value>> {
    let day = match ask.param("on") {
        None => ask.today(),
        Some(text) => {
            text.parse().map_err(|_| Error::invalid("on", Said::new("“{value}”不是日期").with("value", text)))?
        }
    };
    let rates = ask.read(move |tx, ask| pages::rates::load(tx, ask, day)).await?;
    let items: Vec<Value> = rates
        .rows
        .iter()
        .map(|it| {
            json!({"place": it.place, "name": it.name, "elders_65": it.all, "managed": it.managed, "complete": it.complete})
        })
        .collect();
    Ok(Json(json!({"total": items.len(), "items": items, "next": null, "on": day})))
}

fn json_of(tx: &Tx<'_>, check: &Check) -> Result<Value> {
    let sections = values::sections(tx, &check.key)?;
    let about: serde_json::Map<String, Value> = sections
        .iter()
        .map(|(word, it)| (word.clone(), json!({"who": it.who, "at": it.at, "sources": it.sources})))
        .collect();
    let mut all = values::joined(&sections);
    all.extend(values::answers(&sections));
    Ok(record::json_of(check, &all, &Value::Object(about)))
}
