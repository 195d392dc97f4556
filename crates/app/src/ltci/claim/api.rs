//! Claims for programs: one line or many, with the evidence a page asks for.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    error::FieldError,
    form::Input,
    import::Taken,
};
use serde_json::{Value, json};

use super::{
    line::{self, Claim},
    list, take,
};
use crate::{elders::Key, ltci::settle::explain};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Lines claimed, of your institution or scope",
    query: &[
        ("month", "such as 2025-03"),
        ("state", "open, settled or withdrawn"),
        ("number", "number of the provider"),
        ("sort", "day, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const ADD: ApiDoc = ApiDoc {
    summary: "Claim one line, or many as `lines`: a list of objects with these fields; the same number again changes nothing",
    body: take::FIELDS,
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc { summary: "One line, and what became of it in the latest run", ..READ };
pub const WITHDRAW: ApiDoc = ApiDoc { summary: "Withdraw a line that is not settled", ..READ };

/// So many lines one request may bring.
const MOST: usize = 5_000;

pub async fn list(ask: Ask) -> Result<Response> {
    list::CLAIMS.json(&ask).await
}

pub async fn add(ask: Ask, body: axum::body::Bytes) -> Result<Json<Value>> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Error::invalid("body", "请求正文应是 JSON 对象"))?;
    let Some(lines) = body.get("lines") else {
        let input = Input::from_json(&body)?;
        let answer = ask
            .write(move |tx, ask| {
                let (key, taken) = take::take(tx, ask, &input, "api")?;
                let it = line::find(tx, &ask.who.scope, &key)?;
                line::note(tx, ask, &it, "claimed")?;
                Ok(json!({"id": key, "taken": word(taken)}))
            })
            .await?;
        return Ok(Json(answer));
    };
    let lines = lines.as_array().filter(|it| it.len() <= MOST).cloned();
    let lines = lines.ok_or_else(|| Error::invalid("lines", "“lines”应是列表,最多 5,000 条"))?;
    Ok(Json(ask.write(move |tx, ask| many(tx, ask, &lines)).await?))
}

/// Takes what it can; each line that is refused says why.
fn many(tx: &Tx<'_>, ask: &Ask, lines: &[Value]) -> Result<Value> {
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for (nth, it) in lines.iter().enumerate() {
        let done = Input::from_json(it).and_then(|input| tx.attempt(|tx| take::take(tx, ask, &input, "api")));
        let said = |code: &str, field: &str, why: String| json!({"line": nth, "number": it["number"], "code": code, "field": field, "reason": why});
        match done {
            Ok((key, how)) => taken.push(json!({"line": nth, "id": key, "taken": word(how)})),
            Err(Error::Invalid(all)) => refused.extend(
                all.iter().map(|FieldError { field, said: why }| said("invalid", field, why.in_lang(ask.lang))),
            ),
            Err(Error::Refused(it)) => refused.push(said(it.code, "", it.why.in_lang(ask.lang))),
            Err(other) => return Err(other),
        }
    }
    Ok(json!({"taken": taken, "refused": refused}))
}

fn word(taken: Taken) -> &'static str {
    match taken {
        Taken::New => "new",
        Taken::Changed => "changed",
        Taken::Unchanged => "unchanged",
    }
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = line::find(tx, &ask.who.scope, &key)?;
            line::note(tx, ask, &it, "look")?;
            json_of(tx, ask, &it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn withdraw(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = line::find(tx, &ask.who.scope, &key)?;
            line::withdraw(tx, ask, &it)?;
            json_of(tx, ask, &line::find(tx, &ask.who.scope, &key)?)
        })
        .await?;
    Ok(Json(answer))
}

fn json_of(tx: &Tx<'_>, ask: &Ask, it: &Claim) -> Result<Value> {
    let said = &it.said;
    let judged = explain::latest(tx, ask, it)?.map(|one| {
        json!({
            "settlement": one.settlement, "fund_fen": one.fund, "person_fen": one.person, "provider_fen": one.borne,
            "pending_fen": one.pending, "minutes": one.minutes, "undecided": one.undecided,
            "deductions": one.deductions,
        })
    });
    Ok(json!({
        "id": it.key, "number": it.number, "provider": it.provider, "elder": it.elder_key(), "day": said.day.to_string(),
        "mode": said.mode, "service": said.service, "amount_fen": said.claimed, "begin": said.began, "end": said.ended,
        "minutes": said.minutes, "second": said.second, "carer": said.carer, "latitude_millionths": said.latitude,
        "longitude_millionths": said.longitude, "position_source": said.position_source, "photo": said.photo,
        "state": it.state, "verdict": judged,
    }))
}
