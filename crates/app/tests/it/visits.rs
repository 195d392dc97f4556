//! Visits: planned for several programmes together, made on a phone without a network, checked, written once, put right.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kit::{clock::stamp, who::Role};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::{
    assessment::{elder, in_demo, text},
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp},
};

/// A nurse with a staff record, an account and a place of practice.
pub async fn nurse(app: &TestApp) -> (String, String) {
    app.account(&format!("clinician-{COUNTY}"), Role::Clinician, COUNTY).await;
    let body = json!({"name": "王丽", "kind": "nurse", "title": "middle", "organisation": ORGANISATION.to_string(),
                      "post": "employed", "from": "2020-01-01", "login": format!("clinician-{COUNTY}")});
    let key = text(&app.api(Role::Official).await.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
    let number = key.rsplit('-').next().unwrap().to_string();
    (key, number)
}

/// A phone as the app is: numbers, chains and signs what it sends.
pub struct Phone {
    pub api: Api,
    key: EcdsaKeyPair,
    number: i64,
    previous: String,
    /// Seconds by which its clock is ahead.
    ahead: i64,
}

/// A code by which a phone of somebody becomes known.
pub async fn code(app: &TestApp, staff: &str) -> String {
    let mut lead = app.client(Role::Lead).await;
    lead.get("/visits/phones/new").await.ok();
    let page = lead.post("/visits/phones/new", &[("staff", staff)]).await.ok().text();
    let from = page.find("<code>").unwrap() + 6;
    page[from..].split('<').next().unwrap().to_string()
}

impl Phone {
    pub async fn of(app: &TestApp, staff: &str) -> Phone {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let public = BASE64_URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        let body = json!({"code": code(app, staff).await, "name": "Redmi 9A", "public_key": public});
        let mut nobody = app.api(Role::Clinician).await;
        nobody.token = String::new();
        let known = nobody.post("/api/v1/sync/phones", body).await.ok().json();
        nobody.token = text(&known, "token").to_string();
        Phone { api: nobody, key, number: 0, previous: String::new(), ahead: 0 }
    }

    /// An event at an instant of the server's clock.
    pub fn event(&mut self, app: &TestApp, minutes: i64, kind: &str, visit: &str, body: Value) -> Value {
        self.number += 1;
        let at = app.app.clock.now() + jiff::SignedDuration::from_secs(minutes * 60 + self.ahead);
        let (id, at, body) = (format!("{:032x}", rand::random::<u128>()), stamp(at), body.to_string());
        let lines = [&*id, &self.number.to_string(), &at, kind, visit, &self.previous, &body].join("\n");
        let signature = self.key.sign(&SystemRandom::new(), lines.as_bytes()).unwrap();
        let hash = kit::digest::of(&lines);
        let event = json!({"id": id, "number": self.number, "at": at, "kind": kind, "visit": visit, "previous": self.previous,
                           "body": body, "hash": hash, "signature": BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())});
        self.previous = hash;
        event
    }

    pub async fn send(&self, app: &TestApp, events: &[Value]) -> Value {
        let now = stamp(app.app.clock.now() + jiff::SignedDuration::from_secs(self.ahead));
        let body = json!({"now": now, "unsent": 0, "received": 0, "app": "test", "events": events});
        self.api.post("/api/v1/sync/events", body).await.ok().json()
    }

    /// As it was after the event of this number and hash.
    pub fn restore(&mut self, number: i64, hash: &str) {
        (self.number, self.previous) = (number, hash.to_string());
    }

    /// A whole visit of forty minutes that ended just now, with a signature.
    pub fn visit(&mut self, app: &TestApp, visit: &str, fix: Value, values: Value) -> Vec<Value> {
        let door = "";
        vec![
            self.event(app, -41, "begin", visit, json!({"fix": fix, "why": "", "door": door})),
            self.event(
                app,
                -20,
                "task",
                visit,
                json!({"service": "follow_up", "done": true, "reason": "", "values": values, "note": ""}),
            ),
            self.event(app, -2, "signature", visit, json!({"by": "family", "name": "张明", "lines": "M 1 1 L 2 2"})),
            self.event(app, -1, "end", visit, json!({"fix": null, "why": "timeout", "next": ""})),
        ]
    }
}

pub fn states(answer: &Value) -> Vec<&str> {
    answer["receipts"].as_array().unwrap().iter().map(|it| text(it, "state")).collect()
}

pub async fn planned(app: &TestApp, elder: &str, staff: &str, service: &str) -> String {
    let body = json!({"elder": elder, "service": service, "day": app.app.clock.today().to_string(), "minutes": 40, "people": 1, "staff": staff});
    text(&app.api(Role::Lead).await.post("/api/v1/visits", body).await.ok().json(), "id").to_string()
}

pub async fn shown(app: &TestApp, visit: &str) -> Value {
    app.api(Role::Lead).await.get(&format!("/api/v1/visits/{visit}")).await.ok().json()
}

/// What the check of a name found.
pub fn found<'a>(visit: &'a Value, check: &str) -> &'a str {
    let all = visit["checks"].as_array().unwrap();
    text(all.iter().find(|it| it["check"] == check).unwrap_or_else(|| panic!("{check}: {visit}")), "finding")
}

/// The home of an elder lies here.
pub async fn at_home(app: &TestApp, elder: &str) {
    let mut lead = app.client(Role::Lead).await;
    let path = format!("/visits/homes/{elder}");
    lead.get(&path).await.ok();
    lead.post(&path, &[("latitude", "29.5"), ("longitude", "106.5")]).await.leads();
}

pub fn near() -> Value {
    json!({"latitude": 29.5005, "longitude": 106.5, "accuracy": 20, "provider": "gps", "mock": false})
}

pub async fn ill(app: &TestApp, elder: &str) {
    let body = json!({"kind": "hypertension", "diagnosed": "2019", "diagnosed_by": "县医院"});
    app.api(Role::Clinician).await.post(&format!("/api/v1/chronic/{elder}/diseases"), body).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_on_a_phone_is_verified_and_writes_the_health_record_once() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        ill(app, &elder).await;
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "follow_up").await;
        let mut phone = Phone::of(app, &key).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        assert_eq!(held["visits"][0]["id"], visit.as_str());
        assert_eq!(held["visits"][0]["tasks"][0]["form"], "follow_up");
        assert_eq!(
            (&held["elders"][0]["diseases"][0], &held["elders"][0]["risks"][0]),
            (&json!("高血压"), &json!("独居"))
        );
        let events = phone.visit(app, &visit, near(), json!({"systolic": "132", "diastolic": "84"}));
        let answer = phone.send(app, &events).await;
        assert_eq!((states(&answer), &answer["knows"]), (vec!["received"; 4], &json!(4)));
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "state"), text(&it, "verdict")), ("done", "verified"), "{it}");
        assert_eq!((found(&it, "place"), found(&it, "begin"), found(&it, "chain")), ("passed", "passed", "passed"));
        let count = "select count(*) from chronic_visit where voided is null and systolic = 132 and mode = 'home'";
        assert_eq!(app.count(count).await, 1);
        assert_eq!(states(&phone.send(app, &events).await), ["again"; 4], "sent twice it is there once");
        assert_eq!(app.count("select count(*) from chronic_visit").await, 1);
        let page = app.client(Role::Lead).await.get(&format!("/visits/{visit}")).await.ok().text();
        assert!(page.contains("已核验") && page.contains("慢病随访记录"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_in_another_order_in_parts_and_twice_come_to_the_same() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        let events = phone.visit(app, &visit, near(), json!({}));
        let answer = phone.send(app, &[events[3].clone(), events[1].clone()]).await;
        assert_eq!((states(&answer), &answer["knows"]), (vec!["received"; 2], &json!(0)), "the first is missing");
        let answer = phone.send(app, &[events[2].clone(), events[0].clone(), events[3].clone()]).await;
        assert_eq!((states(&answer), &answer["knows"]), (vec!["received", "received", "again"], &json!(4)));
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "state"), found(&it, "chain")), ("done", "passed"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_event_is_set_aside_and_does_not_block_the_rest() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        let mut events = phone.visit(app, &visit, near(), json!({}));
        events[1]["body"] = json!(events[1]["body"].as_str().unwrap().replace("follow_up", "nursing"));
        let answer = phone.send(app, &events).await;
        assert_eq!(states(&answer), ["received", "aside", "received", "received"]);
        assert_eq!(text(&answer["receipts"][1], "reason"), "签名或摘要不对，记录可能被改过");
        assert_eq!(answer["knows"], 4, "what was set aside is received all the same");
        let desk = app.client(Role::Lead).await.get("/visits/desk").await.ok().text();
        assert!(desk.contains("签名或摘要不对"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_position_is_unknown_and_a_clock_off_by_a_day_needs_somebody_to_confirm() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "follow_up").await;
        let mut phone = Phone::of(app, &key).await;
        phone.ahead = 86_400;
        let events = phone.visit(app, &visit, Value::Null, json!({"systolic": "132", "diastolic": "84"}));
        phone.send(app, &events).await;
        let it = shown(app, &visit).await;
        assert_eq!(
            (text(&it, "verdict"), found(&it, "place"), found(&it, "begin")),
            ("incomplete", "unknown", "unknown")
        );
        let minutes = app.app.clock.now().duration_since(text(&it, "ended").parse().unwrap()).as_mins();
        assert!((0..=3).contains(&minutes), "converted by what the clock is ahead: {it}");
        // Somebody says what holds, somebody else confirms; begin, end and place are then passed, and what was stays.
        let path = format!("/api/v1/visits/{visit}/corrections");
        let (nurse, lead) = (app.api(Role::Clinician).await, app.api(Role::Lead).await);
        let mut last = Value::Null;
        for field in ["place", "begin", "end"] {
            last = nurse.post(&path, json!({"field": field, "reason": "家属电话确认"})).await.ok().json();
        }
        let ids: Vec<String> =
            last["corrections"].as_array().unwrap().iter().map(|it| text(it, "id").to_string()).collect();
        let own = nurse.post(&format!("{path}/{}", ids[0]), json!({"agrees": "yes"})).await.with_status(409).json();
        assert_eq!(text(&own, "code"), "second_person");
        for id in &ids {
            lead.post(&format!("{path}/{id}"), json!({"agrees": "yes"})).await.ok();
        }
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "verdict"), found(&it, "place")), ("verified", "passed"), "{it}");
        assert!(text(&it["corrections"][0], "before").len() > 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn far_from_the_home_is_doubtful_but_the_code_at_the_door_proves_the_place() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let mut phone = Phone::of(app, &key).await;
        let far = json!({"latitude": 29.6, "longitude": 106.5, "accuracy": 20, "mock": false});
        let visit = planned(app, &elder, &staff, "follow_up").await;
        let events = phone.visit(app, &visit, far.clone(), json!({"systolic": "132", "diastolic": "84"}));
        phone.send(app, &events).await;
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "verdict"), found(&it, "place")), ("doubtful", "failed"));
        let mut lead = app.client(Role::Lead).await;
        lead.get(&format!("/visits/homes/{elder}")).await.ok();
        let printed = lead.post(&format!("/visits/homes/{elder}/door"), &[]).await.leads();
        let page = lead.get(&printed).await.ok().text();
        let from = page.find("class=\"door-code\">").unwrap() + 18;
        let code = page[from..].split('<').next().unwrap().to_string();
        let begun = phone.event(app, -41, "begin", &visit, json!({"fix": null, "why": "", "door": code}));
        phone.send(app, &[begun]).await;
        assert_eq!(found(&shown(app, &visit).await, "place"), "passed");
        lead.post(&format!("/visits/homes/{elder}/door"), &[]).await.leads();
        let again = phone.event(
            app,
            -1,
            "task",
            &visit,
            json!({"service": "follow_up", "done": true, "values": {"systolic": "133", "diastolic": "84"}}),
        );
        phone.send(app, &[again]).await;
        assert_ne!(
            found(&shown(app, &visit).await, "place"),
            "passed",
            "a code printed anew makes the former one worthless"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_restored_from_an_older_copy_says_what_it_knows_and_takes_the_rest_again() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        let events = phone.visit(app, &visit, near(), json!({}));
        assert_eq!(phone.send(app, &events).await["knows"], 4);
        // As it was after the first two.
        app.run("delete from visit_event where number > 2").await;
        app.run("update visit_phone set knows = 2").await;
        let answer = phone.send(app, &[]).await;
        assert_eq!(answer["knows"], 2);
        assert_eq!(phone.send(app, &events[2..]).await["knows"], 4);
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "state"), &it["events"]), ("done", &json!(4)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_answered_that_it_is_revoked_and_a_code_works_once() {
    in_demo(async |app| {
        let (key, _) = nurse(app).await;
        let phone = Phone::of(app, &key).await;
        phone.api.get("/api/v1/sync/snapshot").await.ok();
        let mut lead = app.client(Role::Lead).await;
        let listed = app.api(Role::Lead).await.get("/api/v1/visits/phones").await.ok().json();
        let it = &listed["items"][0];
        let path = format!("/visits/phones/{COUNTY}-{}", text(it, "id"));
        lead.get(&path).await.ok();
        lead.post(&format!("{path}/revoke"), &[("reason", "丢失")]).await.leads();
        let answer = phone.api.get("/api/v1/sync/snapshot").await.with_status(401).json();
        assert_eq!(text(&answer, "code"), "phone_revoked");
        let used = code(app, &key).await;
        let body = json!({"code": used, "name": "新手机", "public_key": BASE64_URL_SAFE_NO_PAD.encode([4_u8; 65])});
        phone.api.post("/api/v1/sync/phones", body.clone()).await.ok();
        let again = phone.api.post("/api/v1/sync/phones", body).await.with_status(409).json();
        assert_eq!(text(&again, "code"), "code_used");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_want_of_a_day_is_one_visit_and_a_phone_hears_of_changes() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let first = planned(app, &elder, &staff, "follow_up").await;
        assert_eq!(planned(app, &elder, &staff, "nursing").await, first);
        let it = shown(app, &first).await;
        assert_eq!((it["purposes"].as_array().unwrap().len(), &it["minutes"]), (2, &json!(80)));
        let phone = Phone::of(app, &key).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        let path = format!("/api/v1/sync/changes?after={}", text(&held, "cursor"));
        app.api(Role::Lead)
            .await
            .post(&format!("/api/v1/visits/{first}/cancel"), json!({"reason": "老人外出"}))
            .await
            .ok();
        let changed = phone.api.get(&path).await.ok().json();
        assert_eq!(changed["visits"][0]["state"], "cancelled");
        let unknown = phone.api.get("/api/v1/sync/changes?after=x").await.with_status(409).json();
        assert_eq!(text(&unknown, "code"), "cursor_unknown");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_nobody_planned_and_one_of_another_county() {
    in_demo(async |app| {
        let (elder, (key, _)) = (elder(app).await, nurse(app).await);
        let mut phone = Phone::of(app, &key).await;
        let begun = phone.event(
            app,
            -40,
            "unplanned",
            "",
            json!({"elder": elder, "services": ["home_visit"], "reason": "家属电话"}),
        );
        let id = text(&begun, "id").to_string();
        let rest = phone.visit(app, &id, near(), json!({}));
        // The rest comes first.
        let answer = phone.send(app, &rest).await;
        assert_eq!(states(&answer), ["aside"; 4]);
        phone.send(app, &[begun]).await;
        assert_eq!(app.count("select count(*) from visit where state = 'done' and source = 'phone'").await, 1);
        assert_eq!(app.count("select count(*) from visit_event where state = 'aside'").await, 0);
        let foreign = phone.event(app, 0, "begin", &format!("{OTHER_COUNTY}-5"), json!({"fix": null}));
        assert_eq!(states(&phone.send(app, &[foreign]).await), ["aside"]);
    })
    .await;
}
