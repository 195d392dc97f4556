//! Finding the header: title lines above it, one to three lines of its own, merged or not, in any words of the table.

mod lines;
mod names;
#[cfg(test)]
mod tests;

use super::{Cell, Columns, Row, Sheet, fold};
use lines::{Attempt, attempt, is_second_line, reaches_into};
use names::Names;

/// Headers stand within so many filled rows from the top.
const SEARCHED_ROWS: usize = 60;
/// Title, parent, child: more lines no header has.
const MOST_LINES: usize = 3;
/// One word alone can stand in any text; two make a header.
const LEAST_MATCHES: usize = 2;

/// A column of the sheet and the field it gives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mapped {
    pub key: &'static str,
    /// From 0.
    pub column: usize,
    /// What stands above it in the sheet; two lines are joined by a slash.
    pub header: String,
    /// The lower line, where only the upper one is known: 人员类别/某类 gives `某类`.
    pub detail: Option<String>,
}

/// A key that more than one column could give.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ambiguous {
    pub key: &'static str,
    /// Header of the column taken.
    pub taken: String,
    /// Header of the column passed over.
    pub passed: String,
    /// Number of the column passed over, from 0.
    pub column: usize,
}

/// The header of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// First and last line, as the spreadsheet numbers rows.
    pub first_row: u32,
    pub last_row: u32,
    /// By column.
    pub mapped: Vec<Mapped>,
    /// Columns, from 0, whose header is in no table, with that header.
    pub unknown: Vec<(usize, String)>,
    pub ambiguous: Vec<Ambiguous>,
    /// Headers of all columns; empty where there is none.
    pub texts: Vec<String>,
    /// The columns of incidental keys.
    incidental: Vec<usize>,
    /// Each line's cells, folded, to know the header again further down.
    lines: Vec<Vec<String>>,
}

impl Header {
    /// The first column of a key.
    pub fn one(&self, key: &str) -> Option<&Mapped> {
        self.mapped.iter().find(|mapped| mapped.key == key)
    }

    /// All columns of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Mapped> {
        self.mapped.iter().filter(move |mapped| mapped.key == key)
    }

    /// What stands above a column.
    pub fn text(&self, column: usize) -> &str {
        self.texts.get(column).map_or("", String::as_str)
    }

    /// The headers of tables that stand side by side in one sheet, as where a long list is printed in two columns of
    /// people: one for each time that all of `keys` that the sheet has, at least two, stand again in the same distance.
    pub fn side_by_side(self, keys: &[&str]) -> Vec<Header> {
        let telling: Vec<usize> = keys.iter().filter_map(|key| self.one(key)).map(|it| it.column).collect();
        let (Some(first), Some(last)) = (telling.iter().min().copied(), telling.iter().max().copied()) else {
            return vec![self];
        };
        let again = |column: usize, by: usize| {
            let text = fold(self.text(column));
            !text.is_empty() && fold(self.text(column + by)) == text
        };
        let repeats = |by: usize| 2 <= telling.len() && telling.iter().all(|it| again(*it, by));
        let start = self.mapped.iter().map(|it| it.column).min().unwrap_or(first);
        let Some(width) = (last - start + 1..self.texts.len()).find(|by| repeats(*by)) else { return vec![self] };
        let mut all = Vec::new();
        for by in (0..self.texts.len()).step_by(width).filter(|by| *by == 0 || repeats(*by)) {
            let end = start + width;
            let of_block = |column: usize| column < end && (by == 0 || again(column, by));
            let shifted = |it: &Mapped| Mapped { column: it.column + by, ..it.clone() };
            all.push(Header {
                mapped: self.mapped.iter().filter(|it| of_block(it.column)).map(shifted).collect(),
                unknown: self.unknown.iter().filter(|it| by == 0 && it.0 < end).cloned().collect(),
                ambiguous: self.ambiguous.iter().filter(|it| by == 0 && it.column < end).cloned().collect(),
                incidental: self.incidental.iter().filter(|it| **it < end).map(|it| it + by).collect(),
                ..self.clone()
            });
        }
        all
    }

    pub(super) fn is_incidental(&self, column: usize) -> bool {
        self.incidental.contains(&column)
    }

    pub(super) fn is_mapped(&self, column: usize) -> bool {
        self.mapped.iter().any(|mapped| mapped.column == column)
    }

    /// True when a row repeats one of the header's lines.
    pub(super) fn stands_again_in(&self, row: &Row) -> bool {
        self.lines.iter().any(|line| repeats(row, line))
    }
}

/// Most of the words stand again where they stood. Rows of people differ at once, so most of them cost little.
fn repeats(row: &Row, line: &[String]) -> bool {
    let named = line.iter().filter(|text| !text.is_empty()).count();
    let (mut same, mut other) = (0, 0);
    for (column, text) in line.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        if matches!(row.cell(column), Cell::Text(cell) if fold(cell) == *text) {
            same += 1;
        } else {
            other += 1;
        }
        if other * 5 > named * 2 {
            return false;
        }
    }
    same >= LEAST_MATCHES
}

/// What the person who uploads decides instead of the search.
#[derive(Clone, Debug, Default)]
pub struct Override {
    /// The header's only or first line, as the spreadsheet numbers rows.
    pub header_row: Option<u32>,
    /// Key and column, from 0. A column named here gives that key and nothing else.
    pub columns: Vec<(String, usize)>,
}

/// Why a sheet has no usable header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum HeaderError {
    /// No row has at least two known headers.
    NotFound,
    /// A header is there, but these required keys are not in it.
    Missing { row: u32, keys: Vec<&'static str> },
    /// The manual mapping names a key or row that does not exist.
    BadOverride { what: String },
}

/// Finds the header of a sheet. A manual choice goes before what is found.
pub fn find_header(sheet: &Sheet, columns: &Columns, chosen: &Override) -> Result<Header, HeaderError> {
    let names = Names::of(columns);
    let (first, count) = match chosen.header_row {
        Some(number) => {
            let row = sheet.rows.binary_search_by_key(&number, |row| row.number);
            (row.map_err(|_| HeaderError::BadOverride { what: format!("row {number}") })?, 1)
        }
        None => search(&sheet.rows, &names).ok_or(HeaderError::NotFound)?,
    };
    let count = with_merged_lines(&sheet.rows, first, count);
    let mut header = assemble(&sheet.rows, first, count, &names);
    for (key, column) in &chosen.columns {
        let known = columns.column(key).ok_or_else(|| HeaderError::BadOverride { what: key.clone() })?;
        header.mapped.retain(|mapped| mapped.column != *column && (known.many || mapped.key != known.key));
        header.unknown.retain(|(unknown, _)| unknown != column);
        let text = header.text(*column).to_owned();
        header.mapped.push(Mapped { key: known.key, column: *column, header: text, detail: None });
    }
    header.mapped.sort_by_key(|mapped| mapped.column);
    let is_incidental = |key: &str| columns.column(key).is_some_and(|column| column.incidental);
    header.incidental = header.mapped.iter().filter(|mapped| is_incidental(mapped.key)).map(|m| m.column).collect();
    let required = columns.columns.iter().filter(|column| column.required);
    let missing: Vec<_> = required.filter(|column| header.one(column.key).is_none()).map(|column| column.key).collect();
    if missing.is_empty() { Ok(header) } else { Err(HeaderError::Missing { row: header.first_row, keys: missing }) }
}

/// The row and number of lines with the most matches; of equals the fewer lines, then the higher row.
fn search(rows: &[Row], names: &Names) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize, usize)> = None;
    for first in 0..rows.len().min(SEARCHED_ROWS) {
        for count in 1..=MOST_LINES {
            let is_block = first + count <= rows.len()
                && rows[first + count - 1].number == rows[first].number.saturating_add(count as u32 - 1);
            if !is_block || count > 1 && !is_second_line(rows, first, count, names) {
                break;
            }
            let score = attempt(&rows[first..first + count], names).score;
            let better = best.is_none_or(|(most, _, lines)| score > most || score == most && count < lines);
            if score >= LEAST_MATCHES && better {
                best = Some((score, first, count));
            }
        }
    }
    best.map(|(_, first, count)| (first, count))
}

/// Header cells that are merged downwards belong to the header with every row they cover.
fn with_merged_lines(rows: &[Row], first: usize, mut count: usize) -> usize {
    while count < MOST_LINES
        && rows.get(first + count).is_some_and(|below| reaches_into(&rows[first + count - 1], below))
    {
        count += 1;
    }
    count
}

fn assemble(rows: &[Row], first: usize, count: usize, names: &Names) -> Header {
    let block = &rows[first..first + count];
    let Attempt { texts, matches, .. } = attempt(block, names);
    let mut header = Header {
        first_row: block[0].number,
        last_row: block[count - 1].number,
        lines: block.iter().map(|row| row.cells.iter().map(|cell| fold(&cell.display())).collect()).collect(),
        ..Header::default()
    };
    let mut taken: Vec<(usize, u8)> = Vec::new();
    for (column, found) in matches.into_iter().enumerate() {
        let text = &texts[column];
        let Some(found) = found else {
            if !text.is_empty() {
                header.unknown.push((column, text.clone()));
            }
            continue;
        };
        let mapped = Mapped { key: found.column.key, column, header: text.clone(), detail: found.detail };
        let rival = header.mapped.iter().position(|earlier| earlier.key == mapped.key && !found.column.many);
        let Some(at) = rival else {
            header.mapped.push(mapped);
            taken.push((column, found.tier));
            continue;
        };
        // The more literal header wins; of equals the left one.
        let closer = taken.iter().any(|&(earlier, tier)| earlier == header.mapped[at].column && found.tier < tier);
        let loser = if closer { std::mem::replace(&mut header.mapped[at], mapped) } else { mapped };
        if closer {
            taken.push((column, found.tier));
        }
        let winner = header.mapped[at].header.clone();
        header.unknown.push((loser.column, loser.header.clone()));
        header.ambiguous.push(Ambiguous { key: loser.key, taken: winner, passed: loser.header, column: loser.column });
    }
    header.texts = texts;
    header
}
