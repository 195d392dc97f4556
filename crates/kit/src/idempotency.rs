//! `Idempotency-Key`: an API write that is sent again is answered again, not done again, even where the server died between
//! the deed and its answer.
//!
//! The key is reserved first; the deed's own transaction then marks it as done ([`Reservation::mark`], by `Ask::write`), and
//! at last the answer is kept. A reservation that was never marked wrote nothing and is taken over after a while.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::{App, Error, Id, Result, Tx, ask::Visitor, clock::stamp};

const LARGEST_ANSWER: usize = 1 << 20;
const LARGEST_REQUEST: usize = 64 << 20;
/// Where the seal of an answer is bound to.
const COLUMN: &str = "idempotency.answer";
/// How long a key is remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After so long a request that has written nothing is taken for dead.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// Status of a key before its answer is known: nothing is written yet, or the deed stands in the database.
const RESERVED: i64 = 0;
const DONE: i64 = 1;

/// A key as one request holds it.
#[derive(Debug, Clone)]
pub struct Reservation {
    account: Id,
    key: String,
    at: String,
}

impl Reservation {
    /// Marks the key as done in the transaction of the deed; refuses the deed where another request took the key over.
    pub(crate) fn mark(&self, tx: &Tx<'_>) -> Result<()> {
        let sql = "update idempotency set status = $4 where account = $1 and key = $2 and at = $3 and status <= $4";
        match tx.run(sql, &[&self.account, &self.key, &self.at, &DONE])? {
            0 => Err(in_progress()),
            _ => Ok(()),
        }
    }

    /// Keeps the answer; what was refused before it wrote anything may be tried again under the same key.
    fn keep(&self, tx: &Tx<'_>, status: StatusCode, answer: &Vec<u8>) -> Result<()> {
        if !status.is_success() {
            let sql = "delete from idempotency where account = $1 and key = $2 and at = $3 and status = $4";
            tx.run(sql, &[&self.account, &self.key, &self.at, &RESERVED])?;
        }
        let sql = "update idempotency set status = $4, answer = $5 where account = $1 and key = $2 and at = $3 and status <= $6";
        let status = i64::from(status.as_u16());
        tx.run(sql, &[&self.account, &self.key, &self.at, &status, answer, &DONE]).map(drop)
    }
}

/// Forgets keys that are old.
pub(crate) fn sweep(tx: &Tx<'_>, now: Timestamp) -> Result<u64> {
    tx.run("delete from idempotency where at < $1", &[&stamp(now - KEPT)])
}

fn in_progress() -> Error {
    Error::refused("in_progress", "同一请求正在处理,请稍后再试")
}

pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Result<Response> {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let key = request.headers().get("idempotency-key").and_then(|it| it.to_str().ok()).map(str::to_string);
    let account = request.extensions().get::<Visitor>().and_then(|it| it.who.as_ref()).map(|it| it.account);
    let is_api = request.uri().path().starts_with("/api/");
    let (Some(key), Some(account), true) = (key, account, is_write && is_api) else {
        return Ok(next.run(request).await);
    };
    if key.is_empty() || 100 < key.len() {
        return Err(Error::invalid("Idempotency-Key", "Idempotency-Key 应为 1–100 个字符"));
    }
    let (mut parts, body) = request.into_parts();
    let bytes =
        to_bytes(body, LARGEST_REQUEST).await.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
    let mut hasher = Sha256::new();
    hasher.update(format!("{} {}\n", parts.method, parts.uri));
    hasher.update(&bytes);
    let fingerprint = hasher.finalize().to_vec();

    let now = app.clock.now();
    let reservation = Reservation { account, key, at: stamp(now) };
    if let Some(earlier) = reserve(&app, &reservation, fingerprint, now).await? {
        return Ok(earlier);
    }
    parts.extensions.insert(reservation.clone());
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let (parts, body) = response.into_parts();
    let answer = to_bytes(body, LARGEST_ANSWER).await.map_err(Error::internal)?;
    let (status, sealed) = (parts.status, app.crypt.seal_bytes(COLUMN, &answer));
    app.db.write(move |tx| reservation.keep(tx, status, &sealed)).await?;
    Ok(Response::from_parts(parts, Body::from(answer)))
}

/// What is known of a request that had the key before.
struct Earlier {
    is_same: bool,
    status: i64,
    answer: Vec<u8>,
    at: String,
}

/// Takes the key for this request, or gives the answer of the request that had it before.
async fn reserve(
    app: &App,
    reservation: &Reservation,
    fingerprint: Vec<u8>,
    now: Timestamp,
) -> Result<Option<Response>> {
    let Reservation { account, key, at } = reservation.clone();
    let dead = stamp(now - PATIENCE);
    let since = dead.clone();
    let earlier = app
        .db
        .write(move |tx| {
            let taken = tx.run(
                "insert into idempotency (account, key, request, status, answer, at) values ($1, $2, $3, $4, $5, $6)
                 on conflict (account, key) do update set request = excluded.request, at = excluded.at
                 where idempotency.status = $4 and idempotency.at < $7",
                &[&account, &key, &fingerprint, &RESERVED, &Vec::<u8>::new(), &at, &since],
            )?;
            if taken == 1 {
                return Ok(None);
            }
            let sql = "select request, status, answer, at from idempotency where account = $1 and key = $2";
            tx.one(sql, &[&account, &key], |row| {
                let is_same = row.get::<Vec<u8>>(0)? == fingerprint;
                Ok(Some(Earlier { is_same, status: row.get(1)?, answer: row.get(2)?, at: row.get(3)? }))
            })
        })
        .await?;
    let Some(earlier) = earlier else { return Ok(None) };
    if !earlier.is_same {
        return Err(Error::refused("idempotency_key_reused", "这个 Idempotency-Key 已用于另一个请求,请换一个"));
    }
    if earlier.status == DONE && earlier.at < dead {
        let why = "这个请求已经办理,但服务中断,当时的应答没有留下;请查询结果,不要换一个 Idempotency-Key 再发";
        return Err(Error::refused("answer_lost", why));
    }
    let Some(status) = u16::try_from(earlier.status).ok().and_then(|it| StatusCode::from_u16(it).ok()) else {
        return Err(in_progress());
    };
    let answer = app.crypt.open_bytes(COLUMN, &earlier.answer).map_err(Error::internal)?;
    let mut response = (status, answer).into_response();
    let media_type = if status.is_success() { "application/json" } else { "application/problem+json" };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(Some(response))
}
