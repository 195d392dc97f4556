//! Services at home as families order them and institutions give them: price, risk and consent before, staff who may go, one
//! bill, a rating; changes and calling off by rule; death, merging and visits heard of.

use app::elders::Key;
use kit::{Id, events, who::Role};
use serde_json::{Value, json};

use crate::{
    assessment::{SIGNATURE, days_go_by, elder, elder_with, in_demo},
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, no_difference},
    tariff::{fee, public, text},
};

/// All questions answered with no, but these.
fn risks(body: &mut Value, but: &[&str]) {
    let all =
        ["acute", "bleeding", "allergy", "infection", "agitation", "access", "dogs", "lighting", "hygiene", "alone"];
    for id in all {
        body[format!("risk_{id}")] = json!(if but.contains(&id) { "yes" } else { "no" });
    }
}

/// An order of blood taking for the day after tomorrow.
pub fn wanted(app: &TestApp, elder: &str) -> Value {
    let mut body = json!({
        "elder": elder, "institution": ORGANISATION.to_string(), "service": "blood", "conditions": ["immobile"],
        "day": app.app.clock.today().add_days(2), "part": "morning", "consent": true, "signer": "family", "signer_name": "王敏",
        "signature": SIGNATURE
    });
    risks(&mut body, &[]);
    body
}

pub async fn placed(app: &TestApp, api: &Api, elder: &str) -> Value {
    api.post("/api/v1/orders", wanted(app, elder)).await.ok().json()
}

/// A nurse at the institution; gives the number.
pub async fn nurse(app: &TestApp, name: &str, title: &str, licensed: &str, grade: &str) -> String {
    nurse_born(app, name, "1980-01-01", title, licensed, grade).await
}

async fn nurse_born(app: &TestApp, name: &str, birth: &str, title: &str, licensed: &str, grade: &str) -> String {
    let from = if licensed.is_empty() { "2015-01-01" } else { licensed };
    let lead = app.api(Role::Lead).await;
    let body = json!({"name": name, "sex": "female", "birth": birth, "kind": "nurse", "title": title,
        "organisation": ORGANISATION.to_string(), "post": "employed", "from": from});
    let made = lead.post("/api/v1/workforce", body).await.ok().json();
    let key = text(&made, "id").to_string();
    if !licensed.is_empty() {
        let paper = json!({"kind": "nurse", "number": "N1", "issuer": "卫生局", "grade": grade, "from": licensed, "until": "2099-01-01"});
        lead.post(&format!("/api/v1/workforce/{key}/certificates"), paper).await.ok();
    }
    key.rsplit_once('-').unwrap().1.to_string()
}

pub fn path(order: &Value, deed: &str) -> String {
    format!("/api/v1/orders/{}{deed}", text(order, "id"))
}

/// A family account that sees these elders.
pub async fn family(app: &TestApp, elders: &[&str]) -> (Id, Api) {
    let account = app.account("family.wang", Role::Family, COUNTY).await;
    for elder in elders {
        let person: Id = elder.rsplit_once('-').unwrap().1.parse().unwrap();
        app.run(&format!(
            "insert into account_person (account, region, person, relation) values ({account}, '{COUNTY}', {person}, '女儿')"
        ))
        .await;
    }
    (account, app.token(account, &[]).await)
}

pub async fn deliver(app: &TestApp) {
    while 0 < events::deliver(&app.app).await.unwrap() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_orders_sees_the_price_is_served_billed_once_and_rates() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let (own, other) = (elder(app).await, elder_with(app, json!({"name": "李平"})).await);
        let (account, daughter) = family(app, &[&own]).await;
        let nurse = nurse(app, "张护", "middle", "2010-01-01", "").await;
        let asked = format!("/api/v1/orders/price?elder={own}&institution={ORGANISATION}&service=blood");
        let price = daughter.get(&asked).await.ok().json();
        assert_eq!((price["amount_fen"].as_i64(), price["person_fen"].as_i64()), (Some(450 + 7500), Some(67 + 7500)));
        daughter.post("/api/v1/orders", wanted(app, &other)).await.with_status(404);
        let order = placed(app, &daughter, &own).await;
        assert_eq!(
            (text(&order, "state"), text(&order, "channel"), &order["person_fen"]),
            ("placed", "family", &json!(7567))
        );
        assert_eq!((text(&order, "consent_name"), order["consent"].as_array().unwrap().len()), ("王敏", 6));
        daughter.post(&path(&order, "/accept"), json!({})).await.with_status(403);

        let lead = app.api(Role::Lead).await;
        lead.post(&path(&order, "/accept"), json!({})).await.ok();
        lead.post(&path(&order, "/accept"), json!({})).await.with_status(409);
        let done = lead.post(&path(&order, "/staff"), json!({"staff": nurse})).await.ok().json();
        assert_eq!((text(&done, "state"), text(&done, "staff")), ("assigned", "张护"));
        days_go_by(app, 2).await;
        let clinician = app.api(Role::Clinician).await;
        clinician.post(&path(&order, "/depart"), json!({})).await.ok();
        let done = clinician.post(&path(&order, "/done"), json!({"note": "采血两管"})).await.ok().json();
        assert_eq!(text(&done, "state"), "done");
        let bill = clinician.get(&format!("/api/v1/tariff/bills/{}", text(&done, "bill"))).await.ok().json();
        assert_eq!(bill["person_fen"], json!(7567));
        clinician.post(&path(&order, "/done"), json!({"note": "again"})).await.ok();
        assert_eq!(app.count("select count(*) from tariff_bill").await, 1);

        let heard =
            app.count("select count(*) from message where title like '%上门服务%' or title like '%服务人员%'").await;
        assert_eq!(heard, 4, "accepted, assigned, departed, done");
        let inbox = app.count("select count(*) from message where title = '上门服务已完成,请评价'").await;
        assert_eq!(inbox, 1, "account {account}");
        daughter.post(&path(&order, "/rate"), json!({"rating": "6"})).await.with_status(422);
        daughter.post(&path(&order, "/rate"), json!({"rating": "2", "complaint": true})).await.with_status(422);
        let body = json!({"rating": "2", "words": "等了很久", "complaint": true});
        let rated = daughter.post(&path(&order, "/rate"), body.clone()).await.ok().json();
        assert_eq!((text(&rated, "state"), &rated["rating"]), ("rated", &json!(2)));
        daughter.post(&path(&order, "/rate"), body).await.with_status(409);
        let mut desk = app.client(Role::Lead).await;
        assert!(desk.get("/").await.ok().words().contains("上门服务投诉"));
        lead.post(&path(&order, "/answer"), json!({"words": "已与护士谈话"})).await.ok();
        assert!(!desk.get("/").await.ok().words().contains("上门服务投诉"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_go_is_sent_and_the_others_stand_with_their_reason() {
    in_demo(async |app| {
        public(app).await;
        let (elder, lead) = (elder(app).await, app.api(Role::Lead).await);
        let today = app.app.clock.today();
        let (born, licensed) = (today.add_years(-22).to_string(), today.add_years(-4).to_string());
        let young = nurse_born(app, "小李", &born, "middle", &licensed, "").await;
        let elsewhere = nurse(app, "小孙", "middle", &licensed, "").await;
        let unlicensed = nurse(app, "老王", "senior", "", "").await;
        let junior = nurse(app, "小赵", "junior", "2012-01-01", "").await;
        let known = nurse(app, "小钱", "junior", "2012-01-01", "护师").await;
        let order = placed(app, &lead, &elder).await;
        let all = lead.get(&path(&order, "/staff")).await.ok().json();
        let found =
            |name: &str| all["items"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()["may"].clone();
        assert_eq!(found("小李")["不符"], json!(["年限不足"]));
        assert_eq!(found("小孙")["待核"], json!(["年限不足"]), "where she worked before nobody knows");
        assert_eq!(found("老王")["不符"], json!(["没有有效证书"]));
        assert_eq!((&found("小赵")["结论"], &found("小钱")["结论"]), (&json!("待核"), &json!("可以")));
        for bad in [&young, &unlicensed, &junior, &elsewhere] {
            lead.post(&path(&order, "/staff"), json!({"staff": bad})).await.with_status(422);
        }
        lead.post(&path(&order, "/staff"), json!({"staff": junior, "looked_up": true})).await.ok();
        lead.post(&path(&order, "/staff"), json!({"staff": known})).await.ok();
        let mut desk = app.client(Role::Lead).await;
        let page = desk.get(&format!("/orders/{}/staff", text(&order, "id"))).await.ok().words();
        assert!(page.contains("小李") && page.contains("年限不足") && page.contains("待核"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn risk_decides_how_somebody_comes_and_consent_is_asked_for() {
    in_demo(async |app| {
        public(app).await;
        let (elder, nurse_api) = (elder(app).await, app.api(Role::Clinician).await);
        let refused = {
            let mut body = wanted(app, &elder);
            risks(&mut body, &["acute"]);
            nurse_api.post("/api/v1/orders", body).await.with_status(409).json()
        };
        assert_eq!(text(&refused, "code"), "risk_refused");
        let mut open = wanted(app, &elder);
        open.as_object_mut().unwrap().remove("risk_dogs");
        nurse_api.post("/api/v1/orders", open).await.with_status(422);
        for missing in ["consent", "signer", "signer_name"] {
            let mut body = wanted(app, &elder);
            body.as_object_mut().unwrap().remove(missing);
            nurse_api.post("/api/v1/orders", body).await.with_status(422);
        }
        let mut soon = wanted(app, &elder);
        soon["day"] = json!(app.app.clock.today());
        nurse_api.post("/api/v1/orders", soon).await.with_status(422);
        let mut two = wanted(app, &elder);
        risks(&mut two, &["dogs"]);
        let two = nurse_api.post("/api/v1/orders", two).await.ok().json();
        assert_eq!((&two["people"], text(&two, "verdict")), (&json!(2), "two"));
        let (one, other) =
            (nurse(app, "甲", "middle", "2010-01-01", "").await, nurse(app, "乙", "middle", "2010-01-01", "").await);
        let lead = app.api(Role::Lead).await;
        lead.post(&path(&two, "/staff"), json!({"staff": one})).await.with_status(422);
        lead.post(&path(&two, "/staff"), json!({"staff": one, "second": one})).await.with_status(422);
        lead.post(&path(&two, "/staff"), json!({"staff": one, "second": other})).await.ok();

        let mut first = wanted(app, &elder);
        risks(&mut first, &["allergy"]);
        let first = nurse_api.post("/api/v1/orders", first).await.ok().json();
        assert_eq!(text(&first, "verdict"), "doctor_first");
        let not_yet = lead.post(&path(&first, "/staff"), json!({"staff": one})).await.with_status(409).json();
        assert_eq!(text(&not_yet, "code"), "not_seen");
        nurse_api.post(&path(&first, "/assessed"), json!({"note": "已问过敏史,可以上门"})).await.ok();
        lead.post(&path(&first, "/staff"), json!({"staff": one})).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_ordered_for_whom_it_is_and_need_without_a_bed_is_counted() {
    in_demo(async |app| {
        public(app).await;
        let api = app.api(Role::Clinician).await;
        let well = elder_with(app, json!({"name": "李平", "birth": "1955-05-01"})).await;
        let mut body = wanted(app, &well);
        body.as_object_mut().unwrap().remove("conditions");
        let refused = api.post("/api/v1/orders", body.clone()).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "not_assessed", "nobody has assessed whether they are disabled");
        body["conditions"] = json!(["recovering"]);
        let order = api.post("/api/v1/orders", body).await.ok().json();
        assert_eq!(order["without_bed"], json!(false));
        let disabled = elder_with(app, json!({"name": "赵敏", "groups": ["disabled"]})).await;
        let order = placed(app, &api, &disabled).await;
        assert_eq!(order["without_bed"], json!(true));
        let listed = api.get("/api/v1/orders?what=without_bed").await.ok().json();
        assert_eq!(listed["total"], 1);
        assert_eq!(app.api_at(Role::Lead, OTHER_COUNTY).await.get("/api/v1/orders").await.ok().json()["total"], 0);
        app.api_at(Role::Lead, OTHER_COUNTY).await.get(&path(&order, "")).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_changed_and_called_off_by_the_hours_that_are_left() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let (_, daughter) = family(app, &[&elder]).await;
        let order = placed(app, &daughter, &elder).await;
        let day = app.app.clock.today().add_days(3);
        let same = json!({"day": app.app.clock.today().add_days(2), "part": "morning"});
        daughter.post(&path(&order, "/change"), same).await.with_status(422);
        let bad = json!({"day": day, "part": "time", "time": "25:00"});
        daughter.post(&path(&order, "/change"), bad).await.with_status(422);
        let moved = json!({"day": day, "part": "time", "time": "09:30"});
        let changed = daughter.post(&path(&order, "/change"), moved).await.ok().json();
        assert_eq!((text(&changed, "day"), &changed["from_minute"]), (&*day.to_string(), &json!(570)));
        let off = daughter.post(&path(&order, "/cancel"), json!({})).await.ok().json();
        assert_eq!(text(&off, "state"), "cancelled", "in time nobody asks why");

        let late = placed(app, &daughter, &elder).await;
        days_go_by(app, 3).await;
        let refused = daughter.post(&path(&late, "/change"), json!({"day": day.add_days(9), "part": "any"})).await;
        assert_eq!(text(&refused.with_status(409).json(), "code"), "too_late");
        daughter.post(&path(&late, "/cancel"), json!({})).await.with_status(422);
        daughter.post(&path(&late, "/cancel"), json!({"reason": "住院了"})).await.ok();
        daughter.post(&path(&late, "/cancel"), json!({"reason": "再来"})).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_nobody_answers_is_late_and_one_refused_says_why() {
    in_demo(async |app| {
        public(app).await;
        let (elder, api, lead) = (elder(app).await, app.api(Role::Operator).await, app.api(Role::Lead).await);
        let order = placed(app, &api, &elder).await;
        assert_eq!(text(&order, "channel"), "hotline");
        assert_eq!(lead.get("/api/v1/orders?what=late").await.ok().json()["total"], 0);
        days_go_by(app, 2).await;
        assert_eq!(lead.get("/api/v1/orders?what=late").await.ok().json()["total"], 1);
        let mut desk = app.client(Role::Lead).await;
        assert!(desk.get("/").await.ok().words().contains("超时未答复"));
        lead.post(&path(&order, "/refuse"), json!({})).await.with_status(422);
        lead.post(&path(&order, "/refuse"), json!({"reason": "当天人手不够"})).await.with_status(422);
        let refused =
            lead.post(&path(&order, "/refuse"), json!({"why": "staff", "reason": "当天人手不够"})).await.ok().json();
        assert_eq!((text(&refused, "state"), text(&refused, "ended_reason")), ("refused", "当天人手不够"));
        assert_eq!(lead.get("/api/v1/orders?what=late").await.ok().json()["total"], 0);
    })
    .await;
}

/// What the module of visits tells of a visit for an order.
pub fn visit(order: &Value, elder: &str, number: u32, day: &str, verdict: &str) -> Value {
    json!({
        "visit": format!("{COUNTY}-{number}"), "elder": elder, "day": day, "minutes": 30, "staff": [], "carer": "王护士",
        "verdict": verdict, "purposes": [{"programme": "order", "thing": text(order, "thing"), "service": "blood", "payer": ""},
            {"programme": "rounds", "thing": "rounds:7", "service": "", "payer": ""}],
        "tasks": [{"service": "blood", "done": verdict != "incomplete", "reason": "", "values": {}, "note": "两管"}]
    })
}

pub async fn tell(app: &TestApp, kind: &'static str, body: Value) {
    let now = app.app.clock.now();
    app.app.db.write(move |tx| events::send(tx, COUNTY, kind, &body, now)).await.unwrap();
    deliver(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_does_an_order_once_and_one_declared_wrong_takes_it_back() {
    in_demo(async |app| {
        public(app).await;
        let (elder, lead) = (elder(app).await, app.api(Role::Lead).await);
        let nurse = nurse(app, "张护", "middle", "2010-01-01", "").await;
        let order = placed(app, &lead, &elder).await;
        let today = app.app.clock.today().to_string();
        tell(app, "visits.done", visit(&order, &elder, 1, &today, "verified")).await;
        let shown = lead.get(&path(&order, "")).await.ok().json();
        assert_eq!(text(&shown, "state"), "placed", "nobody accepted it");
        lead.post(&path(&order, "/staff"), json!({"staff": nurse})).await.ok();
        tell(app, "visits.done", visit(&order, &elder, 1, &today, "incomplete")).await;
        assert_eq!(text(&lead.get(&path(&order, "")).await.ok().json(), "state"), "assigned");
        for _ in 0..2 {
            tell(app, "visits.done", visit(&order, &elder, 2, &today, "verified")).await;
        }
        let shown = lead.get(&path(&order, "")).await.ok().json();
        assert_eq!((text(&shown, "state"), text(&shown, "done_source")), ("done", "visit:990101-2"));
        assert_eq!(text(&shown, "done_note"), "两管");
        assert_eq!(app.count("select count(*) from tariff_bill").await, 1);
        assert!(shown["not_charged"].to_string().contains("没有公布上门服务费"), "{shown}");
        tell(app, "visits.undone", visit(&order, &elder, 1, &today, "")).await;
        assert_eq!(text(&lead.get(&path(&order, "")).await.ok().json(), "state"), "done", "that was another visit");
        tell(app, "visits.undone", visit(&order, &elder, 2, &today, "")).await;
        let back = lead.get(&path(&order, "")).await.ok().json();
        assert_eq!((text(&back, "state"), &back["bill"]), ("assigned", &Value::Null));
        let former = text(&shown, "bill");
        assert_eq!(back["former_bills"], json!([former]));
        assert_eq!(app.count("select cast(sum(amount) as bigint) from tariff_bill").await, 0, "taken back in full");
        let reasons = "select count(*) from tariff_entry where kind = 'correction' and reason = '上门记录被撤销'";
        assert_eq!(app.count(reasons).await, 1);
        let page = app.client(Role::Lead).await.get(&format!("/orders/{}", text(&order, "id"))).await.ok().text();
        assert!(page.contains(&format!("/tariff/bills/{former}")) && page.contains("已全部冲正"), "{page}");
        tell(app, "visits.done", visit(&order, &elder, 3, &today, "doubtful")).await;
        assert_eq!(text(&lead.get(&path(&order, "")).await.ok().json(), "state"), "done");
        assert_eq!(app.count("select count(*) from tariff_bill").await, 2, "done after all, it is charged anew");
        assert_eq!(app.count("select count(*) from tariff_bill where amount > 0").await, 1);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_calls_off_what_is_open_and_merging_moves_it() {
    in_demo(async |app| {
        public(app).await;
        let (one, two, api) =
            (elder(app).await, elder_with(app, json!({"name": "李平"})).await, app.api(Role::Lead).await);
        let (first, second) = (placed(app, &api, &one).await, placed(app, &api, &two).await);
        tell(app, "elder.merged", json!({"kept": one, "lost": two})).await;
        let moved = api.get(&path(&second, "")).await.ok().json();
        assert_eq!(text(&moved, "elder"), one);
        tell(app, "elder.unmerged", json!({"kept": one, "lost": two})).await;
        assert_eq!(text(&api.get(&path(&second, "")).await.ok().json(), "elder"), two);
        assert_eq!(text(&api.get(&path(&first, "")).await.ok().json(), "elder"), one);
        let key: Key = one.parse().unwrap();
        let today = app.app.clock.today();
        api.post(&format!("/api/v1/elders/{key}/died"), json!({"day": today})).await.ok();
        deliver(app).await;
        let ended = api.get(&path(&first, "")).await.ok().json();
        assert_eq!((text(&ended, "state"), text(&ended, "ended_reason")), ("cancelled", "老人去世"));
        assert_eq!(text(&api.get(&path(&second, "")).await.ok().json(), "state"), "placed");
        api.post("/api/v1/orders", wanted(app, &one)).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_elder_applies_and_the_yearly_service_is_due_until_it_was_given() {
    in_demo(async |app| {
        public(app).await;
        let api = app.api(Role::Clinician).await;
        let unknown = elder(app).await;
        let refused = api.post("/api/v1/orders/yearly", json!({"elder": unknown})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "not_assessed");
        let disabled = elder_with(app, json!({"name": "赵敏", "groups": ["disabled"]})).await;
        for _ in 0..2 {
            api.post("/api/v1/orders/yearly", json!({"elder": disabled})).await.ok();
        }
        assert_eq!(api.get("/api/v1/orders/yearly?year=open").await.ok().json()["total"], 1);
        let due = app.count("select count(*) from elder_due where kind = 'orders.yearly'").await;
        assert_eq!(due, 1);
        let mut body = wanted(app, &disabled);
        body["service"] = json!("yearly_disabled");
        api.post("/api/v1/orders", body.clone()).await.with_status(422);
        body["carer"] = json!(true);
        let order = api.post("/api/v1/orders", body).await.ok().json();
        assert_eq!((&order["people"], &order["carer"]), (&json!(2), &json!(true)));
        let (one, two) =
            (nurse(app, "甲", "middle", "2010-01-01", "").await, nurse(app, "乙", "middle", "2010-01-01", "").await);
        app.api(Role::Lead).await.post(&path(&order, "/staff"), json!({"staff": one, "second": two})).await.ok();
        api.post(&path(&order, "/done"), json!({"note": "评估、体检、体质辨识"})).await.ok();
        assert_eq!(api.get("/api/v1/orders/yearly?year=open").await.ok().json()["total"], 0);
        let next = format!("{}-12-31", app.app.clock.today().year() + 1);
        let on = app.app.db.read(move |tx| {
            tx.rows("select day from elder_due where kind = 'orders.yearly' order by day", &[], |row| {
                row.get::<String>(0)
            })
        });
        assert_eq!(on.await.unwrap(), [next]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_lead_a_family_from_the_service_to_the_order() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let own = elder(app).await;
        family(app, &[&own]).await;
        let mut daughter = app.visitor();
        daughter.sign_in("family.wang", crate::support::PASSWORD).await.unwrap();
        let first = daughter.get(&format!("/orders/new?elder={own}")).await.ok();
        assert!(first.text().contains("data-size=\"large\"") && first.words().contains("上门采血"));
        let next =
            daughter.get(&format!("/orders/new?elder={own}&institution={ORGANISATION}&service=blood")).await.ok();
        assert!(next.words().contains("79.50 元") && next.words().contains("医疗废物"), "{}", next.words());
        let day = app.app.clock.today().add_days(2).to_string();
        let ids = [
            "acute",
            "bleeding",
            "allergy",
            "infection",
            "agitation",
            "access",
            "dogs",
            "lighting",
            "hygiene",
            "alone",
        ];
        let names: Vec<String> = ids.iter().map(|it| format!("risk_{it}")).collect();
        let organisation = ORGANISATION.to_string();
        let mut fields = vec![
            ("elder", &*own),
            ("institution", &*organisation),
            ("service", "blood"),
            ("conditions", "immobile"),
            ("day", &*day),
            ("part", "morning"),
            ("signer", "family"),
            ("signer_name", "王敏"),
        ];
        fields.extend(names.iter().map(|it| (&**it, "no")));
        let wrong = daughter.post("/orders/new", &fields).await.with_status(422);
        assert!(wrong.words().contains("请看过各点后同意"), "{}", wrong.words());
        fields.push(("consent", "on"));
        let link = daughter.post("/orders/new", &fields).await.leads();
        let paper = daughter.get(&format!("{link}/paper")).await.ok().words();
        assert!(paper.contains("由“老人及家属”的账号确认同意"), "{paper}");
        let page = daughter.get(&link).await.ok();
        assert!(page.words().contains("待接单") && page.text().contains("data-size=\"large\""));
        assert!(daughter.get(&format!("{link}/paper")).await.ok().words().contains("知情同意书"));
        assert!(daughter.get("/orders").await.ok().words().contains("上门采血"));
        daughter.get(&format!("{link}/staff")).await.with_status(403);
        let mut official = app.client(Role::Official).await;
        assert!(official.get(&format!("/elders/{own}")).await.ok().words().contains("上门采血"));
        official.get("/orders?format=xlsx").await.ok();
        official.get("/orders/services").await.ok();
    })
    .await;
}
