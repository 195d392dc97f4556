//! The course as programs walk it.

use kit::who::Role;
use serde_json::{Value, json};

use super::{SIGNATURE, answers, elder, in_demo, text};
use crate::support::{COUNTY, OTHER_COUNTY};

#[tokio::test(flavor = "multi_thread")]
async fn a_program_applies_answers_finishes_and_scores() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let nurse = app.api(Role::Clinician).await;
        let made = nurse.post("/api/v1/assessments", json!({"elder": elder, "kind": "phq9"})).await.ok().json();
        let key = text(&made, "id").to_string();
        let path = format!("/api/v1/assessments/{key}");
        let phq9 = app.app.policy.instrument("phq9").unwrap();
        let first = &phq9.items[0].id;
        nurse.post(&format!("{path}/answers"), json!({"answers": {first: 9}})).await.with_status(422);
        nurse.post(&format!("{path}/answers"), json!({"answers": {"no such": 1}})).await.with_status(422);
        nurse.post(&format!("{path}/answers"), json!([1])).await.with_status(422);
        let kept = nurse.post(&format!("{path}/answers"), json!({"answers": {first: 3}})).await.ok().json();
        assert_eq!((&kept["answered"], &kept["items"]), (&json!(1), &json!(phq9.items.len())));
        nurse.get(&format!("{path}/preview")).await.with_status(422);
        nurse.post(&format!("{path}/finish"), json!({})).await.with_status(422);
        let all: serde_json::Map<String, Value> =
            answers(phq9, true, &[]).into_iter().map(|(item, score)| (item, json!(score))).collect();
        nurse.post(&format!("{path}/answers"), json!({"answers": all})).await.ok();
        assert_eq!(nurse.get(&format!("{path}/preview")).await.ok().json()["totals"]["total"], json!(0));
        let done = nurse.post(&format!("{path}/finish"), json!({})).await.ok().json();
        assert_eq!(text(&done, "state"), "effective");

        let body = json!({"instrument": "PHQ9", "answers": all});
        let scored = nurse.post("/api/v1/assessments/score", body).await.ok().json();
        assert_eq!((text(&scored, "instrument"), &scored["totals"]["total"]), ("phq9", &json!(0)));
        nurse.post("/api/v1/assessments/score", json!({"instrument": "phq9", "answers": {}})).await.with_status(422);
        nurse.post("/api/v1/assessments/score", json!({"instrument": "none"})).await.with_status(422);

        let list = nurse.get("/api/v1/assessments?instrument=phq9").await.ok().json();
        assert_eq!((&list["total"], text(&list["items"][0], "state")), (&json!(1), "effective"));
        assert_eq!(nurse.get("/api/v1/assessments?instrument=barthel").await.ok().json()["total"], json!(0));
        let description = nurse.get("/api/openapi.json").await.ok().json();
        assert!(description["paths"]["/api/v1/assessments/{key}/answers"]["post"].is_object());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_walk_the_whole_course_each_with_the_permissions_of_its_role() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (nurse, clerk) = (app.api(Role::Clinician).await, app.api(Role::Clerk).await);
        let made = nurse.post("/api/v1/assessments", json!({"elder": elder, "kind": "ability"})).await.ok().json();
        let path = format!("/api/v1/assessments/{}", text(&made, "id"));
        nurse.post(&format!("{path}/submit"), json!({})).await.ok();
        nurse.post(&format!("{path}/accept"), json!({})).await.with_status(403);
        clerk.post(&format!("{path}/reject"), json!({"rejection": "no such"})).await.with_status(422);
        assert_eq!(text(&clerk.post(&format!("{path}/accept"), json!({})).await.ok().json(), "state"), "awaiting_dispatch");
        let mut programs = Vec::new();
        for login in ["assessor.a", "assessor.b"] {
            let account = app.account(login, Role::Assessor, COUNTY).await;
            programs.push((account.to_string(), app.token(account, &[]).await));
        }
        let mut plan = json!({"assessor_1": programs[0].0, "assessor_2": programs[0].0, "planned_day": app.app.clock.today().to_string()});
        let refused = clerk.post(&format!("{path}/assign"), plan.clone()).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "same_assessor");
        assert!(text(&refused, "source").contains("GB/T 42195-2022"));
        plan["assessor_2"] = json!(programs[1].0);
        clerk.post(&format!("{path}/assign"), plan).await.ok();
        let gbt = app.app.policy.instrument("gbt-42195-2022").unwrap();
        let all: serde_json::Map<String, Value> =
            answers(gbt, false, &[]).into_iter().map(|(item, score)| (item, json!(score))).collect();
        let body = json!({"answers": all, "facts": {"coma": true}});
        programs[0].1.post(&format!("{path}/answers"), body).await.ok();
        programs[0].1.post(&format!("{path}/sign"), json!({"signature": "no picture"})).await.with_status(422);
        for (_, program) in &programs {
            program.post(&format!("{path}/sign"), json!({"signature": SIGNATURE, "informant": "女儿"})).await.ok();
        }
        let done = clerk.post(&format!("{path}/approve"), json!({"words": "属实"})).await.ok().json();
        assert_eq!((text(&done, "state"), text(&done, "level")), ("effective", "4"), "a coma is level 4 at once");
        let refused = clerk.post(&format!("{path}/end"), json!({"why": "不再需要"})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "in_force");
        let objected = nurse.post(&format!("{path}/object"), json!({"who": "女儿", "why": "已清醒"})).await.ok().json();
        assert_eq!(text(&objected, "state"), "objected");
        let stands = clerk.post(&format!("{path}/dismiss"), json!({"why": "须重新申请"})).await.ok().json();
        assert_eq!(text(&stands, "state"), "effective");
        let far = app.api_at(Role::Clerk, OTHER_COUNTY).await;
        far.post(&format!("{path}/send-back"), json!({"why": "x"})).await.with_status(404);
    })
    .await;
}
