//! Care plans as a doctor, an elder and a family meet them: drafted, changed, signed, looked at again, and joined with what other
//! programmes owe.

mod beds;
mod joined;
mod lives;

use app::{
    assessment::{Past, Programme},
    elders::{self, Key},
};
use kit::{
    Ask, Id, Scope, Who, events,
    tally::{self, Count, PERSON, Where},
    who::Role,
};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    assessment::{SIGNATURE, days_go_by, elder, elder_with, in_demo, text},
    client::Api,
    support::{COUNTY, OTHER_COUNTY, TestApp, no_difference},
};

async fn hypertension(app: &TestApp, elder: &str) {
    let body = json!({"kind": "hypertension", "diagnosed": "2015", "diagnosed_by": "县人民医院",
                      "registered": app.app.clock.today().to_string()});
    app.api(Role::Clinician).await.post(&format!("/api/v1/chronic/{elder}/diseases"), body).await.ok();
}

async fn drafted(doctor: &Api, elder: &str, change: Value) -> Value {
    let mut body = json!({"elder": elder});
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    doctor.post("/api/v1/careplan", body).await.ok().json()
}

fn path(plan: &Value) -> String {
    format!("/api/v1/careplan/{}", text(plan, "id"))
}

async fn whole(doctor: &Api, plan: &Value) -> Value {
    doctor.get(&path(plan)).await.ok().json()
}

/// Signed by both and begun today.
async fn begun(doctor: &Api, plan: &Value) -> Value {
    doctor.post(&format!("{}/sign", path(plan)), json!({"role": "doctor"})).await.ok();
    doctor.post(&format!("{}/sign", path(plan)), json!({"role": "self", "signature": SIGNATURE})).await.ok();
    doctor.post(&format!("{}/start", path(plan)), json!({})).await.ok().json()
}

fn codes(plan: &Value, kind: &str) -> Vec<String> {
    let lines = plan["lines"].as_array().unwrap().iter().filter(|it| it["kind"] == kind);
    lines.map(|it| text(it, "code").to_string()).collect()
}

fn line<'a>(plan: &'a Value, code: &str) -> &'a Value {
    plan["lines"].as_array().unwrap().iter().find(|it| it["code"] == code && it["kind"] == "service").unwrap()
}

/// Writes a finished ability assessment in which everything is as bad or as good as can be.
async fn assessed(app: &TestApp, elder: &str, worst: bool) {
    let (key, app_too): (Key, _) = (elder.parse().unwrap(), app.app.clone());
    let written = app.app.db.write(move |tx| {
        let ask = Ask::of(&app_too, Who::system(Scope::of(&app_too.places.tree(), COUNTY)), app_too.clock.now());
        let elder = elders::find(tx, &ask.who.scope, &key)?;
        let instrument = app_too.policy.instrument("gbt-42195-2022").unwrap();
        let score = |it: &rules::assessment::Item| {
            let scores = it.choices.iter().map(|it| it.score);
            (if worst { scores.min() } else { scores.max() }).unwrap().to_string()
        };
        let answers = instrument.items.iter().map(|it| (it.id.clone(), score(it))).collect();
        let past = Past {
            programme: Programme::Ability,
            instrument: "",
            reason: "first",
            site: "home",
            answers: &answers,
            facts: &rules::assessment::Facts::default(),
            assessors: [Some((Id(1), "甲")), Some((Id(2), "乙"))],
        };
        app::assessment::take(tx, &ask, &elder, &past).map(drop)
    });
    written.await.unwrap();
    app.settle().await;
}

async fn held(app: &TestApp, marks: &'static [&'static str], day: Date) -> i64 {
    let at = Where::Counties(vec![COUNTY.to_string()]);
    app.app.db.read(move |tx| tally::amount(tx, &Count::new(PERSON, marks), &at, day)).await.unwrap()
}

async fn told(app: &TestApp, kind: &'static str, body: Value) {
    let now = app.app.clock.now();
    app.app.db.write(move |tx| events::send(tx, COUNTY, kind, &body, now)).await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_follows_from_what_is_known_and_each_line_says_why() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        hypertension(app, &elder).await;
        let plan = drafted(&doctor, &elder, json!({})).await;
        assert_eq!((text(&plan, "state"), text(&plan, "phase"), &plan["version"]), ("draft", "stable", &json!(1)));
        assert_eq!(codes(&plan, "problem"), ["hypertension", "alone"]);
        assert_eq!(codes(&plan, "service"), ["follow_up", "medication", "companionship"]);
        let problem = plan["lines"].as_array().unwrap().iter().find(|it| it["code"] == "hypertension").unwrap();
        assert_eq!((text(problem, "why"), text(problem, "why_en")), ("患有：高血压", "has: hypertension"));
        let visit = line(&plan, "companionship");
        assert_eq!((text(visit, "every"), &visit["times"], text(visit, "payer")), ("month", &json!(1), "contract"));
        assert_eq!(text(visit, "why"), "因为：独居，无人照应");
        assert_eq!(text(visit, "why_en"), "Because of: Lives alone with nobody at hand");
        let today = app.app.clock.today();
        assert_eq!(text(&plan, "review"), today.add_days(180).to_string());
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/{}", text(&plan, "id"))).await.ok().text();
        assert!(page.contains("独居，无人照应") && page.contains("还没有签署") && page.contains("每月 1 次"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_looked_at_before_it_is_kept_and_follows_the_wishes() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/new?elder={elder}")).await.ok().text();
        assert!(page.contains("独居，无人照应") && !page.contains("生命末期"));
        let fields = [("elder", &*elder), ("wishes", "hospice"), ("wishes", "at_home"), ("phase", ""), ("do", "again")];
        let again = client.post("/careplan/new", &fields).await.leads();
        let page = client.get(&again).await.ok().text();
        assert!(page.contains("生命末期，以舒适为主") && page.contains("安宁疗护期"), "{page}");
        assert_eq!(app.count("select count(*) from care_plan").await, 0, "nothing was kept");
        let kept = client.post("/careplan/new", &fields[..4]).await.leads();
        assert!(client.get(&kept).await.ok().text().contains("希望以舒适为主"));
        assert_eq!(client.get(&format!("/careplan/new?elder={elder}")).await.leads(), kept, "there is one already");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_has_one_open_plan_whoever_writes() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let refused = doctor.post("/api/v1/careplan", json!({"elder": elder})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "has_plan");
        let copy = "insert into care_plan (region, id, elder, made_for, state, phase, version, review_day, wishes, facts, because,
                      ended_reason, ended_note, who, created)
                    select region, 7, elder, made_for, 'in_force', phase, version, review_day, wishes, facts, because, '', '', who, created
                      from care_plan";
        let written = app.app.db.write(move |tx| tx.run(copy, &[])).await;
        assert!(written.is_err_and(|it| it.is_duplicate()), "the database refuses two");
        doctor.post(&format!("{}/end", path(&plan)), json!({"reason": "refused", "note": "不愿意"})).await.ok();
        let next = drafted(&doctor, &elder, json!({})).await;
        assert_ne!(text(&next, "id"), text(&plan, "id"), "after the end there may be another");
        let line = json!({"kind": "goal", "title": "x", "reason": "y"});
        let refused = doctor.post(&format!("{}/lines", path(&plan)), line).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "plan_ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_makes_a_version_with_its_reason_and_two_stand_side_by_side() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        hypertension(app, &elder).await;
        let plan = drafted(&doctor, &elder, json!({})).await;
        let lines = format!("{}/lines", path(&plan));
        let without = json!({"kind": "service", "service": "nutrition", "times": 1, "every": "month"});
        doctor.post(&lines, without.clone()).await.with_status(422);
        assert_eq!(whole(&doctor, &plan).await["version"], 1, "without a reason nothing changes");
        let mut with = without;
        with["reason"] = json!("体重下降");
        let added = doctor.post(&lines, with).await.ok().json();
        assert_eq!(added["version"], 2);
        assert_eq!(text(line(&added, "nutrition"), "why"), "体重下降");
        let number = |code: &str| line(&plan, code)["line"].clone();
        let change = json!({"times": 2, "reason": "血压波动"});
        let changed = doctor.post(&format!("{lines}/{}", number("follow_up")), change).await.ok().json();
        assert_eq!(
            (&line(&changed, "follow_up")["times"], text(line(&changed, "follow_up"), "every")),
            (&json!(2), "quarter")
        );
        let dropped = format!("{lines}/{}/drop", number("medication"));
        doctor.post(&dropped, json!({"reason": ""})).await.with_status(422);
        doctor.post(&dropped, json!({"reason": "家属会管药"})).await.ok();
        doctor.post(&dropped, json!({"reason": "再删一次"})).await.with_status(404);
        let compared = doctor.get(&format!("{}/compare?a=1&b=4", path(&plan))).await.ok().json();
        let of = |what: &str| -> Vec<String> {
            let all = compared["lines"].as_array().unwrap().iter().filter(|it| it["what"] == what);
            all.map(|it| text(if it["after"].is_null() { &it["before"] } else { &it["after"] }, "code").to_string())
                .collect()
        };
        assert_eq!(
            (of("added"), of("changed"), of("removed")),
            (vec!["nutrition".into()], vec!["follow_up".into()], vec!["medication".into()])
        );
        let one_step = doctor.get(&format!("{}/compare?a=1&b=2", path(&plan))).await.ok().json();
        assert!(
            one_step["lines"].as_array().unwrap().iter().all(|it| it["what"] != "changed" && it["what"] != "removed")
        );
        let now = whole(&doctor, &plan).await;
        let reasons: Vec<&str> = now["versions"].as_array().unwrap().iter().map(|it| text(it, "reason")).collect();
        assert_eq!(&reasons[..3], ["家属会管药", "血压波动", "体重下降"]);
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/{}/compare?a=1&b=4", text(&plan, "id"))).await.ok().text();
        assert!(page.contains("血压波动") && page.contains("删去") && page.contains("每季 2 次"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_added_and_changed_on_pages_and_a_wrong_form_comes_back() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let here = format!("/careplan/{}", text(&plan, "id"));
        let mut client = app.client(Role::Clinician).await;
        assert!(client.get(&format!("{here}/edit")).await.ok().text().contains("饮食和吞咽指导"));
        let wrong =
            [("kind", "service"), ("title", "陪同外出"), ("times", "0"), ("every", "month"), ("reason", "愿意出门")];
        let page = client.post(&format!("{here}/lines"), &wrong).await.with_status(422).text();
        assert!(page.contains("陪同外出"), "what was typed is there");
        let right = [
            ("kind", "service"),
            ("title", "陪同外出"),
            ("times", "1"),
            ("every", "month"),
            ("by", "carer"),
            ("minutes", "60"),
            ("reason", "愿意出门"),
        ];
        client.post(&format!("{here}/lines"), &right).await.leads();
        let now = whole(&doctor, &plan).await;
        let number =
            now["lines"].as_array().unwrap().iter().find(|it| it["title"] == "陪同外出").unwrap()["line"].clone();
        let page = client.get(&format!("{here}/lines/{number}")).await.ok().text();
        assert!(page.contains("value=\"陪同外出\"") && page.contains("愿意出门"), "{page}");
        client.post(&format!("{here}/lines/{number}"), &[("times", "2"), ("reason", "")]).await.with_status(422);
        client.post(&format!("{here}/lines/{number}"), &[("times", "2"), ("reason", "天气好")]).await.leads();
        assert!(client.get(&here).await.ok().text().contains("每月 2 次"));
        client.get(&format!("{here}/lines/99")).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_and_elder_sign_the_same_version_before_it_begins() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let (sign, start) = (format!("{}/sign", path(&plan)), format!("{}/start", path(&plan)));
        let by_doctor = doctor.post(&sign, json!({"role": "doctor"})).await.ok().json();
        assert_eq!(text(&by_doctor, "state"), "draft", "the doctor alone is not enough");
        assert_eq!(text(&doctor.post(&start, json!({})).await.with_status(409).json(), "code"), "not_agreed");
        doctor.post(&sign, json!({"role": "self"})).await.with_status(422);
        doctor.post(&sign, json!({"role": "family", "signature": SIGNATURE})).await.with_status(422);
        // A change in between: what the doctor signed is another version.
        let line = json!({"kind": "goal", "title": "每天散步", "reason": "老人愿意"});
        doctor.post(&format!("{}/lines", path(&plan)), line).await.ok();
        let by_family = json!({"role": "family", "name": "王敏", "signature": SIGNATURE});
        assert_eq!(text(&doctor.post(&sign, by_family).await.ok().json(), "state"), "draft");
        assert_eq!(text(&doctor.post(&sign, json!({"role": "doctor"})).await.ok().json(), "state"), "agreed");
        let today = app.app.clock.today();
        assert_eq!(held(app, &["careplan.in_force"], today).await, 0);
        let now = doctor.post(&start, json!({})).await.ok().json();
        assert_eq!((text(&now, "state"), text(&now, "from")), ("in_force", &*today.to_string()));
        assert_eq!(held(app, &["careplan.in_force"], today).await, 1);
        assert_eq!(held(app, &["careplan.in_force"], today.add_days(-1)).await, 0);
        no_difference(app).await;
        let mut lead = app.client(Role::Lead).await;
        let here = format!("/careplan/{}", text(&plan, "id"));
        let page = lead.get(&format!("{here}/print")).await.ok().text();
        assert!(
            page.contains("data-size=\"large\"") && page.contains("我同意按此执行") && page.contains("王敏"),
            "{page}"
        );
        let picture = app.app.db.read(|tx| {
            tx.one("select picture from care_plan_signature where picture is not null", &[], |row| row.get::<Id>(0))
        });
        let picture = picture.await.unwrap();
        lead.get(&format!("{here}/files/{picture}")).await.ok();
        lead.get(&format!("{here}/files/1")).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_an_agreed_plan_is_signed_again_and_one_in_force_goes_on() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let sign = format!("{}/sign", path(&plan));
        doctor.post(&sign, json!({"role": "doctor"})).await.ok();
        doctor.post(&sign, json!({"role": "self", "signature": SIGNATURE})).await.ok();
        let line = json!({"kind": "goal", "title": "每天散步", "reason": "老人愿意"});
        let lines = format!("{}/lines", path(&plan));
        assert_eq!(text(&doctor.post(&lines, line.clone()).await.ok().json(), "state"), "draft");
        begun(&doctor, &plan).await;
        assert_eq!(text(&doctor.post(&lines, line).await.ok().json(), "state"), "in_force");
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/{}", text(&plan, "id"))).await.ok().text();
        assert!(page.contains("签署之后有修改"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_falls_due_by_phase_and_one_that_was_missed_is_on_the_workbench() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        let today = app.app.clock.today();
        let phase = format!("{}/phase", path(&plan));
        doctor.post(&phase, json!({"phase": "stable", "reason": "x"})).await.with_status(422);
        let now = doctor.post(&phase, json!({"phase": "recovery", "reason": "骨折出院"})).await.ok().json();
        assert_eq!((text(&now, "phase"), text(&now, "review")), ("recovery", &*today.add_days(90).to_string()));
        assert_eq!((text(&now["versions"][0], "kind"), text(&now["versions"][0], "reason")), ("phase", "骨折出院"));
        let due = app.count("select count(*) from elder_due where kind = 'careplan'").await;
        assert_eq!(due, 1);
        days_go_by(app, 90).await;
        let doctor = app.api(Role::Clinician).await;
        let late =
            async |api: &Api| api.get("/api/v1/careplan?review=late").await.ok().json()["total"].as_i64().unwrap();
        assert_eq!(late(&doctor).await, 0, "on its last day it is in time");
        days_go_by(app, 1).await;
        let doctor = app.api(Role::Clinician).await;
        assert_eq!(late(&doctor).await, 1);
        let mut client = app.client(Role::Clinician).await;
        assert!(client.get("/").await.ok().text().contains("逾期未复评的照护计划"));
        doctor.post(&format!("{}/review", path(&plan)), json!({})).await.with_status(422);
        let now = doctor.post(&format!("{}/review", path(&plan)), json!({"conclusion": "目标达到"})).await.ok().json();
        assert_eq!(text(&now, "review"), app.app.clock.today().add_days(90).to_string());
        assert_eq!((late(&doctor).await, &now["version"]), (0, &json!(3)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_level_makes_the_review_due_at_once_and_who_has_a_tier_and_no_plan_is_listed() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let without = async |api: &Api| api.get("/api/v1/careplan/without").await.ok().json();
        assert_eq!(without(&doctor).await["total"], 0);
        assessed(app, &elder, false).await;
        let listed = without(&doctor).await;
        assert_eq!(listed["total"], 1, "{listed}");
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        assert_eq!(without(&doctor).await["total"], 0);
        let today = app.app.clock.today();
        assert_eq!(text(&plan, "review"), today.add_days(180).to_string());
        days_go_by(app, 20).await;
        assessed(app, &elder, false).await;
        let doctor = app.api(Role::Clinician).await;
        assert_eq!(
            text(&whole(&doctor, &plan).await, "review"),
            today.add_days(180).to_string(),
            "the same level again"
        );
        assessed(app, &elder, true).await;
        assert_eq!(text(&whole(&doctor, &plan).await, "review"), today.add_days(20).to_string());
        let worse = drafted_anew(app, &elder).await;
        assert!(worse.contains("daily_living") && worse.contains("bedbound"), "{worse}");
    })
    .await;
}

/// The problems that the rules find now, after the plan that runs has ended.
async fn drafted_anew(app: &TestApp, elder: &str) -> String {
    let doctor = app.api(Role::Clinician).await;
    let open = doctor.get("/api/v1/careplan?state=in_force").await.ok().json();
    let key = format!("{COUNTY}-{}", open["items"][0]["id"].to_string().trim_matches('"'));
    doctor.post(&format!("/api/v1/careplan/{key}/end"), json!({"reason": "other"})).await.ok();
    codes(&drafted(&doctor, elder, json!({})).await, "problem").join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn family_reads_its_elders_plan_in_large_print_signs_it_and_changes_nothing() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let other = drafted(&doctor, &elder_with(app, json!({"name": "李平"})).await, json!({})).await;
        let account = app.account("family-990101", Role::Family, COUNTY).await;
        let person = elder.split_once('-').unwrap().1;
        app.run(&format!(
            "insert into account_person (account, person, region, relation) values ({account}, {person}, '{COUNTY}', 'child')"
        ))
        .await;
        let mut family = app.client(Role::Family).await;
        let here = format!("/careplan/{}", text(&plan, "id"));
        let page = family.get(&here).await.ok().text();
        assert!(page.contains("data-size=\"large\"") && page.contains("独居，无人照应") && !page.contains("/edit"), "{page}");
        family.get(&format!("/careplan/{}", text(&other, "id"))).await.with_status(404);
        family.get(&format!("{here}/sign")).await.ok();
        let fields = [("role", "doctor"), ("name", ""), ("signature", "")];
        family.post_file(&format!("{here}/sign"), &fields, ("paper", "", b"")).await.with_status(422);
        let fields = [("role", "family"), ("name", "王敏"), ("signature", SIGNATURE)];
        family.post_file(&format!("{here}/sign"), &fields, ("paper", "", b"")).await.leads();
        assert_eq!(text(&doctor.post(&format!("{}/sign", path(&plan)), json!({"role": "doctor"})).await.ok().json(), "state"), "agreed");
        family.post(&format!("{here}/phase"), &[("phase", "hospice"), ("reason", "x")]).await.with_status(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_county_sees_no_plan_and_each_look_is_noted() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = drafted(&doctor, &elder, json!({})).await;
        let other = app.api_at(Role::Clinician, OTHER_COUNTY).await;
        for address in ["", "/weeks", "/compare"] {
            other.get(&format!("{}{address}", path(&plan))).await.with_status(404);
        }
        other.post(&format!("{}/end", path(&plan)), json!({"reason": "other"})).await.with_status(404);
        let looks =
            "select count(*) from audit where subject = 'elder' and action = 'look' and detail like 'care plan %'";
        let before = app.count(looks).await;
        whole(&doctor, &plan).await;
        assert_eq!(app.count(looks).await, before + 1);
    })
    .await;
}
