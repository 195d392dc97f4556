//! From the application to the benefit, and what becomes of it.

use kit::who::Role;
use serde_json::json;

use super::{
    agreed, applied, benefit, concluded, days_go_by, granted, in_scheme, institution, insured, number, provider, text,
};
use crate::{
    assessment::{accepted, answered, answers, approved, assessor, elder, elder_with, photographed, sent, signed},
    support::{COUNTY, OTHER_COUNTY},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_applies_is_assessed_and_has_a_benefit_from_the_month_after() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        let elder = elder(app).await;
        insured(app, &elder, "2024-01-01".parse().unwrap()).await;
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains(&format!("/ltci/apply?elder={elder}")));
        let page = clerk.get(&format!("/ltci/apply?elder={elder}")).await.ok().text();
        assert!(page.contains("还没有有效的失能评估结论") && !page.contains("没有查到参保记录"), "{page}");
        let fields = [
            ("elder", &*elder),
            ("mode", "residential"),
            ("provider", number(&provider())),
            ("applicant", "family"),
            ("applicant_name", "王敏"),
            ("disabled_since", "2024-01-01"),
            ("site", "home"),
        ]
        .map(|it| (it.0, it.1.to_string()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, &*it.1)).collect();
        let link = clerk.post("/ltci/apply", &fields).await.leads();
        let key =
            link.strip_prefix("/assessment/").expect("the assessment is applied for at the same time").to_string();

        let mut nurse = app.client(Role::Clinician).await;
        nurse.post(&format!("{link}/submit"), &[]).await.leads();
        accepted(app, &key).await;
        let (mut a, mut b) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
        sent(app, &key, a.0, b.0).await;
        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        answered(&mut a.1, &key, &answers(ltc, true, &[]), &[]).await;
        photographed(&mut a.1, &key).await;
        signed(&mut a.1, &key).await.leads();
        signed(&mut b.1, &key).await.leads();
        approved(app, &key).await;
        let all = app.api(Role::Clerk).await.get("/api/v1/ltci/applications?state=assessing").await.ok().json();
        assert_eq!(all["total"], 1, "before the notice has ended nothing can be decided: {all}");
        days_go_by(app, 8).await;

        let api = app.api(Role::Clerk).await;
        let all = api.get("/api/v1/ltci/applications?state=deciding").await.ok().json();
        assert_eq!(all["total"], 1, "{all}");
        let application = format!("{COUNTY}-{}", text(&all["items"][0], "id").rsplit('-').next().unwrap());
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/ltci/applications/{application}")).await.ok().text();
        let from = app.app.clock.today().first_of_month().add_months(1);
        assert!(page.contains("符合条件") && page.contains(&format!("{from} 起享受待遇")), "{page}");
        assert!(page.contains("示例") && page.contains("最低失能等级"), "what it rests on is shown with its mark");
        let home = clerk.get("/").await.ok().text();
        assert!(home.contains("待决定的待遇申请"));

        let decided = api.post(&format!("/api/v1/ltci/applications/{application}/decide"), json!({})).await.ok().json();
        assert_eq!((text(&decided, "state"), &decided["grade"]), ("granted", &json!(5)));
        let kept = app.count("select count(*) from decision where subject = 'ltci'").await;
        assert_eq!(kept, 1, "the decision is kept with its values");
        let decision = format!("/policy/decisions/{}", text(&decided, "decision"));
        assert!(clerk.get(&decision).await.ok().text().contains("最低失能等级"));

        let has = benefit(app, &elder).await;
        assert_eq!(text(&has["steps"][0], "from"), from.to_string());
        assert_eq!(api.get("/api/v1/ltci").await.ok().json()["total"], 0, "it has not begun");
        let wait = i64::from(app.app.clock.today().days_until(from));
        days_go_by(app, wait).await;
        let api = app.api(Role::Clerk).await;
        assert_eq!(api.get("/api/v1/ltci").await.ok().json()["total"], 1);
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains("机构集中护理") && page.contains("批准长护险待遇"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_against_it_is_said_and_what_no_policy_decides_is_not_decided() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        let api = app.api(Role::Clerk).await;
        let elder = elder_with(app, json!({"name": "李秀英"})).await;
        concluded(app, &elder, false).await;
        let application = applied(app, &elder, &provider()).await;
        assert_eq!(text(&application, "state"), "deciding", "a conclusion is in force");
        let path = format!("/api/v1/ltci/applications/{}/decide", text(&application, "id"));
        let denied = app.api(Role::Clerk).await.post(&path, json!({})).await.ok().json();
        assert_eq!((text(&denied, "state"), text(&denied, "reason")), ("denied", "not_insured grade_too_low"));
        let again = api.post(&path, json!({})).await.with_status(409).json();
        assert_eq!(again["code"], "wrong_state");
        assert_eq!(benefit(app, &elder).await["steps"], json!([]));

        let options = app.api_at(Role::Clerk, OTHER_COUNTY).await;
        let body = json!({"name": "周桂兰", "id_kind": "none", "birth": "1941-01-01", "sex": "female",
                          "place": "990102001001", "living": "alone", "insurance": "resident"});
        let other = app.api_at(Role::Official, OTHER_COUNTY).await.post("/api/v1/elders", body).await.ok().json();
        let body = json!({"elder": text(&other, "id"), "mode": "residential", "applicant": "self"});
        let refused = options.post("/api/v1/ltci/applications", body).await.with_status(409).json();
        assert_eq!(refused["code"], "no_policy", "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_application_is_open_at_a_time_whoever_writes() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        let elder = elder(app).await;
        let first = applied(app, &elder, &provider()).await;
        let api = app.api(Role::Clerk).await;
        let body = json!({"elder": elder, "mode": "residential", "provider": number(&provider()), "applicant": "self"});
        let second = api.post("/api/v1/ltci/applications", body).await.with_status(409).json();
        assert_eq!(second["code"], "under_way");
        let sql = format!(
            "insert into ltci_application (region, id, elder, applicant, applicant_name, mode, bonus, note, state, applied,
                                           decided_by, reason, reason_note, decision, account)
             values ('{COUNTY}', 7, {}, 'self', '', 'residential', 'hours', '', 'deciding', '', '', '', '', '', 1)",
            number(&elder)
        );
        assert!(app.app.db.write(move |tx| tx.run(&sql, &[])).await.is_err());
        let path = format!("/api/v1/ltci/applications/{}/refuse", text(&first, "id"));
        api.post(&path, json!({"reason": "other"})).await.with_status(422);
        let refused = api.post(&path, json!({"reason": "not_enrolled"})).await.ok().json();
        assert_eq!((text(&refused, "state"), text(&refused, "reason")), ("refused", "not_enrolled"));
        let third = applied(app, &elder, &provider()).await;
        let path = format!("/api/v1/ltci/applications/{}/withdraw", text(&third, "id"));
        assert_eq!(text(&api.post(&path, json!({})).await.ok().json(), "state"), "withdrawn");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_that_is_not_taken_up_closes_the_application_with_its_reason() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        let elder = elder(app).await;
        let first = applied(app, &elder, &provider()).await;
        let assessment = format!("/assessment/{}", text(&first, "assessment"));
        app.client(Role::Clinician).await.post(&format!("{assessment}/submit"), &[]).await.leads();
        let mut clerk = app.client(Role::Clerk).await;
        let why = [("rejection", "bad_material"), ("words", "缺诊断证明")];
        clerk.post(&format!("{assessment}/reject"), &why).await.leads();
        app.settle().await;
        let api = app.api(Role::Clerk).await;
        let closed = api.get(&format!("/api/v1/ltci/applications/{}", text(&first, "id"))).await.ok().json();
        assert_eq!(text(&closed, "state"), "refused");
        assert!(text(&closed, "note").contains("缺诊断证明"), "{closed}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benefit_changes_pauses_goes_on_and_ends_with_a_death() {
    in_scheme(async |app| {
        let other = institution(app, "南山护理院").await;
        agreed(app, &provider(), 10).await;
        agreed(app, &other, 1).await;
        let elder = granted(app, json!({}), &provider()).await;
        let begins = app.app.clock.today().first_of_month().add_months(1);
        let wait = i64::from(app.app.clock.today().days_until(begins)) + 4;
        days_go_by(app, wait).await;
        let api = app.api(Role::Clerk).await;
        let path = |deed: &str| format!("/api/v1/ltci/benefits/{elder}/{deed}");
        let today = app.app.clock.today();

        let same = json!({"mode": "residential", "provider": number(&provider()), "bonus": "hours"});
        api.post(&path("change"), same).await.with_status(422);
        let unpaid = json!({"mode": "home", "provider": number(&other)});
        api.post(&path("change"), unpaid).await.with_status(422);
        let moved = json!({"mode": "residential", "provider": number(&other), "from": today.add_days(3).to_string()});
        let has = api.post(&path("change"), moved).await.ok().json();
        let last = &has["steps"][1];
        assert_eq!((text(last, "reason"), &last["grade"]), ("provider", &json!(5)), "the grade stays: {has}");

        let stay = json!({"reason": "hospital", "from": today.add_days(1).to_string()});
        api.post(&path("pause"), stay.clone()).await.ok();
        api.post(&path("pause"), stay).await.with_status(422);
        days_go_by(app, 5).await;
        let api = app.api(Role::Clerk).await;
        assert_eq!(api.get("/api/v1/ltci?state=paused").await.ok().json()["total"], 1);
        let listed = api.get("/api/v1/ltci?provider=南山").await.ok().json();
        assert_eq!(listed["total"], 1, "the night moved the list along: {listed}");
        let home = app.app.clock.today();
        let has = api.post(&path("resume"), json!({})).await.ok().json();
        assert_eq!(text(&has["pauses"][0], "until"), home.to_string());
        api.post(&path("resume"), json!({})).await.with_status(422);

        let official = app.api(Role::Official).await;
        let died = json!({"day": home.to_string(), "cause": "disease"});
        official.post(&format!("/api/v1/elders/{elder}/died"), died).await.ok();
        app.settle().await;
        let has = benefit(app, &elder).await;
        let last = has["steps"].as_array().unwrap().last().unwrap();
        let after = home.add_days(1).to_string();
        assert_eq!((text(last, "reason"), text(last, "from"), &last["grade"]), ("died", &*after, &json!(null)));
        days_go_by(app, 1).await;
        assert_eq!(app.api(Role::Clerk).await.get("/api/v1/ltci").await.ok().json()["total"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conclusion_that_runs_out_ends_the_benefit_and_another_grade_is_decided_anew() {
    in_scheme(async |app| {
        agreed(app, &provider(), 10).await;
        let elder = granted(app, json!({}), &provider()).await;
        days_go_by(app, 40).await;
        assert_eq!(app.api(Role::Clerk).await.get("/api/v1/ltci").await.ok().json()["total"], 1);
        concluded(app, &elder, false).await;
        let api = app.api(Role::Clerk).await;
        let all = api.get("/api/v1/ltci/applications?state=deciding").await.ok().json();
        assert_eq!(all["total"], 1, "a lighter grade is the clerk's to decide: {all}");
        let path = format!("/api/v1/ltci/applications/{COUNTY}-{}/decide", text(&all["items"][0], "id"));
        assert_eq!(text(&api.post(&path, json!({})).await.ok().json(), "state"), "denied");
        let has = benefit(app, &elder).await;
        let last = has["steps"].as_array().unwrap().last().unwrap();
        assert_eq!((text(last, "reason"), &last["grade"]), ("recovered", &json!(null)));

        let second = granted(app, json!({"name": "赵玉兰"}), &provider()).await;
        days_go_by(app, 760).await;
        let has = benefit(app, &second).await;
        let last = has["steps"].as_array().unwrap().last().unwrap();
        assert_eq!(text(last, "reason"), "expired", "{has}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_the_care_sees_their_recipients_and_nobody_elses() {
    in_scheme(async |app| {
        let other = institution(app, "南山护理院").await;
        agreed(app, &provider(), 10).await;
        agreed(app, &other, 10).await;
        let theirs = granted(app, json!({"name": "孙玉兰"}), &other).await;
        let own = granted(app, json!({"name": "周桂兰"}), &provider()).await;
        days_go_by(app, 40).await;
        let manager = app.api(Role::Manager).await;
        let seen = manager.get("/api/v1/ltci").await.ok().json();
        assert_eq!((&seen["total"], text(&seen["items"][0], "name")), (&json!(1), "周桂兰"));
        manager.get(&format!("/api/v1/ltci/benefits/{own}")).await.ok();
        manager.get(&format!("/api/v1/ltci/benefits/{theirs}")).await.with_status(404);
        manager.get(&format!("/api/v1/ltci/providers/{other}")).await.with_status(404);
        let stranger = app.api_at(Role::Clerk, OTHER_COUNTY).await;
        stranger.get(&format!("/api/v1/ltci/benefits/{own}")).await.with_status(404);
        assert_eq!(stranger.get("/api/v1/ltci").await.ok().json()["total"], 0);
        let looks = app.count("select count(*) from audit where action = 'look' and detail = 'ltci benefit'").await;
        assert_eq!(looks, 1);
    })
    .await;
}
