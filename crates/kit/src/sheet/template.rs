//! An empty table to be filled in: headers, and below them columns of text, so that no ID number loses a digit.

use rust_xlsxwriter::{Format, Workbook};

use super::SheetError;
use super::write::{cut, failed, header_format, sheet_name};

/// An .xlsx file with one sheet, its title and headers.
pub fn write_template(title: &str, headers: &[&str]) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(title, &[])).map_err(failed)?;
    for (column, header) in (0..).zip(headers) {
        let width = (header.chars().count() * 2 + 4).max(12) as f64;
        sheet.set_column_format(column, &text).map_err(failed)?;
        sheet.set_column_width(column, width).map_err(failed)?;
        sheet.write_string_with_format(0, column, cut(header), &header_format()).map_err(failed)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    workbook.save_to_buffer().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Cell, Limits, read};

    #[test]
    fn a_template_has_its_headers_and_nothing_else() {
        let book = read(&write_template("台账", &["姓名", "身份证号"]).unwrap(), "a.xlsx", &Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 1);
        assert_eq!(book.sheets[0].rows[0].cells, [Cell::text("姓名"), Cell::text("身份证号")]);
    }
}
