//! Reading one to three rows as a header: which words stand above which column.

use super::names::{Found, Names};
use crate::sheet::{Cell, Row};

/// Some rows read as a header.
pub(super) struct Attempt {
    /// By column; two lines joined by a slash.
    pub texts: Vec<String>,
    pub matches: Vec<Option<Found>>,
    /// Different keys recognised; columns of keys that may come often count each.
    pub score: usize,
}

/// Reads rows that follow each other as one header.
pub(super) fn attempt(block: &[Row], names: &Names) -> Attempt {
    let width = block.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let paths: Vec<Vec<String>> = (0..width).map(|column| path(block, column)).collect();
    let mut matches: Vec<Option<Found>> = paths.iter().map(|path| names.find(path)).collect();
    for (column, path) in paths.iter().enumerate() {
        let Some(instead) = names.instead(path).filter(|_| matches[column].is_none()) else { continue };
        if matches.iter().flatten().all(|found| found.column.key != instead.key) {
            matches[column] = Some(Found { column: instead, tier: 40, detail: None });
        }
    }
    let mut seen = Vec::new();
    for found in matches.iter().flatten() {
        if found.column.many || !seen.contains(&found.column.key) {
            seen.push(found.column.key);
        }
    }
    Attempt { texts: paths.iter().map(|path| path.join("/")).collect(), matches, score: seen.len() }
}

/// True when the last row of the block continues the header above it and is not the first row of data.
pub(super) fn is_second_line(rows: &[Row], first: usize, count: usize, names: &Names) -> bool {
    let (above, below) = (&rows[first + count - 2], &rows[first + count - 1]);
    if reaches_into(above, below) {
        return true;
    }
    let upper = attempt(&rows[first..first + count - 1], names);
    let both = attempt(&rows[first..first + count], names);
    // Under a header that says all, only another header word or nothing may stand; a value makes the row data.
    let mut columns = upper.matches.iter().enumerate().filter(|(_, found)| found.is_some());
    both.score > upper.score
        && columns.all(|(column, _)| {
            let cell = below.cell(column);
            let has_children = spans(above, below, column);
            match cell {
                Cell::Empty => true,
                Cell::Text(_) => {
                    has_children || both.matches[column].as_ref().is_some_and(|found| found.detail.is_none())
                }
                _ => false,
            }
        })
}

/// True when a header cell is merged downwards into the row below.
pub(super) fn reaches_into(above: &Row, below: &Row) -> bool {
    let joined = |&&column: &&u16| above.cell(usize::from(column)) == below.cell(usize::from(column));
    below.number == above.number.saturating_add(1)
        && below.carried.iter().filter(joined).any(|&column| matches!(below.cell(usize::from(column)), Cell::Text(_)))
}

/// True when the cell stands above several: merged to the side, or followed by blanks that have something below.
fn spans(above: &Row, below: &Row, column: usize) -> bool {
    let next = column + 1;
    let same = |other: usize| !above.cell(other).is_empty() && above.cell(other) == above.cell(column);
    same(next) || column > 0 && same(column - 1) || above.cell(next).is_empty() && !below.cell(next).is_empty()
}

/// The words above a column, the upper first, each once.
fn path(block: &[Row], column: usize) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for (line, row) in block.iter().enumerate() {
        let own = words(row.cell(column));
        let text = if own.is_empty() { inherited(block, line, column) } else { own };
        if !text.is_empty() && path.last() != Some(&text) {
            path.push(text);
        }
    }
    path
}

/// The parent of a blank cell that has a child below: the next word to the left, if that has a child as well.
fn inherited(block: &[Row], line: usize, column: usize) -> String {
    let Some(below) = block.get(line + 1) else { return String::new() };
    if below.cell(column).is_empty() || below.is_carried(column) {
        return String::new();
    }
    for left in (0..column).rev() {
        if below.cell(left).is_empty() || below.is_carried(left) {
            return String::new();
        }
        let text = words(block[line].cell(left));
        if !text.is_empty() {
            return text;
        }
    }
    String::new()
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}
