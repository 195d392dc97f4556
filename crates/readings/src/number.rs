//! Numbers of messages, exact: digits and a power of ten, never a binary fraction.

use crate::{measure::Measure, unit::Unit};

/// `digits × 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    digits: i64,
    exponent: i32,
}

/// As many digits as always fit; further ones are beyond any device.
const MOST_DIGITS: u32 = 17;

impl Number {
    pub(crate) fn whole(digits: i64) -> Number {
        Number { digits, exponent: 0 }
    }

    /// By its shortest writing, so that 36.9 is 36.9. Nothing for what is not finite.
    pub(crate) fn of_f64(value: f64) -> Option<Number> {
        if !value.is_finite() {
            return None;
        }
        Number::parse(&format!("{value:e}")).map(|it| it.0)
    }

    /// The number at the beginning of a text, and what stands behind it.
    pub(crate) fn parse(text: &str) -> Option<(Number, &str)> {
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mut digits, mut exponent, mut count, mut any, mut point) = (0_i64, 0_i32, 0_u32, false, false);
        let mut end = 0;
        for byte in body.bytes() {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    if count < MOST_DIGITS {
                        digits = digits * 10 + i64::from(byte - b'0');
                        count += u32::from(digits != 0);
                        exponent -= i32::from(point);
                    } else {
                        exponent += i32::from(!point);
                    }
                }
                b'.' if !point && body.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit) => point = true,
                _ => break,
            }
            end += 1;
        }
        if !any {
            return None;
        }
        let mut rest = &body[end..];
        if let Some((power, behind)) = power_of_ten(rest) {
            (exponent, rest) = (exponent.saturating_add(power), behind);
        }
        Some((Number { digits: if negative { -digits } else { digits }, exponent }, rest))
    }

    /// The whole number it is; nothing where it has a part or is too large.
    pub(crate) fn as_whole(self) -> Option<i64> {
        let (mut digits, mut exponent) = (self.digits, self.exponent);
        while exponent < 0 && digits % 10 == 0 && digits != 0 {
            (digits, exponent) = (digits / 10, exponent + 1);
        }
        match exponent {
            _ if digits == 0 => Some(0),
            0..=18 => digits.checked_mul(10_i64.checked_pow(exponent.unsigned_abs())?),
            _ => None,
        }
    }

    /// Its part behind the point cut off; nothing where it is too large.
    pub(crate) fn cut(self) -> Option<i64> {
        if self.exponent >= 0 {
            return self.as_whole();
        }
        Some(10_i64.checked_pow(self.exponent.unsigned_abs()).map_or(0, |ten| self.digits / ten))
    }

    /// In millionths, rounded half up; nothing where it is too large.
    pub(crate) fn millionths(self) -> Option<i64> {
        self.scaled(0, 1, 1, 6)
    }

    /// The value of a measure as it is kept, converted exactly and rounded half up once, to the scale of the measure.
    /// Nothing where it is beyond what is kept (32 bits).
    pub(crate) fn kept(self, measure: Measure, unit: Unit) -> Option<i64> {
        let (before, times, by) = unit.factor();
        self.scaled(before, times, by, measure.scale()).filter(|it| i32::try_from(*it).is_ok())
    }

    /// `(self + before) × times ÷ by`, in 1/10^scale, rounded half up.
    fn scaled(self, before: i64, times: i64, by: i64, scale: u8) -> Option<i64> {
        let (mut digits, mut exponent) = (i128::from(self.digits), self.exponent);
        while exponent < -12 && digits != 0 {
            (digits, exponent) = (digits / 10, exponent + 1);
        }
        if digits == 0 {
            exponent = 0;
        }
        let ten = 10_i128.checked_pow(exponent.unsigned_abs())?;
        let (above, below) = if exponent >= 0 {
            (digits.checked_mul(ten)?.checked_add(i128::from(before))?, 1)
        } else {
            (digits.checked_add(i128::from(before).checked_mul(ten)?)?, ten)
        };
        let above = above.checked_mul(i128::from(times))?.checked_mul(10_i128.checked_pow(u32::from(scale))?)?;
        let below = below.checked_mul(i128::from(by))?;
        let rounded = above.checked_mul(2)?.checked_add(below)?.div_euclid(below.checked_mul(2)?);
        i64::try_from(rounded).ok()
    }
}

/// `e-5` at the beginning of a text as -5, and what stands behind.
fn power_of_ten(text: &str) -> Option<(i32, &str)> {
    let body = text.strip_prefix(['e', 'E'])?;
    let (sign, body) = match body.as_bytes().first()? {
        b'-' => (-1, &body[1..]),
        b'+' => (1, &body[1..]),
        _ => (1, body),
    };
    let end = body.bytes().take_while(u8::is_ascii_digit).count();
    if end == 0 {
        return None;
    }
    let power: i32 = body[..end].parse().unwrap_or(99_999);
    Some((sign * power.min(99_999), &body[end..]))
}
