//! The 18-character ID number in a ledger: the fault that stands for the others, and nobody born after today.

use jiff::civil::Date;
use rules::base::{BadIdNumber, IdNumber, Sex, check_character};

use super::Reason;

/// What an ID number says about its owner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct IdFacts {
    pub birth: Date,
    pub sex: Sex,
}

/// Checks a number in half width and upper case.
///
/// 依据: GB 11643-1999 公民身份号码
pub(super) fn check_id(number: &str, on: Date) -> Result<IdFacts, Reason> {
    match number.parse::<IdNumber>() {
        Ok(it) if it.birth_date().civil() <= on => Ok(IdFacts { birth: it.birth_date().civil(), sex: it.sex() }),
        Ok(_) => Err(Reason::IdBirthImpossible),
        Err(fault) => Err(reason(number, fault)),
    }
}

fn reason(number: &str, fault: BadIdNumber) -> Reason {
    let bytes = number.as_bytes();
    match fault {
        BadIdNumber::LostDigits => Reason::IdLostDigits,
        BadIdNumber::Characters => Reason::IdCharacters,
        BadIdNumber::CheckDigit => Reason::IdCheckDigit,
        // Letters in a number of the wrong length are the worse fault: somebody hid digits, or it is another document.
        BadIdNumber::Length(_) | BadIdNumber::OldFifteenDigits => {
            let body = bytes.strip_suffix(b"X").unwrap_or(bytes);
            if body.iter().all(u8::is_ascii_digit) { Reason::IdLength } else { Reason::IdCharacters }
        }
        // A slip of one digit is likelier than a card with a day that never was.
        BadIdNumber::BirthDate if check_character(&bytes[..17]) != bytes[17] => {
            if number.ends_with("000") {
                Reason::IdLostDigits
            } else {
                Reason::IdCheckDigit
            }
        }
        BadIdNumber::BirthDate => Reason::IdBirthImpossible,
    }
}
