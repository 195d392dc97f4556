//! API tokens: their permissions, their end; and writes that are sent twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Json, http::Method};
use kit::{
    Ask, Module, Result, Routes, api,
    form::Input,
    module::EMPTY,
    who::{Perm, Role, token},
};
use serde_json::{Value, json};

use crate::{
    client::Api,
    support::{COUNTY, TestApp, on_both_with},
};

const READ: Perm = Perm { name: "counter.read", title: "看", roles: &[Role::Clinician] };
const WRITE: Perm = Perm { name: "counter.write", title: "数", roles: &[Role::Clinician] };
static COUNTER: Module = Module { name: "counter", perms: &[READ, WRITE], routes, ..EMPTY };
static MODULES: &[&Module] = &[&COUNTER];
static COUNTED: AtomicUsize = AtomicUsize::new(0);
/// Held by a test that compares the count before and after.
static ONE_COUNTS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn routes() -> Routes {
    Routes::default()
        .api(Method::GET, "/counter", READ, api::READ, async |_: Ask| {
            Json(json!({"n": COUNTED.load(Ordering::SeqCst)}))
        })
        .api(Method::POST, "/counter", WRITE, api::READ, count)
}

async fn count(ask: Ask, input: Input) -> Result<Json<Value>> {
    if input.get("by") == "nothing" {
        return Err(kit::Error::invalid("by", "请填写"));
    }
    let n = ask.write(|_, _| Ok(COUNTED.fetch_add(1, Ordering::SeqCst))).await?;
    if input.get("by") == "late failure" {
        return Err(kit::Error::internal("after the deed"));
    }
    Ok(Json(json!({"n": n})))
}

async fn program(app: &TestApp, permissions: &[&str]) -> Api {
    let account = app.account("li.ming", Role::Clinician, COUNTY).await;
    app.token(account, permissions).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_do_what_it_was_given_and_no_more_than_its_account() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let _alone = ONE_COUNTS.lock().await;
            let (all, reader) = (program(app, &[]).await, program(app, &["counter.read"]).await);
            all.get("/api/v1/counter").await.ok();
            all.post("/api/v1/counter", json!({})).await.ok();
            reader.get("/api/v1/counter").await.ok();
            let refused = reader.post("/api/v1/counter", json!({})).await.with_status(403);
            assert_eq!(refused.json()["code"], "forbidden");
            assert_eq!(refused.header("content-type"), "application/problem+json");
            let official = app.account("official", Role::Official, COUNTY).await;
            let greedy = app.token(official, &["counter.write"]).await;
            greedy.post("/api/v1/counter", json!({})).await.with_status(403);
            Api::new(app.router.clone(), "yy_forged".into()).get("/api/v1/counter").await.with_status(401);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_on_its_day_and_when_it_is_revoked() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let (one, two) = (program(app, &[]).await, program(app, &["counter.read"]).await);
            let over = app.stamp_in(-1);
            app.run(&format!("update api_token set expires = '{over}' where permissions = ''")).await;
            one.get("/api/v1/counter").await.with_status(401);
            two.get("/api/v1/counter").await.ok();
            let account = app.account("li.ming", Role::Clinician, COUNTY).await;
            let id = kit::Id(app.count("select id from api_token where permissions <> ''").await);
            let now = app.app.clock.now();
            app.app.db.write(move |tx| token::revoke(tx, account, id, now)).await.unwrap();
            two.get("/api/v1/counter").await.with_status(401);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_sent_again_is_answered_again_and_done_once() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let _alone = ONE_COUNTS.lock().await;
            let program = program(app, &[]).await;
            let send = async |body: Value, key: &str| {
                program.send(Method::POST, "/api/v1/counter", Some(body), &[("idempotency-key", key)]).await
            };
            let before = COUNTED.load(Ordering::SeqCst);
            let first = send(json!({"by": "one"}), "k1").await.ok();
            let again = send(json!({"by": "one"}), "k1").await.ok();
            assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), "true"));
            assert_eq!(COUNTED.load(Ordering::SeqCst), before + 1);
            let other = send(json!({"by": "two"}), "k1").await.with_status(409);
            assert_eq!(other.json()["code"], "idempotency_key_reused");
            send(json!({"by": "nothing"}), "k2").await.with_status(422);
            send(json!({"by": "nothing"}), "k2").await.with_status(422);
            send(json!({"by": "one"}), "k3").await.ok();
            assert_eq!(COUNTED.load(Ordering::SeqCst), before + 2);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_server_died_is_done_once_and_never_twice() {
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let _alone = ONE_COUNTS.lock().await;
            let program = program(app, &[]).await;
            let send = async |key: &str, by: &str| {
                let body = Some(json!({"by": by}));
                program.send(Method::POST, "/api/v1/counter", body, &[("idempotency-key", key)]).await
            };
            let old = app.stamp_in(-60);
            let before = COUNTED.load(Ordering::SeqCst);
            send("died", "one").await.ok();
            app.run("update idempotency set status = 0, answer = request where key = 'died'").await;
            let early = send("died", "one").await.with_status(409);
            assert_eq!(early.json()["code"], "in_progress", "it may be at work elsewhere");
            app.run(&format!("update idempotency set at = '{old}' where key = 'died'")).await;
            send("died", "one").await.ok();
            assert_eq!(COUNTED.load(Ordering::SeqCst), before + 2, "it had written nothing, so it is done now");

            app.run(&format!("update idempotency set status = 1, at = '{old}' where key = 'died'")).await;
            let lost = send("died", "one").await.with_status(409);
            assert_eq!(lost.json()["code"], "answer_lost");
            assert_eq!(COUNTED.load(Ordering::SeqCst), before + 2);

            send("late", "late failure").await.with_status(500);
            let again = send("late", "late failure").await.with_status(500);
            assert_eq!(again.header("idempotency-replayed"), "true");
            assert_eq!(COUNTED.load(Ordering::SeqCst), before + 3, "the deed stands, whatever its answer was");
        },
    )
    .await;
}
