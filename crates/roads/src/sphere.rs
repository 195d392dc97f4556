//! Places on the earth and how far they are apart. The functions of angles come from `libm`, so that every machine
//! says the same.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth, metres.
const RADIUS_M: f64 = 6_371_008.8;
/// Coordinates are kept in 10⁻⁷ degrees, about a centimetre.
pub const STEPS: f64 = 10_000_000.0;

/// A place in degrees of WGS-84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub lat: f64,
    pub lon: f64,
}

impl Place {
    pub(crate) fn of_steps((lat, lon): (i32, i32)) -> Place {
        Place { lat: f64::from(lat) / STEPS, lon: f64::from(lon) / STEPS }
    }

    /// Metres to another place along the great circle; 0 where a coordinate is no number.
    pub fn metres_to(self, other: Place) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let across = libm::sin((b - a) / 2.0);
        let along = libm::sin((other.lon - self.lon).to_radians() / 2.0);
        let square = across * across + libm::cos(a) * libm::cos(b) * along * along;
        let metres = 2.0 * RADIUS_M * libm::asin(libm::sqrt(square.clamp(0.0, 1.0)));
        if metres.is_finite() { metres } else { 0.0 }
    }

    /// Whether it lies on the earth: neither missing nor beyond a pole.
    pub fn is_somewhere(self) -> bool {
        self.lat.abs() <= 90.0 && self.lon.abs() <= 180.0
    }
}

/// The nearest point of a straight piece `a`–`b` to a place: how far along it (0 to 1), and how many metres away.
pub fn nearest(place: Place, a: Place, b: Place) -> (f64, f64) {
    let metres = RADIUS_M.to_radians();
    let narrow = libm::cos(place.lat.to_radians());
    let flat = |it: Place| ((it.lon - place.lon) * narrow * metres, (it.lat - place.lat) * metres);
    let ((ax, ay), (bx, by)) = (flat(a), flat(b));
    let (dx, dy) = (bx - ax, by - ay);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (ax + along * dx, ay + along * dy);
    (along, libm::sqrt(x * x + y * y))
}

/// The place a share of the way from `a` to `b`.
pub fn between(a: Place, b: Place, along: f64) -> Place {
    Place { lat: a.lat + (b.lat - a.lat) * along, lon: a.lon + (b.lon - a.lon) * along }
}
