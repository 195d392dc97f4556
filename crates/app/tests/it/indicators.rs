//! Indicators as people and programs meet them: the board, one indicator, the list behind it, on any day.

use app::elders::{self, Birth, Document, Draft};
use kit::{Ask, Id, Role, Scope, Who, place::NATION};
use rules::base::Date;
use serde_json::Value;

use crate::support::{CITY, COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, no_difference, on_both};

async fn people(app: &TestApp, day: &str, place: &str, names: &[(&str, bool)]) {
    take(app, day, place, None, names).await;
}

async fn take(app: &TestApp, day: &str, place: &str, organisation: Option<Id>, names: &[(&str, bool)]) {
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
            organisation,
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
async fn whoever_works_in_an_institution_reads_the_numbers_of_its_residents() {
    on_both(async |app| {
        take(app, "2024-05-01", "990101001001", Some(ORGANISATION), &[("张建国", true), ("刘建华", false)]).await;
        people(app, "2024-05-01", "990101001001", &[("陈志强", true)]).await;
        let api = app.api(Role::Manager).await;
        let number = async |day: &str| {
            let one = api.get(&format!("/api/v1/indicators/elders_alone_share?on={day}")).await.ok().json();
            (one["numerator"].as_i64(), one["denominator"].as_i64())
        };
        assert_eq!(number("2024-04-30").await, (Some(0), Some(0)));
        assert_eq!(number("2024-05-01").await, (Some(1), Some(2)));
        let today = app.app.clock.today().to_string();
        let listed = app.api(Role::Official).await;
        let listed = listed.get("/api/v1/indicators/elders_alone_share/persons?part=missing").await.ok().json();
        assert_eq!((&listed["total"], &listed["items"][0]["name"]), (&Value::from(1), &Value::from("刘建华")));
        // Who dies is no longer counted; taken back, the person is there as before.
        let mut official = app.client(Role::Official).await;
        let key = format!("{COUNTY}-{}", listed["items"][0]["id"].as_str().unwrap());
        official.get(&format!("/elders/{key}/life")).await.ok();
        official.post(&format!("/elders/{key}/died"), &[("day", &*today)]).await.leads();
        assert_eq!(number(&today).await, (Some(1), Some(1)));
        official.post(&format!("/elders/{key}/not-died"), &[("reason", "登记错误")]).await.leads();
        assert_eq!(number(&today).await, (Some(1), Some(2)));
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_looked_for_where_the_number_is_zero_and_the_rarest_mark_leads() {
    on_both(async |app| {
        people(app, "2024-05-01", "990101001001", &[("张建国", false), ("刘建华", true)]).await;
        people(app, "2024-05-01", "990102001001", &[("陈志强", false)]).await;
        let api = app.api_at(Role::Official, CITY).await;
        let names = async |part: &str, place: &str| {
            let path = format!("/api/v1/indicators/elders_alone_share/persons?part={part}&place={place}");
            let listed = api.get(&path).await.ok().json();
            let names = listed["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_string());
            (listed["total"].as_i64().unwrap(), names.collect::<Vec<_>>())
        };
        let of = |all: &[&str]| (all.len() as i64, all.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(names("counted", CITY).await, of(&["刘建华"]));
        assert_eq!(names("missing", CITY).await, of(&["张建国", "陈志强"]));
        assert_eq!(names("all", "990101001").await, of(&["张建国", "刘建华"]));
        assert_eq!(names("counted", "990101001001").await, of(&["刘建华"]));
        assert_eq!(names("counted", OTHER_COUNTY).await, of(&[]));
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
