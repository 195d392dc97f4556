//! Simple scales, the instruments' editions, the lists, families and former assessments.

use kit::who::Role;
use serde_json::json;

use super::{accepted, answered, answers, applied, as_json, assessor, elder, in_demo, sent, text};

#[tokio::test(flavor = "multi_thread")]
async fn one_nurse_does_a_simple_scale_and_it_is_done_at_once() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        for (kind, programme, level) in
            [("barthel", "scale", "重度依赖"), ("phs-selfcare", "public_health", "可自理"), ("mmse", "scale", "重度")]
        {
            let link = nurse.post("/assessment/new", &[("elder", &elder), ("kind", kind)]).await.leads();
            let key = link.trim_end_matches("/answers").rsplit('/').next().unwrap().to_string();
            let instrument = app.app.policy.instrument(kind).unwrap();
            let facts = [("fact.education", "小学")];
            answered(&mut nurse, &key, &answers(instrument, true, &[]), &facts).await;
            let done = as_json(app, &key).await;
            assert_eq!((text(&done, "state"), text(&done, "programme")), ("effective", programme));
            assert_eq!(text(&done, "level_name"), level, "{kind}");
            assert_eq!(done["valid_until"], json!(null));
        }
        let page = nurse.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains("Barthel 指数：重度依赖"), "the timeline tells it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_types_of_the_constitution_form_are_the_result() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        let link = nurse.post("/assessment/new", &[("elder", &elder), ("kind", "tcm-33")]).await.leads();
        let key = link.trim_end_matches("/answers").rsplit('/').next().unwrap().to_string();
        let tcm = app.app.policy.instrument("tcm-33").unwrap();
        let weak = [("2", "5"), ("3", "5"), ("4", "5"), ("14", "4")];
        answered(&mut nurse, &key, &answers(tcm, true, &weak), &[]).await;
        let done = as_json(app, &key).await;
        assert_eq!(done["result"]["results"]["气虚质"], json!("是"));
        assert!(text(&done, "level_name").contains("气虚质"), "{}", done["level_name"]);
        assert!(nurse.get(&format!("/assessment/{key}")).await.ok().text().contains("气虚质"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_results_of_one_scale_are_compared() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        let barthel = app.app.policy.instrument("barthel").unwrap();
        let mut last = String::new();
        for worst in [false, true] {
            let link = nurse.post("/assessment/new", &[("elder", &elder), ("kind", "barthel")]).await.leads();
            last = link.trim_end_matches("/answers").rsplit('/').next().unwrap().to_string();
            answered(&mut nurse, &last, &answers(barthel, worst, &[]), &[]).await;
        }
        let page = nurse.get(&format!("/assessment/{last}")).await.ok().text();
        assert!(page.contains("与以前比较") && page.contains("js-chart"));
        assert!(page.contains("\"data\":[100.0,0.0]"), "the first was 100, the second 0");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_whose_content_changed_offers_to_begin_anew() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        accepted(app, &key).await;
        let ((a, mut first), (b, _)) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a, b).await;
        let auto = format!("/assessment/{key}/answers?auto=1");
        first.post(&auto, &[("adl01", "5")]).await.ok();
        app.run("update assessment set digest = 'of another file'").await;
        let page = first.get(&format!("/assessment/{key}/answers")).await.ok().text();
        assert!(page.contains("重新开始") && !page.contains("questionnaire"));
        first.post(&auto, &[("adl02", "5")]).await.with_status(409);
        first.post(&format!("/assessment/{key}/restart"), &[]).await.leads();
        let page = first.get(&format!("/assessment/{key}/answers")).await.ok().text();
        assert!(page.contains("questionnaire") && page.contains("<b>0</b>/17"));
        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        answered(&mut first, &key, &answers(ltc, false, &[]), &[]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbench_says_who_has_what_to_do() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        let mut clerk = app.client(Role::Clerk).await;
        assert!(clerk.get("/").await.ok().text().contains("待审核的评估申请"));
        accepted(app, &key).await;
        assert!(clerk.get("/").await.ok().text().contains("待派单的评估"));
        let ((a, mut first), (b, _)) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a, b).await;
        let page = first.get("/").await.ok().text();
        assert!(page.contains("王桂芳 长护险失能等级评估") && page.contains("09:30"));
        assert!(first.get("/inbox").await.ok().text().contains("新的上门评估"));
        assert!(first.get("/assessment?work=mine").await.ok().text().contains("王桂芳"));
        assert!(first.get("/assessment?work=late").await.ok().text().contains("还没有评估"));
        let mut official = app.client(Role::Official).await;
        assert!(official.get("/assessment/notices").await.ok().text().contains("现在没有公示中的结论"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_example_values_a_notice_has_no_length_and_the_page_says_so() {
    crate::support::on_both(async |app| {
        let elder = elder(app).await;
        let (key, _) = super::finished(app, &elder, false, &[]).await;
        let mut lead = app.client(Role::Lead).await;
        let refused = lead.post(&format!("/assessment/{key}/approve"), &[]).await.with_status(409).text();
        assert!(refused.contains("本地当日没有在行政策") && refused.contains("公示天数"), "{refused}");
        assert_eq!(text(&as_json(app, &key).await, "state"), "awaiting_second_signature");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_applies_for_their_own_and_for_nobody_else() {
    in_demo(async |app| {
        let (own, other) = (elder(app).await, super::elder_with(app, json!({"name": "李秀英"})).await);
        let account = app.account("family-990101", Role::Family, crate::support::COUNTY).await;
        let person: kit::Id = own.rsplit('-').next().unwrap().parse().unwrap();
        app.app
            .db
            .write(move |tx| kit::who::account::grant_person(tx, account, crate::support::COUNTY, person, "child"))
            .await
            .unwrap();
        let mut daughter = app.client(Role::Family).await;
        let link = daughter
            .post("/assessment/new", &[("elder", &own), ("kind", "ltci"), ("applicant", "family")])
            .await
            .leads();
        daughter.post(&format!("{link}/submit"), &[]).await.leads();
        assert!(daughter.get(&link).await.ok().text().contains("王桂芳"));
        daughter.post("/assessment/new", &[("elder", &other), ("kind", "ltci")]).await.with_status(404);
        let key = applied(app, &other, "ltci").await;
        daughter.get(&format!("/assessment/{key}")).await.with_status(404);
        let list = daughter.get("/assessment").await.ok().text();
        assert!(list.contains("王桂芳") && !list.contains("李秀英"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_assessment_is_taken_in_by_the_same_rules() {
    use app::assessment::{Past, Programme, take};
    use kit::{Ask, Id, Scope, Who};

    in_demo(async |app| {
        let key: app::elders::Key = elder(app).await.parse().unwrap();
        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        let given = answers(ltc, true, &[]).into_iter().collect();
        let scope = Scope::of(&app.app.places.tree(), crate::support::COUNTY);
        let days_ago = app.app.clock.now() - jiff::SignedDuration::from_hours(24 * 100);
        let ask = Ask::of(&app.app, Who::system(scope.clone()), days_ago);
        let made = app
            .app
            .db
            .write(move |tx| {
                let elder = app::elders::find(tx, &scope, &key)?;
                let past = Past {
                    programme: Programme::Ltci,
                    instrument: "",
                    reason: "first",
                    site: "home",
                    answers: &given,
                    facts: &Default::default(),
                    assessors: [Some((Id(1), "赵燕")), Some((Id(2), "孙志国"))],
                };
                take(tx, &ask, &elder, &past)
            })
            .await
            .unwrap();
        super::days_go_by(app, 0).await;
        let done = as_json(app, &made.key.to_string()).await;
        assert_eq!((text(&done, "state"), text(&done, "level")), ("effective", "5"));
        let concluded = kit::clock::day_of(days_ago);
        assert_eq!(text(&done, "valid_from"), concluded.add_days(8).to_string());
    })
    .await;
}
