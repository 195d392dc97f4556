//! Ledgers in the shapes that townships make: several sheets, two-line and merged headers, ticks, CSV, old Excel.

use super::*;

fn codes(entry: &Entry) -> Vec<&'static str> {
    entry.groups.iter().map(|mention| mention.group.word()).collect()
}

#[test]
fn merged_headers_of_two_lines_with_ticks_and_merged_households_are_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    merge(sheet, (0, 0), (0, 9), "某某镇老年人台账");
    for (column, text) in [(0, "序号"), (1, "姓 名"), (2, "身份证号码\n(18位)"), (9, "备注")] {
        merge(sheet, (1, column), (2, column), text);
    }
    merge(sheet, (1, 3), (1, 5), "家庭住址");
    write(sheet, 2, &["", "", "", "镇", "村", "门牌号", "失能", "独居", "低保"]);
    merge(sheet, (1, 6), (1, 8), "人员类别");
    let (husband, wife, other) = (id_of("19450417", 619), id_of("19460417", 628), id_of("19470417", 637));
    write(sheet, 3, &["1", "张三", &husband, "", "", "12号", "√", "", ""]);
    write(sheet, 4, &["2", "李四", &wife, "", "", "", "否", "×", "是"]);
    write(sheet, 5, &["3", "王五", &other, "", "大桥村", "", "", "1", "0"]);
    merge(sheet, (3, 3), (5, 3), "河口镇");
    merge(sheet, (3, 4), (4, 4), "河口村");
    merge(sheet, (6, 0), (6, 1), "合计");
    write(sheet, 6, &["", "", "3"]);
    write(sheet, 7, &["审核人:", "", "", "填表人:"]);
    let Result { report, entries, notices } = result_of_bytes(&saved(workbook), "a.xlsx");
    assert_eq!((report.accepted, report.refused.len(), report.warnings.len()), (3, 0, 0), "{report:?}");
    assert_eq!(notices, []);
    let rows: Vec<_> = entries.iter().map(|entry| entry.source.row).collect();
    assert_eq!(rows, [4, 5, 6]);
    let groups: Vec<_> = entries.iter().map(codes).collect();
    assert_eq!(groups, [vec!["disabled"], vec!["poor"], vec!["alone"]]);
    let villages: Vec<_> = entries.iter().map(|entry| entry.place.village.as_deref().unwrap()).collect();
    assert_eq!(villages, ["河口村", "河口村", "大桥村"]);
    assert!(entries.iter().all(|entry| entry.place.town.as_deref() == Some("河口镇")));
    assert_eq!(entries[0].groups[0].words, "失能");
}

#[test]
fn a_header_of_two_lines_without_merged_cells_is_read() {
    let text = "某某村台账\n序号,姓名,身份证号,家庭住址,,监护人,,人员类别,\n,,,镇,村,姓名,电话,失能,留守\n";
    let row = format!("1,张三,{},河口镇,河口村,李四,13742180967,否,是\n", id_of("19450417", 619));
    let Result { report, entries, .. } = result_of_csv(&format!("{text}{row}"));
    assert_eq!((report.accepted, report.warnings.len()), (1, 0), "{report:?}");
    assert_eq!(codes(&entries[0]), ["left_behind"]);
    assert_eq!(entries[0].relatives[0].name.as_deref(), Some("李四"));
    assert!(entries[0].phones.is_empty());
    assert_eq!(entries[0].place.town.as_deref(), Some("河口镇"));
}

#[test]
fn every_sheet_of_a_file_is_read_with_its_own_header_and_a_person_is_known_across_them() {
    let mut workbook = Workbook::new();
    let id = id_of("19450417", 619);
    let sheet = workbook.add_worksheet().set_name("河口村").unwrap();
    write(sheet, 0, &["姓名", "身份证号"]);
    write(sheet, 1, &["张三", &id]);
    let sheet = workbook.add_worksheet().set_name("大桥村").unwrap();
    write(sheet, 0, &["大桥村台账"]);
    write(sheet, 2, &["性别", "公民身份号码", "老人姓名"]);
    write(sheet, 3, &["女", &id_of("19460417", 628), "李四"]);
    write(sheet, 4, &["男", &id, "张三"]);
    write(sheet, 5, &["男", &id[..17], "王五"]);
    let sheet = workbook.add_worksheet().set_name("填表说明").unwrap();
    write(sheet, 0, &["请如实填写"]);
    workbook.add_worksheet().set_name("空").unwrap();
    let sheet = workbook.add_worksheet().set_name("字典").unwrap().set_hidden(true);
    write(sheet, 0, &["姓名", "身份证号"]);
    write(sheet, 1, &["赵六", &id_of("19480417", 600)]);
    let Result { report, notices, .. } = result_of_bytes(&saved(workbook), "a.xlsx");
    assert_eq!((report.accepted, report.same_person_again), (2, 1));
    let refused: Vec<_> = report.refused.iter().map(|it| (&*it.sheet, it.row, it.column.as_str())).collect();
    assert_eq!(refused, [("大桥村", 6, "公民身份号码")]);
    let hidden = Notice::Hidden { sheet: "字典".into() };
    let skipped = Notice::Skipped { sheet: "填表说明".into(), why: kit::sheet::HeaderError::NotFound };
    assert_eq!(notices, [hidden, skipped]);
}

#[test]
fn numbers_that_the_spreadsheet_holds_as_numbers_are_read_or_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write(sheet, 0, &["姓名", "身份证号", "出生日期", "联系电话"]);
    write(sheet, 1, &["张三", &id_of("19450417", 619)]);
    sheet.write_number(1, 2, 16_544).unwrap();
    sheet.write_number(1, 3, 13_742_180_967_f64).unwrap();
    for (row, id) in [(2, 990_001_194_504_176_186_i64), (3, 990_001_450_417_618), (4, 99_000_145_041_761)] {
        write(sheet, row, &["李四"]);
        sheet.write_number(row, 1, id as f64).unwrap();
    }
    let Result { report, entries, .. } = result_of_bytes(&saved(workbook), "a.xlsx");
    assert_eq!(report.warnings, []);
    assert_eq!(texts(&entries[0].phones), ["13742180967"]);
    let reasons: Vec<_> = report.refused.iter().map(|it| (it.row, it.reason.code())).collect();
    let wanted =
        [(3, "id lost its digits in the spreadsheet"), (4, "id length: old 15-digit number"), (5, "id length")];
    assert_eq!(reasons, wanted);
}

#[test]
fn a_gbk_csv_is_read_like_any_other() {
    let text = format!("姓名,身份证号,人员类别\r\n张三,\"=\"\"{}\"\"\",失能、独居\r\n", id_of("19450417", 619));
    // The bytes of these words in GBK, as Excel in China saves them.
    let (bytes, unmapped) = gbk(&text);
    assert!(!unmapped);
    let Result { report, entries, .. } = result_of_bytes(&bytes, "a.csv");
    assert_eq!((report.accepted, report.warnings.len()), (1, 0), "{report:?}");
    assert_eq!(codes(&entries[0]), ["disabled", "alone"]);
}

/// Encodes by a table of just the characters used, so that the encoder under test does not judge itself.
fn gbk(text: &str) -> (Vec<u8>, bool) {
    let table = [
        ('姓', [0xd0, 0xd5]),
        ('名', [0xc3, 0xfb]),
        ('身', [0xc9, 0xed]),
        ('份', [0xb7, 0xdd]),
        ('证', [0xd6, 0xa4]),
        ('号', [0xba, 0xc5]),
        ('人', [0xc8, 0xcb]),
        ('员', [0xd4, 0xb1]),
        ('类', [0xc0, 0xe0]),
        ('别', [0xb1, 0xf0]),
        ('张', [0xd5, 0xc5]),
        ('三', [0xc8, 0xfd]),
        ('失', [0xca, 0xa7]),
        ('能', [0xc4, 0xdc]),
        ('、', [0xa1, 0xa2]),
        ('独', [0xb6, 0xc0]),
        ('居', [0xbe, 0xd3]),
    ];
    let mut bytes = Vec::new();
    let mut unmapped = false;
    for c in text.chars() {
        match table.iter().find(|(known, _)| *known == c) {
            Some((_, pair)) => bytes.extend(pair),
            None if c.is_ascii() => bytes.push(c as u8),
            None => unmapped = true,
        }
    }
    (bytes, unmapped)
}

#[test]
fn an_old_excel_file_is_read_with_its_merged_cells_and_dates() {
    // Written by xlwt, so that the old format does not come from the library that reads it.
    let Result { report, entries, .. } = result_of_bytes(include_bytes!("ledger.xls"), "台账.xls");
    assert_eq!((report.accepted, report.same_person_again, report.warnings.len()), (3, 0, 0), "{report:?}");
    let births: Vec<_> = entries.iter().map(|entry| entry.birth).collect();
    let day = |year, month, day| Some(Birth::Day(date(year, month, day)));
    assert_eq!(births, [day(1945, 4, 17), day(1946, 4, 17), day(1947, 4, 17)]);
    assert_eq!(entries.iter().map(|entry| entry.source.row).collect::<Vec<_>>(), [4, 5, 6]);
    assert!(entries[..2].iter().all(|entry| entry.place.village.as_deref() == Some("河口村")));
    assert_eq!(codes(&entries[0]), ["disabled"]);
    assert_eq!(codes(&entries[1]), ["alone"]);
    let refused: Vec<_> = report.refused.iter().map(|it| (it.row, it.reason.code())).collect();
    assert_eq!(refused, [(7, "id lost its digits in the spreadsheet")]);
}

#[test]
fn headers_totals_titles_and_signatures_in_the_middle_are_no_people() {
    let id = |sequence| id_of("19450417", sequence);
    let text = format!(
        "河口村台账,,\n序号,姓名,身份证号\n1,张三,{}\n小计,1,\n大桥村台账,,\n序号,姓名,身份证号\n1,李四,{}\n2,,\n3,,\n小计,1,\n合计,2,\n\
         注：本表一式两份。,,\n单位负责人：,,填表人：\n",
        id(619),
        id(637)
    );
    let Result { report, .. } = result_of_csv(&text);
    assert_eq!((report.accepted, report.refused.len()), (2, 0), "{report:?}");
}

#[test]
fn a_person_over_two_merged_rows_is_one_person() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write(sheet, 0, &["姓名", "身份证号", "联系电话"]);
    merge(sheet, (1, 0), (2, 0), "张三");
    merge(sheet, (1, 1), (2, 1), &id_of("19450417", 619));
    write(sheet, 1, &["", "", "13742180967"]);
    write(sheet, 2, &["", "", "13742180968"]);
    let Result { report, entries, .. } = result_of_bytes(&saved(workbook), "a.xlsx");
    assert_eq!((report.accepted, report.same_person_again), (1, 0));
    assert_eq!(texts(&entries[0].phones), ["13742180967", "13742180968"]);
}

#[test]
fn a_chosen_header_and_columns_go_before_the_words() {
    let text = format!("姓名,甲,乙\n张三,{},河口村\n", id_of("19450417", 619));
    let book = kit::sheet::read(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
    let mut options = Options::on(TODAY);
    let columns = vec![("id".to_owned(), 1), ("village".to_owned(), 2)];
    options.chosen.insert("a".into(), kit::sheet::Override { header_row: Some(1), columns });
    let Some(Outcome::Accepted(entry)) = read(&book, &options).next().map(|line| line.outcome) else { panic!() };
    assert_eq!(entry.place.village.as_deref(), Some("河口村"));
    assert_eq!(entry.document.kind(), "resident_id");
}

#[test]
fn english_headers_are_understood() {
    let text = format!(
        "No.,Full name,Sex,ID number,Village,Phone,Groups,Remarks\n1,John Smith,M,{},A,13742180967,living alone,x\n",
        id_of("19450417", 619)
    );
    let Result { report, entries, .. } = result_of_csv(&text.replace("living alone", "living-alone"));
    assert_eq!((report.accepted, report.warnings.len()), (1, 0), "{report:?}");
    assert_eq!(codes(&entries[0]), ["alone"]);
}

#[test]
fn columns_of_other_matters_are_left_out_and_named() {
    let text = format!(
        "姓名,身份证号,户籍类型,民族,户主姓名,家庭医生电话\n张三,{},农业,汉族,李四,1\n",
        id_of("19450417", 619)
    );
    let Result { report, notices, .. } = result_of_csv(&text);
    assert_eq!((report.accepted, report.warnings.len()), (1, 0), "{report:?}");
    let headers = ["户籍类型", "民族", "户主姓名", "家庭医生电话"].map(str::to_owned).to_vec();
    assert_eq!(notices, [Notice::UnknownHeaders { sheet: "ledger".into(), headers }]);
}
