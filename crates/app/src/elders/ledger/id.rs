//! The 18-character ID number: length, characters, check digit, the birth date and sex inside it.

use jiff::civil::Date;

use super::{Reason, Sex};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// What an ID number says about its owner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct IdFacts {
    pub birth: Date,
    pub sex: Sex,
}

/// Checks a number of 18 characters in half width and upper case.
///
/// 依据: GB 11643-1999 公民身份号码 (ISO 7064, MOD 11-2)
pub(super) fn check_id(number: &str, on: Date) -> Result<IdFacts, Reason> {
    let (bytes, length) = (number.as_bytes(), number.chars().count());
    let is_digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let body = bytes.strip_suffix(b"X").unwrap_or(bytes);
    if !is_digits(body) {
        return Err(Reason::IdCharacters);
    }
    if length != 18 {
        return Err(Reason::IdLength);
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    if CHECK[sum as usize % 11] != bytes[17] {
        // Fifteen digits survive in a number; the rest turns to zeros.
        return Err(if number.ends_with("000") { Reason::IdLostDigits } else { Reason::IdCheckDigit });
    }
    let part = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or(0);
    let (year, month, day) = (part(6..10), part(10..12), part(12..14));
    let birth = Date::new(year, month as i8, day as i8).map_err(|_| Reason::IdBirthImpossible)?;
    if year < 1850 || birth > on {
        return Err(Reason::IdBirthImpossible);
    }
    let sex = if part(16..17) % 2 == 1 { Sex::Male } else { Sex::Female };
    Ok(IdFacts { birth, sex })
}
