//! What a row says about a person, and what is refused or warned about.

use super::*;

const HEADERS: &str = "姓名,性别,身份证号,出生日期,电话,人员类别";

#[test]
fn a_whole_row_becomes_a_whole_person() {
    let id = id_of("19450417", 619);
    let headers = "序号,姓名,性别,身份证号,镇,村(社区),组,家庭住址,户籍地址,联系电话,人员类别,居住情况,监护人姓名,\
                   与老人关系,监护人电话,照护人,医保类型,迁入日期,备注";
    let row = format!(
        "1,㛃珍琴,男,{id},河口镇,河口村,3组,河口村3组12号,柳树屯,139-1714-5211,失能、低保,与子女同住,李四,儿子,\
         0432-6892152,王五,城乡居民,2020-05-01,老党员"
    );
    let entry = person(headers, &row);
    assert_eq!(entry.name, "㛃珍琴");
    assert_eq!(entry.document, Document::ResidentId(id));
    assert_eq!(entry.birth, Some(Birth::Day(date(1945, 4, 17))));
    assert_eq!(entry.sex, Some(Sex::Male));
    let said = |text: &str| Some(text.to_owned());
    let place = Place {
        county: None,
        town: said("河口镇"),
        village: said("河口村"),
        grid: said("3组"),
        address: said("河口村3组12号"),
        registered: said("柳树屯"),
    };
    assert_eq!(entry.place, place);
    assert_eq!(texts(&entry.phones), ["13917145211"]);
    let groups: Vec<_> = entry.groups.iter().map(|it| (it.group, it.words.as_str())).collect();
    assert_eq!(groups, [(Group::Disabled, "失能"), (Group::Poor, "低保")]);
    assert_eq!(entry.living, Some(Living::WithChildren));
    let contact = Relative {
        kind: RelativeKind::Contact,
        name: said("李四"),
        relation: said("儿子"),
        phones: vec!["0432-6892152".parse().unwrap()],
    };
    let carer = Relative { kind: RelativeKind::Carer, name: said("王五"), relation: None, phones: Vec::new() };
    assert_eq!(entry.relatives, [contact, carer]);
    assert_eq!(entry.insurance, Some(Insurance::Resident));
    assert_eq!(entry.moved, Some(Moved::In(Some(date(2020, 5, 1)))));
    assert_eq!(entry.remark, said("老党员"));
    assert_eq!(entry.death, None);
}

#[test]
fn birth_and_sex_come_from_the_number_where_the_columns_are_empty() {
    let entry = person("姓名,身份证号", &format!("张三,{}", id_of("19450417", 619)));
    assert_eq!(entry.birth, Some(Birth::Day(date(1945, 4, 17))));
    assert_eq!(entry.sex, Some(Sex::Male));
}

#[test]
fn the_number_wins_over_columns_that_disagree_and_a_warning_says_so() {
    let row = format!("张三,女,{},1945-04-18,,", id_of("19450417", 619));
    assert_eq!(warnings(HEADERS, &row), ["birth date differs from id", "sex differs from id"]);
    let entry = person(HEADERS, &row);
    assert_eq!((entry.birth, entry.sex), (Some(Birth::Day(date(1945, 4, 17))), Some(Sex::Male)));
}

#[test]
fn a_birth_that_is_less_exact_than_the_number_does_not_disagree_with_it() {
    let id = id_of("19450417", 619);
    for birth in ["1945", "1945年", "1945.04", "194504", "19450000"] {
        assert_eq!(warnings(HEADERS, &format!("张三,男,{id},{birth},,")), [""; 0], "{birth}");
    }
    for birth in ["1946", "1945.05", "一九四六年", "乙酉年"] {
        assert_eq!(warnings(HEADERS, &format!("张三,男,{id},{birth},,")).len(), 1, "{birth}");
    }
}

#[test]
fn damaged_and_wrong_numbers_are_refused_each_for_its_reason() {
    let good = id_of("19450417", 618);
    let wrong = if good.ends_with('1') { "2" } else { "1" };
    let cases = [
        ("9.90001E+17", "id lost its digits in the spreadsheet"),
        ("9.90001945041E17", "id lost its digits in the spreadsheet"),
        ("990001192604117000", "id lost its digits in the spreadsheet"),
        (&good[..17], "id length"),
        (&format!("{good}1"), "id length"),
        ("990001450417618", "id length: old 15-digit number"),
        ("990001451317618", "id length"),
        (&format!("{}{wrong}", &good[..17]), "id check digit"),
        ("99000I194504176186", "id characters"),
        ("990001********6186", "id characters"),
        (&id_of("19451317", 618), "id birth date impossible"),
        (&id_of("20261122", 618), "id birth date impossible"),
        (&id_of("17991122", 618), "id birth date impossible"),
    ];
    for (id, reason) in cases {
        let refused = refusal(HEADERS, &format!("张三,男,{id},,,"));
        assert_eq!((refused.reason.code(), refused.column.as_str()), (reason, "身份证号"), "{id}");
        assert_eq!(refused.value, *id);
    }
}

#[test]
fn a_number_written_untidily_is_the_same_number() {
    let good = id_of("19391203", 823);
    let x = (0..).map(|sequence| id_of("19391203", sequence)).find(|id| id.ends_with('X')).unwrap();
    let wide: String = good.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    let cases = [
        (format!("{} {} {}", &good[..6], &good[6..14], &good[14..]), &good),
        (format!("'{good}"), &good),
        (wide, &good),
        (format!("身份证:{good}"), &good),
        (x.to_lowercase(), &x),
        (x.replace('X', "Ｘ"), &x),
        (x.replace('X', "×"), &x),
    ];
    for (written, number) in cases {
        let entry = person(HEADERS, &format!("张三,,{written},,,"));
        assert_eq!(entry.document, Document::ResidentId(number.clone()), "{written}");
    }
}

#[test]
fn other_documents_are_known_by_their_kind_or_their_form() {
    let check = |head: &str| {
        (0..=10)
            .map(|digit| format!("{head}{}", if digit == 10 { "X".to_owned() } else { digit.to_string() }))
            .find(|id| id::check_id(id, TODAY).is_ok())
            .unwrap()
    };
    let hong_kong = check("81000019450417001");
    let taiwan = check("83000019450417002");
    let foreign = check("91184019450417003");
    let document =
        |kind: &str, number: &str| person("姓名,证件类型,证件号码", &format!("张三,{kind},{number}")).document;
    assert_eq!(document("", &hong_kong), Document::HkMoTwResidence(hong_kong.clone()));
    assert_eq!(document("港澳台居民居住证", &taiwan), Document::HkMoTwResidence(taiwan.clone()));
    assert_eq!(document("", &foreign), Document::ForeignResidence(foreign.clone()));
    assert_eq!(
        document("外国人永久居留身份证", "USA110045041701"),
        Document::ForeignResidence("USA110045041701".into())
    );
    assert_eq!(document("", "e12345678"), Document::Passport("E12345678".into()));
    assert_eq!(document("护照", "533380006"), Document::Passport("533380006".into()));
    assert_eq!(document("港澳居民来往内地通行证", "H12345678"), Document::TravelPermit("H12345678".into()));
    let other = Document::Other { kind: "军官证".into(), number: "1234567".into() };
    assert_eq!(document("军官证", "1234567"), other);
    assert_eq!(person("姓名,证件号码", &format!("张三,{hong_kong}")).birth, Some(Birth::Day(date(1945, 4, 17))));
    assert_eq!(refusal("姓名,证件类型,证件号码", "张三,护照,某某").reason, Reason::DocumentUnreadable);
}

#[test]
fn a_person_without_a_number_is_taken_with_a_warning() {
    for id in ["", "无", "暂无", "-"] {
        let row = format!("张三,男,{id},1945年,,");
        assert_eq!(warnings(HEADERS, &row), ["id missing"]);
        let entry = person(HEADERS, &row);
        assert_eq!((entry.document, entry.birth), (Document::None, Some(Birth::Year(1945))));
    }
}

#[test]
fn a_ledger_without_a_column_of_numbers_says_so_once() {
    let result = result_of_csv("姓名,性别,村\n张三,男,a\n李四,女,b\n");
    assert_eq!(result.report.accepted, 2);
    assert_eq!(result.report.warnings, []);
    assert_eq!(result.notices, [Notice::WithoutId { sheet: "ledger".into() }]);
}

#[test]
fn without_a_number_the_birth_date_must_be_readable_and_past() {
    assert_eq!(refusal(HEADERS, "张三,男,,四月,,").reason, Reason::BirthUnreadable);
    assert_eq!(refusal(HEADERS, "张三,男,,2026-11-22,,").reason, Reason::BirthInFuture);
    assert_eq!(person(HEADERS, "张三,男,,2026-11-21,,").birth, Some(Birth::Day(TODAY)));
    assert_eq!(person(HEADERS, "张三,男,,不详,,").birth, None);
}

#[test]
fn names_are_brought_to_one_form() {
    let cases = [
        ("周 凤长", "周凤长"),
        ("周　凤 长", "周凤长"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("John   Smith", "John Smith"),
        ("Ｊｏｈｎ Smith Jr.", "John Smith Jr."),
        ("张先生", "张先生"),
        ("㛃𠮷", "㛃𠮷"),
    ];
    for (written, name) in cases {
        assert_eq!(person("姓名,性别", &format!("{written},男")).name, name, "{written}");
    }
}

#[test]
fn what_is_no_name_is_refused() {
    assert_eq!(refusal(HEADERS, &format!(",男,{},,,", id_of("19450417", 619))).reason, Reason::NameMissing);
    for name in ["123", "??", "#REF!", "张\u{fffd}三"] {
        let refused = refusal(HEADERS, &format!("{name},男,{},,,", id_of("19450417", 619)));
        assert_eq!((refused.reason, refused.column.as_str()), (Reason::NameUnreadable, "姓名"), "{name}");
    }
}

#[test]
fn a_character_that_only_some_computers_show_is_warned_about() {
    assert_eq!(warnings("姓名,性别", "张\u{e123},男"), ["name private character"]);
    assert_eq!(person("姓名,性别", "张 \u{e123},男").name, "张\u{e123}");
}

#[test]
fn an_unreadable_sex_telephone_or_group_costs_itself_and_not_the_person() {
    let row = format!("张三,公,{},,12345,飞行员", id_of("19450417", 619));
    assert_eq!(warnings(HEADERS, &row), ["sex unreadable", "group unknown", "phone unreadable"]);
    let entry = person(HEADERS, &row);
    assert_eq!((entry.sex, entry.phones.len(), entry.groups.len()), (Some(Sex::Male), 0, 0));
}

#[test]
fn death_and_moving_are_read_from_dates_and_from_words() {
    let death = |headers: &str, row: &str| person(&format!("姓名,性别,{headers}"), &format!("张三,男,{row}")).death;
    let on = |day| Some(Death { on: day });
    assert_eq!(death("死亡日期", "2025.3.1"), on(Some(date(2025, 3, 1))));
    assert_eq!(death("死亡日期", "2025年"), on(None));
    assert_eq!(death("死亡日期", "无"), None);
    assert_eq!(death("是否死亡", "是"), on(None));
    assert_eq!(death("是否死亡", "否"), None);
    assert_eq!(death("是否健在", "否"), on(None));
    assert_eq!(death("是否健在", "是"), None);
    assert_eq!(death("状态", "已死亡"), on(None));
    assert_eq!(death("状态", "在册"), None);
    assert_eq!(warnings("姓名,性别,死亡日期", "张三,男,2027-01-01"), ["death date unreadable"]);
    let moved = |headers: &str, row: &str| person(&format!("姓名,性别,{headers}"), &format!("张三,男,{row}")).moved;
    assert_eq!(moved("迁出日期", "2025/3/1"), Some(Moved::Out(Some(date(2025, 3, 1)))));
    assert_eq!(moved("状态", "迁出"), Some(Moved::Out(None)));
    assert_eq!(moved("迁入日期", ""), None);
    assert_eq!(warnings("姓名,性别,迁出日期", "张三,男,去年"), ["moving date unreadable"]);
}

#[test]
fn the_same_number_again_is_recognised_counted_and_joined() {
    let id = id_of("19450417", 619);
    let text = format!(
        "姓名,身份证号,电话,人员类别\n张三,{id},13742180967,失能\n李四,{},,\n张 三,'{id},13742180968,独居\n",
        id_of("19450417", 637)
    );
    let book = kit::sheet::read(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
    let mut lines: Vec<_> = read(&book, &Options::on(TODAY)).collect();
    let Outcome::Again { entry: again, first } = lines.pop().unwrap().outcome else { panic!() };
    assert_eq!(first.row, 2);
    let Outcome::Accepted(mut entry) = lines.remove(0).outcome else { panic!() };
    entry.absorb(*again);
    assert_eq!(texts(&entry.phones), ["13742180967", "13742180968"]);
    let groups: Vec<_> = entry.groups.iter().map(|mention| mention.group.word()).collect();
    assert_eq!(groups, ["disabled", "alone"]);
}

#[test]
fn every_reason_has_its_own_code_and_both_languages() {
    let text = format!("姓名,身份证号\n张三,{}\n", &id_of("19450417", 619)[..17]);
    let shown = serde_json::to_value(result_of_csv(&text).report).unwrap();
    let refused = &shown["refused"][0];
    assert_eq!(refused["reason"], "id length");
    assert_eq!(
        (&refused["sheet"], &refused["row"], &refused["column"]),
        (&"ledger".into(), &2.into(), &"身份证号".into())
    );
    let repair = refused["repair"].as_str().unwrap();
    assert!(repair.contains(Reason::IdLength.repair_zh()) && repair.contains(Reason::IdLength.repair_en()));
}

#[test]
fn nothing_personal_is_printed_for_logs() {
    let id = id_of("19450417", 619);
    let text = format!("姓名,身份证号,电话,住址,监护人\n张三,{id},13742180967,河口村,李四\n王五,{},1,2,3\n", &id[..17]);
    let book = kit::sheet::read(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
    for line in read(&book, &Options::on(TODAY)) {
        let printed = format!("{:?} {:?}", line.outcome, line.warnings);
        for personal in ["张三", "王五", &id[..17], "13742180967", "河口村", "李四"] {
            assert!(!printed.contains(personal), "{printed}");
        }
    }
}
