//! Lists as workbooks: title, headers that stay and filter, typed cells, any number of rows.

use jiff::civil::Date;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::SheetError;

/// The last row a sheet can have, from 0.
const LAST_ROW: u32 = 1_048_575;
/// The most characters a cell can hold.
const MOST_CHARS: usize = 32_767;
const MOST_SHEET_NAME_CHARS: usize = 31;
/// Texts that begin so are formulas to whoever opens the list.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What a column holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Text,
    Int,
    Date,
    /// Whole fen, shown in yuan with two decimals.
    Money,
}

/// A column of an export.
#[derive(Clone, Debug)]
pub struct ExportColumn {
    pub header: String,
    pub kind: Kind,
    /// Width in characters of the standard font.
    pub width: u16,
}

impl ExportColumn {
    /// A column with the width its kind usually needs.
    pub fn new(header: &str, kind: Kind) -> Self {
        let width = match kind {
            Kind::Text => 18,
            Kind::Int => 10,
            Kind::Date => 12,
            Kind::Money => 14,
        };
        ExportColumn { header: header.to_owned(), kind, width }
    }
}

/// A value of an export. Numbers that are names (ID numbers, telephones) are text.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Empty,
    Text(&'a str),
    Int(i64),
    Date(Date),
    /// Money in whole fen.
    Fen(i64),
}

/// An .xlsx file under construction. Rows go to disk as they come; a million of them need no more memory than one.
pub struct Exporter {
    workbook: Workbook,
    title: String,
    columns: Vec<ExportColumn>,
    formats: Formats,
    sheets: usize,
    next_row: u32,
    last_row: u32,
}

struct Formats {
    title: Format,
    header: Format,
    quoted: Format,
    int: Format,
    date: Format,
    money: Format,
}

impl Exporter {
    /// Begins a list with its title and headers.
    pub fn new(title: &str, columns: Vec<ExportColumn>) -> Result<Self, SheetError> {
        Self::with_rows_a_sheet(title, columns, LAST_ROW)
    }

    /// `last_row` lets a test see the second sheet without a million rows.
    pub(super) fn with_rows_a_sheet(
        title: &str,
        columns: Vec<ExportColumn>,
        last_row: u32,
    ) -> Result<Self, SheetError> {
        let formats = Formats {
            title: Format::new().set_bold().set_font_size(14),
            header: header_format(),
            quoted: Format::new().set_quote_prefix(),
            int: Format::new().set_num_format("#,##0").set_align(FormatAlign::Right),
            date: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            money: Format::new().set_num_format("#,##0.00").set_align(FormatAlign::Right),
        };
        let title = title.to_owned();
        let mut exporter =
            Exporter { workbook: Workbook::new(), title, columns, formats, sheets: 0, next_row: 0, last_row };
        exporter.begin_sheet()?;
        Ok(exporter)
    }

    /// Adds a row; values stand in the order of the columns.
    pub fn push(&mut self, values: &[Value<'_>]) -> Result<(), SheetError> {
        if self.next_row > self.last_row {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        let row = self.next_row;
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1).map_err(failed)?;
        for (column, value) in (0..).zip(values) {
            write_value(sheet, row, column, value, &self.formats).map_err(failed)?;
        }
        self.next_row += 1;
        Ok(())
    }

    /// The bytes of the finished file.
    pub fn finish(mut self) -> Result<Vec<u8>, SheetError> {
        self.end_sheet()?;
        self.workbook.save_to_buffer().map_err(failed)
    }

    fn begin_sheet(&mut self) -> Result<(), SheetError> {
        self.sheets += 1;
        let name = match self.sheets {
            1 => sheet_name(&self.title, &[]),
            number => format!("{number}"),
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        for (column, description) in (0..).zip(&self.columns) {
            sheet.set_column_width(column, description.width).map_err(failed)?;
        }
        sheet.write_string_with_format(0, 0, cut(&self.title), &self.formats.title).map_err(failed)?;
        for (column, description) in (0..).zip(&self.columns) {
            let header = cut(&description.header);
            sheet.write_string_with_format(1, column, header, &self.formats.header).map_err(failed)?;
        }
        sheet.set_freeze_panes(2, 0).map_err(failed)?;
        self.next_row = 2;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), SheetError> {
        let Some(last_column) = self.columns.len().checked_sub(1) else { return Ok(()) };
        let last_column = u16::try_from(last_column).unwrap_or(u16::MAX);
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1).map_err(failed)?;
        sheet.autofilter(1, 0, self.next_row.max(2) - 1, last_column).map_err(failed)?;
        Ok(())
    }
}

fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match *value {
        Value::Empty => {}
        Value::Text("") => {}
        Value::Text(text) if text.starts_with(FORMULA_STARTS) => {
            sheet.write_string_with_format(row, column, cut(text), &formats.quoted)?;
        }
        Value::Text(text) => {
            sheet.write_string(row, column, cut(text))?;
        }
        Value::Int(number) => {
            sheet.write_number_with_format(row, column, number as f64, &formats.int)?;
        }
        Value::Fen(fen) => {
            sheet.write_number_with_format(row, column, fen as f64 / 100.0, &formats.money)?;
        }
        Value::Date(date) => write_date(sheet, row, column, date, &formats.date)?,
    }
    Ok(())
}

/// Days before 1900 have no number in a spreadsheet and are written as text.
fn write_date(sheet: &mut Worksheet, row: u32, column: u16, date: Date, format: &Format) -> Result<(), XlsxError> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match u16::try_from(year).ok().and_then(|year| ExcelDateTime::from_ymd(year, month as u8, day as u8).ok()) {
        Some(day) => sheet.write_datetime_with_format(row, column, &day, format)?,
        None => sheet.write_string_with_format(row, column, date.to_string(), format)?,
    };
    Ok(())
}

pub(super) fn header_format() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0xE8EEF4)).set_text_wrap()
}

pub(super) fn failed(error: XlsxError) -> SheetError {
    SheetError::Write { problem: error.to_string() }
}

/// A text that fits a cell.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= MOST_CHARS {
        return text.to_owned();
    }
    // The limit counts UTF-16 units; half as many characters are always within.
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < MOST_CHARS
    };
    text.chars().take_while(fits).collect()
}

/// A name that a sheet may bear and that no sheet before it bears.
pub(super) fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let allowed = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control();
    let shorten = |text: &str, most: usize| {
        let mut units = 0;
        let fits = |c: &char| {
            units += c.len_utf16();
            units <= most
        };
        text.chars().take_while(fits).collect::<String>()
    };
    let plain: String = wanted.chars().filter(allowed).collect();
    let plain = plain.trim();
    let base = shorten(if plain.is_empty() { "Sheet" } else { plain }, MOST_SHEET_NAME_CHARS);
    let is_free = |name: &str| taken.iter().all(|taken| taken.to_lowercase() != name.to_lowercase());
    if is_free(&base) {
        return base;
    }
    let numbered = |number: usize| {
        let tail = format!(" ({number})");
        format!("{}{tail}", shorten(&base, MOST_SHEET_NAME_CHARS - tail.len()))
    };
    (2..).map(numbered).find(|name| is_free(name)).expect("there are more numbers than sheets")
}

#[cfg(test)]
mod tests;
