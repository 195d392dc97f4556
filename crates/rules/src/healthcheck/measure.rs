//! A measured number, exact to four decimals: what a laboratory prints is compared as it is printed.

use std::{fmt, str::FromStr};

use crate::base::{half_width, serde_as_text};

/// A number of the laboratory or of a measuring device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure(i64);

const ONE: i64 = 10_000;

impl Measure {
    /// A whole number.
    pub const fn whole(number: i32) -> Measure {
        Measure(number as i64 * ONE)
    }

    /// As a floating number, for charts.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Rounded to so many decimals, halves away from zero.
    pub fn rounded(self, decimals: u8) -> Measure {
        let step = 10_i64.pow(u32::from(4_u8.saturating_sub(decimals)));
        let half = step / 2;
        let up = if self.0 < 0 { self.0 - half } else { self.0 + half };
        Measure(up / step * step)
    }

    /// Multiplied; nothing where the product is too large to be a measured number.
    pub fn times(self, factor: Measure) -> Option<Measure> {
        let product = i128::from(self.0) * i128::from(factor.0);
        let half = i128::from(ONE / 2) * if product < 0 { -1 } else { 1 };
        i64::try_from((product + half) / i128::from(ONE)).ok().map(Measure)
    }

    /// How far apart two numbers are.
    pub fn distance(self, other: Measure) -> Measure {
        Measure((self.0 - other.0).abs())
    }

    /// Weight in kg over the square of height in cm, in kg/m², to one decimal.
    pub(super) fn body_mass_index(weight: Measure, height: Measure) -> Option<Measure> {
        let square = i128::from(height.0) * i128::from(height.0);
        if height.0 <= 0 || weight.0 <= 0 {
            return None;
        }
        // cm² to m² is 10,000; both scales are taken out of the square, and the answer's is put in.
        let index = i128::from(weight.0) * 1_000_000_000_000 / square;
        i64::try_from(index).ok().map(|it| Measure(it).rounded(1))
    }
}

impl FromStr for Measure {
    type Err = String;

    fn from_str(text: &str) -> Result<Measure, String> {
        let plain = half_width(text);
        let (negative, digits) = plain.strip_prefix('-').map_or((false, &*plain), |it| (true, it));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let is_digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 9 && part.len() <= 4 && is_digits(whole) && is_digits(part);
        let value = fits.then(|| format!("{whole}{part:0<4}").parse::<i64>().ok()).flatten();
        match value {
            Some(it) => Ok(Measure(if negative { -it } else { it })),
            None => Err(format!("“{text}”应是数字，小数不超过四位 (write a number with at most four decimals)")),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, all) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (all / ONE as u64, all % ONE as u64);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{part:04}").trim_end_matches('0'))
    }
}

serde_as_text!(Measure);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn measure(text: &str) -> Measure {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_kept_as_it_is_written() {
        for (text, shown) in
            [("5.60", "5.6"), ("130", "130"), ("0.0555", "0.0555"), ("-1.5", "-1.5"), ("１２.５", "12.5")]
        {
            assert_eq!(measure(text).to_string(), shown);
        }
        for bad in ["", "abc", "1.23456", "1e3", "--1", "1.2.3", "12345678901", ".", "5.6L"] {
            assert!(bad.parse::<Measure>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_product_is_rounded_once() {
        let glucose = measure("100").times(measure("0.0555")).unwrap();
        assert_eq!((glucose.to_string(), glucose.rounded(1).to_string()), ("5.55".into(), "5.6".into()));
        assert_eq!(measure("-2.25").rounded(1).to_string(), "-2.3");
        assert_eq!(measure("999999999").times(measure("999999999")), None);
    }

    #[test]
    fn the_body_mass_index_needs_both_numbers() {
        let index = Measure::body_mass_index(measure("65"), measure("160"));
        assert_eq!(index.map(|it| it.to_string()), Some("25.4".into()));
        assert_eq!(Measure::body_mass_index(measure("65"), Measure::whole(0)), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(ten_thousandths in -9_999_999_999_i64..9_999_999_999) {
            let it = Measure(ten_thousandths);
            prop_assert_eq!(it.to_string().parse::<Measure>(), Ok(it));
        }

        #[test]
        fn rounding_moves_by_half_a_step_at_most(ten_thousandths in -9_999_999_i64..9_999_999, decimals in 0_u8..=4) {
            let it = Measure(ten_thousandths);
            let step = 10_i64.pow(4 - u32::from(decimals));
            prop_assert!(it.distance(it.rounded(decimals)).0 * 2 <= step);
        }
    }
}
