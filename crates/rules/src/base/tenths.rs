//! A measurement to one decimal, such as 7.0 mmol/L or 36.5 ℃, kept as a whole number so that limits compare exactly.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A measurement in tenths of its unit, written `7.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenths(i32);

impl Tenths {
    /// So many tenths.
    pub const fn new(tenths: i32) -> Tenths {
        Tenths(tenths)
    }

    /// The measurement in tenths.
    pub const fn tenths(self) -> i32 {
        self.0
    }

    /// The measurement as charts want it.
    pub fn number(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl FromStr for Tenths {
    type Err = String;

    fn from_str(text: &str) -> Result<Tenths, String> {
        let wrong = || format!("“{text}”应写作 7 或 7.0，最多一位小数 (write 7 or 7.0, one decimal at most)");
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |it: &str| !it.is_empty() && it.len() <= 6 && it.bytes().all(|byte| byte.is_ascii_digit());
        let one = part.trim_end_matches('0');
        let one = if one.is_empty() { "0" } else { one };
        if !digits(whole) || !digits(part) || 1 < one.len() {
            return Err(wrong());
        }
        let (whole, one): (i32, i32) = (whole.parse().map_err(|_| wrong())?, one.parse().map_err(|_| wrong())?);
        Ok(Tenths(whole * 10 + one))
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl<'de> Deserialize<'de> for Tenths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tenths, D::Error> {
        let number = f64::deserialize(deserializer)?;
        format!("{number}").parse().map_err(D::Error::custom)
    }
}

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_decimal_is_kept_exactly_and_two_are_refused() {
        let read = |text: &str| text.parse::<Tenths>().map(Tenths::tenths);
        assert_eq!([read("7"), read("7.0"), read("16.7"), read("3.90")], [Ok(70), Ok(70), Ok(167), Ok(39)]);
        for bad in ["", "7.05", "-1", "7,0", "七", "1e3", ".5", "7."] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(Tenths::new(70).to_string(), "7.0");
    }

    #[test]
    fn every_measurement_reads_back_as_it_was_written() {
        for tenths in 0..2_000 {
            let it = Tenths::new(tenths);
            assert_eq!(it.to_string().parse(), Ok(it));
            assert_eq!(serde_json::from_str::<Tenths>(&serde_json::to_string(&it).unwrap()).unwrap(), it);
        }
    }
}
