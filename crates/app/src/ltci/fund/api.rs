//! The fund for programs: the same numbers as the pages, in fen.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Result,
    api::{ApiDoc, READ},
};
use serde_json::{Value, json};

use super::ask::{self as asking, Asked, KNOBS};

pub const BOOK: ApiDoc = ApiDoc {
    summary: "Income, spending and balance of the long-term-care fund, in fen",
    query: &[
        ("place", "county or city"),
        ("year", "this year without it"),
        ("month", "1 to 12; the whole year without it"),
    ],
    ..READ
};
pub const FORECAST: ApiDoc = ApiDoc {
    summary: "The years to come by assumptions, from the books of a year, in fen",
    query: &[
        ("place", "county or city"),
        ("year", "whose books it begins with"),
        ("years", "1 to 30"),
        ("lowest_grade", "lowest grade that is entitled"),
        ("price", "per cent a year"),
        ("ageing", "per cent a year"),
        ("growth", "per cent a year"),
        ("contribution", "per cent of what it is now"),
        ("to_home", "per cent of those in institutions"),
        ("lower_count", "per cent of the grade above"),
        ("lower_pay", "per cent of the grade above"),
    ],
    ..READ
};

pub async fn book(ask: Ask) -> Result<Response> {
    let asked = Asked::of(&ask)?;
    let for_query = asked.clone();
    let said = ask.read(move |tx, _| asking::read(tx, &for_query)).await?;
    let by_mode: Vec<Value> = said
        .by_mode
        .iter()
        .map(|((mode, grade), (amount, months))| {
            json!({"mode": mode, "grade": grade, "amount": amount, "recipient_months": months})
        })
        .collect();
    let course: Vec<Value> = said
        .course
        .iter()
        .map(|it| json!({"month": it.0, "income": it.1, "spending": it.2, "balance": it.3}))
        .collect();
    let body = json!({
        "place": asked.place, "year": asked.year, "month": asked.month,
        "income": said.income, "spending": said.spending, "balance": said.balance(),
        "income_ever": said.income_ever, "spending_ever": said.spending_ever,
        "recipient_months": said.recipient_months, "mean_recipient_month": said.mean(),
        "mean_recipient_month_ever": said.mean_ever(), "insured": said.insured, "spending_per_insured": said.per_insured(),
        "by_purse": said.by_purse, "by_mode": by_mode, "course": course
    });
    Ok(Json(body).into_response())
}

pub async fn forecast(ask: Ask) -> Result<Response> {
    let (asked, values) = (Asked::of(&ask)?, asking::assumptions(&ask)?);
    let for_query = asked.clone();
    let said = ask.read(move |tx, _| asking::read(tx, &for_query)).await?;
    let years: Vec<Value> = asking::years(&asking::books(&asked, &said)?, &values)
        .iter()
        .map(|it| {
            json!({"year": it.year, "recipients": it.recipients, "income": it.income.fen(),
                   "spending": it.spending.fen(), "balance": it.balance.fen()})
        })
        .collect();
    let assumptions: serde_json::Map<String, Value> =
        KNOBS.iter().zip(&values).map(|(knob, value)| (knob.0.to_string(), json!(value))).collect();
    Ok(Json(json!({"place": asked.place, "year": asked.year, "assumptions": assumptions, "years": years}))
        .into_response())
}
