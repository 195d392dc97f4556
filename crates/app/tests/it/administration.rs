//! Administrators keep accounts, organisations and places of their own part of the country, and of no other.

use axum::http::Method;
use kit::{audit, who::Role};
use serde_json::json;

use crate::{
    client::Client,
    support::{CITY, COUNTY, ORGANISATION, OTHER_COUNTY, PASSWORD, TestApp, on_both},
};

/// The one-time password a page shows.
fn one_time(page: &str) -> String {
    let start = page.find("id=\"once\">").expect("a one-time password is shown") + "id=\"once\">".len();
    page[start..].split('<').next().unwrap().to_string()
}

async fn id_of(app: &TestApp, login: &str) -> i64 {
    let sql = format!("select id from account where login = '{login}'");
    app.app.db.read(move |tx| tx.count(&sql, &[])).await.unwrap()
}

async fn make(admin: &mut Client, login: &str, role: &str, place: &str) -> crate::client::Answer {
    let organisation = ORGANISATION.to_string();
    let fields =
        [("login", login), ("name", "李明"), ("role", role), ("place", place), ("organisation", &*organisation)];
    admin.post("/accounts/new", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_signs_in_with_its_one_time_password_and_must_change_it() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        admin.get("/accounts/new").await.ok();
        let page = make(&mut admin, "li.ming", "clinician", "990101001").await.ok().text();
        let password = one_time(&page);
        let mut li = app.visitor();
        li.sign_in("li.ming", &password).await.unwrap();
        assert_eq!(li.get("/").await.leads(), "/account?must=password");
        let fields = [("old", &*password), ("new", "清风-明月-2077"), ("again", "清风-明月-2077")];
        li.get("/account").await.ok();
        assert_eq!(li.post("/account/password", &fields).await.leads(), "/login");
        app.visitor().sign_in("li.ming", "清风-明月-2077").await.unwrap();
        assert!(app.visitor().sign_in("li.ming", &password).await.is_err());
        assert!(admin.get("/accounts?q=li.m").await.ok().text().contains("李明"));
        assert_eq!(app.count("select count(*) from audit where action = 'create' and region = '990101'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_administrator_sees_and_makes_nobody_beyond_the_county() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        app.account("city.official", Role::Official, CITY).await;
        app.account("other.nurse", Role::Clinician, OTHER_COUNTY).await;
        app.account("own.nurse", Role::Clinician, "990101002").await;
        let list = admin.get("/accounts").await.ok().text();
        assert!(list.contains("own.nurse") && !list.contains("city.official") && !list.contains("other.nurse"));
        for login in ["city.official", "other.nurse"] {
            let id = id_of(app, login).await;
            admin.get(&format!("/accounts/{id}")).await.with_status(404);
            for deed in ["password", "sessions", "second-factor", "edit"] {
                admin.post(&format!("/accounts/{id}/{deed}"), &[]).await;
                let page = admin.get(&format!("/accounts/{id}")).await;
                assert_eq!(page.status, 404, "{login} {deed}");
            }
        }
        app.visitor().sign_in("other.nurse", PASSWORD).await.unwrap();
        for place in [CITY, OTHER_COUNTY, "000000", "990102001"] {
            make(&mut admin, "too.far", "official", place).await.with_status(422);
        }
        let id = id_of(app, "own.nurse").await;
        let fields = [("name", "李明"), ("role", "official"), ("place", CITY), ("open", "on")];
        admin.post(&format!("/accounts/{id}/edit"), &fields).await.with_status(422);
        let mut nation = app.client_at(Role::Administrator, "000000").await;
        let list = nation.get("/accounts").await.ok().text();
        assert!(list.contains("city.official") && list.contains("other.nurse") && list.contains("own.nurse"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_account_ends_its_sessions_and_tokens() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        let (mut nurse, api) = (app.client(Role::Clinician).await, app.api(Role::Clinician).await);
        api.get("/api/v1/elders").await.ok();
        let id = id_of(app, "clinician-990101").await;
        let fields = [("name", "李明"), ("role", "clinician"), ("place", COUNTY)];
        admin.post(&format!("/accounts/{id}/edit"), &fields).await.leads();
        assert!(nurse.get("/").await.leads().starts_with("/login"));
        assert_eq!(api.get("/api/v1/elders").await.status, 401);
        assert!(app.visitor().sign_in("clinician-990101", PASSWORD).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_cannot_lock_themselves_out() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        let id = id_of(app, "administrator-990101").await;
        for deed in ["password", "sessions", "second-factor"] {
            admin.post(&format!("/accounts/{id}/{deed}"), &[]).await.with_status(409);
        }
        let fields = [("name", "我"), ("role", "official"), ("place", COUNTY), ("open", "on")];
        admin.post(&format!("/accounts/{id}/edit"), &fields).await.with_status(409);
        let fields = [("name", "我"), ("role", "administrator"), ("place", COUNTY)];
        admin.post(&format!("/accounts/{id}/edit"), &fields).await.with_status(409);
        admin.get("/accounts").await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_stay_in_their_county_and_names_are_not_given_twice() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        let new = |name, place| [("name", name), ("kind", "elderly_home"), ("place", place)];
        admin.post("/organisations/new", &new("康乐养老院", "990101002")).await.leads();
        admin.post("/organisations/new", &new("康乐养老院", "990101001")).await.with_status(422);
        admin.post("/organisations/new", &new("邻县养老院", "990102001")).await.with_status(422);
        assert!(admin.get("/organisations").await.ok().text().contains("康乐养老院"));
        let mut other = app.client_at(Role::Administrator, OTHER_COUNTY).await;
        assert!(!other.get("/organisations").await.ok().text().contains("康乐养老院"));
        other.get(&format!("/organisations/{ORGANISATION}")).await.with_status(404);
        other.post(&format!("/organisations/{ORGANISATION}"), &new("夺来的", "990102001")).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_browsed_searched_and_brought_in_by_the_nations_administrator_only() {
    on_both(async |app| {
        let mut admin = app.client(Role::Administrator).await;
        let page = admin.get("/places").await.ok().text();
        assert!(page.contains("城关镇") && page.contains("990101002"));
        assert!(admin.get("/places?q=hkz").await.ok().text().contains("河口镇"), "by pinyin initials");
        assert!(!admin.get("/places?q=990102001").await.ok().text().contains("南门"), "not beyond the county");
        admin.get("/places?at=990102").await.with_status(404);
        admin.post("/places/grid", &[("village", "990101001001"), ("name", "第一网格")]).await.leads();
        assert!(admin.get("/places?at=990101001001").await.ok().text().contains("第一网格"));
        admin.post("/places/grid", &[("village", "990102001001"), ("name", "x")]).await.with_status(404);
        let file = "代码,名称\n990103,新县\nx,y\n".as_bytes();
        admin.post_file("/places/import", &[], ("file", "places.csv", file)).await.with_status(409);
        let mut nation = app.client_at(Role::Administrator, "000000").await;
        let page = nation.post_file("/places/import", &[], ("file", "places.csv", file)).await.ok().text();
        assert!(page.contains("新增 1 处") && page.contains("1 行未收"), "{page}");
        assert!(nation.get("/places?at=990100").await.ok().text().contains("新县"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_searched_within_the_scope_and_checked_on_demand() {
    on_both(async |app| {
        let mut auditor = app.client(Role::Auditor).await;
        app.client_at(Role::Clinician, OTHER_COUNTY).await;
        let today = app.app.clock.today();
        let list = auditor.get(&format!("/audit?from={today}&until={today}&action=sign-in")).await.ok().text();
        assert!(list.contains("auditor-990101") && !list.contains("clinician-990102"));
        auditor.get("/audit/990101/1").await.ok();
        auditor.get("/audit/990102/1").await.with_status(404);
        let to = auditor.post("/audit/verify", &[]).await.leads();
        assert!(auditor.get(&to).await.ok().text().contains("正在核对"));
        app.settle().await;
        assert!(auditor.get(&to).await.ok().text().contains("审计链完好"));
        app.run("update audit set who = 'x' where region = '990102'").await;
        let to = auditor.post("/audit/verify", &[]).await.leads();
        app.settle().await;
        assert!(auditor.get(&to).await.ok().text().contains("审计链断裂"));
        assert_eq!(app.app.db.read(audit::verify).await.unwrap().broken.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_shown_with_its_reason_and_set_going_again() {
    on_both(async |app| {
        let mut admin = app.client_at(Role::Administrator, "000000").await;
        let job = "insert into job (id, region, kind, title, body, state, attempts, run_at, done, total, error, created)
                   values (7, '990101', 'test', '导入老人', '{}', 'failed', 8, '2020', 3, 10, 'the disk is full', '2020')";
        app.run(job).await;
        app.run("insert into event (id, region, kind, body, at, failures, error) values (8, '990101', 'elder.died', '{}', '2020', 3, 'deaf')").await;
        let home = admin.get("/").await.ok().text();
        assert!(home.contains("后台任务失败") && home.contains("事件送不出去"));
        assert!(admin.get("/jobs?state=failed").await.ok().text().contains("the disk is full"));
        let page = admin.get("/jobs/7").await.ok().text();
        assert!(page.contains("再试一次") && page.contains("30 %"));
        admin.post("/jobs/7/retry", &[]).await.leads();
        assert!(admin.get("/jobs/7/progress").await.ok().text().contains("js-poll"));
        assert!(admin.get("/events/8").await.ok().text().contains("deaf"));
        admin.post("/events/8/skip", &[]).await.leads();
        assert_eq!(app.count("select count(*) from event where delivered is null").await, 0);
        let mut other = app.client_at(Role::Administrator, OTHER_COUNTY).await;
        other.get("/jobs/7").await.with_status(404);
        assert!(admin.get("/state").await.ok().text().contains("审计链完好"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_sees_the_elders_it_was_granted_and_loses_them_again() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        official.get("/elders/new").await.ok();
        let elder = app.api(Role::Official).await;
        let made = elder
            .post(
                "/api/v1/elders",
                serde_json::json!({"name": "王桂芳", "id_kind": "none", "sex": "female", "birth": "1944", "place": "990101001001",
                                   "living": "spouse", "insurance": "resident"}),
            )
            .await;
        assert!(made.status < 300, "{}", made.text());
        let key = made.json()["key"].as_str().or(made.json()["id"].as_str()).unwrap().to_string();
        let person = key.rsplit('-').next().unwrap().to_string();
        let mut admin = app.client(Role::Administrator).await;
        app.account("family.wang", Role::Family, COUNTY).await;
        let id = id_of(app, "family.wang").await;
        let found = admin.get(&format!("/accounts/{id}/persons?q=%E7%8E%8B%E6%A1%82%E8%8A%B3")).await.ok().text();
        assert!(found.contains("王桂芳"), "{found}");
        let grant = [("region", COUNTY), ("person", &*person), ("relation", "child")];
        admin.post(&format!("/accounts/{id}/persons"), &grant).await.leads();
        assert_eq!(app.count("select count(*) from account_person").await, 1);
        let beyond = [("region", OTHER_COUNTY), ("person", "5"), ("relation", "child")];
        admin.post(&format!("/accounts/{id}/persons"), &beyond).await.with_status(404);
        let nurse = app.account("li.ming", Role::Clinician, COUNTY).await;
        admin.post(&format!("/accounts/{nurse}/persons"), &grant).await.with_status(409);
        admin.post(&format!("/accounts/{id}/persons/{person}/remove"), &[]).await.leads();
        assert_eq!(app.count("select count(*) from account_person").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn borders_are_for_those_signed_in_and_carry_code_and_name() {
    let folder = tempfile::tempdir().unwrap();
    let config = kit::config::Config {
        data_dir: folder.path().to_path_buf(),
        require_second_factor: Vec::new(),
        ..kit::config::Config::default()
    };
    let app = app::start::start(config).await.unwrap();
    let router = kit::server::router(app.clone());
    assert_eq!(Client::new(router.clone()).get("/borders/610100").await.status, 303);
    let now = app.clock.now();
    let hash = kit::who::password::hash(PASSWORD).unwrap();
    app.db
        .write(move |tx| {
            let new = kit::who::account::NewAccount {
                login: "official",
                name: "主管",
                role: Role::Official,
                place: "610100",
                organisation: None,
                password_hash: &hash,
                must_change: false,
            };
            kit::who::account::create(tx, &new, now)
        })
        .await
        .unwrap();
    let mut official = Client::new(router);
    official.sign_in("official", PASSWORD).await.unwrap();
    for (code, counties) in [("610100", 13), ("500000", 38), ("500155", 1)] {
        let borders = official.get(&format!("/borders/{code}")).await.ok().json();
        let features = borders["features"].as_array().unwrap();
        assert_eq!(features.len(), counties, "{code}");
        assert!(features.iter().all(|it| it["properties"]["code"].is_string() && it["properties"]["name"].is_string()));
    }
    official.get("/borders/990101").await.with_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_administers_as_the_pages_do_and_no_further() {
    on_both(async |app| {
        let admin = app.api(Role::Administrator).await;
        let organisation = json!({"name": "河口镇养老院", "kind": "elderly_home", "place": "990101002"});
        let made = admin.post("/api/v1/organisations", organisation.clone()).await.ok().json();
        let twin = admin.post("/api/v1/organisations", organisation).await.with_status(422).json();
        assert_eq!(twin["errors"][0]["field"], "name");
        let there = admin.get("/api/v1/organisations?q=河口").await.ok().json();
        assert_eq!((there["total"].as_i64(), &there["items"][0]["id"]), (Some(1), &made["id"]));
        let renamed = json!({"name": "河口康养院", "kind": "elderly_home", "place": "990101002"});
        let path = format!("/api/v1/organisations/{}", made["id"].as_str().unwrap());
        admin.send(Method::PUT, &path, Some(renamed), &[]).await.ok();

        let nurse = json!({"login": "wang.fang", "name": "王芳", "role": "clinician", "place": "990101002"});
        let account = admin.post("/api/v1/accounts", nurse.clone()).await.ok().json();
        app.visitor().sign_in("wang.fang", account["password"].as_str().unwrap()).await.unwrap();
        let mut beyond = nurse;
        (beyond["login"], beyond["place"]) = (json!("li.fang"), json!(OTHER_COUNTY));
        admin.post("/api/v1/accounts", beyond).await.with_status(422);
        let at = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        let again = admin.post(&format!("{at}/password"), json!({})).await.ok().json();
        assert_ne!(again["password"], account["password"]);
        admin.post(&format!("{at}/sign-out"), json!({})).await.ok();
        let closed = json!({"name": "王芳", "role": "clinician", "place": "990101002", "open": false});
        admin.send(Method::PUT, &at, Some(closed), &[]).await.ok();
        assert!(app.visitor().sign_in("wang.fang", again["password"].as_str().unwrap()).await.is_err());

        let streets = admin.get("/api/v1/places").await.ok().json();
        assert_eq!((streets["place"]["name"].as_str(), streets["total"].as_i64()), (Some("乐善县"), Some(2)));
        admin.get("/api/v1/places?at=990102").await.with_status(404);
        let grid = json!({"village": "990101002201", "name": "第一网格"});
        assert_eq!(admin.post("/api/v1/places/grid", grid).await.ok().json()["code"], "990101002201001");
        let trail = admin.get("/api/v1/audit?subject=organisation").await.ok().json();
        assert_eq!((trail["total"].as_i64(), trail["items"][0]["action"].as_str()), (Some(2), Some("修改")));
        let mut browser = app.client(Role::Administrator).await;
        for queue in ["jobs", "events", "messages"] {
            admin.get(&format!("/api/v1/{queue}")).await.ok();
            let sheet = browser.get(&format!("/{queue}?format=xlsx")).await.ok();
            assert!(sheet.header("content-type").contains("spreadsheetml"), "{queue} as it is offered on its page");
        }
        app.api(Role::Official).await.get("/api/v1/accounts").await.with_status(403);
    })
    .await;
}
