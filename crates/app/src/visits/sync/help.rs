//! Calls for help from a phone that is locked: its token is sealed under the PIN, so a key that may do nothing else signs them.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use kit::{App, Ask, Error, Result, Said};
use serde_json::{Value, json};

use super::{Answer, hold, signed};
use crate::{
    elders::Key,
    visits::{
        alarm,
        phone::{self, Phone},
    },
};

/// So many calls one request may bring, and so many bytes each may say.
const MOST: usize = 20;
const MOST_BYTES: usize = 2_000;

#[derive(serde::Deserialize)]
struct Calls {
    phone: String,
    calls: Vec<Call>,
}

/// One call: `body` is the very text that was signed.
#[derive(serde::Deserialize)]
struct Call {
    id: String,
    at: String,
    body: String,
    signature: String,
}

pub async fn help(State(app): State<App>, body: Bytes) -> Result<Response> {
    let sent: Calls = serde_json::from_slice(&body)
        .map_err(|e| Error::invalid("body", Said::new("请求正文读不出来:{why}").with("why", e)))?;
    if MOST < sent.calls.len() {
        return Err(Error::invalid("calls", Said::new("一次最多 {n} 条").with("n", MOST)));
    }
    let for_tx = app.clone();
    let answer = app
        .db
        .write(move |tx| {
            let key: Key = sent.phone.parse().map_err(|_| not_signed())?;
            let phone =
                phone::by_key(tx, &key).map_err(|e| if matches!(e, Error::NotFound) { not_signed() } else { e })?;
            if sent.calls.iter().any(|it| !is_right(it, &sent.phone, &phone)) {
                return Err(not_signed());
            }
            if phone.revoked.is_some() {
                return Ok(Answer::Revoked);
            }
            let ask = Ask::system(&for_tx, &key.region);
            let mut receipts = Vec::new();
            for it in &sent.calls {
                let said: Value = serde_json::from_str(&it.body)
                    .map_err(|e| Error::invalid("body", Said::new("请求正文读不出来:{why}").with("why", e)))?;
                let call = alarm::Call { id: &it.id, at: &it.at, body: &said, visit: None };
                let state = if alarm::raise(tx, &ask, &phone, &call)? { "received" } else { "again" };
                receipts.push(json!({"id": it.id, "state": state, "reason": "", "reason_en": ""}));
            }
            Ok(Answer::Is(json!({"server": hold::server(&ask), "receipts": receipts})))
        })
        .await?;
    Ok(answer.into_response())
}

fn not_signed() -> Error {
    Error::refused("not_signed", "签名不对,或这部手机没有登记")
}

/// Signed by the key that this phone was enrolled with for calls, and small enough to be one.
fn is_right(it: &Call, named: &str, phone: &Phone) -> bool {
    let text = ["help", named, &it.id, &it.at, &it.body].join("\n");
    let is_small = !it.id.is_empty() && it.id.len() <= 64 && text.len() <= MOST_BYTES;
    let has_time = it.at.parse::<jiff::Timestamp>().is_ok();
    is_small && has_time && !phone.help_key.is_empty() && signed::is_signed(&text, &it.signature, &phone.help_key)
}

/// What an app has to know before it enrols: how long a PIN is.
pub async fn terms() -> Json<Value> {
    Json(json!({"pin": hold::pin()}))
}
