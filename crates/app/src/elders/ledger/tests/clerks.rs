//! Ledgers as different clerks keep them: one small file each, and everything that must come of it.

use super::*;

/// Codes of refusals and warnings with their rows.
fn said(result: &Result) -> (Vec<(u32, &'static str)>, Vec<(u32, &'static str)>) {
    let refused = result.report.refused.iter().map(|it| (it.row, it.reason.code())).collect();
    (refused, result.report.warnings.iter().map(|it| (it.row, it.reason.code())).collect())
}

fn groups(entry: &Entry) -> Vec<&'static str> {
    let mut all: Vec<&str> = entry.groups.iter().map(|it| it.group.word()).collect();
    all.sort_unstable();
    all
}

/// Nothing refused, nothing warned of, and so many people.
fn clean(text: &str, people: usize) -> Vec<Entry> {
    let result = result_of_csv(text);
    assert_eq!((said(&result), result.entries.len()), ((vec![], vec![]), people), "{text}");
    result.entries
}

#[test]
fn the_householder_is_the_elder_only_where_no_column_names_the_elder() {
    let (a, b) = (id_of("19440101", 11), id_of("19450101", 12));
    let only = clean(&format!("兴隆村\n户主姓名,身份证,住址\n张福贵,{a},一组\n"), 1);
    assert_eq!(only[0].name, "张福贵");
    let both =
        clean(&format!("户主姓名,与户主关系,老人姓名,公民身份号码\n张大山,父亲,张福贵,{a}\n李军,母亲,王秀英,{b}\n"), 2);
    assert_eq!(both[1].name, "王秀英");
}

#[test]
fn headers_are_understood_in_the_words_of_many_townships() {
    let id = id_of("19440101", 11);
    for (headers, row) in [
        ("服务对象姓名,证件号码,村别,组别", "张三,{id},河口村,三组"),
        ("姓 名,公民身份证号,村居名称,生产队", "张三,{id},河口村,三组"),
        ("长者姓名,居民身份证号码,所属行政村,居民小组", "张三,{id},河口村,三组"),
        ("老年人姓名,身份证编号,社区名称,组名", "张三,{id},河口村,三组"),
        ("姓名（必填）,身份证号码\u{3000}*,村（居）,网格名称", "张三,{id},河口村,三组"),
    ] {
        let entry = &clean(&format!("{headers}\n{}\n", row.replace("{id}", &id)), 1)[0];
        assert_eq!(entry.document.number(), Some(&*id), "{headers}");
        assert_eq!(entry.place.village.as_deref(), Some("河口村"), "{headers}");
        assert_eq!(entry.place.grid.as_deref(), Some("三组"), "{headers}");
    }
}

#[test]
fn certificates_of_other_matters_are_no_id_numbers() {
    let id = id_of("19440101", 11);
    for other in ["残疾证号", "低保证号", "优待证号", "医保证号", "房产证号"] {
        let entry = &clean(&format!("姓名,{other},身份证号\n张三,12345,{id}\n"), 1)[0];
        assert_eq!(entry.document.number(), Some(&*id), "{other}");
    }
    for other in ["退役军人老人", "80岁以上老人"] {
        let result = result_of_csv(&format!("{other},身份证号\n是,{id}\n"));
        assert_eq!(result.entries.len(), 0, "{other} is no name");
    }
}

#[test]
fn pages_with_titles_headers_and_subtotals_of_their_own_are_one_ledger() {
    let mut text = String::new();
    for page in 0..3 {
        text += &format!("石新镇老年人名册（第{}页 共3页）\n序号,姓 名,身 份 证 号,村  别\n", page + 1);
        for n in 0..2 {
            text += &format!("{n},张三,{},石新村\n", id_of("19450115", page * 10 + n + 1));
        }
        text += "本页小计,,2\n\n";
    }
    clean(&(text + "总计,6\n制表：,,,审核：\n"), 6);
}

#[test]
fn what_stands_at_the_foot_is_nobody() {
    let row = format!("1,张三,{},兴隆村\n", id_of("19440101", 11));
    let foot = [
        "合    计,3",
        "总人数：3人",
        "其中：男3人，女0人",
        "注：1.本表一式两份",
        "2.请于月底前报送",
        "2,,,",
        "填表说明：请如实填写",
        "单位负责人（签字）：,,审核人：",
        "填表人:张三   联系电话:13900000014   填表时间:2025.6.1",
        "共 1 页，第 1 页",
        "2025年6月1日",
        "村主任：张三",
        "以上人员均已核实",
        "男：,3,女：,0",
        "小计,1人,,",
        "盖章：,,2025年6月1日",
    ];
    clean(
        &format!(
            "兴隆村老人\n填报单位（盖章）：兴隆村村民委员会,,单位：人\n序号,姓名,身份证号,村\n{row}{}\n",
            foot.join("\n")
        ),
        1,
    );
}

#[test]
fn an_explanation_above_the_header_that_uses_its_words_is_no_header() {
    let text = format!(
        "附件2：\n信息采集表\n填表说明：\n1.姓名：填写身份证姓名；2.身份证号：18位\n\n行政村,小组,老年人姓名,公民身份证号,常住地址,是否空巢,医疗保险,残疾等级,慢性病种类,备  注\n孙家村,二组,采甲,{},孙家村二组12号,是,城乡居民,二级,高血压、糖尿病,儿子在外地\n孙家村,三组,采乙,{},三组8号,否,城镇职工,无,无,\n",
        id_of("19440101", 11),
        id_of("19490101", 12)
    );
    let entries = clean(&text, 2);
    assert_eq!((groups(&entries[0]), groups(&entries[1])), (vec!["chronic", "handicapped"], vec![]));
    assert_eq!(
        (&entries[0].insurance, &entries[1].insurance),
        (&Some(Insurance::Resident), &Some(Insurance::Employee))
    );
}

#[test]
fn damaged_numbers_are_refused_and_untidy_ones_read() {
    let x = (0..999).map(|it| id_of("19440101", it)).find(|it| it.ends_with('X')).unwrap();
    let good = id_of("19450101", 31);
    let wide: String = good.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    let rows = [
        "9.90101E+17".to_string(),
        format!("{}000", &good[..15]),
        "990101440312001".to_string(),
        good[..17].to_string(),
        format!("{good}1"),
        "990101********0019".to_string(),
        x.to_lowercase(),
        wide,
        format!("'{} {} {}", &good[..6], &good[6..14], &good[14..]),
        format!("\u{200b}{good}\u{a0}"),
        format!("{}×", &x[..17]),
    ];
    let text: String = rows.iter().map(|it| format!("张三,{it}\n")).collect();
    let result = result_of_csv(&format!("姓名,身份证号\n{text}"));
    let lost = "id lost its digits in the spreadsheet";
    let refused = [
        (2, lost),
        (3, lost),
        (4, "id length: old 15-digit number"),
        (5, "id length"),
        (6, "id length"),
        (7, "id characters"),
    ];
    assert_eq!(said(&result), (refused.to_vec(), vec![]));
    assert_eq!((result.report.accepted, result.report.same_person_again), (2, 3));
}

#[test]
fn a_short_year_is_asked_unless_the_number_bears_it_out() {
    let id = id_of("19460101", 11);
    clean(&format!("姓名,身份证号,出生日期\n张三,{id},46/1/1\n"), 1);
    assert_eq!(warnings("姓名,身份证号,出生日期", &format!("张三,{id},46/1/2")), ["birth date unreadable"]);
    assert_eq!(refusal("姓名,性别,出生日期", "张三,男,46/1/1").reason, Reason::BirthUnreadable);
}

#[test]
fn an_age_is_no_birth_date() {
    assert_eq!(person("姓名,性别,年龄,村", "张三,男,83,兴隆村").birth, None, "the registry will ask for it");
    assert!(Reason::BirthMissing.repair_zh().contains("年龄"));
}

#[test]
fn groups_in_one_cell_are_read_whatever_stands_between() {
    for between in ["、", ",", "，", "；", ";", "/", " ", "|", "+", "\n", "和", "及", "．", "", "·", "老人、"]
    {
        let cell = format!("\"失能{between}独居\"");
        let entry = &clean(&format!("姓名,身份证号,人员类别\n张三,{},{cell}\n", id_of("19470101", 11)), 1)[0];
        assert_eq!(groups(entry), ["alone", "disabled"], "{between}");
    }
    for cell in ["1.失能 2.独居", "①失能②独居", "【失能】【独居】", "失能(重度)、独居"] {
        let entry = &clean(&format!("姓名,身份证号,人员类别\n张三,{},{cell}\n", id_of("19470101", 11)), 1)[0];
        assert_eq!(groups(entry), ["alone", "disabled"], "{cell}");
    }
}

#[test]
fn a_header_of_three_lines_is_read_down_to_its_last() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write(sheet, 0, &["胡家镇老年人健康管理台账"]);
    write(sheet, 2, &["", "姓名", "身份证号码", "", "", "", "", "失能等级", "姓名", "电话"]);
    write(sheet, 3, &["", "", "", "村", "门牌", "高血压", "糖尿病"]);
    for (from, to, text) in [
        ((1, 0), (3, 0), "序号"),
        ((1, 1), (1, 4), "老年人基本情况"),
        ((1, 5), (1, 7), "健康状况"),
        ((1, 8), (1, 9), "照护情况"),
        ((2, 3), (2, 4), "住址"),
        ((2, 5), (2, 6), "慢性病"),
    ] {
        merge(sheet, from, to, text);
    }
    write(sheet, 4, &["1", "伍家宝", &id_of("19440909", 15), "胡家村", "12号", "√", "", "中度失能", "", ""]);
    write(sheet, 5, &["2", "陆凤英", &id_of("19480909", 48), "胡家村", "13号", "", "", "", "", ""]);
    let result = result_of_bytes(&saved(workbook), "a.xlsx");
    assert_eq!((said(&result), result.entries.len()), ((vec![], vec![]), 2));
    assert_eq!(groups(&result.entries[0]), ["chronic", "disabled"]);
    assert_eq!(result.entries[0].place.village.as_deref(), Some("胡家村"));
    assert_eq!(result.entries[0].place.address.as_deref(), Some("12号"));
    assert_eq!(groups(&result.entries[1]), [""; 0]);
}

#[test]
fn two_columns_of_people_side_by_side_are_all_read() {
    let id = |n: u32| id_of("19440101", n);
    let text = format!(
        "兴隆村老人名单\n序号,姓名,身份证号,备注,序号,姓名,身份证号,备注\n1,张三,{},,3,王五,{},独身\n2,李四,{},,,,,\n合计,3,,,,,,\n",
        id(11),
        id(33),
        id(22)
    );
    let entries = clean(&text, 3);
    let names: Vec<&str> = entries.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["张三", "李四", "王五"]);
    assert_eq!(entries[2].remark.as_deref(), Some("独身"));
    let relative = format!("身份证号,姓名,电话,姓名,电话\n{},张三,13742180967,张大,13742180968\n", id(11));
    assert_eq!(result_of_csv(&relative).entries.len(), 1, "a second name without a number is nobody's row");
    let wrong = result_of_csv(&format!("姓名,身份证号,姓名,身份证号\n张三,{},王五,123\n", id(11)));
    assert_eq!(said(&wrong).0, [(2, "id length")]);
    assert_eq!(&*wrong.report.refused[0].value, "123");
}
