//! The unified social credit code of an institution (统一社会信用代码).

use std::{fmt, str::FromStr};

use super::Text;

/// 31 digits and letters; I, O, S, V and Z are not used.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// An institution's 18-character code whose form and check character are right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// What is wrong with a code, the first fault found in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadUscc {
    /// So many characters instead of 18.
    Length(usize),
    /// A character the code does not use, or letters among the six digits of the area.
    Characters,
    CheckCharacter,
}

impl Uscc {
    /// The code itself, 18 characters in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits of the area of registration.
    pub fn area(&self) -> &str {
        &self.0[2..8]
    }
}

/// The check character of the first 17.
///
/// 依据: GB 32100-2015 法人和其他组织统一社会信用代码编码规则 附录A (weights are powers of 3 modulo 31)
fn check_character(values: &[usize]) -> usize {
    let weights = std::iter::successors(Some(1), |it| Some(it * 3 % 31));
    let sum: usize = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31
}

/// Takes exactly 18 characters, small letters too; clean typed text with [`super::half_width`] first.
///
/// 依据: GB 32100-2015 法人和其他组织统一社会信用代码编码规则 4
impl FromStr for Uscc {
    type Err = BadUscc;

    fn from_str(text: &str) -> Result<Uscc, BadUscc> {
        let code = text.to_ascii_uppercase();
        let length = code.chars().count();
        if length != 18 {
            return Err(BadUscc::Length(length));
        }
        let values: Option<Vec<usize>> = code.chars().map(|it| ALPHABET.find(it)).collect();
        let values = values.ok_or(BadUscc::Characters)?;
        if values[2..8].iter().any(|it| 9 < *it) {
            return Err(BadUscc::Characters);
        }
        if values[17] != check_character(&values[..17]) {
            return Err(BadUscc::CheckCharacter);
        }
        Ok(Uscc(code))
    }
}

impl BadUscc {
    /// What is wrong and what to do, in one sentence.
    pub fn text(self) -> Text {
        match self {
            BadUscc::Length(length) => Text::new(
                format!("统一社会信用代码应为 18 位，现为 {length} 位；请核对"),
                format!("a unified social credit code has 18 characters, this has {length}; check it"),
            ),
            BadUscc::Characters => Text::new(
                "统一社会信用代码只用数字和除 I、O、S、V、Z 外的大写字母，第 3 至 8 位为数字；请核对",
                "a unified social credit code has digits and letters other than I, O, S, V, Z, and digits at 3 to 8; check it",
            ),
            BadUscc::CheckCharacter => Text::new(
                "统一社会信用代码校验码不符，有一位或几位填错；请核对",
                "the check character of the unified social credit code does not fit; check it",
            ),
        }
    }
}

impl fmt::Display for BadUscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

super::serde_as_text!(Uscc);
