//! Visits for programs: planned, told, looked at, put right.

use axum::{Json, body::Bytes, extract::Path, response::Response};
use kit::{
    Ask, Error, Id, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    error::FieldError,
    form::Input,
    import::Taken,
};
use serde_json::{Value, json};

use super::{
    correction, follow, list,
    pages::{deeds, plan as planning},
    plan as planned,
    record::{self, Visit},
    written,
};
use crate::elders::{self, Key};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Visits of your scope",
    query: &[
        ("q", "part of the elder's name, or pinyin initials"),
        ("state", "planned, under_way, done, missed, cancelled or late"),
        ("verdict", "verified, incomplete or doubtful"),
        ("place", "region code within your scope"),
        ("from", "first day"),
        ("until", "last day"),
        ("sort", "day, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const PLAN: ApiDoc = ApiDoc {
    summary: "Plan a visit: {elder, service, day, …}; it joins one that is planned for that day",
    body: planning::API_FIELDS,
    ..READ
};
pub const RECORDS: ApiDoc = ApiDoc {
    summary: "Visits of another vendor, one or many as `records`: the same checks as for ours; the same number again changes nothing",
    body: written::FIELDS,
    ..READ
};
pub const ALARMS: ApiDoc = ApiDoc {
    summary: "Calls for help of staff",
    query: &[("state", "open, taken or closed"), ("after", "`next` of the page before")],
    answer: list_answer,
    ..READ
};
pub const PHONES: ApiDoc = ApiDoc {
    summary: "Phones with what they have not sent",
    query: &[("state", "open, revoked or unsent"), ("after", "`next` of the page before")],
    answer: list_answer,
    ..READ
};
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One visit with its evidence, checks and what it wrote; the look is noted", ..READ };
pub const CANCEL: ApiDoc = ApiDoc { summary: "Cancel a planned visit", body: deeds::CANCEL, ..READ };
pub const MISSED: ApiDoc = ApiDoc { summary: "Nobody could be served", body: deeds::MISSED, ..READ };
pub const CORRECT: ApiDoc = ApiDoc { summary: "Say what is to be put right", body: deeds::CORRECT, ..READ };
pub const DECIDE: ApiDoc =
    ApiDoc { summary: "Confirm or refuse what somebody else put right", body: deeds::DECIDE, ..READ };

/// So many visits one request may bring.
const MOST: usize = 2_000;

pub async fn list(ask: Ask) -> Result<Response> {
    list::VISITS.json(&ask).await
}

pub async fn alarms(ask: Ask) -> Result<Response> {
    list::ALARMS.json(&ask).await
}

pub async fn phones(ask: Ask) -> Result<Response> {
    list::PHONES.json(&ask).await
}

pub async fn plan(ask: Ask, input: Input) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let elder: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "没有这位老人"))?;
            let elder = elders::find_living(tx, &ask.who.scope, &elder)?;
            let key = planning::plan(tx, ask, &elder, &input)?;
            json_of(tx, ask, &record::by_key(tx, &key)?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn records(ask: Ask, body: Bytes) -> Result<Json<Value>> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Error::invalid("body", "请求正文应是 JSON 对象"))?;
    let Some(all) = body.get("records") else {
        let input = Input::from_json(&body)?;
        let answer = ask
            .write(move |tx, ask| {
                let (key, taken) = written::take(tx, ask, &input)?;
                Ok(json!({"id": key, "taken": word(taken)}))
            })
            .await?;
        return Ok(Json(answer));
    };
    let all = all.as_array().filter(|it| it.len() <= MOST).cloned();
    let all = all.ok_or_else(|| Error::invalid("records", "“records”应是列表,最多 2,000 条"))?;
    Ok(Json(ask.write(move |tx, ask| many(tx, ask, &all)).await?))
}

fn word(taken: Taken) -> &'static str {
    match taken {
        Taken::New => "new",
        Taken::Changed => "changed",
        Taken::Unchanged => "unchanged",
    }
}

/// Takes what it can; each record that is refused says why.
fn many(tx: &Tx<'_>, ask: &Ask, all: &[Value]) -> Result<Value> {
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for (nth, it) in all.iter().enumerate() {
        let done = Input::from_json(it).and_then(|input| tx.attempt(|tx| written::take(tx, ask, &input)));
        let said = |code: &str, field: &str, why: String| json!({"record": nth, "number": it["number"], "code": code, "field": field, "reason": why});
        match done {
            Ok((key, how)) => taken.push(json!({"record": nth, "id": key, "taken": word(how)})),
            Err(Error::Invalid(errors)) => refused.extend(
                errors.iter().map(|FieldError { field, said: why }| said("invalid", field, why.in_lang(ask.lang))),
            ),
            Err(Error::Refused(it)) => refused.push(said(it.code, "", it.why.in_lang(ask.lang))),
            Err(other) => return Err(other),
        }
    }
    Ok(json!({"taken": taken, "refused": refused}))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, "")?;
            json_of(tx, ask, &it)
        })
        .await?;
    Ok(Json(answer))
}

async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &mut Visit) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let mut it = record::find_held(tx, &ask.who.scope, &key)?;
            work(tx, ask, &mut it)?;
            json_of(tx, ask, &record::by_key(tx, &key)?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn cancel(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| planned::cancel(tx, ask, it, &deeds::reason_of(&input)?)).await
}

pub async fn missed(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| deeds::missed_by(tx, ask, it, &input)).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| deeds::correct_by(tx, ask, it, &input).map(|_| ())).await
}

pub async fn decide(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Json<Value>> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    deed(ask, key, move |tx, ask, it| deeds::decide_by(tx, ask, it, id, &input)).await
}

fn json_of(tx: &Tx<'_>, ask: &Ask, it: &Visit) -> Result<Value> {
    let (events, _) = follow::told(tx, ask, it)?;
    let tasks: Vec<Value> = record::tasks(tx, &it.key)?
        .into_iter()
        .map(|one| json!({"service": one.service, "done": one.done, "reason": one.reason, "values": one.answers, "note": one.note}))
        .collect();
    let purposes: Vec<Value> = record::purposes(tx, &it.key)?
        .into_iter()
        .map(|one| json!({"programme": one.programme, "thing": one.thing, "service": one.service, "payer": one.payer}))
        .collect();
    let checks: Vec<Value> = follow::checks(tx, it)?
        .into_iter()
        .map(|(name, finding, zh, en)| json!({"check": name, "finding": finding, "reason": zh, "reason_en": en}))
        .collect();
    let written: Vec<Value> = follow::written(tx, it)?
        .into_iter()
        .map(|(kind, thing, said)| json!({"kind": kind, "thing": thing, "said": said}))
        .collect();
    let corrections: Vec<Value> = correction::of(tx, &it.key)?
        .into_iter()
        .map(|one| {
            json!({"id": one.id, "field": one.field, "before": one.before, "after": one.after, "reason": one.reason,
                   "who": one.who, "at": one.at, "due": one.due.to_string(), "state": one.state,
                   "second": one.second_who, "second_reason": one.second_reason})
        })
        .collect();
    Ok(json!({
        "id": it.key, "elder": it.elder_key(), "day": it.day.to_string(), "from_minute": it.from_minute,
        "until_minute": it.until_minute, "minutes": it.minutes, "people": it.people, "staff": it.staff, "second": it.second,
        "organisation": it.organisation, "state": it.state, "reason": it.reason, "source": it.source, "number": it.number,
        "began": it.began, "ended": it.ended, "next_day": it.next_day.map(|it| it.to_string()), "verdict": it.verdict,
        "purposes": purposes, "tasks": tasks, "checks": checks, "written": written, "corrections": corrections,
        "events": events.len(),
    }))
}
