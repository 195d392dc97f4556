//! A first walk through an OpenDocument sheet: it must be whole, its repetitions bounded, and its merged cells noted.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::grid::Merge;
use super::{Limits, Problem};
use crate::sheet::Measure;

/// The merged cells of each sheet. Fails on a broken file, which the reader proper would never get to the end of, and
/// on repetitions that would fill the memory.
pub(super) fn check(content: impl Read, limits: &Limits) -> Result<Vec<(String, Vec<Merge>)>, Problem> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    let mut walk = Walk { limits: *limits, ..Walk::default() };
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(Problem::damaged)? {
            Event::Start(element) => {
                depth += 1;
                walk.enter(&element)?;
            }
            Event::Empty(element) => {
                walk.enter(&element)?;
                walk.leave(element.name().as_ref());
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                walk.leave(element.name().as_ref());
            }
            Event::Text(text) => walk.has_value |= walk.in_cell && !text.trim_ascii().is_empty(),
            Event::Eof if depth == 0 => return Ok(walk.sheets),
            Event::Eof => return Err(Problem::Damaged("the content breaks off".to_owned())),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Walk {
    limits: Limits,
    sheets: Vec<(String, Vec<Merge>)>,
    /// Rows above the current one.
    rows: u64,
    row_repeats: u64,
    /// Cells left of the current one.
    columns: u64,
    column_repeats: u64,
    in_cell: bool,
    has_value: bool,
    cells: u64,
}

impl Walk {
    fn enter(&mut self, element: &BytesStart<'_>) -> Result<(), Problem> {
        match element.name().as_ref() {
            "table:table" => {
                self.sheets.push((text(element, "table:name")?.unwrap_or_default(), Vec::new()));
                self.rows = 0;
            }
            "table:table-row" => {
                self.row_repeats = count(element, "table:number-rows-repeated")?;
                self.columns = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.column_repeats = count(element, "table:number-columns-repeated")?;
                self.in_cell = true;
                self.has_value = text(element, "office:value-type")?.is_some();
                self.note_merge(element)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn leave(&mut self, name: &str) {
        match name {
            "table:table-row" => self.rows = self.rows.saturating_add(self.row_repeats),
            "table:table-cell" | "table:covered-table-cell" => {
                self.columns = self.columns.saturating_add(self.column_repeats);
                self.in_cell = false;
            }
            _ => {}
        }
    }

    fn note_merge(&mut self, element: &BytesStart<'_>) -> Result<(), Problem> {
        if self.has_value {
            let repeated = self.column_repeats.saturating_mul(self.row_repeats);
            self.cells = self.cells.saturating_add(repeated);
            // Values far out make the reader keep every empty cell before them.
            let far_out = self.columns.saturating_add(self.column_repeats) > self.limits.columns as u64;
            if far_out {
                return Err(Problem::TooLarge(Measure::Columns, self.limits.columns as u64));
            }
            let area = self.rows.saturating_add(self.row_repeats).saturating_mul(self.columns + self.column_repeats);
            if self.cells.max(area) > self.limits.cells as u64 {
                return Err(Problem::TooLarge(Measure::Cells, self.limits.cells as u64));
            }
        }
        let rows = count(element, "table:number-rows-spanned")?;
        let columns = count(element, "table:number-columns-spanned")?;
        if (rows, columns) == (1, 1) {
            return Ok(());
        }
        let Some((_, merges)) = self.sheets.last_mut() else { return Ok(()) };
        let row = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        merges.push(Merge {
            first_row: row(self.rows + 1),
            last_row: row(self.rows.saturating_add(rows)),
            first_column: usize::try_from(self.columns).unwrap_or(usize::MAX),
            last_column: usize::try_from(self.columns.saturating_add(columns) - 1).unwrap_or(usize::MAX),
        });
        Ok(())
    }
}

fn count(element: &BytesStart<'_>, name: &str) -> Result<u64, Problem> {
    match text(element, name)? {
        Some(number) => number.parse::<u64>().map(|number| number.max(1)).map_err(Problem::damaged),
        None => Ok(1),
    }
}

fn text(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let attribute = element.try_get_attribute(name).map_err(Problem::damaged)?;
    attribute
        .map(|found| {
            found.normalized_value(XmlVersion::Implicit1_0).map(|value| value.into_owned()).map_err(Problem::damaged)
        })
        .transpose()
}
