//! The insured for programs: the same functions as the pages.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{arrears, contribution, list, record, unit};
use crate::elders::Key;

pub const LIST: ApiDoc = ApiDoc {
    summary: "Who is insured",
    query: &[
        ("q", "name, initials or ID number"),
        ("kind", "employee, retiree, flexible, resident or minor"),
        ("state", "insured or ended"),
        ("employer", "a part of it"),
        ("unit", "the whole name of an employer or village"),
        ("place", "region code within your scope"),
    ],
    answer: list_answer,
    ..READ
};
pub const ARREARS: ApiDoc = ApiDoc {
    summary: "Who owes contributions for periods that are over; fen is what they owe",
    query: &[
        ("q", "name, initials or ID number"),
        ("kind", "employee, retiree, flexible, resident, minor or ended"),
        ("least", "at least so much, in yuan"),
        ("employer", "a part of it"),
        ("unit", "the whole name of an employer or village"),
        ("place", "region code within your scope"),
    ],
    answer: list_answer,
    ..READ
};
pub const TOTAL: ApiDoc = ApiDoc {
    summary: "How many owe contributions and how much, in fen, by kind",
    query: &[("place", "region code within your scope")],
    ..READ
};
pub const UNITS: ApiDoc = ApiDoc {
    summary: "Employers and villages, with how many are insured there by kind; fen is what they owe",
    query: &[
        ("q", "name or initials"),
        ("kind", "with people of a kind: employee, retiree, flexible, resident or minor"),
        ("owing", "yes or no"),
        ("place", "region code within your scope"),
    ],
    answer: list_answer,
    ..READ
};
pub const ENROL: ApiDoc = ApiDoc { summary: "Enrol somebody by ID number", body: record::FIELDS, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One insured person: kinds, what is due and paid, in fen", ..READ };
pub const CHANGE: ApiDoc =
    ApiDoc { summary: "Another kind or base from a day on", body: record::CHANGE_FIELDS, ..READ };
pub const END: ApiDoc = ApiDoc { summary: "End the enrolment", body: record::END_FIELDS, ..READ };
pub const CORRECT: ApiDoc = ApiDoc {
    summary: "Correct what was paid, or give it back, by an entry of its own",
    body: contribution::FIELDS,
    ..READ
};

pub async fn list(ask: Ask) -> Result<Response> {
    list::INSURED.json(&ask).await
}

pub async fn arrears(ask: Ask) -> Result<Response> {
    arrears::ARREARS.json(&ask).await
}

pub async fn total(ask: Ask) -> Result<Response> {
    let (sum, kinds) = ask
        .read(|tx, ask| {
            let scope = arrears::scope(ask).ok_or(kit::Error::NotFound)?;
            Ok((arrears::sum_of(tx, &scope)?, arrears::by_kind(tx, &scope)?))
        })
        .await?;
    let kinds: serde_json::Map<String, Value> = kinds
        .into_iter()
        .map(|(kind, it)| (kind.to_string(), json!({"persons": it.persons, "owed": it.owed})))
        .collect();
    Ok(Json(json!({"persons": sum.persons, "owed": sum.owed, "by_kind": kinds})).into_response())
}

pub async fn units(ask: Ask) -> Result<Response> {
    unit::UNITS.json(&ask).await
}

pub async fn enrol(ask: Ask, input: Input) -> Result<Response> {
    let (key, is_new) = ask
        .write(move |tx, ask| {
            let region = record::county(ask, &ask.who.scope.place)?;
            record::enrol(tx, ask, &region, &input, "api")
        })
        .await?;
    Ok(Json(json!({"id": key, "new": is_new})).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let it = record::find(tx, ask, &key)?;
            record::note(tx, ask, &key, "look", "")?;
            let kinds: Vec<Value> = record::steps(tx, &key)?
                .stretches()
                .into_iter()
                .map(|(from, until, (kind, base))| json!({"from": from, "until": until, "kind": kind, "base": base}))
                .collect();
            let lines = contribution::lines(tx, ask, &key)?;
            let owed: i64 = lines.iter().map(contribution::Line::owed).sum();
            let lines: Vec<Value> = lines
                .iter()
                .map(|it| {
                    json!({"period": it.period, "kind": it.kind, "purse": it.purse, "base": it.base, "due": it.due,
                           "paid": it.paid, "owed": it.owed(), "because": it.because})
                })
                .collect();
            let elder = it.elder.map(|id| Key { region: key.region.clone(), id });
            Ok(json!({"id": key, "name": it.name, "elder": elder, "employer": it.employer, "kind": it.kind, "kinds": kinds,
                      "contributions": lines, "owed": owed}))
        })
        .await?;
    Ok(Json(body).into_response())
}

async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Key) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| work(tx, ask, &key)).await?;
    Ok(Json(json!({})).into_response())
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, key| record::change(tx, ask, key, &input)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, key| record::end(tx, ask, key, &input)).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, key| contribution::correct(tx, ask, key, &input)).await
}
