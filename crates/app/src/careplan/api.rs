//! Care plans for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    coming, course,
    line::{self, Line},
    list, outside,
    pages::{compare as comparing, deeds, edit, new, sign as signing},
    record::{self, Plan},
    sign as signatures, words,
};
use crate::elders::{Elder, Key};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Care plans of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "draft, agreed, in_force or ended"),
        ("phase", "treatment, recovery, stable or hospice"),
        ("review", "late or month"),
        ("place", "region code within your scope"),
        ("sort", "review, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const WITHOUT: ApiDoc = ApiDoc {
    summary: "Elders with a tier of care and no plan",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("tier", "this tier and above, 1 to 4"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc =
    ApiDoc { summary: "Draft a plan from what is known of an elder", body: new::API_FIELDS, ..READ };
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One plan with its lines, versions and signatures; the look is noted", ..READ };
pub const WEEKS: ApiDoc = ApiDoc { summary: "The coming weeks: what is owed, and the visits that do it", ..READ };
pub const COMPARE: ApiDoc = ApiDoc {
    summary: "Two versions side by side",
    query: &[("a", "the version before"), ("b", "the version after, the newest without it")],
    ..READ
};
pub const ADD: ApiDoc = ApiDoc { summary: "Add a line; makes a version", body: edit::ADD, ..READ };
pub const CHANGE: ApiDoc = ApiDoc { summary: "Change a line; makes a version", body: edit::CHANGE, ..READ };
pub const DROP: ApiDoc = ApiDoc { summary: "Drop a line; makes a version", body: edit::DROP, ..READ };
pub const SIGNED: ApiDoc = ApiDoc { summary: "Sign the newest version", body: signing::API_FIELDS, ..READ };
pub const PHASE: ApiDoc = ApiDoc { summary: "Another phase from today on", body: deeds::PHASE, ..READ };
pub const REVIEW: ApiDoc = ApiDoc { summary: "Note a review of the plan", body: deeds::REVIEW, ..READ };
pub const START: ApiDoc = ApiDoc { summary: "Begin an agreed plan today", ..READ };
pub const END: ApiDoc = ApiDoc { summary: "End a plan", body: deeds::END, ..READ };
pub const VISIT: ApiDoc = ApiDoc { summary: "Plan one of the visits proposed", body: deeds::VISIT, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::PLANS.json(&ask).await
}

pub async fn without(ask: Ask) -> Result<Response> {
    list::WITHOUT.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let it = new::create_from(tx, ask, &input)?;
            json_of(tx, &it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    deed(ask, key, |tx, ask, it, elder| record::note(tx, ask, "look", it, elder, "")).await
}

pub async fn weeks(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "weeks")?;
            let coming = coming::weeks(tx, ask, &it, &elder)?;
            let weeks: Vec<Value> = coming.weeks.iter().map(week_json).collect();
            let owed: Vec<Value> = coming.owed.values().map(owed_json).collect();
            let outside: Vec<Value> = outside::of(tx, &elder.key)?
                .iter()
                .map(|it| json!({"source": it.source, "service": it.service, "times": it.times, "every": words::every_word(it.every)}))
                .collect();
            Ok(json!({"weeks": weeks, "owed": owed, "covered": coming.covered, "promised_outside": outside}))
        })
        .await?;
    Ok(Json(answer))
}

fn week_json(it: &coming::Week) -> Value {
    let visits: Vec<Value> = it
        .joined
        .visits
        .iter()
        .map(|it| {
            json!({"day": it.day.to_string(), "by": it.by.word(), "place": it.place.word(), "minutes": it.minutes, "dues": it.dues})
        })
        .collect();
    let apart: Vec<Value> = it
        .joined
        .apart
        .iter()
        .map(|(a, b, why)| json!({"visits": [a, b], "why": why.text().zh, "why_en": why.text().en}))
        .collect();
    let planned: Vec<Value> = it
        .planned
        .iter()
        .map(|(one, title)| json!({"due": one.due, "title": title, "day": one.day.to_string(), "who": one.who, "visit": one.visit}))
        .collect();
    json!({"monday": it.monday.to_string(), "visits": visits, "apart": apart, "planned": planned})
}

fn owed_json(it: &coming::Owed) -> Value {
    json!({
        "id": it.due.id, "title": it.title, "from": it.due.from.to_string(), "by": it.due.by.to_string(), "late": it.late,
        "payer": it.payer.word(), "place": it.due.place.word(), "minutes": it.due.minutes,
        "can": it.due.can.iter().map(|it| it.word()).collect::<Vec<_>>(),
    })
}

pub async fn compare(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "versions")?;
            let (a, b) = comparing::asked(ask, it.version);
            let pairs = line::compare(tx, &key, a, b)?;
            let pairs: Vec<Value> = pairs
                .iter()
                .map(|it| {
                    json!({"what": it.what(), "before": it.before.as_ref().map(line_json), "after": it.after.as_ref().map(line_json)})
                })
                .collect();
            Ok(json!({"before": a, "after": b, "lines": pairs}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn add(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| edit::add_by(tx, ask, it, elder, &input).map(|_| ())).await
}

pub async fn change(ask: Ask, Path((key, number)): Path<(String, i64)>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| edit::change_by(tx, ask, it, elder, number, &input)).await
}

pub async fn drop(ask: Ask, Path((key, number)): Path<(String, i64)>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| edit::drop_by(tx, ask, it, elder, number, &input)).await
}

pub async fn sign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let it = signing::sign_by(&ask, key.parse()?, input, None).await?;
    let answer = ask.read(move |tx, _| json_of(tx, &it)).await?;
    Ok(Json(answer))
}

pub async fn phase(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| deeds::phase_by(tx, ask, it, elder, &input)).await
}

pub async fn review(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| deeds::review_by(tx, ask, it, elder, &input)).await
}

pub async fn start(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    deed(ask, key, course::start).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| deeds::end_by(tx, ask, it, elder, &input)).await
}

pub async fn visit(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| deeds::visit_by(tx, ask, it, elder, &input).map(|_| ())).await
}

/// Does something with a plan and answers it.
async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &mut Plan, &Elder) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            work(tx, ask, &mut it, &elder)?;
            json_of(tx, &it)
        })
        .await?;
    Ok(Json(answer))
}

fn line_json(it: &Line) -> Value {
    json!({
        "line": it.number, "kind": it.kind, "code": it.code, "title": it.title, "title_en": it.title_en, "times": it.times,
        "every": words::every_word(it.every), "by": it.by.iter().map(|it| it.word()).collect::<Vec<_>>(),
        "payer": it.payer.word(), "place": it.place.word(), "minutes": it.minutes, "why": it.why, "why_en": it.why_en,
    })
}

fn json_of(tx: &Tx<'_>, it: &Plan) -> Result<Value> {
    let lines: Vec<Value> = line::of(tx, &it.key, it.version)?.iter().map(line_json).collect();
    let versions: Vec<Value> = record::versions(tx, &it.key)?
        .iter()
        .map(|it| {
            json!({"version": it.number, "day": it.day.to_string(), "kind": it.kind, "phase": it.phase.word(),
                   "review": it.review.to_string(), "reason": it.reason, "who": it.who, "at": it.at})
        })
        .collect();
    let signatures: Vec<Value> = signatures::of(tx, &it.key)?
        .iter()
        .map(|it| json!({"version": it.version, "role": it.role, "name": it.name, "at": it.at}))
        .collect();
    let day = |it: Option<rules::base::Date>| it.map(|it| it.to_string());
    Ok(json!({
        "id": it.key, "elder": it.elder_key(), "state": it.state, "phase": it.phase.word(), "version": it.version,
        "from": day(it.from), "until": day(it.until), "review": it.review.to_string(), "wishes": it.wishes,
        "ended_reason": it.ended_reason, "lines": lines, "versions": versions, "signatures": signatures,
    }))
}
