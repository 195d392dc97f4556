//! Money in whole fen.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, Neg, Sub},
    str::FromStr,
};

/// An amount of money in whole fen, written `60 元` or `12.50 元`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);

    /// So many fen.
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// So many yuan.
    pub const fn from_yuan(yuan: i64) -> Money {
        Money(yuan.saturating_mul(100))
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// So many times the amount, or nothing where that is more than can be counted.
    pub fn times(self, count: i64) -> Option<Money> {
        self.0.checked_mul(count).map(Money)
    }
}

/// Sums stay within ±92,000,000,000,000,000 yuan; beyond that they stay at the limit instead of turning round.
impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(self.0.saturating_neg())
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl FromStr for Money {
    type Err = String;

    fn from_str(text: &str) -> Result<Money, String> {
        let number = text.trim().strip_suffix('元').map(str::trim_end);
        number
            .and_then(|it| scaled(it, 2))
            .map(Money)
            .ok_or_else(|| format!("金额“{text}”应写作 60 元 或 12.50 元 (write an amount as 60 元 or 12.50 元)"))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match fen % 100 {
            0 => write!(f, "{sign}{} 元", fen / 100),
            part => write!(f, "{sign}{}.{part:02} 元", fen / 100),
        }
    }
}

/// The decimal `number` times ten to the power of `places`; nothing where it has more places or is no plain decimal.
pub(super) fn scaled(number: &str, places: usize) -> Option<i64> {
    let (negative, digits) = number.strip_prefix('-').map_or((false, number), |it| (true, it));
    let (whole, part) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(split) => split,
        None => (digits, ""),
    };
    let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || places < part.len() || !plain(whole) || !plain(part) {
        return None;
    }
    let size: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    Some(if negative { -size } else { size })
}

super::serde_as_text!(Money);
