//! Events reach every listener, in order, at least once; jobs are taken by lease and tried again.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use kit::{
    App, Error, Module, Result, Tx,
    events::{self, Event},
    jobs::{self, New, Work},
    module::EMPTY,
};
use serde_json::{Value, json};

use crate::support::{COUNTY, TestApp, on_both_with};

/// One test at a time looks at what the listeners heard.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
static DEAF: AtomicBool = AtomicBool::new(false);
static RUNS: AtomicUsize = AtomicUsize::new(0);

static LISTENER: Module = Module { name: "listener", listen: Some(listen), jobs: WORK, ..EMPTY };
static MODULES: &[&Module] = &[&LISTENER];

const WORK: &[Work] = &[
    Work {
        kind: "test.count",
        title: "数一数",
        run: |_, job| Box::pin(async move { count(&job.body) }),
        every_minutes: None,
    },
    Work {
        kind: "test.panic",
        title: "出错",
        run: |_, _| Box::pin(async { panic!("on purpose") }),
        every_minutes: None,
    },
];

fn listen(_: &App, tx: &Tx<'_>, event: &Event) -> Result<()> {
    if DEAF.load(Ordering::SeqCst) {
        return Err(Error::internal("deaf"));
    }
    tx.run("insert into setting (name, value) values ($1, '')", &[&format!("heard {}", event.body["n"])])?;
    HEARD.lock().unwrap().push(event.body["n"].to_string());
    Ok(())
}

fn count(body: &Value) -> Result<Value> {
    RUNS.fetch_add(1, Ordering::SeqCst);
    match body["fails"].as_str() {
        Some("ours") => Err(Error::internal("the disk is full")),
        Some("theirs") => Err(Error::invalid("file", "文件是空的,请重新选择")),
        _ => Ok(json!({"counted": 3})),
    }
}

async fn send(app: &TestApp, n: i64) {
    let now = app.app.clock.now();
    app.app.db.write(move |tx| events::send(tx, COUNTY, "test.news", &json!({"n": n}), now)).await.unwrap();
}

async fn enqueue(app: &TestApp, kind: &'static str, key: Option<&'static str>, body: Value) -> kit::Id {
    let now = app.app.clock.now();
    app.app
        .db
        .write(move |tx| {
            let new = New { region: COUNTY, kind, unique_key: key, title: "测试", body: &body, account: None };
            jobs::enqueue(tx, &new, now)
        })
        .await
        .unwrap()
}

async fn shown(app: &TestApp, id: kit::Id) -> jobs::Shown {
    app.app.db.read(move |tx| jobs::find(tx, id)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn news_waits_for_a_deaf_listener_and_arrives_in_order() {
    let _alone = ONE_AT_A_TIME.lock().await;
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            HEARD.lock().unwrap().clear();
            DEAF.store(true, Ordering::SeqCst);
            for n in 1..=3 {
                send(app, n).await;
            }
            assert!(events::deliver(&app.app).await.is_err());
            assert_eq!(app.count("select failures from event where error like '%deaf%'").await, 1);
            assert_eq!(app.count("select count(*) from event where delivered is null").await, 3);
            DEAF.store(false, Ordering::SeqCst);
            assert_eq!(events::deliver(&app.app).await.unwrap(), 3);
            assert_eq!(*HEARD.lock().unwrap(), ["1", "2", "3"]);
            assert_eq!(events::deliver(&app.app).await.unwrap(), 0);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_deliver_an_event_with_one_effect() {
    let _alone = ONE_AT_A_TIME.lock().await;
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let other = app.again().await;
            for n in 1..=20 {
                send(app, n).await;
            }
            let (one, two) = tokio::join!(events::deliver(&app.app), events::deliver(&other));
            one.unwrap();
            two.unwrap();
            assert_eq!(app.count("select count(*) from setting where name like 'heard %'").await, 20);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_once_and_keeps_its_result() {
    let _alone = ONE_AT_A_TIME.lock().await;
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            RUNS.store(0, Ordering::SeqCst);
            let id = enqueue(app, "test.count", Some("daily"), json!({})).await;
            assert_eq!(
                enqueue(app, "test.count", Some("daily"), json!({})).await,
                id,
                "the same work is not queued twice"
            );
            let other = app.again().await;
            let (one, two) = tokio::join!(jobs::run_next(&app.app), jobs::run_next(&other));
            assert!(one.unwrap() ^ two.unwrap());
            assert_eq!(RUNS.load(Ordering::SeqCst), 1);
            let shown = shown(app, id).await;
            assert_eq!((&*shown.state, shown.result), ("done", Some(json!({"counted": 3}))));
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_failed_at_is_tried_again_and_what_was_refused_is_not() {
    let _alone = ONE_AT_A_TIME.lock().await;
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let ours = enqueue(app, "test.count", None, json!({"fails": "ours"})).await;
            let theirs = enqueue(app, "test.count", None, json!({"fails": "theirs"})).await;
            let odd = enqueue(app, "test.panic", None, json!({})).await;
            app.settle().await;
            assert_eq!(shown(app, ours).await.state, "waiting");
            assert!(shown(app, ours).await.error.unwrap().contains("disk is full"));
            assert_eq!(shown(app, theirs).await.state, "failed");
            assert_eq!(shown(app, odd).await.state, "waiting");
            for _ in 0..8 {
                app.run("update job set run_at = created where state = 'waiting'").await;
                app.settle().await;
            }
            assert_eq!(shown(app, ours).await.state, "failed");
            let now = app.app.clock.now();
            app.app.db.write(move |tx| jobs::retry(tx, ours, now)).await.unwrap();
            assert_eq!(shown(app, ours).await.state, "waiting");
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_server_died_is_taken_up_again_after_its_lease() {
    let _alone = ONE_AT_A_TIME.lock().await;
    on_both_with(
        MODULES,
        |_| {},
        async |app| {
            let id = enqueue(app, "test.count", None, json!({})).await;
            let lease = app.stamp_in(60);
            app.run(&format!("update job set state = 'running', attempts = 1, leased_until = '{lease}'")).await;
            assert!(!jobs::run_next(&app.app).await.unwrap(), "somebody else still has it");
            let over = app.stamp_in(-1);
            app.run(&format!("update job set leased_until = '{over}'")).await;
            assert!(jobs::run_next(&app.app).await.unwrap());
            assert_eq!(shown(app, id).await.state, "done");
        },
    )
    .await;
}
