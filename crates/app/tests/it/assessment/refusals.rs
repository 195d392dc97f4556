//! What is refused, with the document that says so.

use kit::who::Role;
use serde_json::json;

use super::{
    accepted, answers, applied, approved, as_json, assessor, days_go_by, elder, elder_with, finished, in_demo,
    photographed, sent, signed, text,
};
use crate::support::{ORGANISATION, OTHER_COUNTY, PASSWORD, TestApp};

async fn assign(app: &TestApp, key: &str, first: kit::Id, second: kit::Id) -> crate::client::Answer {
    let mut clerk = app.client(Role::Clerk).await;
    let (first, second, today) = (first.to_string(), second.to_string(), app.app.clock.today().to_string());
    let fields = [("assessor_1", &*first), ("assessor_2", &second), ("planned_day", &today)];
    clerk.post(&format!("/assessment/{key}/assign"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_cannot_be_both_assessors() {
    in_demo(async |app| {
        let key = applied(app, &elder(app).await, "ltci").await;
        accepted(app, &key).await;
        let (a, _) = assessor(app, "assessor.a").await;
        let refused = assign(app, &key, a, a).await.with_status(409).text();
        assert!(refused.contains("2 名不同的评估员") && refused.contains("GB/T 42195-2022"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_the_elders_provider_cannot_assess() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"organisation": ORGANISATION.to_string()})).await;
        let key = applied(app, &elder, "ltci").await;
        accepted(app, &key).await;
        let (a, _) = assessor(app, "assessor.a").await;
        let (b, _) = assessor(app, "assessor.b").await;
        app.run(&format!("update account set organisation = {ORGANISATION} where id = {b}")).await;
        let refused = assign(app, &key, a, b).await.with_status(409).text();
        assert!(refused.contains("评估与照护分离") && refused.contains("医保发〔2023〕29号"), "{refused}");
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/assessment/{key}")).await.ok().text();
        assert!(page.contains("assessor.a") && !page.contains("assessor.b"), "the choice does not offer them");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessor_of_another_county_cannot_be_sent() {
    in_demo(async |app| {
        let key = applied(app, &elder(app).await, "ltci").await;
        accepted(app, &key).await;
        let (a, _) = assessor(app, "assessor.a").await;
        let far = app.account("assessor.far", Role::Assessor, OTHER_COUNTY).await;
        assert!(assign(app, &key, a, far).await.with_status(422).text().contains("不是本地的评估员"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_answer_is_named_and_nothing_is_finished() {
    in_demo(async |app| {
        let key = applied(app, &elder(app).await, "ltci").await;
        accepted(app, &key).await;
        let ((a, mut first), (b, _)) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a, b).await;
        first.get(&format!("/assessment/{key}/answers")).await.ok();
        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        let mut all = answers(ltc, false, &[]);
        all.retain(|it| it.0 != "cog03");
        let mut fields: Vec<(&str, &str)> = all.iter().map(|(item, score)| (&**item, &**score)).collect();
        fields.push(("do", "finish"));
        let page = first.post(&format!("/assessment/{key}/answers"), &fields).await.with_status(422).text();
        assert!(page.contains("条目“空间定向”") && page.contains("没有作答"));
        assert!(page.contains("question-bad") && page.contains("name=\"adl01\" value=\"10\" checked"));
        signed(&mut first, &key).await.with_status(422);
        assert_eq!(text(&as_json(app, &key).await, "state"), "assessing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_two_who_are_sent_answer_and_sign_and_signed_answers_stay() {
    in_demo(async |app| {
        let key = applied(app, &elder(app).await, "ltci").await;
        accepted(app, &key).await;
        let ((a, mut first), (b, mut second)) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        let (_, mut third) = assessor(app, "assessor.c").await;
        sent(app, &key, a, b).await;
        let path = format!("/assessment/{key}/answers?auto=1");
        third.post(&path, &[("adl01", "5")]).await.with_status(409);
        let mut nurse = app.client(Role::Clinician).await;
        nurse.post(&path, &[("adl01", "5")]).await.with_status(409);
        let mut clerk = app.client(Role::Clerk).await;
        clerk.post(&path, &[("adl01", "5")]).await.with_status(403);

        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        let all = answers(ltc, false, &[]);
        super::answered(&mut first, &key, &all, &[]).await;
        assert!(signed(&mut first, &key).await.with_status(409).text().contains("现场照片"));
        photographed(&mut first, &key).await;
        signed(&mut first, &key).await.leads();
        second.post(&path, &[("adl01", "0"), ("was.adl01", "10")]).await.with_status(409);
        signed(&mut first, &key).await.with_status(409);
        // The second reader opens it again: the first signs anew.
        second.get(&format!("/assessment/{key}/sign")).await.ok();
        second.post(&format!("/assessment/{key}/reopen"), &[("why", "进食应为需帮助")]).await.leads();
        second.post(&path, &[("adl01", "0"), ("was.adl01", "10")]).await.ok();
        signed(&mut second, &key).await.leads();
        assert_eq!(text(&as_json(app, &key).await, "state"), "assessing");
        signed(&mut first, &key).await.leads();
        let done = as_json(app, &key).await;
        assert_eq!((text(&done, "state"), &done["result"]["totals"]["adl"]), ("awaiting_second_signature", &json!(90)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_the_role_is_refused() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        let mut nurse = app.client(Role::Clinician).await;
        nurse.post(&format!("/assessment/{key}/accept"), &[]).await.with_status(403);
        nurse.post(&format!("/assessment/{key}/approve"), &[]).await.with_status(403);
        let mut auditor = app.client(Role::Auditor).await;
        auditor.get(&format!("/assessment/{key}")).await.ok();
        auditor.post("/assessment/new", &[("elder", &elder), ("kind", "ltci")]).await.with_status(403);
        let mut operator = app.client(Role::Operator).await;
        operator.post("/assessment/new", &[("elder", &elder), ("kind", "barthel")]).await.with_status(422);
        app.client(Role::Administrator).await.get("/assessment").await.with_status(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_out_of_order_is_refused_in_words() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let key = applied(app, &elder, "ltci").await;
        let mut lead = app.client(Role::Lead).await;
        let refused = lead.post(&format!("/assessment/{key}/approve"), &[]).await.with_status(409).text();
        assert!(refused.contains("已提交") && refused.contains("不能复核签字"), "{refused}");
        let mut nurse = app.client(Role::Clinician).await;
        let again = nurse.post("/assessment/new", &[("elder", &elder), ("kind", "ltci")]).await.with_status(409).text();
        assert!(again.contains("已有办理中的") && again.contains(&format!("/assessment/{key}")));
        lead.post(&format!("/assessment/{key}/reject"), &[("rejection", "other")]).await.with_status(422);
        lead.post(&format!("/assessment/{key}/reject"), &[("rejection", "not_enrolled")]).await.leads();
        assert_eq!(text(&as_json(app, &key).await, "state"), "rejected");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn material_goes_back_and_comes_again() {
    in_demo(async |app| {
        let key = applied(app, &elder(app).await, "ltci").await;
        let mut clerk = app.client(Role::Clerk).await;
        clerk.post(&format!("/assessment/{key}/return"), &[("missing", "病历复印件")]).await.leads();
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/assessment/{key}")).await.ok().text();
        assert!(page.contains("病历复印件") && page.contains("退补"));
        let fields = [("kind", "material"), ("note", "病历")];
        nurse
            .post_file(&format!("/assessment/{key}/evidence"), &fields, ("file", "病历.pdf", b"%PDF-1.7 text"))
            .await
            .leads();
        let wrong =
            nurse.post_file(&format!("/assessment/{key}/evidence"), &fields, ("file", "病历.html", b"<html>")).await;
        wrong.with_status(422);
        nurse.post(&format!("/assessment/{key}/submit"), &[]).await.leads();
        let page = nurse.get(&format!("/assessment/{key}")).await.ok().text();
        let file =
            page.split(&format!("/assessment/{key}/files/")).nth(1).unwrap().split('"').next().unwrap().to_string();
        let kept = nurse.get(&format!("/assessment/{key}/files/{file}")).await.ok();
        assert_eq!((kept.header("content-type"), &*kept.body), ("application/pdf", &b"%PDF-1.7 text"[..]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_state_is_assessed_anew_only_after_six_months() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, _) = finished(app, &elder, false, &[]).await;
        approved(app, &key).await;
        days_go_by(app, 8).await;
        let change = [("elder", &*elder), ("kind", "ltci"), ("reason", "change")];
        let mut nurse = app.client(Role::Clinician).await;
        let refused = nurse.post("/assessment/new", &change).await.with_status(409).text();
        assert!(refused.contains("才能因状态变更重新评估") && refused.contains("医保发〔2023〕29号"), "{refused}");
        assert!(refused.contains("待核"), "the interval is from memory, and the refusal says so");
        days_go_by(app, 190).await;
        let mut nurse = app.client(Role::Clinician).await;
        nurse.post("/assessment/new", &change).await.leads();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disability_that_is_too_young_is_not_taken_up() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let since = app.app.clock.today().add_months(-2).to_string();
        let mut nurse = app.client(Role::Clinician).await;
        let fields = [("elder", &*elder), ("kind", "ltci"), ("disabled_since", &since)];
        let link = nurse.post("/assessment/new", &fields).await.leads();
        nurse.post(&format!("{link}/submit"), &[]).await.leads();
        let mut clerk = app.client(Role::Clerk).await;
        let refused = clerk.post(&format!("{link}/accept"), &[]).await.with_status(409).text();
        assert!(refused.contains("持续满 6 个月") && refused.contains("申请条件"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reviewer_is_not_one_of_the_assessors() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, [(a, _), _]) = finished(app, &elder, false, &[]).await;
        app.run(&format!("update account set role = 'lead' where id = {a}")).await;
        let mut turned = app.visitor();
        turned.sign_in("assessor.a", PASSWORD).await.unwrap();
        assert!(
            turned.post(&format!("/assessment/{key}/approve"), &[]).await.with_status(409).text().contains("自己做的")
        );
    })
    .await;
}
