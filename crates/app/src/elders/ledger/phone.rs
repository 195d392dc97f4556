//! Telephone numbers in a cell: one or several, with dashes, blanks, +86 and words around them.

use kit::sheet::{Cell, half_width};
use rules::base::Phone;

const ABSENT: [&str; 10] = ["无", "没有", "暂无", "不详", "未知", "无电话", "-", "--", "/", "0"];
/// Shorter runs of digits are extensions and house numbers.
const LEAST_DIGITS: usize = 7;

/// The numbers of a cell in the form in which they are kept: `13742180967`, `0432-6892152`.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct ReadPhones {
    pub phones: Vec<Phone>,
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

fn add(phones: &mut Vec<Phone>, phone: Phone) {
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
fn whole_or_pieces(run: &str) -> Option<Vec<Phone>> {
    one(run).map(|phone| vec![phone]).or_else(|| run.split_whitespace().map(one).collect())
}

fn one(text: &str) -> Option<Phone> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // 86 without a plus before it.
    let bare = (digits.len() == 13).then(|| digits.strip_prefix("86")).flatten();
    bare.and_then(|it| it.parse().ok()).or_else(|| text.parse().ok())
}
