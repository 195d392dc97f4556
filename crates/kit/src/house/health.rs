//! For machines: alive, ready, metrics, and the API's description.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde_json::{Value, json};

use crate::{App, Result, api, backup};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers too; a restored copy says so.
pub async fn ready(State(app): State<App>) -> Result<Json<Value>> {
    let (accounts, restored) =
        app.db.read(|tx| Ok((tx.count("select count(*) from account", &[])?, backup::restored(tx)?))).await?;
    Ok(Json(json!({
        "ready": true, "accounts": accounts, "places": app.places.tree().len(), "restored": restored,
    })))
}

pub async fn metrics(State(app): State<App>) -> Result<impl IntoResponse> {
    let (jobs, events) = app
        .db
        .read(|tx| {
            Ok((
                tx.count("select count(*) from job where state in ('waiting', 'running')", &[])?,
                tx.count("select count(*) from event where delivered is null", &[])?,
            ))
        })
        .await?;
    let text = app.metrics.text(&[
        ("yiyang_jobs_waiting", "Jobs waiting or running.", jobs),
        ("yiyang_events_waiting", "Events not yet delivered.", events),
    ]);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

pub async fn openapi(State(app): State<App>) -> Json<Value> {
    Json(api::description(app.routes()))
}
