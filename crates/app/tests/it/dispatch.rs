//! Dispatch: plans begin with what is assigned, the solver fills them, hands move them, phones and people hear of them.

use std::path::Path;

use app::{
    elders::Key,
    visits::{For, Wanted},
};
use kit::{config::Config, who::Role};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    assessment::{elder_with, in_demo, text},
    support::{COUNTY, ORGANISATION, TestApp, on_both_with},
    visits::nurse,
};

/// A colleague of some kind at the institution; gives the number.
async fn colleague(app: &TestApp, name: &str, kind: &str) -> String {
    let body = json!({"name": name, "kind": kind, "title": "middle", "organisation": ORGANISATION.to_string(),
                      "post": "employed", "from": "2015-01-01"});
    let key = text(&app.api(Role::Official).await.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
    key.rsplit('-').next().unwrap().to_string()
}

/// An elder whose home lies so many thousandths of a degree to the north.
async fn neighbour(app: &TestApp, name: &str, north: i64) -> String {
    living_at(app, name, &format!("29.{:03}", 500 + north), "106.5").await
}

async fn living_at(app: &TestApp, name: &str, latitude: &str, longitude: &str) -> String {
    let elder = elder_with(app, json!({"name": name})).await;
    let mut lead = app.client(Role::Lead).await;
    let path = format!("/visits/homes/{elder}");
    lead.get(&path).await.ok();
    lead.post(&path, &[("latitude", latitude), ("longitude", longitude)]).await.leads();
    elder
}

struct Call<'a> {
    elder: &'a str,
    programme: &'static str,
    service: &'static str,
    agreed: Option<(i64, i64)>,
    people: i64,
}

fn call(elder: &str) -> Call<'_> {
    Call { elder, programme: "contract", service: "follow_up", agreed: None, people: 1 }
}

fn tomorrow(app: &TestApp) -> Date {
    app.app.clock.today().add_days(1)
}

/// A visit of tomorrow to which nobody is sent yet.
async fn wanted(app: &TestApp, it: &Call<'_>) -> String {
    let (running, elder): (kit::App, Key) = (app.app.clone(), it.elder.parse().unwrap());
    let (programme, service, agreed, people, day) = (it.programme, it.service, it.agreed, it.people, tomorrow(app));
    app.app
        .db
        .write(move |tx| {
            let ask = kit::Ask::system(&running, COUNTY);
            let elder = app::elders::find(tx, &ask.who.scope, &elder)?;
            let thing = format!("test:{}", elder.key);
            let purpose = For { programme, thing: &thing, service, payer: "" };
            let wanted = Wanted {
                elder: &elder,
                day,
                from_minute: agreed.map(|it| it.0),
                until_minute: agreed.map(|it| it.1),
                minutes: 30,
                organisation: Some(ORGANISATION),
                staff: None,
                second: None,
                people,
                note: "",
                purpose,
            };
            app::visits::want(tx, &ask, &wanted)
        })
        .await
        .unwrap()
        .to_string()
}

/// A plan of tomorrow for the institution.
async fn plan(app: &TestApp) -> String {
    let body = json!({"organisation": ORGANISATION.to_string(), "day": tomorrow(app), "days": "1", "flexible": 0});
    text(&app.api(Role::Lead).await.post("/api/v1/dispatch", body).await.ok().json(), "plan").to_string()
}

async fn shown(app: &TestApp, plan: &str) -> Value {
    app.api(Role::Lead).await.get(&format!("/api/v1/dispatch/{plan}")).await.ok().json()
}

async fn solved(app: &TestApp, plan: &str) -> Value {
    let api = app.api(Role::Lead).await;
    api.post(&format!("/api/v1/dispatch/{plan}/solve"), json!({"seconds": 1})).await.ok();
    app.settle().await;
    shown(app, plan).await
}

fn left(plan: &Value) -> usize {
    plan["left"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_begins_with_what_is_assigned_is_solved_and_published_to_those_concerned() {
    in_demo(async |app| {
        let (_, staff) = nurse(app).await;
        colleague(app, "赵敏", "nurse").await;
        let mut visits = Vec::new();
        for (nth, name) in ["张一", "张二", "张三", "张四"].iter().enumerate() {
            let elder = neighbour(app, name, nth as i64 * 5).await;
            visits.push(wanted(app, &call(&elder)).await);
        }
        let key = plan(app).await;
        let before = shown(app, &key).await;
        assert_eq!((left(&before), &before["figures"]["visits"]), (4, &json!(0)));
        let after = solved(app, &key).await;
        assert_eq!(
            (left(&after), &after["figures"]["visits"], &after["faults"]),
            (0, &json!(4), &json!([])),
            "{after}"
        );
        assert_eq!(after["progress"]["state"], "done");
        assert_eq!(app.count("select count(*) from visit where at_minute is not null").await, 0, "nothing is told yet");
        let api = app.api(Role::Lead).await;
        let done = api.post(&format!("/api/v1/dispatch/{key}/publish"), json!({})).await.ok().json();
        assert_eq!(done["changed"], 4);
        assert_eq!(app.count("select count(*) from visit where at_minute is not null and staff is not null").await, 4);
        // Published again, nothing changes and nobody hears of it.
        let again = api.post(&format!("/api/v1/dispatch/{key}/publish"), json!({})).await.ok().json();
        assert_eq!((&again["changed"], &again["told"]), (&json!(0), &json!(0)));
        let told =
            app.count("select count(*) from message where channel = 'inbox' and unique_key like '%dispatch %'").await;
        let ours = app.run(&format!("update visit set note = note where staff = {staff}")).await;
        assert_eq!(told, i64::from(0 < ours), "one message for whoever has an account and a visit");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_nobody_may_make_is_left_out_with_its_reason() {
    in_demo(async |app| {
        nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        wanted(app, &Call { programme: "home_bed", service: "home_bed_round", ..call(&elder) }).await;
        let other = neighbour(app, "张二", 5).await;
        wanted(app, &call(&other)).await;
        let key = plan(app).await;
        let after = solved(app, &key).await;
        assert_eq!(left(&after), 1);
        let why = after["left"][0]["reasons"][0]["why"].as_str().unwrap().to_string();
        assert!(why.contains("Nobody that day can do") || why.contains("当天没有人能做"), "{why}");
        colleague(app, "李医生", "gp").await;
        assert_eq!(left(&solved(app, &key).await), 0, "with a doctor it is possible");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_persons_come_at_the_same_time_and_both_are_published() {
    in_demo(async |app| {
        nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        let visit = wanted(app, &Call { people: 2, ..call(&elder) }).await;
        let key = plan(app).await;
        let alone = solved(app, &key).await;
        assert_eq!(left(&alone), 1);
        colleague(app, "赵敏", "nurse").await;
        let both = solved(app, &key).await;
        assert_eq!(left(&both), 0, "{both}");
        let starts: Vec<&Value> = both["tours"].as_array().unwrap().iter().map(|it| &it["stops"][0]["start"]).collect();
        assert_eq!((starts.len(), starts[0]), (2, starts[1]));
        app.api(Role::Lead).await.post(&format!("/api/v1/dispatch/{key}/publish"), json!({})).await.ok();
        let told = app.api(Role::Lead).await.get(&format!("/api/v1/visits/{visit}")).await.ok().json();
        assert_ne!(told["staff"], told["second"], "{told}");
        assert_eq!(app.count("select count(*) from visit where second is not null and staff <> second").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_moved_by_hand_says_what_it_breaks_stays_where_it_was_put_and_can_be_undone() {
    in_demo(async |app| {
        let (_, first) = nurse(app).await;
        let second = colleague(app, "赵敏", "nurse").await;
        let elder = neighbour(app, "张一", 0).await;
        let visit = wanted(app, &Call { agreed: Some((9 * 60, 10 * 60)), ..call(&elder) }).await;
        let id = visit.rsplit('-').next().unwrap().to_string();
        // Next door, so that one nurse alone has the shorter way.
        let beside = neighbour(app, "张二", 1).await;
        wanted(app, &call(&beside)).await;
        let key = plan(app).await;
        let after = solved(app, &key).await;
        assert_eq!(after["tours"].as_array().unwrap().len(), 1, "{after}");
        let has =
            after["tours"][0]["staff"][0].as_str().map_or(after["tours"][0]["staff"][0].to_string(), str::to_string);
        let to = if has.contains(&first) { &second } else { &first };
        let mut lead = app.client(Role::Lead).await;
        let page = format!("/dispatch/{key}");
        lead.get(&page).await.ok();
        let lane = format!("{to}-0");
        let fields = [("visit", &*id), ("part", "0"), ("staff", &*lane), ("before", "")];
        let told = lead.post(&format!("{page}/try"), &fields).await.ok().json();
        assert_eq!((&told["fine"], &told["faults"]), (&json!(true), &json!([])), "{told}");
        assert_eq!(shown(app, &key).await["tours"], after["tours"], "trying changes nothing");
        lead.post(&format!("{page}/move"), &fields).await.ok();
        let moved = shown(app, &key).await;
        let of_visit = |plan: &Value| {
            let has = |tour: &&Value| tour["stops"].as_array().unwrap().iter().any(|it| it["visit"] == *visit);
            plan["tours"].as_array().unwrap().iter().find(has).unwrap()["staff"].clone()
        };
        assert_ne!(of_visit(&moved), after["tours"][0]["staff"]);
        // The solver leaves what was put by hand.
        assert_eq!(of_visit(&solved(app, &key).await), of_visit(&moved));
        lead.post(&format!("{page}/undo"), &[]).await.leads();
        lead.post(&format!("{page}/undo"), &[]).await.leads();
        assert_eq!(shown(app, &key).await["tours"], after["tours"]);
        // Out of the plan, and no further than what there is to undo.
        lead.post(&format!("{page}/move"), &[("visit", &*id), ("part", "0"), ("staff", ""), ("before", "")]).await.ok();
        assert_eq!(left(&shown(app, &key).await), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_after_publication_tells_those_whom_it_changes_and_costs() {
    in_demo(async |app| {
        let (_, staff) = nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        wanted(app, &call(&elder)).await;
        let key = plan(app).await;
        solved(app, &key).await;
        let api = app.api(Role::Lead).await;
        api.post(&format!("/api/v1/dispatch/{key}/publish"), json!({})).await.ok();
        let told = "select count(*) from message where channel = 'inbox' and unique_key like '%dispatch %'";
        assert_eq!(app.count(told).await, 1);
        let other = colleague(app, "赵敏", "nurse").await;
        let second = plan(app).await;
        let again = solved(app, &second).await;
        let has = again["tours"][0]["staff"][0].to_string();
        assert!(has.contains(&staff), "what was told stays where nothing speaks against it");
        let mut lead = app.client(Role::Lead).await;
        let page = format!("/dispatch/{second}");
        lead.get(&page).await.ok();
        let visit = again["tours"][0]["stops"][0]["visit"].as_str().unwrap().rsplit('-').next().unwrap().to_string();
        let lane = format!("{other}-0");
        lead.post(&format!("{page}/move"), &[("visit", &*visit), ("part", "0"), ("staff", &*lane), ("before", "")])
            .await
            .ok();
        assert_eq!(shown(app, &second).await["figures"]["changed"], 1);
        api.post(&format!("/api/v1/dispatch/{second}/publish"), json!({})).await.ok();
        assert_eq!(app.count(told).await, 2, "the one who had it hears that it is gone");
        assert_eq!(app.count(&*format!("select count(*) from visit where staff = {other}").leak()).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_if_is_tried_beside_the_plan_and_never_published() {
    in_demo(async |app| {
        let (_, staff) = nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        wanted(app, &Call { people: 2, ..call(&elder) }).await;
        let key = plan(app).await;
        assert_eq!(left(&solved(app, &key).await), 1);
        let mut lead = app.client(Role::Lead).await;
        let page = format!("/dispatch/{key}/what-if");
        lead.get(&page).await.ok();
        let made = lead.post(&page, &[("more", &*staff), ("away", ""), ("pause", ""), ("hours", "")]).await.leads();
        app.settle().await;
        let beside = made.rsplit('/').next().unwrap().to_string();
        let tried = shown(app, &beside).await;
        assert_eq!(left(&tried), 0, "with one more like her it is possible");
        assert_eq!(left(&shown(app, &key).await), 1, "the plan itself is as it was");
        let refused = app.api(Role::Lead).await.post(&format!("/api/v1/dispatch/{beside}/publish"), json!({})).await;
        assert_eq!(refused.with_status(409).json()["code"], "plan_thought_of");
        let nothing = lead.post(&page, &[("more", ""), ("away", ""), ("pause", ""), ("hours", "")]).await;
        nothing.with_status(422);
        let wrong = lead.post(&page, &[("more", ""), ("away", ""), ("pause", "noon"), ("hours", "")]).await;
        assert!(wrong.with_status(422).text().contains("noon"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_hears_the_best_times_and_books_one_that_is_free_once() {
    in_demo(async |app| {
        nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        let day = tomorrow(app).to_string();
        let organisation = ORGANISATION.to_string();
        let query = format!(
            "/api/v1/dispatch/slots?elder={elder}&organisation={organisation}&service=follow_up&day={day}&days=2&minutes=30&people=1"
        );
        let api = app.api(Role::Lead).await;
        let slots = api.get(&query).await.ok().json();
        let all = slots["slots"].as_array().unwrap().clone();
        assert!(!all.is_empty() && all.len() <= 5, "{slots}");
        let cost = |it: &Value| it["cost_minutes"].as_i64().unwrap();
        assert!(all.windows(2).all(|it| cost(&it[0]) <= cost(&it[1])), "the best first");
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&query.replace("/api/v1", "")).await.ok().text();
        let value = |name: &str| {
            let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap();
            page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_string()
        };
        let (tour, at) = (value("tour"), value("at"));
        let fields = [
            ("elder", &*elder), ("organisation", &*organisation), ("service", "follow_up"), ("day", &*day), ("days", "2"),
            ("minutes", "30"), ("people", "1"), ("from", ""), ("until", ""), ("tour", &*tour), ("at", &*at),
        ];
        lead.post("/dispatch/slots", &fields).await.leads();
        let booked = "select count(*) from visit where at_minute is not null and staff is not null and state = 'planned'";
        assert_eq!(app.count(booked).await, 1);
        let other = neighbour(app, "张二", 90).await;
        let mut again = fields;
        again[0].1 = &other;
        lead.post("/dispatch/slots", &again).await.with_status(409);
        assert_eq!(app.count(booked).await, 1, "the time is taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_plan_that_is_not_theirs_and_who_does_not_visit_is_not_planned() {
    in_demo(async |app| {
        let (key, _) = nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        wanted(app, &call(&elder)).await;
        let plan = plan(app).await;
        let path = format!("/api/v1/dispatch/{plan}");
        app.api_at(Role::Lead, "990102").await.get(&path).await.with_status(404);
        app.api(Role::Carer).await.get(&path).await.with_status(403);
        app.api(Role::Clinician).await.post(&format!("{path}/publish"), json!({})).await.with_status(403);
        let mut lead = app.client(Role::Lead).await;
        let own = format!("/dispatch/staff/{key}");
        lead.get(&own).await.ok();
        lead.post(&own, &[("travel", "walk"), ("overtime", "0"), ("longest", "")]).await.leads();
        let none = shown(app, &plan).await;
        assert_eq!((left(&none), none["tours"].as_array().unwrap().len()), (1, 0));
        let solve = format!("{path}/solve");
        let refused = app.api(Role::Lead).await.post(&solve, json!({"seconds": 1})).await.with_status(409).json();
        assert_eq!(refused["code"], "nothing_to_solve");
        lead.post(&own, &[("visits", "true"), ("travel", "walk"), ("overtime", "0"), ("longest", "")]).await.leads();
        let again = solved(app, &plan).await;
        assert_eq!(left(&again), 0, "{again}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_off_and_a_visit_called_off_fall_out_of_the_plan_by_themselves() {
    in_demo(async |app| {
        let (key, _) = nurse(app).await;
        let elder = neighbour(app, "张一", 0).await;
        let visit = wanted(app, &call(&elder)).await;
        let plan = plan(app).await;
        assert_eq!(left(&solved(app, &plan).await), 0);
        let day = tomorrow(app);
        let body = json!({"kind": "sick", "from": day, "until": day});
        app.api(Role::Official).await.post(&format!("/api/v1/workforce/{key}/absences"), body).await.ok();
        let ill = shown(app, &plan).await;
        assert_eq!((left(&ill), ill["tours"].as_array().unwrap().len()), (1, 0));
        app.api(Role::Lead)
            .await
            .post(&format!("/api/v1/visits/{visit}/cancel"), json!({"reason": "不需要了"}))
            .await
            .ok();
        assert_eq!(left(&shown(app, &plan).await), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_draws_routes_along_the_roads_of_the_operators_map() {
    let above = |up: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(up).join("shared/bench/osm/Helsinki.osm.pbf");
    let Some(roads) = ["../../..", "../../../.."].map(above).into_iter().find(|it| it.exists()) else {
        return eprintln!("skipped: there is no map of roads in ../shared");
    };
    let change = |config: &mut Config| (config.demo, config.roads) = (true, roads.clone());
    on_both_with(app::MODULES, change, async |app| {
        nurse(app).await;
        let homes = [("张一", "60.1660", "24.9380"), ("张二", "60.1705", "24.9440"), ("张三", "60.1760", "24.9510")];
        for (name, latitude, longitude) in homes {
            let elder = living_at(app, name, latitude, longitude).await;
            wanted(app, &call(&elder)).await;
        }
        let key = plan(app).await;
        assert_eq!(left(&solved(app, &key).await), 0);
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get(&format!("/dispatch/{key}")).await.ok().text();
        assert!(page.contains(&format!("data-ways=\"/dispatch/{key}/ways?day=0\"")));
        let ways: Vec<Vec<[f64; 2]>> =
            serde_json::from_str(&lead.get(&format!("/dispatch/{key}/ways?day=0")).await.ok().text()).unwrap();
        assert_eq!(ways.len(), 1);
        assert!(20 < ways[0].len(), "along streets, not straight: {ways:?}");
        let passes = |latitude: f64, longitude: f64| {
            ways[0].iter().any(|it| (it[0] - latitude).abs() < 1e-6 && (it[1] - longitude).abs() < 1e-6)
        };
        assert!(passes(60.166, 24.938) && passes(60.1705, 24.944) && passes(60.176, 24.951));
    })
    .await;
}
