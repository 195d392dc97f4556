//! Single cells: days, telephones, sexes and groups in every shape.

use kit::sheet::Cell;
use proptest::prelude::*;

use super::super::day::{Unreadable, Written, read_day};
use super::super::group::{Circle, read_group_column, read_groups};
use super::super::phone::read_phones;
use super::super::sex::read_sex;
use super::*;

fn text_day(text: &str) -> std::result::Result<Option<Written>, Unreadable> {
    read_day(&Cell::text(text), TODAY)
}

fn number_day(number: f64) -> std::result::Result<Option<Written>, Unreadable> {
    read_day(&Cell::Number(number), TODAY)
}

#[test]
fn a_day_is_read_in_every_shape() {
    let day = Ok(Some(Written::Day(date(1945, 4, 7))));
    let shapes = [
        "1945-04-07",
        "1945-4-7",
        "1945/4/7",
        "1945.4.7",
        "1945．4．7",
        "1945年4月7日",
        "1945年04月07号",
        "1945 年 4 月 7 日",
        "19450407",
        "１９４５０４０７",
        "1945-04-07 00:00:00",
        "1945-04-07T00:00:00",
        "1945、4、7",
        "1945年4月7日出生",
        "'1945-04-07",
        "一九四五年四月七日",
        "1945年四月七日",
    ];
    for shape in shapes {
        assert_eq!(text_day(shape), day, "{shape}");
    }
    assert_eq!(number_day(19_450_407.0), day);
    assert_eq!(number_day(16_534.0), day);
    assert_eq!(text_day("16534"), day);
    assert_eq!(number_day(16_534.75), day);
    assert_eq!(read_day(&Cell::Date(date(1945, 4, 7)), TODAY), day);
    assert_eq!(read_day(&Cell::DateTime(date(1945, 4, 7).at(8, 0, 0, 0)), TODAY), day);
    assert_eq!(text_day("4/17/1945"), Ok(Some(Written::Day(date(1945, 4, 17)))));
    assert_eq!(text_day("17.4.1945"), Ok(Some(Written::Day(date(1945, 4, 17)))));
}

#[test]
fn the_number_of_the_task_is_its_day() {
    assert_eq!(number_day(16_544.0), Ok(Some(Written::Day(date(1945, 4, 17)))));
    // Before 1927 the number has four digits and is still no year.
    assert_eq!(number_day(9_862.0), Ok(Some(Written::Day(date(1926, 12, 31)))));
}

#[test]
fn a_day_half_known_stays_half_known() {
    let month = Ok(Some(Written::Month { year: 1945, month: 4 }));
    for shape in ["1945.04", "1945年4月", "1945-04", "194504", "19450400"] {
        assert_eq!(text_day(shape), month, "{shape}");
    }
    assert_eq!(number_day(1945.04), month);
    for shape in ["1945", "1945年", "约1945年", "19450000", "农历1945年3月5日", "一九四五年"] {
        assert_eq!(text_day(shape), Ok(Some(Written::Year(1945))), "{shape}");
    }
    assert_eq!(number_day(1945.0), Ok(Some(Written::Year(1945))));
    // January or October: a spreadsheet drops the zero.
    assert_eq!(number_day(1945.1), Ok(Some(Written::Year(1945))));
}

#[test]
fn chinese_numerals_are_read_as_they_are_spoken() {
    for (text, day) in [
        ("一九四四年十二月三十一日", date(1944, 12, 31)),
        ("一九三〇年十月十日", date(1930, 10, 10)),
        ("一九三零年二月二十八日", date(1930, 2, 28)),
        ("一九三一年十一月廿一日", date(1931, 11, 21)),
        ("1944年元月3日", date(1944, 1, 3)),
    ] {
        assert_eq!(text_day(text), Ok(Some(Written::Day(day))), "{text}");
    }
}

#[test]
fn what_is_no_day_is_not_guessed() {
    let shapes = [
        "1945-13-01",
        "1945-02-30",
        "45-04-07",
        "4/7/1945",
        "四月",
        "1945-04-07-01",
        "abc",
        "123",
        "0045-01-01",
        "民国33年3月12日",
        "2487-03-12",
        "农历一九四四年二月十八",
    ];
    for shape in shapes {
        assert_eq!(text_day(shape), Err(Unreadable), "{shape}");
    }
    for number in [-1.0, 12.0, 1e12, f64::NAN, 1_700.0] {
        assert_eq!(number_day(number), Err(Unreadable), "{number}");
    }
    assert_eq!(read_day(&Cell::Bool(true), TODAY), Err(Unreadable));
    assert_eq!(text_day("不详"), Ok(None));
}

#[test]
fn telephones_are_read_in_every_shape() {
    let phones = |text: &str| {
        let read = read_phones(&Cell::text(text));
        assert!(!read.has_unreadable, "{text}");
        texts(&read.phones).join(" ")
    };
    for shape in [
        "13742180967",
        "137-4218-0967",
        "137 4218 0967",
        "+86 137 4218 0967",
        "+8613742180967",
        "8613742180967",
        "0086-13742180967",
        "１３７４２１８０９６７",
        "'13742180967",
        "13742180967(儿子)",
        "儿子13742180967",
        "手机:13742180967",
    ] {
        assert_eq!(phones(shape), "13742180967", "{shape}");
    }
    for shape in ["0432-6892152", "04326892152", "(0432)6892152", "0432 6892152", "0432—6892152"] {
        assert_eq!(phones(shape), "0432-6892152", "{shape}");
    }
    assert_eq!(phones("010-12345678".replace("12", "62").as_str()), "010-62345678");
    assert_eq!(phones("0432-6892152-801"), "0432-6892152-801");
    assert_eq!(phones("0432-6892152转801"), "0432-6892152-801");
    for shape in [
        "13742180967/0432-6892152",
        "13742180967、0432-6892152",
        "13742180967 0432-6892152",
        "13742180967；0432-6892152",
        "13742180967，04326892152",
        "13742180967\n0432-6892152",
    ] {
        assert_eq!(phones(shape), "13742180967 0432-6892152", "{shape}");
    }
    assert_eq!(phones("13742180967/13742180967"), "13742180967");
    assert!(phones("无").is_empty());
    assert_eq!(texts(&read_phones(&Cell::Number(13_742_180_967.0)).phones), ["13742180967"]);
    // A spreadsheet drops the zero of an area code.
    assert_eq!(texts(&read_phones(&Cell::Number(4_326_892_152.0)).phones), ["0432-6892152"]);
}

#[test]
fn what_cannot_be_dialled_is_told_and_the_rest_kept() {
    for shape in ["1374218096", "137421809671", "12742180967", "6892152", "abc", "1.37422E+10"] {
        let read = read_phones(&Cell::text(shape));
        assert!(read.has_unreadable && read.phones.is_empty(), "{shape}: {read:?}");
    }
    let read = read_phones(&Cell::text("13742180967/6892152"));
    assert!(read.has_unreadable);
    assert_eq!(texts(&read.phones), ["13742180967"]);
}

#[test]
fn sexes_are_read_in_words_and_codes() {
    for (written, sex) in
        [("男", Sex::Male), ("男性", Sex::Male), ("Ｍ", Sex::Male), (" 女 ", Sex::Female), ("f", Sex::Female)]
    {
        assert_eq!(read_sex(&Cell::text(written)), Ok(Some(sex)), "{written}");
    }
    assert_eq!(read_sex(&Cell::Number(2.0)), Ok(Some(Sex::Female)));
    assert_eq!(read_sex(&Cell::text("未知")), Ok(None));
    assert_eq!(read_sex(&Cell::Number(3.0)), Err(Reason::SexUnreadable));
}

#[test]
fn groups_in_one_cell_are_told_apart_however_they_are_divided() {
    let codes = |text: &str| {
        let read = read_groups(&Cell::text(text));
        assert!(!read.has_unknown, "{text}");
        read.mentions.iter().map(|mention| mention.group.word()).collect::<Vec<_>>()
    };
    for text in [
        "失能、独居",
        "失能,独居",
        "失能，独居",
        "失能；独居",
        "失能/独居",
        "失能 独居",
        "失能\n独居",
        "失能+独居",
        "失能老人、独居老人",
    ] {
        assert_eq!(codes(text), ["disabled", "alone"], "{text}");
    }
    assert_eq!(codes("失能失智"), ["disabled", "demented"]);
    assert_eq!(codes("慢性病(高血压、糖尿病)"), ["chronic"]);
    assert_eq!(codes("残疾 二级"), ["handicapped"]);
    assert_eq!(codes("低保户、特困"), ["poor"]);
    assert_eq!(codes("计生特殊家庭"), ["special_family"]);
    assert_eq!(codes("高龄、留守、居家"), ["oldest", "left_behind", "homebound"]);
    assert_eq!(codes("非失能"), [""; 0]);
    assert_eq!(codes("无"), [""; 0]);
    assert_eq!(read_groups(&Cell::text("空巢")).living, Some(Living::EmptyNest));
    assert!(read_groups(&Cell::text("失能、飞行员")).has_unknown);
}

#[test]
fn a_column_of_its_own_takes_a_tick_or_more_words() {
    let words =
        |cell: Cell| read_group_column(&cell, Group::Handicapped, "残疾", Circle::Yes).map(|mention| mention.words);
    for yes in ["是", "√", "✓", "1", "有", "Y", "ｙ"] {
        assert_eq!(words(Cell::text(yes)), Some("残疾".to_owned()), "{yes}");
    }
    for no in ["否", "×", "0", "无", "N", "", "-", "正常", "未评"] {
        assert_eq!(words(Cell::text(no)), None, "{no}");
    }
    assert_eq!(words(Cell::Bool(true)), Some("残疾".to_owned()));
    assert_eq!(words(Cell::Number(1.0)), Some("残疾".to_owned()));
    assert_eq!(words(Cell::Number(0.0)), None);
    assert_eq!(words(Cell::text("肢体二级")), Some("肢体二级".to_owned()));
    assert_eq!(words(Cell::text("二级")), Some("二级".to_owned()));
}

#[test]
fn who_cannot_care_for_themselves_is_disabled_though_the_words_deny() {
    let words = |text: &str| read_group_column(&Cell::text(text), Group::Disabled, "自理能力", Circle::Yes).is_some();
    for yes in ["不能自理", "半自理", "部分自理", "生活不能自理", "半失能", "重度失能", "√"] {
        assert!(words(yes), "{yes}");
    }
    for no in ["自理", "能自理", "完全自理", "能力完好", "未评估", "无", "0级"] {
        assert!(!words(no), "{no}");
    }
}

#[test]
fn a_circle_is_a_yes_beside_crosses_and_blanks_and_a_no_beside_ticks_alone() {
    let of = |cells: &[&str]| Circle::of(cells.iter().map(|it| Cell::text(it)).collect::<Vec<_>>().iter());
    assert_eq!(of(&["○", "", "○"]), Circle::Yes);
    assert_eq!(of(&["○", "×", "√"]), Circle::Yes);
    assert_eq!(of(&["○", "√", "○"]), Circle::No);
    let mention = |circle| read_group_column(&Cell::text("○"), Group::Poor, "低保", circle).is_some();
    assert!(mention(Circle::Yes) && !mention(Circle::No));
}

proptest! {
    #[test]
    fn every_day_of_two_centuries_is_read_back_from_every_shape(days in 0..73_000_i32) {
        use jiff::ToSpan;
        let day = date(1850, 1, 1).checked_add(days.days()).unwrap();
        for shape in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y%m%d"] {
            let text = day.strftime(shape).to_string();
            prop_assert_eq!(text_day(&text), Ok(Some(Written::Day(day))), "{}", text);
        }
    }

    #[test]
    fn every_mobile_number_is_read_back(number in 13_000_000_000_u64..20_000_000_000) {
        let (text, cell) = (read_phones(&Cell::text(&number.to_string())), read_phones(&Cell::Number(number as f64)));
        prop_assert_eq!(texts(&text.phones), [number.to_string()]);
        prop_assert_eq!(texts(&cell.phones), [number.to_string()]);
    }

    #[test]
    fn a_changed_digit_never_passes_the_check(days in 0..40_000_i32, sequence in 0..1000_u32, at in 0..17_usize, by in 1..10_u8) {
        use jiff::ToSpan;
        let day = date(1910, 1, 1).checked_add(days.days()).unwrap();
        let id = id_of(&day.strftime("%Y%m%d").to_string(), sequence);
        prop_assert!(id::check_id(&id, TODAY).is_ok());
        let mut bytes = id.into_bytes();
        bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
        prop_assert!(id::check_id(std::str::from_utf8(&bytes).unwrap(), TODAY).is_err());
    }
}
