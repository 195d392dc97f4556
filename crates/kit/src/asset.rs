//! Assets built in `web/`, embedded in the program: hashed names, brotli.

use std::{collections::HashMap, sync::OnceLock};

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use crate::{Error, Result};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

fn manifest() -> &'static HashMap<String, String> {
    static MANIFEST: OnceLock<HashMap<String, String>> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        let file = Dist::get("manifest.json");
        file.and_then(|it| serde_json::from_slice(&it.data).ok()).unwrap_or_default()
    })
}

/// Whether the assets were built before the program was.
pub fn are_built() -> bool {
    !manifest().is_empty()
}

/// The address of an asset by its plain name.
pub fn path(name: &str) -> String {
    format!("/assets/{}", manifest().get(name).map_or(name, |it| it))
}

/// Serves one asset; its name carries its hash, so browsers may keep it for good.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let mut response = read(&name, &headers)?;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

/// Serves a file of a program that is installed from a folder of its own, under its plain name: browsers ask each time whether
/// there is a new one.
pub fn plain(folder: &str, name: &str, headers: &HeaderMap) -> Result<Response> {
    if name.contains('/') {
        return Err(Error::NotFound);
    }
    let mut response = read(&format!("{folder}/{name}"), headers)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

fn read(name: &str, headers: &HeaderMap) -> Result<Response> {
    let takes_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.split(',').any(|it| it.trim().starts_with("br")));
    let packed = takes_brotli.then(|| Dist::get(&format!("{name}.br"))).flatten();
    let (file, encoding) = match packed {
        Some(it) => (it, Some("br")),
        None => (Dist::get(name).ok_or(Error::NotFound)?, None),
    };
    let mut response = (StatusCode::OK, Body::from(file.data)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |it| it.1) {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "geojson" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}
