//! The registry for programs: the same functions as the pages.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Result,
    api::{ApiDoc, READ, list_answer},
    crypt::{mask_address, mask_id_number, mask_phone},
    form::{Input, Options},
};
use serde_json::{Value, json};

use super::{
    elder::{self, Elder, Key},
    form, groups,
    intake::{self, ADDRESS_COLUMN, NUMBER_COLUMN, PHONE_COLUMN},
    life, list, pages, timeline,
};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Elders of your scope",
    query: &[
        ("q", "part of the name, pinyin initials, whole ID number or phone"),
        ("place", "region code within your scope"),
        (
            "group",
            "disabled, demented, chronic, oldest, handicapped, homebound, left_behind, alone, poor, special_family",
        ),
        ("sex", "female, male or unknown"),
        ("living", "living situation"),
        ("from_age", "full years"),
        ("to_age", "full years"),
        ("sort", "name or birth, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc = ApiDoc { summary: "Take an elder into the registry", body: form::FIELDS, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One elder; the look is noted in the audit trail", ..READ };
pub const CHANGE: ApiDoc = ApiDoc { summary: "Change an elder's record", body: form::FIELDS, ..READ };
pub const TIMELINE: ApiDoc = ApiDoc {
    summary: "What modules reported of an elder, newest first",
    query: &[("kind", "a module's word")],
    answer: list_answer,
    ..READ
};

pub async fn list(ask: Ask) -> Result<Response> {
    list::ELDERS.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Response> {
    let draft = form::draft(&input, &Options::new(), "api")?;
    let answer = ask
        .write(move |tx, ask| {
            pages::edit::check_organisation(tx, ask, &draft)?;
            let elder = intake::create(tx, ask, &draft)?;
            elder::note(tx, ask, "create", &elder, "")?;
            json_of(tx, ask, &elder)
        })
        .await?;
    Ok(Json(answer).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            elder::note(tx, ask, "look", &elder, "")?;
            json_of(tx, ask, &elder)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let draft = form::draft(&input, &Options::new(), "api")?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elder::find_living(tx, &ask.who.scope, &key)?;
            if draft.organisation != elder.organisation {
                pages::edit::check_organisation(tx, ask, &draft)?;
            }
            life::change(tx, ask, &elder, &draft)?;
            let kinds: Vec<String> = draft.groups.iter().map(|it| it.0.clone()).collect();
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            groups::set(tx, ask, &elder, &kinds, "api")?;
            json_of(tx, ask, &elder)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn timeline(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elder::find(tx, &ask.who.scope, &key)?;
            elder::note(tx, ask, "look", &elder, "timeline")?;
            let entries = timeline::read(tx, &key, ask.param("kind"), None, ask.lang, 500)?;
            let items: Vec<Value> = entries
                .iter()
                .map(|it| json!({"at": it.at, "kind": it.kind, "said": it.said, "link": it.link, "tone": it.tone}))
                .collect();
            Ok(json!({"total": items.len(), "items": items, "next": null}))
        })
        .await?;
    Ok(Json(answer))
}

/// Personal values are masked; a program that needs them whole asks the page's `reveal`, which is noted.
fn json_of(tx: &kit::Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Value> {
    let open = |column: &str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map(|it| Some(mask(&it))).map_err(Error::internal),
        None => Ok(None),
    };
    let groups: Vec<Value> = groups::of(tx, &elder.key)?
        .iter()
        .map(|it| json!({"kind": it.kind, "from": it.from, "until": it.until, "source": it.source, "word": it.word}))
        .collect();
    Ok(json!({
        "id": elder.key, "name": elder.name, "sex": elder.sex, "birth": elder.birth.to_string(),
        "age": elder.age_on(ask.today()), "id_kind": elder.id_kind,
        "id_number": open(NUMBER_COLUMN, &elder.id_number, mask_id_number)?,
        "phone": open(PHONE_COLUMN, &elder.phone, mask_phone)?,
        "address": open(ADDRESS_COLUMN, &elder.address, mask_address)?,
        "place": elder.place, "registered_place": elder.registered_place, "living": elder.living,
        "insurance": elder.insurance, "organisation": elder.organisation, "state": elder.state,
        "state_day": elder.state_day, "moved_to": elder.moved_to, "groups": groups,
    }))
}
