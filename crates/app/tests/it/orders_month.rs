//! How orders are agreed to before anybody is sent, and what a month of them comes to, down to persons.

use kit::who::Role;
use serde_json::{Value, json};

use crate::{
    assessment::{SIGNATURE, elder, elder_with, in_demo},
    orders::{family, nurse, path, placed, wanted},
    support::{TestApp, no_difference},
    tariff::{fee, public, text},
    visits::{Phone, at_home, near},
};

/// A figure of an indicator so many days from today.
async fn figure(app: &TestApp, id: &str, days: i32) -> Value {
    let day = app.app.clock.today().add_days(days);
    app.api(Role::Official).await.get(&format!("/api/v1/indicators/{id}?on={day}")).await.ok().json()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_on_a_typed_name_alone() {
    in_demo(async |app| {
        public(app).await;
        let own = elder(app).await;
        let (_, daughter) = family(app, &[&own]).await;
        let nurse = nurse(app, "张护", "middle", "2010-01-01", "").await;
        let (hotline, lead) = (app.api(Role::Operator).await, app.api(Role::Lead).await);
        let mut body = wanted(app, &own);
        body["signature"] = json!("");
        let order = hotline.post("/api/v1/orders", body.clone()).await.ok().json();
        assert_eq!(text(&order["agreed"], "by"), "");
        let told = app.count("select count(*) from message where title = '请确认上门服务的知情同意'").await;
        assert_eq!(told, 1, "the family is asked");
        let no = lead.post(&path(&order, "/staff"), json!({"staff": nurse})).await.with_status(409).json();
        assert_eq!(text(&no, "code"), "not_agreed");
        hotline.post(&path(&order, "/consent"), json!({"signer": "self"})).await.with_status(422);
        let agreed = daughter.post(&path(&order, "/consent"), json!({"signer": "family", "signer_name": "王敏"})).await;
        let agreed = agreed.ok().json();
        assert_eq!((text(&agreed["agreed"], "by"), text(&agreed["agreed"], "who")), ("account", "老人及家属"));
        assert!(agreed["agreed"]["at"].is_string() && agreed["agreed"]["file"].is_null());
        let again = daughter.post(&path(&order, "/consent"), json!({"signer": "self"})).await.with_status(409).json();
        assert_eq!(text(&again, "code"), "agreed_already");
        lead.post(&path(&order, "/staff"), json!({"staff": nurse})).await.ok();
        // A signature is kept as a picture and printed.
        body["signature"] = json!("x");
        lead.post("/api/v1/orders", body.clone()).await.with_status(422);
        body["signature"] = json!(SIGNATURE);
        let drawn = lead.post("/api/v1/orders", body).await.ok().json();
        let file = text(&drawn["agreed"], "file").to_string();
        let mut client = app.client(Role::Lead).await;
        let here = format!("/orders/{}", text(&drawn, "id"));
        assert!(client.get(&format!("{here}/paper")).await.ok().text().contains(&format!("{here}/files/{file}")));
        assert!(client.get(&format!("{here}/files/{file}")).await.ok().body.starts_with(b"\x89PNG"));
        client.get(&format!("/orders/{}/files/{file}", text(&order, "id"))).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_orders_is_counted_with_its_reasons_and_opens_down_to_persons() {
    in_demo(async |app| {
        public(app).await;
        let (one, two) = (elder(app).await, elder_with(app, json!({"name": "李平"})).await);
        let (_, daughter) = family(app, &[&one, &two]).await;
        let lead = app.api(Role::Lead).await;
        let nurse = nurse(app, "张护", "middle", "2010-01-01", "").await;
        // Early in a month, so that all of it lies in one.
        let ahead = app.app.clock.today().last_of_month().add_days(3);
        app.app.clock.advance_days(i64::from(app.app.clock.today().days_until(ahead)));
        let (first, second) = (placed(app, &daughter, &one).await, placed(app, &daughter, &two).await);
        placed(app, &daughter, &two).await;
        lead.post(&path(&second, "/refuse"), json!({"why": "time", "reason": "约满"})).await.ok();
        lead.post(&path(&first, "/staff"), json!({"staff": nurse})).await.ok();
        app.app.clock.advance_days(2);
        lead.post(&path(&first, "/done"), json!({"note": "两管"})).await.ok();
        daughter.post(&path(&first, "/rate"), json!({"rating": "4", "words": "好"})).await.ok();
        for (id, n) in [
            ("orders_placed", 3),
            ("orders_placed_nursing", 3),
            ("orders_accepted", 1),
            ("orders_refused_time", 1),
            ("orders_refused_staff", 0),
            ("orders_done", 1),
            ("orders_rated", 1),
        ] {
            assert_eq!(figure(app, id, 0).await["numerator"], n, "{id}");
        }
        assert_eq!(figure(app, "orders_placed", -3).await["numerator"], 0, "the day before");
        let rating = figure(app, "orders_rating", 0).await;
        assert_eq!((&rating["numerator"], &rating["denominator"]), (&json!(4), &json!(1)));
        assert_eq!(figure(app, "orders_on_time_rate", 0).await["numerator"], 1);
        let listed = app.api(Role::Official).await.get("/api/v1/indicators/orders_placed/persons?part=counted").await;
        let names: Vec<Value> =
            listed.ok().json()["items"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names.len(), 2, "three orders of two persons: {names:?}");
        no_difference(app).await;
        let rest = app.app.clock.today().days_until(app.app.clock.today().last_of_month());
        app.app.clock.advance_days(i64::from(rest));
        assert_eq!(figure(app, "orders_placed", 0).await["numerator"], 3, "the month's last day tells the month");
        app.app.clock.advance_days(1);
        assert_eq!(figure(app, "orders_placed", 0).await["numerator"], 0, "the next begins anew");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_order_goes_from_the_family_through_the_nurses_phone_to_its_rating() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let own = elder(app).await;
        at_home(app, &own).await;
        let (_, daughter) = family(app, &[&own]).await;
        let (key, number) = crate::visits::nurse(app).await;
        let official = app.api(Role::Official).await;
        let paper =
            json!({"kind": "nurse", "number": "N1", "issuer": "卫生局", "from": "2010-01-01", "until": "2099-01-01"});
        official.post(&format!("/api/v1/workforce/{key}/certificates"), paper).await.ok();
        let lead = app.api(Role::Lead).await;
        let order = placed(app, &daughter, &own).await;
        lead.post(&path(&order, "/accept"), json!({})).await.ok();
        lead.post(&path(&order, "/staff"), json!({"staff": number, "looked_up": true})).await.ok();
        app.app.clock.advance_days(2);
        let mut phone = Phone::of(app, &key).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        let visit = text(&held["visits"][0], "id").to_string();
        assert_eq!(held["visits"][0]["tasks"][0]["service"], "blood");
        let task = json!({"service": "blood", "done": true, "reason": "", "values": {}, "note": "两管"});
        let events = [
            phone.event(app, -41, "begin", &visit, json!({"fix": near(), "why": "", "door": ""})),
            phone.event(app, -20, "task", &visit, task),
            phone.event(app, -2, "signature", &visit, json!({"by": "family", "name": "王敏", "lines": "M 1 1 L 2 2"})),
            phone.event(app, -1, "end", &visit, json!({"fix": null, "why": "timeout", "next": ""})),
        ];
        for _ in 0..2 {
            phone.send(app, &events).await;
            app.settle().await;
        }
        let done = daughter.get(&path(&order, "")).await.ok().json();
        assert_eq!((text(&done, "state"), text(&done, "done_note")), ("done", "两管"), "{done}");
        assert_eq!(app.count("select count(*) from tariff_bill").await, 1, "{done}");
        let bill = text(&done, "bill").to_string();
        // What is judged anew keeps its bill.
        let late = json!({"service": "blood", "done": true, "reason": "", "values": {}, "note": "三管"});
        let late = phone.event(app, 0, "task", &visit, late);
        phone.send(app, &[late]).await;
        app.settle().await;
        let again = daughter.get(&path(&order, "")).await.ok().json();
        assert_eq!((text(&again, "done_note"), text(&again, "bill")), ("三管", &*bill), "{again}");
        let rated = daughter.post(&path(&order, "/rate"), json!({"rating": "5", "words": "很细心"})).await.ok().json();
        assert_eq!((text(&rated, "state"), &rated["rating"]), ("rated", &json!(5)));
        // A visit that did nothing after all takes the charges back, and both sides see it.
        let undone = json!({"service": "blood", "done": false, "reason": "记错了", "values": {}, "note": ""});
        let undone = phone.event(app, 0, "task", &visit, undone);
        phone.send(app, &[undone]).await;
        app.settle().await;
        let back = daughter.get(&path(&order, "")).await.ok().json();
        assert_eq!(back["former_bills"], json!([bill]), "{back}");
        assert_eq!(app.count("select cast(sum(amount) as bigint) from tariff_bill").await, 0);
        no_difference(app).await;
    })
    .await;
}
