//! Rows under construction: cells arrive in any order, within the limits, and merged cells give their value to all.

use super::{Limits, Problem};
use crate::sheet::{Cell, Measure, Row, Sheet};

/// A merged region; rows as the spreadsheet numbers them, columns from 0, ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merge {
    pub first_row: u32,
    pub last_row: u32,
    pub first_column: usize,
    pub last_column: usize,
}

/// What is left of the limits, over all sheets of a file.
pub(super) struct Budget {
    limits: Limits,
    rows: usize,
    cells: usize,
    text_bytes: usize,
}

impl Budget {
    pub fn new(limits: &Limits) -> Self {
        Budget { limits: *limits, rows: 0, cells: 0, text_bytes: 0 }
    }

    fn take(&mut self, cells: usize, text_bytes: usize) -> Result<(), Problem> {
        self.cells = self.cells.saturating_add(cells);
        self.text_bytes = self.text_bytes.saturating_add(text_bytes);
        within(self.cells, self.limits.cells, Measure::Cells)?;
        within(self.text_bytes, self.limits.text_bytes, Measure::TextBytes)
    }
}

fn text_bytes(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text.len(),
        _ => 0,
    }
}

fn within(found: usize, limit: usize, what: Measure) -> Result<(), Problem> {
    if found <= limit { Ok(()) } else { Err(Problem::TooLarge(what, limit as u64)) }
}

/// One sheet under construction.
pub(super) struct Grid<'a> {
    budget: &'a mut Budget,
    rows: Vec<Row>,
    in_order: bool,
}

impl<'a> Grid<'a> {
    pub fn new(budget: &'a mut Budget) -> Self {
        Grid { budget, rows: Vec::new(), in_order: true }
    }

    /// Puts a value where it stands. Empty cells are not kept.
    pub fn put(&mut self, number: u32, column: usize, cell: Cell) -> Result<(), Problem> {
        if cell.is_empty() {
            return Ok(());
        }
        within(column + 1, self.budget.limits.columns, Measure::Columns)?;
        let begins_row = self.rows.last().is_none_or(|row| row.number != number);
        if begins_row {
            self.budget.rows += 1;
            within(self.budget.rows, self.budget.limits.rows, Measure::Rows)?;
            self.in_order &= self.rows.last().is_none_or(|row| row.number < number);
            self.rows.push(Row { number, ..Row::default() });
        }
        let Some(row) = self.rows.last_mut() else { return Ok(()) };
        let grown = (column + 1).saturating_sub(row.cells.len());
        self.budget.take(grown, text_bytes(&cell))?;
        if grown > 0 {
            row.cells.resize(column + 1, Cell::Empty);
        }
        row.cells[column] = cell;
        Ok(())
    }

    /// The finished sheet, its merged cells filled.
    pub fn finish(mut self, name: &str, merges: &[Merge]) -> Result<Sheet, Problem> {
        if !self.in_order {
            self.sort();
        }
        for merge in merges {
            self.fill(*merge)?;
        }
        Ok(Sheet { name: name.to_owned(), rows: self.rows })
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.number);
        self.rows.dedup_by(|later, earlier| {
            let same = later.number == earlier.number;
            if same {
                let width = earlier.cells.len().max(later.cells.len());
                earlier.cells.resize(width, Cell::Empty);
                for (column, cell) in later.cells.drain(..).enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    earlier.cells[column] = cell;
                }
            }
            same
        });
    }

    fn fill(&mut self, merge: Merge) -> Result<(), Problem> {
        let Ok(top) = self.rows.binary_search_by_key(&merge.first_row, |row| row.number) else { return Ok(()) };
        let value = self.rows[top].cell(merge.first_column).clone();
        if value.is_empty() {
            return Ok(());
        }
        let last_column = merge.last_column.min(self.budget.limits.columns - 1).min(usize::from(u16::MAX));
        let covered = self.rows[top..].iter_mut().take_while(|row| row.number <= merge.last_row);
        for row in covered {
            let is_below = row.number > merge.first_row;
            let width = (last_column + 1).saturating_sub(merge.first_column);
            self.budget.take(width, width.saturating_mul(text_bytes(&value)))?;
            if row.cells.len() <= last_column {
                row.cells.resize(last_column + 1, Cell::Empty);
            }
            for column in merge.first_column..=last_column {
                if row.cells[column].is_empty() {
                    row.cells[column] = value.clone();
                    if is_below {
                        row.carried.push(column as u16);
                    }
                }
            }
        }
        Ok(())
    }
}
