//! Chronic diseases for programs: every address does what the page does.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    api::{ApiDoc, READ as GET, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    check, disease, list,
    measure::{MEASURES, Measure, Values},
    medicine, referral, screening, take, visit,
};
use crate::elders::{self, Elder, Key};

const WRITE: ApiDoc = GET;

pub const LIST: ApiDoc = ApiDoc {
    summary: "Patients by the day of their next visit",
    query: &[
        ("work", "overdue, week, again, first"),
        ("disease", "a disease"),
        ("place", "place code"),
        ("team", "part of the name of the family-doctor team they are signed with"),
        ("q", "name"),
    ],
    answer: list_answer,
    ..GET
};
pub const REFERRALS: ApiDoc = ApiDoc {
    summary: "Referrals and their follow-up",
    query: &[("state", "open, late, closed"), ("place", "place code"), ("team", "part of the team's name")],
    answer: list_answer,
    ..GET
};
pub const PRESSURE: ApiDoc = ApiDoc {
    summary: "Who is to have the blood pressure measured",
    query: &[("work", "now, again, at_risk, never"), ("place", "place code")],
    answer: list_answer,
    ..GET
};
pub const GLUCOSE: ApiDoc = ApiDoc { summary: "Who is to have the fasting glucose measured", ..PRESSURE };
pub const SHOW: ApiDoc = ApiDoc { summary: "Diseases, visits, medicines, referrals and checks of one person", ..GET };
pub const REGISTER: ApiDoc = ApiDoc { summary: "Register a disease", body: disease::FIELDS, ..WRITE };
pub const END: ApiDoc = ApiDoc { summary: "End the management of a disease", body: disease::END_FIELDS, ..WRITE };
pub const VISIT: ApiDoc =
    ApiDoc { summary: "Take a follow-up visit in; answers what it says", body: take::FIELDS, ..WRITE };
pub const VOID: ApiDoc =
    ApiDoc { summary: "Take back a visit written down by mistake", body: visit::VOID_FIELDS, ..WRITE };
pub const MEDICINE: ApiDoc = ApiDoc { summary: "Add a medicine", body: medicine::FIELDS, ..WRITE };
pub const STOP: ApiDoc = ApiDoc { summary: "Stop a medicine", body: medicine::STOP_FIELDS, ..WRITE };
pub const CLOSE: ApiDoc = ApiDoc { summary: "Write down what came of a referral", body: referral::FIELDS, ..WRITE };
pub const CHECK: ApiDoc = ApiDoc { summary: "Write down a yearly check", body: check::FIELDS, ..WRITE };
pub const MEASURE: ApiDoc = ApiDoc { summary: "Take a screening measurement in", body: screening::FIELDS, ..WRITE };

pub async fn list(ask: Ask) -> Result<Response> {
    list::PATIENTS.json(&ask).await
}

pub async fn referrals(ask: Ask) -> Result<Response> {
    list::REFERRALS.json(&ask).await
}

pub async fn pressure(ask: Ask) -> Result<Response> {
    list::PRESSURE.json(&ask).await
}

pub async fn glucose(ask: Ask) -> Result<Response> {
    list::GLUCOSE.json(&ask).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "chronic")?;
            whole(tx, ask, &elder)
        })
        .await?;
    Ok(Json(body).into_response())
}

fn whole(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Value> {
    let key = &elder.key;
    let text = |it: Id| it.to_string();
    let diseases: Vec<Value> = disease::of(tx, key)?
        .iter()
        .map(|it| {
            json!({"id": text(it.id), "kind": it.kind, "icd": it.icd, "diagnosed": it.diagnosed,
                   "diagnosed_by": it.diagnosed_by, "registered": it.registered, "ended": it.ended,
                   "end_reason": it.end_reason, "remark": it.remark})
        })
        .collect();
    let visits: Vec<Value> = visit::of(tx, key, 200)?.iter().map(visit_json).collect();
    let medicines: Vec<Value> = medicine::of(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"id": text(it.id), "name": it.name, "dose": it.dose, "times": it.times, "since": it.since,
                   "until": it.until, "reason": it.reason})
        })
        .collect();
    let referrals: Vec<Value> = referral::of(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"id": text(it.id), "visit": text(it.visit), "day": it.day, "urgent": it.urgent, "reason": Said::shown(&it.reason, ask.lang),
                   "hospital": it.hospital, "follow_until": it.follow_until, "closed": it.closed, "result": it.result})
        })
        .collect();
    let checks: Vec<Value> =
        check::of(tx, key)?.into_iter().map(|it| json!({"day": it.day, "place": it.place})).collect();
    let measures: Vec<Value> = screening::of(tx, key)?
        .into_iter()
        .map(|it| json!({"day": it.day, "values": numbers(&it.values), "who": it.who}))
        .collect();
    Ok(json!({"elder": key, "diseases": diseases, "visits": visits, "medicines": medicines, "referrals": referrals,
              "checks": checks, "measures": measures}))
}

/// What was measured, by name.
fn numbers(values: &Values) -> Value {
    let measured = MEASURES.iter().zip(values.0).filter_map(|(it, value)| Some((it, value?)));
    let number = |it: &Measure, value: i64| if it.has_decimal { json!(value as f64 / 10.0) } else { json!(value) };
    Value::Object(measured.map(|(it, value)| (it.name.to_string(), number(it, value))).collect())
}

fn visit_json(it: &visit::Visit) -> Value {
    let values = numbers(&it.values);
    json!({"id": it.id.to_string(), "day": it.day, "mode": it.mode, "values": values, "salt": it.salt,
           "adherence": it.adherence, "foot": it.foot, "signs": it.signs, "adverse": it.adverse,
           "adverse_text": it.adverse_text, "complication": it.complication, "complication_text": it.complication_text,
           "medicines": it.medicines, "step": it.step, "next_day": it.next_day, "judged": it.judged,
           "remark": it.remark, "voided": it.voided, "void_reason": it.void_reason})
}

/// One deed for a living elder of the reader's scope.
async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<Value> + Send + 'static,
) -> Result<Response> {
    elders::deed(&ask, &key, work).await.map(|it| Json(it).into_response())
}

fn number(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}

pub async fn register(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": disease::register_from(tx, ask, elder, &input)?.to_string()})))
        .await
}

pub async fn end(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| disease::end_from(tx, ask, elder, id, &input).map(|()| json!({}))).await
}

pub async fn visit(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| {
        let taken = take::take(tx, ask, elder, &input)?;
        Ok(visit_json(&visit::find(tx, &elder.key, taken.id)?))
    })
    .await
}

pub async fn void(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| visit::void(tx, ask, elder, id, &input).map(|()| json!({}))).await
}

pub async fn medicine(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": medicine::add(tx, ask, elder, &input)?.to_string()}))).await
}

pub async fn stop(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| medicine::stop(tx, ask, elder, id, &input).map(|()| json!({}))).await
}

pub async fn close(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| referral::close(tx, ask, elder, id, &input).map(|()| json!({}))).await
}

pub async fn check(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| check::add(tx, ask, elder, &input).map(|()| json!({}))).await
}

pub async fn measure(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": screening::add(tx, ask, elder, &input)?.to_string()}))).await
}
