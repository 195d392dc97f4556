//! Long-term-care insurance as its people do it: apply, decide, change, pause, end; agreements with institutions.

mod arrears;
mod benefit;
mod fund;
mod provider;

use kit::{Ask, Id, Scope, Who, clock::day_of, config::Config, who::Role};
use rules::base::Date;
use serde_json::{Value, json};

use crate::support::{COUNTY, ORGANISATION, TestApp, on_both_with};

pub const VILLAGE: &str = "990101001001";

/// What the county lays down, invented for these tests.
const POLICY: &str = "\
最低失能等级:
  说明: 示例
  取值:
    - { 起: 2020-01-01, 值: 3, 状态: 示例 }
服务方式:
  说明: 示例
  取值:
    - { 起: 2020-01-01, 值: [机构上门护理, 机构集中护理], 状态: 示例 }
";

/// A demonstration in which the test county has a scheme, and its neighbour none.
pub async fn in_scheme(test: impl AsyncFn(&TestApp)) {
    in_scheme_with("", test).await;
}

/// As [`in_scheme`], with what the county lays down besides.
pub async fn in_scheme_with(more: &str, test: impl AsyncFn(&TestApp)) {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(format!("{COUNTY}-own"));
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("ltci.yaml"), format!("{POLICY}{more}")).unwrap();
    let named = format!("\"{COUNTY}\": {{ 名称: 示例县, 英文: Example }}\n");
    std::fs::write(folder.path().join("regions.yaml"), named).unwrap();
    let shipped = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let dirs = [shipped, folder.path().to_path_buf()];
    let change = |config: &mut Config| {
        config.demo = true;
        config.policy = dirs.to_vec();
    };
    on_both_with(app::MODULES, change, test).await;
}

pub fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}"))
}

pub fn number(key: &str) -> &str {
    key.rsplit_once('-').unwrap().1
}

/// The institution of the test accounts.
pub fn provider() -> String {
    format!("{COUNTY}-{ORGANISATION}")
}

/// An agreement of an institution for a year from the first of this month.
pub async fn agreed(app: &TestApp, key: &str, capacity: i64) {
    let from = app.app.clock.today().first_of_month();
    let body = json!({
        "number": format!("协议{}", number(key)), "from": from.to_string(), "until": from.add_months(12).add_days(-1).to_string(),
        "level": 2, "modes": ["visiting", "residential"], "capacity": capacity
    });
    app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/providers/{key}/sign"), body).await.ok();
}

/// Another institution of the county; gives its key.
pub async fn institution(app: &TestApp, name: &str) -> String {
    let body = json!({"name": name, "kind": "nursing_home", "place": VILLAGE, "opened": "2020-01-01"});
    let answer = app.api(Role::Official).await.post("/api/v1/institutions", body).await.ok().json();
    text(&answer, "id").to_string()
}

/// Enrols an elder from a day on.
pub async fn insured(app: &TestApp, elder: &str, from: Date) {
    let id = number(elder);
    let blind = if app.app.db.kind() == kit::db::Kind::Postgres {
        format!("'\\x{:016x}'::bytea", id.parse::<i64>().unwrap())
    } else {
        format!("x'{:016x}'", id.parse::<i64>().unwrap())
    };
    app.run(&format!(
        "insert into ltci_insured (region, id, elder, name, initials, id_number, id_blind, employer, kind, source, created, changed)
         values ('{COUNTY}', {id}, {id}, '', '', {blind}, {blind}, '', 'resident', 'test', '', '')"
    ))
    .await;
    app.run(&format!(
        "insert into ltci_kind (region, insured, from_day, kind, source) values ('{COUNTY}', {id}, '{from}', 'resident', 'test')"
    ))
    .await;
}

/// A conclusion of the LTCI assessment that is in force: the heaviest grade, or none at all.
pub async fn concluded(app: &TestApp, elder: &str, worst: bool) {
    let (key, app_too): (app::elders::Key, _) = (elder.parse().unwrap(), app.app.clone());
    let day = app
        .app
        .db
        .write(move |tx| {
            let scope = Scope::of(&app_too.places.tree(), COUNTY);
            let ask = Ask::of(&app_too, Who::system(scope), app_too.clock.now());
            let elder = app::elders::find(tx, &ask.who.scope, &key)?;
            let instrument = app_too.policy.instrument("ltc-2021").unwrap();
            let score = |it: &rules::assessment::Item| {
                let scores = it.choices.iter().map(|it| it.score);
                (if worst { scores.min() } else { scores.max() }).unwrap().to_string()
            };
            let answers = instrument.items.iter().map(|it| (it.id.clone(), score(it))).collect();
            let past = app::assessment::Past {
                programme: app::assessment::Programme::Ltci,
                instrument: "",
                reason: "first",
                site: "home",
                answers: &answers,
                facts: &rules::assessment::Facts::default(),
                assessors: [Some((Id(1), "甲")), Some((Id(2), "乙"))],
            };
            app::assessment::take(tx, &ask, &elder, &past)?;
            Ok(day_of(ask.now))
        })
        .await
        .unwrap();
    assert_eq!(day, app.app.clock.today());
    days_go_by(app, 9).await;
}

/// Lets days go by, with the work of a night.
pub async fn days_go_by(app: &TestApp, days: i64) {
    app.app.clock.advance_days(days);
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
}

/// Applies for an elder; gives the application.
pub async fn applied(app: &TestApp, elder: &str, provider: &str) -> Value {
    let body = json!({"elder": elder, "mode": "residential", "provider": number(provider), "applicant": "self"});
    app.api(Role::Clerk).await.post("/api/v1/ltci/applications", body).await.ok().json()
}

/// An elder whose benefit was granted today and runs from the first of next month.
pub async fn granted(app: &TestApp, change: Value, provider: &str) -> String {
    let elder = crate::assessment::elder_with(app, change).await;
    insured(app, &elder, "2024-01-01".parse().unwrap()).await;
    concluded(app, &elder, true).await;
    let application = applied(app, &elder, provider).await;
    let path = format!("/api/v1/ltci/applications/{}/decide", text(&application, "id"));
    let decided = app.api(Role::Clerk).await.post(&path, json!({})).await.ok().json();
    assert_eq!(text(&decided, "state"), "granted");
    elder
}

/// The benefit of an elder as programs get it.
pub async fn benefit(app: &TestApp, elder: &str) -> Value {
    app.api(Role::Clerk).await.get(&format!("/api/v1/ltci/benefits/{elder}")).await.ok().json()
}
