//! Many rows, and rows of anything.

use kit::sheet::{Cell, Row, Sheet};
use proptest::prelude::*;

use super::*;

/// A tenth of the largest ledgers, so that the tests stay quick.
const ROWS: u32 = 10_000;

#[test]
fn ten_thousand_rows_stream_through() {
    use std::fmt::Write;
    let mut text = String::from("序号,姓名,性别,身份证号,出生日期,村,联系电话,人员类别\n");
    for number in 0..ROWS {
        let birth =
            format!("19{:02}{:02}{:02}", 30 + number / 1000 % 30, 1 + number / 12_000 % 12, 1 + number / 4_000 % 28);
        let id = id_of(&birth, number % 1000);
        writeln!(text, "{number},张三,,{id},{birth},河口村,13742180967,失能、独居").unwrap();
    }
    let book = kit::sheet::read(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
    let reading = read(&book, &Options::on(TODAY));
    assert_eq!(reading.rows(), ROWS as usize);
    let mut report = Report::default();
    reading.for_each(|line| report.add(&line));
    assert_eq!(report.accepted + report.same_person_again, ROWS as usize);
    assert_eq!((report.refused.len(), report.warnings.len()), (0, 0));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        3 => Just(Cell::Empty),
        4 => any::<String>().prop_map(|text| Cell::text(&text)),
        4 => prop::sample::select(vec![
            "姓名", "身份证号", "出生日期", "联系电话", "人员类别", "失能", "家庭住址", "村", "监护人", "电话", "合计", "是", "张三",
            "990001194504176186", "9.90001E+17", "1945年", "13742180967/", "𠮷", "\u{e000}", "+86", "转", "0432-", "E", "/",
        ]).prop_map(Cell::text),
        2 => any::<f64>().prop_map(Cell::Number),
        1 => (1e3..1e18_f64).prop_map(|number| Cell::Number(number.trunc())),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => Just(Cell::Date(date(9999, 12, 31))),
        1 => Just(Cell::Date(date(-9999, 1, 1))),
        1 => Just(Cell::Error("#REF!")),
    ]
}

fn any_row() -> impl Strategy<Value = Row> {
    (1..40_u32, prop::collection::vec(any_cell(), 0..9), prop::collection::vec(0..12_u16, 0..4))
        .prop_map(|(number, cells, carried)| Row { number, cells, carried })
}

fn any_book() -> impl Strategy<Value = Book> {
    prop::collection::vec(prop::collection::vec(any_row(), 0..12), 0..3).prop_map(|sheets| {
        let sheet = |mut rows: Vec<Row>| {
            rows.sort_by_key(|row| row.number);
            rows.dedup_by_key(|row| row.number);
            Sheet { name: "a".to_owned(), rows }
        };
        Book { sheets: sheets.into_iter().map(sheet).collect(), hidden: Vec::new() }
    })
}

proptest! {
    #[test]
    fn cells_of_anything_never_panic(mut book in any_book(), has_header in any::<bool>()) {
        if let (true, Some(sheet)) = (has_header, book.sheets.first_mut()) {
            let words = ["姓名", "身份证号", "出生日期", "联系电话", "人员类别", "失能", "监护人电话", "死亡日期", "证件类型"];
            sheet.rows.insert(0, Row { number: 0, cells: words.map(Cell::text).to_vec(), carried: Vec::new() });
        }
        let result = result_of(&book);
        result.report.refused_workbook().unwrap();
        let first = serde_json::to_string(&result.report).unwrap();
        prop_assert_eq!(first, serde_json::to_string(&result_of(&book).report).unwrap());
    }

    #[test]
    fn any_text_in_any_field_never_panics(text in any::<String>(), column in 0..6_usize) {
        let mut cells = ["张三", "990001194504176186", "1945", "13742180967", "失能", "是"].map(Cell::text).to_vec();
        cells[column] = Cell::text(&text);
        let words = ["姓名", "身份证号", "出生日期", "联系电话", "人员类别", "独居"];
        let row = |number, cells| Row { number, cells, carried: Vec::new() };
        let rows = vec![row(1, words.map(Cell::text).to_vec()), row(2, cells)];
        result_of(&Book { sheets: vec![Sheet { name: "a".to_owned(), rows }], hidden: Vec::new() });
    }
}
