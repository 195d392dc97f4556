//! What is written can be read again, and nothing in it is a formula.

use jiff::civil::date;

use super::super::{Book, Cell, Labels, Limits, RefusedRow, read, write_refused};
use super::*;

fn reread(bytes: &[u8]) -> Book {
    read(bytes, "list.xlsx", &Limits::default()).unwrap()
}

fn columns() -> Vec<ExportColumn> {
    vec![
        ExportColumn::new("姓名", Kind::Text),
        ExportColumn::new("人数", Kind::Int),
        ExportColumn::new("日期", Kind::Date),
        ExportColumn::new("金额", Kind::Money),
    ]
}

#[test]
fn an_export_keeps_title_headers_and_the_kind_of_every_value() {
    let mut exporter = Exporter::new("高龄台账", columns()).unwrap();
    let day = date(1945, 4, 17);
    exporter.push(&[Value::Text("㛃珍琴"), Value::Int(3), Value::Date(day), Value::Fen(12_345)]).unwrap();
    exporter.push(&[Value::Text("𠮷"), Value::Empty, Value::Date(date(1899, 1, 2)), Value::Fen(-1)]).unwrap();
    let book = reread(&exporter.finish().unwrap());
    let sheet = &book.sheets[0];
    assert_eq!(sheet.name, "高龄台账");
    assert_eq!(sheet.rows[0].cells, [Cell::text("高龄台账")]);
    assert_eq!(sheet.rows[1].cells, ["姓名", "人数", "日期", "金额"].map(Cell::text));
    assert_eq!(sheet.rows[2].cells, [Cell::text("㛃珍琴"), Cell::Number(3.0), Cell::Date(day), Cell::Number(123.45)]);
    assert_eq!(sheet.rows[3].cells, [Cell::text("𠮷"), Cell::Empty, Cell::text("1899-01-02"), Cell::Number(-0.01)]);
}

#[test]
fn no_text_becomes_a_formula() {
    let texts = ["=1+1", "+86 137", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"];
    let mut exporter = Exporter::new("t", vec![ExportColumn::new("a", Kind::Text)]).unwrap();
    for text in texts {
        exporter.push(&[Value::Text(text)]).unwrap();
    }
    let bytes = exporter.finish().unwrap();
    let cells: Vec<_> = reread(&bytes).sheets[0].rows[2..].iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(cells, texts.map(Cell::text));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>"));
}

#[test]
fn a_list_longer_than_a_sheet_goes_on_in_the_next() {
    let columns = vec![ExportColumn::new("a", Kind::Int)];
    let mut exporter = Exporter::with_rows_a_sheet("t", columns, 3).unwrap();
    for number in 0..5 {
        exporter.push(&[Value::Int(number)]).unwrap();
    }
    let book = reread(&exporter.finish().unwrap());
    let rows: Vec<_> = book.sheets.iter().map(|sheet| sheet.rows.len()).collect();
    assert_eq!(rows, [4, 4, 3]);
    assert_eq!(book.sheets[2].rows[2].cells, [Cell::Number(4.0)]);
}

#[test]
fn a_text_longer_than_a_cell_is_cut_and_an_odd_title_still_names_a_sheet() {
    let mut exporter = Exporter::new("[台账]/2025:第一次*", vec![ExportColumn::new("a", Kind::Text)]).unwrap();
    exporter.push(&[Value::Text(&"𠮷".repeat(40_000))]).unwrap();
    let book = reread(&exporter.finish().unwrap());
    assert_eq!(book.sheets[0].name, "台账2025第一次");
    assert!(book.sheets[0].rows[2].cells[0].display().chars().count() > 16_000);
}

#[test]
fn sheet_names_never_collide() {
    let long = "很".repeat(40);
    let first = sheet_name(&long, &[]);
    let second = sheet_name(&long, std::slice::from_ref(&first));
    assert_ne!(first, second);
    assert!(second.chars().count() <= MOST_SHEET_NAME_CHARS);
}

#[test]
fn refused_rows_go_back_with_every_cell_as_text() {
    let headers = ["姓名", "身份证号", "出生日期"].map(str::to_owned);
    let cells = [Cell::text("=张三"), Cell::Number(9.90001192604117e17), Cell::Date(date(1926, 4, 11))];
    let row = |sheet, row| RefusedRow {
        sheet,
        row,
        headers: &headers,
        cells: &cells,
        column: "身份证号",
        reason: "身份证号丢了位数",
        repair: "设为文本后重填",
    };
    let bytes = write_refused([row("一村", 22), row("一村", 30), row("二村", 5)], &Labels::CHINESE).unwrap();
    let book = reread(&bytes);
    assert_eq!(book.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["一村", "二村"]);
    let sheet = &book.sheets[0];
    let above = ["姓名", "身份证号", "出生日期", "工作表", "行", "列", "原因", "如何修改"];
    assert_eq!(sheet.rows[0].cells, above.map(Cell::text));
    let said = ["一村", "22", "身份证号", "身份证号丢了位数", "设为文本后重填"];
    assert_eq!(sheet.rows[1].cells[..3], ["=张三", "990001192604117000", "1926-04-11"].map(Cell::text));
    assert_eq!(sheet.rows[1].cells[3..], said.map(Cell::text));
    assert_eq!(sheet.rows[2].cells[4], Cell::text("30"));
}

#[test]
fn a_number_too_long_for_a_spreadsheet_shows_what_it_lost() {
    assert_eq!(Cell::Number(9.900011948101784e17).display(), "990001194810178000");
    assert_eq!(Cell::Number(9.90001192604117e17).display(), "990001192604117000");
    assert_eq!(Cell::Number(-990_001_450_417_618.0).display(), "-990001450417618");
    assert_eq!(Cell::Number(0.1).display(), "0.1");
    assert!(Cell::Number(f64::MAX).display().starts_with("17976931348623"));
}

#[test]
fn no_refused_row_still_gives_a_file() {
    assert_eq!(reread(&write_refused([], &Labels::ENGLISH).unwrap()).sheets.len(), 1);
}
