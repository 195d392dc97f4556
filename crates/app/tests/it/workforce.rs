//! Staff, their places of practice, and family-doctor teams: one main post a person and one team a place on any day.

use kit::who::Role;
use serde_json::{Value, json};

use crate::{
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, on_both},
};

/// The key of somebody new of a kind at the test county's health centre.
async fn staff(api: &Api, name: &str, kind: &str, from: &str) -> String {
    let body = json!({"name": name, "kind": kind, "title": "middle", "organisation": ORGANISATION.to_string(),
                      "post": "employed", "from": from});
    text(&api.post("/api/v1/workforce", body).await.ok().json(), "id")
}

async fn team(api: &Api, name: &str, opened: &str) -> String {
    let body =
        json!({"organisation": ORGANISATION.to_string(), "name": name, "phone": "0816-2345678", "opened": opened});
    text(&api.post("/api/v1/workforce/teams", body).await.ok().json(), "id")
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}")).to_string()
}

/// The number behind a key.
fn number(key: &str) -> String {
    key.rsplit_once('-').unwrap().1.to_string()
}

async fn places(api: &Api, team: &str, from: &str, places: &[&str]) -> Value {
    let path = format!("/api/v1/workforce/teams/{team}/places");
    api.post(&path, json!({"places": places, "from": from})).await.ok().json()
}

async fn of_place(api: &Api, place: &str, on: &str) -> Option<String> {
    let answer = api.get(&format!("/api/v1/workforce/teams/of-place?place={place}&on={on}")).await.ok().json();
    answer["team"]["name"].as_str().map(str::to_string)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_has_one_team_on_any_day() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let (first, second) = (team(&api, "第一团队", "2024-01-01").await, team(&api, "第二团队", "2024-01-01").await);
        places(&api, &first, "2024-01-01", &["990101001001", "990101001002"]).await;
        places(&api, &second, "2024-06-01", &["990101001002"]).await;
        let village = "990101001002";
        assert_eq!(of_place(&api, village, "2023-12-31").await, None);
        assert_eq!(of_place(&api, village, "2024-05-31").await.as_deref(), Some("第一团队"));
        assert_eq!(of_place(&api, village, "2024-06-01").await.as_deref(), Some("第二团队"));
        let shown = api.get(&format!("/api/v1/workforce/teams/{first}?on=2024-06-01")).await.ok().json();
        assert_eq!(shown["places"], json!(["990101001001"]));
        places(&api, &second, "2024-09-01", &[]).await;
        assert_eq!(of_place(&api, village, "2024-08-31").await.as_deref(), Some("第二团队"));
        assert_eq!(of_place(&api, village, "2024-09-01").await, None);
        // The table itself holds one team a place and day, whoever writes.
        let twice = app.app.db.write(|tx| {
            tx.run(
                "insert into team_place (region, place, from_day, team) values ('990101', '990101001002', '2024-06-01', 7)",
                &[],
            )
        });
        assert!(twice.await.unwrap_err().is_duplicate());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_has_its_villages_team_until_it_has_its_own() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let mut administrator = app.client(Role::Administrator).await;
        administrator.get("/places").await.ok();
        administrator.post("/places/grid", &[("village", "990101001001"), ("name", "第一网格")]).await;
        let grid =
            app.app.places.tree().children("990101001001").next().map(|it| it.code.clone()).expect("a grid was added");
        let (first, second) = (team(&api, "甲团队", "2024-01-01").await, team(&api, "乙团队", "2024-01-01").await);
        places(&api, &first, "2024-01-01", &["990101001001"]).await;
        assert_eq!(of_place(&api, &grid, "2024-02-01").await.as_deref(), Some("甲团队"));
        places(&api, &second, "2024-03-01", &[&grid]).await;
        assert_eq!(of_place(&api, &grid, "2024-03-01").await.as_deref(), Some("乙团队"));
        assert_eq!(of_place(&api, "990101001001", "2024-03-01").await.as_deref(), Some("甲团队"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_says_what_it_lacks_of_three_two_and_x() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let team = team(&api, "城关团队", "2024-01-01").await;
        let path = format!("/api/v1/workforce/teams/{team}/members");
        let roles = [
            ("gp", "gp"),
            ("public_health", "public_health"),
            ("nurse", "nurse"),
            ("physician", "specialist2"),
            ("physician", "specialist3"),
            ("village_doctor", "village_doctor"),
        ];
        let mut last = Value::Null;
        for (at, (kind, role)) in roles.iter().enumerate() {
            let who =
                staff(&api, &format!("成员{}", ["甲", "乙", "丙", "丁", "戊", "己"][at]), kind, "2024-01-01").await;
            let body = json!({"staff": number(&who), "role": role, "leads": at == 0, "from": "2024-01-01"});
            last = api.post(&path, body).await.ok().json();
            if at == 2 {
                assert_eq!(last["missing"], json!(["specialist2", "specialist3"]));
            }
        }
        assert_eq!((&last["missing"], last["members"].as_array().unwrap().len()), (&json!([]), 6));
        let mut lead = app.client(Role::Official).await;
        let page = lead.get(&format!("/workforce/teams/{team}")).await.ok().text();
        assert!(page.contains("3+2+X 齐全") && page.contains("另有 1 名其他成员"));
        // A second leader takes the place of the first, who stays a member.
        let second = last["members"][1]["staff"].as_str().unwrap().to_string();
        let body = json!({"staff": number(&second), "role": "public_health", "leads": true, "from": "2024-02-01"});
        let after = api.post(&path, body).await.ok().json();
        let leaders = after["members"].as_array().unwrap().iter().filter(|it| it["leads"] == json!(true)).count();
        assert_eq!((leaders, after["members"].as_array().unwrap().len()), (1, 6));
        let before = api.get(&format!("/api/v1/workforce/teams/{team}?on=2024-01-15")).await.ok().json();
        assert_eq!(before["members"][0]["role"], json!("gp"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_one_main_post_and_leaves_all_at_once() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 42, '990101002', '河口镇卫生院', 'township_health_centre')")
            .await;
        let who = staff(&api, "李明", "gp", "2024-01-01").await;
        let (here, path) = (format!("/api/v1/workforce/{who}"), format!("/api/v1/workforce/{who}/posts"));
        let post = |organisation: &str, post: &str, from: &str| json!({"organisation": organisation, "post": post, "from": from});
        // Beside the main post at the same institution is nothing; before the first post neither.
        api.post(&path, post("41", "multi_site", "2024-02-01")).await.with_status(422);
        api.post(&path, post("42", "multi_site", "2023-12-31")).await.with_status(422);
        api.post(&path, post("42", "seconded", "2024-02-01")).await.ok();
        // What was beside becomes the main post, and only that.
        api.post(&path, post("42", "employed", "2024-03-01")).await.ok();
        let shown = api.get(&here).await.ok().json();
        let posts = shown["posts"].as_array().unwrap();
        let stays: Vec<(bool, &str, &str, Option<&str>)> = posts
            .iter()
            .map(|it| {
                let text = |field: &str| it[field].as_str().unwrap();
                (it["main"].as_bool().unwrap(), text("organisation"), text("from"), it["until"].as_str())
            })
            .collect();
        assert_eq!(
            stays,
            [
                (true, "41", "2024-01-01", Some("2024-03-01")),
                (true, "42", "2024-03-01", None),
                (false, "42", "2024-02-01", Some("2024-03-01")),
            ]
        );
        assert_eq!(shown["organisation"], json!("42"));
        let team = team(&api, "河口团队", "2024-01-01").await;
        let member = json!({"staff": number(&who), "role": "gp", "from": "2024-03-01"});
        api.post(&format!("/api/v1/workforce/teams/{team}/members"), member).await.ok();
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/workforce/{who}")).await.ok();
        official.post(&format!("/workforce/{who}/leave"), &[("from", "2024-05-01")]).await.leads();
        let left = api.get(&here).await.ok().json();
        assert_eq!((&left["state"], &left["teams"]), (&json!("left"), &json!([])));
        let team = api.get(&format!("/api/v1/workforce/teams/{team}?on=2024-04-30")).await.ok().json();
        assert_eq!(team["members"].as_array().unwrap().len(), 1, "until that day they were a member");
        let member = json!({"staff": number(&who), "role": "gp", "from": "2024-06-01"});
        let again = format!("/api/v1/workforce/teams/{}/members", text(&team, "id"));
        api.post(&again, member).await.with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_sealed_and_one_persons_alone() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        official.get("/workforce/new").await.ok();
        let form = |name: &'static str, number: &'static str| {
            vec![
                ("name", name),
                ("id_number", number),
                ("phone", "13800138000"),
                ("kind", "nurse"),
                ("title", "junior"),
                ("organisation", "41"),
                ("post", "employed"),
                ("from", "2024-01-01"),
            ]
        };
        official.post("/workforce/new", &form("王燕", "110105194912310021")).await.with_status(422);
        let first = official.post("/workforce/new", &form("王燕", "11010519491231002X")).await.leads();
        let page = official.get(&first).await.ok().text();
        assert!(page.contains("110105********002X") && page.contains("1949-12-31") && page.contains("138****8000"));
        assert!(!page.contains("11010519491231002X"));
        let again = official.post("/workforce/new", &form("王彦", "11010519491231002x")).await.leads();
        assert_eq!(again, first, "who is known is shown instead of taken in twice");
        let revealed = official.post(&format!("{first}/reveal?field=id_number"), &[]).await.ok().text();
        assert!(revealed.contains("11010519491231002X"));
        assert_eq!(app.count("select count(*) from audit where subject = 'staff' and action = 'reveal'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_and_teams_of_another_scope_are_not_there() {
    on_both(async |app: &TestApp| {
        let api = app.api(Role::Official).await;
        let (who, team) = (staff(&api, "赵强", "gp", "2024-01-01").await, team(&api, "城关团队", "2024-01-01").await);
        let other = app.api_at(Role::Official, OTHER_COUNTY).await;
        other.get(&format!("/api/v1/workforce/{who}")).await.with_status(404);
        other.get(&format!("/api/v1/workforce/teams/{team}")).await.with_status(404);
        assert_eq!(other.get("/api/v1/workforce").await.ok().json()["total"], json!(0));
        let river = app.api_at(Role::Lead, "990101002").await;
        river.get(&format!("/api/v1/workforce/teams/{team}")).await.with_status(404);
        // A manager sees the staff of the own institution, which is where this one works.
        let manager = app.api(Role::Manager).await;
        assert_eq!(manager.get("/api/v1/workforce").await.ok().json()["total"], json!(1));
        app.run("update staff set organisation = 77").await;
        assert_eq!(manager.get("/api/v1/workforce").await.ok().json()["total"], json!(0));
        assert_eq!(COUNTY, &who[..6]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_is_dissolved_leaves_its_places_free_and_can_come_back() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let key = team(&api, "东街团队", "2024-01-01").await;
        places(&api, &key, "2024-01-01", &["990101001001"]).await;
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/workforce/teams/{key}")).await.ok();
        let close = [("day", "2024-07-01"), ("reason", "并入西街团队")];
        official.post(&format!("/workforce/teams/{key}/close"), &close).await.leads();
        assert_eq!(of_place(&api, "990101001001", "2024-06-30").await.as_deref(), Some("东街团队"));
        assert_eq!(of_place(&api, "990101001001", "2024-07-01").await, None);
        let page = official.get(&format!("/workforce/teams/{key}")).await.ok().text();
        assert!(page.contains("并入西街团队") && page.contains("2024-07-01"));
        official.post(&format!("/workforce/teams/{key}/close"), &close).await.with_status(409);
        official.post(&format!("/workforce/teams/{key}/reopen"), &[("reason", "误撤销")]).await.leads();
        assert_eq!(api.get("/api/v1/workforce/teams?state=open").await.ok().json()["total"], json!(1));
        // While one of that name is open there is no second.
        let body = json!({"organisation": "41", "name": "东街团队", "opened": "2024-08-01"});
        api.post("/api/v1/workforce/teams", body).await.with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_runs_out_by_what_it_says_or_by_the_regions_months() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let who = staff(&api, "陈静", "nurse", "2015-01-01").await;
        let path = format!("/api/v1/workforce/{who}/certificates");
        let paper = |kind: &str, from: &str| json!({"kind": kind, "number": "1", "issuer": "某局", "from": from});
        let after = api.post(&path, paper("nurse", "2021-03-01")).await.ok().json();
        assert_eq!(after["certificates"][0]["until"], json!("2026-02-28"), "five years for nurses");
        let after = api.post(&path, paper("physician", "2022-01-01")).await.ok().json();
        assert_eq!(after["certificates"][0]["until"], Value::Null);
        let mut backwards = paper("health", "2026-01-02");
        backwards["until"] = json!("2026-01-01");
        api.post(&path, backwards).await.with_status(422);
        // Those who have renewed are no longer expired.
        let total = async |filter: &str| {
            api.get(&format!("/api/v1/workforce?papers={filter}")).await.ok().json()["total"].clone()
        };
        app.run("update staff_certificate set until_day = '2020-01-01' where kind = 'nurse'").await;
        assert_eq!(total("expired").await, json!(1));
        let mut official = app.client(Role::Official).await;
        assert!(official.get("/").await.ok().text().contains("人员证书已过期"));
        let today = kit::clock::day_of(app.app.clock.now());
        let mut renewed = paper("nurse", "2024-01-01");
        renewed["until"] = json!(today.add_days(60).to_string());
        api.post(&path, renewed).await.ok();
        assert_eq!((total("expired").await, total("soon").await), (json!(0), json!(1)));
        let page = official.get("/").await.ok().text();
        assert!(page.contains("人员证书将到期") && !page.contains("人员证书已过期"));
        app.run("update staff_certificate set until_day = '2099-01-01' where from_day = '2024-01-01'").await;
        assert_eq!(total("soon").await, json!(0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn absences_do_not_overlap_and_hours_hold_from_their_day() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let who = staff(&api, "孙丽", "gp", "2024-01-01").await;
        let path = format!("/api/v1/workforce/{who}/absences");
        let away = |from: &str, until: &str| json!({"kind": "sick", "from": from, "until": until});
        api.post(&path, away("2026-03-01", "2026-03-10")).await.ok();
        api.post(&path, away("2026-03-10", "2026-03-12")).await.with_status(422);
        api.post(&path, away("2026-02-20", "2026-03-01")).await.with_status(422);
        let after = api.post(&path, away("2026-03-11", "2026-03-12")).await.ok().json();
        assert_eq!(
            after["absences"].as_array().unwrap().iter().map(|it| text(it, "until")).max().unwrap(),
            "2026-03-12"
        );
        let mut official = app.client(Role::Official).await;
        let here = format!("/workforce/{who}");
        official.get(&here).await.ok();
        official
            .post(&format!("{here}/hours"), &[("from", "2024-01-01"), ("hours", "周一 8点")])
            .await
            .with_status(422);
        official
            .post(&format!("{here}/hours"), &[("from", "2024-01-01"), ("hours", "周一至周五 8:00-12:00")])
            .await
            .leads();
        assert!(official.get(&here).await.ok().text().contains("周一至周五 08:00-12:00"));
        official
            .post(
                &format!("{here}/training"),
                &[
                    ("topic", "geriatrics"),
                    ("title", "老年医学骨干培训"),
                    ("from", "2025-05-01"),
                    ("until", "2025-05-20"),
                    ("hours", "40"),
                    ("passed", "on"),
                ],
            )
            .await
            .leads();
        let page = official.get(&here).await.ok().text();
        assert!(page.contains("老年医学骨干培训") && page.contains("合格"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_staff_and_teams_follow_the_facts() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 42, '990101002', '河口镇卫生院', 'township_health_centre')")
            .await;
        let doctor = staff(&api, "周平", "physician", "2024-01-01").await;
        let post = json!({"organisation": "42", "post": "seconded", "from": "2024-03-01", "until": "2024-12-31"});
        api.post(&format!("/api/v1/workforce/{doctor}/posts"), post).await.ok();
        let key = team(&api, "城关团队", "2024-01-01").await;
        let nurse = staff(&api, "吴芳", "nurse", "2024-01-01").await;
        let member = json!({"staff": number(&nurse), "role": "nurse", "from": "2024-02-01"});
        api.post(&format!("/api/v1/workforce/teams/{key}/members"), member).await.ok();
        let of = async |id: &str, day: &str| {
            let it = app::workforce::MODULE.indicators.iter().find(|it| it.id == id).unwrap();
            let (day, at) = (day.parse().unwrap(), kit::tally::Where::Counties(vec![COUNTY.to_string()]));
            let count = it.numerator;
            app.app.db.read(move |tx| kit::tally::amount(tx, &count, &at, day)).await.unwrap()
        };
        assert_eq!((of("seconded", "2024-02-29").await, of("seconded", "2024-12-31").await), (0, 1));
        assert_eq!(of("seconded", "2025-01-01").await, 0);
        assert_eq!((of("teams", "2023-12-31").await, of("teams", "2024-01-01").await), (0, 1));
        assert_eq!(of("teams_complete", "2024-06-01").await, 0);
        assert_eq!((of("staff", "2024-01-01").await, of("hired_this_year", "2024-12-31").await), (2, 2));
        assert_eq!(of("hired_this_year", "2025-01-01").await, 0);
        let app_too = app.app.clone();
        let wrong = app.app.db.write(move |tx| kit::tally::recount(tx, &app_too, COUNTY)).await.unwrap();
        assert_eq!(wrong.0.len(), 0, "a recount agrees");
    })
    .await;
}
