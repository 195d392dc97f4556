//! Mobile and landline numbers of the mainland, as people write them and as we keep them.

use std::{fmt, str::FromStr};

use super::{Text, half_width};

/// A phone number in the one form in which it is kept: `13800138000`, `0816-2345678` or `0816-2345678-801`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phone {
    Mobile(String),
    Landline(String),
}

/// What is wrong with a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPhone {
    Characters,
    /// Begins like a mobile number but has so many digits instead of 11, or a second digit that is not in use.
    Mobile(usize),
    /// No area code, or not 7 or 8 digits after it.
    Landline,
}

impl Phone {
    /// The number in the form in which it is kept.
    pub fn as_str(&self) -> &str {
        match self {
            Phone::Mobile(it) | Phone::Landline(it) => it,
        }
    }

    /// Whether it takes text messages.
    pub fn is_mobile(&self) -> bool {
        matches!(self, Phone::Mobile(_))
    }
}

/// Area codes of Beijing, Guangzhou, Shanghai, … have three digits (010, 02x), all others four.
fn area_length(digits: &str) -> usize {
    if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 }
}

fn landline(text: &str) -> Option<String> {
    let (number, extension) = match text.rsplit_once(['-', '转', '#']) {
        // What follows the last dash is an extension only when a whole number stands before it.
        Some((number, extension)) if 10 <= number.bytes().filter(u8::is_ascii_digit).count() => {
            (number, Some(extension))
        }
        _ => (text, None),
    };
    let digits = number.replace('-', "");
    let local = digits.get(area_length(&digits)..)?;
    let fits = digits.starts_with('0') && matches!(local.len(), 7 | 8) && !local.starts_with(['0', '1']);
    let extension_fits =
        extension.is_none_or(|it| (1..=6).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit()));
    let area = &digits[..digits.len() - local.len()];
    let extension = extension.map(|it| format!("-{it}")).unwrap_or_default();
    (fits && extension_fits).then(|| format!("{area}-{local}{extension}"))
}

/// Takes what people type: full-width digits, spaces, dashes, brackets, +86.
///
/// 依据: 工业和信息化部 电信网编号计划（2017年版） 公众移动通信网网号、长途区号
impl FromStr for Phone {
    type Err = BadPhone;

    fn from_str(text: &str) -> Result<Phone, BadPhone> {
        let text: String = half_width(text)
            .chars()
            .map(|it| if "—–－)".contains(it) { '-' } else { it })
            .filter(|it| *it != '(')
            .collect();
        let text =
            text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(&text).trim_start_matches('-');
        let digits = text.replace('-', "");
        if digits.is_empty() || !text.chars().all(|it| it.is_ascii_digit() || "-转#".contains(it)) {
            return Err(BadPhone::Characters);
        }
        if digits.starts_with('1') {
            let mobile = digits.len() == 11
                && matches!(digits.as_bytes()[1], b'3'..=b'9')
                && digits.bytes().all(|it| it.is_ascii_digit());
            return if mobile { Ok(Phone::Mobile(digits)) } else { Err(BadPhone::Mobile(digits.chars().count())) };
        }
        landline(text).map(Phone::Landline).ok_or(BadPhone::Landline)
    }
}

impl BadPhone {
    /// What is wrong and what to do, in one sentence.
    pub fn text(self) -> Text {
        match self {
            BadPhone::Characters => {
                Text::new("电话号码只能有数字和“-”；请核对", "a phone number has digits and dashes only; check it")
            }
            BadPhone::Mobile(length) => Text::new(
                format!("手机号应为 11 位并以 13 至 19 开头，现为 {length} 位；请核对"),
                format!("a mobile number has 11 digits and begins with 13 to 19, this has {length}; check it"),
            ),
            BadPhone::Landline => Text::new(
                "座机号应写区号和 7 或 8 位号码，如 0816-2345678；请核对",
                "write a landline with its area code and 7 or 8 digits, as 0816-2345678; check it",
            ),
        }
    }
}

impl fmt::Display for BadPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Masks the middle, so that logs do not carry phone numbers.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.as_str();
        write!(f, "{}****{}", &number[..3], &number[number.len() - 4..])
    }
}

super::serde_as_text!(Phone);
