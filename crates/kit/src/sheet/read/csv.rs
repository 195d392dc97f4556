//! Text tables: UTF-8 with or without its mark, UTF-16 with it, else GB18030; comma, tab or semicolon.

use encoding_rs::{GB18030, UTF_8};

use super::grid::{Budget, Grid};
use super::{Limits, Problem};
use crate::sheet::{Book, Cell};

pub(super) fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Problem> {
    let text = text_of(bytes);
    let start = text.trim_start();
    if start.starts_with('<') {
        return Err(Problem::Disguised);
    }
    let is_table = [".csv", ".txt", ".tsv", ".xls", ".xlsx"].iter().any(|end| file.to_lowercase().ends_with(end));
    if !is_table || text.contains('\0') {
        return Err(Problem::UnknownKind);
    }
    // One kind of line end, also at the very end: only so can lines be told from rows below.
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut budget = Budget::new(limits);
    let mut grid = Grid::new(&mut budget);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    let mut line = 1;
    while reader.read_record(&mut record).map_err(Problem::damaged)? {
        // The reader passes over blank lines; the spreadsheet counts them.
        let next = reader.position().line();
        let breaks_inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        let blank_before = (next - line).saturating_sub(1 + breaks_inside as u64);
        line = next;
        number = number.saturating_add(u32::try_from(blank_before + 1).unwrap_or(u32::MAX));
        for (column, field) in record.iter().enumerate() {
            grid.put(number, column, Cell::text(unquoted(field)))?;
        }
    }
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    Ok(Book { sheets: vec![grid.finish(name, &[])?], hidden: Vec::new() })
}

/// The text of a file as Excel and its like save it in China: UTF-8, UTF-16 with its mark, else GB18030.
pub fn text_of(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The sign that stands most often outside quotes in the beginning.
fn delimiter(text: &str) -> u8 {
    const BEGINNING_BYTES: usize = 64 << 10;
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
    let mut in_quotes = false;
    for byte in text.bytes().take(BEGINNING_BYTES) {
        in_quotes ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte && !in_quotes) {
            *count += 1;
        }
    }
    // Of equals the last wins, so the comma stands last.
    counts.into_iter().max_by_key(|&(_, count)| count).map_or(b',', |(sign, _)| sign)
}

/// `="510703…"` is how an export keeps a spreadsheet from shortening a number.
fn unquoted(field: &str) -> &str {
    let inner = field.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(field)
}
