//! Refused rows handed back: what was in each cell, and beside it where, why and what to do.

use rust_xlsxwriter::{Format, Workbook};

use super::write::{cut, failed, header_format, sheet_name};
use super::{Cell, SheetError};

/// A row that was not accepted.
#[derive(Clone, Copy, Debug)]
pub struct RefusedRow<'a> {
    pub sheet: &'a str,
    /// As the spreadsheet numbers it.
    pub row: u32,
    /// The sheet's headers, by column.
    pub headers: &'a [String],
    pub cells: &'a [Cell],
    /// Header of the column at fault.
    pub column: &'a str,
    pub reason: &'a str,
    pub repair: &'a str,
}

/// The words above the columns that say why.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    pub sheet: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    pub reason: &'static str,
    pub repair: &'static str,
}

impl Labels {
    pub const CHINESE: Labels =
        Labels { sheet: "工作表", row: "行", column: "列", reason: "原因", repair: "如何修改" };
    pub const ENGLISH: Labels =
        Labels { sheet: "Sheet", row: "Row", column: "Column", reason: "Reason", repair: "How to repair" };

    /// For readers whose language is not known.
    pub const BOTH: Labels = Labels {
        sheet: "工作表 Sheet",
        row: "行 Row",
        column: "列 Column",
        reason: "原因 Reason",
        repair: "如何修改 How to repair",
    };

    fn list(&self) -> [&'static str; 5] {
        [self.sheet, self.row, self.column, self.reason, self.repair]
    }
}

/// An .xlsx file with the refused rows, one sheet for each sheet they come from. The original cells come first, in their
/// columns, then where, why and what to do. Every cell is text, so that no ID number loses a digit again and no text
/// becomes a formula; corrected, the file can be uploaded as it is.
pub fn write_refused<'a>(
    rows: impl IntoIterator<Item = RefusedRow<'a>>,
    labels: &Labels,
) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let mark = Format::new().set_num_format("@").set_background_color(rust_xlsxwriter::Color::RGB(0xFDE9E7));
    let mut names: Vec<String> = Vec::new();
    let mut from: Option<&str> = None;
    let mut width = 0;
    let mut next_row = 0;
    for refused in rows {
        if from != Some(refused.sheet) {
            from = Some(refused.sheet);
            width = column_number(refused.headers.len().max(refused.cells.len()));
            let name = sheet_name(refused.sheet, &names);
            let sheet = workbook.add_worksheet();
            sheet.set_name(&name).map_err(failed)?;
            names.push(name);
            let headers = refused.headers.iter().map(String::as_str);
            for (column, header) in (0..).zip(headers) {
                sheet.write_string_with_format(0, column, cut(header), &header_format()).map_err(failed)?;
            }
            for (column, label) in (width..).zip(labels.list()) {
                sheet.write_string_with_format(0, column, label, &header_format()).map_err(failed)?;
            }
            sheet.set_column_range_width(0, width.saturating_sub(1), 16).map_err(failed)?;
            sheet.set_column_range_width(width + 3, width + 4, 40).map_err(failed)?;
            sheet.set_freeze_panes(1, 0).map_err(failed)?;
            next_row = 1;
        }
        let sheet = workbook.worksheet_from_index(names.len() - 1).map_err(failed)?;
        for (column, cell) in (0..width).zip(refused.cells).filter(|(_, cell)| !cell.is_empty()) {
            let at_fault = refused.headers.get(usize::from(column)).is_some_and(|header| header == refused.column);
            let format = if at_fault { &mark } else { &text };
            sheet.write_string_with_format(next_row, column, cut(&cell.display()), format).map_err(failed)?;
        }
        let row = refused.row.to_string();
        let said = [refused.sheet, &row, refused.column, refused.reason, refused.repair];
        for (column, words) in (width..).zip(said) {
            sheet.write_string_with_format(next_row, column, cut(words), &text).map_err(failed)?;
        }
        next_row += 1;
    }
    if names.is_empty() {
        workbook.add_worksheet();
    }
    workbook.save_to_buffer().map_err(failed)
}

/// Five columns are left for what is said about a row.
fn column_number(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX).min(16_384 - 5)
}
