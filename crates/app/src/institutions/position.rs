//! Where an institution stands on the map.

use std::{fmt, str::FromStr};

use kit::Said;

/// A place on earth in millionths of a degree, as WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub latitude: i64,
    pub longitude: i64,
}

const MILLION: f64 = 1_000_000.0;

impl Position {
    /// Degrees of latitude and longitude, for maps.
    pub fn degrees(self) -> (f64, f64) {
        (self.latitude as f64 / MILLION, self.longitude as f64 / MILLION)
    }
}

impl FromStr for Position {
    type Err = Said;

    /// `31.467459, 104.679114`; the other order is understood, since no place of China lies so far north.
    fn from_str(text: &str) -> Result<Position, Said> {
        let bad = || Said::new("“{value}”不是国内的位置,请写作 纬度,经度,如 31.467459,104.679114").with("value", text);
        let half = rules::base::half_width(text).replace('、', ",");
        let numbers: Vec<f64> = half
            .split([',', ' '])
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| bad())?;
        let [a, b] = numbers[..] else { return Err(bad()) };
        let (latitude, longitude) = if 60.0 < a { (b, a) } else { (a, b) };
        if !(3.0..=54.0).contains(&latitude) || !(73.0..=136.0).contains(&longitude) {
            return Err(bad());
        }
        Ok(Position { latitude: (latitude * MILLION).round() as i64, longitude: (longitude * MILLION).round() as i64 })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (latitude, longitude) = self.degrees();
        write!(f, "{latitude:.6},{longitude:.6}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_understood_in_either_order_and_reads_back() {
        let here: Position = "31.467459,104.679114".parse().unwrap();
        assert_eq!(here, Position { latitude: 31_467_459, longitude: 104_679_114 });
        assert_eq!("104.679114， 31.467459".parse::<Position>().unwrap(), here);
        assert_eq!(here.to_string().parse::<Position>().unwrap(), here);
        for bad in ["", "31.4", "0,0", "31.4,200", "北纬31度", "31.4,104.6,7", "NaN,104"] {
            assert!(bad.parse::<Position>().is_err(), "{bad}");
        }
    }
}
