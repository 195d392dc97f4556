//! What several programmes owe in one week, done in one visit.

use kit::who::Role;
use serde_json::{Value, json};

use super::{begun, drafted, hypertension, line, path, told};
use crate::{
    assessment::{elder, in_demo, text},
    client::Api,
    contracting::{signed, team},
    ltci_settle::{in_month, recipient},
    support::{COUNTY, ORGANISATION},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_several_programmes_owe_in_a_week_is_one_visit() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let team = team(app, "第一团队", &[crate::assessment::VILLAGE]).await;
        signed(&app.api(Role::Lead).await, app, &elder, &team).await;
        hypertension(app, &elder).await;
        let doctor = app.api(Role::Clinician).await;
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        let visit =
            json!({"kind": "service", "service": "doctor_visit", "times": 1, "every": "week", "reason": "血压不稳"});
        doctor.post(&format!("{}/lines", path(&plan)), visit).await.ok();
        let coming = doctor.get(&format!("{}/weeks", path(&plan))).await.ok().json();
        let dues = |visit: &Value| -> Vec<String> {
            visit["dues"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_string()).collect()
        };
        let first = coming["weeks"][0]["visits"].as_array().unwrap();
        let today = app.app.clock.today();
        let joined = first.iter().find(|it| dues(it).iter().any(|due| due.starts_with("chronic@"))).unwrap();
        assert_eq!(text(joined, "by"), "doctor", "{coming}");
        assert!(1 < dues(joined).len(), "the follow-up and the doctor's visit are one: {coming}");
        // The plan's own follow-up is the one of public health, and is not owed twice.
        assert!(coming["covered"].as_array().unwrap().iter().any(|it| it[1] == "chronic"), "{coming}");
        let ids: Vec<&str> = coming["owed"].as_array().unwrap().iter().map(|it| text(it, "id")).collect();
        let of_follow_up = line(&plan, "follow_up")["line"].to_string();
        assert!(ids.iter().all(|it| !it.starts_with(&format!("line:{of_follow_up}@"))), "{ids:?}");
        // A visit that nobody proposed is not planned; one that is goes out of what is proposed.
        let visits = format!("{}/visits", path(&plan));
        doctor.post(&visits, json!({"dues": "line:99@2020-01-01.1"})).await.with_status(422);
        let wanted = dues(joined).join(" ");
        doctor.post(&visits, json!({"dues": wanted, "day": today.add_days(60).to_string()})).await.with_status(422);
        doctor.post(&visits, json!({"dues": wanted})).await.ok();
        let after = doctor.get(&format!("{}/weeks", path(&plan))).await.ok().json();
        assert_eq!(after["weeks"][0]["planned"].as_array().unwrap().len(), dues(joined).len(), "{after}");
        doctor.post(&visits, json!({"dues": wanted})).await.with_status(422);
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/{}", text(&plan, "id"))).await.ok().text();
        assert!(page.contains("已安排") && page.contains("今后四周"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visit_did_counts_once_and_is_taken_back_with_it() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        let owed = async || -> Vec<String> {
            let coming = doctor.get(&format!("{}/weeks", path(&plan))).await.ok().json();
            coming["owed"].as_array().unwrap().iter().map(|it| text(it, "id").to_string()).collect()
        };
        let today = app.app.clock.today();
        let stem = format!("line:{}@{}", line(&plan, "companionship")["line"], today.first_of_month());
        let due = owed().await.into_iter().find(|it| it.starts_with(&stem)).unwrap();
        let id = text(&plan, "id").split_once('-').unwrap().1.to_string();
        let body = json!({
            "visit": format!("{COUNTY}-5"), "elder": elder, "day": today.to_string(), "carer": "王护士", "verdict": "verified",
            "purposes": [
                {"programme": "care_plan", "thing": format!("careplan:{id}/{due}"), "service": "companionship", "payer": "contract"},
                {"programme": "rounds", "thing": "rounds:17", "service": "x", "payer": ""},
            ],
            "tasks": [],
        });
        told(app, "visits.done", body.clone()).await;
        assert!(!owed().await.contains(&due), "it was done this month");
        told(app, "visits.done", body.clone()).await;
        assert_eq!(app.count("select count(*) from care_plan_given").await, 1, "told twice it counts once");
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/careplan/{}", text(&plan, "id"))).await.ok().text();
        assert!(page.contains("近三个月做过的") && page.contains("王护士"));
        told(app, "visits.undone", body).await;
        assert!(owed().await.contains(&due), "it is owed again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_long_term_care_insurance_plans_is_among_what_is_owed_until_it_ends() {
    in_month(async |app| {
        let (elder, doctor) = (recipient(app, 2, ORGANISATION.0).await, app.api(Role::Clinician).await);
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        let promised = async |api: &Api| api.get(&format!("{}/weeks", path(&plan))).await.ok().json();
        assert_eq!(promised(&doctor).await["promised_outside"], json!([]));
        let today = app.app.clock.today();
        let body =
            json!({"from": today.to_string(), "review": today.add_months(3).to_string(), "items": "S05 2 month 60"});
        app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/benefits/{elder}/plan"), body).await.ok();
        let coming = promised(&doctor).await;
        let first = &coming["promised_outside"][0];
        assert_eq!((text(first, "service"), &first["times"], text(first, "every")), ("S05", &json!(2), "month"));
        let owed = coming["owed"].as_array().unwrap().iter();
        assert!(owed.clone().any(|it| text(it, "id").starts_with("ltci:S05@")), "{coming}");
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{elder}/life")).await.ok();
        let today = today.to_string();
        official.post(&format!("/elders/{elder}/died"), &[("day", &*today), ("cause", "")]).await.leads();
        app.settle().await;
        assert_eq!(app.count("select count(*) from care_plan_outside").await, 0);
    })
    .await;
}
