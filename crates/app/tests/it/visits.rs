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
    ltci::{agreed, concluded, in_scheme_with, insured, provider},
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp},
};

/// A nurse with a staff record, an account and a place of practice.
async fn nurse(app: &TestApp) -> (String, String) {
    app.account(&format!("clinician-{COUNTY}"), Role::Clinician, COUNTY).await;
    let body = json!({"name": "王丽", "kind": "nurse", "title": "middle", "organisation": ORGANISATION.to_string(),
                      "post": "employed", "from": "2020-01-01", "login": format!("clinician-{COUNTY}")});
    let key = text(&app.api(Role::Official).await.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
    let number = key.rsplit('-').next().unwrap().to_string();
    (key, number)
}

/// A phone as the app is: numbers, chains and signs what it sends.
struct Phone {
    api: Api,
    key: EcdsaKeyPair,
    number: i64,
    previous: String,
    /// Seconds by which its clock is ahead.
    ahead: i64,
}

async fn code(app: &TestApp, staff: &str) -> String {
    let mut lead = app.client(Role::Lead).await;
    lead.get("/visits/phones/new").await.ok();
    let page = lead.post("/visits/phones/new", &[("staff", staff)]).await.ok().text();
    let from = page.find("<code>").unwrap() + 6;
    page[from..].split('<').next().unwrap().to_string()
}

impl Phone {
    async fn of(app: &TestApp, staff: &str) -> Phone {
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
    fn event(&mut self, app: &TestApp, minutes: i64, kind: &str, visit: &str, body: Value) -> Value {
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

    async fn send(&self, app: &TestApp, events: &[Value]) -> Value {
        let now = stamp(app.app.clock.now() + jiff::SignedDuration::from_secs(self.ahead));
        let body = json!({"now": now, "unsent": 0, "received": 0, "app": "test", "events": events});
        self.api.post("/api/v1/sync/events", body).await.ok().json()
    }

    /// A whole visit of forty minutes that ended just now, with a signature.
    fn visit(&mut self, app: &TestApp, visit: &str, fix: Value, values: Value) -> Vec<Value> {
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

fn states(answer: &Value) -> Vec<&str> {
    answer["receipts"].as_array().unwrap().iter().map(|it| text(it, "state")).collect()
}

async fn planned(app: &TestApp, elder: &str, staff: &str, service: &str) -> String {
    let body = json!({"elder": elder, "service": service, "day": app.app.clock.today().to_string(), "minutes": 40, "people": 1, "staff": staff});
    text(&app.api(Role::Lead).await.post("/api/v1/visits", body).await.ok().json(), "id").to_string()
}

async fn shown(app: &TestApp, visit: &str) -> Value {
    app.api(Role::Lead).await.get(&format!("/api/v1/visits/{visit}")).await.ok().json()
}

/// What the check of a name found.
fn found<'a>(visit: &'a Value, check: &str) -> &'a str {
    let all = visit["checks"].as_array().unwrap();
    text(all.iter().find(|it| it["check"] == check).unwrap_or_else(|| panic!("{check}: {visit}")), "finding")
}

/// The home of an elder lies here.
async fn at_home(app: &TestApp, elder: &str) {
    let mut lead = app.client(Role::Lead).await;
    let path = format!("/visits/homes/{elder}");
    lead.get(&path).await.ok();
    lead.post(&path, &[("latitude", "29.5"), ("longitude", "106.5")]).await.leads();
}

fn near() -> Value {
    json!({"latitude": 29.5005, "longitude": 106.5, "accuracy": 20, "provider": "gps", "mock": false})
}

async fn ill(app: &TestApp, elder: &str) {
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

/// An hour of care at home, for the heaviest grade.
const HOURS: &str = "\
待遇标准:
  说明: 示例
  取值:
    - 起: 2020-01-01
      值:
        - { 方式: 机构上门护理, 等级: [5], 限额: { 每小时: 60 元 }, 支付比例: 90% }
      状态: 示例
";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_insurance_pays_becomes_a_claim_with_what_was_proved_and_goes_with_the_visit() {
    in_scheme_with(HOURS, async |app| {
        agreed(app, &provider(), 10).await;
        let (key, staff) = nurse(app).await;
        let elder = crate::assessment::elder_with(app, json!({"living": "children"})).await;
        insured(app, &elder, "2024-01-01".parse().unwrap()).await;
        concluded(app, &elder, true).await;
        let body = json!({"elder": elder, "mode": "visiting", "provider": ORGANISATION.to_string(), "applicant": "self"});
        let application = app.api(Role::Clerk).await.post("/api/v1/ltci/applications", body).await.ok().json();
        let path = format!("/api/v1/ltci/applications/{}/decide", text(&application, "id"));
        assert_eq!(text(&app.api(Role::Clerk).await.post(&path, json!({})).await.ok().json(), "state"), "granted");
        crate::ltci::days_go_by(app, 32).await;
        at_home(app, &elder).await;
        let (for_want, wanted): (kit::App, app::elders::Key) = (app.app.clone(), elder.parse().unwrap());
        let staff_id: kit::Id = staff.parse().unwrap();
        let visit = app
            .app
            .db
            .write(move |tx| {
                let ask = kit::Ask::system(&for_want, COUNTY);
                let elder = app::elders::find(tx, &ask.who.scope, &wanted)?;
                let purpose = app::visits::For { programme: "ltci", thing: "ltci:1", service: "S01", payer: "" };
                let day = ask.today();
                app::visits::want(tx, &ask, &app::visits::Wanted {
                    elder: &elder, day, from_minute: None, until_minute: None, minutes: 40, organisation: Some(ORGANISATION),
                    staff: Some(staff_id), second: None, people: 1, note: "", purpose,
                })
            })
            .await
            .unwrap()
            .to_string();
        let mut phone = Phone::of(app, &key).await;
        let task = json!({"service": "S01", "done": true, "reason": "", "values": {}, "note": ""});
        let events = [
            phone.event(app, -41, "begin", &visit, json!({"fix": near(), "why": "", "door": ""})),
            phone.event(app, -20, "task", &visit, task.clone()),
            phone.event(app, -2, "signature", &visit, json!({"by": "family", "name": "张明", "lines": "M 1 1 L 2 2"})),
            phone.event(app, -1, "end", &visit, json!({"fix": null, "why": "timeout", "next": ""})),
        ];
        phone.send(app, &events).await;
        app.settle().await;
        let open = "select count(*) from ltci_claim where state = 'open' and claimed = 4000 and minutes = 40 and service = 'S01'
                       and latitude = 29500000 and began is not null and mode = 'visiting'";
        assert_eq!(app.count(open).await, 1, "forty minutes at sixty yuan an hour");
        let undone = json!({"service": "S01", "done": false, "reason": "记错了", "values": {}, "note": ""});
        let late = phone.event(app, 0, "task", &visit, undone);
        phone.send(app, &[late]).await;
        app.settle().await;
        assert_eq!(app.count("select count(*) from ltci_claim where state = 'withdrawn'").await, 1);
        assert_eq!(app.count(open).await, 0);
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
async fn a_call_for_help_reaches_the_lead_once_and_is_closed_with_what_came_of_it() {
    in_demo(async |app| {
        let (key, staff) = nurse(app).await;
        let official = app.api(Role::Official).await;
        app.account(&format!("lead-{COUNTY}"), Role::Lead, COUNTY).await;
        let body = json!({"name": "李强", "kind": "gp", "title": "middle", "organisation": ORGANISATION.to_string(),
                          "post": "employed", "from": "2020-01-01", "login": format!("lead-{COUNTY}")});
        let lead_staff = text(&official.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
        let team = json!({"organisation": ORGANISATION.to_string(), "name": "第一团队", "phone": "0816-2345678", "opened": "2024-01-01"});
        let team = text(&official.post("/api/v1/workforce/teams", team).await.ok().json(), "id").to_string();
        for (who, role, leads) in [(&*lead_staff, "gp", true), (&*key, "nurse", false)] {
            let member = json!({"staff": who.rsplit('-').next().unwrap(), "role": role, "leads": leads, "from": "2024-01-01"});
            official.post(&format!("/api/v1/workforce/teams/{team}/members"), member).await.ok();
        }
        let _ = staff;
        let mut phone = Phone::of(app, &key).await;
        let sos = phone.event(app, 0, "sos", "", json!({"fix": near(), "note": "狗"}));
        phone.send(app, std::slice::from_ref(&sos)).await;
        phone.send(app, &[sos]).await;
        assert_eq!(app.count("select count(*) from visit_alarm").await, 1);
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/inbox").await.ok().text().contains("上门人员求助"));
        let list = app.api(Role::Lead).await.get("/api/v1/visits/alarms?state=open").await.ok().json();
        let path = format!("/visits/alarms/{COUNTY}-{}", text(&list["items"][0], "id"));
        assert!(lead.get(&path).await.ok().text().contains("29.500500"));
        lead.post(&format!("{path}/take"), &[]).await.leads();
        lead.post(&format!("{path}/close"), &[("outcome", "")]).await.with_status(422);
        lead.post(&format!("{path}/close"), &[("outcome", "已离开,没有受伤")]).await.leads();
        assert_eq!(app.count("select count(*) from visit_alarm where state = 'closed'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vendors_visits_pass_the_same_checks_and_the_same_number_changes_nothing() {
    in_demo(async |app| {
        let (elder, _) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let day = app.app.clock.today().add_days(-1).to_string();
        let one = json!({"number": "A-1", "source": "康养云", "elder": elder, "day": day, "begin": "09:00", "end": "09:40",
                         "services": "home_visit", "latitude": "29.5005", "longitude": "106.5", "signed": "张明",
                         "systolic": "140", "diastolic": "88"});
        let lead = app.api(Role::Lead).await;
        let mut wrong = one.clone();
        wrong["number"] = json!("A-2");
        wrong["end"] = json!("08:00");
        let answer = lead.post("/api/v1/visits/records", json!({"records": [one, wrong]})).await.ok().json();
        assert_eq!((answer["taken"].as_array().unwrap().len(), text(&answer["refused"][0], "field")), (1, "end"));
        let it = shown(app, text(&answer["taken"][0], "id")).await;
        assert_eq!((found(&it, "place"), found(&it, "carer"), text(&it, "verdict")), ("passed", "unknown", "incomplete"));
        assert_eq!(app.count("select count(*) from chronic_measure where systolic = 140").await, 1);
        let again = lead.post("/api/v1/visits/records", one.clone()).await.ok().json();
        assert_eq!(text(&again, "taken"), "unchanged");
        let mut other = one;
        other["end"] = json!("10:00");
        lead.post("/api/v1/visits/records", other).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_changed_in_two_places_is_decided_by_a_person() {
    in_demo(async |app| {
        let elder = crate::assessment::elder_with(app, json!({"remark": "先敲门"})).await;
        let (key, _) = nurse(app).await;
        let mut phone = Phone::of(app, &key).await;
        let change =
            |before: &str, after: &str| json!({"elder": elder, "field": "remark", "before": before, "after": after});
        let first = phone.event(app, 0, "change", "", change("先敲门", "按门铃"));
        let second = phone.event(app, 0, "change", "", change("先敲门", "打电话"));
        assert_eq!(states(&phone.send(app, &[first, second]).await), ["received"; 2]);
        assert_eq!(app.count("select count(*) from elder where remark = '按门铃'").await, 1);
        assert_eq!(app.count("select count(*) from visit_conflict where state = 'open'").await, 1);
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get("/visits/desk").await.ok().text();
        assert!(page.contains("打电话") && page.contains("按门铃"));
        let from = page.find("/visits/desk/conflicts/").unwrap();
        let path = page[from..].split('"').next().unwrap().to_string();
        lead.post(&path, &[("which", "theirs")]).await.leads();
        assert_eq!(app.count("select count(*) from elder where remark = '打电话'").await, 1);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_written_down_later_says_so_and_death_ends_what_is_planned() {
    in_demo(async |app| {
        let (elder, (_, staff)) = (elder(app).await, nurse(app).await);
        ill(app, &elder).await;
        let visit = planned(app, &elder, &staff, "follow_up").await;
        let mut nurse = app.client(Role::Clinician).await;
        let path = format!("/visits/{visit}/record");
        nurse.get(&path).await.ok();
        let times = [("begin", "00:00"), ("end", "00:00"), ("why", "手机没电")];
        let lacking = [&times[..], &[("follow_up.done", "yes")]].concat();
        assert!(nurse.post(&path, &lacking).await.with_status(422).text().contains("请填写“收缩压”"));
        let whole = [&lacking[..], &[("follow_up.systolic", "150"), ("follow_up.diastolic", "90"), ("signed", "张明")]]
            .concat();
        nurse.post(&path, &whole).await.leads();
        let it = shown(app, &visit).await;
        assert_eq!(
            (text(&it, "state"), text(&it, "verdict"), found(&it, "begin")),
            ("done", "doubtful", "unknown"),
            "no minutes"
        );
        assert_eq!(app.count("select count(*) from chronic_visit where systolic = 150").await, 1);
        let next = planned(app, &elder, &staff, "nursing").await;
        let body = json!({"day": app.app.clock.today().to_string()});
        app.api(Role::Lead).await.post(&format!("/api/v1/elders/{elder}/died"), body).await.ok();
        app.settle().await;
        assert_eq!(text(&shown(app, &next).await, "state"), "cancelled");
    })
    .await;
}
