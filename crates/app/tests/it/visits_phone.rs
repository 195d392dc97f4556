//! The last mile of the phones: what is added at a visit, photos by kind, help before the PIN, records that never come.

use app::visits::{For, Wanted, want};
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
    support::{COUNTY, ORGANISATION, TestApp},
    visits::{Phone, at_home, code, found, ill, near, nurse, planned, shown, states},
};

fn task(service: &str, values: Value) -> Value {
    json!({"service": service, "done": true, "reason": "", "values": values, "note": ""})
}

fn begin() -> Value {
    json!({"fix": near(), "why": "", "door": ""})
}

fn signature() -> Value {
    json!({"by": "family", "name": "张明", "lines": "M 1 1 L 2 2"})
}

fn end() -> Value {
    json!({"fix": null, "why": "timeout", "next": ""})
}

/// The text of a check of a visit.
fn said<'a>(visit: &'a Value, check: &str) -> &'a str {
    let all = visit["checks"].as_array().unwrap();
    text(all.iter().find(|it| it["check"] == check).unwrap(), "reason")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_was_done_at_a_planned_visit_is_judged_and_written_and_comes_back_to_the_phone() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        ill(app, &elder).await;
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "guidance").await;
        let mut phone = Phone::of(app, &key).await;
        let events = [
            phone.event(app, -41, "begin", &visit, begin()),
            phone.event(app, -5, "task", &visit, task("guidance", json!({}))),
            phone.event(app, -4, "task", &visit, task("follow_up", json!({"systolic": "141", "diastolic": "84"}))),
            phone.event(app, -2, "signature", &visit, signature()),
            phone.event(app, -1, "end", &visit, end()),
        ];
        assert_eq!(states(&phone.send(app, &events).await), ["received"; 5]);
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "verdict"), found(&it, "service")), ("verified", "passed"), "{it}");
        assert_eq!(app.count("select count(*) from chronic_visit where voided is null and systolic = 141").await, 1);
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        let tasks = held["visits"][0]["tasks"].as_array().unwrap();
        let services: Vec<&str> = tasks.iter().map(|it| text(it, "service")).collect();
        assert_eq!(services, ["guidance", "follow_up"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_of_the_kind_its_service_asks_for_or_left_out_with_a_reason() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = ordered(app, &elder, &staff, "dressing").await;
        let mut phone = Phone::of(app, &key).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        assert_eq!(held["visits"][0]["tasks"][0]["photos"], json!(["before", "after"]));
        assert_eq!(held["photos"][1], json!({"id": "before", "title": "服务前", "title_en": "before the service"}));
        let photo =
            |kind: &str, hash: &str| json!({"hash": hash.repeat(64), "kind": kind, "service": "dressing", "bytes": 9});
        let events = [
            phone.event(app, -41, "begin", &visit, begin()),
            phone.event(app, -30, "photo", &visit, photo("before", "a")),
            phone.event(app, -29, "photo", &visit, photo("scene", "b")),
            phone.event(app, -5, "task", &visit, task("dressing", json!({}))),
            phone.event(app, -2, "signature", &visit, signature()),
            phone.event(app, -1, "end", &visit, end()),
        ];
        phone.send(app, &events).await;
        let it = shown(app, &visit).await;
        assert_eq!(
            (text(&it, "verdict"), found(&it, "photo")),
            ("doubtful", "failed"),
            "a photo of the scene is not one after"
        );
        let mut why = task("dressing", json!({}));
        why["no_photo"] = json!("老人不愿意");
        let again = phone.event(app, 0, "task", &visit, why);
        phone.send(app, &[again]).await;
        let it = shown(app, &visit).await;
        assert_eq!((text(&it, "verdict"), found(&it, "photo")), ("verified", "unknown"), "{it}");
        assert!(said(&it, "photo").contains("老人不愿意") && said(&it, "photo").contains("服务后"), "{it}");
        let whole = phone.event(app, 0, "photo", &visit, photo("after", "c"));
        phone.send(app, &[whole]).await;
        assert_eq!(found(&shown(app, &visit).await, "photo"), "passed");
    })
    .await;
}

/// A visit for a service of the catalogue of services at home.
async fn ordered(app: &TestApp, elder: &str, staff: &str, service: &'static str) -> String {
    let (for_want, elder): (kit::App, app::elders::Key) = (app.app.clone(), elder.parse().unwrap());
    let staff: kit::Id = staff.parse().unwrap();
    let wanted = app.app.db.write(move |tx| {
        let ask = kit::Ask::system(&for_want, COUNTY);
        let elder = app::elders::find(tx, &ask.who.scope, &elder)?;
        let purpose = For { programme: "order", thing: "order:1", service, payer: "" };
        let wanted = Wanted {
            elder: &elder,
            day: ask.today(),
            from_minute: None,
            until_minute: None,
            minutes: 40,
            organisation: Some(ORGANISATION),
            staff: Some(staff),
            second: None,
            people: 1,
            note: "",
            purpose,
        };
        want(tx, &ask, &wanted)
    });
    wanted.await.unwrap().to_string()
}

/// A phone that has no PIN typed: its number, and the key that signs calls for help alone.
struct LockedPhone {
    phone: String,
    api: Api,
    token: String,
    help: EcdsaKeyPair,
}

impl LockedPhone {
    async fn of(app: &TestApp, staff: &str) -> LockedPhone {
        let random = SystemRandom::new();
        let key = || {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap()
        };
        let (events, help) = (key(), key());
        let public = |it: &EcdsaKeyPair| BASE64_URL_SAFE_NO_PAD.encode(it.public_key().as_ref());
        let body = json!({"code": code(app, staff).await, "name": "红米", "public_key": public(&events), "help_key": public(&help)});
        let mut api = app.api(Role::Clinician).await;
        api.token = String::new();
        let known = api.post("/api/v1/sync/phones", body).await.ok().json();
        LockedPhone { phone: text(&known, "phone").to_string(), token: text(&known, "token").to_string(), api, help }
    }

    fn call(&self, app: &TestApp, id: &str, body: Value) -> Value {
        let (at, body) = (stamp(app.app.clock.now()), body.to_string());
        let lines = ["help", &self.phone, id, &at, &body].join("\n");
        let signature = self.help.sign(&SystemRandom::new(), lines.as_bytes()).unwrap();
        json!({"id": id, "at": at, "body": body, "signature": BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())})
    }

    fn sent(&self, calls: &[Value]) -> Value {
        json!({"phone": self.phone, "now": "", "calls": calls})
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_phone_calls_for_help_once_with_a_key_that_can_do_nothing_else() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let visit = planned(app, &elder, &staff, "guidance").await;
        let phone = LockedPhone::of(app, &key).await;
        let path = "/api/v1/sync/help";
        let first = phone.call(app, "call-1", json!({"fix": null, "note": ""}));
        let answer = phone.api.post(path, phone.sent(std::slice::from_ref(&first))).await.ok().json();
        assert_eq!(states(&answer), ["received"]);
        assert_eq!(states(&phone.api.post(path, phone.sent(std::slice::from_ref(&first))).await.ok().json()), ["again"]);
        let follows = phone.call(app, "call-2", json!({"fix": near(), "note": "", "follows": "call-1"}));
        phone.api.post(path, phone.sent(&[follows])).await.ok();
        assert_eq!(app.count("select count(*) from visit_alarm").await, 1, "where it came from is no second call");
        assert_eq!(app.count("select count(*) from visit_alarm where latitude = 29500500").await, 1);
        // Another text under the same signature, and another phone's name.
        let mut forged = first.clone();
        forged["id"] = json!("call-3");
        let refused = phone.api.post(path, phone.sent(&[forged])).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "not_signed");
        let mut other = phone.sent(std::slice::from_ref(&first));
        other["phone"] = json!(format!("{COUNTY}-77"));
        assert_eq!(text(&phone.api.post(path, other).await.with_status(409).json(), "code"), "not_signed");
        // The key for calls signs no event.
        let lines = ["x", "1", "2026-03-02T01:30:05.123Z", "begin", &visit, "", "{}"].join("\n");
        let signature = phone.help.sign(&SystemRandom::new(), lines.as_bytes()).unwrap();
        let event = json!({"id": "x", "number": 1, "at": "2026-03-02T01:30:05.123Z", "kind": "begin", "visit": visit, "previous": "", "body": "{}",
                           "hash": kit::digest::of(&lines), "signature": BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())});
        let signed_in = Api::new(app.router.clone(), phone.token.clone());
        let body = json!({"now": stamp(app.app.clock.now()), "unsent": 0, "received": 0, "app": "test", "events": [event]});
        assert_eq!(states(&signed_in.post("/api/v1/sync/events", body).await.ok().json()), ["aside"]);
        app.run("update visit_phone set revoked = '2026-03-02T00:00:00.000Z'").await;
        let gone = phone.api.post(path, phone.sent(&[first])).await.with_status(401).json();
        assert_eq!(text(&gone, "code"), "phone_revoked");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_a_locked_phone_names_the_visit_that_is_under_way() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let visit = planned(app, &elder, &staff, "guidance").await;
        let mut phone = Phone::of(app, &key).await;
        let begun = phone.event(app, -1, "begin", &visit, begin());
        let sos = phone.event(app, 0, "sos", "", json!({"fix": null, "note": ""}));
        phone.send(app, &[begun]).await;
        phone.send(app, std::slice::from_ref(&sos)).await;
        assert_eq!(app.count("select count(*) from visit_alarm where visit is not null and latitude is null").await, 1);
        let place = json!({"fix": near(), "note": "补报位置", "follows": sos["id"]});
        let later = phone.event(app, 0, "sos", "", place);
        assert_eq!(states(&phone.send(app, &[later]).await), ["received"]);
        assert_eq!(app.count("select count(*) from visit_alarm where latitude is not null").await, 1);
        assert_eq!(app.count("select count(*) from visit_alarm").await, 1);
    })
    .await;
}

/// A visit whose third to fifth event the phone no longer has.
async fn with_gap(app: &TestApp, phone: &mut Phone, visit: &str) {
    let events = [
        phone.event(app, -41, "begin", visit, begin()),
        phone.event(app, -30, "task", visit, task("home_visit", json!({}))),
        phone.event(app, -29, "material", visit, json!({"name": "纱布", "count": 1})),
        phone.event(app, -28, "material", visit, json!({"name": "棉签", "count": 1})),
        phone.event(app, -27, "material", visit, json!({"name": "手套", "count": 1})),
        phone.event(app, -2, "signature", visit, signature()),
        phone.event(app, -1, "end", visit, end()),
    ];
    let kept = [&events[..2], &events[5..]].concat();
    let answer = phone.send(app, &kept).await;
    assert_eq!((states(&answer), &answer["knows"]), (vec!["received"; 4], &json!(2)));
    assert_eq!(said(&shown(app, visit).await, "chain"), "前面的记录还没有传到");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_that_a_phone_declares_lost_is_passed_over_and_the_visit_says_what_it_lacks() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        with_gap(app, &mut phone, &visit).await;
        let wrong = phone.event(app, 0, "lost", "", json!({"from": 3, "until": 8, "reason": "restored"}));
        assert_eq!(states(&phone.send(app, &[wrong]).await), ["aside"], "not yet written is not lost");
        let lost = phone.event(app, 0, "lost", "", json!({"from": 3, "until": 5, "reason": "手机已不再保存"}));
        let answer = phone.send(app, &[lost]).await;
        assert_eq!((states(&answer), &answer["knows"]), (vec!["received"], &json!(9)));
        let it = shown(app, &visit).await;
        assert_eq!(said(&it, "chain"), "手机第3–5条记录已声明丢失,可能有这次上门的");
        assert_eq!((found(&it, "chain"), text(&it, "verdict")), ("unknown", "verified"));
        assert_eq!(app.count("select count(*) from visit_lost where who = '王丽'").await, 1);
        let none = phone.event(app, 0, "lost", "", json!({"from": 1, "until": 2, "reason": ""}));
        assert_eq!(states(&phone.send(app, &[none]).await), ["aside"], "what is here is not lost");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_manages_phones_declares_a_gap_lost_and_what_comes_all_the_same_fills_it() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        let events = [
            phone.event(app, -41, "begin", &visit, begin()),
            phone.event(app, -30, "task", &visit, task("home_visit", json!({}))),
            phone.event(app, -2, "signature", &visit, signature()),
            phone.event(app, -1, "end", &visit, end()),
        ];
        phone.send(app, &[events[0].clone(), events[1].clone(), events[3].clone()]).await;
        let listed = app.api(Role::Lead).await.get("/api/v1/visits/phones").await.ok().json();
        let path = format!("/visits/phones/{COUNTY}-{}", text(&listed["items"][0], "id"));
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get(&path).await.ok().text().contains("第 3 到 3 条"));
        lead.post(&format!("{path}/lost"), &[("gap", "2-3"), ("reason", "手机坏了")]).await.with_status(409);
        lead.post(&format!("{path}/lost"), &[("gap", "3-3"), ("reason", "")]).await.with_status(422);
        lead.post(&format!("{path}/lost"), &[("gap", "3-3"), ("reason", "手机坏了")]).await.leads();
        assert_eq!(phone.send(app, &[]).await["knows"], 4);
        assert_eq!(said(&shown(app, &visit).await, "chain"), "手机第3条记录已声明丢失,可能有这次上门的");
        assert!(lead.get(&path).await.ok().text().contains("手机坏了"));
        assert_eq!(states(&phone.send(app, &events[2..3]).await), ["received"]);
        assert_eq!(said(&shown(app, &visit).await, "chain"), "签名和前后衔接都对");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_counts_anew_is_told_that_a_number_is_taken_and_which_is_the_last() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let visit = planned(app, &elder, &staff, "home_visit").await;
        let mut phone = Phone::of(app, &key).await;
        let first = phone.event(app, -9, "begin", &visit, begin());
        let second = phone.event(app, -8, "material", &visit, json!({"name": "纱布", "count": 1}));
        let answer = phone.send(app, &[first.clone(), second.clone()]).await;
        assert_eq!(answer["last"], json!({"number": 2, "hash": second["hash"]}));
        phone.restore(1, text(&first, "hash"));
        let again = phone.event(app, -5, "material", &visit, json!({"name": "棉签", "count": 1}));
        let after = phone.event(app, -4, "material", &visit, json!({"name": "手套", "count": 1}));
        let answer = phone.send(app, &[again, after]).await;
        assert_eq!((states(&answer), &answer["last"]["number"]), (vec!["taken"; 2], &json!(2)), "nor what follows it");
        assert_eq!(app.count("select count(*) from visit_event").await, 2, "what has no number of its own is not kept");
        phone.restore(2, text(&second, "hash"));
        let anew = phone.event(app, -5, "material", &visit, json!({"name": "棉签", "count": 1}));
        assert_eq!(states(&phone.send(app, &[anew]).await), ["received"]);
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        assert_eq!(held["last"]["number"], 3);
        let changes = phone.api.get(&format!("/api/v1/sync/changes?after={}", text(&held, "cursor"))).await.ok().json();
        assert_eq!((&changes["last"], &changes["catalogue"]), (&held["last"], &held["catalogue"]));
        let terms = phone.api.get("/api/v1/sync/terms").await.ok().json();
        assert_eq!(terms["pin"]["least"], held["settings"]["pin_least"]);
    })
    .await;
}
