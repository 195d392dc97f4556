//! Alarms for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Result,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    case::{self, Case},
    entry, list,
    pages::{deeds, new},
};
use crate::elders::{self, Key};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Alarms of your scope",
    query: &[
        ("q", "part of the name, or of what it is about"),
        ("state", "open, raised, acknowledged, departed, arrived, closed, follow or late"),
        ("kind", "sos, fall, smoke, gas, water, vital, still or silent"),
        ("verdict", "true, mistake, test or device"),
        ("from", "first day on which it was raised"),
        ("until", "last day"),
        ("who", "part of the name of who acknowledged it"),
        ("place", "region code within your scope"),
        ("sort", "raised, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc { summary: "One alarm with all that happened; the look is noted", ..READ };
pub const RAISE: ApiDoc = ApiDoc { summary: "Raise an alarm by hand: somebody called", body: new::FIELDS, ..READ };
pub const ACKNOWLEDGE: ApiDoc = ApiDoc { summary: "Take an alarm: it goes to nobody else any more", ..READ };
pub const SEND: ApiDoc =
    ApiDoc { summary: "Send one of the staff: a visit planned for now", body: deeds::SEND, ..READ };
pub const CLOSE: ApiDoc = ApiDoc { summary: "Close an alarm with what was found", body: deeds::CLOSE, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::CASES.json(&ask).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = case::find(tx, &ask.who.scope, &key)?;
            it.note(tx, ask, "look", "")?;
            if let Some(elder) = it.elder_key() {
                let scope = kit::Scope::of(&ask.app.places.tree(), &elder.region);
                elders::note(tx, ask, "look", &elders::find(tx, &scope, &elder)?, "alarm")?;
            }
            let entries: Vec<Value> = entry::all(tx, &key)?
                .iter()
                .map(|it| json!({"at": it.at, "what": it.what, "who": it.who, "said": it.said(ask.lang), "note": it.note}))
                .collect();
            let mut answer = told(&it);
            answer["entries"] = json!(entries);
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

fn told(it: &Case) -> Value {
    json!({
        "key": it.key, "elder": it.elder_key(), "about": it.about, "kind": it.kind.word(), "urgent": it.urgent,
        "state": it.state, "place": it.place, "at": it.at, "raised": it.raised, "raises": it.raises, "eased": it.eased,
        "device": it.device_label, "acknowledged": it.acknowledged, "acknowledged_by": it.acknowledged_by,
        "departed": it.departed, "departed_by": it.departed_by, "arrived": it.arrived, "arrived_by": it.arrived_by,
        "proven": it.proven, "visit": it.visit.map(|id| format!("{}-{id}", it.key.region)), "closed": it.closed,
        "closed_by": it.closed_by, "verdict": it.verdict, "found": it.found, "follow_up": it.follow_up,
        "follow_day": it.follow_day.map(|it| it.to_string()), "informed": it.informed, "next_at": it.next_at,
    })
}

pub async fn raise(ask: Ask, input: Input) -> Result<Json<Value>> {
    let key = new::by_hand(&ask, input).await?;
    Ok(Json(json!({"key": key})))
}

pub async fn acknowledge(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    Ok(Json(told(&deeds::do_with(&ask, key, Input::default(), deeds::acknowledge_it).await?)))
}

pub async fn send(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    Ok(Json(told(&deeds::do_with(&ask, key, input, deeds::send_one).await?)))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    Ok(Json(told(&deeds::do_with(&ask, key, input, deeds::close_it).await?)))
}
