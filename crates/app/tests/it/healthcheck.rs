//! The yearly check as its people do it: called, filled in by several, finished, counted, and laboratories' files.

use kit::{
    tally::{self, Count, Where},
    who::Role,
};
use rules::healthcheck::Form;
use serde_json::{Map, Value, json};

use crate::{
    assessment::{days_go_by, elder, elder_with, text},
    client::Api,
    support::{COUNTY, OTHER_COUNTY, TestApp, on_both},
};

/// Everything a check asks for, in order, some fields apart.
fn values(app: &TestApp, but: &[(&str, &str)]) -> Map<String, Value> {
    let policy = app.app.policy.at(COUNTY.parse().unwrap(), app.app.clock.today());
    let form = Form::of(&policy).unwrap();
    let mut all = Map::new();
    for item in form.items().filter(|it| it.computed.is_none()) {
        let text = match item.choices.first() {
            _ if item.id == "guidance" => "falls next_year".to_string(),
            Some(first) => first.word.clone(),
            None if item.is_number() => match (item.references.first(), item.plausible) {
                (Some(range), _) => range.high.or(range.low).unwrap().to_string(),
                (None, Some([lowest, _])) => lowest.to_string(),
                (None, None) => unreachable!("a number has ends"),
            },
            None => String::new(),
        };
        if !text.is_empty() {
            all.insert(item.id.clone(), json!(text));
        }
    }
    for (id, text) in
        [("height", "156"), ("weight", "52"), ("waist", "78"), ("hemoglobin", "132"), ("creatinine", "70")]
    {
        all.insert(id.into(), json!(text));
    }
    for id in ["urea", "alt", "ast", "bilirubin"] {
        all.insert(id.into(), json!("8"));
    }
    for item in &app.app.policy.instrument("phs-selfcare").unwrap().items {
        all.insert(item.id.clone(), json!(0));
    }
    for (id, text) in but {
        match *text {
            "" => all.remove(*id),
            text => all.insert((*id).into(), json!(text)),
        };
    }
    all
}

/// Begins a check; gives its key.
async fn begun(nurse: &Api, elder: &str) -> String {
    let made = nurse.post("/api/v1/healthcheck", json!({"elder": elder})).await.ok().json();
    text(&made, "id").to_string()
}

async fn filled(nurse: &Api, app: &TestApp, key: &str, but: &[(&str, &str)]) -> Value {
    nurse.post(&format!("/api/v1/healthcheck/{key}/values"), json!(values(app, but))).await.ok().json()
}

async fn finished(nurse: &Api, key: &str, reason: &str) -> Value {
    nurse.post(&format!("/api/v1/healthcheck/{key}/finish"), json!({"reason": reason})).await.ok().json()
}

async fn counted(app: &TestApp, marks: &'static [&'static str], day: &str) -> i64 {
    let day = day.parse().unwrap();
    let at = Where::Counties(vec![COUNTY.to_string()]);
    app.app.db.read(move |tx| tally::amount(tx, &Count::new("person", marks), &at, day)).await.unwrap()
}

const MANAGED: &[&str] = &["elders.aged65", "healthcheck.managed"];
const COMPLETE: &[&str] = &["elders.aged65", "healthcheck.managed", "healthcheck.complete"];

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_check_counts_this_year_and_no_longer_next_year() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let key = begun(&nurse, &elder).await;
        let today = app.app.clock.today();
        assert_eq!(counted(app, MANAGED, &today.to_string()).await, 0, "begun is not done");
        let kept = filled(&nurse, app, &key, &[]).await;
        assert_eq!((&kept["complete"], &kept["found"]), (&json!(true), &json!([])), "{}", kept["found"]);
        assert_eq!(text(&kept["self_care"], "level"), "可自理");
        assert_eq!(counted(app, MANAGED, &today.to_string()).await, 0, "a doctor has to finish it");
        let done = finished(&nurse, &key, "").await;
        assert_eq!(text(&done, "state"), "finished");
        for marks in [MANAGED, COMPLETE] {
            assert_eq!(counted(app, marks, &today.to_string()).await, 1);
            assert_eq!(counted(app, marks, &today.add_days(-1).to_string()).await, 0);
            assert_eq!(counted(app, marks, &format!("{}-12-31", today.year())).await, 1);
            assert_eq!(counted(app, marks, &format!("{}-01-01", today.year() + 1)).await, 0);
        }
        let refused = nurse.post(&format!("/api/v1/healthcheck/{key}/finish"), json!({})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "finished_already");
        let due = app.count("select count(*) from elder_due where kind = 'healthcheck'").await;
        assert_eq!(due, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_without_blood_pressure_does_not_count_and_says_so() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let key = begun(&nurse, &elder).await;
        filled(&nurse, app, &key, &[("sbp", ""), ("ultrasound", "")]).await;
        let path = format!("/api/v1/healthcheck/{key}/finish");
        let wrong = nurse.post(&path, json!({})).await.with_status(422).json();
        assert!(wrong.to_string().contains("血压、腹部B超"), "{wrong}");
        let done = finished(&nurse, &key, "老人不愿测").await;
        assert_eq!(done["missing"], json!(["血压", "腹部B超"]));
        assert_eq!(done["missing_to_count"], json!(["血压"]));
        let today = app.app.clock.today().to_string();
        assert_eq!(counted(app, MANAGED, &today).await, 0);
        let notes =
            app.count("select count(*) from tally_span where mark = 'healthcheck.short' and note like '%血压%'");
        assert_eq!(notes.await, 1, "the reason stands beside the person");
        nurse.post(&format!("/api/v1/healthcheck/{key}/values"), json!({"sbp": 128})).await.ok();
        assert_eq!(counted(app, MANAGED, &today).await, 1, "what comes late counts as well");
        assert_eq!(counted(app, COMPLETE, &today).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_pen_is_said_at_once_and_the_rest_is_kept() {
    on_both(async |app| {
        let elder = elder(app).await;
        let key = begun(&app.api(Role::Clinician).await, &elder).await;
        let mut nurse = app.client(Role::Clinician).await;
        let path = format!("/healthcheck/{key}/fill/examination");
        let page = nurse.get(&path).await.ok().text();
        assert!(page.contains("name=\"was.sbp\"") && page.contains("mmHg"));
        let fields = [("sbp", "1280"), ("was.sbp", ""), ("dbp", "84"), ("was.dbp", "")];
        let answer = nurse.post(&format!("{path}?auto=1"), &fields).await.ok().text();
        assert!(answer.contains("一般在 60 到 280 mmHg 之间") && answer.contains("id=\"n-sbp\""), "{answer}");
        assert!(answer.contains("name=\"was.dbp\" value=\"84\""), "the other field is kept");
        let refused = nurse.post(&path, &fields).await.with_status(422);
        assert!(refused.text().contains("value=\"1280\""), "what was typed is still there");
        let fields = [("sbp", "186"), ("was.sbp", ""), ("dbp", "84"), ("was.dbp", "84"), ("to", "laboratory")];
        assert!(nurse.post(&path, &fields).await.leads().ends_with("/fill/laboratory"));
        let page = nurse.get(&format!("/healthcheck/{key}")).await.ok().text();
        assert!(page.contains("危急") && page.contains("请今天就去医院"), "said to the doctor and for the elder");
        let told = app.count("select count(*) from elder_timeline where kind = 'healthcheck' and tone = 'bad'").await;
        assert_eq!(told, 1, "a critical finding stands in the record before the check is finished");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_of_the_team_goes_on_and_nobody_overwrites_what_is_newer() {
    on_both(async |app| {
        let elder = elder(app).await;
        let (mut nurse, mut lead) = (app.client(Role::Clinician).await, app.client(Role::Lead).await);
        nurse.get(&format!("/healthcheck/due/{elder}")).await.ok();
        let today = app.app.clock.today().to_string();
        let path = nurse.post(&format!("/healthcheck/begin/{elder}"), &[("day", &today)]).await.leads();
        assert!(path.ends_with("/fill/lifestyle"));
        let key = path.split('/').nth(2).unwrap().to_string();
        lead.get(&format!("/healthcheck/due/{elder}")).await.ok();
        let again = lead.post(&format!("/healthcheck/begin/{elder}"), &[("day", &today)]).await.leads();
        assert!(again.contains(&key), "one check a year, gone on with");
        let path = format!("/healthcheck/{key}/fill/laboratory");
        nurse.post(&format!("{path}?auto=1"), &[("glucose", "5.6"), ("was.glucose", "")]).await.ok();
        // The lead's page was made before; what it did not touch is left alone.
        let stale = [("glucose", ""), ("was.glucose", ""), ("alt", "22"), ("was.alt", "")];
        lead.post(&format!("{path}?auto=1"), &stale).await.ok();
        // What was typed and taken back is taken back.
        nurse.post(&format!("{path}?auto=1"), &[("ast", "30"), ("was.ast", "")]).await.ok();
        nurse.post(&format!("{path}?auto=1"), &[("ast", ""), ("was.ast", "30")]).await.ok();
        let kept = app.api(Role::Lead).await.get(&format!("/api/v1/healthcheck/{key}")).await.ok().json();
        assert_eq!((&kept["values"]["glucose"], &kept["values"]["alt"]), (&json!("5.6"), &json!("22")));
        assert_eq!(kept["values"]["ast"], Value::Null);
        assert_eq!(text(&kept["sections"]["laboratory"], "who"), Role::Clinician.title());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn last_years_values_stand_beside_and_make_a_chart() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let last_year = format!("{}-05-06", app.app.clock.today().year() - 1);
        let made = nurse.post("/api/v1/healthcheck", json!({"elder": elder, "day": last_year})).await.ok().json();
        let old = text(&made, "id").to_string();
        filled(&nurse, app, &old, &[("weight", "60"), ("sbp", "131")]).await;
        finished(&nurse, &old, "").await;
        let key = begun(&nurse, &elder).await;
        filled(&nurse, app, &key, &[("weight", "74.5"), ("sbp", "142")]).await;
        let mut doctor = app.client(Role::Lead).await;
        let page = doctor.get(&format!("/healthcheck/{key}/fill/examination")).await.ok().text();
        assert!(page.contains("131 mmHg") && page.contains("比上次变化 14.5 kg"), "last year's value and the jump");
        let page = doctor.get(&format!("/healthcheck/{key}")).await.ok().text();
        assert!(page.contains("js-chart") && page.contains("历年血压") && page.contains("131"));
        let report = doctor.get(&format!("/healthcheck/{key}/report")).await.ok().text();
        assert!(report.contains("data-size=\"large\"") && report.contains("您的血压偏高"), "large and in plain words");
        assert!(!report.contains("非同日"), "no doctor's words for the elder");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_due_is_called_and_the_call_is_settled_by_the_check() {
    on_both(async |app| {
        let elder = elder_with(app, json!({"phone": "13812345678"})).await;
        let young = elder_with(app, json!({"name": "李年轻", "birth": "1975-01-01"})).await;
        days_go_by(app, 0).await;
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get("/healthcheck/due").await.ok().text();
        assert!(page.contains("王桂芳") && page.contains("13812345678") && !page.contains("李年轻"), "{young}");
        let official = app.client(Role::Official).await.get("/healthcheck/due").await.ok().text();
        assert!(official.contains("138****5678") && !official.contains("13812345678"), "masked for who may not reveal");
        let path = format!("/healthcheck/due/{elder}");
        nurse.get(&path).await.ok();
        nurse.post(&path, &[("result", "agreed")]).await.with_status(422);
        nurse.post(&path, &[("result", "agreed"), ("planned_day", "2020-01-01")]).await.with_status(422);
        let day = app.app.clock.today().add_days(2).to_string();
        assert_eq!(nurse.post(&path, &[("result", "agreed"), ("planned_day", &day)]).await.leads(), "/healthcheck/due");
        let program = app.api(Role::Operator).await;
        let list = program.get("/api/v1/healthcheck/due?call=agreed").await.ok().json();
        assert_eq!((&list["total"], text(&list["items"][0], "planned")), (&json!(1), &*day));
        assert_eq!(program.get("/api/v1/healthcheck/due?call=none").await.ok().json()["total"], json!(0));
        let key = begun(&app.api(Role::Clinician).await, &elder).await;
        filled(&app.api(Role::Clinician).await, app, &key, &[]).await;
        finished(&app.api(Role::Clinician).await, &key, "").await;
        assert_eq!(app.count("select count(*) from healthcheck_call where not closed").await, 0);
        let list = program.get("/api/v1/healthcheck/due?when=late").await.ok().json();
        assert_eq!(list["total"], json!(0), "the next one is due in a year");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_ends_the_duty_and_closes_the_check() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        days_go_by(app, 0).await;
        let key = begun(&nurse, &elder).await;
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{elder}/life")).await.ok();
        let today = app.app.clock.today().to_string();
        official.post(&format!("/elders/{elder}/died"), &[("day", &today), ("cause", "")]).await.leads();
        app.settle().await;
        assert_eq!(app.count("select count(*) from elder_due where kind in ('healthcheck', 'tcm')").await, 0);
        let refused = nurse.post(&format!("/api/v1/healthcheck/{key}/values"), json!({"sbp": 120})).await;
        assert_eq!(text(&refused.with_status(409).json(), "code"), "elder_gone");
        nurse.post("/api/v1/healthcheck", json!({"elder": elder})).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_too_young_has_no_check_and_another_county_sees_none() {
    on_both(async |app| {
        let year = app.app.clock.today().year();
        let nurse = app.api(Role::Clinician).await;
        let young = elder_with(app, json!({"birth": format!("{}-01-01", year - 64)})).await;
        let refused = nurse.post("/api/v1/healthcheck", json!({"elder": young})).await.with_status(409).json();
        assert_eq!(text(&refused, "code"), "too_young");
        let turning = elder_with(app, json!({"name": "赵满岁", "birth": format!("{}-12-31", year - 65)})).await;
        let key = begun(&nurse, &turning).await;
        let far = app.api_at(Role::Lead, OTHER_COUNTY).await;
        far.get(&format!("/api/v1/healthcheck/{key}")).await.with_status(404);
        far.post(&format!("/api/v1/healthcheck/{key}/values"), json!({"sbp": 120})).await.with_status(404);
        let future = app.app.clock.today().add_days(1).to_string();
        nurse.post("/api/v1/healthcheck", json!({"elder": turning, "day": future})).await.with_status(422);
    })
    .await;
}

/// A file of results for a check number and for an ID number.
fn file(number: &str, id_number: &str, day: &str) -> String {
    format!(
        "体检号,身份证号,姓名,检验日期,项目代码,项目名称,结果,单位\n\
         {number},,王桂芳,,GLU,葡萄糖,100,mg/dL\n\
         {number},,王桂芳,,HGB,血红蛋白,12.4,g/dL\n\
         {number},,王桂芳,,PRO,尿蛋白,阴性,\n\
         {number},,王桂芳,,CEA,癌胚抗原,2.1,ng/mL\n\
         {number},,张三,,ALT,谷丙转氨酶,22,U/L\n\
         99010199000001,,,,ALT,谷丙转氨酶,22,U/L\n\
         ,{id_number},李秀英,{day},CREA,肌酐,0.9,mg/dL\n\
         ,110101194001010000,无名氏,{day},CREA,肌酐,0.9,mg/dL\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laboratorys_file_fills_checks_converts_units_and_hands_back_the_rest() {
    on_both(async |app| {
        let first = elder(app).await;
        let body =
            json!({"name": "李秀英", "id_kind": "resident", "id_number": "11010519491231002X", "birth": "1949-12-31"});
        let second = elder_with(app, body).await;
        let nurse = app.api(Role::Clinician).await;
        let key = begun(&nurse, &first).await;
        let shown = nurse.get(&format!("/api/v1/healthcheck/{key}")).await.ok().json();
        let number = text(&shown, "number").to_string();
        assert!(number.starts_with(COUNTY));
        let today = app.app.clock.today().to_string();
        let text_of_file = file(&number, "11010519491231002X", &today);
        let mut client = app.client(Role::Clinician).await;
        client.get("/healthcheck/labs").await.ok();
        let sent = ("file", "化验.csv", text_of_file.as_bytes());
        let checked = client.post_file("/healthcheck/labs", &[("dry_run", "yes")], sent).await.ok().text();
        assert!(checked.contains("还没有写入") && checked.contains("体检表没有对应的项目"));
        assert_eq!(app.count("select count(*) from healthcheck_section").await, 0, "a check writes nothing");

        let link = client.post_file("/healthcheck/labs", &[("dry_run", "no")], sent).await.leads();
        let page = client.get(&link).await.ok().text();
        for words in ["没有这个体检号", "姓名与体检号、身份证号的老人不符", "身份证号不对", "110101********0000"]
        {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains("110101194001010000"), "an ID number is masked on the page");
        assert!(client.get(&format!("{link}/refused.xlsx")).await.ok().body.starts_with(b"PK"));
        let kept = nurse.get(&format!("/api/v1/healthcheck/{key}")).await.ok().json();
        let values = &kept["values"];
        assert_eq!((&values["glucose"], &values["hemoglobin"]), (&json!("5.6"), &json!("124")));
        assert_eq!(values["urine_protein"], json!("-"));
        assert_eq!(kept["sections"]["laboratory"]["sources"]["glucose"], json!("化验.csv"));
        let list = nurse.get("/api/v1/healthcheck?q=李秀英").await.ok().json();
        assert_eq!((&list["total"], text(&list["items"][0], "day")), (&json!(1), &*today), "{second}");

        let before = app.count("select count(*) from audit where subject = 'healthcheck' and action = 'change'").await;
        let again = client.post_file("/healthcheck/labs", &[("dry_run", "no")], sent).await.leads();
        let page = client.get(&again).await.ok().words();
        assert!(page.contains("已导入 0"), "the same file again changes nothing: {page}");
        assert_eq!(
            app.count("select count(*) from audit where subject = 'healthcheck' and action = 'change'").await,
            before
        );
        let mut other = app.client_at(Role::Clinician, OTHER_COUNTY).await;
        other.get(&link).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_none_is_refused_with_what_it_needs() {
    on_both(async |app| {
        let mut client = app.client(Role::Clinician).await;
        client.get("/healthcheck/labs").await.ok();
        for text in ["姓名,身高\n王桂芳,156\n", "体检号,项目代码,结果\n"] {
            let sent = ("file", "a.csv", text.as_bytes());
            let answer = client.post_file("/healthcheck/labs", &[("dry_run", "no")], sent).await;
            if text.contains("结果") {
                answer.leads();
            } else {
                assert!(answer.with_status(422).text().contains("表头要有"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_by_village_add_up_to_the_street_and_open_down() {
    on_both(async |app| {
        let nurse = app.api(Role::Clinician).await;
        for (name, village) in [("赵甲", "990101001001"), ("赵乙", "990101001001"), ("赵丙", "990101001002")] {
            let one = elder_with(app, json!({"name": name, "place": village})).await;
            if name == "赵甲" {
                let key = begun(&nurse, &one).await;
                filled(&nurse, app, &key, &[]).await;
                finished(&nurse, &key, "").await;
            }
        }
        let rates = nurse.get("/api/v1/healthcheck/rates?place=990101001").await.ok().json();
        let rows = rates["items"].as_array().unwrap();
        let row = |place: &str| rows.iter().find(|it| it["place"] == place).unwrap();
        assert_eq!((&row("990101001001")["elders_65"], &row("990101001001")["managed"]), (&json!(2), &json!(1)));
        assert_eq!((&row("990101001002")["elders_65"], &row("990101001002")["managed"]), (&json!(1), &json!(0)));
        nurse.get("/api/v1/healthcheck/rates?place=990102").await.with_status(404);
        let mut official = app.client(Role::Official).await;
        let page = official.get("/healthcheck/rates").await.ok().text();
        assert!(page.contains("33.3 %") && page.contains("?place=990101001"));
        let sheet = official.get("/healthcheck/rates?format=xlsx").await.ok();
        assert!(sheet.body.starts_with(b"PK"));
        let bench = official.get("/").await.ok().text();
        assert!(bench.contains("本年度已健康管理"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recount_agrees_with_what_the_checks_said() {
    on_both(async |app| {
        let (elder, nurse) = (elder(app).await, app.api(Role::Clinician).await);
        let key = begun(&nurse, &elder).await;
        filled(&nurse, app, &key, &[]).await;
        finished(&nurse, &key, "").await;
        let for_recount = app.app.clone();
        let found = app.app.db.read(move |tx| tally::recount(tx, &for_recount, COUNTY)).await.unwrap();
        assert_eq!(found.0, []);
    })
    .await;
}
