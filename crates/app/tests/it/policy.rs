//! The policy library's pages, its API, and decisions that keep their reasons.

use app::policy::{About, Now, changed, changes, decide, decision};
use kit::{Ask, Id, Lang, Scope, Who, form::encoded, who::Role};
use rules::policy::Library;
use serde_json::json;

use crate::support::{CITY, COUNTY, OTHER_COUNTY, TestApp, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn every_role_but_families_reads_the_policy_in_both_languages() {
    on_both(async |app| {
        for role in Role::ALL {
            let mut client = app.client(role).await;
            let status = client.get("/policy").await.status;
            assert_eq!(status, if role == Role::Family { 403 } else { 200 }, "{role:?}");
        }
        let mut nurse = app.client(Role::Clinician).await;
        for path in
            ["/policy", "/policy/documents", "/policy/instruments", "/policy/instruments/ltc-2021", "/policy/cases"]
        {
            let zh = nurse.get(&format!("{path}?lang=zh")).await.ok().text();
            let en = nurse.get(&format!("{path}?lang=en")).await.ok().text();
            assert!(zh.contains("政策库") && en.contains("Policy library"), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_shown_with_its_document_and_is_absent_the_day_before() {
    on_both(async |app| {
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get("/policy?region=500103&on=2025-06-01&topic=ltci").await.ok().text();
        assert!(page.contains("渝卫答复函〔2025〕77号") && page.contains("最低失能等级"), "{page}");
        let before = clerk.get("/policy?region=500103&on=2000-01-01&topic=ltci").await.ok().text();
        assert!(before.contains("本地当日没有在行政策") && !before.contains("渝卫答复函〔2025〕77号"), "{before}");
        let wrong = clerk.get("/policy?region=abc").await;
        assert_eq!(wrong.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_shows_its_history_its_cases_and_the_rules_that_read_it() {
    on_both(async |app| {
        let mut clerk = app.client(Role::Clerk).await;
        let path = format!("/policy/ltci/{}?region=500103&on=2025-06-01", encoded("最低失能等级"));
        let page = clerk.get(&path).await.ok().text();
        for part in ["2025-04-27", "长护险资格", "通过", "1 级（轻度失能）不在待遇范围内"] {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(clerk.get(&format!("/policy/ltci/{}", encoded("没有"))).await.status, 404);
        assert_eq!(clerk.get("/policy/nothing/at-all").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lists_what_rests_on_it() {
    on_both(async |app| {
        let mut auditor = app.client(Role::Auditor).await;
        let page = auditor.get("/policy/documents/cq-reply-2025").await.ok().text();
        assert!(page.contains("最低失能等级") && page.contains("已读原文"), "{page}");
        let found = auditor.get(&format!("/policy/documents?q={}", encoded("渝卫"))).await.ok().text();
        assert!(found.contains("cq-reply-2025") && !found.contains("xa-plan-2024"));
        let standard = auditor.get("/policy/documents/nhsa-2021-37").await.ok().text();
        assert!(standard.contains("/policy/instruments/ltc-2021"), "{standard}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_holds_and_every_instrument_has_a_page() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        let page = official.get("/policy/cases").await.ok().text();
        assert!(page.contains("badge-ok") && !page.contains("badge-bad"), "a case fails");
        for it in app.app.policy.instruments() {
            let page = official.get(&format!("/policy/instruments/{}", it.id)).await.ok().text();
            assert!(page.contains(it.digest()) && page.contains(&it.items[0].id), "{}", it.id);
        }
        let matrix = official.get("/policy/instruments/ltc-2021").await.ok().text();
        assert!(matrix.contains("table class=\"matrix\"") && matrix.contains("待核"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_in_force_go_to_excel() {
    on_both(async |app| {
        let mut clerk = app.client(Role::Clerk).await;
        let answer = clerk.get("/policy?region=500103&on=2025-06-01&format=xlsx").await.ok();
        assert!(answer.body.starts_with(b"PK"));
        assert_eq!(app.count("select count(*) from audit where action = 'export' and subject = 'policy'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_values_and_score_instruments() {
    on_both(async |app| {
        let api = app.api(Role::Clerk).await;
        let values = api.get("/api/v1/policy?region=500103&on=2025-06-01").await.ok().json();
        let items = values["items"].as_array().unwrap();
        let grade = items.iter().find(|it| it["param"] == "最低失能等级").unwrap();
        assert_eq!((&grade["value"]["value"], &grade["document"]["id"]), (&json!(2), &json!("cq-reply-2025")));
        let none = items.iter().find(|it| it["no_policy"].is_object()).unwrap();
        assert!(none["value"].is_null() && none["no_policy"]["said"].as_str().unwrap().contains("没有在行政策"));
        let param =
            api.get(&format!("/api/v1/policy/ltci/{}?region=500103&on=2025-06-01", encoded("最低失能等级"))).await;
        let param = param.ok().json();
        assert!(param["cases"].as_array().unwrap().iter().all(|it| it["passed"] == true));
        assert_eq!(param["rules"], json!(["长护险资格"]));
        assert_eq!(api.get("/api/v1/instruments").await.ok().json()["total"], app.app.policy.instruments().len());
        let ad8 = api.get("/api/v1/instruments/ad8").await.ok().json();
        let answers: serde_json::Map<String, serde_json::Value> =
            ad8["items"].as_array().unwrap().iter().map(|it| (it["id"].as_str().unwrap().into(), json!(1))).collect();
        let scored = api.post("/api/v1/instruments/AD8/score", json!({"answers": answers})).await.ok().json();
        assert_eq!(scored["instrument"], "ad8");
        let missing = api.post("/api/v1/instruments/ad8/score", json!({"answers": {}})).await.with_status(422).json();
        assert_eq!(missing["errors"].as_array().unwrap().len(), answers.len());
        api.post("/api/v1/instruments/ad8/score", json!({"answer": {}})).await.with_status(422);
        api.get("/api/v1/instruments/none").await.with_status(404);
    })
    .await;
}

fn clerk_of(app: &TestApp, place: &str) -> Ask {
    let scope = Scope::of(&app.app.places.tree(), place);
    Ask::of(&app.app, Who::system(scope), app.app.clock.now())
}

/// Keeps one decision of the test county by the policy of `region`, which has a lowest grade of 2.
async fn keep(app: &TestApp, library: Library, region: &'static str) -> Id {
    let ask = clerk_of(app, COUNTY);
    ask.write(move |tx, ask| {
        let policy = library.at(region.parse().unwrap(), "2025-06-01".parse().unwrap());
        let grade = *policy.read(|it| &it.ltci.lowest_grade).unwrap();
        let about = About {
            region: COUNTY,
            place: "990101001",
            organisation: None,
            person: Some(Id(7)),
            subject: "elders",
            subject_id: Id(7),
            link: "/elders/990101-7",
            topic: "ltci",
        };
        decide(tx, ask, &about, &policy.decided(json!({"最低等级": grade})))
    })
    .await
    .unwrap()
}

/// The policy this server works by, with another lowest grade in Chongqing.
fn another(grade: u8) -> Library {
    let mut files = app::policy_files::built_in();
    let file = files.iter_mut().find(|it| it.0 == "500000-chongqing/ltci.yaml").unwrap();
    let changed = file.1.replacen("值: 2 ", &format!("值: {grade} "), 1);
    let changed = if changed == file.1 { file.1.replacen("值: 2\n", &format!("值: {grade}\n"), 1) } else { changed };
    assert_ne!(changed, file.1, "the file no longer says 2");
    file.1 = changed;
    Library::from_files(files).unwrap().without_examples()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_keeps_its_reasons_for_those_who_may_see_it() {
    on_both(async |app| {
        let id = keep(app, Library::clone(&app.app.policy), "500103").await;
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/policy/decisions/{COUNTY}-{id}")).await.ok().text();
        for part in ["最低失能等级", "渝卫答复函〔2025〕77号", "按现行政策库作出", "/elders/990101-7"]
        {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(app.count("select count(*) from audit where action = 'look' and subject = 'decision'").await, 1);
        assert!(clerk.get("/policy/decisions").await.ok().text().contains(&format!("{COUNTY}-{id}")));
        let mut neighbour = app.client_at(Role::Clerk, OTHER_COUNTY).await;
        assert_eq!(neighbour.get(&format!("/policy/decisions/{COUNTY}-{id}")).await.status, 404);
        assert!(!neighbour.get("/policy/decisions").await.ok().text().contains(&id.to_string()));
        let mut street = app.client_at(Role::Official, "990101002").await;
        assert_eq!(street.get(&format!("/policy/decisions/{COUNTY}-{id}")).await.status, 404);
        assert_eq!(app.client(Role::Carer).await.get(&format!("/policy/decisions/{COUNTY}-{id}")).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_document_gives_the_decisions_to_take_anew() {
    on_both(async |app| {
        let same = keep(app, Library::clone(&app.app.policy), "500103").await;
        let other = keep(app, another(3), "500103").await;
        let scope = clerk_of(app, CITY).who.scope.clone();
        let library = app.app.policy.clone();
        let (kept, found) = clerk_of(app, CITY)
            .read(move |tx, ask| {
                let library = &ask.app.policy;
                Ok((decision(tx, &scope, COUNTY, other)?, changed(tx, &scope, |_| library, library.digest(), 10)?))
            })
            .await
            .unwrap();
        let differing = changes(&library, &kept);
        assert_eq!((differing.len(), &*differing[0].param, &differing[0].was), (1, "最低失能等级", &json!(3)));
        assert!(matches!(&differing[0].now, Now::Value(it) if it.value == json!(2)));
        assert_eq!((found.compared, found.total), (1, 1));
        assert_eq!(found.decisions[0].0.key.id, other);
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get("/policy/decisions/changed").await.ok().text();
        assert!(page.contains(&other.to_string()) && !page.contains(&same.to_string()));
        let page = clerk.get(&format!("/policy/decisions/{COUNTY}-{other}")).await.ok().text();
        assert!(page.contains("应当重新办理"), "{page}");
        let mut neighbour = app.client_at(Role::Clerk, OTHER_COUNTY).await;
        assert!(!neighbour.get("/policy/decisions/changed").await.ok().text().contains(&other.to_string()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_parameter_has_an_english_name_and_is_found_by_search() {
    on_both(async |app| {
        let topics = app.app.policy.topics();
        let params = topics.iter().flat_map(|it| &it.params);
        let without: Vec<&str> = params.copied().filter(|it| Lang::En.t(it) == *it).collect();
        assert!(without.is_empty(), "{without:?}");
        let mut clerk = app.client(Role::Clerk).await;
        let found = clerk.get(&format!("/search?q={}", encoded("公示天数"))).await.ok().text();
        assert!(found.contains("/policy/assessment/"), "{found}");
    })
    .await;
}

#[test]
fn every_parameter_is_explained_in_english_too() {
    let files = app::MODULES.iter().map(|it| it.english).chain([kit::ENGLISH]);
    let english: std::collections::HashMap<String, String> =
        files.flat_map(|it| toml::from_str::<std::collections::HashMap<String, String>>(it).unwrap()).collect();
    let library = Library::load(&[std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy")]).unwrap();
    let all = library.prevailing("000000".parse().unwrap(), "2026-11-25".parse().unwrap());
    let mut abouts: Vec<String> =
        all.iter().flat_map(|it| library.histories(it.topic, it.param)).map(|it| it.about).collect();
    abouts.retain(|it| !it.is_empty() && !english.contains_key(it));
    assert!(abouts.is_empty(), "{abouts:#?}");
}
