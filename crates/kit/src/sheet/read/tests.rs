//! Files of every kind become the same rows, and no bytes bring the reader down.

use std::io::{Cursor, Write};

use jiff::civil::date;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;

use super::*;
use crate::sheet::Cell;

fn read_named(bytes: &[u8], file: &str) -> Book {
    read(bytes, file, &Limits::default()).unwrap()
}

fn texts(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(Cell::display).collect()
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let sheet = workbook.add_worksheet();
    sheet.set_name("一村").unwrap();
    sheet.merge_range(0, 0, 0, 2, "台账", &Format::new()).unwrap();
    sheet.write_string(2, 0, " 周 \n").unwrap();
    sheet.write_number(2, 1, 1.5).unwrap();
    sheet.write_boolean(2, 2, true).unwrap();
    sheet.write_datetime_with_format(3, 1, ExcelDateTime::from_ymd(1945, 4, 17).unwrap(), &day).unwrap();
    sheet.write_number_with_format(3, 2, 13_742_180_967.0, &day).unwrap();
    sheet.merge_range(2, 3, 3, 3, "河口村", &Format::new()).unwrap();
    let hidden = workbook.add_worksheet();
    hidden.set_name("字典").unwrap().set_hidden(true);
    hidden.write_string(0, 0, "x").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_keeps_its_row_numbers_kinds_and_merged_cells() {
    let book = read_named(&workbook(), "a.xlsx");
    let rows = &book.sheets[0].rows;
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(rows[0].cells, ["台账"; 3].map(Cell::text));
    assert!(rows[0].carried.is_empty());
    assert_eq!(rows[1].cells, [Cell::text("周"), Cell::Number(1.5), Cell::Bool(true), Cell::text("河口村")]);
    assert_eq!(rows[2].cells[1..3], [Cell::Date(date(1945, 4, 17)), Cell::Number(13_742_180_967.0)]);
    assert_eq!(rows[2].cells[3], Cell::text("河口村"));
    assert!(rows[2].is_carried(3));
    assert!(!rows[1].is_carried(3));
}

#[test]
fn a_hidden_sheet_is_passed_over_and_named() {
    let book = read_named(&workbook(), "a.xlsx");
    assert_eq!(book.sheets.len(), 1);
    assert_eq!(book.hidden, ["字典"]);
}

#[test]
fn a_file_is_told_by_its_content_whatever_its_name() {
    assert_eq!(read_named(&workbook(), "a.xls").sheets.len(), 1);
    assert_eq!(read_named("姓名,性别\n".as_bytes(), "a.xls").sheets[0].rows.len(), 1);
}

#[test]
fn csv_is_read_in_every_encoding_people_save_it_in() {
    let text = "姓名,村\r\n㛃珍琴,河口村\r\n";
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    assert_ne!(gb18030, text.as_bytes());
    for bytes in [text.as_bytes(), &marked, &utf_16, &gb18030] {
        let book = read_named(bytes, "a.csv");
        assert_eq!(texts(&book.sheets[0].rows[1].cells), ["㛃珍琴", "河口村"]);
        assert_eq!(book.sheets[0].name, "a");
    }
}

#[test]
fn csv_rows_are_numbered_as_a_spreadsheet_numbers_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["姓名,备注", "", "张三,\"一\r\n二\"", "", "", "李四,x", "", "王五"].join(end);
        let rows = &read_named(text.as_bytes(), "a.csv").sheets[0].rows;
        let found: Vec<_> = rows.iter().map(|row| (row.number, row.cells[0].display())).collect();
        let wanted = [(1, "姓名"), (3, "张三"), (6, "李四"), (8, "王五")].map(|(row, text)| (row, text.to_owned()));
        assert_eq!(found, wanted, "{end:?}");
    }
}

#[test]
fn csv_may_be_cut_by_tabs_or_semicolons_and_guard_its_numbers() {
    let row = |text: &str| texts(&read_named(text.as_bytes(), "a.csv").sheets[0].rows[0].cells);
    assert_eq!(row("a\tb,c\td\n"), ["a", "b,c", "d"]);
    assert_eq!(row("a;b;c\n"), ["a", "b", "c"]);
    assert_eq!(row("=\"990001194504176186\",\"=\"\"01\"\"\"\n"), ["990001194504176186", "01"]);
}

const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
const ODS_LIST: &[u8] = b"<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>";

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
         <office:body><office:spreadsheet><table:table table:name=\"一村\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[("mimetype", ODS_TYPE), ("META-INF/manifest.xml", ODS_LIST), ("content.xml", content.as_bytes())])
}

fn ods_cell(attributes: &str, text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\" {attributes}><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn an_open_document_keeps_row_numbers_and_merged_cells() {
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
         <table:table-row>{}{}</table:table-row>\
         <table:table-row>{}<table:covered-table-cell/></table:table-row>",
        ods_cell("", "张三"),
        ods_cell("table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\"", "河口村"),
        ods_cell("", "李四"),
    );
    let sheet = &read_named(&ods(&rows), "a.ods").sheets[0];
    let found: Vec<_> = sheet.rows.iter().map(|row| (row.number, texts(&row.cells))).collect();
    let row = |name: &str| vec![name.to_owned(), "河口村".to_owned()];
    assert_eq!(found, [(3, row("张三")), (4, row("李四"))]);
    assert!(sheet.rows[1].is_carried(1));
}

#[test]
fn an_open_document_that_repeats_without_end_is_refused() {
    let attributes = "table:number-columns-repeated=\"900\"";
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>",
        ods_cell(attributes, "x")
    );
    let error = read(&ods(&rows), "a.ods", &Limits::default()).unwrap_err();
    assert!(matches!(error, SheetError::TooLarge { what: Measure::Cells, .. }), "{error}");
}

#[test]
fn an_open_document_that_breaks_off_is_refused_instead_of_read_for_ever() {
    let content = b"<office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\">";
    let file = packed(&[("mimetype", ODS_TYPE), ("META-INF/manifest.xml", ODS_LIST), ("content.xml", content)]);
    assert!(matches!(read(&file, "a.ods", &Limits::default()), Err(SheetError::Damaged { .. })));
}

#[test]
fn a_packed_file_that_unpacks_beyond_the_limit_is_refused() {
    let bomb = packed(&[("[Content_Types].xml", &vec![b' '; 3 << 20])]);
    assert!(bomb.len() < 100_000);
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let error = read(&bomb, "a.xlsx", &limits).unwrap_err();
    assert!(matches!(error, SheetError::TooLarge { what: Measure::UnpackedBytes, limit: 0x10_0000, .. }), "{error}");
}

#[test]
fn a_workbook_that_claims_thousands_of_millions_of_texts_is_refused() {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook())).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut parts = Vec::new();
    for name in names {
        let content = std::io::read_to_string(archive.by_name(&name).unwrap()).unwrap();
        let claim =
            content.split("uniqueCount=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("no claim");
        let old = format!("uniqueCount=\"{claim}\"");
        parts.push((name, content.replace(&old, "uniqueCount=\"4000000000\"").into_bytes()));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let error = read(&packed(&parts), "a.xlsx", &Limits::default()).unwrap_err();
    assert!(matches!(error, SheetError::TooLarge { what: Measure::Cells, .. }), "{error}");
}

#[test]
fn every_limit_is_kept() {
    let bytes = workbook();
    let all = Limits::default();
    let limits = [
        (Limits { file_bytes: 10, ..all }, Measure::FileBytes),
        (Limits { sheets: 1, ..all }, Measure::Sheets),
        (Limits { rows: 2, ..all }, Measure::Rows),
        (Limits { columns: 3, ..all }, Measure::Columns),
        (Limits { cells: 8, ..all }, Measure::Cells),
        (Limits { text_bytes: 20, ..all }, Measure::TextBytes),
    ];
    for (limits, measure) in limits {
        match read(&bytes, "a.xlsx", &limits) {
            Err(SheetError::TooLarge { what, .. }) => assert_eq!(what, measure),
            other => panic!("{measure:?}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    let kind = |bytes: &[u8], file: &str| read(bytes, file, &Limits::default()).unwrap_err();
    assert!(matches!(kind(b"%PDF-1.7", "a.pdf"), SheetError::UnknownKind { .. }));
    assert!(matches!(kind(b"\0\x01\x02", "a.csv"), SheetError::UnknownKind { .. }));
    assert!(matches!(kind(b"<html><table>", "a.xls"), SheetError::Disguised { .. }));
    assert!(matches!(kind(&packed(&[("a.txt", b"x")]), "a.xlsx"), SheetError::UnknownKind { .. }));
    let sealed: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let container = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &sealed].concat();
    assert!(matches!(kind(&container, "a.xlsx"), SheetError::Password { .. }));
    let missing = read_path("/nowhere/a.xlsx").unwrap_err();
    assert!(missing.to_string().contains("a.xlsx"));
}

#[test]
fn a_workbook_cut_anywhere_is_refused_and_never_panics() {
    let bytes = workbook();
    for end in (0..bytes.len()).step_by(97) {
        assert!(read(&bytes[..end], "a.xlsx", &Limits::default()).is_err() || end == 0);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>(), kind in 0..4_usize, name in "[a-z]{1,3}\\.(csv|xls|ods)") {
        let starts: [&[u8]; 4] = [b"", b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], b"a,b\n"];
        let bytes = [starts[kind], &bytes].concat();
        let _ = read(&bytes, &name, &Limits::default());
    }

    #[test]
    fn a_workbook_with_changed_bytes_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = workbook();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes, "a.xlsx", &Limits::default());
    }

    #[test]
    fn any_csv_gives_the_rows_it_was_made_of(rows in prop::collection::vec(prop::collection::vec("[a-z,;\"\n张三]{0,4}", 1..4), 1..6)) {
        let mut writer = ::csv::WriterBuilder::new().flexible(true).quote_style(::csv::QuoteStyle::Always).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let book = read_named(&bytes, "a.csv");
        for row in &book.sheets[0].rows {
            let wanted = &rows[row.number as usize - 1];
            for (column, cell) in row.cells.iter().enumerate() {
                prop_assert_eq!(cell, &Cell::text(&wanted[column]));
            }
        }
    }
}
