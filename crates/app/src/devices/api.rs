//! Devices and readings for programs.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::Path, response::Response};
use kit::{
    Ask, Error, Result,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    consent, device,
    ear::{self, Caller},
    form,
    keep::{self, Arrived, Fate},
    list, model, own,
    series::{self, Span},
};
use crate::elders::{self, Key};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Devices of your scope",
    query: &[
        ("q", "part of the maker's number, or of the elder's name"),
        ("kind", "sos, wearable, cuff, …"),
        ("state", "stock, out, lost or retired"),
        ("fault", "silent, weak, idle, never or gone"),
        ("place", "region code within your scope"),
        ("sort", "seen or serial, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc = ApiDoc {
    summary: "Register a device; answers its key and the secret it signs in with, this once",
    body: form::FIELDS,
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc { summary: "One device with where it is and how it is", ..READ };
pub const HAND_OUT: ApiDoc = ApiDoc { summary: "Put a device into a home", body: form::HAND_OUT, ..READ };
pub const BACK: ApiDoc = ApiDoc { summary: "Take a device back from a home", body: form::BACK, ..READ };
pub const VALUES: ApiDoc = ApiDoc {
    summary: "What was measured of an elder: points by measure, hourly once a day was thinned",
    query: &[("from", "first day, today without it"), ("until", "last day, at most 31 days later")],
    ..READ
};
pub const LIMIT: ApiDoc = ApiDoc {
    summary: "Set a person's own limits of one measure; without any, those of policy hold again",
    body: own::FIELDS,
    ..READ
};
pub const SEND: ApiDoc = ApiDoc {
    summary: "Messages of devices, as their makers write them or in our plain format (docs/devices.md): one object, a list, \
              `messages`, or {topic, payload} in `messages`. What is answered is kept: of each message how much is new and what was known; \
              one nobody understands is put aside with the reason",
    ..READ
};

/// Days that one answer of values spans, at most.
const MOST_DAYS: i32 = 31;
/// Messages of one request, at most.
const MOST: usize = 5_000;

pub async fn list(ask: Ask) -> Result<Response> {
    list::DEVICES.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Json<Value>> {
    let (key, secret) = ask
        .write(move |tx, ask| {
            let (draft, standing) = form::draft(tx, ask, &input)?;
            device::add(tx, ask, &standing.region, &standing.place, &draft)
        })
        .await?;
    Ok(Json(json!({"device": key, "user": key, "secret": secret})))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let (it, model) = ask
        .write(move |tx, ask| {
            let it = device::find(tx, &ask.who.scope, &key)?;
            device::note(tx, ask, &it, "look", "")?;
            let model = model::by_id(tx, &key.region, it.model)?;
            Ok((it, model))
        })
        .await?;
    let elder = it.elder.map(|id| Key { region: it.key.region.clone(), id });
    Ok(Json(
        json!({"device": it.key, "kind": it.kind, "maker": model.maker, "model": model.name, "serial": it.serial, "state": it.state,
                   "since": it.since, "elder": elder, "spot": it.spot, "place": it.place, "seen": it.seen, "battery": it.battery,
                   "signal": it.signal, "firmware": it.firmware, "last_reading": it.last_reading}),
    ))
}

pub async fn hand_out(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| form::hand_out(tx, ask, &key, &input)).await?;
    Ok(Json(json!({})))
}

pub async fn back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let gone = key.clone();
    ask.write(move |tx, ask| form::take_back(tx, ask, &key, &input)).await?;
    ear::hang_up(&ask.app, &gone);
    Ok(Json(json!({})))
}

pub async fn values(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let day = |name: &'static str| match ask.param(name) {
        Some(text) => text.parse().map_err(|_| Error::invalid(name, "日期请写作 2026-01-31")),
        None => Ok(ask.today()),
    };
    let (from, until) = (day("from")?, day("until")?);
    if until < from || MOST_DAYS < from.days_until(until) + 1 {
        return Err(Error::invalid("until", "一次最多查 31 天,止日不能早于起日"));
    }
    let measures = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            if !consent::sees_values(tx, ask, &key)? {
                return Err(Error::refused("not_shared", "老人只同意家人看每周小结"));
            }
            elders::note(tx, ask, "look", &elder, "values")?;
            series::points(tx, &key.region, &series::of_elder(tx, &key)?, Span::days(from, until))
        })
        .await?;
    let all: serde_json::Map<String, Value> = measures
        .iter()
        .map(|(measure, points)| {
            let points: Vec<Value> = points
                .iter()
                .map(|it| {
                    let text = |value| measure.written(value);
                    json!({"at": series::stored(it.at), "value": text(it.mean), "least": text(it.least), "most": text(it.most),
                           "marks": series::words(it.marks)})
                })
                .collect();
            (measure.word().to_string(), json!({"unit": measure.unit(), "points": points}))
        })
        .collect();
    Ok(Json(json!({"from": from, "until": until, "measures": all})))
}

pub async fn limit(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        own::set(tx, ask, &elder, &input)
    })
    .await?;
    Ok(Json(json!({})))
}

pub async fn send(ask: Ask, body: Bytes) -> Result<Json<Value>> {
    let at = ask.now.as_millisecond();
    let counties: Arc<[String]> = ask.who.scope.counties.iter().cloned().collect();
    if counties.is_empty() || ask.who.scope.persons.is_some() {
        return Err(Error::Forbidden);
    }
    let parts = messages(&body)?;
    let from = Arc::new(Caller::For(counties));
    let arrived: Arc<[Arrived]> = parts
        .into_iter()
        .map(|(topic, payload)| Arrived { from: from.clone(), topic: topic.into(), payload: payload.into(), at })
        .collect();
    let fates = keep::keep(&ask.app, &arrived).await?;
    let all: Vec<Value> = fates
        .iter()
        .map(|it| match it {
            Fate::Taken { new, twice } => json!({"taken": new, "known": twice}),
            Fate::Aside { why, new } => json!({"taken": new, "aside": why.in_lang(ask.lang)}),
        })
        .collect();
    Ok(Json(json!({"messages": all})))
}

/// The messages of a request, each with its topic: an envelope `{topic, payload}` says one, all else has none.
///
/// # Errors
/// `Invalid` for what is no JSON, or too much of it.
fn messages(body: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let json: Value = serde_json::from_slice(body).map_err(|_| Error::invalid("body", "内容应为 JSON"))?;
    let parts = match json {
        Value::Object(mut map) if map.get("messages").is_some_and(Value::is_array) => match map.remove("messages") {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        },
        Value::Array(all) => all,
        one => vec![one],
    };
    if parts.is_empty() || MOST < parts.len() {
        return Err(Error::invalid("messages", "一次请发 1 到 5000 条消息"));
    }
    Ok(parts
        .into_iter()
        .map(|it| match (it["topic"].as_str(), it.get("payload")) {
            (Some(topic), Some(Value::String(text))) => (topic.to_string(), text.clone().into_bytes()),
            (Some(topic), Some(payload)) => (topic.to_string(), payload.to_string().into_bytes()),
            _ => (String::new(), it.to_string().into_bytes()),
        })
        .collect())
}
