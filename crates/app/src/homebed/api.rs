//! Beds at home for programs: the same deeds as on the pages.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{FromRequest, Path, Request},
    http::header::CONTENT_TYPE,
    response::Response,
};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    files::Upload,
    form::Input,
};
use serde_json::{Value, json};

use super::{
    apply,
    bed::{self, Bed},
    care, charge, chart,
    deed::Deed,
    doctor, home, list,
};
use crate::elders::{Elder, Key};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Beds of your scope: home hospital beds and home elderly-care beds",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("kind", "hospital or care"),
        ("state", "applied, eligible, open, suspended, closed, refused or withdrawn"),
        ("due", "late, week or month"),
        ("place", "region code within your scope"),
        ("institution", "part of the institution's name"),
        ("doctor", "part of the responsible doctor's name"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const DUE: ApiDoc = ApiDoc {
    summary: "What is due at beds of your scope",
    query: &[
        ("what", "visit, round, superior, course, contract, photo, service or check"),
        ("when", "late, week or month"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
    ],
    answer: list_answer,
    ..READ
};
pub const APPLY: ApiDoc = ApiDoc {
    summary: "Apply for a home hospital bed, or write down the contract of a home elderly-care bed",
    body: apply::FIELDS,
    also: &[(409, "a bed of the kind is wanted or kept already, or the elder lies in another")],
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc {
    summary: "One bed with plan, records, orders, deliveries, services, devices, adaptation and charges; the look is noted. `from` and `to` limit the days of service",
    query: &[("from", "first day for the days of service"), ("to", "last day for the days of service")],
    ..READ
};

pub const FILE: ApiDoc = ApiDoc {
    summary: "The signed agreement of a bed or a picture of an adaptation, as its own media type; the look is noted",
    ..READ
};

/// How the API describes a deed.
pub fn of(deed: &'static Deed) -> ApiDoc {
    ApiDoc {
        summary: deed.summary,
        body: deed.fields,
        also: &[(409, "not in this state, or the rules say no"), (422, "a field is wrong")],
        ..READ
    }
}

pub async fn list(ask: Ask) -> Result<Response> {
    list::BEDS.json(&ask).await
}

pub async fn due(ask: Ask) -> Result<Response> {
    list::DUE.json(&ask).await
}

pub async fn begin(ask: Ask, input: Input) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let it = apply::apply_from(tx, ask, &input)?;
            whole(tx, ask, &it.key)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = bed::find(tx, &ask.who.scope, &key)?;
            bed::note(tx, ask, "look", &it, &elder, "")?;
            json_of(tx, ask, &it, &elder)
        })
        .await?;
    Ok(Json(answer))
}

/// A deed as JSON, or with its files as multipart/form-data.
pub async fn act(ask: Ask, Path(key): Path<String>, request: Request, deed: &'static Deed) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    let (input, files) = if kind.starts_with("multipart/") {
        let upload = Upload::<20>::from_request(request, &ask.app).await?;
        let files = deed.lay(&ask, &upload).await?;
        (upload.input, files)
    } else {
        (Input::from_request(request, &ask.app).await?, BTreeMap::new())
    };
    let answer = ask
        .write(move |tx, ask| {
            let it = deed.act(tx, ask, &key, &input, files)?;
            whole(tx, ask, &it.key)
        })
        .await?;
    Ok(Json(answer))
}

fn whole(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Value> {
    let (it, elder) = bed::find(tx, &ask.who.scope, key)?;
    json_of(tx, ask, &it, &elder)
}

fn json_of(tx: &Tx<'_>, ask: &Ask, it: &Bed, elder: &Elder) -> Result<Value> {
    let day = |name: &str| ask.param(name).and_then(|it| it.parse().ok());
    let from = day("from").unwrap_or_else(|| ask.today().first_of_month());
    let to = day("to").unwrap_or_else(|| ask.today());
    let pauses = home::pauses(tx, it)?;
    let concluded = apply::concluded(ask, it).filter(|_| it.decided.is_some());
    let records: Vec<Value> = chart::of(tx, it)?
        .iter()
        .map(|it| {
            json!({"id": it.id, "kind": it.kind, "day": it.day, "who": it.who, "findings": it.findings,
                   "readings": it.readings, "treatment": it.treatment, "advice": it.advice, "code": it.code,
                   "quantity": it.quantity, "service": it.service, "source": it.source, "bill": it.bill, "void": it.void_reason})
        })
        .collect();
    let orders: Vec<Value> = chart::orders(tx, it)?
        .iter()
        .map(|it| {
            json!({"id": it.id, "term": it.term, "content": it.content, "usage": it.usage, "from": it.from, "who": it.who,
                   "until": it.until, "stopped_by": it.stopped_by})
        })
        .collect();
    let deliveries: Vec<Value> = home::deliveries(tx, it)?
        .iter()
        .map(|it| {
            json!({"id": it.id, "day": it.day, "items": it.items, "who": it.who, "handed": it.handed,
                   "handed_to": it.handed_to, "handed_by": it.handed_by})
        })
        .collect();
    let services: Vec<Value> = home::services(tx, it)?
        .iter()
        .map(|it| {
            json!({"id": it.id, "name": it.name, "code": it.code, "times": it.times, "per": it.per, "from": it.from,
                   "until": it.until})
        })
        .collect();
    let devices: Vec<Value> = home::devices(tx, it)?
        .iter()
        .map(|it| json!({"id": it.id, "device": it.device, "number": it.number, "installed": it.installed, "removed": it.removed}))
        .collect();
    let adaptations: Vec<Value> = home::adaptations(tx, it)?
        .iter()
        .map(|it| {
            json!({"id": it.id, "day": it.day, "items": it.lines, "cost_fen": it.cost, "note": it.note,
                   "before": it.before, "after": it.after, "void": it.void_reason})
        })
        .collect();
    let reviews: Vec<Value> = home::reviews(tx, it)?
        .iter()
        .map(|it| json!({"day": it.day, "goes_on": it.goes_on, "findings": it.findings, "who": it.who}))
        .collect();
    let stops: Vec<Value> = pauses
        .iter()
        .map(|it| json!({"from": it.from, "until": it.until, "expected": it.expected, "reason": it.reason, "note": it.note}))
        .collect();
    let charges: Vec<Value> = charge::charged(tx, it)?
        .iter()
        .map(|it| {
            json!({"day": it.day, "number": it.number, "lines": it.lines, "amount_fen": it.amount, "person_fen": it.person})
        })
        .collect();
    let mut bed = json!({
        "id": it.key, "kind": it.kind, "elder": it.elder_key(), "name": elder.name, "state": it.state,
        "institution": it.institution_key(), "doctor": it.doctor, "applicant": it.applicant, "applied": it.applied,
        "reason": it.reason, "visit_by": it.visit_by, "visited": it.visited, "verdict": it.verdict, "decided": it.decided,
        "found": concluded.map(|it| json!({"conditions": it.conditions, "obstacles": it.obstacles, "open": it.open})),
        "consent": {"day": it.consent.day, "signer": it.consent.signer, "pages": it.consent.pages,
                    "file": it.consent.file},
        "contract_number": it.contract_number, "contract_until": it.contract_until, "opened": it.opened,
        "plan": {"diagnosis": it.plan.diagnosis, "treatment": it.plan.treatment, "nursing": it.plan.nursing,
                 "medicines": it.plan.medicines, "rounds_a_week": it.plan.rounds},
        "suspended": it.suspended, "resumed": it.resumed, "extended": it.extended, "last_round": it.last_round,
        "last_superior": it.last_superior, "round_by": it.round_by, "superior_by": it.superior_by,
        "course_until": it.course_until, "ended": it.ended, "ended_reason": it.ended_reason, "summary": it.summary,
        "days_of_service": care::days_served(it, &pauses, from, to), "records": records, "orders": orders,
        "deliveries": deliveries, "services": services, "devices": devices, "adaptations": adaptations,
        "reviews": reviews, "pauses": stops, "charges": charges,
    });
    bed["number"] = json!(it.number);
    bed["doctor_staff"] = json!(doctor::key(it));
    (bed["service_by"], bed["check_by"]) = (json!(it.service_by), json!(it.check_by));
    Ok(bed)
}
