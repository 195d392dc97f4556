//! The protocol of the phones (`docs/sync.md`): made known, holding what they may, sending what was done.

mod help;
mod hold;
pub mod signed;
mod take;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use kit::{
    App, Ask, Error, Lang, Result, Said, Tx,
    api::{ApiDoc, READ},
    clock::stamp,
    files,
};
use serde_json::{Value, json};

pub use help::{help, terms};

use super::phone::{self, Keys, Phone};
use crate::workforce;

pub const ENROL: ApiDoc =
    ApiDoc { summary: "A phone becomes known by its code: {code, name, public_key, help_key}", ..READ };
pub const TERMS: ApiDoc =
    ApiDoc { summary: "How long a PIN is that a phone asks for, and how many tries it allows", ..READ };
pub const HELP: ApiDoc =
    ApiDoc { summary: "Calls for help of a locked phone, signed by its key for them: {phone, calls}", ..READ };
pub const SNAPSHOT: ApiDoc = ApiDoc { summary: "Everything that the phone's person may hold", ..READ };
pub const CHANGES: ApiDoc =
    ApiDoc { summary: "What is new since a cursor", query: &[("after", "`cursor` of the answer before")], ..READ };
pub const EVENTS: ApiDoc = ApiDoc { summary: "Events of a phone, each answered by a receipt", ..READ };
pub const PHOTO: ApiDoc = ApiDoc { summary: "The bytes of a photo that an event names by its hash", ..READ };

/// A phone that a code makes known. Whoever has the code may.
pub async fn enrol(State(app): State<App>, body: Bytes) -> Result<Json<Value>> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Error::invalid("body", "请求正文应是 JSON 对象"))?;
    let text = move |name: &str| body[name].as_str().unwrap_or_default().to_string();
    let for_tx = app.clone();
    let answer = app
        .db
        .write(move |tx| {
            let now = for_tx.clock.now();
            let keys = Keys { public: text("public_key"), help: text("help_key") };
            let known = phone::enrol(tx, &text("code"), &text("name"), &keys, now)?;
            let key = crate::elders::Key { region: known.phone.key.region.clone(), id: known.phone.staff };
            let staff = workforce::staff_by_key(tx, &key)?;
            let ask = Ask::system(&for_tx, &key.region);
            Ok(json!({
                "phone": known.phone.key, "token": known.token, "name": staff.name, "server": hold::server(&ask)["id"],
                "pin": hold::pin(),
            }))
        })
        .await?;
    Ok(Json(answer))
}

/// The token of a request.
fn token(headers: &HeaderMap) -> Result<String> {
    let text = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
    text.strip_prefix("Bearer ").map(|it| it.trim().to_string()).ok_or(Error::SignedOut)
}

/// What a phone is answered: its answer, or that it is revoked.
enum Answer {
    Is(Value),
    Revoked,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Answer::Is(it) => Json(it).into_response(),
            Answer::Revoked => {
                let said = Said::new("这部手机已停用");
                let body = json!({
                    "type": "about:blank", "status": 401, "code": "phone_revoked", "title": said.in_lang(Lang::Zh),
                    "detail": said.in_lang(Lang::Zh),
                });
                let kind = [(header::CONTENT_TYPE, "application/problem+json")];
                (StatusCode::UNAUTHORIZED, kind, body.to_string()).into_response()
            }
        }
    }
}

fn of_phone(tx: &Tx<'_>, token: &str, work: impl FnOnce(&Phone) -> Result<Value>) -> Result<Answer> {
    let phone = phone::of_token(tx, token)?;
    if phone.revoked.is_some() { Ok(Answer::Revoked) } else { work(&phone).map(Answer::Is) }
}

pub async fn snapshot(ask: Ask, headers: HeaderMap) -> Result<Response> {
    let token = token(&headers)?;
    let answer = ask
        .write(move |tx, ask| {
            of_phone(tx, &token, |phone| {
                note(tx, ask, phone)?;
                hold::snapshot(tx, ask, phone)
            })
        })
        .await?;
    match answer {
        Answer::Is(it) if takes_gzip(&headers) => packed(&it),
        other => Ok(other.into_response()),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok()).unwrap_or_default();
    said.split(',').any(|it| it.trim().starts_with("gzip"))
}

/// A snapshot goes over country lines: it shrinks to a tenth.
fn packed(it: &Value) -> Result<Response> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut out, it)?;
    let bytes = out.finish().map_err(Error::internal)?;
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")];
    Ok((kind, bytes).into_response())
}

/// That a phone took everything is in the trail, as every look at a person's page is.
fn note(tx: &Tx<'_>, ask: &Ask, phone: &Phone) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "look",
        subject: "visit_phone",
        subject_id: Some(phone.key.id),
        region: &phone.key.region,
        place: &phone.key.region,
        detail: "snapshot",
    };
    ask.note(tx, &entry)
}

pub async fn changes(ask: Ask, headers: HeaderMap) -> Result<Response> {
    let token = token(&headers)?;
    let answer = ask
        .read(move |tx, ask| {
            let after = ask.param("after").unwrap_or_default().to_string();
            of_phone(tx, &token, |phone| hold::changes(tx, ask, phone, &after))
        })
        .await?;
    Ok(answer.into_response())
}

pub async fn events(ask: Ask, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let token = token(&headers)?;
    let batch: take::Batch = serde_json::from_slice(&body)
        .map_err(|e| Error::invalid("body", Said::new("请求正文读不出来:{why}").with("why", e)))?;
    let answer = ask
        .write(move |tx, ask| {
            of_phone(tx, &token, |phone| {
                let (receipts, knows) = take::take(tx, ask, phone, &batch)?;
                let last = hold::last(tx, phone)?;
                Ok(json!({"server": hold::server(ask), "knows": knows, "last": last, "receipts": receipts}))
            })
        })
        .await?;
    Ok(answer.into_response())
}

pub async fn photo(ask: Ask, Path(hash): Path<String>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let token = token(&headers)?;
    let digest = kit::digest::of(&body);
    if digest != hash {
        return Err(Error::invalid("hash", "照片的摘要与内容不符,请重新上传"));
    }
    let name = format!("{}.jpg", &digest[..16]);
    let stored = ask.app.files.lay(&ask, "photo", &name, body.to_vec()).await?;
    let answer = ask
        .write(move |tx, ask| {
            of_phone(tx, &token, |phone| {
                let region = &phone.key.region;
                let known =
                    tx.count("select count(*) from visit_photo where region = $1 and hash = $2", &[region, &digest])?;
                if known == 0 {
                    let file = files::note(tx, ask, region, &stored)?;
                    tx.run(
                        "insert into visit_photo (region, hash, file, phone, received) values ($1, $2, $3, $4, $5)
                         on conflict do nothing",
                        &[region, &digest, &file, &phone.key.id, &stamp(ask.now)],
                    )?;
                }
                Ok(json!({"hash": digest}))
            })
        })
        .await?;
    Ok(answer.into_response())
}

/// The app itself, as it is installed on phones: for everyone, since without a code it holds nothing.
pub async fn program(headers: HeaderMap) -> Result<Response> {
    kit::asset::plain("visit", "index.html", &headers)
}

pub async fn program_file(Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    kit::asset::plain("visit", &name, &headers)
}
