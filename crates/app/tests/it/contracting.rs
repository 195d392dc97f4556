//! Family-doctor contracts as teams live with them: sign, serve, renew, change the team, end; one contract an elder and day.

use app::{
    contracting::{self, Done, words::Service},
    elders::Key,
};
use kit::tally::{self, Count, PERSON, Where};
use kit::{Id, config::Config, events::Event, who::Role};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    client::Api,
    support::{CITY, COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, listed, no_difference, on_both_with},
};

const EAST: &str = "990101001001";
const WEST: &str = "990101001002";
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==";

const DEMO: fn(&mut Config) = |config| config.demo = true;

/// A day of a demonstration, so that the example values of the policy hold.
async fn in_demo(test: impl AsyncFn(&TestApp)) {
    let test = async |app: &TestApp| {
        test(app).await;
        numbers_agree(app).await;
    };
    on_both_with(app::MODULES, DEMO, test).await;
}

/// What is kept agrees with the lists and with the facts.
async fn numbers_agree(app: &TestApp) {
    const TO_SIGN: Count = Count::new(PERSON, &["elders.must_sign"]);
    const SIGNED: Count = Count::new(PERSON, &["elders.must_sign", "contracting.signed"]);
    let amount = async |count: Count| {
        let (at, today) = (Where::Counties(vec![COUNTY.to_string()]), app.app.clock.today());
        app.app.db.read(move |tx| tally::amount(tx, &count, &at, today)).await.unwrap()
    };
    let api = app.api(Role::Lead).await;
    for (state, count) in [
        ("running", Count::new(PERSON, &["contracting.signed"])),
        ("idle", Count::new(PERSON, &["contracting.idle"])),
        ("renewable", Count::new(PERSON, &["contracting.renewable"])),
    ] {
        let listed = listed(&api, &format!("/api/v1/contracting?state={state}&place={COUNTY}")).await;
        assert_eq!(amount(count).await, listed, "{state}");
    }
    let unsigned = listed(&api, &format!("/api/v1/contracting/unsigned?place={COUNTY}")).await;
    assert_eq!(amount(TO_SIGN).await - amount(SIGNED).await, unsigned, "unsigned");
    no_difference(app).await;
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}")).to_string()
}

fn number(key: &str) -> &str {
    key.rsplit_once('-').unwrap().1
}

/// A team responsible for these places since 2024; gives its key.
pub async fn team(app: &TestApp, name: &str, places: &[&str]) -> String {
    let api = app.api(Role::Official).await;
    let body = json!({"organisation": ORGANISATION.to_string(), "name": name, "opened": "2024-01-01"});
    let team = text(&api.post("/api/v1/workforce/teams", body).await.ok().json(), "id");
    let path = format!("/api/v1/workforce/teams/{team}/places");
    api.post(&path, json!({"places": places, "from": "2024-01-01"})).await.ok();
    team
}

async fn elder(app: &TestApp, name: &str, groups: &[&str], place: &str) -> String {
    let body = json!({
        "name": name, "id_kind": "none", "birth": "1940-05-01", "sex": "female", "place": place, "living": "alone",
        "insurance": "resident", "groups": groups
    });
    text(&app.api(Role::Official).await.post("/api/v1/elders", body).await.ok().json(), "id")
}

fn signing(app: &TestApp, elder: &str, team: &str) -> Value {
    json!({
        "elder": elder, "team": number(team), "packages": ["basic"], "from": app.app.clock.today().to_string(),
        "signer": "self", "signature": SIGNATURE
    })
}

pub async fn signed(api: &Api, app: &TestApp, elder: &str, team: &str) -> Value {
    api.post("/api/v1/contracting", signing(app, elder, team)).await.ok().json()
}

/// Lets days go by, with the news of them; gives the lead's program a token of that day.
async fn days_go_by(app: &TestApp, days: i64) -> Api {
    app.app.clock.advance_days(days);
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
    app.api(Role::Lead).await
}

async fn total(api: &Api, path: &str) -> i64 {
    api.get(path).await.ok().json()["total"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_has_one_contract_on_any_day_whoever_writes() {
    on_both_with(app::MODULES, DEMO, async |app| {
        let (first, second) = (team(app, "第一团队", &[EAST]).await, team(app, "第二团队", &[WEST]).await);
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        let contract = signed(&api, app, &elder, &first).await;
        let today = app.app.clock.today();
        assert_eq!(text(&contract, "last_day"), today.add_months(12).add_days(-1).to_string());
        let refused = api.post("/api/v1/contracting", signing(app, &elder, &second)).await.with_status(409).json();
        assert_eq!(refused["code"], "has_contract");
        // The tables themselves refuse a day that two contracts share.
        let row = |from: Date, until: Date, before: Option<Date>| {
            let before = before.map_or("null".to_string(), |it| format!("'{it}'"));
            format!(
                "insert into contract (region, id, elder, team, from_day, until_day, before_day, packages, way, signer, signer_name,
                        account, doctor_name, signed, fee, reasons, ended_reason, ended_note, promised, done, idle_day)
                 values ('{COUNTY}', 77, {}, 1, '{from}', '{until}', {before}, 'basic', 'paper', 'self', '', 1, '', '', 0, '', '', '', 0, 0, '{from}')",
                number(&elder)
            )
        };
        let until = today.add_months(12);
        for overlapping in [
            row(today.add_days(30), today.add_days(60), None),
            row(today.add_days(30), today.add_days(500), Some(until)),
            row(until, until.add_days(9), Some(today.add_days(1))),
            row(until, until, Some(until)),
        ] {
            let sql = overlapping.clone();
            let written = app.app.db.write(move |tx| tx.run(&sql, &[])).await;
            assert!(written.is_err(), "{overlapping}");
        }
        let next = row(until, until.add_days(9), Some(until));
        assert!(app.app.db.write(move |tx| tx.run(&next, &[])).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_signs_on_one_page_with_team_and_package_chosen() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "王桂芳", &["chronic"], EAST).await;
        let mut doctor = app.client(Role::Clinician).await;
        let page = doctor.get(&format!("/elders/{elder}")).await.ok();
        assert!(page.text().contains(&format!("/contracting/new?elder={elder}")));
        let page = doctor.get(&format!("/contracting/new?elder={elder}")).await.ok().text();
        assert!(page.contains("东街团队") && page.contains("value=\"chronic\" checked"), "{page}");
        let today = app.app.clock.today().to_string();
        let fields = [
            ("elder", &*elder),
            ("team", number(&team)),
            ("packages", "chronic"),
            ("from", &today),
            ("signer", "self"),
            ("signature", SIGNATURE),
        ];
        // Without a picture nothing is signed, and what was chosen stays.
        let path = format!("/contracting/new?elder={elder}");
        let again = doctor.post_file("/contracting/new", &fields[..5], ("paper", "", b"")).await;
        assert!(again.text().contains("请签名"), "{}", again.text());
        doctor.get(&path).await;
        let link = doctor.post_file("/contracting/new", &fields, ("paper", "", b"")).await.leads();
        let shown = doctor.get(&link).await.ok().text();
        assert!(shown.contains("慢性病管理服务包") && shown.contains("慢性病随访"), "{shown}");
        let beside = doctor.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(beside.contains("东街团队") && beside.contains("签约家庭医生"), "{beside}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_ends_what_runs_and_takes_back_what_was_to_follow() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        let contract = text(&signed(&api, app, &elder, &team).await, "id");
        let api = days_go_by(app, 320).await;
        let next = api.post(&format!("/api/v1/contracting/{contract}/renew"), json!({})).await.ok().json();
        assert_eq!(next["way"], "renewal");
        let day = app.app.clock.today().to_string();
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{elder}/life")).await.ok();
        official.post(&format!("/elders/{elder}/died"), &[("day", &*day)]).await.leads();
        app.settle().await;
        let ended = api.get(&format!("/api/v1/contracting/{contract}")).await.ok().json();
        assert_eq!(
            (text(&ended, "ended_reason"), text(&ended, "last_day")),
            ("died".into(), app.app.clock.today().add_days(-1).to_string())
        );
        api.get(&format!("/api/v1/contracting/{}", text(&next, "id"))).await.with_status(404);
        assert_eq!(total(&api, "/api/v1/contracting?state=running").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_in_bulk_says_who_dropped_out_and_why() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let api = app.api(Role::Lead).await;
        let mut elders = Vec::new();
        for name in ["甲一", "乙二", "丙三"] {
            let elder = elder(app, name, &[], EAST).await;
            signed(&api, app, &elder, &team).await;
            elders.push(elder);
        }
        let page = async || app.client(Role::Lead).await.get("/contracting/renewals").await.ok().text();
        assert!(page().await.contains("现在没有可以续签的签约"));
        let renewals = async |api: &Api| api.post("/api/v1/contracting/renewals", json!({})).await.ok().json();
        assert_eq!(renewals(&api).await, json!({"renewed": 0, "dropped": 0}), "too early");
        let api = days_go_by(app, 320).await;
        let before = page().await;
        assert!(before.contains("全部团队（3 份）") && before.contains("东街团队 (3)"), "{before}");
        let refusal = json!({"elder": elders[1], "reason": "no_need"});
        api.post("/api/v1/contracting/refusals", refusal).await.ok();
        assert_eq!(renewals(&api).await, json!({"renewed": 2, "dropped": 1}));
        assert_eq!(renewals(&api).await, json!({"renewed": 0, "dropped": 0}), "once");
        let dropped = api.get("/api/v1/contracting/dropped").await.ok().json();
        assert_eq!((&dropped["items"][0]["name"], &dropped["total"]), (&json!("乙二"), &json!(1)));
        assert!(text(&dropped["items"][0], "why").contains("自觉健康"), "{dropped}");
        // Without a gap: the next term begins on the day after the last.
        assert_eq!(total(&api, "/api/v1/contracting?state=planned").await, 2);
        let api = days_go_by(app, 60).await;
        assert_eq!(total(&api, "/api/v1/contracting?state=running").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_counts_once_and_what_is_not_done_for_long_is_found() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        let contract = text(&signed(&api, app, &elder, &team).await, "id");
        assert_eq!(total(&api, "/api/v1/contracting/work").await, 4);
        let api = days_go_by(app, 100).await;
        assert_eq!(total(&api, "/api/v1/contracting?state=idle").await, 1);
        let (today, key): (Date, Key) = (app.app.clock.today(), elder.parse().unwrap());
        for (source, service) in [
            ("healthcheck:1", Service::HealthCheck),
            ("healthcheck:1", Service::HealthCheck),
            ("tcm:4", Service::Rehabilitation),
        ] {
            let (app_too, key) = (app.app.clone(), key.clone());
            let counted = app.app.db.write(move |tx| {
                let it = Done { service, day: today, source, who: "李医生", note: "" };
                contracting::done(tx, &app_too, &key, &it)
            });
            assert!(counted.await.unwrap().is_some());
        }
        let path = format!("/api/v1/contracting/{contract}");
        let shown = api.get(&path).await.ok().json();
        assert_eq!((&shown["done"], &shown["served"]), (&json!(1), &json!(today.to_string())));
        assert_eq!(shown["services"].as_array().unwrap().len(), 2, "what was not promised is known too");
        assert_eq!(total(&api, "/api/v1/contracting?state=idle").await, 0);
        assert_eq!(total(&api, "/api/v1/contracting/work").await, 3);
        let by_hand =
            api.post(&format!("{path}/services"), json!({"service": "guidance", "note": "低盐饮食"})).await.ok().json();
        assert_eq!(by_hand["done"], 2);
        // A day before the contract is nobody's.
        let (app_too, before) = (app.app.clone(), today.add_days(-200));
        let nobody = app.app.db.write(move |tx| {
            let it = Done { service: Service::HealthCheck, day: before, source: "healthcheck:0", who: "", note: "" };
            contracting::done(tx, &app_too, &key, &it)
        });
        assert!(nobody.await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_should_be_signed_and_is_not_is_listed_with_the_refusal() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let (poor, plain) =
            (elder(app, "贫一", &["poor"], EAST).await, elder(app, "常二", &["left_behind"], EAST).await);
        let api = app.api(Role::Lead).await;
        // Somebody of 80 and more is one of the oldest, and so is listed as well.
        let listed = api.get("/api/v1/contracting/unsigned?q=贫").await.ok().json();
        assert_eq!(listed["items"][0]["id"].to_string().trim_matches('"'), number(&poor));
        api.post("/api/v1/contracting/refusals", json!({"elder": poor, "reason": "cost"})).await.ok();
        let refused = api.get("/api/v1/contracting/unsigned?wanted=refused").await.ok().json();
        assert_eq!(refused["total"], 1);
        assert!(text(&refused["items"][0], "refused").contains("担心收费"), "{refused}");
        let before = total(&api, "/api/v1/contracting/unsigned").await;
        signed(&api, app, &poor, &team).await;
        assert_eq!(total(&api, "/api/v1/contracting/unsigned").await, before - 1);
        signed(&api, app, &plain, &team).await;
    })
    .await;
}

/// Why the elders who are not signed are not.
async fn whys(api: &Api) -> Vec<String> {
    let missing = api.get("/api/v1/indicators/sign_rate/persons?part=missing").await.ok().json();
    missing["items"].as_array().unwrap().iter().map(|it| text(it, "why")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_last_contract_ended_is_the_reason_for_not_being_signed() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        assert_eq!(whys(&api).await, ["从未签约"]);
        let contract = text(&signed(&api, app, &elder, &team).await, "id");
        assert!(whys(&api).await.is_empty());
        let api = days_go_by(app, 10).await;
        let path = format!("/api/v1/contracting/{contract}/end");
        api.post(&path, json!({"reason": "wish"})).await.ok();
        let ended = whys(&api).await;
        assert!(ended[0].contains("终止") && ended[0].contains("老人或家属要求"), "{ended:?}");
        api.post("/api/v1/contracting/refusals", json!({"elder": elder, "reason": "cost"})).await.ok();
        assert!(whys(&api).await[0].contains("担心收费"), "the refusal came later");
        signed(&api, app, &elder, &team).await;
        let api = days_go_by(app, 400).await;
        let lapsed = whys(&api).await;
        assert!(lapsed[0].contains("没有续签"), "{lapsed:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_measured_by_the_elders_of_its_villages() {
    in_demo(async |app| {
        let (first, _second) = (team(app, "第一团队", &[EAST]).await, team(app, "第二团队", &[WEST]).await);
        let (signed_there, _unsigned) = (elder(app, "王桂芳", &[], EAST).await, elder(app, "李秀英", &[], EAST).await);
        // Signed with the team of another village.
        let elsewhere = elder(app, "张建国", &[], WEST).await;
        elder(app, "刘建华", &[], "990101002201").await;
        let api = app.api(Role::Lead).await;
        for it in [&signed_there, &elsewhere] {
            signed(&api, app, it, &first).await;
        }
        let mut official = app.client(Role::Official).await;
        let page = official.get("/indicators/sign_rate").await.ok().text();
        // What stands between the tags.
        let teams = page[page.find("各团队").unwrap()..].split('<').filter_map(|it| Some(it.split_once('>')?.1));
        let teams: String = teams.flat_map(str::split_whitespace).collect();
        for line in ["第一团队50.00%12", "第二团队100.00%11", "没有团队负责的地方0.00%01"] {
            assert!(teams.contains(line), "{line}: {teams}");
        }
        let beds = official.get("/indicators/beds_per_1000").await.ok().text();
        assert!(!beds.contains("各团队"), "beds belong to no team");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_part_of_another_service_is_no_assessment_of_its_own() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        let contract = text(&signed(&api, app, &elder, &team).await, "id");
        for (nth, programme) in ["public_health", "ability"].into_iter().enumerate() {
            let body = json!({
                "assessment": format!("{COUNTY}-{nth}"), "elder": elder, "programme": programme, "level_name": "完好",
                "valid_from": app.app.clock.today().to_string(),
            });
            let (kind, app_too) = ("assessment.effective".to_string(), app.app.clone());
            let news = Event { id: Id(nth as i64), region: COUNTY.into(), kind, body, at: String::new() };
            let heard = move |tx: &kit::Tx<'_>| contracting::MODULE.listen.unwrap()(&app_too, tx, &news);
            app.app.db.write(heard).await.unwrap();
            let shown = api.get(&format!("/api/v1/contracting/{contract}")).await.ok().json();
            assert_eq!(shown["services"].as_array().unwrap().len(), nth, "{programme}");
        }
    })
    .await;
}

/// A demonstration in which one county has a value of its own.
async fn with_own_policy(county: &str, contracting: &str, test: impl AsyncFn(&TestApp)) {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(format!("{county}-own"));
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("contracting.yaml"), contracting).unwrap();
    let named = format!("\"{county}\": {{ 名称: 示例县, 英文: Example }}\n");
    std::fs::write(folder.path().join("regions.yaml"), named).unwrap();
    let shipped = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let dirs = [shipped, folder.path().to_path_buf()];
    let change = |config: &mut Config| {
        config.demo = true;
        config.policy = dirs.to_vec();
    };
    on_both_with(app::MODULES, change, test).await;
}

const OWN_DAYS: &str = "续签提前天数:\n  说明: 本县的提前天数\n  取值:\n    - { 起: 2020-01-01, 值: 5, 状态: 示例 }\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_city_renews_in_each_county_so_many_days_ahead_as_its_policy_says() {
    with_own_policy(COUNTY, OWN_DAYS, async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let elder = elder(app, "甲一", &[], EAST).await;
        signed(&app.api(Role::Lead).await, app, &elder, &team).await;
        let renewals = async || {
            let city = app.api_at(Role::Lead, CITY).await;
            city.post("/api/v1/contracting/renewals", json!({})).await.ok().json()
        };
        days_go_by(app, 350).await;
        assert_eq!(renewals().await, json!({"renewed": 0, "dropped": 0}), "nobody drops out because it is too early");
        days_go_by(app, 12).await;
        assert_eq!(renewals().await, json!({"renewed": 1, "dropped": 0}));
    })
    .await;
}

const OWN_GROUPS: &str =
    "应签尽签人群:\n  说明: 本区的应签人群\n  取值:\n    - { 起: 2020-01-01, 值: [留守], 状态: 示例 }\n";

#[tokio::test(flavor = "multi_thread")]
async fn who_should_be_signed_is_decided_by_the_policy_of_each_elders_county() {
    with_own_policy(OTHER_COUNTY, OWN_GROUPS, async |app| {
        let api = app.api_at(Role::Official, CITY).await;
        for (name, place, group) in [
            ("甲贫", EAST, "poor"),
            ("甲守", EAST, "left_behind"),
            ("乙贫", "990102001001", "poor"),
            ("乙守", "990102001001", "left_behind"),
        ] {
            let body = json!({
                "name": name, "id_kind": "none", "birth": "1958-05-01", "sex": "female", "place": place, "living": "alone",
                "insurance": "resident", "groups": [group]
            });
            api.post("/api/v1/elders", body).await.ok();
        }
        let listed = async |place: &str| -> Vec<String> {
            let all = app.api_at(Role::Lead, place).await.get("/api/v1/contracting/unsigned").await.ok().json();
            let mut names: Vec<String> = all["items"].as_array().unwrap().iter().map(|it| text(it, "name")).collect();
            names.sort();
            names
        };
        assert_eq!(listed(CITY).await, ["乙守", "甲贫"]);
        assert_eq!(listed(OTHER_COUNTY).await, ["乙守"]);
        assert_eq!(listed(COUNTY).await, ["甲贫"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_goes_to_another_team_or_ends_and_the_next_begins_that_day() {
    in_demo(async |app| {
        let (first, second) = (team(app, "第一团队", &[EAST]).await, team(app, "第二团队", &[WEST]).await);
        let elder = elder(app, "王桂芳", &[], EAST).await;
        let api = app.api(Role::Lead).await;
        let contract = text(&signed(&api, app, &elder, &first).await, "id");
        let path = format!("/api/v1/contracting/{contract}");
        api.post(&format!("{path}/team"), json!({"team": number(&first)})).await.with_status(422);
        let moved = api.post(&format!("{path}/team"), json!({"team": number(&second)})).await.ok().json();
        assert_eq!(text(&moved, "team"), second);
        let api = days_go_by(app, 10).await;
        let ended = api.post(&format!("{path}/end"), json!({"reason": "wish", "note": "搬去女儿家"})).await.ok().json();
        assert_eq!(text(&ended, "last_day"), app.app.clock.today().add_days(-1).to_string());
        api.post(&format!("{path}/end"), json!({"reason": "wish"})).await.with_status(409);
        let again = signed(&api, app, &elder, &first).await;
        assert_eq!(text(&again, "from"), app.app.clock.today().to_string());
        // A contract ended on its first day was a mistake and is taken back whole.
        let path = format!("/api/v1/contracting/{}", text(&again, "id"));
        let gone = api.post(&format!("{path}/end"), json!({"reason": "mistake"})).await.ok().json();
        assert_eq!(gone["taken_back"], true);
        api.get(&path).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn family_sign_online_for_their_own_elder_alone() {
    in_demo(async |app| {
        let team = team(app, "东街团队", &[EAST]).await;
        let (own, other) = (elder(app, "王桂芳", &[], EAST).await, elder(app, "李秀英", &[], EAST).await);
        let family = app.account("family.a", Role::Family, COUNTY).await;
        let person: Id = number(&own).parse().unwrap();
        app.app
            .db
            .write(move |tx| {
                tx.run(
                    "insert into account_person (account, region, person, relation) values ($1, $2, $3, '女儿')",
                    &[&family, &COUNTY, &person],
                )
            })
            .await
            .unwrap();
        let api = app.token(family, &[]).await;
        api.post("/api/v1/contracting", signing(app, &other, &team)).await.with_status(404);
        let contract = signed(&api, app, &own, &team).await;
        assert_eq!(contract["way"], "online");
        assert_eq!(total(&api, "/api/v1/contracting").await, 1);
        api.post(&format!("/api/v1/contracting/{}/end", text(&contract, "id")), json!({"reason": "wish"}))
            .await
            .with_status(403);
    })
    .await;
}
