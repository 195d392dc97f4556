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

/// The outlines of a county: each ring as (longitude, latitude).
fn rings(code: &str) -> Option<Vec<Vec<(f64, f64)>>> {
    let geometry = &counties().iter().find(|it| it.0 == code)?.1["geometry"];
    let polygons = match geometry["type"].as_str()? {
        "Polygon" => vec![&geometry["coordinates"]],
        _ => geometry["coordinates"].as_array()?.iter().collect(),
    };
    let point = |it: &Value| Some((it[0].as_f64()?, it[1].as_f64()?));
    let ring = |it: &Value| it.as_array()?.iter().map(point).collect::<Option<Vec<_>>>();
    polygons.into_iter().filter_map(|it| it.as_array()).flatten().map(ring).collect()
}

/// South-west and north-east corner of a county as (longitude, latitude); nothing where its border is not known.
pub fn bounds_of(code: &str) -> Option<((f64, f64), (f64, f64))> {
    let points: Vec<(f64, f64)> = rings(code)?.concat();
    let first = *points.first()?;
    let wider = |bounds: ((f64, f64), (f64, f64)), it: &(f64, f64)| {
        let ((west, south), (east, north)) = bounds;
        ((west.min(it.0), south.min(it.1)), (east.max(it.0), north.max(it.1)))
    };
    Some(points.iter().fold((first, first), wider))
}

/// Whether a point lies within a county's border.
pub fn lies_in(code: &str, longitude: f64, latitude: f64) -> bool {
    let Some(rings) = rings(code) else { return false };
    let crossed = |(a, b): (&(f64, f64), &(f64, f64))| {
        (a.1 > latitude) != (b.1 > latitude) && longitude < (b.0 - a.0) * (latitude - a.1) / (b.1 - a.1) + a.0
    };
    // A ray to the east crosses the outlines an odd number of times; holes count like outlines.
    rings.iter().map(|ring| ring.iter().zip(ring.iter().skip(1)).filter(|it| crossed(*it)).count()).sum::<usize>() % 2
        == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_one_county_alone() {
        let ((west, south), (east, north)) = bounds_of("510704").unwrap();
        assert!(west < east && south < north);
        // The district's seat, and a place beside its border.
        assert!(lies_in("510704", 104.77, 31.47));
        assert!(!lies_in("510704", west - 0.1, south));
        assert!(!lies_in("510703", 104.77, 31.47));
        assert!(bounds_of("999999").is_none() && !lies_in("999999", 104.77, 31.47));
    }
}
