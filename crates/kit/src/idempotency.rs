//! `Idempotency-Key`: an API write that is sent again is answered again, not done again.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::{App, Error, Id, Result, ask::Visitor, clock::stamp};

const LARGEST_ANSWER: usize = 1 << 20;
const LARGEST_REQUEST: usize = 64 << 20;

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
    let (parts, body) = request.into_parts();
    let bytes =
        to_bytes(body, LARGEST_REQUEST).await.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
    let mut hasher = Sha256::new();
    hasher.update(format!("{} {}\n", parts.method, parts.uri));
    hasher.update(&bytes);
    let fingerprint = hasher.finalize().to_vec();

    if let Some(earlier) = reserve(&app, account, &key, fingerprint).await? {
        return Ok(earlier);
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let (parts, body) = response.into_parts();
    let answer = to_bytes(body, LARGEST_ANSWER).await.map_err(Error::internal)?;
    let (status, text) = (i64::from(parts.status.as_u16()), String::from_utf8_lossy(&answer).into_owned());
    app.db
        .write(move |tx| {
            if status < 300 {
                let sql = "update idempotency set status = $3, answer = $4 where account = $1 and key = $2";
                tx.run(sql, &[&account, &key, &status, &text])
            } else {
                // What was refused changed nothing; the same key may try again.
                tx.run("delete from idempotency where account = $1 and key = $2", &[&account, &key])
            }
        })
        .await?;
    Ok(Response::from_parts(parts, Body::from(answer)))
}

/// Takes the key for this request, or gives the answer of the request that had it before.
async fn reserve(app: &App, account: Id, key: &str, fingerprint: Vec<u8>) -> Result<Option<Response>> {
    let (key, now) = (key.to_string(), stamp(app.clock.now()));
    let earlier = app
        .db
        .write(move |tx| {
            let inserted = tx.run(
                "insert into idempotency (account, key, request, status, answer, at) values ($1, $2, $3, 0, '', $4)
                 on conflict (account, key) do nothing",
                &[&account, &key, &fingerprint, &now],
            )?;
            if inserted == 1 {
                return Ok(None);
            }
            tx.one(
                "select request, status, answer from idempotency where account = $1 and key = $2",
                &[&account, &key],
                |row| {
                    let request: Vec<u8> = row.get(0)?;
                    Ok(Some((request == fingerprint, row.get::<i64>(1)?, row.get::<String>(2)?)))
                },
            )
        })
        .await?;
    match earlier {
        None => Ok(None),
        Some((false, ..)) => {
            Err(Error::refused("idempotency_key_reused", "这个 Idempotency-Key 已用于另一个请求,请换一个"))
        }
        Some((true, 0, _)) => Err(Error::refused("in_progress", "同一请求正在处理,请稍后再试")),
        Some((true, status, answer)) => {
            let status =
                u16::try_from(status).ok().and_then(|it| StatusCode::from_u16(it).ok()).unwrap_or(StatusCode::OK);
            let mut response = (status, answer).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
            Ok(Some(response))
        }
    }
}
