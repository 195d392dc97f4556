//! What the machine can do to what devices send: the disk is full, the database is gone, the clock jumps. A device that was not
//! answered keeps its message, and everything is there once when it is over.

use std::{net::TcpListener, time::Duration};

use jiff::SignedDuration;
use kit::{Db, db::Kind, who::Role};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    assessment::{elder_with, text},
    devices::{installed, points, registered, sent, values},
    support::{TestApp, on_both_with},
};

/// With the port for devices open to so many from one address.
async fn with_ear(most: usize, test: impl AsyncFn(&TestApp)) {
    let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let change = |config: &mut kit::config::Config| {
        config.demo = true;
        config.mqtt.listen = free();
        config.mqtt.connections_per_address = most;
    };
    on_both_with(app::MODULES, change, async |app| {
        let mut tasks = JoinSet::new();
        for always in app.app.modules.iter().filter_map(|it| it.always) {
            tasks.spawn(always(app.app.clone()));
        }
        test(app).await;
    })
    .await;
}

/// A device with a real client, which sends again what was not acknowledged.
struct Sender {
    client: AsyncClient,
    acknowledged: UnboundedReceiver<u16>,
    serial: String,
    _line: JoinSet<()>,
}

impl Sender {
    async fn of(app: &TestApp, kind: &str, serial: &str, elder: &str) -> Sender {
        let made = registered(app, kind, serial).await;
        let hand_out = format!("/api/v1/devices/{}/hand-out", text(&made, "device"));
        app.api(Role::Lead).await.post(&hand_out, json!({"elder": elder, "spot": "", "by": "王敏"})).await.ok();
        let (host, port) = app.app.config.mqtt.listen.rsplit_once(':').unwrap();
        let mut options = MqttOptions::new(serial, host, port.parse().unwrap());
        options.set_credentials(text(&made, "user"), text(&made, "secret")).set_clean_session(false);
        let (client, mut events) = AsyncClient::new(options, 10);
        let (tell, acknowledged) = unbounded_channel();
        let mut line = JoinSet::new();
        line.spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::PubAck(ack))) => drop(tell.send(ack.pkid)),
                    Ok(_) => {}
                    Err(_) => sleep(Duration::from_millis(100)).await,
                }
            }
        });
        Sender { client, acknowledged, serial: serial.to_string(), _line: line }
    }

    async fn send(&self, what: Value) {
        let topic = format!("yiyang/{}/readings", self.serial);
        self.client.publish(topic, QoS::AtLeastOnce, false, what.to_string()).await.unwrap();
    }

    /// So many acknowledgements come within a time.
    async fn is_acknowledged(&mut self, times: usize, within: u64) -> bool {
        let all = async {
            for _ in 0..times {
                self.acknowledged.recv().await.unwrap();
            }
        };
        timeout(Duration::from_secs(within), all).await.is_ok()
    }
}

/// Takes the disk or the database away, or gives it back.
async fn trouble(app: &TestApp, outside: Option<&Db>, begins: bool) {
    let Some(outside) = outside else {
        let limit = format!("pragma max_page_count = {}", if begins { 1 } else { 1 << 30 });
        return app.app.db.write(move |tx| tx.rows(&limit, &[], |_| Ok(()))).await.map(drop).unwrap();
    };
    let name = app.app.config.database_url.rsplit_once('/').unwrap().1;
    let sql = format!(
        "alter database {name} allow_connections {};
         select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and {begins}",
        !begins
    );
    outside.write(move |tx| tx.batch(&sql)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_disk_or_database_nothing_is_acknowledged_and_afterwards_all_is_there_once() {
    with_ear(10, async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let mut worn = Sender::of(app, "wearable", "WORN0001", &elder).await;
        let mut button = Sender::of(app, "sos", "SOS00001", &elder).await;
        let now = app.app.clock.now().as_millisecond();
        worn.send(json!({"time": now - 60_000, "values": {"heart_rate": 70}})).await;
        assert!(worn.is_acknowledged(1, 20).await, "before the trouble");
        let outside = match app.app.db.kind() {
            Kind::Postgres => {
                let server = app.app.config.database_url.rsplit_once('/').unwrap().0;
                Some(Db::open(&format!("{server}/postgres")).await.unwrap())
            }
            Kind::Sqlite => None,
        };
        trouble(app, outside.as_ref(), true).await;
        // More than the pages that are there already hold: only then the disk is full.
        for nth in 0..30 {
            let wide: serde_json::Map<String, Value> =
                (0..60).map(|it| (format!("x{nth}-{it}"), json!("满".repeat(25)))).collect();
            worn.send(json!({"unknown": wide})).await;
        }
        button.send(json!({"time": now, "alarm": "sos"})).await;
        worn.send(json!({"time": now, "values": {"heart_rate": 71}})).await;
        assert!(!worn.is_acknowledged(31, 3).await, "acknowledged what cannot have been kept");
        trouble(app, outside.as_ref(), false).await;
        assert!(button.is_acknowledged(1, 30).await, "nobody has to do anything");
        let all = async {
            while points(&values(app, &elder).await, "heart_rate") != ["70", "71"] {
                sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(Duration::from_secs(30), all).await.expect("the value that waited");
        assert_eq!(app.count("select count(*) from alarm_case where kind = 'sos'").await, 1);
        assert_eq!(app.count("select count(*) from device_message").await, 30);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_and_comes_back_moves_no_value_and_hides_none() {
    with_ear(10, async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let device = installed(app, "wearable", "WORN0001", &elder).await;
        let api = app.api(Role::Lead).await;
        let true_now = app.app.clock.now();
        let reading = |minutes: i64, rate: i64| {
            let at = true_now - SignedDuration::from_mins(minutes);
            json!({"device": "WORN0001", "time": at.to_string(), "values": {"heart_rate": rate}})
        };
        sent(&api, json!([reading(20, 70)])).await;
        // The server believes in tomorrow: what the device says is a day old to it, and stays at its own instant.
        app.app.clock.advance_days(1);
        sent(&api, json!([reading(15, 71)])).await;
        app.app.clock.advance_days(-1);
        // The server believes in yesterday: what the device says lies ahead, and is kept where the server is, marked.
        app.app.clock.advance_days(-1);
        sent(&api, json!([reading(10, 72)])).await;
        app.app.clock.advance_days(1);
        sent(&api, json!([reading(5, 73)])).await;
        let all = values(app, &elder).await;
        let mut rates = points(&all, "heart_rate");
        rates.sort();
        assert_eq!(rates, ["70", "71", "72", "73"], "{all}");
        let page = app.client(Role::Operator).await.get(&format!("/devices/{device}")).await.ok().words();
        assert!(page.contains("73"), "the newest value is the latest: {page}");
        let ahead: Vec<&Value> = all["heart_rate"]["points"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["marks"].as_array().unwrap().contains(&json!("clock_ahead")))
            .collect();
        assert_eq!(ahead.len(), 1, "what was kept at another instant than the device told says so: {all}");
        assert_eq!(ahead[0]["value"], "72");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_beyond_what_one_address_may_have_are_turned_away_and_the_page_says_so() {
    with_ear(1, async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let now = app.app.clock.now().as_millisecond();
        let mut first = Sender::of(app, "wearable", "WORN0001", &elder).await;
        first.send(json!({"time": now, "values": {"heart_rate": 70}})).await;
        assert!(first.is_acknowledged(1, 20).await);
        let mut second = Sender::of(app, "cuff", "CUFF0001", &elder).await;
        second.send(json!({"time": now, "values": {"systolic": 130, "diastolic": 80}})).await;
        assert!(!second.is_acknowledged(1, 2).await, "there is no place for it");
        let mut operator = app.client(Role::Operator).await;
        let said = async {
            while !operator.get("/devices/messages").await.ok().words().contains("connections_per_address") {
                sleep(Duration::from_millis(300)).await;
            }
        };
        timeout(Duration::from_secs(40), said).await.expect("the page says it");
        drop(first);
        assert!(second.is_acknowledged(1, 20).await, "once there is a place, it is taken");
    })
    .await;
}
