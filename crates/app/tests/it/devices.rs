//! Devices: registered, handed out and taken back; what they say is kept once, in one unit, and nothing is believed that cannot be.

use kit::who::Role;
use serde_json::{Value, json};

use crate::{
    assessment::{elder_with, in_demo, text},
    client::Api,
    orders::deliver,
    support::{ORGANISATION, TestApp},
    visits::{self, Phone, at_home, found, planned, shown},
};

/// A device as a form says it.
fn draft(kind: &str, serial: &str) -> Value {
    json!({"organisation": ORGANISATION.to_string(), "kind": kind, "maker": "乐康", "model": format!("{kind}-1"), "serial": serial,
           "owner": "government", "zone": "+08:00"})
}

pub async fn registered(app: &TestApp, kind: &str, serial: &str) -> Value {
    app.api(Role::Lead).await.post("/api/v1/devices", draft(kind, serial)).await.ok().json()
}

/// A device in the home of an elder; gives its key.
pub async fn installed(app: &TestApp, kind: &str, serial: &str, elder: &str) -> String {
    let key = text(&registered(app, kind, serial).await, "device").to_string();
    let body = json!({"elder": elder, "spot": "卧室", "by": "王敏"});
    app.api(Role::Lead).await.post(&format!("/api/v1/devices/{key}/hand-out"), body).await.ok();
    key
}

/// What a program sends; gives the fates of its messages.
pub async fn sent(api: &Api, messages: Value) -> Vec<Value> {
    let answer = api.post("/api/v1/readings", json!({"messages": messages})).await.ok().json();
    answer["messages"].as_array().unwrap().clone()
}

/// A reading in our plain format, so many minutes ago.
fn reading(app: &TestApp, serial: &str, minutes_ago: i64, values: Value) -> Value {
    let at = app.app.clock.now() - jiff::SignedDuration::from_mins(minutes_ago);
    json!({"device": serial, "time": at.to_string(), "values": values})
}

pub async fn values(app: &TestApp, elder: &str) -> Value {
    let today = app.app.clock.today();
    let path = format!("/api/v1/readings/{elder}?from={}&until={today}", today.add_days(-6));
    app.api(Role::Clinician).await.get(&path).await.ok().json()["measures"].clone()
}

pub fn points(values: &Value, measure: &str) -> Vec<String> {
    let all = values[measure]["points"].as_array().cloned().unwrap_or_default();
    all.iter().map(|it| it["value"].as_str().unwrap().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_in_one_home_at_a_time_and_its_way_is_kept() {
    in_demo(async |app| {
        let (one, other) =
            (elder_with(app, json!({"name": "张一"})).await, elder_with(app, json!({"name": "张二"})).await);
        let key = installed(app, "cuff", "08:f9:e0:d1:f7:b4", &one).await;
        let api = app.api(Role::Lead).await;
        let again = api.post("/api/v1/devices", draft("cuff", "08F9E0D1F7B4")).await.with_status(422).json();
        assert_eq!(again["errors"][0]["field"], "serial");
        let hand_out = format!("/api/v1/devices/{key}/hand-out");
        let body = json!({"elder": other, "spot": "", "by": "王敏"});
        let refused = api.post(&hand_out, body.clone()).await.with_status(409).json();
        assert_eq!(refused["code"], "device_out");
        api.post(&format!("/api/v1/devices/{key}/back"), json!({"reason": "swapped"})).await.ok();
        api.post(&hand_out, body).await.ok();
        let it = api.get(&format!("/api/v1/devices/{key}")).await.ok().json();
        assert_eq!((text(&it, "elder"), text(&it, "state")), (&*other, "out"));
        assert_eq!(app.count("select count(*) from device_hold where ended is null").await, 1);
        assert_eq!(app.count("select count(*) from device_hold").await, 2);
        let page = app.client(Role::Lead).await.get(&format!("/devices/{key}")).await.ok().words();
        assert!(page.contains("张一") && page.contains("张二") && page.contains("换机"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_register_the_same_model_at_once_and_a_number_goes_to_one() {
    in_demo(async |app| {
        let api = app.api(Role::Lead).await;
        let all = (0..12).map(|nth| {
            // The last two are of one number.
            let body = draft("cuff", &format!("CUFF{:04}", nth.min(10)));
            let api = &api;
            async move { api.post("/api/v1/devices", body).await.status }
        });
        let mut answers: Vec<u16> = futures_util::future::join_all(all).await;
        answers.sort_unstable();
        assert_eq!(answers, [&[200; 11][..], &[422]].concat());
        assert_eq!(app.count("select count(*) from device_model where name = 'cuff-1'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_are_kept_once_whatever_their_order_and_however_often_they_come() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        installed(app, "wearable", "865067123456789", &elder).await;
        let api = app.api(Role::Lead).await;
        let messages: Vec<Value> = (0..150)
            .map(|nth| reading(app, "865067123456789", nth * 20, json!({"heart_rate": 60 + nth % 30})))
            .collect();
        let backwards: Vec<Value> = messages.iter().rev().cloned().collect();
        let fates = sent(&api, json!(messages)).await;
        assert!(fates.iter().all(|it| *it == json!({"taken": 1, "known": 0})), "{fates:?}");
        sent(&api, json!(backwards)).await;
        sent(&api, json!(messages)).await;
        assert_eq!(points(&values(app, &elder).await, "heart_rate").len(), 150);
        // Another process, which remembers nothing, adds to them and repeats them.
        let other = app.again().await;
        let (from, payloads): (Vec<String>, Vec<Value>) =
            (vec!["".into()], messages.iter().take(80).cloned().collect());
        drop((other, from));
        sent(&api, json!(payloads)).await;
        let more = reading(app, "865067123456789", 1, json!({"heart_rate": 99}));
        sent(&api, json!([more])).await;
        assert_eq!(points(&values(app, &elder).await, "heart_rate").len(), 151);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_kept_and_marked_and_is_not_the_latest_value() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let key = installed(app, "cuff", "CUFF0001", &elder).await;
        let api = app.api(Role::Lead).await;
        sent(&api, json!([reading(app, "CUFF0001", 3, json!({"systolic": 138, "diastolic": 86}))])).await;
        sent(&api, json!([reading(app, "CUFF0001", 1, json!({"systolic": 999, "diastolic": 86}))])).await;
        let all = values(app, &elder).await;
        let marks: Vec<&Value> = all["systolic"]["points"].as_array().unwrap().iter().map(|it| &it["marks"]).collect();
        assert_eq!(marks.len(), 2);
        assert!(marks[1].as_array().unwrap().contains(&json!("implausible")), "{all}");
        let page = app.client(Role::Operator).await.get(&format!("/devices/{key}")).await.ok().words();
        assert!(page.contains("138") && !page.contains("999"), "{page}");
        // What can be goes into the health record, with its source.
        assert_eq!(
            app.count("select count(*) from chronic_measure where source = 'device' and systolic = 138").await,
            1
        );
        assert_eq!(app.count("select count(*) from chronic_measure where source = 'device'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_understands_waits_and_is_taken_again_when_the_device_is_known() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let api = app.api(Role::Operator).await;
        let strange = json!({"topic": "dusun_pub", "payload": {"from": "BLE", "to": "CLOUD", "time": 1_764_200_000, "mac": "08:F9:E0:D1:F7:B4",
            "type": "reportAttribute", "device": "WBP BIOLIGHT", "data": {"attribute": "BP_BIOLIGTH", "mac": "08:F9:E0:D1:F7:B4",
            "value": {"device_list": [{"scan_time": 1_764_200_000, "ble_addr": "d616f9641622", "bp_high": 137, "bp_low": 95, "PR": 74}]}}}});
        let fates = sent(&api, json!([strange, strange, {"topic": "x", "payload": {"foo": 1}}])).await;
        assert!(fates.iter().all(|it| it["aside"].is_string()), "{fates:?}");
        assert_eq!(app.count("select count(*) from device_message where state = 'waiting'").await, 2);
        assert_eq!(app.count("select times from device_message where topic = 'dusun_pub'").await, 2);
        let mut operator = app.client(Role::Operator).await;
        let id = app.count("select id from device_message where topic = 'dusun_pub'").await;
        let path = format!("/devices/messages/{}-{id}", crate::support::COUNTY);
        assert!(operator.get(&path).await.ok().words().contains("BP_BIOLIGTH"));
        let still = operator.post(&format!("{path}/replay"), &[]).await.with_status(409).words();
        assert!(still.contains("没有登记"), "{still}");
        let gateway = text(&registered(app, "gateway", "08F9E0D1F7B4").await, "device").to_string();
        let cuff = json!({"gateway": "08:F9:E0:D1:F7:B4"});
        let mut body = draft("cuff", "d616f9641622");
        body["gateway"] = cuff["gateway"].clone();
        let key = text(&app.api(Role::Lead).await.post("/api/v1/devices", body).await.ok().json(), "device").to_string();
        let home = json!({"elder": elder, "spot": "", "by": "王敏"});
        app.api(Role::Lead).await.post(&format!("/api/v1/devices/{key}/hand-out"), home).await.ok();
        operator.post(&format!("{path}/replay"), &[]).await.leads();
        assert_eq!(app.count("select count(*) from device_message where state = 'replayed'").await, 1);
        assert_eq!(app.count("select count(*) from reading_series where measure = 'systolic' and value = 137").await, 1);
        drop(gateway);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_knows_whom_it_measures_by_card_or_record_number_and_guesses_nobody() {
    in_demo(async |app| {
        let number = "11010519491231002X";
        let one =
            elder_with(app, json!({"name": "张一", "id_kind": "resident", "id_number": number, "birth": "1949-12-31"}))
                .await;
        let other = elder_with(app, json!({"name": "张二"})).await;
        registered(app, "kiosk", "KIOSK001").await;
        let api = app.api(Role::Lead).await;
        let measured = |person: Option<&str>, systolic: i64| {
            let mut it = reading(app, "KIOSK001", 5, json!({"systolic": systolic, "diastolic": 80}));
            if let Some(person) = person {
                it["person"] = json!(person);
            }
            it
        };
        let all = [Some(number), Some(&*other), Some("990101-999999"), Some("110105194912310010"), None];
        let messages: Vec<Value> =
            all.iter().zip(131..).map(|(person, systolic)| measured(*person, systolic)).collect();
        let fates = sent(&api, json!(messages)).await;
        let taken: Vec<bool> = fates.iter().map(|it| it["taken"] == 2).collect();
        assert_eq!(taken, [true, true, false, false, false], "{fates:?}");
        assert_eq!(points(&values(app, &one).await, "systolic"), ["131"]);
        assert_eq!(points(&values(app, &other).await, "systolic"), ["132"]);
        let waiting = app.client(Role::Operator).await.get("/devices/messages").await.ok().words();
        assert!(waiting.contains("没有建档") && waiting.contains("没有说明是谁的"), "{waiting}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_call_opens_one_case_however_often_it_is_sent() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        installed(app, "sos", "865067000000001", &elder).await;
        let api = app.api(Role::Operator).await;
        let cry = json!({"topic": "iMEDE_watch/sos", "payload": {"status": "SOS", "location": {"GPS": {"latitude": 29.5678, "longitude": 106.5}},
                         "IMEI": "865067000000001"}});
        for _ in 0..3 {
            sent(&api, json!([cry])).await;
        }
        assert_eq!(app.count("select count(*) from alarm_case").await, 1);
        assert_eq!(app.count("select count(*) from device_alarm").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_is_not_theirs() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        let key = installed(app, "cuff", "CUFF0002", &elder).await;
        let api = app.api(Role::Lead).await;
        sent(&api, json!([reading(app, "CUFF0002", 3, json!({"systolic": 138, "diastolic": 86}))])).await;
        app.api(Role::Official).await.get(&format!("/api/v1/readings/{elder}")).await.with_status(403);
        let (_, family) = crate::orders::family(app, &[&elder]).await;
        let refused = family.get(&format!("/api/v1/readings/{elder}")).await.with_status(409).json();
        assert_eq!(refused["code"], "not_shared");
        let mut lead = app.client(Role::Lead).await;
        let page = format!("/devices/people/{elder}");
        lead.get(&page).await.ok();
        lead.post(&format!("{page}/consent"), &[("shares", "values"), ("said_by", "本人")]).await.leads();
        let seen = family.get(&format!("/api/v1/readings/{elder}")).await.ok().json();
        assert_eq!(seen["measures"]["systolic"]["points"][0]["value"], "138");
        // The trail has every look.
        assert!(0 < app.count("select count(*) from audit where action = 'look' and detail = 'values'").await);
        // A device that is lost does not come in.
        api.post(&format!("/api/v1/devices/{key}/back"), json!({"reason": "lost"})).await.ok();
        assert_eq!(app.count("select count(*) from device where state = 'lost'").await, 1);
    })
    .await;
}

/// Moves the clock of the server on by so many days, and does what came due.
async fn days_later(app: &TestApp, days: i64) {
    app.app.clock.advance_days(days);
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_beyond_a_limit_opens_a_case_and_the_doctors_limit_goes_before_that_of_policy() {
    in_demo(async |app| {
        let (one, other) =
            (elder_with(app, json!({"name": "张一"})).await, elder_with(app, json!({"name": "张二"})).await);
        installed(app, "cuff", "CUFF0001", &one).await;
        installed(app, "cuff", "CUFF0002", &other).await;
        let api = app.api(Role::Operator).await;
        let doctor = app.api(Role::Clinician).await;
        let own = json!({"measure": "systolic", "urgent_high": "200", "reason": "长期偏高"});
        doctor.post(&format!("/api/v1/readings/{other}/limits"), own).await.ok();
        for serial in ["CUFF0001", "CUFF0002"] {
            sent(&api, json!([reading(app, serial, 2, json!({"systolic": 186, "diastolic": 90}))])).await;
        }
        let urgent = "select count(*) from alarm_case where kind = 'vital' and urgent";
        assert_eq!(app.count(urgent).await, 1, "the doctor bears more with the other");
        sent(&api, json!([reading(app, "CUFF0002", 1, json!({"systolic": 205, "diastolic": 90}))])).await;
        assert_eq!(app.count(urgent).await, 2);
        // It swings about the limit: one case, and what is back inside is noted.
        for (minute, value) in [(0, 181), (0, 178), (0, 182)] {
            sent(&api, json!([reading(app, "CUFF0001", minute, json!({"systolic": value, "diastolic": 91}))])).await;
        }
        assert_eq!(app.count(urgent).await, 2);
        // What came late, or cannot be, raises nothing.
        sent(&api, json!([reading(app, "CUFF0001", 90, json!({"systolic": 230, "diastolic": 91}))])).await;
        assert_eq!(app.count("select count(*) from alarm_case where kind = 'vital'").await, 2);
        let wrong = json!({"measure": "systolic", "low": "150", "high": "140", "reason": "x"});
        doctor.post(&format!("/api/v1/readings/{one}/limits"), wrong).await.with_status(422);
        app.api(Role::Operator).await.post(&format!("/api/v1/readings/{one}/limits"), json!({})).await.with_status(403);
        let page = app.client(Role::Clinician).await.get(&format!("/devices/people/{other}")).await.ok().words();
        assert!(page.contains("200") && page.contains("示例"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_hours_late_is_looked_after_by_day_and_is_no_emergency() {
    in_demo(async |app| {
        let (one, other) =
            (elder_with(app, json!({"name": "张一"})).await, elder_with(app, json!({"name": "张二"})).await);
        installed(app, "cuff", "CUFF0001", &one).await;
        installed(app, "cuff", "CUFF0002", &other).await;
        let api = app.api(Role::Lead).await;
        let high = json!({"systolic": 192, "diastolic": 100});
        sent(&api, json!([reading(app, "CUFF0001", 180, high.clone())])).await;
        // Of somebody who has measured well since, the old value says nothing any more.
        sent(&api, json!([reading(app, "CUFF0002", 1, json!({"systolic": 130, "diastolic": 80}))])).await;
        sent(&api, json!([reading(app, "CUFF0002", 180, high)])).await;
        let watched = app.count("select count(*) from reading_watch where waiting <> '[]'").await;
        let cases = app.count("select count(*) from alarm_case where kind = 'vital'").await;
        assert_eq!(watched + cases, 1, "told now, or waiting for the morning: {watched} {cases}");
        assert_eq!(app.count("select count(*) from alarm_case where urgent").await, 0);
        let said = "select count(*) from reading_watch where waiting like '%补传：收缩压 192%'";
        let told = "select count(*) from alarm_entry where said like '%补传：收缩压 192%'";
        assert_eq!(app.count(said).await + i64::from(0 < app.count(told).await), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_silent_is_missed_once_and_heard_again() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        installed(app, "wearable", "865067000000009", &elder).await;
        let api = app.api(Role::Operator).await;
        sent(&api, json!([reading(app, "865067000000009", 1, json!({"heart_rate": 70}))])).await;
        days_later(app, 2).await;
        let silent = "select count(*) from alarm_case where kind = 'silent'";
        assert_eq!(app.count(silent).await, 1);
        days_later(app, 1).await;
        assert_eq!(app.count(silent).await, 1, "it is told once");
        let workbench = app.client(Role::Lead).await.get("/").await.ok().words();
        assert!(workbench.contains("设备失联"), "{workbench}");
        let api = app.api(Role::Operator).await;
        sent(&api, json!([reading(app, "865067000000009", 0, json!({"heart_rate": 70}))])).await;
        assert_eq!(app.count("select count(*) from device where silent_told is not null").await, 0);
        assert_eq!(app.count("select count(*) from alarm_case where kind = 'silent' and eased is not null").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_readings_become_hours_and_their_days_still_say_the_same() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"name": "张一"})).await;
        installed(app, "wearable", "865067000000010", &elder).await;
        let api = app.api(Role::Operator).await;
        let many: Vec<Value> =
            (1..300).map(|nth| reading(app, "865067000000010", nth, json!({"heart_rate": 60 + nth % 7}))).collect();
        sent(&api, json!(many)).await;
        days_later(app, 1).await;
        let api = app.api(Role::Operator).await;
        sent(&api, json!([reading(app, "865067000000010", 0, json!({"heart_rate": 70}))])).await;
        let sums = "select cast(coalesce(sum(count), 0) as bigint) from reading_day";
        let before = app.count(sums).await;
        assert_eq!(before, 299);
        days_later(app, 130).await;
        assert_eq!(app.count("select count(*) from reading_day where grain = 'each'").await, 0);
        assert_eq!(app.count(sums).await, before);
        assert_eq!(app.count("select max(most) from reading_day").await, 66);
        let bytes = app.count("select cast(coalesce(sum(length(data)), 0) as bigint) from reading_day").await;
        assert!(bytes < 200, "{bytes} bytes for some hours");
    })
    .await;
}

/// A visit of a phone that had no position, with this pressure recorded; gives its key.
async fn visited_without_a_position(
    app: &TestApp,
    elder: &str,
    nurse: &(String, String),
    pressure: (u16, u16),
) -> String {
    let visit = planned(app, elder, &nurse.1, "follow_up").await;
    let mut phone = Phone::of(app, &nurse.0).await;
    let values = json!({"systolic": pressure.0.to_string(), "diastolic": pressure.1.to_string()});
    let events = phone.visit(app, &visit, Value::Null, values);
    phone.send(app, &events).await;
    visit
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cuff_of_the_home_is_witness_of_a_visit_whether_it_is_heard_before_or_after() {
    in_demo(async |app| {
        let nurse = visits::nurse(app).await;
        let api = app.api(Role::Lead).await;
        let pressure = json!({"systolic": 132, "diastolic": 84});
        let mut elders = Vec::new();
        for (name, serial) in [("张一", "CUFF0001"), ("张二", "CUFF0002"), ("张三", "CUFF0003"), ("张四", "CUFF0004")]
        {
            let elder = elder_with(app, json!({"name": name})).await;
            at_home(app, &elder).await;
            installed(app, "cuff", serial, &elder).await;
            elders.push(elder);
        }
        sent(&api, json!([reading(app, "CUFF0001", 21, pressure.clone())])).await;
        let before = visited_without_a_position(app, &elders[0], &nurse, (132, 84)).await;
        let it = shown(app, &before).await;
        assert_eq!(found(&it, "place"), "passed", "{it}");
        assert!(it.to_string().contains("家中血压计"), "{it}");
        // The cuff had no network then: what it says an hour later counts all the same, for the page and for who pays.
        let after = visited_without_a_position(app, &elders[1], &nurse, (132, 84)).await;
        assert_eq!(found(&shown(app, &after).await, "place"), "unknown");
        sent(&api, json!([reading(app, "CUFF0002", 21, pressure.clone())])).await;
        deliver(app).await;
        assert_eq!(found(&shown(app, &after).await, "place"), "passed");
        // Another value, or the same at another hour, shows nothing.
        let other = visited_without_a_position(app, &elders[2], &nurse, (131, 84)).await;
        let later = visited_without_a_position(app, &elders[3], &nurse, (132, 84)).await;
        sent(&api, json!([reading(app, "CUFF0003", 21, pressure.clone()), reading(app, "CUFF0004", 90, pressure)]))
            .await;
        deliver(app).await;
        for visit in [other, later] {
            assert_eq!(found(&shown(app, &visit).await, "place"), "unknown");
        }
    })
    .await;
}
