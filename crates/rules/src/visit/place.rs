//! Where somebody was, as exactly as a phone can tell.

use serde::{Deserialize, Serialize};

/// A place on the earth, in millionths of a degree (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    #[serde(rename = "纬度")]
    pub latitude: i64,
    #[serde(rename = "经度")]
    pub longitude: i64,
}

/// One position as the phone gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    #[serde(rename = "位置")]
    pub at: Point,
    /// Metres.
    #[serde(rename = "精度")]
    pub accuracy: u32,
    /// Whether the phone says that an app makes the position up; nothing where it does not say.
    #[serde(rename = "模拟", default)]
    pub mock: Option<bool>,
}

/// Metres between two places, along the great circle of a sphere of 6,371,008.8 m.
pub fn metres(a: Point, b: Point) -> u32 {
    let radians = |millionths: i64| (millionths as f64 / 1e6).to_radians();
    let (north_a, north_b) = (radians(a.latitude), radians(b.latitude));
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let chord =
        half(north_b - north_a) + north_a.cos() * north_b.cos() * half(radians(b.longitude) - radians(a.longitude));
    (2.0 * 6_371_008.8 * chord.clamp(0.0, 1.0).sqrt().asin()).round() as u32
}
