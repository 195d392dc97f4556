//! Assessment as its people do it: apply, check, send, answer, sign, review, notice, objection, expiry.

mod api;
mod course;
mod objection;
mod refusals;
mod scales;

use kit::{Id, config::Config, who::Role};
use rules::assessment::Instrument;
use serde_json::json;

use crate::{
    client::Client,
    support::{COUNTY, PASSWORD, TestApp, on_both_with},
};

/// A day of a demonstration, so that the example values of the policy hold.
pub async fn in_demo(test: impl AsyncFn(&TestApp)) {
    on_both_with(app::MODULES, |config: &mut Config| config.demo = true, test).await;
}

pub const VILLAGE: &str = "990101001001";

/// A picture as the signature pad sends it.
pub const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==";
pub const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo";

/// Takes an elder in; gives the key.
pub async fn elder_with(app: &TestApp, change: serde_json::Value) -> String {
    let mut body = json!({
        "name": "王桂芳", "id_kind": "none", "birth": "1940-05-01", "sex": "female", "place": VILLAGE,
        "living": "alone", "insurance": "resident"
    });
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = app.api(Role::Official).await.post("/api/v1/elders", body).await.ok().json();
    answer["id"].as_str().unwrap().to_string()
}

pub async fn elder(app: &TestApp) -> String {
    elder_with(app, json!({})).await
}

/// An assessor's account, and the browser they are signed in with.
pub async fn assessor(app: &TestApp, login: &str) -> (Id, Client) {
    let id = app.account(login, Role::Assessor, COUNTY).await;
    let mut client = app.visitor();
    client.sign_in(login, PASSWORD).await.unwrap();
    (id, client)
}

/// Applies for a programme and hands the application in; gives the assessment's key.
pub async fn applied(app: &TestApp, elder: &str, kind: &str) -> String {
    let mut nurse = app.client(Role::Clinician).await;
    let link = nurse.post("/assessment/new", &[("elder", elder), ("kind", kind)]).await.leads();
    assert_eq!(nurse.post(&format!("{link}/submit"), &[]).await.leads(), link);
    link.rsplit('/').next().unwrap().to_string()
}

pub async fn accepted(app: &TestApp, key: &str) {
    let mut clerk = app.client(Role::Clerk).await;
    clerk.post(&format!("/assessment/{key}/accept"), &[]).await.leads();
}

/// Sends two assessors today.
pub async fn sent(app: &TestApp, key: &str, first: Id, second: Id) {
    let mut clerk = app.client(Role::Clerk).await;
    let (first, second, today) = (first.to_string(), second.to_string(), app.app.clock.today().to_string());
    let fields = [("assessor_1", &*first), ("assessor_2", &second), ("planned_day", &today), ("planned_time", "09:30")];
    clerk.post(&format!("/assessment/{key}/assign"), &fields).await.leads();
}

/// Answers to every item: the nth best choice of each, some items apart.
pub fn answers(instrument: &Instrument, worst: bool, but: &[(&str, &str)]) -> Vec<(String, String)> {
    let score = |it: &rules::assessment::Item| {
        let scores = it.choices.iter().map(|it| it.score);
        let found = if worst { scores.min() } else { scores.max() };
        found.unwrap().to_string()
    };
    instrument
        .items
        .iter()
        .map(|it| {
            let own = but.iter().find(|one| one.0 == it.id);
            (it.id.clone(), own.map_or_else(|| score(it), |it| it.1.to_string()))
        })
        .collect()
}

/// Sends a whole form of answers; gives where it leads.
pub async fn answered(client: &mut Client, key: &str, answers: &[(String, String)], facts: &[(&str, &str)]) -> String {
    let page = client.get(&format!("/assessment/{key}/answers")).await.ok();
    assert!(page.text().contains("questionnaire"));
    let mut fields: Vec<(&str, &str)> = answers.iter().map(|(item, score)| (&**item, &**score)).collect();
    fields.extend([("do", "finish"), ("facts", "1")]);
    fields.extend(facts);
    client.post(&format!("/assessment/{key}/answers"), &fields).await.leads()
}

pub async fn photographed(client: &mut Client, key: &str) {
    client.get(&format!("/assessment/{key}")).await.ok();
    let fields = [("kind", "photo"), ("note", "客厅"), ("back", "sign")];
    let path = format!("/assessment/{key}/evidence");
    assert_eq!(
        client.post_file(&path, &fields, ("file", "客厅.jpg", PHOTO)).await.leads(),
        format!("/assessment/{key}/sign")
    );
}

/// Signs with the pad.
pub async fn signed(client: &mut Client, key: &str) -> crate::client::Answer {
    client.get(&format!("/assessment/{key}/sign")).await;
    let fields = [("signature", SIGNATURE), ("site", "home"), ("informant", "女儿王敏")];
    client.post_file(&format!("/assessment/{key}/sign"), &fields, ("signature_file", "", b"")).await
}

/// From the application to two signatures, with these answers; gives key and assessors.
pub async fn finished(app: &TestApp, elder: &str, worst: bool, but: &[(&str, &str)]) -> (String, [(Id, Client); 2]) {
    let key = applied(app, elder, "ltci").await;
    accepted(app, &key).await;
    let (mut a, mut b) = (assessor(app, "assessor.a").await, assessor(app, "assessor.b").await);
    sent(app, &key, a.0, b.0).await;
    let ltc = app.app.policy.instrument("ltc-2021").unwrap();
    assert!(answered(&mut a.1, &key, &answers(ltc, worst, but), &[]).await.ends_with("/sign"));
    photographed(&mut a.1, &key).await;
    signed(&mut a.1, &key).await.leads();
    signed(&mut b.1, &key).await.leads();
    (key, [a, b])
}

pub async fn approved(app: &TestApp, key: &str) {
    let mut lead = app.client(Role::Lead).await;
    lead.post(&format!("/assessment/{key}/approve"), &[("words", "属实")]).await.leads();
}

/// Lets days go by, with the work of a night.
pub async fn days_go_by(app: &TestApp, days: i64) {
    app.app.clock.advance_days(days);
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
}

/// The assessment as a program sees it.
pub async fn as_json(app: &TestApp, key: &str) -> serde_json::Value {
    app.api(Role::Lead).await.get(&format!("/api/v1/assessments/{key}")).await.ok().json()
}

pub fn text<'a>(value: &'a serde_json::Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name}: {value}"))
}
