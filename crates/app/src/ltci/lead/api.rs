//! Leads for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    list, pages,
    record::{self, Lead},
};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Leads of your scope; an institution sees what it was asked",
    query: &[
        ("state", "open, asked, answered, confirmed, dismissed, overdue or recover"),
        ("kind", "a word of the kind"),
        ("month", "2026-10"),
        ("provider", "part of the institution's name"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const LOOK: ApiDoc = ApiDoc { summary: "Look through the claims of a month", body: pages::LOOK, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One lead with what happened with it", ..READ };
pub const ASK: ApiDoc = ApiDoc { summary: "Ask the institution to explain", body: pages::ASK, ..READ };
pub const ANSWER: ApiDoc = ApiDoc { summary: "Explain", body: pages::ANSWERED, ..READ };
pub const CONFIRM: ApiDoc = ApiDoc { summary: "Decide that it is so", body: pages::CONFIRM, ..READ };
pub const DISMISS: ApiDoc = ApiDoc { summary: "Decide that it is not so", body: pages::DISMISS, ..READ };
pub const RECOVER: ApiDoc = ApiDoc { summary: "What was to come back has come", body: pages::RECOVER, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::LEADS.json(&list::asked(&ask)).await
}

pub async fn look(ask: Ask, input: Input) -> Result<Json<Value>> {
    let found = ask.write(move |tx, ask| pages::look_by(tx, ask, &input)).await?;
    Ok(Json(json!({"found": found})))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    deed(ask, key, |_, _, _| Ok(())).await
}

pub async fn ask_for(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| pages::ask_by(tx, ask, it, &input)).await
}

pub async fn answer(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| pages::answer_by(tx, ask, it, &input)).await
}

pub async fn confirm(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| pages::confirm_by(tx, ask, it, &input)).await
}

pub async fn dismiss(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| pages::dismiss_by(tx, ask, it, &input)).await
}

pub async fn recover(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it| pages::recover_by(tx, ask, it, &input)).await
}

/// Does something with a lead and answers what it is then.
async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Lead) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, _) = record::find(tx, ask, &key)?;
            work(tx, ask, &it)?;
            let (it, institution) = record::find(tx, ask, &key)?;
            let steps: Vec<Value> = record::steps(tx, &key)?
                .into_iter()
                .map(|it| json!({"at": it.at, "step": it.step, "words": it.words, "amount_fen": it.amount, "who": it.who}))
                .collect();
            Ok(json!({
                "id": it.key, "month": it.month, "kind": it.kind, "state": it.state, "provider": institution.name,
                "elder": it.elder_key(), "carer": it.carer, "day": it.day, "lines": it.lines, "said": it.said,
                "said_en": it.said_en, "due": it.due.map(|it| it.to_string()), "recovery_fen": it.recovery,
                "recovered": it.recovered.map(|it| it.to_string()), "steps": steps,
            }))
        })
        .await?;
    Ok(Json(answer))
}
