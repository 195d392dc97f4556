//! Rounds and visits to those in hardship: found by night and at once, made, late, taken back; nobody falls out in a year.

mod year;

use std::collections::BTreeSet;

use app::rounds::{Outcome, settle_county};
use kit::{
    tally::{self, Count, Where},
    who::Role,
};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    assessment::{VILLAGE, elder_with, in_demo, text},
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, listed, no_difference},
};

/// Goes on to the first day of a month, so that whatever begins has its whole period.
async fn month_begins(app: &TestApp) -> Date {
    let today = app.app.clock.today();
    let next = today.first_of_month().add_months(1);
    app.app.clock.advance_days(i64::from(today.days_until(next)));
    next
}

/// What a night does with rounds, in a county.
async fn night_in(app: &TestApp, region: &'static str) -> Outcome {
    news(app).await;
    let for_night = app.app.clone();
    app.app.db.write(move |tx| settle_county(tx, &for_night, region)).await.unwrap()
}

async fn night(app: &TestApp) -> Outcome {
    night_in(app, OTHER_COUNTY).await;
    night_in(app, COUNTY).await
}

/// Every module hears what happened.
async fn news(app: &TestApp) {
    while 0 < kit::events::deliver(&app.app).await.unwrap() {}
}

async fn days(app: &TestApp, days: i64) -> Outcome {
    app.app.clock.advance_days(days);
    night(app).await
}

/// The tasks of an elder as a program sees them, the newest first.
async fn tasks(app: &TestApp, elder: &str) -> Vec<Value> {
    let of = app.api(Role::Official).await.get(&format!("/api/v1/rounds/of/{elder}")).await.ok().json();
    of["tasks"].as_array().unwrap().clone()
}

async fn task(app: &TestApp, elder: &str, programme: &str) -> Value {
    let all = tasks(app, elder).await;
    all.into_iter().find(|it| it["programme"] == programme).unwrap_or_else(|| panic!("{programme} of {elder}"))
}

/// Somebody who lives alone, with the visit they are owed.
async fn alone(app: &TestApp) -> (String, Value) {
    month_begins(app).await;
    night(app).await;
    let elder = elder_with(app, json!({})).await;
    news(app).await;
    let task = task(app, &elder, "caring").await;
    (elder, task)
}

async fn recorded(nurse: &Api, task: &Value, body: Value) -> Value {
    nurse.post(&format!("/api/v1/rounds/{}/visits", text(task, "id")), body).await.ok().json()
}

async fn counted(app: &TestApp, marks: &'static [&'static str]) -> i64 {
    let (at, day) = (Where::Counties(vec![COUNTY.to_string()]), app.app.clock.today());
    app.app.db.read(move |tx| tally::amount(tx, &Count::new("person", marks), &at, day)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lives_alone_is_owed_a_visit_a_month_and_one_made_in_time_counts() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let today = app.app.clock.today();
        assert_eq!((text(&owed, "from"), text(&owed, "state")), (&*today.to_string(), "waiting"), "found at once");
        assert_eq!(counted(app, &["rounds.hardship"]).await, 1);
        let same = night(app).await;
        assert_eq!((same.made, same.missing, same.superfluous), (0, 0, 0), "nothing twice");
        let again = night(app).await;
        assert_eq!((again.made, again.missing, again.superfluous, again.changed), (0, 0, 0, 0));
        let nurse = app.api(Role::Clinician).await;
        let done = recorded(&nurse, &owed, json!({"found": "well", "systolic": "132", "diastolic": "80"})).await;
        assert_eq!((text(&done["task"], "state"), text(&done["task"], "who")), ("done", Role::Clinician.title()));
        assert_eq!(counted(app, &["rounds.hardship", "rounds.hardship_done"]).await, 1);
        assert_eq!(app.count("select count(*) from chronic_measure where systolic = 132").await, 1);
        let path = format!("/api/v1/rounds/{}/visits", text(&owed, "id"));
        nurse.post(&path, json!({"found": "well"})).await.with_status(409);
        let next = days(app, 31).await;
        assert!(1 <= next.made && next.missing == 0, "{next:?}");
        assert_eq!(tasks(app, &elder).await.iter().filter(|it| it["state"] == "waiting").count(), 1);
        assert_eq!(counted(app, &["rounds.hardship", "rounds.hardship_done"]).await, 0, "a new month, a new visit");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_went_missing_or_was_never_owed_is_reported_and_put_right() {
    in_demo(async |app| {
        let (elder, _) = alone(app).await;
        days(app, 1).await;
        app.app.clock.advance_days(1);
        app.run("delete from round_task where programme = 'caring'").await;
        let found = night(app).await;
        assert_eq!((found.missing, found.superfluous), (1, 0));
        assert_eq!(text(&task(app, &elder, "caring").await, "state"), "waiting");
        // One that nobody is owed, put there behind the application's back.
        app.run(
            "insert into round_task (region, id, subject, thing, elder, place, street, programme, aim, period_day, beyond,
                    from_day, by_day, open, ended, who, reason, source, created)
             select region, id + 1, subject, thing, elder, place, street, 'tier', '', period_day, beyond, from_day, by_day,
                    open, ended, who, reason, source, created from round_task where programme = 'caring'",
        )
        .await;
        let found = night(app).await;
        assert_eq!((found.missing, found.superfluous), (0, 1));
        let ended = task(app, &elder, "tier").await;
        assert_eq!((text(&ended, "state"), text(&ended, "ended")), ("lapsed", "not_owed"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_visit_needs_its_reason_and_a_task_stays_overdue_until_then() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        days(app, 32).await;
        let nurse = app.api(Role::Clinician).await;
        assert_eq!(listed(&nurse, "/api/v1/rounds?state=overdue&programme=caring").await, 1);
        let path = format!("/api/v1/rounds/{}/visits", text(&owed, "id"));
        let refused = nurse.post(&path, json!({"found": "well"})).await.with_status(422).text();
        assert!(refused.contains("逾期"), "{refused}");
        let places = nurse.get("/api/v1/rounds/overdue").await.ok().json();
        assert!(places["items"].as_array().unwrap().iter().any(|it| it["village"] == VILLAGE), "{places}");
        let reason = format!("/api/v1/rounds/{}/reason", text(&owed, "id"));
        nurse.post(&reason, json!({"reason": "雨天路断"})).await.ok();
        let new =
            tasks(app, &elder).await.into_iter().find(|it| it["state"] == "waiting" && it["programme"] == "caring");
        nurse
            .post(&format!("/api/v1/rounds/{}/reason", text(&new.clone().unwrap(), "id")), json!({"reason": "x"}))
            .await
            .with_status(409);
        // The reason said before stands, and the visit of this month is made with it.
        let also = text(&new.unwrap(), "id").rsplit('-').next().unwrap().to_string();
        let done = recorded(&nurse, &owed, json!({"found": "well", "also": [also]})).await;
        assert_eq!((text(&done["task"], "state"), text(&done["task"], "reason")), ("late", "雨天路断"));
        assert_eq!(app.count("select count(*) from round_task where subject = 'elder' and open = true").await, 0);
        assert_eq!(app.count("select count(*) from round_visit").await, 1, "one visit did both");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_leaves_the_task_and_no_visit_lies_in_the_future_or_before_its_time() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let nurse = app.api(Role::Clinician).await;
        let answer = recorded(&nurse, &owed, json!({"found": "absent", "note": "门锁着"})).await;
        assert_eq!(text(&answer["task"], "state"), "waiting");
        let path = format!("/api/v1/rounds/{}/visits", text(&owed, "id"));
        let today = app.app.clock.today();
        for day in [today.add_days(1), today.add_days(-1)] {
            nurse.post(&path, json!({"found": "well", "day": day})).await.with_status(422);
        }
        nurse.post(&path, json!({"found": "well", "systolic": "13", "diastolic": "80"})).await.with_status(422);
        nurse.post(&path, json!({})).await.with_status(422);
        assert_eq!(text(&task(app, &elder, "caring").await, "state"), "waiting");
        assert_eq!(app.count("select count(*) from round_visit").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_needs_help_stands_on_the_leads_workbench_until_somebody_followed_up() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let nurse = app.api(Role::Clinician).await;
        let body = json!({"found": "help", "follow_text": "屋顶漏雨"});
        let visit = text(&recorded(&nurse, &owed, body).await, "visit").to_string();
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/").await.ok().text().contains("巡访后要跟进"));
        assert_eq!(app.count("select count(*) from elder_due where kind = 'rounds'").await, 1);
        let page = lead.get("/rounds/follow?follow=open").await.ok().text();
        assert!(page.contains("屋顶漏雨") && page.contains("需要帮助"));
        let here = format!("/rounds/visits/{visit}");
        assert!(lead.get(&here).await.ok().text().contains("屋顶漏雨"));
        lead.post(&format!("{here}/follow"), &[("result", "")]).await.with_status(422);
        lead.post(&format!("{here}/follow"), &[("result", "村委会已修")]).await.leads();
        assert_eq!(app.count("select count(*) from elder_due where kind = 'rounds'").await, 0);
        assert!(!lead.get("/").await.ok().text().contains("巡访后要跟进"));
        lead.post(&format!("{here}/follow"), &[("result", "再次")]).await.with_status(409);
        assert!(lead.get(&format!("/elders/{elder}")).await.ok().text().contains("巡访后已跟进"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_taken_back_is_to_be_made_again() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let nurse = app.api(Role::Clinician).await;
        let visit = text(&recorded(&nurse, &owed, json!({"found": "unwell"})).await, "visit").to_string();
        let path = format!("/api/v1/rounds/visits/{visit}/void");
        nurse.post(&path, json!({})).await.with_status(422);
        nurse.post(&path, json!({"reason": "登记错人"})).await.ok();
        nurse.post(&path, json!({"reason": "登记错人"})).await.with_status(409);
        assert_eq!(text(&task(app, &elder, "caring").await, "state"), "waiting");
        assert_eq!(app.count("select count(*) from elder_due where kind = 'rounds'").await, 0);
        assert_eq!(counted(app, &["rounds.hardship", "rounds.hardship_done"]).await, 0);
        no_difference(app).await;
    })
    .await;
}

/// The field side's news of a visit.
async fn visited(app: &TestApp, kind: &str, elder: &str, task: &str, verdict: &str) {
    let number = task.rsplit('-').next().unwrap();
    let body = json!({
        "visit": format!("{COUNTY}-77"), "elder": elder, "day": app.app.clock.today(), "minutes": 20, "staff": [],
        "carer": "王护士", "verdict": verdict,
        "purposes": [{"programme": "rounds", "thing": format!("rounds:{number}"), "service": "巡诊", "payer": ""},
                     {"programme": "home_bed", "thing": "homebed:1", "service": "", "payer": ""}],
        "tasks": [{"service": "巡诊", "done": verdict != "incomplete", "reason": "", "values": {"systolic": "141", "diastolic": "88"}, "note": "睡得少"}],
    });
    let (kind, now) = (kind.to_string(), app.app.clock.now());
    app.app.db.write(move |tx| kit::events::send(tx, COUNTY, &kind, &body, now).map(drop)).await.unwrap();
    news(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_of_the_field_side_does_its_task_once_and_is_taken_back_by_it() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let id = text(&owed, "id");
        visited(app, "visits.done", &elder, id, "incomplete").await;
        assert_eq!(text(&task(app, &elder, "caring").await, "state"), "waiting", "one that was broken off is none");
        for _ in 0..2 {
            visited(app, "visits.done", &elder, id, "verified").await;
            let done = task(app, &elder, "caring").await;
            assert_eq!((text(&done, "state"), text(&done, "who")), ("done", "王护士"));
        }
        assert_eq!(app.count("select count(*) from round_visit").await, 1);
        // What was measured the visit itself wrote into the health record.
        assert_eq!(app.count("select count(*) from chronic_measure where systolic = 141").await, 0);
        for _ in 0..2 {
            visited(app, "visits.undone", &elder, id, "").await;
            assert_eq!(text(&task(app, &elder, "caring").await, "state"), "waiting");
        }
        visited(app, "visits.done", &elder, id, "doubtful").await;
        assert_eq!(text(&task(app, &elder, "caring").await, "state"), "done", "and made again");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hospital_death_and_their_end_change_tasks_at_once() {
    in_demo(async |app| {
        let (elder, _) = alone(app).await;
        let nurse = app.api(Role::Clinician).await;
        let state = async || {
            news(app).await;
            let it = task(app, &elder, "caring").await;
            (text(&it, "state").to_string(), text(&it, "ended").to_string())
        };
        let is = |state: &str, ended: &str| (state.to_string(), ended.to_string());
        let away = format!("/api/v1/rounds/of/{elder}/away");
        let made = nurse.post(&away, json!({"kind": "hospital"})).await.ok().json();
        assert_eq!(state().await, is("lapsed", "away"));
        nurse.post(&away, json!({"kind": "relatives"})).await.with_status(422);
        let back = format!("{away}/{}/back", text(&made, "id"));
        nurse.post(&back, json!({})).await.with_status(422);
        app.app.clock.advance_days(3);
        nurse.post(&back, json!({})).await.ok();
        assert_eq!(state().await, is("waiting", ""));
        nurse.post(&back, json!({})).await.with_status(409);
        let today = app.app.clock.today();
        nurse.post(&format!("/api/v1/elders/{elder}/died"), json!({"day": today})).await.ok();
        assert_eq!(state().await, is("lapsed", "died"));
        nurse.post(&format!("/api/v1/elders/{elder}/not-died"), json!({"reason": "记错"})).await.ok();
        assert_eq!(state().await, is("waiting", ""));
        // Who dies after the day was over was never visited, and that stays counted.
        days(app, 35).await;
        let today = app.app.clock.today();
        nurse.post(&format!("/api/v1/elders/{elder}/died"), json!({"day": today})).await.ok();
        news(app).await;
        let all: Vec<Value> = tasks(app, &elder).await.into_iter().filter(|it| it["programme"] == "caring").collect();
        let states: BTreeSet<&str> = all.iter().map(|it| text(it, "state")).collect();
        assert_eq!(states, BTreeSet::from(["lapsed", "missed"]));
        assert_eq!(listed(&nurse, "/api/v1/rounds?state=missed&subject=elder").await, 1);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_records_of_one_person_are_owed_one_visit() {
    in_demo(async |app| {
        let (kept, _) = alone(app).await;
        let lost = elder_with(app, json!({})).await;
        news(app).await;
        let nurse = app.api(Role::Clinician).await;
        recorded(&nurse, &task(app, &lost, "caring").await, json!({"found": "well"})).await;
        let lead = app.api(Role::Lead).await;
        let pairs = lead.get("/api/v1/elders/duplicates").await.ok().json();
        let pair = format!("{}/{}", text(&pairs["items"][0], "region"), text(&pairs["items"][0], "id"));
        let number = |key: &str| key.rsplit('-').next().unwrap().parse::<i64>().unwrap();
        let keep = if number(&kept) < number(&lost) { "left" } else { "right" };
        lead.post(&format!("/api/v1/elders/duplicates/{pair}/merge"), json!({"keep": keep})).await.ok();
        news(app).await;
        let it = task(app, &kept, "caring").await;
        assert_eq!((text(&it, "state"), text(&it, "ended")), ("lapsed", "done_elsewhere"));
        assert_eq!(counted(app, &["rounds.hardship", "rounds.hardship_done"]).await, 1);
        let after = night(app).await;
        assert_eq!((after.missing, after.superfluous, after.changed), (0, 0, 0), "{after:?}");
        lead.post(&format!("/api/v1/elders/duplicates/{pair}/undo"), json!({})).await.ok();
        news(app).await;
        assert_eq!(text(&task(app, &kept, "caring").await, "state"), "waiting", "two again");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elders_at_one_address_are_a_household_and_a_village_without_a_clinic_has_its_round() {
    in_demo(async |app| {
        month_begins(app).await;
        let one = elder_with(app, json!({"address": "12 号", "living": "spouse"})).await;
        let other = elder_with(app, json!({"name": "李平", "sex": "male", "address": "12号", "living": "spouse"})).await;
        elder_with(app, json!({"name": "赵强", "address": "13 号", "living": "spouse"})).await;
        night(app).await;
        days(app, 7).await;
        let of = async |elder: &str| {
            let of = app.api(Role::Lead).await.get(&format!("/api/v1/rounds/of/{elder}")).await.ok().json();
            text(&of, "household").to_string()
        };
        let household = of(&one).await;
        assert_eq!(of(&other).await, household);
        assert_eq!(app.count("select count(*) from round_task where subject = 'household'").await, 2);
        let lead = app.api(Role::Lead).await;
        let it = lead.get(&format!("/api/v1/rounds/households/{household}")).await.ok().json();
        assert_eq!(it["members"].as_array().unwrap().len(), 2);
        assert!(app.client(Role::Lead).await.get(&format!("/rounds/households/{household}")).await.ok().text().contains("李平"));
        assert_eq!(listed(&lead, "/api/v1/rounds?subject=village&state=waiting").await, 1);
        // A clinic opens; from then on nobody has to come.
        app.run(&format!(
            "insert into organisation (region, id, place, name, kind) values ('{COUNTY}', 99, '{VILLAGE}', '东街卫生室', 'village_clinic')"
        ))
        .await;
        night(app).await;
        assert_eq!(listed(&lead, "/api/v1/rounds?subject=village&state=waiting").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_seen_in_a_village_is_noted_at_once_with_the_villages_own_round() {
    in_demo(async |app| {
        alone(app).await;
        elder_with(app, json!({"name": "李平", "birth": "1938-02-03"})).await;
        days(app, 7).await;
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/rounds/villages/{VILLAGE}")).await.ok().text();
        assert!(page.contains("王桂芳") && page.contains("李平") && page.contains("村医疗巡诊"));
        let api = app.api(Role::Clinician).await;
        let all = api.get("/api/v1/rounds?state=waiting").await.ok().json();
        let of = |name: &str, programme: &str| {
            let all = all["items"].as_array().unwrap();
            let found = all.iter().find(|it| text(it, "name") == name && text(it, "programme") == programme);
            text(found.unwrap_or_else(|| panic!("{name} {programme}: {all:?}")), "id").to_string()
        };
        let (one, village) = (of("王桂芳", "特殊困难老年人探访"), of("东街社区", "村医疗巡诊"));
        let here = format!("/rounds/villages/{VILLAGE}");
        nurse.post(&here, &[("note", "")]).await.with_status(422);
        nurse.post(&here, &[("seen", &one), ("seen", &village)]).await.leads();
        assert_eq!(app.count("select count(*) from round_task where done_day is not null").await, 2);
        assert_eq!(
            listed(&api, "/api/v1/rounds?state=waiting&q=李平&subject=elder").await,
            1,
            "who was not seen waits"
        );
        let sheet = nurse.get(&format!("/rounds/week?place={VILLAGE}")).await.ok().text();
        assert!(sheet.contains("李平") && sheet.contains("new-page"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calendar_months_and_lists_say_the_same_of_a_place() {
    in_demo(async |app| {
        let (_, owed) = alone(app).await;
        night(app).await;
        let lead = app.api(Role::Lead).await;
        recorded(&lead, &owed, json!({"found": "well"})).await;
        let by = text(&owed, "by");
        let calendar = lead.get(&format!("/api/v1/rounds/calendar?on={by}")).await.ok().json();
        let day = calendar["days"].as_array().unwrap().iter().find(|it| it["day"] == by).unwrap().clone();
        assert_eq!((&day["counts"]["done"], &calendar["made"][0]["visits"]), (&json!(1), &json!(1)));
        let months = lead.get("/api/v1/rounds/months").await.ok().json();
        assert_eq!(
            months["items"].as_array().unwrap().iter().map(|it| it["counts"]["done"].as_i64().unwrap()).sum::<i64>(),
            1
        );
        let elsewhere = lead.get("/api/v1/rounds/months?place=990101002").await.ok().json();
        assert_eq!(elsewhere["total"], json!(0));
        lead.get(&format!("/api/v1/rounds/months?place={OTHER_COUNTY}")).await.with_status(404);
        let mut official = app.client(Role::Official).await;
        for path in
            ["/rounds", "/rounds?view=week", "/rounds/list", "/rounds/overdue", "/rounds/months", "/rounds/week"]
        {
            official.get(path).await.ok();
        }
        let sheet = official.get("/rounds/list?format=xlsx").await.ok();
        assert!(sheet.body.starts_with(b"PK"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_seen_in_its_county_only_and_a_manager_sees_residents() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let path = format!("/api/v1/rounds/{}", text(&owed, "id"));
        app.api_at(Role::Clinician, OTHER_COUNTY).await.get(&path).await.with_status(404);
        app.api(Role::Clerk).await.get(&path).await.with_status(403);
        let manager = app.api(Role::Manager).await;
        manager.get(&path).await.with_status(404);
        manager.post(&format!("{path}/visits"), json!({"found": "well"})).await.with_status(403);
        app.api(Role::Official).await.post(&format!("{path}/visits"), json!({"found": "well"})).await.with_status(403);
        app.run(&format!("update elder set organisation = {ORGANISATION} where name = '王桂芳'")).await;
        night(app).await;
        manager.get(&path).await.ok();
        manager.get(&format!("/api/v1/rounds/of/{elder}")).await.ok();
        assert_eq!(listed(&manager, "/api/v1/rounds?subject=elder").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_noted_on_a_phone_with_one_choice() {
    in_demo(async |app| {
        let (elder, owed) = alone(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/elders/{elder}")).await.ok().text();
        let record = format!("/rounds/{}/record", text(&owed, "id"));
        assert!(page.contains(&record), "the elder's page leads there");
        let form = nurse.get(&record).await.ok().text();
        assert!(form.contains("情况良好") && form.contains("没有见到人"));
        nurse.post(&record, &[("found", "")]).await.with_status(422);
        let to = nurse.post(&record, &[("found", "well")]).await.leads();
        assert!(nurse.get(&to).await.ok().text().contains("按期完成"));
        assert_eq!(nurse.get(&record).await.leads(), to, "what is done is not noted twice");
        assert!(nurse.get(&format!("/rounds/of/{elder}")).await.ok().text().contains("情况良好"));
    })
    .await;
}
