//! Headers as people make them: below titles, in two lines, merged or not, in other words.

use super::*;
use crate::sheet::{Column, RowClass, classify};

const RELATIVES: &[&str] = &["监护人", "联系人"];

const LEDGER: Columns = Columns {
    columns: &[
        Column::new("serial", &["序号", "No."]).incidental(),
        Column::new("name", &["姓名", "Name"]).required(),
        Column::new("sex", &["性别", "Sex"]).incidental(),
        Column::new("id", &["身份证号", "身份证号码", "ID number"]),
        Column::new("town", &["镇", "乡镇"]).exact(),
        Column::new("village", &["村", "村(社区)"]),
        Column::new("address", &["住址", "家庭住址"]),
        Column::new("phone", &["联系电话", "电话", "Phone"]).many(),
        Column::new("groups", &["人员类别"]).many(),
        Column::new("group.disabled", &["失能"]).many(),
        Column::new("group.alone", &["独居"]).many(),
        Column::new("relative.name", &["姓名"]).under(RELATIVES),
        Column::new("relative.phone", &["电话", "联系电话"]).under(RELATIVES),
    ],
    others: &["监护人", "联系人", "户主", "医生"],
};

fn row(number: u32, cells: &str) -> Row {
    let cells = cells.split('|').map(|text| match text.parse::<f64>() {
        Ok(number) if text.len() < 12 => Cell::Number(number),
        _ => Cell::text(text),
    });
    Row { number, cells: cells.collect(), carried: Vec::new() }
}

fn sheet(rows: &[&str]) -> Sheet {
    let rows = (1..).zip(rows).filter(|(_, cells)| !cells.is_empty()).map(|(number, cells)| row(number, cells));
    Sheet { name: "一村".to_owned(), rows: rows.collect() }
}

fn found(sheet: &Sheet) -> Header {
    find_header(sheet, &LEDGER, &Override::default()).unwrap()
}

fn keys(header: &Header) -> Vec<(usize, &str)> {
    header.mapped.iter().map(|mapped| (mapped.column, mapped.key)).collect()
}

#[test]
fn a_header_is_found_below_title_lines() {
    let title = "某镇老年人台账|某镇老年人台账|某镇老年人台账|某镇老年人台账";
    let header =
        found(&sheet(&[title, "填表单位:某镇卫生院|||2025年3月", "", "序号|姓名|性别|身份证号", "1|张三|男|x"]));
    assert_eq!((header.first_row, header.last_row), (4, 4));
    assert_eq!(keys(&header), [(0, "serial"), (1, "name"), (2, "sex"), (3, "id")]);
}

#[test]
fn spaces_breaks_brackets_asterisks_and_width_do_not_matter() {
    let header = found(&sheet(&["姓 名*|性　别|身份证号码\n(18位)|村（社区）|联系电话１|联系电话 2"]));
    assert_eq!(keys(&header), [(0, "name"), (1, "sex"), (2, "id"), (3, "village"), (4, "phone"), (5, "phone")]);
    assert_eq!(header.one("id").unwrap().header, "身份证号码 (18位)");
    let header = found(&sheet(&["Ｎａｍｅ|ＩＤ  Number"]));
    assert_eq!(keys(&header), [(0, "name"), (1, "id")]);
}

#[test]
fn both_languages_in_one_cell_are_understood() {
    let header = found(&sheet(&["姓名 Name|Sex/性别|老年人身份证号码"]));
    assert_eq!(keys(&header), [(0, "name"), (1, "sex"), (2, "id")]);
}

#[test]
fn a_merged_header_of_two_lines_is_read_as_one() {
    let mut sheet = sheet(&[
        "台账|台账|台账|台账|台账|台账|台账",
        "序号|姓名|家庭住址|家庭住址|人员类别|人员类别|人员类别",
        "序号|姓名|镇|村|失能|独居|特扶",
        "1|张三|河口镇|河口村|是|否|是",
    ]);
    sheet.rows[2].carried = vec![0, 1];
    let header = found(&sheet);
    assert_eq!((header.first_row, header.last_row), (2, 3));
    let wanted = [(0, "serial"), (1, "name"), (2, "town"), (3, "village"), (4, "group.disabled"), (5, "group.alone")];
    assert_eq!(keys(&header)[..6], wanted);
    assert_eq!(header.mapped[6].key, "groups");
    assert_eq!(header.mapped[6].detail.as_deref(), Some("特扶"));
    assert_eq!(header.text(3), "家庭住址/村");
    assert_eq!(header.text(1), "姓名");
}

#[test]
fn two_lines_without_merged_cells_are_read_as_one() {
    let header = found(&sheet(&["序号|姓名|家庭住址||联系电话|监护人|", "||镇|村||姓名|电话", "1|张三|a|b|1|李四|2"]));
    assert_eq!((header.first_row, header.last_row), (1, 2));
    let wanted = [
        (0, "serial"),
        (1, "name"),
        (2, "town"),
        (3, "village"),
        (4, "phone"),
        (5, "relative.name"),
        (6, "relative.phone"),
    ];
    assert_eq!(keys(&header), wanted);
}

#[test]
fn a_merged_header_whose_children_are_unknown_still_takes_both_lines() {
    let mut sheet = sheet(&["姓名|身份证号|其他|其他", "姓名|身份证号|甲|乙", "张三|x|y|z"]);
    sheet.rows[1].carried = vec![0, 1];
    let header = found(&sheet);
    assert_eq!((header.first_row, header.last_row), (1, 2));
    assert_eq!(header.unknown, [(2, "其他/甲".to_owned()), (3, "其他/乙".to_owned())]);
}

#[test]
fn the_first_person_is_never_taken_for_a_second_header_line() {
    let header = found(&sheet(&["姓名|类别一|类别二|电话", "张三|失能|独居|", "李四|独居|失能|"]));
    assert_eq!((header.first_row, header.last_row), (1, 1));
}

#[test]
fn somebody_elses_name_is_not_the_elders() {
    let header = found(&sheet(&["户主姓名|姓名|家庭医生电话|监护人姓名（必填）|联系人电话|身份证号(监护人)"]));
    assert_eq!(keys(&header), [(1, "name"), (3, "relative.name"), (4, "relative.phone")]);
    assert_eq!(header.unknown.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [0, 2, 5]);
}

#[test]
fn the_ending_of_a_header_counts_only_where_the_table_lets_it() {
    let header = found(&sheet(&["姓名|性别|户籍乡镇|老人住址"]));
    assert_eq!(keys(&header), [(0, "name"), (1, "sex"), (3, "address")]);
}

#[test]
fn of_two_columns_for_one_field_the_more_literal_wins_and_the_other_is_told() {
    let header = found(&sheet(&["老人姓名|姓名|性别"]));
    assert_eq!(keys(&header), [(1, "name"), (2, "sex")]);
    let passed = Ambiguous { key: "name", taken: "姓名".into(), passed: "老人姓名".into(), column: 0 };
    assert_eq!(header.ambiguous, [passed]);
}

#[test]
fn refused_rows_that_come_back_are_understood() {
    let header = found(&sheet(&["姓名|家庭住址/村|人员类别/失能|人员类别/特扶|监护人/电话|工作表|行|列|原因"]));
    let wanted = [(0, "name"), (1, "village"), (2, "group.disabled"), (3, "groups"), (4, "relative.phone")];
    assert_eq!(keys(&header), wanted);
    assert_eq!(header.mapped[3].detail.as_deref(), Some("特扶"));
}

#[test]
fn a_manual_choice_goes_before_what_is_found() {
    let sheet = sheet(&["姓名|性别|甲|电话", "张三|男|x|1"]);
    let chosen = Override { header_row: None, columns: vec![("id".into(), 2), ("name".into(), 3)] };
    let header = find_header(&sheet, &LEDGER, &chosen).unwrap();
    assert_eq!(keys(&header), [(1, "sex"), (2, "id"), (3, "name")]);
    let chosen = Override { header_row: Some(1), columns: vec![("colour".into(), 2)] };
    assert!(matches!(find_header(&sheet, &LEDGER, &chosen), Err(HeaderError::BadOverride { .. })));
    let chosen = Override { header_row: Some(9), columns: vec![] };
    assert!(matches!(find_header(&sheet, &LEDGER, &chosen), Err(HeaderError::BadOverride { .. })));
}

#[test]
fn a_sheet_without_header_or_without_a_required_column_says_so() {
    let find = |rows: &[&str]| find_header(&sheet(rows), &LEDGER, &Override::default()).unwrap_err();
    assert_eq!(find(&["填表说明", "一、姓名按身份证填写"]), HeaderError::NotFound);
    assert_eq!(find(&["性别|电话", "男|1"]), HeaderError::Missing { row: 1, keys: vec!["name"] });
    assert_eq!(find(&[]), HeaderError::NotFound);
}

#[test]
fn rows_that_are_no_person_are_told_apart() {
    let header = found(&sheet(&["序号|姓名|性别|村|备注", "1|张三|男|a|b"]));
    let class = |cells: &str| classify(&row(9, cells), &header);
    assert_eq!(class("1|张三|男||"), RowClass::Data);
    assert_eq!(class("|张三"), RowClass::Data);
    assert_eq!(class("2||男|河口村|"), RowClass::Data);
    assert_eq!(class("301||||"), RowClass::Empty);
    assert_eq!(class("|||"), RowClass::Empty);
    assert_eq!(class("合计|300"), RowClass::Total);
    assert_eq!(class("合 计：|300"), RowClass::Total);
    assert_eq!(class("|小计|12"), RowClass::Total);
    assert_eq!(class("审核人:|||填表人:"), RowClass::Footer);
    assert_eq!(class("单位负责人（签字）|||2025年"), RowClass::Footer);
    assert_eq!(class("注:本表一式两份"), RowClass::Footer);
    assert_eq!(class("|||单位(盖章)"), RowClass::Footer);
    assert_eq!(class("|||2025年3月15日"), RowClass::Footer);
    assert_eq!(class("|||河口村"), RowClass::Data);
    assert_eq!(class("说明1.如实填写"), RowClass::Footer);
    assert_eq!(class("|以下为二村人员,由村医填写"), RowClass::Footer);
    assert_eq!(class("二村台账|二村台账|二村台账|二村台账|二村台账"), RowClass::Footer);
    assert_eq!(class("序号|姓名|性别|村|备注"), RowClass::RepeatedHeader);
    assert_eq!(class("序 号|姓　名|性别|村|"), RowClass::RepeatedHeader);
}

#[test]
fn a_line_that_holds_only_what_is_carried_down_is_empty() {
    let header = found(&sheet(&["序号|姓名|性别|村", "1|张三|男|a"]));
    let mut line = row(9, "5|||河口村");
    line.carried = vec![3];
    assert_eq!(classify(&line, &header), RowClass::Empty);
}
