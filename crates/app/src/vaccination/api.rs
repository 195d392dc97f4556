//! Vaccination for programs: every address does what the page does.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Id, Result, Tx,
    api::{ApiDoc, READ as GET, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{batch, dose, former, list, reaction, refusal, schedule};
use crate::elders::{self, Elder, Key};

pub const INVITATIONS: ApiDoc = ApiDoc {
    summary: "Who may get a vaccine free, and when",
    query: &[
        ("vaccine", "vaccine id"),
        ("work", "now, later, refused, forbidden, postponed, complete"),
        ("place", "place"),
    ],
    answer: list_answer,
    ..GET
};
pub const DOSES: ApiDoc = ApiDoc {
    summary: "Doses given, of a batch for instance",
    query: &[("batch", "batch number"), ("vaccine", "vaccine id"), ("from", "day"), ("to", "day"), ("place", "place")],
    answer: list_answer,
    ..GET
};
pub const BATCHES: ApiDoc =
    ApiDoc { summary: "Batches", query: &[("state", "usable, expired, recalled")], answer: list_answer, ..GET };
pub const REACTIONS: ApiDoc = ApiDoc {
    summary: "Adverse events",
    query: &[("state", "open, reported"), ("grade", "common, suspected, serious")],
    answer: list_answer,
    ..GET
};
pub const BATCH: ApiDoc = ApiDoc { summary: "Take a batch in", body: batch::FIELDS, ..GET };
pub const RECALL: ApiDoc = ApiDoc { summary: "Recall a batch", body: batch::RECALL_FIELDS, ..GET };
pub const SHOW: ApiDoc = ApiDoc { summary: "Doses, refusals, events and what is next for one person", ..GET };
pub const DOSE: ApiDoc = ApiDoc { summary: "Give a dose; consent on paper", body: dose::FIELDS, ..GET };
pub const VOID: ApiDoc = ApiDoc { summary: "Take back a dose written down by mistake", body: dose::VOID_FIELDS, ..GET };
pub const FORMER: ApiDoc = ApiDoc { summary: "Take over a dose got elsewhere", body: former::FIELDS, ..GET };
pub const REFUSE: ApiDoc = ApiDoc { summary: "Write a refusal down", body: refusal::FIELDS, ..GET };
pub const REACTION: ApiDoc = ApiDoc { summary: "Write an adverse event down", body: reaction::FIELDS, ..GET };
pub const REPORTED: ApiDoc =
    ApiDoc { summary: "Write down that an event was reported", body: reaction::REPORTED_FIELDS, ..GET };

pub async fn invitations(ask: Ask) -> Result<Response> {
    list::INVITATIONS.json(&ask).await
}

pub async fn doses(ask: Ask) -> Result<Response> {
    list::DOSES.json(&ask).await
}

pub async fn batches(ask: Ask) -> Result<Response> {
    list::BATCHES.json(&ask).await
}

pub async fn reactions(ask: Ask) -> Result<Response> {
    list::REACTIONS.json(&ask).await
}

pub async fn batch(ask: Ask, input: Input) -> Result<Response> {
    let (region, id) = ask.write(move |tx, ask| batch::add(tx, ask, &input)).await?;
    Ok(Json(json!({"id": Key { region, id }})).into_response())
}

pub async fn recall(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| batch::recall(tx, ask, &key.region, key.id, &input)).await?;
    Ok(Json(json!({})).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "vaccination")?;
            whole(tx, ask, &elder)
        })
        .await?;
    Ok(Json(body).into_response())
}

fn whole(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Value> {
    let key = &elder.key;
    let doses: Vec<Value> = dose::of(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"id": it.id.to_string(), "vaccine": it.vaccine, "number": it.number, "day": it.day,
                   "batch": it.batch_number, "maker": it.maker, "expires": it.expires, "site": it.site, "free": it.free,
                   "place": it.place, "vaccinator": it.vaccinator, "source": it.source, "remark": it.remark,
                   "voided": it.voided, "void_reason": it.void_reason})
        })
        .collect();
    let refusals: Vec<Value> = refusal::of(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"id": it.id.to_string(), "vaccine": it.vaccine, "day": it.day, "kind": it.kind, "reason": it.reason,
                   "until": it.until})
        })
        .collect();
    let reactions: Vec<Value> = reaction::of(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"id": it.id.to_string(), "dose": it.dose.to_string(), "vaccine": it.vaccine, "day": it.day,
                   "grade": it.grade, "what": it.what, "outcome": it.outcome, "report_until": it.report_until,
                   "reported": it.reported, "reported_to": it.reported_to})
        })
        .collect();
    let mut next = Vec::new();
    for vaccine in schedule::offered(ask, &key.region) {
        let plan = schedule::next(tx, ask, elder, vaccine)?;
        next.push(json!({"vaccine": vaccine.id, "state": plan.state.word(), "from": plan.from, "number": plan.number,
                         "free": plan.is_free, "reasons": plan.reasons}));
    }
    Ok(json!({"elder": key, "doses": doses, "refusals": refusals, "reactions": reactions, "next": next}))
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

pub async fn dose(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": dose::give(tx, ask, elder, &input, None)?.to_string()}))).await
}

pub async fn void(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| dose::void(tx, ask, elder, id, &input).map(|()| json!({}))).await
}

pub async fn former(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": former::from_input(tx, ask, elder, &input)?.to_string()})))
        .await
}

pub async fn refuse(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": refusal::add(tx, ask, elder, &input)?.to_string()}))).await
}

pub async fn reaction(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| Ok(json!({"id": reaction::add(tx, ask, elder, id, &input)?.to_string()})))
        .await
}

pub async fn reported(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Response> {
    let id = number(&id)?;
    deed(ask, key, move |tx, ask, elder| reaction::reported(tx, ask, elder, id, &input).map(|()| json!({}))).await
}
