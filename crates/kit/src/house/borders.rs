//! County borders for maps: shipped for five cities, of 2017, for tests and demonstrations; see `regions/README.md`.

use std::sync::OnceLock;

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde_json::{Value, json};

use crate::{Ask, Error, Result};

#[derive(RustEmbed)]
#[folder = "../../regions/borders"]
struct Files;

/// Every county with its border, by its code.
fn counties() -> &'static [(String, Value)] {
    static COUNTIES: OnceLock<Vec<(String, Value)>> = OnceLock::new();
    COUNTIES.get_or_init(|| {
        let files = Files::iter().filter_map(|it| Files::get(&it));
        let parsed = files.filter_map(|it| serde_json::from_slice::<Value>(&it.data).ok());
        parsed
            .flat_map(|it| it["features"].as_array().cloned().unwrap_or_default())
            .filter_map(|it| Some((it["properties"]["code"].as_str()?.to_string(), it.clone())))
            .collect()
    })
}

/// The counties of a place as GeoJSON, each with `code` and `name`.
pub async fn serve(ask: Ask, Path(code): Path<String>) -> Result<Response> {
    let wanted = ask.app.places.tree().counties(&code);
    let features: Vec<&Value> = counties().iter().filter(|it| wanted.contains(&it.0)).map(|it| &it.1).collect();
    if features.is_empty() {
        return Err(Error::NotFound);
    }
    let mut response = axum::Json(json!({"type": "FeatureCollection", "features": features})).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    Ok(response)
}
