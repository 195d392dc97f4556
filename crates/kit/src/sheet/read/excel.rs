//! Excel and OpenDocument through calamine, cell by cell where it can.

use std::io::Cursor;

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};
use jiff::civil::{Date, DateTime};

use super::grid::{Budget, Grid, Merge};
use super::{Limits, Problem};
use crate::sheet::{Book, Cell, Measure};

pub(super) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Book, Problem> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_problem)?;
    let (names, hidden) = visible_sheets(&file, limits)?;
    let mut book = Book { sheets: Vec::new(), hidden };
    let mut budget = Budget::new(limits);
    for name in names {
        let merges = file.merge_cells_by_sheet_name(&name).map_err(xlsx_problem)?;
        let mut cells = file.worksheet_cells_reader(&name).map_err(xlsx_problem)?;
        let mut grid = Grid::new(&mut budget);
        loop {
            match cells.next_cell() {
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    grid.put(row.saturating_add(1), column as usize, cell_of_ref(cell.get_value()))?;
                }
                Ok(None) => break,
                // A formula error newer than the reader costs its cell, not the file.
                Err(XlsxError::CellError(_)) => {}
                Err(error) => return Err(xlsx_problem(error)),
            }
        }
        book.sheets.push(grid.finish(&name, &merges.iter().map(merge_of).collect::<Vec<_>>())?);
    }
    Ok(book)
}

pub(super) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Book, Problem> {
    let mut file: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(xls_problem)?;
    let (names, hidden) = visible_sheets(&file, limits)?;
    let mut book = Book { sheets: Vec::new(), hidden };
    let mut budget = Budget::new(limits);
    for name in names {
        let range = file.worksheet_range(&name).map_err(xls_problem)?;
        let merges = file.merge_cells_by_sheet_name(&name).map_err(xls_problem)?;
        let mut grid = Grid::new(&mut budget);
        put_range(&mut grid, &range)?;
        book.sheets.push(grid.finish(&name, &merges.iter().map(merge_of).collect::<Vec<_>>())?);
    }
    Ok(book)
}

/// `merges` holds the merged cells of each sheet by name, which calamine does not give for OpenDocument.
pub(super) fn read_ods(bytes: &[u8], merges: &[(String, Vec<Merge>)], limits: &Limits) -> Result<Book, Problem> {
    let mut file: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(Problem::damaged)?;
    let (names, hidden) = visible_sheets(&file, limits)?;
    let mut book = Book { sheets: Vec::new(), hidden };
    let mut budget = Budget::new(limits);
    for name in names {
        let range = file.worksheet_range(&name).map_err(Problem::damaged)?;
        let merged = merges.iter().find(|(sheet, _)| *sheet == name).map_or(&[][..], |(_, merged)| merged);
        let mut grid = Grid::new(&mut budget);
        put_range(&mut grid, &range)?;
        book.sheets.push(grid.finish(&name, merged)?);
    }
    Ok(book)
}

fn put_range(grid: &mut Grid<'_>, range: &calamine::Range<Data>) -> Result<(), Problem> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let number = (first_row as usize + row + 1).try_into().unwrap_or(u32::MAX);
        grid.put(number, first_column as usize + column, cell_of(value))?;
    }
    Ok(())
}

/// Names of the visible and of the hidden worksheets; charts and macro sheets are neither.
fn visible_sheets<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(
    file: &R,
    limits: &Limits,
) -> Result<(Vec<String>, Vec<String>), Problem> {
    let sheets = file.sheets_metadata();
    if sheets.len() > limits.sheets {
        return Err(Problem::TooLarge(Measure::Sheets, limits.sheets as u64));
    }
    let worksheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (visible, hidden): (Vec<_>, Vec<_>) = worksheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&calamine::Sheet>| sheets.into_iter().map(|sheet| sheet.name.clone()).collect();
    Ok((names(visible), names(hidden)))
}

fn merge_of(region: &Dimensions) -> Merge {
    Merge {
        first_row: region.start.0.saturating_add(1),
        last_row: region.end.0.saturating_add(1),
        first_column: region.start.1 as usize,
        last_column: region.end.1 as usize,
    }
}

fn cell_of_ref(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::DateTimeIso(text) => iso_cell(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => number_cell(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(time) => time_cell(time),
        DataRef::Error(error) => Cell::Error(error_words(error)),
        DataRef::Empty => Cell::Empty,
    }
}

fn cell_of(value: &Data) -> Cell {
    match value {
        Data::String(text) | Data::DurationIso(text) => Cell::text(text),
        Data::DateTimeIso(text) => iso_cell(text),
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => number_cell(*number),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(time) => time_cell(time),
        Data::Error(error) => Cell::Error(error_words(error)),
        Data::Empty => Cell::Empty,
    }
}

fn number_cell(number: f64) -> Cell {
    if number.is_finite() { Cell::Number(number) } else { Cell::Error("#NUM!") }
}

fn iso_cell(text: &str) -> Cell {
    match text.parse::<DateTime>() {
        Ok(time) => date_cell(time),
        Err(_) => Cell::text(text),
    }
}

/// A number under a date format. What is no possible day (a telephone number in a date column) stays a number.
fn time_cell(time: &ExcelDateTime) -> Cell {
    let number = time.as_f64();
    let is_day = (1.0..2_958_466.0).contains(&number) && time.is_datetime();
    if !is_day {
        return number_cell(number);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return number_cell(number) };
    let Ok(date) = Date::new(year, month, day) else { return number_cell(number) };
    let clock = jiff::civil::Time::new(hour as i8, minute as i8, second as i8, 0).unwrap_or_default();
    date_cell(date.to_datetime(clock))
}

fn date_cell(time: DateTime) -> Cell {
    if time.time() == jiff::civil::Time::midnight() { Cell::Date(time.date()) } else { Cell::DateTime(time) }
}

fn error_words(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType::*;
    match error {
        Div0 => "#DIV/0!",
        NA => "#N/A",
        Name => "#NAME?",
        Null => "#NULL!",
        Num => "#NUM!",
        Ref => "#REF!",
        Value => "#VALUE!",
        GettingData => "#DATA!",
    }
}

fn xlsx_problem(error: XlsxError) -> Problem {
    match error {
        XlsxError::Password => Problem::Password,
        other => Problem::damaged(other),
    }
}

fn xls_problem(error: XlsError) -> Problem {
    match error {
        XlsError::Password => Problem::Password,
        other => Problem::damaged(other),
    }
}
