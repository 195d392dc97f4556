//! A proportion, kept as a whole number so that no fen is lost to binary fractions.

use std::{fmt, str::FromStr};

use super::{Money, money::scaled};

const WHOLE: i64 = 1_000_000;

/// A proportion in millionths, written in per cent with at most four decimals: `3%`, `0.15%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(i64);

impl Rate {
    /// So many millionths.
    pub const fn from_millionths(millionths: i64) -> Rate {
        Rate(millionths)
    }

    /// The proportion in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// This proportion of an amount, rounded half away from zero to whole fen.
    pub fn of(self, amount: Money) -> Money {
        let product = i128::from(amount.fen()) * i128::from(self.0);
        let half = i128::from(WHOLE / 2) * product.signum();
        let fen = (product + half) / i128::from(WHOLE);
        Money::from_fen(i64::try_from(fen).unwrap_or(if fen < 0 { i64::MIN } else { i64::MAX }))
    }

    /// The smallest whole number that is at least this proportion of `count`; 0 where the rate is negative.
    pub fn at_least_of(self, count: u64) -> u64 {
        let rate = u128::try_from(self.0).unwrap_or(0);
        let least = (u128::from(count) * rate).div_ceil(WHOLE as u128);
        u64::try_from(least).unwrap_or(u64::MAX)
    }

    /// Whether `part` of `whole` is at least this proportion, without rounding; an empty whole reaches only rates up to 0.
    pub fn is_reached_by(self, part: u64, whole: u64) -> bool {
        if whole == 0 {
            return self.0 <= 0;
        }
        i128::from(part) * i128::from(WHOLE) >= i128::from(self.0) * i128::from(whole)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let number = text.trim().strip_suffix(['%', '％']).map(str::trim_end);
        number
            .and_then(|it| scaled(it, 4))
            .map(Rate)
            .ok_or_else(|| format!("比例“{text}”应写作 3% 或 0.15% (write a rate as 3% or 0.15%)"))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let part = format!("{:04}", size % 10_000);
        match part.trim_end_matches('0') {
            "" => write!(f, "{sign}{}%", size / 10_000),
            part => write!(f, "{sign}{}.{part}%", size / 10_000),
        }
    }
}

super::serde_as_text!(Rate);
