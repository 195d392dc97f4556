//! Assessments for programs: the same functions as the pages.

pub mod deeds;

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Result, Said,
    api::{ApiDoc, READ, list_answer},
    form::{Field, Input, Kind, field},
};
use rules::assessment::Facts;
use serde_json::{Value, json};

use super::{
    answers, course, list, onsite,
    pages::new::{self, FIELDS},
    record::{self, Assessment},
    result::score_of,
};
use crate::elders::{Elder, Key};

const SCORE_FIELDS: &[Field] = &[
    field("instrument", "量表编号", Kind::Text(60)).required(),
    field("answers", "答案:条目编号与分值", Kind::LongText(20_000)).required(),
    field("facts", "事实:昏迷、诊断、风险事件、受教育程度", Kind::LongText(4000)),
];

pub const LIST: ApiDoc = ApiDoc {
    summary: "Assessments of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "a word such as assessing, on_notice, effective"),
        ("programme", "ltci, ability, public_health or scale"),
        ("instrument", "an instrument's id"),
        ("place", "region code within your scope"),
        ("work", "mine, open, overdue or late"),
        ("sort", "applied, planned_day or due_day, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc = ApiDoc { summary: "Apply for an assessment, or begin a simple scale", body: FIELDS, ..READ };
pub const SCORE: ApiDoc = ApiDoc {
    summary: "Score answers without keeping them: {instrument, answers: {item: score}, facts: {…}}",
    body: SCORE_FIELDS,
    ..READ
};
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One assessment with answers, result and reasons; the look is noted", ..READ };
pub const ANSWERS: ApiDoc = ApiDoc {
    summary: "Keep answers and facts of an assessment you are sent to: {answers: {item: score}, facts: {…}}",
    ..READ
};
pub const PREVIEW: ApiDoc = ApiDoc { summary: "What the answers so far would give", ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::ASSESSMENTS.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = new::create_from(tx, ask, &input)?;
            json_of(tx, &it, &elder)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "")?;
            json_of(tx, &it, &elder)
        })
        .await?;
    Ok(Json(answer))
}

/// A JSON body that is an object.
fn object(body: &str) -> Result<Value> {
    let wrong = |why: String| Error::invalid("body", Said::new("请求正文不是 JSON:{why}").with("why", why));
    let value: Value = serde_json::from_str(body).map_err(|e| wrong(e.to_string()))?;
    if value.is_object() { Ok(value) } else { Err(Error::invalid("body", "请求正文应是 JSON 对象")) }
}

/// `answers` and `facts` of a body.
fn given(body: &Value) -> Result<(BTreeMap<String, String>, Option<Facts>)> {
    let plain = |(item, score): (&String, &Value)| match score {
        Value::Number(it) => Ok((item.clone(), it.to_string())),
        Value::String(it) => Ok((item.clone(), it.clone())),
        Value::Bool(it) => Ok((item.clone(), it.to_string())),
        _ => Err(Error::invalid(item, Said::new("条目“{item}”的答案应是分值").with("item", item))),
    };
    let answers = match &body["answers"] {
        Value::Object(all) => all.iter().map(plain).collect::<Result<_>>()?,
        Value::Null => BTreeMap::new(),
        _ => return Err(Error::invalid("answers", "“answers”应是条目编号与分值的对象")),
    };
    let facts = match &body["facts"] {
        Value::Null => None,
        it => Some(serde_json::from_value(it.clone()).map_err(|_| Error::invalid("facts", "“facts”应是对象"))?),
    };
    Ok((answers, facts))
}

pub async fn score(ask: Ask, body: String) -> Result<Response> {
    let body = object(&body)?;
    let id = body["instrument"].as_str().unwrap_or_default();
    let Some(instrument) = ask.app.policy.instrument(id) else {
        return Err(Error::invalid("instrument", Said::new("没有编号为“{value}”的量表").with("value", id)));
    };
    let (answers, facts) = given(&body)?;
    let outcome = score_of(instrument, &answers, &facts.unwrap_or_default())?;
    let mut answer = serde_json::to_value(&outcome)?;
    answer["instrument"] = json!(instrument.id);
    answer["edition"] = json!(instrument.edition);
    Ok(Json(answer).into_response())
}

pub async fn answers(ask: Ask, Path(key): Path<String>, body: String) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let (given, facts) = given(&object(&body)?)?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            onsite::check_open(ask, &it)?;
            let instrument = onsite::instrument(ask, &it)?;
            let mut sent = Input::default();
            for (item, score) in &given {
                // An answer to an item that the scale does not have is refused, not passed over.
                answers::save(tx, ask, &it, instrument, item, score)?;
                sent.set(item, score);
            }
            answers::save_sent(tx, ask, &it, instrument, &sent)?;
            if let Some(facts) = &facts {
                answers::save_facts(tx, &it, facts)?;
            }
            record::note(tx, ask, "change", &it, &elder, "answers")?;
            let kept = answers::read(tx, &it)?;
            Ok(json!({"answered": kept.len(), "items": instrument.items.len(), "answers": kept}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn preview(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let outcome = ask
        .read(move |tx, ask| {
            let (it, _) = record::find(tx, &ask.who.scope, &key)?;
            onsite::check_assessor(ask, &it)?;
            onsite::preview(tx, ask, &it)
        })
        .await?;
    Ok(Json(serde_json::to_value(outcome)?))
}

fn json_of(tx: &kit::Tx<'_>, it: &Assessment, elder: &Elder) -> Result<Value> {
    let day = |it: Option<rules::base::Date>| it.map(|it| it.to_string());
    let assessors: Vec<Value> = it
        .assessors
        .iter()
        .filter(|it| it.account.is_some())
        .map(|it| json!({"account": it.account, "name": it.name, "signed": it.signed}))
        .collect();
    let history: Vec<Value> = course::steps(tx, it)?
        .iter()
        .map(|it| {
            json!({"at": it.at, "event": it.event, "from": record::word_of(it.from), "to": record::word_of(it.to),
                         "who": it.who, "reason": it.reason})
        })
        .collect();
    let parsed = |text: Option<&str>| text.map(serde_json::from_str::<Value>).transpose();
    Ok(json!({
        "id": it.key, "elder": elder.key, "name": elder.name, "programme": it.programme.word(),
        "instrument": it.instrument, "edition": it.edition, "digest": it.digest, "reason": it.reason,
        "state": record::word_of(it.state), "applicant": it.applicant, "applied": it.applied, "accepted": it.accepted,
        "due_day": it.due_day, "planned_day": it.planned_day, "assessors": assessors, "started": it.started,
        "ended": it.ended, "facts": parsed(Some(&it.facts))?, "answers": parsed(it.answers.as_deref())?,
        "result": it.result, "level": it.level, "level_name": it.level_name, "because": parsed(Some(&it.because))?,
        "notice_from": day(it.notice_from), "notice_until": day(it.notice_until),
        "objection_until": day(it.objection_until), "valid_from": day(it.valid_from),
        "valid_until": day(it.valid_until), "tier": parsed(it.tier.as_deref())?, "history": history,
        "supersedes": it.supersedes.map(|id| Key { region: it.key.region.clone(), id }),
    }))
}
