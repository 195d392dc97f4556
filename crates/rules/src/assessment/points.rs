//! Points of a scale, in tenths: all are whole but the halves of CDR.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A score, exact to a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i32);

impl Points {
    /// So many whole points.
    pub const fn whole(points: i32) -> Points {
        Points(points.saturating_mul(10))
    }

    /// The number written in `text`, with at most one decimal.
    pub fn parse(text: &str) -> Option<Points> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |it| (true, it));
        let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
        // More decimals are accepted where they are zeros: 5.00 is 5.
        let tenth = if tenth.len() > 1 { tenth.trim_end_matches('0') } else { tenth };
        let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 6 || tenth.len() > 1 || !plain(whole) || !plain(tenth) {
            return None;
        }
        let tenths: i32 = format!("{whole}{tenth:0<1}").parse().ok()?;
        Some(Points(if negative { -tenths } else { tenths }))
    }

    /// The same counted from the other end of the range: 1 of 1 to 5 becomes 5.
    pub(super) fn mirrored(self, lowest: Points, highest: Points) -> Points {
        Points(lowest.0 + highest.0 - self.0)
    }

    pub(super) fn times(self, weight: u8) -> Points {
        Points(self.0.saturating_mul(i32::from(weight)))
    }

    /// From this one up to `last` in steps of `step`; nothing where the step does not go forward.
    pub(super) fn steps(self, last: Points, step: Points) -> Vec<Points> {
        if step.0 <= 0 { Vec::new() } else { (self.0..=last.0).step_by(step.0 as usize).map(Points).collect() }
    }
}

impl Add for Points {
    type Output = Points;
    fn add(self, other: Points) -> Points {
        Points(self.0.saturating_add(other.0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points(0), Add::add)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, tenths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match tenths % 10 {
            0 => write!(f, "{sign}{}", tenths / 10),
            part => write!(f, "{sign}{}.{part}", tenths / 10),
        }
    }
}

/// A whole number wherever it is whole.
impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 10 == 0 {
            serializer.serialize_i32(self.0 / 10)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 10.0)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        let text = String::deserialize(deserializer)?;
        Points::parse(&text).ok_or_else(|| de::Error::custom(format!("分值“{text}”应是数字 (a score is a number)")))
    }
}
