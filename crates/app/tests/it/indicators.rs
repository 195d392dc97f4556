//! Indicators as people and programs meet them: the board, one indicator, the list behind it, on any day.

use app::elders::{self, Birth, Document, Draft};
use kit::{Ask, Role, Scope, Who, place::NATION};
use rules::base::Date;
use serde_json::Value;

use crate::support::{COUNTY, OTHER_COUNTY, TestApp, on_both};

async fn people(app: &TestApp, day: &str, place: &str, names: &[(&str, bool)]) {
    let noon = kit::clock::begin_of(day.parse::<Date>().unwrap()) + jiff::SignedDuration::from_hours(12);
    let ask = Ask::of(&app.app, Who::system(Scope::of(&app.app.places.tree(), NATION)), noon);
    for (name, is_alone) in names {
        let draft = Draft {
            name: (*name).into(),
            sex: "male".into(),
            birth: Birth::parse("1948-08-08").unwrap(),
            document: Document::parse("none", "").unwrap(),
            phone: None,
            address: String::new(),
            place: place.into(),
            registered_place: None,
            organisation: None,
            living: if *is_alone { "alone" } else { "spouse" }.into(),
            insurance: "resident".into(),
            remark: String::new(),
            groups: Vec::new(),
            source: "测试".into(),
        };
        ask.write(move |tx, ask| elders::create(tx, ask, &draft)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_of_a_past_day_shows_that_day() {
    on_both(async |app| {
        people(app, "2024-05-01", "990101001001", &[("张建国", true), ("刘建华", false)]).await;
        people(app, "2025-05-01", "990101002201", &[("陈志强", true)]).await;
        let api = app.api(Role::Official).await;
        for (day, numerator, denominator) in [("2024-04-30", 0, 0), ("2024-05-01", 1, 2), ("2025-05-01", 2, 3)] {
            let one = api.get(&format!("/api/v1/indicators/elders_alone_share?on={day}")).await.json();
            assert_eq!(
                (one["numerator"].as_i64(), one["denominator"].as_i64()),
                (Some(numerator), Some(denominator)),
                "{day}"
            );
        }
        let empty = api.get("/api/v1/indicators/elders_alone_share?on=2024-04-30").await.json();
        assert_eq!(empty["value"], Value::Null, "nothing of nothing is not 0 per cent");
        let village = api.get("/api/v1/indicators/elders_alone_share?place=990101002201").await.json();
        assert_eq!((village["numerator"].as_i64(), village["denominator"].as_i64()), (Some(1), Some(1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_opens_down_to_the_persons_and_the_look_is_noted() {
    on_both(async |app| {
        people(app, "2024-05-01", "990101001001", &[("张建国", true), ("刘建华", false)]).await;
        let mut official = app.client(Role::Official).await;
        let board = official.get("/indicators").await.ok();
        assert!(board.text().contains("/indicators/elders_alone_share"));
        let one = official.get("/indicators/elders_alone_share").await.ok();
        assert!(one.text().contains("part=missing"));
        let missing = official.get("/indicators/elders_alone_share/persons?part=missing").await.ok();
        assert!(missing.text().contains("刘建华") && !missing.text().contains("张建国"));
        assert_eq!(app.count("select count(*) from audit where subject = 'indicators' and action = 'look'").await, 1);
        let sheet = official.get("/indicators/elders_alone_share/persons?part=counted&format=xlsx").await.ok();
        assert!(sheet.body.starts_with(b"PK"));
        assert_eq!(app.count("select count(*) from audit where subject = 'indicators' and action = 'export'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_numbers_of_another_place() {
    on_both(async |app| {
        people(app, "2024-05-01", "990102001001", &[("张建国", true)]).await;
        let api = app.api(Role::Official).await;
        assert_eq!(api.get(&format!("/api/v1/indicators?place={OTHER_COUNTY}")).await.status, 404);
        let own = api.get(&format!("/api/v1/indicators?place={COUNTY}")).await.json();
        let alone =
            own["items"].as_array().unwrap().iter().find(|it| it["id"] == "elders_alone_share").unwrap().clone();
        assert_eq!(alone["denominator"], 0);
        assert_eq!(api.get("/api/v1/indicators/elders_60?on=gestern").await.status, 422);
        assert_eq!(api.get("/api/v1/indicators/nothing").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_keeps_its_figures_when_facts_come_late() {
    on_both(async |app| {
        people(app, "2024-05-01", "990101001001", &[("张建国", true), ("刘建华", false)]).await;
        let mut official = app.client(Role::Official).await;
        let made = official
            .post("/indicators/reports/new", &[("title", "年度报表"), ("place", COUNTY), ("on", "2024-12-31")])
            .await
            .leads();
        let frozen = "select numerator from indicator_line where indicator = 'elders_60'";
        assert_eq!(app.count(frozen).await, 2);
        people(app, "2024-06-01", "990101002201", &[("陈志强", true)]).await;
        assert_eq!(app.count(frozen).await, 2);
        let page = official.get(&made).await.ok();
        assert!(page.text().contains("现为 3"), "the page says what it would be now");
        assert!(official.get(&format!("{made}?format=xlsx")).await.ok().body.starts_with(b"PK"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_contradicts_itself_is_sent_only_with_a_remark_and_locked_by_another() {
    on_both(async |app| {
        let mut lead = app.client(Role::Lead).await;
        let made = lead
            .post("/indicators/reports/new", &[("title", "绵阳数"), ("place", COUNTY), ("on", "2024-12-31")])
            .await
            .leads();
        let typed =
            [("item", "institutions_cooperating"), ("numerator", "218"), ("denominator", "266"), ("printed", "81.2%")];
        lead.post(&format!("{made}/lines"), &typed).await.leads();
        let wrong = [("item", "institutions_cooperating"), ("numerator", "218"), ("printed", "八成")];
        lead.post(&format!("{made}/lines"), &wrong).await.with_status(422);
        let page = lead.get(&made).await.ok();
        assert!(page.text().contains("复算为 82.0%"), "{}", page.words());
        lead.post(&format!("{made}/send"), &[]).await.with_status(409);
        let nth = app.count("select max(nth) from indicator_line").await;
        lead.post(&format!("{made}/lines/{nth}/explain"), &[("remark", "原文如此")]).await.leads();
        lead.post(&format!("{made}/send"), &[]).await.leads();
        lead.post(&format!("{made}/lines"), &typed).await.with_status(409);
        lead.post(&format!("{made}/lock"), &[]).await.with_status(403);
        let mut official = app.client(Role::Official).await;
        official.post(&format!("{made}/return"), &[("remark", "")]).await.with_status(422);
        official.post(&format!("{made}/return"), &[("remark", "请核对签约数")]).await.leads();
        assert!(lead.get(&made).await.ok().text().contains("请核对签约数"));
        lead.post(&format!("{made}/send"), &[]).await.leads();
        official.post(&format!("{made}/lock"), &[]).await.leads();
        assert_eq!(app.count("select count(*) from indicator_report where state = 'locked'").await, 1);
        official.post(&format!("{made}/return"), &[("remark", "再改")]).await.with_status(409);
    })
    .await;
}
