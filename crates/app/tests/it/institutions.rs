//! Institutions: licences by the day, both licences computed, abilities as steps, and the numbers they give.

use kit::{
    tally::{self, Count, Indicator, Where},
    who::Role,
};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, on_both},
};

/// The key of a new institution of a kind at the test county.
async fn create(api: &Api, name: &str, kind: &str) -> String {
    let body = json!({"name": name, "kind": kind, "place": "990101001", "opened": "2015-01-01"});
    text(&api.post("/api/v1/institutions", body).await.ok().json(), "id")
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}")).to_string()
}

async fn licence(api: &Api, key: &str, kind: &str, from: &str, until: Option<&str>) {
    let body = json!({"kind": kind, "number": format!("{kind}-{from}"), "issuer": "乐善县卫生健康局", "from": from, "until": until});
    api.post(&format!("/api/v1/institutions/{key}/licences"), body).await.ok();
}

async fn both_on(api: &Api, key: &str, day: &str) -> Value {
    api.get(&format!("/api/v1/institutions/{key}?on={day}")).await.ok().json()["both_licences"].clone()
}

fn indicator(id: &str) -> &'static Indicator {
    app::institutions::MODULE.indicators.iter().find(|it| it.id == id).unwrap()
}

async fn number(app: &TestApp, count: Count, day: &str) -> i64 {
    let day: Date = day.parse().unwrap();
    let at = Where::Counties(vec![COUNTY.to_string()]);
    app.app.db.read(move |tx| tally::amount(tx, &count, &at, day)).await.unwrap()
}

/// (numerator, denominator) of an indicator of institutions on a day.
async fn share(app: &TestApp, id: &str, day: &str) -> (i64, i64) {
    let it = indicator(id);
    (number(app, it.numerator, day).await, number(app, it.denominator.unwrap(), day).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_licences_are_computed_for_any_day() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let key = create(&api, "康乐养老院", "elderly_home").await;
        licence(&api, &key, "care_filing", "2020-01-01", None).await;
        licence(&api, &key, "practice", "2021-01-01", Some("2025-12-31")).await;
        assert_eq!(both_on(&api, &key, "2020-12-31").await, json!(false));
        assert_eq!(both_on(&api, &key, "2021-01-01").await, json!(true));
        assert_eq!(both_on(&api, &key, "2025-12-31").await, json!(true));
        assert_eq!(both_on(&api, &key, "2026-01-01").await, json!(false));
        let paired = indicator("paired_cert").numerator;
        assert_eq!(number(app, paired, "2020-12-31").await, 0);
        assert_eq!(number(app, paired, "2025-12-31").await, 1);
        assert_eq!(number(app, paired, "2026-01-01").await, 0);
        // A renewal goes on where the old one ends.
        licence(&api, &key, "practice", "2026-01-01", Some("2030-12-31")).await;
        assert_eq!(number(app, paired, "2026-01-01").await, 1);
        assert_eq!(both_on(&api, &key, "2026-01-01").await, json!(true));
        // The same number twice is a mistake.
        let again =
            json!({"kind": "practice", "number": "practice-2026-01-01", "issuer": "某局", "from": "2026-01-01"});
        api.post(&format!("/api/v1/institutions/{key}/licences"), again).await.with_status(422);
        let backwards =
            json!({"kind": "food", "number": "1", "issuer": "某局", "from": "2026-01-02", "until": "2026-01-01"});
        api.post(&format!("/api/v1/institutions/{key}/licences"), backwards).await.with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abilities_hold_from_their_day_and_give_the_shares() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let (first, second) =
            (create(&api, "甲养老院", "elderly_home").await, create(&api, "乙养老院", "elderly_home").await);
        let set = async |key: &str, body: Value| api.post(&format!("/api/v1/institutions/{key}/abilities"), body).await;
        set(
            &first,
            json!({"from": "2016-01-01", "modes": ["mode_contracted"], "beds_elderly": 100, "beds_nursing": 55}),
        )
        .await
        .ok();
        set(&second, json!({"from": "2016-01-01", "marks": ["infirmary"], "beds_elderly": 40})).await.ok();
        set(&first, json!({"from": "2017-01-01", "beds_elderly": 120, "beds_nursing": 121})).await.with_status(422);
        set(&first, json!({"from": "2017-01-01", "beds_elderly": 120})).await.ok();
        set(&first, json!({"from": "2014-12-31", "beds_elderly": 1})).await.with_status(422);
        assert_eq!(share(app, "contract_share", "2016-12-31").await, (1, 2));
        assert_eq!(share(app, "contract_share", "2017-01-01").await, (0, 2), "what was left out no longer holds");
        assert_eq!(share(app, "inst_med_cover", "2016-06-01").await, (2, 2));
        assert_eq!(share(app, "infirmary_share", "2016-06-01").await, (1, 2));
        let beds = indicator("elderly_beds").numerator;
        assert_eq!((number(app, beds, "2016-12-31").await, number(app, beds, "2017-01-01").await), (140, 160));
        let shown = api.get(&format!("/api/v1/institutions/{first}?on=2016-12-31")).await.ok().json();
        assert_eq!((&shown["modes"], &shown["beds"]["beds_nursing"]), (&json!(["mode_contracted"]), &json!(55)));
        // A closed institution is counted until its last day.
        let close = json!({"day": "2018-01-01", "reason": "merged"});
        api.post(&format!("/api/v1/institutions/{second}/close"), close).await.ok();
        assert_eq!(share(app, "contract_share", "2017-12-31").await.1, 2);
        assert_eq!(share(app, "contract_share", "2018-01-01").await.1, 1);
        assert_eq!(number(app, beds, "2018-01-01").await, 120);
        let wrong = app.app.db.write({
            let app = app.app.clone();
            move |tx| tally::recount(tx, &app, COUNTY)
        });
        assert_eq!(wrong.await.unwrap().0.len(), 0, "a recount agrees");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clinics_owe_no_green_channel_and_private_hospitals_no_department() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let hospital = create(&api, "县人民医院", "hospital").await;
        let private = create(&api, "友谊医院", "hospital").await;
        create(&api, "河口村卫生室", "village_clinic").await;
        let set = async |key: &str, body: Value| api.post(&format!("/api/v1/institutions/{key}/abilities"), body).await.ok();
        set(&hospital, json!({"from": "2016-01-01", "level": "level2", "owner": "public", "marks": ["green_channel", "geriatrics"]})).await;
        set(&private, json!({"from": "2016-01-01", "level": "level3", "owner": "private"})).await;
        assert_eq!(share(app, "green_channel", "2017-06-30").await, (1, 2));
        assert_eq!(share(app, "green_channel", "2017-06-29").await.1, 0, "the day before nobody owed one");
        assert_eq!(share(app, "geri_dept", "2025-12-31").await, (1, 1));
        assert_eq!(number(app, indicator("medical_institutions").numerator, "2025-12-31").await, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_in_the_form_is_told_at_once() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        official.get("/institutions/new").await.ok();
        let form = [
            ("name", ""),
            ("kind", "elderly_home"),
            ("code", "91350100M000100Y44"),
            ("place", "990101001"),
            ("opened", "2020-01-01"),
            ("position", "0,0"),
            ("hours", "周一到"),
            ("phone", "12"),
        ];
        let refused = official.post("/institutions/new", &form).await.with_status(422);
        for field in ["name", "code", "position", "hours", "phone"] {
            assert!(refused.text().contains(&format!("id=\"{field}-error\"")), "{field}");
        }
        assert!(!refused.text().contains("id=\"opened-error\""));
        assert_eq!(app.count("select count(*) from institution").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_checked_and_one_institutions_alone() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        official.get("/institutions/new").await.ok();
        let form = |name: &'static str, code: &'static str, position: &'static str| {
            [
                ("name", name),
                ("kind", "elderly_home"),
                ("code", code),
                ("place", "990101001"),
                ("opened", "2020-01-01"),
                ("position", position),
                ("hours", "周一至周五 8:00－12:00"),
                ("phone", "0816 2345678"),
            ]
        };
        let refused =
            official.post("/institutions/new", &form("怡和养老院", "91350100M000100Y44", "")).await.with_status(422);
        assert!(refused.text().contains("校验码不符") && refused.text().contains("value=\"怡和养老院\""));
        official.post("/institutions/new", &form("怡和养老院", "91350100M000100Y4", "")).await.with_status(422);
        official.post("/institutions/new", &form("怡和养老院", "", "0,0")).await.with_status(422);
        let made = official
            .post("/institutions/new", &form("怡和养老院", "91350100m000100y43", "104.679114,31.467459"))
            .await
            .leads();
        let page = official.get(&made).await.ok().text();
        assert!(page.contains("91350100M000100Y43") && page.contains("31.467459,104.679114"));
        assert!(page.contains("周一至周五 08:00-12:00") && page.contains("0816-2345678"));
        let twice =
            official.post("/institutions/new", &form("金秋养老院", "91350100M000100Y43", "")).await.with_status(422);
        assert!(twice.text().contains("已由怡和养老院使用"));
        assert!(official.get("/institutions/map").await.ok().text().contains("怡和养老院"));
        assert!(official.get("/institutions?q=91350100M000100Y43").await.ok().text().contains("怡和养老院"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_completed_under_its_own_number_and_keeps_its_history() {
    on_both(async |app| {
        let mut official = app.client(Role::Official).await;
        let here = format!("/institutions/{COUNTY}-{}", ORGANISATION.0);
        assert!(official.get(&here).await.ok().text().contains("机构信息待补充"));
        assert!(official.get("/institutions?licences=unknown").await.ok().text().contains("城关镇卫生院"));
        let licence = [("kind", "practice"), ("number", "PDY1"), ("issuer", "卫健局"), ("from", "2024-01-01")];
        official.post_file(&format!("{here}/licences"), &licence, ("file", "a.jpg", &[])).await.with_status(409);
        let form = [
            ("name", "城关镇中心卫生院"),
            ("kind", "township_health_centre"),
            ("place", "990101001"),
            ("opened", "1998-01-01"),
        ];
        official.post(&format!("{here}/edit"), &form).await.leads();
        assert_eq!(app.count("select count(*) from organisation where name = '城关镇中心卫生院' and id = 41").await, 1);
        let photo = [&[0xff, 0xd8, 0xff, 0xe0][..], &[0; 64]].concat();
        official.post_file(&format!("{here}/licences"), &licence, ("file", "许可证.jpg", &photo)).await.leads();
        let page = official.get(&here).await.ok().text();
        let at = page.find(&format!("{here}/files/")).expect("the document can be opened");
        let file: String = page[at..].chars().take_while(|it| *it != '"').collect();
        assert_eq!(official.get(&file).await.ok().body, photo);
        official.get(&format!("{here}/files/1")).await.with_status(404);
        let history = official.get(&format!("{here}/history")).await.ok().text();
        assert!(history.contains("城关镇卫生院") && history.contains("城关镇中心卫生院") && history.contains("PDY1"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn licences_that_run_out_are_on_the_workbench() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let today = kit::clock::day_of(app.app.clock.now());
        let day = |n: i32| today.add_days(n).to_string();
        for (name, left) in [("过期", -1), ("将到期", 30), ("尚早", 200)] {
            let key = create(&api, name, "elderly_home").await;
            licence(&api, &key, "food", "2020-01-01", Some(&day(left))).await;
        }
        let names = async |filter: &str| {
            let list = api.get(&format!("/api/v1/institutions?licences={filter}")).await.ok().json();
            list["items"].as_array().unwrap().iter().map(|it| text(it, "shown_name")).collect::<Vec<_>>()
        };
        assert_eq!(names("expired").await, ["过期"]);
        assert_eq!(names("soon").await, ["将到期"]);
        let mut official = app.client(Role::Official).await;
        let page = official.get("/").await.ok().text();
        assert!(page.contains("机构证照已过期") && page.contains("机构证照将到期"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_institution_serves_is_known_by_day_and_place() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let key = create(&api, "城关医养结合中心", "care_centre").await;
        let path = format!("/api/v1/institutions/{key}/area");
        api.post(&path, json!({"places": ["990101001001", "990102001001"], "from": "2024-01-01"}))
            .await
            .with_status(422);
        api.post(&path, json!({"places": ["990101001001"], "from": "2024-01-01"})).await.ok();
        api.post(&path, json!({"places": ["990101001002"], "from": "2024-06-01"})).await.ok();
        let serving = async |place: &str, on: &str| {
            let found = api.get(&format!("/api/v1/institutions/serving?place={place}&on={on}")).await.ok().json();
            found["total"].as_i64().unwrap()
        };
        assert_eq!(serving("990101001001", "2024-05-31").await, 1);
        assert_eq!(serving("990101001001", "2024-06-01").await, 0);
        assert_eq!(serving("990101001002", "2024-06-01").await, 1);
        let other = app.api_at(Role::Official, OTHER_COUNTY).await;
        other.get(&format!("/api/v1/institutions/{key}")).await.with_status(404);
        assert_eq!(other.get("/api/v1/institutions").await.ok().json()["total"], json!(0));
        // A manager keeps the own institution's record and establishes none.
        let manager = app.api(Role::Manager).await;
        manager.get(&format!("/api/v1/institutions/{key}")).await.with_status(404);
        manager.post("/api/v1/institutions", json!({"name": "甲"})).await.with_status(403);
        assert_eq!(manager.get("/api/v1/institutions").await.ok().json()["total"], json!(1));
    })
    .await;
}
