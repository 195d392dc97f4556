//! Telephone numbers in a cell: one or several, with dashes, blanks, +86 and words around them.

use kit::sheet::{Cell, half_width};

const ABSENT: [&str; 10] = ["无", "没有", "暂无", "不详", "未知", "无电话", "-", "--", "/", "0"];
/// Shorter runs of digits are extensions and house numbers.
const LEAST_DIGITS: usize = 7;

/// The numbers of a cell in the form in which they are kept: `13742180967`, `0432-6892152`.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct ReadPhones {
    pub phones: Vec<String>,
    /// Something else stands in the cell than numbers that can be dialled.
    pub has_unreadable: bool,
}

pub(super) fn read_phones(cell: &Cell) -> ReadPhones {
    let text = match cell {
        Cell::Empty => return ReadPhones::default(),
        Cell::Number(number) => return of_number(*number),
        other => half_width(&other.display()),
    };
    let text = text.trim().trim_start_matches(['\'', '’', '`']);
    if ABSENT.contains(&text) {
        return ReadPhones::default();
    }
    let mut read = ReadPhones::default();
    for part in text.split(['/', '、', ',', '，', ';', '；', '|', '\n', '或', '和']) {
        for run in runs(part) {
            match whole_or_pieces(&run) {
                Some(phones) => phones.into_iter().for_each(|phone| add(&mut read.phones, phone)),
                None => read.has_unreadable = true,
            }
        }
    }
    read.has_unreadable |= read.phones.is_empty();
    read
}

/// A spreadsheet drops the zero that every area code begins with.
fn of_number(number: f64) -> ReadPhones {
    let digits = number.to_string();
    let phone = one(&digits).or_else(|| one(&format!("0{digits}")));
    ReadPhones { has_unreadable: phone.is_none(), phones: phone.into_iter().collect() }
}

fn add(phones: &mut Vec<String>, phone: String) {
    if !phones.contains(&phone) {
        phones.push(phone);
    }
}

/// The stretches of a text that may be numbers; names and remarks between them fall away.
fn runs(part: &str) -> Vec<String> {
    let is_phone = |c: char| c.is_ascii_digit() || "+-()转# —–－".contains(c);
    let runs = part.split(|c: char| !is_phone(c)).map(|run| run.trim().to_owned());
    runs.filter(|run| run.chars().filter(char::is_ascii_digit).count() >= LEAST_DIGITS || is_all(part, run)).collect()
}

fn is_all(part: &str, run: &str) -> bool {
    !run.is_empty() && part.trim() == run && run.contains(|c: char| c.is_ascii_digit())
}

/// A number with blanks inside, or several numbers with blanks between them.
fn whole_or_pieces(run: &str) -> Option<Vec<String>> {
    one(run).map(|phone| vec![phone]).or_else(|| run.split_whitespace().map(one).collect())
}

/// 依据: 工业和信息化部 电信网编号计划（2017年版）
fn one(text: &str) -> Option<String> {
    let (number, extension) = match text.split_once(['转', '#']) {
        Some((number, extension)) => (number, Some(extension)),
        None => (text, None),
    };
    let plain: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let digits = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain);
    let digits = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
    let is_mobile = digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9');
    if is_mobile && extension.is_none() {
        return Some(digits.to_owned());
    }
    landline(digits, number, extension)
}

fn landline(digits: &str, written: &str, extension: Option<&str>) -> Option<String> {
    if !digits.starts_with('0') || digits.contains('+') {
        return None;
    }
    let area = if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 };
    let (area, local) = digits.split_at_checked(area)?;
    // After a second dash stands an extension, where a whole number stands before it.
    let (local, extension) = match (written.rsplit_once('-'), extension) {
        (Some((before, tail)), None) if before.chars().filter(char::is_ascii_digit).count() >= 10 => {
            let tail: String = tail.chars().filter(char::is_ascii_digit).collect();
            (local.strip_suffix(tail.as_str())?, Some(tail))
        }
        (_, extension) => (local, extension.map(str::to_owned)),
    };
    if !matches!(local.len(), 7 | 8) || local.starts_with(['0', '1']) {
        return None;
    }
    match extension.map(|it| it.trim().to_owned()) {
        None => Some(format!("{area}-{local}")),
        Some(it) if (1..=6).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{area}-{local}-{it}"))
        }
        Some(_) => None,
    }
}
