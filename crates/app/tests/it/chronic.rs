//! Chronic diseases as a nurse meets them: register, visit, refer, follow up, measure, and the numbers that follow.

use kit::{
    tally::{self, Count, PERSON, Where},
    who::Role,
};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    assessment::{self, elder_with},
    contracting::{signed, team},
    support::{COUNTY, OTHER_COUNTY, TestApp, listed, no_difference},
};

/// What is kept for the workbench agrees with the lists and with the facts, whatever was done.
async fn in_demo(test: impl AsyncFn(&TestApp)) {
    assessment::in_demo(async |app| {
        test(app).await;
        let (api, today) = (app.api(Role::Official).await, app.app.clock.today());
        let lists: [(&str, &[&str]); 3] = [
            ("/chronic?work=overdue", &["chronic.overdue"]),
            ("/chronic?work=overdue&disease=hypertension", &["chronic.hypertension", "chronic.overdue"]),
            ("/chronic/referrals?state=late", &["chronic.referral_late"]),
        ];
        for (list, marks) in lists {
            assert_eq!(held(app, marks, today).await, listed(&api, &format!("/api/v1{list}")).await, "{list}");
        }
        no_difference(app).await;
    })
    .await;
}

/// An elder of 86 with a disease under management since a day; gives the elder's key.
async fn patient(app: &TestApp, kinds: &[&str], registered: Date) -> String {
    let key = elder_with(app, json!({"name": "周凤英"})).await;
    let api = app.api(Role::Clinician).await;
    for kind in kinds {
        let body = json!({"kind": kind, "diagnosed": "2015", "diagnosed_by": "县人民医院", "registered": registered});
        api.post(&format!("/api/v1/chronic/{key}/diseases"), body).await.ok();
    }
    key
}

/// A visit at the clinic; gives what came of it.
async fn visited(app: &TestApp, key: &str, day: Date, change: Value) -> Value {
    let mut body = json!({"day": day, "mode": "clinic"});
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    app.api(Role::Clinician).await.post(&format!("/api/v1/chronic/{key}/visits"), body).await.ok().json()
}

async fn whole(app: &TestApp, key: &str) -> Value {
    app.api(Role::Official).await.get(&format!("/api/v1/chronic/{key}")).await.ok().json()
}

async fn held(app: &TestApp, marks: &'static [&'static str], day: Date) -> i64 {
    let at = Where::Counties(vec![COUNTY.to_string()]);
    app.app.db.read(move |tx| tally::amount(tx, &Count::new(PERSON, marks), &at, day)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_on_a_phone_says_at_once_how_it_stands_and_when_the_next_one_is() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-2)).await;
        let mut nurse = app.client(Role::Clinician).await;
        let form = nurse.get(&format!("/chronic/{key}/visit")).await.ok().text();
        assert!(form.contains("收缩压") && !form.contains("name=\"fasting\""), "glucose is not asked of others");
        let typed = [("mode", "clinic"), ("systolic", "149"), ("diastolic", "89")];
        let at_once = nurse.post(&format!("/chronic/{key}/visit/preview"), &typed).await.ok().text();
        assert!(at_once.contains("控制满意") && at_once.contains(&today.add_months(3).to_string()), "{at_once}");
        assert_eq!(app.count("select count(*) from chronic_visit").await, 0, "a preview keeps nothing");

        let fields = [("mode", "clinic"), ("systolic", "149"), ("diastolic", "89"), ("adherence", "regular")];
        let link = nurse.post(&format!("/chronic/{key}/visit"), &fields).await.leads();
        let page = nurse.get(&link).await.ok().text();
        assert!(page.contains("控制满意") && page.contains("149") && page.contains("目标低于 150/90"));
        let elder = nurse.get(&format!("/elders/{key}")).await.ok().text();
        assert!(elder.contains("慢病定期随访") && elder.contains("149/89 mmHg"));
        assert_eq!(app.count("select count(*) from decision where subject = 'chronic'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_implausible_number_comes_back_with_its_field_and_nothing_is_kept() {
    in_demo(async |app| {
        let key = patient(app, &["hypertension"], app.app.clock.today()).await;
        let mut nurse = app.client(Role::Clinician).await;
        nurse.get(&format!("/chronic/{key}/visit")).await.ok();
        let fields = [("mode", "clinic"), ("systolic", "1480"), ("diastolic", "80")];
        let page = nurse.post(&format!("/chronic/{key}/visit"), &fields).await.with_status(422).text();
        assert!(page.contains("应在 60 到 280") && page.contains("value=\"1480\""));
        let swapped = [("mode", "clinic"), ("systolic", "80"), ("diastolic", "148")];
        nurse.post(&format!("/chronic/{key}/visit"), &swapped).await.with_status(422);
        assert_eq!(app.count("select count(*) from chronic_visit").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_unsatisfactory_visits_in_a_row_lead_to_a_referral_that_stays_until_followed_up() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-1)).await;
        let first = visited(app, &key, today.add_days(-30), json!({"systolic": 160, "diastolic": 92})).await;
        assert_eq!((&first["step"], &first["next_day"]), (&json!("adjust"), &json!(today.add_days(-16))));
        let second = visited(app, &key, today.add_days(-20), json!({"systolic": 155, "diastolic": 88})).await;
        assert_eq!(second["step"], "refer");

        let mut lead = app.client(Role::Lead).await;
        let workbench = lead.get("/").await.ok().text();
        assert!(workbench.contains("转诊后两周未随访"));
        let list = lead.get("/chronic/referrals?state=late").await.ok().text();
        assert!(list.contains("周凤英") && list.contains("逾期 6 天"));

        // A satisfactory visit does not end the task; its result does.
        visited(app, &key, today.add_days(-5), json!({"systolic": 140, "diastolic": 80})).await;
        assert!(lead.get("/chronic/referrals?state=open").await.ok().text().contains("周凤英"));
        let referral = whole(app, &key).await["referrals"][0]["id"].as_str().unwrap().to_string();
        let close = format!("/chronic/{key}/referrals/{referral}/close");
        let mut nurse = app.client(Role::Clinician).await;
        nurse.get(&format!("/chronic/{key}")).await.ok();
        nurse.post(&close, &[("referral_result", "treated")]).await.leads();
        assert!(!lead.get("/chronic/referrals?state=open").await.ok().text().contains("周凤英"));
        nurse.post(&close, &[("referral_result", "treated")]).await.with_status(409);
        let due = app.count("select count(*) from elder_due where kind = 'chronic'").await;
        assert_eq!(due, 1, "the regular visit is due");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_diseases_share_one_visit_on_the_earliest_day() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension", "diabetes", "copd"], today.add_years(-1)).await;
        let said = visited(app, &key, today, json!({"systolic": 130, "diastolic": 80, "fasting": 7.8})).await;
        let judged = said["judged"].as_array().unwrap();
        assert_eq!(judged.len(), 2, "other diseases have no rule");
        assert_eq!((&judged[0]["class"], &judged[1]["class"]), (&json!("satisfactory"), &json!("unsatisfactory")));
        assert_eq!((&said["step"], &said["next_day"]), (&json!("adjust"), &json!(today.add_days(14))));

        let at_once = visited(app, &key, today, json!({"fasting": 3.9, "systolic": 130, "diastolic": 80})).await;
        assert_eq!(at_once["step"], "refer_at_once");
        let list = app.api(Role::Official).await.get("/api/v1/chronic?disease=both").await.ok().json();
        assert_eq!((&list["total"], &list["items"][0]["fasting"]), (&json!(1), &json!("3.9")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_taken_back_counts_no_more_and_stays_with_its_reason() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-1)).await;
        let team = team(app, "东街团队", &["990101001001"]).await;
        signed(&app.api(Role::Lead).await, app, &key, &team).await;
        let said = visited(app, &key, today, json!({"systolic": 190, "diastolic": 100})).await;
        let served = "select count(*) from contract_service where service = 'follow_up'";
        assert_eq!(app.count(served).await, 1, "what was promised by contract is kept by the visit");
        let id = said["id"].as_str().unwrap();
        let api = app.api(Role::Clinician).await;
        let void = format!("/api/v1/chronic/{key}/visits/{id}/void");
        api.post(&void, json!({"reason": ""})).await.with_status(422);
        api.post(&void, json!({"reason": "记在了别人名下"})).await.ok();
        api.post(&void, json!({"reason": "再来一次"})).await.with_status(409);
        let after = whole(app, &key).await;
        assert_eq!(after["referrals"], json!([]), "its open referral goes with it");
        assert_eq!(after["visits"][0]["void_reason"], "记在了别人名下");
        let row = app.count("select count(*) from chronic_care where due_why = 'first'").await;
        assert_eq!(row, 1, "the first visit is due again");
        assert_eq!(app.count("select count(*) from chronic_verdict").await, 0);
        assert_eq!(app.count(served).await, 0, "the contract has no visit any more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_visits_and_a_check_make_a_year_by_the_norm_and_the_last_visit_decides_control() {
    // The stay is moved into the past behind the application's back.
    assessment::in_demo(async |app| {
        let today = app.app.clock.today();
        let year = today.year() - 1;
        let day = |month: i8, day: i8| Date::new(year, month, day).unwrap();
        let key = patient(app, &["hypertension"], Date::new(year - 1, 6, 1).unwrap()).await;
        app.run("update tally_unit set from_day = '2020-01-01'").await;
        for (month, systolic) in [(1, 140), (4, 140), (7, 155), (10, 138)] {
            visited(app, &key, day(month, 10), json!({"systolic": systolic, "diastolic": 80})).await;
        }
        let managed: &[&str] = &["chronic.hypertension", "chronic.hypertension.managed"];
        let spans = "select count(*) from tally_span where mark = 'chronic.hypertension.managed'";
        assert_eq!(app.count(spans).await, 0, "no check yet");
        let api = app.api(Role::Clinician).await;
        api.post(&format!("/api/v1/chronic/{key}/checks"), json!({"day": day(11, 2), "place": "城关镇卫生院"})).await.ok();
        assert_eq!(app.count(spans).await, 1);
        let kept = |mark: &'static str, on: Date| {
            let db = app.app.db.clone();
            async move {
                let on = on.to_string();
                db.read(move |tx| {
                    tx.count(
                        "select count(*) from tally_span where mark = $1 and from_day <= $2 and (until_day is null or until_day > $2)",
                        &[&mark, &on],
                    )
                })
                .await
                .unwrap()
            }
        };
        assert_eq!(kept("chronic.hypertension.managed", day(11, 1)).await, 0, "the day before the check");
        assert_eq!(kept("chronic.hypertension.managed", day(11, 2)).await, 1);
        assert_eq!(kept("chronic.hypertension.managed", day(12, 31)).await, 1);
        assert_eq!(kept("chronic.hypertension.managed", day(12, 31).add_days(1)).await, 0, "a new year begins");
        assert_eq!(kept("chronic.hypertension.controlled", day(7, 10)).await, 0);
        assert_eq!(kept("chronic.hypertension.uncontrolled", day(7, 10)).await, 1);
        assert_eq!(kept("chronic.hypertension.controlled", day(10, 10)).await, 1);
        // On every day of management somebody is by the norm or short, controlled or not.
        let mut one = day(1, 1);
        while one < day(12, 31).add_days(40) {
            let norm = kept("chronic.hypertension.managed", one).await + kept("chronic.hypertension.short", one).await;
            let control =
                kept("chronic.hypertension.controlled", one).await + kept("chronic.hypertension.uncontrolled", one).await;
            assert_eq!((norm, control), (1, 1), "{one}");
            one = one.add_days(13);
        }
        assert_eq!(held(app, managed, today).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn medicines_are_carried_over_until_they_are_stopped() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-1)).await;
        let api = app.api(Role::Clinician).await;
        let medicines = format!("/api/v1/chronic/{key}/medicines");
        let body = json!({"name": "氨氯地平", "dose": "5 mg", "times": "daily1", "since": today.add_days(-90)});
        let id = api.post(&medicines, body.clone()).await.ok().json()["id"].as_str().unwrap().to_string();
        api.post(&medicines, body).await.with_status(409);
        let before = visited(app, &key, today.add_days(-30), json!({"systolic": 130, "diastolic": 80})).await;
        assert_eq!(before["medicines"], "氨氯地平 5 mg 每日一次");
        api.post(&format!("{medicines}/{id}/stop"), json!({"reason": "踝部水肿"})).await.ok();
        let after = visited(app, &key, today, json!({"systolic": 130, "diastolic": 80})).await;
        assert_eq!(after["medicines"], "");
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/chronic/{key}")).await.ok().text();
        assert!(page.contains("踝部水肿"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_ill_is_measured_by_the_rule_and_who_dies_is_due_no_more() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = elder_with(app, json!({"name": "钱大成", "sex": "male"})).await;
        let api = app.api(Role::Clinician).await;
        let never = api.get("/api/v1/chronic/pressure?work=never").await.ok().json();
        assert_eq!(never["items"][0]["cause"], "never");
        let measures = format!("/api/v1/chronic/{key}/measures");
        api.post(&measures, json!({})).await.with_status(422);
        let values = json!({"systolic": 142, "diastolic": 84, "fasting": 6.3, "day": today.add_days(-20)});
        api.post(&measures, values).await.ok();
        let again = api.get("/api/v1/chronic/pressure?work=again").await.ok().json();
        assert_eq!((&again["total"], &again["items"][0]["last_value"]), (&json!(1), &json!("142/84 mmHg")));
        assert_eq!(again["items"][0]["day"], json!(today.add_days(-6)));
        let glucose = api.get("/api/v1/chronic/glucose").await.ok().json();
        assert_eq!(glucose["items"][0]["cause"], "at_risk");

        let body = json!({"kind": "hypertension", "diagnosed": today, "diagnosed_by": "县人民医院"});
        api.post(&format!("/api/v1/chronic/{key}/diseases"), body).await.ok();
        assert_eq!(api.get("/api/v1/chronic/pressure?work=again").await.ok().json()["total"], 0, "now a patient");
        assert_eq!(api.get("/api/v1/chronic?work=first").await.ok().json()["total"], 1);

        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{key}/life")).await.ok();
        official.post(&format!("/elders/{key}/died"), &[("day", &*today.to_string())]).await.leads();
        app.settle().await;
        assert_eq!(app.count("select count(*) from chronic_care").await, 0);
        assert_eq!(app.count("select count(*) from chronic_screening").await, 0);
        assert_eq!(app.count("select count(*) from elder_due where kind = 'chronic'").await, 0);
        api.post(&format!("/api/v1/chronic/{key}/visits"), json!({"mode": "clinic"})).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_of_another_county_is_not_there() {
    in_demo(async |app| {
        let key = patient(app, &["hypertension"], app.app.clock.today()).await;
        let other = app.api_at(Role::Clinician, OTHER_COUNTY).await;
        other.get(&format!("/api/v1/chronic/{key}")).await.with_status(404);
        other.post(&format!("/api/v1/chronic/{key}/visits"), json!({"mode": "clinic"})).await.with_status(404);
        assert_eq!(other.get("/api/v1/chronic").await.ok().json()["total"], 0);
        let looks = "select count(*) from audit where detail = 'chronic'";
        assert_eq!(app.count(looks).await, 0);
        app.api(Role::Official).await.get(&format!("/api/v1/chronic/{key}")).await.ok();
        assert_eq!(app.count(looks).await, 1, "a look is noted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disease_is_registered_once_and_ends_with_a_reason() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-1)).await;
        let api = app.api(Role::Clinician).await;
        let diseases = format!("/api/v1/chronic/{key}/diseases");
        let again = json!({"kind": "hypertension", "diagnosed": "2016", "diagnosed_by": "县人民医院"});
        api.post(&diseases, again).await.with_status(409);
        let odd = json!({"kind": "diabetes", "icd": "一型", "diagnosed": "2016", "diagnosed_by": "县人民医院"});
        api.post(&diseases, odd).await.with_status(422);
        let future = json!({"kind": "diabetes", "diagnosed": today.add_days(1), "diagnosed_by": "县人民医院"});
        api.post(&diseases, future).await.with_status(422);
        let chronic = "select count(*) from elder_group where kind = 'chronic' and until_day is null";
        assert_eq!(app.count(chronic).await, 1, "in the group of the chronically ill");
        let id = whole(app, &key).await["diseases"][0]["id"].as_str().unwrap().to_string();
        api.post(&format!("{diseases}/{id}/end"), json!({"end_reason": "mistake"})).await.ok();
        assert_eq!(app.count(chronic).await, 0);
        assert_eq!(app.count("select count(*) from chronic_care").await, 0);
        let new = json!({"kind": "hypertension", "diagnosed": "2016", "diagnosed_by": "县人民医院"});
        api.post(&diseases, new).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yearly_check_finished_in_this_system_counts_for_the_norm() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-2)).await;
        let body = json!({"elder": key, "day": today});
        let now = app.app.clock.now();
        app.app
            .db
            .write(move |tx| kit::events::send(tx, COUNTY, app::healthcheck::FINISHED, &body, now))
            .await
            .unwrap();
        app.settle().await;
        assert_eq!(whole(app, &key).await["checks"][0]["day"], json!(today));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_taken_in_from_elsewhere_counts_for_the_norm_as_one_finished_here() {
    use app::healthcheck::{Past, take};
    use kit::{Ask, Scope, Who};

    in_demo(async |app| {
        let today = app.app.clock.today();
        let key = patient(app, &["hypertension"], today.add_years(-2)).await;
        let scope = Scope::of(&app.app.places.tree(), COUNTY);
        let ask = |days: i64| {
            Ask::of(
                &app.app,
                Who::system(scope.clone()),
                app.app.clock.now() - jiff::SignedDuration::from_hours(24 * days),
            )
        };
        for (days, finished) in [(400, true), (10, false)] {
            let (ask, scope, key) = (ask(days), scope.clone(), key.parse().unwrap());
            let taken = app.app.db.write(move |tx| {
                let elder = app::elders::find(tx, &scope, &key)?;
                take(tx, &ask, &elder, &Past { values: &Default::default(), doctor: "李医生", finished })
            });
            taken.await.unwrap();
        }
        app.settle().await;
        let checks = whole(app, &key).await["checks"].clone();
        assert_eq!(checks.as_array().unwrap().len(), 1, "what is half done does not count: {checks}");
        assert_eq!(checks[0]["day"], json!(today.add_days(-400)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_works_off_its_own_patients_and_takes_the_list_along() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let ours = patient(app, &["hypertension"], today.add_years(-1)).await;
        let other = elder_with(app, json!({"name": "郑二妹"})).await;
        let disease =
            json!({"kind": "hypertension", "diagnosed": "2015", "diagnosed_by": "县医院", "registered": today});
        let lead = app.api(Role::Lead).await;
        lead.post(&format!("/api/v1/chronic/{other}/diseases"), disease).await.ok();
        for (name, place, key) in [("东街_团队", "990101001001", &ours), ("西街团队", "990101001002", &other)] {
            let team = team(app, name, &[place]).await;
            signed(&lead, app, key, &team).await;
        }
        assessment::days_go_by(app, 0).await;
        let mut nurse = app.client(Role::Clinician).await;
        for (list, api) in [("/chronic", "/api/v1/chronic"), ("/healthcheck/due", "/api/v1/healthcheck/due")] {
            let all = lead.get(api).await.ok().json();
            assert_eq!(all["total"], 2, "{all}");
            let of = async |team: &str| lead.get(&format!("{api}?team={}", kit::form::encoded(team))).await.ok().json();
            let east = of("东街_").await;
            assert_eq!((&east["total"], &east["items"][0]["name"]), (&json!(1), &json!("周凤英")), "{list}");
            assert_eq!(of("街").await["total"], 2);
            assert_eq!(of("东_团队").await["total"], 0, "a sign that stands for any other means itself");
            let query = format!("{list}?team={}", kit::form::encoded("西街"));
            let page = nurse.get(&query).await.ok().text();
            assert!(page.contains("郑二妹") && !page.contains("周凤英"), "{list}");
            let book = nurse.get(&format!("{query}&format=xlsx")).await.ok();
            let book = kit::sheet::read(&book.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
            let cells: Vec<String> =
                book.sheets[0].rows.iter().flat_map(|it| &it.cells).map(|it| it.display()).collect();
            assert!(cells.iter().any(|it| it == "郑二妹") && !cells.iter().any(|it| it == "周凤英"), "{cells:?}");
        }
    })
    .await;
}
