//! The 18-digit number of a resident (公民身份号码).

use std::{fmt, str::FromStr};

use super::{Date, Text, half_width};

/// A resident's ID number whose form, birth date and check digit are right. Shown in full only by `Display`; `Debug` masks it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber(String);

/// Sex as the ID number states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Sex {
    #[serde(rename = "男")]
    Male,
    #[serde(rename = "女")]
    Female,
}

/// What is wrong with an ID number, the first fault found in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadIdNumber {
    /// Written as 4.4E+17, or its last digits turned to zeros: a spreadsheet stored it as a number.
    LostDigits,
    /// The 15-digit number issued before 1999.
    OldFifteenDigits,
    /// So many characters instead of 18.
    Length(usize),
    /// Something else than 17 digits and a digit or X, or an area that begins with 0.
    Characters,
    /// The calendar has no such birth date, or it lies outside 1800 to 2099.
    BirthDate,
    CheckDigit,
}

impl IdNumber {
    /// Birth date, digits 7 to 14.
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).expect("checked when the number was read")
    }

    /// Sex, by digit 17: odd is male.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The six digits of the area where the number was issued; many are no longer in use.
    pub fn area(&self) -> &str {
        &self.0[..6]
    }

    /// The number itself, 18 characters, X in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as most roles may see it: `510***********002X`.
    pub fn masked(&self) -> String {
        format!("{}***********{}", &self.0[..3], &self.0[14..])
    }
}

/// An ID number as people type it, made comparable: half-width, without spaces, X in upper case. It may still be wrong.
pub fn normalise_id_number(text: &str) -> String {
    half_width(text).to_ascii_uppercase()
}

/// The check character of the first 17 digits, as ASCII.
///
/// 依据: GB 11643-1999 公民身份号码 附录A (ISO 7064, MOD 11-2)
pub fn check_character(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    b"10X98765432"[sum as usize % 11]
}

fn birth_date(number: &str) -> Option<Date> {
    let (year, month, day) = (number[6..10].parse().ok()?, number[10..12].parse().ok()?, number[12..14].parse().ok()?);
    if !(1800..2100).contains(&year) {
        return None;
    }
    Date::new(year, month, day)
}

/// Takes exactly 18 characters, a small x too; clean typed text with [`normalise_id_number`] first.
///
/// 依据: GB 11643-1999 公民身份号码 4
impl FromStr for IdNumber {
    type Err = BadIdNumber;

    fn from_str(text: &str) -> Result<IdNumber, BadIdNumber> {
        let number = text.to_ascii_uppercase();
        let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        let scientific =
            number.split_once("E+").is_some_and(|(number, power)| digits(power) && digits(&number.replace('.', "")));
        match number.chars().count() {
            _ if scientific => return Err(BadIdNumber::LostDigits),
            18 => {}
            15 if digits(&number) => return Err(BadIdNumber::OldFifteenDigits),
            length => return Err(BadIdNumber::Length(length)),
        }
        let well_formed =
            number.is_ascii() && digits(&number[..17]) && (digits(&number[17..]) || number.ends_with('X'));
        if !well_formed || number.starts_with('0') {
            return Err(BadIdNumber::Characters);
        }
        if birth_date(&number).is_none() {
            return Err(BadIdNumber::BirthDate);
        }
        if number.as_bytes()[17] != check_character(&number.as_bytes()[..17]) {
            return Err(if number.ends_with("000") { BadIdNumber::LostDigits } else { BadIdNumber::CheckDigit });
        }
        Ok(IdNumber(number))
    }
}

impl BadIdNumber {
    /// What is wrong and what to do, in one sentence.
    pub fn text(self) -> Text {
        match self {
            BadIdNumber::LostDigits => Text::new(
                "身份证号被表格软件存成了数字，末几位已丢失；请把该列设为文本后重新填写",
                "the spreadsheet stored the ID number as a number and lost its last digits; format the column as text and enter it again",
            ),
            BadIdNumber::OldFifteenDigits => Text::new(
                "这是 15 位旧身份证号；请填写 18 位号码",
                "this is an old 15-digit ID number; enter the 18-digit number",
            ),
            BadIdNumber::Length(length) => Text::new(
                format!("身份证号应为 18 位，现为 {length} 位；请核对"),
                format!("an ID number has 18 characters, this has {length}; check it"),
            ),
            BadIdNumber::Characters => Text::new(
                "身份证号前 17 位应为数字且不以 0 开头，末位为数字或 X；请核对",
                "the first 17 characters of an ID number are digits, not beginning with 0, the last a digit or X; check it",
            ),
            BadIdNumber::BirthDate => Text::new(
                "身份证号第 7 至 14 位不是一个出生日期；请核对",
                "digits 7 to 14 of the ID number are not a birth date; check it",
            ),
            BadIdNumber::CheckDigit => Text::new(
                "身份证号校验码不符，有一位或几位填错；请核对",
                "the check digit of the ID number does not fit, so some digit is wrong; check it",
            ),
        }
    }
}

impl fmt::Display for BadIdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

super::serde_as_text!(IdNumber);
