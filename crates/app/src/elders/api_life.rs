//! Death, moving and merging for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Id, Result,
    api::{ApiDoc, READ, list_answer},
    form::{Field, Input, Kind, field},
};
use serde_json::{Value, json};

use super::{
    duplicates::{self, Pair},
    elder::Key,
    life, merging, moving,
    pages::life as page,
    pairs,
};

pub const DIED: ApiDoc = ApiDoc { summary: "Note a death; groups and duties end", body: page::DIED, ..READ };
pub const NOT_DIED: ApiDoc = ApiDoc {
    summary: "Take back a death noted by mistake; groups and duties are as before",
    body: page::TAKEN_BACK,
    ..READ
};
pub const MOVED: ApiDoc = ApiDoc {
    summary: "Note a moving; `to` is the code of the county, nothing outside this system. Answers the record there",
    body: page::MOVED,
    ..READ
};
pub const NOT_MOVED: ApiDoc = ApiDoc { summary: "Take back a moving noted by mistake", body: page::TAKEN_BACK, ..READ };
pub const RETURNED: ApiDoc =
    ApiDoc { summary: "Somebody who had left this system lives here again", body: page::RETURNED, ..READ };
pub const DUPLICATES: ApiDoc = ApiDoc {
    summary: "Pairs of records that may be one person",
    query: &[
        ("q", "part of a name"),
        ("place", "region code within your scope"),
        ("sort", "at, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const MERGE_THEM: ApiDoc = ApiDoc { summary: "The two are one person", body: KEEP, ..READ };
pub const UNDO: ApiDoc = ApiDoc { summary: "Take a merging back", ..READ };
pub const DIFFERENT: ApiDoc = ApiDoc { summary: "The two are different people", ..READ };

const KEEP: &[Field] = &[field("keep", "保留哪一份", Kind::Choice(&[("left", "左边"), ("right", "右边")])).required()];

fn done() -> Json<Value> {
    Json(json!({"done": true}))
}

pub async fn died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    page::note_death(&ask, key.parse()?, &input).await?;
    Ok(done())
}

pub async fn not_died(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    page::take_back(&ask, key.parse()?, &input, life::not_died).await?;
    Ok(done())
}

pub async fn moved(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let new: Option<Key> = page::note_moving(&ask, key.parse()?, &input).await?;
    Ok(Json(json!({"done": true, "moved_to": new})))
}

pub async fn not_moved(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    page::take_back(&ask, key.parse()?, &input, moving::not_moved).await?;
    Ok(done())
}

pub async fn returned(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    page::note_return(&ask, key.parse()?, &input).await?;
    Ok(done())
}

pub async fn duplicates(ask: Ask) -> Result<Response> {
    pairs::OPEN.json(&ask).await
}

pub async fn merge(ask: Ask, at: Path<(String, Id)>, input: Input) -> Result<Json<Value>> {
    let keep_other = kit::form::check(KEEP, &input, &Default::default())?.text("keep") == "right";
    decide(ask, at, move |tx, ask, pair| merging::merge(tx, ask, pair, keep_other)).await
}

pub async fn undo(ask: Ask, at: Path<(String, Id)>) -> Result<Json<Value>> {
    decide(ask, at, merging::undo).await
}

pub async fn different(ask: Ask, at: Path<(String, Id)>) -> Result<Json<Value>> {
    decide(ask, at, duplicates::different).await
}

async fn decide(
    ask: Ask,
    Path((region, id)): Path<(String, Id)>,
    how: impl FnOnce(&kit::Tx<'_>, &Ask, &Pair) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    ask.write(move |tx, ask| {
        let pair = duplicates::pair(tx, ask, &region, id)?;
        how(tx, ask, &pair)
    })
    .await?;
    Ok(done())
}
