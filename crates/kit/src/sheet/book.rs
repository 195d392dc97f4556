//! What a spreadsheet holds once it is read: sheets of rows of cells, numbered as the spreadsheet numbers them.

use jiff::civil::{Date, DateTime};

/// A file's visible sheets, in their order.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub sheets: Vec<Sheet>,
    /// Names of the sheets that are hidden in the file and therefore not read.
    pub hidden: Vec<String>,
}

/// One sheet. Rows without any value are not kept; the numbers of the others tell where they stood.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// As the spreadsheet numbers it, from 1.
    pub number: u32,
    pub cells: Vec<Cell>,
    /// Columns, from 0 and rising, whose value comes from a merged cell that begins in a row above.
    pub carried: Vec<u16>,
}

impl Row {
    /// The cell of a column, from 0; beyond the last one it is empty.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// True when the column's value belongs to a merged cell that begins in a row above.
    pub fn is_carried(&self, column: usize) -> bool {
        self.carried.iter().any(|&carried| usize::from(carried) == column)
    }
}

/// One cell. A text is trimmed and never empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Date(Date),
    DateTime(DateTime),
    Bool(bool),
    /// A formula's error, `#REF!`.
    Error(&'static str),
}

impl Cell {
    /// A text cell, or an empty one when nothing but space is left.
    pub fn text(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }

    /// What a person reads in the cell. Numbers stand in full, never with an exponent, and with the fifteen digits that a
    /// spreadsheet keeps: what it has lost shows as zeros.
    pub fn display(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) if number.abs() < 1e15 => number.to_string(),
            Cell::Number(number) => {
                let kept = format!("{number:.14e}").parse().ok().filter(|kept: &f64| kept.is_finite());
                kept.unwrap_or(*number).to_string()
            }
            Cell::Date(date) => date.to_string(),
            Cell::DateTime(time) => time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Cell::Bool(true) => "TRUE".to_owned(),
            Cell::Bool(false) => "FALSE".to_owned(),
            Cell::Error(error) => (*error).to_owned(),
        }
    }
}
