//! A home bed's round, a follow-up and the contract's visit of one week: one visit, and what the phone tells of it is written once each.

use kit::who::Role;
use serde_json::{Value, json};

use super::{begun, drafted, hypertension, path};
use crate::{
    assessment::{SIGNATURE, VILLAGE, elder_with, in_demo, text},
    contracting::team,
    homebed::{doctor, opened, seen},
    support::COUNTY,
    visits::{Phone, at_home, found, near, shown, states},
};

fn dues(visit: &Value) -> Vec<String> {
    visit["dues"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_string()).collect()
}

/// The number behind a key.
fn number(key: &str) -> &str {
    key.rsplit('-').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_a_follow_up_and_a_contract_visit_are_one_visit_written_once_each() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"groups": ["disabled"]})).await;
        let team = team(app, "第一团队", &[VILLAGE]).await;
        let lead = app.api(Role::Lead).await;
        let from = app.app.clock.today();
        let signing = json!({"elder": elder, "team": number(&team), "packages": ["disabled"], "from": from, "signer": "self",
                             "signature": SIGNATURE});
        lead.post("/api/v1/contracting", signing).await.ok();
        hypertension(app, &elder).await;
        at_home(app, &elder).await;
        let doctor = doctor(app).await;
        let staff = app.api(Role::Official).await.get("/api/v1/workforce?q=王医生").await.ok().json();
        let staff = format!("{COUNTY}-{}", text(&staff["items"][0], "id"));
        // The first of four visits to the home in the year is owed by the ninetieth day; a week before that week a bed is opened.
        let monday = from.add_days(90).monday();
        app.app.clock.advance_days(i64::from(from.days_until(monday)) - 7);
        let bed = opened(&doctor, &elder).await;
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        app.app.clock.advance_days(7);
        let coming = doctor.get(&format!("{}/weeks", path(&plan))).await.ok().json();
        let visits = coming["weeks"].as_array().unwrap().iter().flat_map(|it| it["visits"].as_array().unwrap());
        let joined = visits.clone().find(|it| dues(it).iter().any(|due| due.starts_with("homebed:home_bed_round@")));
        let ids = dues(joined.unwrap());
        let has = |stem: &str| ids.iter().any(|it| it.starts_with(stem));
        assert!(has("chronic@") && has("contract:home_visit@"), "{ids:?} of {coming:#}");
        let today = app.app.clock.today().to_string();
        let body = json!({"dues": ids.join(" "), "day": today});
        doctor.post(&format!("{}/visits", path(&plan)), body).await.ok();
        assert_eq!(app.count("select count(*) from visit").await, 1);
        app.run(&format!("update visit set staff = {}", number(&staff))).await;
        let listed = lead.get("/api/v1/visits").await.ok().json();
        let visit = format!("{COUNTY}-{}", text(&listed["items"][0], "id"));
        // The doctor goes, with a phone.
        let mut phone = Phone::of(app, &staff).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        let services: Vec<String> =
            held["visits"][0]["tasks"].as_array().unwrap().iter().map(|it| text(it, "service").to_string()).collect();
        let values = |service: &str| match service {
            "home_bed_round" => json!({"findings": "平稳"}),
            "follow_up" => json!({"systolic": "132", "diastolic": "84", "adherence": "regular"}),
            _ => json!({}),
        };
        let mut events = vec![phone.event(app, -50, "begin", &visit, json!({"fix": near(), "why": "", "door": ""}))];
        for service in &services {
            let task = json!({"service": service, "done": true, "reason": "", "values": values(service), "note": ""});
            events.push(phone.event(app, -30, "task", &visit, task));
        }
        let signature = json!({"by": "family", "name": "张明", "lines": "M 1 1 L 2 2"});
        events.push(phone.event(app, -2, "signature", &visit, signature));
        events.push(phone.event(app, -1, "end", &visit, json!({"fix": null, "why": "timeout", "next": ""})));
        for _ in 0..2 {
            assert_eq!(states(&phone.send(app, &events).await).len(), events.len());
            app.settle().await;
        }
        let done = shown(app, &visit).await;
        assert_eq!((text(&done, "state"), found(&done, "place")), ("done", "passed"), "{done}");
        let rounds = app.count("select count(*) from homebed_record where kind = 'round' and void_reason = ''").await;
        let follow_ups = app.count("select count(*) from chronic_visit where voided is null").await;
        let given = app.count("select count(*) from contract_service where service = 'home_visit'").await;
        assert_eq!((rounds, follow_ups, given), (1, 1, 1), "{done}");
        let bed = seen(&doctor, &bed).await;
        assert_eq!((text(&bed, "last_round"), text(&bed["records"][1], "findings")), (&*today, "平稳"));
        // What was done is owed no more this week.
        let coming = doctor.get(&format!("{}/weeks", path(&plan))).await.ok().json();
        let owed = coming["owed"].as_array().unwrap().iter().map(|it| text(it, "id").to_string());
        let left: Vec<String> = owed.filter(|it| ids.contains(it)).collect();
        assert_eq!(left, [""; 0], "{coming:#}");
    })
    .await;
}
