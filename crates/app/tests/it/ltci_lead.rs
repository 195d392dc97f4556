//! Leads in a month's claims: found once, asked after, explained, decided, recovered; and plans of care within the limits.

use app::tariff::{self, Claim};
use kit::{Ask, Scope, Who, who::Role};
use serde_json::{Value, json};

use crate::{
    ltci::text,
    ltci_settle::{MONTH, claim, confirm, in_month, line, recipient, settle, visit, with},
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp},
};

async fn look(app: &TestApp) -> i64 {
    let api = app.api(Role::Auditor).await;
    api.post("/api/v1/ltci/leads/look", json!({"month": MONTH})).await.ok().json()["found"].as_i64().unwrap()
}

/// Fen that leads brought into the book, which its sums say too.
async fn booked(app: &TestApp) -> i64 {
    let of = "select cast(coalesce(sum(amount), 0) as bigint) from ltci_fund_entry where source like 'lead:%'";
    let sums = app.count("select cast(coalesce(sum(amount), 0) as bigint) from ltci_fund_total").await;
    let booked = app.count(of).await;
    assert_eq!(sums, booked);
    booked
}

async fn listed(app: &TestApp, role: Role, query: &str) -> Value {
    app.api(role).await.get(&format!("/api/v1/ltci/leads{query}")).await.ok().json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carer_in_two_homes_is_asked_after_and_what_comes_back_is_written_down() {
    in_month(async |app| {
        let (one, other) = (recipient(app, 2, ORGANISATION.0).await, recipient(app, 4, ORGANISATION.0).await);
        let overlapping = with(visit("B1", &other, "04"), json!({"begin": "09:30", "end": "10:30"}));
        let elsewhere = with(visit("B2", &other, "05"), json!({"begin": "11:00", "end": "12:00"}));
        claim(app, vec![visit("A1", &one, "04"), overlapping, visit("A2", &one, "05"), elsewhere]).await;
        assert_eq!(look(app).await, 1);
        assert_eq!(look(app).await, 0, "what was seen before is not seen again");
        let all = listed(app, Role::Auditor, "?kind=two_homes").await;
        assert_eq!((&all["total"], text(&all["items"][0], "carer")), (&json!(1), "C1"));
        let id = all["items"][0]["id"].to_string().trim_matches('"').to_string();
        let key = format!("{}-{id}", COUNTY);
        let path = |deed: &str| format!("/api/v1/ltci/leads/{key}{deed}");

        let manager = app.api(Role::Manager).await;
        manager.get(&path("")).await.with_status(404);
        assert_eq!(listed(app, Role::Manager, "?state=open").await["total"], 0, "it learns of a lead when it is asked");
        manager.post(&path("/confirm"), json!({"words": "不是我"})).await.with_status(403);
        let auditor = app.api(Role::Auditor).await;
        let seen = auditor.get(&path("")).await.ok().json();
        assert_eq!(seen["lines"], json!(["A1", "B1"]));
        assert!(text(&seen, "said").contains("30") && text(&seen, "said_en").contains("30 minutes"), "{seen}");
        let past = json!({"words": "请说明", "due": "2024-01-01"});
        auditor.post(&path("/ask"), past).await.with_status(422);
        auditor.post(&path("/ask"), json!({"words": "请说明 3 月 4 日的服务"})).await.ok();
        assert_eq!(listed(app, Role::Manager, "").await["total"], 1);
        assert!(app.client(Role::Manager).await.get("/").await.ok().text().contains("要您说明的线索"));
        manager.post(&path("/answer"), json!({"words": "录入有误"})).await.ok();
        let confirmed = json!({"words": "两处时间重叠", "recovery": "58.50"});
        let it = auditor.post(&path("/confirm"), confirmed.clone()).await.ok().json();
        assert_eq!((text(&it, "state"), &it["recovery_fen"]), ("confirmed", &json!(5850)));
        auditor.post(&path("/confirm"), confirmed).await.with_status(409);
        let day = app.app.clock.today().to_string();
        let tomorrow = app.app.clock.today().add_days(1).to_string();
        auditor.post(&path("/recover"), json!({"day": tomorrow, "words": "转账"})).await.with_status(422);
        assert_eq!(booked(app).await, 0);
        let it = auditor.post(&path("/recover"), json!({"day": day, "words": "转账"})).await.ok().json();
        let steps: Vec<&str> = it["steps"].as_array().unwrap().iter().map(|it| text(it, "step")).collect();
        assert_eq!(steps, ["found", "ask", "answer", "confirm", "recover"]);
        auditor.post(&path("/recover"), json!({"day": day, "words": "再次"})).await.with_status(409);
        assert_eq!(booked(app).await, -5850, "given back once");
        assert_eq!(app.count("select count(*) from ltci_fund_entry where mode = '' and grade = 0").await, 1);
        let fund = auditor.get("/api/v1/ltci/fund").await.ok().json();
        assert_eq!(
            (&fund["spending"], &fund["balance"], &fund["recipient_months"]),
            (&json!(-5850), &json!(5850), &json!(0))
        );
        let page = app.client(Role::Auditor).await.get("/ltci/fund").await.ok().text();
        assert!(page.contains("不明") && page.contains("-58.50"), "of two homes nobody knows which it was");
        auditor.get("/api/v1/ltci/fund/forecast").await.ok();
        let stranger = app.api_at(Role::Auditor, OTHER_COUNTY).await;
        stranger.get(&path("")).await.with_status(404);
        let page = app.client(Role::Auditor).await.get(&format!("/ltci/leads/{key}")).await.ok().text();
        assert!(page.contains("一人两处") && page.contains("录入有误"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_during_a_stay_in_hospital_and_photos_used_twice_are_leads_and_change_no_amount() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        let photo = "a".repeat(64);
        let twice = |number: &str, day: &str| with(visit(number, &elder, day), json!({"photo": photo}));
        claim(app, vec![twice("A1", "04"), twice("A2", "11"), visit("A3", &elder, "18")]).await;
        let pause = json!({"reason": "hospital", "from": format!("{MONTH}-17"), "until": format!("{MONTH}-20")});
        app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/benefits/{elder}/pause"), pause).await.ok();
        assert_eq!(look(app).await, 2);
        let all = listed(app, Role::Auditor, "").await;
        let mut kinds: Vec<&str> = all["items"].as_array().unwrap().iter().map(|it| text(it, "kind")).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["照片重复", "老人不在"]);

        // What comes back for a person is given back to their way of care and grade.
        let away = all["items"].as_array().unwrap().iter().find(|it| text(it, "kind") == "老人不在").unwrap();
        let path = format!("/api/v1/ltci/leads/{COUNTY}-{}", away["id"].to_string().trim_matches('"'));
        let auditor = app.api(Role::Auditor).await;
        auditor.post(&format!("{path}/confirm"), json!({"words": "住院期间", "recovery": "58.50"})).await.ok();
        let day = app.app.clock.today().to_string();
        auditor.post(&format!("{path}/recover"), json!({"day": day, "words": "转账"})).await.ok();
        let known = "select count(*) from ltci_fund_entry where mode = 'visiting' and grade = 3 and months = 0";
        assert_eq!((booked(app).await, app.count(known).await), (-5850, 1));

        // What came back before the book knew of leads is booked by night, once.
        app.run("delete from ltci_fund_entry").await;
        app.run("delete from ltci_fund_total").await;
        for _ in 0..2 {
            crate::ltci::days_go_by(app, 1).await;
            assert_eq!((booked(app).await, app.count(known).await), (-5850, 1));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_care_stays_within_the_limits_of_the_benefit() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        let api = app.api(Role::Clerk).await;
        let path = format!("/api/v1/ltci/benefits/{elder}/plan");
        let plan = |items: &str| {
            json!({"from": "2025-03-01", "review": "2025-09-01", "goals": "保持皮肤完好", "items": items})
        };
        let above = api.post(&path, plan("S05 1 week 60 65")).await.with_status(422).json();
        assert!(above.to_string().contains("80"), "260 minutes a month are 80 above three hours: {above}");
        api.post(&path, plan("X99 1 month 60")).await.with_status(422);
        api.post(&path, plan("S05 many month 60")).await.with_status(422);
        let made = api.post(&path, plan("S05 2 month 60 65\nS06 1 month 60 80.50")).await.ok().json();
        let it = &made["plans"][0];
        assert_eq!((&it["per_month"], &it["cost_fen"]), (&json!(180), &json!(21_050)));
        let page = app.client(Role::Clerk).await.get(&format!("/ltci/benefits/{elder}/plan")).await.ok().text();
        assert!(page.contains("保持皮肤完好") && page.contains("温水擦浴"), "{page}");
    })
    .await;
}

/// What the family-doctor package pays for a service of a day in March.
async fn paid_by_package(app: &TestApp, elder: &str, day: &str) -> kit::Result<()> {
    let (key, app_too): (app::elders::Key, _) = (elder.parse().unwrap(), app.app.clone());
    let day = format!("{MONTH}-{day}").parse().unwrap();
    app.app
        .db
        .write(move |tx| {
            let scope = Scope::of(&app_too.places.tree(), COUNTY);
            let ask = Ask::of(&app_too, Who::system(scope), app_too.clock.now());
            let claim = Claim { event: "package:1", service: "S05", payer: "contract", day, basis: "服务包" };
            tariff::claim_payer(tx, &ask, &key, &claim)
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_has_one_payer_of_record_whoever_comes_first() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        claim(app, vec![visit("A1", &elder, "04"), visit("A2", &elder, "05")]).await;
        paid_by_package(app, &elder, "04").await.unwrap();
        let run = settle(app).await;
        let first = line(app, "A1").await;
        assert_eq!(first["verdict"]["fund_fen"], 0, "the package pays already: {first}");
        assert!(first.to_string().contains("家庭医生"), "{first}");
        confirm(app, &run).await;
        assert_eq!(line(app, "A2").await["verdict"]["fund_fen"], 5850);
        let second = paid_by_package(app, &elder, "05").await.unwrap_err().to_string();
        assert!(second.contains("was paid by"), "{second}");
        let recorded = app.count("select count(*) from tariff_event where payer = 'ltci' and released is null").await;
        assert_eq!(recorded, 1);
    })
    .await;
}
