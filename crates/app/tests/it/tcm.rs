//! Chinese medicine for elders: asked, concluded, decided, advised and counted; techniques of centres.

use kit::{
    tally::{self, Count, Where},
    who::Role,
};
use serde_json::{Map, Value, json};

use crate::{
    assessment::{answers, days_go_by, elder, in_demo, text},
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, on_both},
};

/// Answers with these scores, everything else 1 but the energy of the balanced.
fn questionnaire(but: &[(&str, u8)]) -> Map<String, Value> {
    let mut all: Map<String, Value> = (1..=33).map(|item| (item.to_string(), json!(1))).collect();
    for (item, score) in but {
        all.insert((*item).to_string(), json!(score));
    }
    all
}

async fn asked(nurse: &Api, elder: &str, but: &[(&str, u8)]) -> Value {
    nurse.post("/api/v1/tcm", json!({"elder": elder, "answers": questionnaire(but)})).await.ok().json()
}

async fn managed(app: &TestApp, day: &str) -> i64 {
    const MARKS: Count = Count::new("person", &["elders.aged65", "tcm.managed"]);
    let (at, day) = (Where::Counties(vec![COUNTY.to_string()]), day.parse().unwrap());
    app.app.db.read(move |tx| tally::amount(tx, &MARKS, &at, day)).await.unwrap()
}

/// The street the elders of the tests live in.
const STREET: &str = "990101001";
const PHLEGM: &[(&str, u8)] = &[("9", 4), ("16", 4), ("28", 4), ("32", 4), ("1", 2)];
const QI: &[(&str, u8)] = &[("2", 4), ("3", 4), ("4", 4), ("14", 4), ("1", 2)];

#[tokio::test(flavor = "multi_thread")]
async fn a_type_is_found_advised_and_counts_this_year() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let found = asked(&nurse, &elder, PHLEGM).await;
        assert_eq!((text(&found, "state"), text(&found, "constitution")), ("settled", "痰湿质"));
        let today = app.app.clock.today();
        assert_eq!(managed(app, &today.to_string()).await, 0, "without advice it does not count");
        let notes =
            app.count("select count(*) from tally_span where mark = 'tcm.short' and note like '%还没有给予保健指导%'");
        assert_eq!(notes.await, 1);
        let path = format!("/api/v1/tcm/{}", text(&found, "id"));
        let done = nurse.post(&format!("{path}/advise"), json!({"note": "少吃甜"})).await.ok().json();
        assert!(done["advice"]["饮食调养"].is_object() && done["advised"].is_string());
        assert_eq!(managed(app, &today.to_string()).await, 1);
        assert_eq!(managed(app, &format!("{}-01-01", today.year() + 1)).await, 0);
        let refused = nurse.post(&format!("{path}/advise"), json!({})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "advised_already");
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&format!("/tcm/{}/advice", text(&found, "id"))).await.ok().text();
        assert!(page.contains("data-size=\"large\"") && page.contains("穴位保健") && page.contains("少吃甜"));
        lead.get(&format!("/tcm/{}", text(&found, "id"))).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tie_is_decided_by_a_doctor_with_a_reason() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let both: Vec<(&str, u8)> = PHLEGM.iter().chain(QI).copied().collect();
        let found = asked(&nurse, &elder, &both).await;
        assert_eq!((text(&found, "state"), text(&found, "constitution")), ("tie", ""));
        let path = format!("/api/v1/tcm/{}", text(&found, "id"));
        nurse.post(&format!("{path}/advise"), json!({})).await.with_status(409);
        nurse.post(&format!("{path}/decide"), json!({"constitution": "痰湿质"})).await.with_status(422);
        let other = json!({"constitution": "血瘀质", "reason": "舌紫"});
        nurse.post(&format!("{path}/decide"), other).await.with_status(422);
        let done = nurse
            .post(&format!("{path}/decide"), json!({"constitution": "痰湿质", "reason": "苔厚腻"}))
            .await
            .ok()
            .json();
        assert_eq!((text(&done, "state"), text(&done, "decided_by")), ("settled", Role::Clinician.title()));
        nurse.post(&format!("{path}/decide"), json!({"constitution": "气虚质", "reason": "x"})).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contradiction_is_checked_and_nothing_is_asked_again_in_two_weeks() {
    on_both(async |app| {
        let (one, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let yin_and_yang: Vec<(&str, u8)> =
            ["10", "21", "26", "31", "11", "12", "13", "29"].into_iter().map(|it| (it, 3)).collect();
        assert_eq!(text(&asked(&nurse, &one, &yin_and_yang).await, "state"), "contradictory");
        let other = crate::assessment::elder_with(app, json!({"name": "李平"})).await;
        let nothing: Vec<(&str, u8)> = vec![("1", 1), ("2", 3), ("4", 3), ("5", 2)];
        let found = asked(&nurse, &other, &nothing).await;
        let again = app.app.clock.today().add_days(14).to_string();
        assert_eq!((text(&found, "state"), text(&found, "again_day")), ("nothing", &*again));
        let due = nurse.get("/api/v1/tcm/due?when=month").await.ok().json();
        let of = |name: &str| due["items"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone();
        assert_eq!((text(&of("李平"), "day"), text(&of("李平"), "said")), (&*again, "重新采集体质问卷"));
        assert_eq!(text(&of("王桂芳"), "said"), "核对体质问卷");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_questionnaire_is_kept_answer_by_answer_and_measured_items_are_answered() {
    on_both(async |app| {
        let elder = elder(app).await;
        let nurse = app.api(Role::Clinician).await;
        let check = nurse.post("/api/v1/healthcheck", json!({"elder": elder})).await.ok().json();
        let measured = json!({"height": 150, "weight": 61, "waist": 92});
        nurse.post(&format!("/api/v1/healthcheck/{}/values", text(&check, "id")), measured).await.ok();
        let mut client = app.client(Role::Clinician).await;
        let start = client.get(&format!("/tcm/of/{elder}")).await.ok().text();
        assert!(start.contains("第 9、28 条"), "{start}");
        let path = client.post(&format!("/tcm/of/{elder}"), &[]).await.leads();
        let page = client.get(&path).await.ok().text();
        assert!(page.contains("<b>2</b>/33"), "body mass index 27.1 and waist 92 are answered");
        client.post(&format!("{path}?auto=1"), &[("1", "3")]).await.ok();
        client.post(&format!("{path}?auto=1"), &[("2", "9")]).await.with_status(422);
        let refused = client.post(&path, &[("do", "finish")]).await.with_status(422);
        assert!(refused.text().contains("questionnaire"));
        assert_eq!(client.post(&format!("/tcm/of/{elder}"), &[]).await.leads(), path, "one goes on where one was");
        let instrument = app.app.policy.instrument("tcm-33").unwrap();
        let all = answers(instrument, true, &[("9", "4"), ("28", "4"), ("16", "4"), ("32", "4")]);
        let mut fields: Vec<(&str, &str)> = all.iter().map(|(item, score)| (&**item, &**score)).collect();
        fields.push(("do", "finish"));
        let shown = client.post(&path, &fields).await.leads();
        let page = client.get(&shown).await.ok().text();
        assert!(page.contains("痰湿质") && page.contains("饮食调养"));
        assert_eq!(client.get(&path).await.leads(), shown, "a finished questionnaire leads to what it found");
        app.settle().await;
        assert_eq!(app.count("select count(*) from tcm_record").await, 1, "the news of it does not make a second");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_of_the_centre_goes_on_with_a_questionnaire_and_the_trail_says_who() {
    on_both(async |app| {
        let elder = elder(app).await;
        let mut first = app.client(Role::Clinician).await;
        first.get(&format!("/tcm/of/{elder}")).await.ok();
        let path = first.post(&format!("/tcm/of/{elder}"), &[]).await.leads();
        first.get(&path).await.ok();
        first.post(&format!("{path}?auto=1"), &[("1", "3")]).await.ok();
        // One who works at another place asks from the beginning, and answers nothing here.
        let mut elsewhere = app.client_at(Role::Clinician, STREET).await;
        elsewhere.get(&format!("/tcm/of/{elder}")).await.ok();
        elsewhere.post(&format!("{path}?auto=1"), &[("2", "2")]).await.with_status(409);
        let mut second = app.client(Role::Lead).await;
        second.get(&format!("/tcm/of/{elder}")).await.ok();
        assert_eq!(second.post(&format!("/tcm/of/{elder}"), &[]).await.leads(), path, "where the colleague was");
        assert!(second.get(&path).await.ok().text().contains("<b>1</b>/33"));
        second.post(&format!("{path}?auto=1"), &[("2", "2")]).await.ok();
        // Whose page still lies open goes on as well, and takes it back.
        first.post(&format!("{path}?auto=1"), &[("3", "2")]).await.ok();
        let instrument = app.app.policy.instrument("tcm-33").unwrap();
        let all = answers(instrument, true, &[("9", "4"), ("28", "4"), ("16", "4"), ("32", "4")]);
        let mut fields: Vec<(&str, &str)> = all.iter().map(|(item, score)| (&**item, &**score)).collect();
        fields.push(("do", "finish"));
        second.post(&path, &fields).await.leads();
        first.post(&format!("{path}?auto=1"), &[("3", "1")]).await.with_status(409);
        let taken = "select count(*) from assessment_event where event = '由同事接着作答'";
        assert_eq!(app.count(taken).await, 3);
        let trail = "select count(*) from audit where action = 'change' and detail like '%taken over from%'";
        assert_eq!(app.count(trail).await, 3);
        let asker = format!("select count(*) from assessment where assessor_1_name = '{}'", Role::Lead.title());
        assert_eq!(app.count(Box::leak(asker.into_boxed_str())).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_questionnaire_from_the_page_of_assessments_concludes_as_well() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let made = nurse.post("/api/v1/assessments", json!({"elder": elder, "kind": "tcm-33"})).await.ok().json();
        let path = format!("/api/v1/assessments/{}", text(&made, "id"));
        nurse.post(&format!("{path}/answers"), json!({"answers": questionnaire(QI)})).await.ok();
        nurse.post(&format!("{path}/finish"), json!({})).await.ok();
        app.settle().await;
        let list = nurse.get("/api/v1/tcm?constitution=气虚质").await.ok().json();
        assert_eq!(list["total"], json!(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_never_asked_is_due_by_the_end_of_the_year() {
    on_both(async |app| {
        let elder = elder(app).await;
        days_go_by(app, 0).await;
        let nurse = app.api(Role::Clinician).await;
        let due = nurse.get("/api/v1/tcm/due").await.ok().json();
        let year = app.app.clock.today().year();
        assert_eq!(text(&due["items"][0], "day"), format!("{year}-12-31"), "{elder}");
        app.api_at(Role::Clinician, OTHER_COUNTY).await.get("/api/v1/tcm/due").await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_keeps_its_list_of_techniques_against_the_target() {
    in_demo(async |app| {
        let lead = app.api(Role::Lead).await;
        let path = format!("/api/v1/tcm/techniques/{COUNTY}-{ORGANISATION}");
        let put = async |ids: &[&str]| {
            let body = json!({"techniques": ids});
            lead.send(axum::http::Method::PUT, &path, Some(body), &[]).await
        };
        put(&["massage", "massage_gun"]).await.with_status(422);
        let few = put(&["massage"]).await.ok().json();
        assert_eq!((&few["classes"], &few["count"], &few["enough"]), (&json!(1), &json!(1), &json!(false)));
        let ten = [
            "body_needle",
            "ear_needle",
            "moxa",
            "partition_moxa",
            "retained_cups",
            "moving_cups",
            "gua_sha",
            "massage",
            "point_press",
            "point_plaster",
        ];
        let enough = put(&ten).await.ok().json();
        assert_eq!((&enough["classes"], &enough["count"], &enough["enough"]), (&json!(6), &json!(10), &json!(true)));
        let mut official = app.client(Role::Official).await;
        let page = official.get("/tcm/techniques").await.ok().text();
        assert!(page.contains("城关镇卫生院") && page.contains("不少于 6 类 10 项"));
        let form = format!("/tcm/techniques/{COUNTY}-{ORGANISATION}");
        assert!(official.get(&form).await.ok().text().contains("value=\"gua_sha\" checked"));
        official.post(&form, &[("techniques", "moxa")]).await.leads();
        assert_eq!(app.count("select count(*) from tcm_technique").await, 1);
        let far = app.api_at(Role::Lead, OTHER_COUNTY).await;
        far.send(axum::http::Method::PUT, &path, Some(json!({"techniques": []})), &[]).await.with_status(404);
    })
    .await;
}
