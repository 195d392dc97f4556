//! Agreements, suspensions, evaluations and carers.

use std::fmt::Write;

use kit::who::Role;
use rules::base::check_character;
use serde_json::json;

use super::{agreed, applied, granted, in_scheme, institution, number, provider, text};
use crate::{
    assessment::{elder, elder_with},
    support::{COUNTY, ORGANISATION, TestApp, no_difference, on_both},
};

#[tokio::test(flavor = "multi_thread")]
async fn no_two_agreements_share_a_day_and_a_suspended_institution_takes_nobody_on() {
    in_scheme(async |app| {
        let key = provider();
        agreed(app, &key, 10).await;
        let api = app.api(Role::Clerk).await;
        let path = |deed: &str| format!("/api/v1/ltci/providers/{key}/{deed}");
        let today = app.app.clock.today();
        let overlapping = json!({"number": "乙", "from": today.to_string(), "until": today.add_days(30).to_string(),
                                 "level": 1, "modes": ["visiting"], "capacity": 5});
        api.post(&path("sign"), overlapping).await.with_status(422);
        let next = today.first_of_month().add_months(12);
        let after = json!({"number": "乙", "from": next.to_string(), "until": next.add_months(12).add_days(-1).to_string(),
                           "level": 1, "modes": ["visiting"], "capacity": 5});
        let has = api.post(&path("sign"), after).await.ok().json();
        let numbers: Vec<&str> = has["agreements"].as_array().unwrap().iter().map(|it| text(it, "number")).collect();
        assert_eq!(numbers, ["协议41", "乙"], "the second begins on the day on which the first has ended");

        api.post(&path("suspend"), json!({"from": today.to_string(), "reason": "rectify"})).await.ok();
        let listed = api.get("/api/v1/ltci/providers?state=suspended").await.ok().json();
        assert_eq!(listed["total"], 1);
        let elder = elder(app).await;
        let body = json!({"elder": elder, "mode": "residential", "provider": number(&key), "applicant": "self"});
        let refused = api.post("/api/v1/ltci/applications", body).await.with_status(422).json();
        assert!(refused.to_string().contains("provider"), "{refused}");
        api.post(&path("lift"), json!({"day": today.add_days(1).to_string()})).await.ok();
        app.app.clock.advance_days(1);
        let elder = elder_with(app, json!({"name": "李秀英"})).await;
        applied(app, &elder, &key).await;

        let evaluation = json!({"year": i64::from(today.year()) - 1, "points": 92, "result": "excellent"});
        api.post(&path("evaluate"), evaluation.clone()).await.ok();
        api.post(&path("evaluate"), evaluation).await.with_status(422);
        let ends = app.app.clock.today().add_days(1).to_string();
        let has = api.post(&path("end"), json!({"day": ends, "reason": "机构退出"})).await.ok().json();
        assert_eq!(has["agreements"][0]["until"], json!(ends));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_that_is_full_takes_nobody_more() {
    in_scheme(async |app| {
        let key = institution(app, "南山护理院").await;
        agreed(app, &key, 1).await;
        granted(app, json!({}), &key).await;
        super::days_go_by(app, 40).await;
        let elder = elder_with(app, json!({"name": "李秀英"})).await;
        let body = json!({"elder": elder, "mode": "residential", "provider": number(&key), "applicant": "self"});
        let api = app.api(Role::Clerk).await;
        let full = api.post("/api/v1/ltci/applications", body).await.with_status(422).json();
        assert!(full.to_string().contains("at most 1") || full.to_string().contains("最多 1"), "{full}");
    })
    .await;
}

/// An ID number of nobody.
fn id_of(sequence: u32) -> String {
    let body = format!("99010119800101{sequence:03}");
    format!("{body}{}", char::from(check_character(body.as_bytes())))
}

async fn nurse(app: &TestApp, sequence: u32) {
    let body = json!({"name": if sequence == 1 { "陈小兰" } else { "陈小梅" }, "kind": "nurse", "title": "junior", "id_number": id_of(sequence),
                      "organisation": ORGANISATION.to_string(), "post": "employed", "from": "2024-01-01"});
    app.api(Role::Official).await.post("/api/v1/workforce", body).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn carers_come_in_from_a_sheet_and_the_wrong_row_goes_back() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        nurse(app, 1).await;
        nurse(app, 3).await;
        let mut clerk = app.client(Role::Clerk).await;
        clerk.get("/ltci/carers/import").await.ok();
        clerk.get("/ltci/carers/import/template.xlsx").await.ok();
        let own = app.api(Role::Clerk).await.get(&format!("/api/v1/ltci/providers/{}", provider())).await.ok().json();
        let mut file = "机构,身份证号,资格,证书编号\n".to_string();
        for (id, number) in [(id_of(1), "H1"), (id_of(2), "H2"), (id_of(3), "H3")] {
            writeln!(file, "{},{id},执业护士,{number}", text(&own, "name")).unwrap();
        }
        let sent = [("place", COUNTY), ("dry_run", "no")];
        let counts = "select accepted * 10000 + unchanged * 100 + refused from sheet_import order by id desc limit 1";
        clerk.post_file("/ltci/carers/import", &sent, ("file", "人员.csv", file.as_bytes())).await.leads();
        app.settle().await;
        assert_eq!(app.count(counts).await, 20_001, "two come in, one has no entry in the register of staff");
        clerk.post_file("/ltci/carers/import", &sent, ("file", "人员.csv", file.as_bytes())).await.leads();
        app.settle().await;
        assert_eq!(app.count(counts).await, 201, "the same file again changes nothing");
        let all = app.api(Role::Manager).await.get("/api/v1/ltci/carers").await.ok().json();
        assert_eq!(all["total"], 2);
        let page = clerk.get(&format!("/ltci/providers/{}", provider())).await.ok().text();
        assert!(page.contains("陈小兰") && page.contains("执业护士"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_says_who_may_do_what_and_what_of_it_is_national() {
    in_scheme(async |app| {
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get("/ltci/services").await.ok().text();
        assert!(page.contains("43 项，其中 0 项已对照国家目录") && page.contains("执业护士"), "{page}");
        let file = clerk.get("/ltci/services?format=xlsx").await.ok();
        let book = kit::sheet::read(&file.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        let rows = &book.sheets[0].rows;
        assert_eq!(rows.len(), 2 + 43);
        let nurse = rows.iter().find(|it| it.cell(0).display() == "S29").unwrap();
        assert_eq!((nurse.cell(1).display(), nurse.cell(3).display()), ("鼻饲".to_string(), "执业护士".to_string()));
        app.client(Role::Family).await.get("/ltci/services").await.with_status(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insurer_counts_from_the_day_on_which_it_first_handles_anything_in_a_county() {
    on_both(async |app| {
        let api = app.api(Role::Clerk).await;
        let hand = async |place: &str, from: &str, insurer: &str| {
            api.post("/api/v1/ltci/handlers", json!({"place": place, "from": from, "insurer": insurer})).await.ok();
        };
        let count = async |place: &str, on: &str| {
            let path = format!("/api/v1/indicators/ltci_insurers?place={place}&on={on}");
            app.api(Role::Official).await.get(&path).await.ok().json()["numerator"].as_i64().unwrap()
        };
        hand("990101001", "2024-03-01", "甲保险").await;
        hand("990101002", "2024-03-01", "乙保险").await;
        hand("990101001", "2025-01-01", "丙保险").await;
        hand("990101002", "2025-01-01", "甲保险").await;
        assert_eq!(count(COUNTY, "2024-02-29").await, 0);
        assert_eq!(count(COUNTY, "2024-12-31").await, 2);
        assert_eq!(count(COUNTY, "2025-01-01").await, 3, "the first has handled the county before");
        assert_eq!(count("990101001", "2025-01-01").await, 2);
        // It becomes known that one of them was there earlier, elsewhere.
        hand("990101002", "2023-06-01", "丙保险").await;
        assert_eq!((count(COUNTY, "2023-06-01").await, count(COUNTY, "2025-01-01").await), (1, 3));
        assert_eq!(count("990101001", "2025-01-01").await, 1);
        no_difference(app).await;
        let path = format!("/api/v1/indicators/ltci_insurers/persons?place={COUNTY}&on=2025-01-01&part=counted");
        let named = app.api(Role::Official).await.get(&path).await.ok().json();
        let names: Vec<&str> = named["items"].as_array().unwrap().iter().map(|it| text(it, "name")).collect();
        assert_eq!((&named["total"], names), (&json!(3), vec!["甲保险", "丙保险 · 乙保险"]));
    })
    .await;
}
