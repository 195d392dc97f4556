//! Which document a cell holds, and whether its number can be right.

use jiff::civil::Date;
use kit::sheet::{Cell, half_width, without_spaces};

use super::id::{IdFacts, check_id};
use super::{Document, Reason};

/// A document as read, with what its number says where it says something.
pub(super) struct Identified {
    pub document: Document,
    pub facts: Option<IdFacts>,
}

/// From so many digits on, a spreadsheet loses the last ones of a number.
const EXACT_DIGITS_END: f64 = 1e15;
const FIFTEEN_DIGITS: f64 = 1e14;

/// Words for "none".
const ABSENT: [&str; 15] =
    ["0", "无", "没有", "暂无", "未办", "未办理", "不详", "未知", "待补", "-", "--", "—", "/", "无身份证", "NONE"];

/// Reads the cell of the number and, where the ledger has one, the cell that names the kind of document.
pub(super) fn read_document(number: &Cell, kind: &Cell, on: Date) -> Result<Identified, Reason> {
    let number = match number {
        Cell::Empty => return Ok(without_number(Document::None)),
        Cell::Number(number) => digits_of(*number)?,
        Cell::Text(text) => cleaned(text),
        Cell::Date(_) | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => return Err(Reason::IdCharacters),
    };
    if number.is_empty() || ABSENT.contains(&number.as_str()) {
        return Ok(without_number(Document::None));
    }
    let kind = without_spaces(&kind.display());
    if is_resident_kind(&kind) {
        return of_any_kind(number, on);
    }
    named_kind(number, &kind, on)
}

fn without_number(document: Document) -> Identified {
    Identified { document, facts: None }
}

fn digits_of(number: f64) -> Result<String, Reason> {
    if number.abs() >= EXACT_DIGITS_END {
        return Err(Reason::IdLostDigits);
    }
    let text = number.to_string();
    if number >= FIFTEEN_DIGITS && !looks_old(&text) {
        return Err(Reason::IdLostDigits);
    }
    Ok(text)
}

fn cleaned(text: &str) -> String {
    let narrow = without_spaces(&half_width(text)).to_uppercase();
    let quotes = ['\'', '`', '‘', '’', '"', '“', '”'];
    let bare = narrow.trim_matches(quotes).to_owned();
    let labels = ["身份证号码", "身份证号", "身份证", "ID"];
    let bare = labels
        .iter()
        .find_map(|label| bare.strip_prefix(label))
        .map_or(bare.as_str(), |rest| rest.trim_start_matches([':', '：']));
    // Look-alikes of X at the end: the Greek and the Cyrillic letter and the sign of multiplication.
    match bare.strip_suffix(['Χ', 'Х', '×']) {
        Some(body) if body.len() == 17 => format!("{body}X"),
        _ => bare.to_owned(),
    }
}

fn is_resident_kind(kind: &str) -> bool {
    let is_card = kind.contains("身份证") || kind.contains("户口") || kind.to_lowercase().contains("idcard");
    kind.is_empty() || is_card && !kind.contains("永久居留")
}

fn named_kind(number: String, kind: &str, on: Date) -> Result<Identified, Reason> {
    let is_any = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if is_any(&["居住证"]) {
        let facts = check_id(&number, on)?;
        return Ok(Identified { document: Document::HkMoTwResidence(number), facts: Some(facts) });
    }
    if is_any(&["永久居留", "外国人"]) {
        return foreign_residence(number, on);
    }
    if !is_plausible(&number) {
        return Err(Reason::DocumentUnreadable);
    }
    Ok(without_number(if is_any(&["护照", "Passport", "passport"]) {
        Document::Passport(number)
    } else if is_any(&["通行证", "回乡证", "台胞证"]) {
        Document::TravelPermit(number)
    } else {
        Document::Other { kind: kind.to_owned(), number }
    }))
}

/// Without a word for its kind, the form of the number tells.
fn of_any_kind(number: String, on: Date) -> Result<Identified, Reason> {
    if is_scientific(&number) {
        return Err(Reason::IdLostDigits);
    }
    if looks_old(&number) {
        return Err(Reason::IdOld);
    }
    if is_passport(&number) {
        return Ok(without_number(Document::Passport(number)));
    }
    if is_old_foreign_card(&number) {
        return foreign_residence(number, on);
    }
    let facts = check_id(&number, on)?;
    let document = match &number[..2] {
        "81" | "82" | "83" => Document::HkMoTwResidence(number),
        _ if is_new_foreign_card(&number) => Document::ForeignResidence(number),
        _ => Document::ResidentId(number),
    };
    Ok(Identified { document, facts: Some(facts) })
}

fn foreign_residence(number: String, on: Date) -> Result<Identified, Reason> {
    if is_old_foreign_card(&number) {
        return Ok(without_number(Document::ForeignResidence(number)));
    }
    let facts = check_id(&number, on)?;
    Ok(Identified { document: Document::ForeignResidence(number), facts: Some(facts) })
}

/// `9.90001E+17`: what a spreadsheet shows of a long number.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once('E') else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_mantissa = mantissa
        .split_once('.')
        .map_or(is_digits(mantissa), |(whole, rest)| is_digits(whole) && (rest.is_empty() || is_digits(rest)));
    // E and eight digits is a passport, never an exponent.
    has_mantissa && is_digits(exponent) && exponent.len() <= 2
}

/// Fifteen digits with a possible day of the twentieth century inside.
fn looks_old(text: &str) -> bool {
    let is_digits = text.len() == 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
    is_digits && Date::new(1900 + part(6..8), part(8..10) as i8, part(10..12) as i8).is_ok()
}

/// One or two letters and seven or eight digits.
fn is_passport(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - digits.len();
    (1..=2).contains(&letters) && (7..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three letters and twelve digits.
fn is_old_foreign_card(text: &str) -> bool {
    let (letters, digits) = text.split_at_checked(3).unwrap_or(("", ""));
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && digits.len() == 12
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// 9, then the province that took the application. No province begins with 9, so numbers of areas that nobody has,
/// 99xxxx, stay ordinary.
fn is_new_foreign_card(number: &str) -> bool {
    let province = number[1..3].parse::<u8>().unwrap_or(0);
    number.starts_with('9') && matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65)
}

fn is_plausible(number: &str) -> bool {
    (5..=20).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().any(|byte| byte.is_ascii_digit())
}
