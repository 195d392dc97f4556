//! Administration for programs: the same functions as the pages.

use axum::{
    Json,
    extract::Path,
    http::Method,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    ACCOUNTS, ORGANISATIONS, PLACES, PLACES_WRITE, QUEUES, TRAIL,
    accounts::{self, deeds, edit},
    organisations, places, queues, trail,
};
use crate::{
    Ask, Error, Id, Result, Routes,
    api::{ApiDoc, READ, list_answer},
    form::{Field, Input, Kind, field},
    place::{Level, Place},
};

const AFTER: (&str, &str) = ("after", "`next` of the page before");
const LIMIT: (&str, &str) = ("limit", "1 to 500, 50 without it");
const PLACE: (&str, &str) = ("place", "region code within your scope");

const GRID: &[Field] =
    &[field("village", "村(社区)", Kind::Text(12)).required(), field("name", "名称", Kind::Text(40)).required()];

const fn list(summary: &'static str, query: &'static [(&'static str, &'static str)]) -> ApiDoc {
    ApiDoc { summary, query, answer: list_answer, ..READ }
}

const fn deed(summary: &'static str, body: &'static [Field]) -> ApiDoc {
    ApiDoc { summary, body, ..READ }
}

pub fn routes() -> Routes {
    Routes::default()
        .api(
            Method::GET,
            "/places",
            PLACES,
            list("A place and what lies directly below it", &[("at", "region code; your own place without it")]),
            children,
        )
        .api(Method::POST, "/places/grid", PLACES_WRITE, deed("Divide a village or community into grids", GRID), grid)
        .api(
            Method::GET,
            "/organisations",
            ORGANISATIONS,
            list(
                "Organisations of your scope",
                &[("q", "part of the name"), ("kind", "its kind"), PLACE, AFTER, LIMIT],
            ),
            async |ask: Ask| organisations::LIST.json(&ask).await,
        )
        .api(
            Method::POST,
            "/organisations",
            ORGANISATIONS,
            deed("Add an organisation", organisations::FORM),
            organisation,
        )
        .api(
            Method::PUT,
            "/organisations/{id}",
            ORGANISATIONS,
            deed("Change an organisation", organisations::FORM),
            change_organisation,
        )
        .api(
            Method::GET,
            "/accounts",
            ACCOUNTS,
            list(
                "Accounts of your scope",
                &[
                    ("q", "part of the login"),
                    ("name", "part of the name"),
                    ("role", "a role's word"),
                    ("state", "open or closed"),
                    PLACE,
                    AFTER,
                    LIMIT,
                ],
            ),
            async |ask: Ask| accounts::LIST.json(&ask).await,
        )
        .api(
            Method::POST,
            "/accounts",
            ACCOUNTS,
            deed("Make an account; its one-time password is told once", edit::NEW),
            account,
        )
        .api(Method::PUT, "/accounts/{id}", ACCOUNTS, deed("Change or close an account", edit::CHANGE), change_account)
        .api(
            Method::POST,
            "/accounts/{id}/password",
            ACCOUNTS,
            deed("Give an account a one-time password", &[]),
            password,
        )
        .api(Method::POST, "/accounts/{id}/sign-out", ACCOUNTS, deed("End an account's sessions", &[]), sign_out)
        .api(
            Method::GET,
            "/audit",
            TRAIL,
            list(
                "The audit trail of your scope, newest first",
                &[
                    ("from", "first day"),
                    ("until", "last day"),
                    ("who", "part of the name"),
                    ("action", "look, create, change, …"),
                    ("subject", "kind of thing"),
                    ("subject_id", "its id"),
                    ("account", "id of the account"),
                    PLACE,
                    AFTER,
                    LIMIT,
                ],
            ),
            async |ask: Ask| trail::LIST.json(&ask).await,
        )
        .api(
            Method::GET,
            "/jobs",
            QUEUES,
            list("Background jobs", &[("state", "waiting, running, done or failed"), AFTER, LIMIT]),
            async |ask: Ask| queues::JOBS.json(&ask).await,
        )
        .api(Method::POST, "/jobs/{id}/retry", QUEUES, deed("Try a failed job again", &[]), retry)
        .api(
            Method::GET,
            "/events",
            QUEUES,
            list("Events", &[("state", "waiting, failing or delivered"), ("kind", "its beginning"), AFTER, LIMIT]),
            async |ask: Ask| queues::EVENTS.json(&ask).await,
        )
        .api(
            Method::GET,
            "/messages",
            QUEUES,
            list(
                "Messages that leave the product",
                &[("state", "waiting, sent or failed"), ("channel", "mail or sms"), AFTER, LIMIT],
            ),
            async |ask: Ask| queues::MESSAGES.json(&ask).await,
        )
}

fn told(value: Value) -> Response {
    Json(value).into_response()
}

fn place(it: &Place) -> Value {
    json!({"code": it.code, "parent": it.parent, "name": it.name, "level": it.level.word()})
}

async fn children(ask: Ask) -> Result<Response> {
    let tree = ask.app.places.tree();
    let at = ask.param("at").unwrap_or(&ask.who.scope.place);
    let here = tree.get(at).filter(|it| ask.who.scope.covers(&tree, &it.code)).ok_or(Error::NotFound)?;
    let below: Vec<Value> =
        tree.children(at).filter(|it| it.code != at && Level::Nation < it.level).map(place).collect();
    Ok(told(json!({"place": place(here), "total": below.len(), "items": below, "next": null})))
}

async fn grid(ask: Ask, input: Input) -> Result<Response> {
    Ok(told(json!({"code": places::grid(&ask, &input).await?})))
}

async fn organisation(ask: Ask, input: Input) -> Result<Response> {
    Ok(told(json!({"id": organisations::save(&ask, None, &input).await?})))
}

async fn change_organisation(ask: Ask, Path(id): Path<Id>, input: Input) -> Result<Response> {
    Ok(told(json!({"id": organisations::save(&ask, Some(id), &input).await?})))
}

async fn account(ask: Ask, input: Input) -> Result<Response> {
    let (id, password) = edit::try_create(&ask, &input).await?;
    Ok(told(json!({"id": id, "password": password})))
}

async fn change_account(ask: Ask, Path(id): Path<Id>, input: Input) -> Result<Response> {
    edit::try_change(&ask, id, &input).await?;
    Ok(told(json!({"id": id})))
}

async fn password(ask: Ask, Path(id): Path<Id>) -> Result<Response> {
    Ok(told(json!({"id": id, "password": deeds::fresh_password(&ask, id).await?})))
}

async fn sign_out(ask: Ask, Path(id): Path<Id>) -> Result<Response> {
    deeds::sign_out(&ask, id).await?;
    Ok(told(json!({"id": id})))
}

async fn retry(ask: Ask, Path(id): Path<Id>) -> Result<Response> {
    queues::again(&ask, id).await?;
    Ok(told(json!({"id": id})))
}
