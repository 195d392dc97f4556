//! The whole course with two assessors, its result with reasons, and what follows from it.

use kit::who::Role;
use serde_json::json;

use super::{
    accepted, answered, answers, applied, approved, as_json, assessor, days_go_by, elder, elder_with, finished,
    in_demo, sent, signed, text,
};
use crate::support::OTHER_COUNTY;

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_goes_from_application_to_effect_through_two_assessors_review_and_notice() {
    in_demo(async |app| {
        let elder = elder(app).await;
        // ADL 45, cognition 9, senses 12: moderate by the bands, mild by the worse of the others.
        let but = [
            ("adl01", "5"),
            ("adl02", "5"),
            ("adl03", "0"),
            ("adl04", "5"),
            ("adl05", "5"),
            ("adl06", "5"),
            ("adl07", "10"),
            ("adl08", "10"),
            ("adl09", "0"),
            ("adl10", "0"),
            ("cog01", "2"),
            ("cog02", "3"),
            ("cog03", "2"),
            ("cog04", "2"),
        ];
        let (key, _) = finished(app, &elder, false, &but).await;
        let done = as_json(app, &key).await;
        assert_eq!((text(&done, "state"), text(&done, "level")), ("awaiting_second_signature", "2"));
        assert_eq!(done["result"]["totals"], json!({"adl": 45, "cog": 9, "sen": 12}));

        approved(app, &key).await;
        let on_notice = as_json(app, &key).await;
        let today = app.app.clock.today();
        assert_eq!(text(&on_notice, "state"), "on_notice");
        assert_eq!(text(&on_notice, "notice_until"), today.add_days(7).to_string());
        assert_eq!(on_notice["valid_from"], json!(null), "nothing holds before the notice has ended");

        days_go_by(app, 7).await;
        assert_eq!(text(&as_json(app, &key).await, "state"), "on_notice", "the last day of the notice is a day of it");
        days_go_by(app, 1).await;
        let effective = as_json(app, &key).await;
        assert_eq!(text(&effective, "state"), "effective");
        assert_eq!(text(&effective, "valid_from"), today.add_days(8).to_string());
        assert_eq!(text(&effective, "valid_until"), today.add_days(8).add_months(24).add_days(-1).to_string());

        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains("中度失能") && page.contains("失能等级评估到期") && page.contains("列入失能人群"));
        let groups = app.api(Role::Official).await.get(&format!("/api/v1/elders/{elder}")).await.ok().json();
        let disabled = groups["groups"].as_array().unwrap().iter().find(|it| it["kind"] == "disabled").unwrap();
        assert_eq!((text(disabled, "word"), text(disabled, "from")), ("中度失能", text(&effective, "valid_from")));
        let kept =
            app.count("select count(*) from decision where subject = 'assessment' and topic = 'assessment'").await;
        assert_eq!(kept, 2, "notice and validity are kept as decisions with their values");
        let news = app.count("select count(*) from event where kind = 'assessment.effective'").await;
        assert_eq!(news, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_is_shown_with_every_step_its_document_and_what_is_not_confirmed() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, _) = finished(app, &elder, true, &[]).await;
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&format!("/assessment/{key}")).await.ok().text();
        for words in [
            "重度失能Ⅲ级",
            "日常生活活动能力合计 0",
            "医保办发〔2021〕37号",
            "/policy/documents/nhsa-2021-37",
            "2021-08-03",
            "待核",
            "class=\"here\" aria-current=\"true\"",
            "较大或完全依赖",
            "第二评估员签名",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let english = lead.get(&format!("/assessment/{key}?lang=en")).await.ok().text();
        assert!(english.contains("severe disability III") && english.contains("Activities of daily living: 0"));
        let report = lead.get(&format!("/assessment/{key}/report")).await.ok().text();
        assert!(report.contains("severe disability III") && report.contains("js-print"));
        let looks = app.count("select count(*) from audit where subject = 'assessment' and action = 'look'").await;
        assert!(3 <= looks, "{looks} looks are noted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_one_assessor_gives_is_not_taken_back_by_the_page_of_the_other() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ability").await;
        accepted(app, &key).await;
        let (mut a, mut b) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a.0, b.0).await;
        let (page, auto) = (format!("/assessment/{key}/answers"), format!("/assessment/{key}/answers?auto=1"));
        a.1.get(&page).await.ok();
        b.1.get(&page).await.ok();
        b.1.post(&auto, &[("facts", "1"), ("was.facts", "{}"), ("fact.coma", "yes")]).await.ok();
        let fields = [("facts", "1"), ("was.facts", "{}"), ("fact.diagnoses", "F03.x00")];
        let learned = a.1.post(&auto, &fields).await.ok().text();
        assert!(learned.contains("was.facts") && learned.contains("coma"), "{learned}");
        let shown = a.1.get(&page).await.ok().text();
        assert!(shown.contains("name=\"fact.coma\" value=\"yes\" checked") && shown.contains("F03.x00"), "{shown}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_one_by_one_and_survive_leaving_the_page() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        accepted(app, &key).await;
        let (a, b) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a.0, b.0).await;
        let mut first = a.1;
        first.get(&format!("/assessment/{key}/answers")).await.ok();
        let auto = format!("/assessment/{key}/answers?auto=1");
        let kept = first.post(&auto, &[("adl01", "5"), ("was.adl01", "")]).await.ok();
        assert!(kept.text().contains("已保存"));
        assert!(kept.text().contains("name=\"was.adl01\" value=\"5\""), "the page learns what is kept now");
        assert_eq!(kept.header("hx-trigger"), format!("{{\"draft-done\":\"assessment-{key}\"}}"));

        let page = first.get(&format!("/assessment/{key}/answers")).await.ok().text();
        assert!(page.contains("name=\"adl01\" value=\"5\" checked") && page.contains("<b>1</b>/17"));
        assert!(page.contains("全部答完后显示初步结果"), "no result before all is answered");

        // A page that lay open sends what it was made with: it does not overwrite what came since.
        let mut second = b.1;
        second.get(&format!("/assessment/{key}/answers")).await.ok();
        second.post(&auto, &[("adl01", "10"), ("was.adl01", "5")]).await.ok();
        first.post(&auto, &[("adl01", "5"), ("was.adl01", "5"), ("adl02", "0"), ("was.adl02", "")]).await.ok();
        let page = first.get(&format!("/assessment/{key}/answers")).await.ok().text();
        assert!(
            page.contains("name=\"adl01\" value=\"10\" checked") && page.contains("name=\"adl02\" value=\"0\" checked")
        );
        first.post(&auto, &[("adl03", "7")]).await.with_status(422);

        // Who answers 10 and goes back to 0 has answered 0: the page knew of the 10 by then.
        let there = first.post(&auto, &[("adl02", "10"), ("was.adl02", "0")]).await.ok().text();
        assert!(there.contains("name=\"was.adl02\" value=\"10\""), "{there}");
        first.post(&auto, &[("adl02", "0"), ("was.adl02", "10")]).await.ok();
        // What the other answered meanwhile comes into the page that lies open.
        let told =
            first.post(&auto, &[("adl01", "5"), ("was.adl01", "5"), ("adl04", "5"), ("was.adl04", "")]).await.ok();
        assert!(told.text().contains("[id='q-adl01']"), "{}", told.text());
        let page = first.get(&format!("/assessment/{key}/answers")).await.ok().text();
        assert!(page.contains("name=\"adl02\" value=\"0\" checked"));

        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        let all = answers(ltc, false, &[]);
        let fields: Vec<(&str, &str)> = all.iter().map(|(item, score)| (&**item, &**score)).collect();
        let last = first.post(&auto, &fields).await.ok().text();
        assert!(last.contains("初步结果") && last.contains("基本正常"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ability_assessment_takes_effect_without_notice_and_gives_a_tier_of_care() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"groups": ["chronic"]})).await;
        let key = applied(app, &elder, "ability").await;
        accepted(app, &key).await;
        let (mut a, mut b) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a.0, b.0).await;
        let gbt = app.app.policy.instrument("gbt-42195-2022").unwrap();
        // 65 points are level 2; two falls in 30 days make it one worse.
        let low =
            [("B1.1", "0"), ("B1.2", "0"), ("B1.3", "0"), ("B1.4", "0"), ("B1.5", "0"), ("B1.6", "0"), ("B3.7", "0")];
        let facts = [("fact.risk.跌倒", "2"), ("fact.coma", "no")];
        answered(&mut a.1, &key, &answers(gbt, false, &low), &facts).await;
        signed(&mut a.1, &key).await.leads();
        signed(&mut b.1, &key).await.leads();
        approved(app, &key).await;
        let done = as_json(app, &key).await;
        assert_eq!((text(&done, "state"), text(&done, "level")), ("effective", "3"));
        assert_eq!(done["facts"], json!({"coma": false, "risk_events": {"跌倒": 2}}));
        // Level 3 gives tier 3; living alone makes it one higher.
        assert_eq!((text(&done["tier"], "name"), &done["tier"]["code"]), ("特级照护", &json!(4)));
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains("特级照护") && page.contains("居住情况需要更多照应"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conclusion_runs_out_and_the_next_one_takes_its_place() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (first, _) = finished(app, &elder, true, &[]).await;
        approved(app, &first).await;
        days_go_by(app, 8).await;
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/assessment/due").await.ok().text().contains("王桂芳"));
        days_go_by(app, 731).await;
        assert_eq!(text(&as_json(app, &first).await, "state"), "expired");
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/").await.ok().text().contains("已到期未重评的结论"));

        let (second, _) = finished(app, &elder, false, &[]).await;
        approved(app, &second).await;
        days_go_by(app, 8).await;
        let now = as_json(app, &second).await;
        assert_eq!((text(&now, "state"), text(&now, "reason"), text(&now, "level")), ("effective", "regular", "0"));
        let groups = app.api(Role::Official).await.get(&format!("/api/v1/elders/{elder}")).await.ok().json();
        let disabled = groups["groups"].as_array().unwrap().iter().find(|it| it["kind"] == "disabled").unwrap();
        assert_eq!(text(disabled, "until"), text(&now, "valid_from"), "the new conclusion says otherwise");
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&format!("/assessment/{second}")).await.ok().text();
        assert!(page.contains("与以前比较") && page.contains("重度失能Ⅲ级"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_ends_what_is_under_way() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        let mut official = app.client(Role::Official).await;
        let today = app.app.clock.today().to_string();
        official.get(&format!("/elders/{elder}/life")).await.ok();
        official.post(&format!("/elders/{elder}/died"), &[("day", &today)]).await.leads();
        app.settle().await;
        let ended = as_json(app, &key).await;
        assert_eq!(text(&ended, "state"), "ended");
        assert_eq!(text(ended["history"].as_array().unwrap().last().unwrap(), "reason"), "老人去世");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_an_assessment_of_another_county() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, _) = finished(app, &elder, true, &[]).await;
        let mut other = app.client_at(Role::Lead, OTHER_COUNTY).await;
        for path in ["", "/report", "/answers", "/sign", "/files/1"] {
            let answer = other.get(&format!("/assessment/{key}{path}")).await;
            assert!(matches!(answer.status, 403 | 404), "{path}: {}", answer.status);
            assert!(!answer.text().contains("王桂芳"));
        }
        other.post(&format!("/assessment/{key}/approve"), &[]).await.with_status(404);
        let list = other.get("/assessment").await.ok().text();
        assert!(!list.contains("王桂芳") && list.contains("还没有评估"));
        let api = app.api_at(Role::Lead, OTHER_COUNTY).await;
        api.get(&format!("/api/v1/assessments/{key}")).await.with_status(404);
        assert_eq!(api.get("/api/v1/assessments").await.ok().json()["total"], json!(0));
        let own = app.api(Role::Lead).await.get("/api/v1/assessments?work=open").await.ok().json();
        assert_eq!(own["total"], json!(1));
    })
    .await;
}
