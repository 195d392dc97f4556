//! Ledgers as townships send them.

mod cells;
mod clerks;
mod people;
mod shapes;
mod streams;
mod township;

use jiff::civil::{Date, date};
use kit::sheet::{Book, Limits};
use rules::base::{Phone, Sex};
use rules::elder_groups::Group;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::*;

const TODAY: Date = date(2026, 11, 21);

/// What a ledger gives, all at once.
struct Result {
    report: Report,
    entries: Vec<Entry>,
    notices: Vec<Notice>,
}

fn result_of(book: &Book) -> Result {
    let mut reading = read(book, &Options::on(TODAY));
    let mut result = Result { report: Report::default(), entries: Vec::new(), notices: reading.notices().to_vec() };
    for line in reading.by_ref() {
        result.report.add(&line);
        if let Outcome::Accepted(entry) = line.outcome {
            result.entries.push(*entry);
        }
    }
    result
}

fn result_of_bytes(bytes: &[u8], file: &str) -> Result {
    result_of(&kit::sheet::read(bytes, file, &Limits::default()).unwrap())
}

fn result_of_csv(text: &str) -> Result {
    result_of_bytes(text.as_bytes(), "ledger.csv")
}

/// The one person of a ledger with one row under these headers; rows and cells by line and comma.
fn person(headers: &str, row: &str) -> Entry {
    let mut result = result_of_csv(&format!("{headers}\n{row}\n"));
    assert_eq!(result.entries.len(), 1, "{:?}", result.report);
    result.entries.remove(0)
}

/// Codes of the warnings of one row.
fn warnings(headers: &str, row: &str) -> Vec<&'static str> {
    let result = result_of_csv(&format!("{headers}\n{row}\n"));
    assert_eq!(result.report.refused, []);
    result.report.warnings.iter().map(|warning| warning.reason.code()).collect()
}

/// The one refusal of one row.
fn refusal(headers: &str, row: &str) -> Refusal {
    let mut result = result_of_csv(&format!("{headers}\n{row}\n"));
    assert_eq!(result.report.refused.len(), 1, "{:?}", result.report);
    result.report.refused.remove(0)
}

/// A number that nobody has: area 990001, the birth date, a sequence, the check digit.
fn id_of(birth: &str, sequence: u32) -> String {
    let body = format!("990001{birth}{sequence:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum as usize % 11]))
}

fn texts(phones: &[Phone]) -> Vec<&str> {
    phones.iter().map(Phone::as_str).collect()
}

fn write(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column, *cell).unwrap();
    }
}

fn merge(sheet: &mut Worksheet, from: (u32, u16), to: (u32, u16), text: &str) {
    sheet.merge_range(from.0, from.1, to.0, to.1, text, &Format::new()).unwrap();
}

fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().unwrap()
}
