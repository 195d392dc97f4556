//! The policy library: what holds where and when, what is refused, and that all worked cases hold.

use std::{path::PathBuf, sync::LazyLock};

use proptest::prelude::*;
use rules::{
    base::{Date, Money, Region},
    cases,
    ltci::{Grade, Mode},
    policy::{Faults, Library, Status, shown},
};

pub fn shipped() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
        let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
        Library::load(&[dir]).unwrap_or_else(|faults| panic!("\n{faults}\n"))
    });
    &LIBRARY
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn region(text: &str) -> Region {
    text.parse().unwrap()
}

fn grade(number: u8) -> Grade {
    number.try_into().unwrap()
}

const SOURCES: &str = "- { 编号: law, 标题: 法, 英文: Law, 发文机关: 某机关, 核实: 原文 }";
const REGIONS: &str =
    "\"000000\": { 名称: 全国 }\n\"500000\": { 名称: 重庆市 }\n\"611200\": { 名称: 西咸新区, 上级: \"500000\" }";

fn files(path: &str, text: &str) -> Vec<(String, String)> {
    [("sources.yaml", SOURCES), ("regions.yaml", REGIONS), (path, text)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec()
}

fn library(path: &str, text: &str) -> Result<Library, Faults> {
    Library::from_files(files(path, text))
}

fn lowest(values: &str) -> String {
    format!("最低失能等级:\n  说明: 最低\n  取值:\n{values}")
}

fn value(from: &str, rest: &str) -> String {
    format!("    - {{ 起: {from}, {rest}, 依据: {{ 文件: law, 条款: 第一条 }} }}\n")
}

#[test]
fn every_worked_case_holds() {
    let outcomes = cases::run(shipped()).unwrap_or_else(|faults| panic!("\n{faults}\n"));
    let failed: Vec<String> = outcomes.iter().filter(|it| !it.passed).map(|it| it.text().zh).collect();
    assert!(failed.is_empty(), "\n{}\n", failed.join("\n"));
    assert!(200 < outcomes.len(), "only {} cases ran", outcomes.len());
}

#[test]
fn every_instrument_and_every_rule_with_policy_has_cases() {
    let outcomes = cases::run(shipped()).unwrap();
    for instrument in shipped().instruments() {
        assert!(outcomes.iter().any(|it| it.rule == instrument.id), "{}", instrument.id);
    }
    for (topic, param) in [
        ("ltci", "最低失能等级"),
        ("tariff", "项目价格"),
        ("supervision", "双随机抽查比例"),
        ("tier", "多病起算数"),
        ("elders", "高龄起始年龄"),
        ("healthcheck", "体检项目"),
        ("healthcheck", "化验对照"),
        ("tcm", "客观分级"),
        ("workforce", "团队基本成员"),
        ("institutions", "医疗资质证照"),
        ("institutions", "证照到期提醒天数"),
        ("workforce", "证书有效月数"),
        ("limits", "报警限值"),
        ("limits", "短期变化"),
        ("limits", "均值变化"),
        ("limits", "组合报警"),
        ("limits", "晨起活动"),
        ("limits", "设备失联时限"),
        ("limits", "安静时段"),
    ] {
        assert!(!cases::proving(&outcomes, topic, param).is_empty(), "{topic}/{param}");
    }
}

#[test]
fn a_county_inherits_and_the_reason_names_the_region_that_decided() {
    let policy = shipped().at(region("500103001002"), day("2025-06-01"));
    assert_eq!(policy.read(|it| &it.ltci.lowest_grade), Ok(&grade(2)));
    assert_eq!(policy.read(|it| &it.ltci.modes).unwrap(), &[Mode::Home, Mode::Visiting, Mode::Residential]);
    let because = policy.because();
    let first = &because[0];
    assert_eq!((first.param, first.region_name.as_str(), first.from), ("最低失能等级", "重庆市", day("2025-04-27")));
    assert_eq!((first.document.as_deref(), first.confirmed, first.status), (Some("cq-reply-2025"), 1, Status::InForce));
    assert_eq!(policy.read(|it| &it.ltci.lowest_grade), Ok(&grade(2)));
    assert_eq!(policy.because().len(), 2, "a value read twice is one reason");
    let decision = policy.decided("yes");
    assert_eq!((decision.because.len(), decision.policy_digest.len()), (2, 64));
}

#[test]
fn the_day_before_a_policy_begins_there_is_none() {
    let missing = shipped().at(region("500000"), day("2025-04-26")).read(|it| &it.ltci.lowest_grade).unwrap_err();
    assert_eq!(missing.text().zh, "本地当日没有在行政策：重庆市 2025-04-26 ltci/最低失能等级");
    assert!(shipped().at(region("110000"), day("2026-01-01")).read(|it| &it.ltci.lowest_grade).is_err());
}

#[test]
fn a_development_zone_follows_its_explicit_parent() {
    let chain: Vec<String> = shipped().regions().chain(region("611200")).iter().map(ToString::to_string).collect();
    assert_eq!(chain, ["611200", "610100", "610000", "000000"]);
}

#[test]
fn the_later_value_holds_from_its_day_and_a_repeal_ends_it() {
    let nation = lowest(&value("2019-01-01", "值: 5"));
    let city = lowest(
        &[value("2020-01-01", "值: 3"), value("2022-01-01", "值: 2"), value("2024-01-01", "备注: 废止")].concat(),
    );
    let mut all = files("500000-chongqing/ltci.yaml", &city);
    all.push(("000000-national/ltci.yaml".into(), nation));
    let library = Library::from_files(all).unwrap();
    let read = |on: &str| library.at(region("500103"), day(on)).read(|it| &it.ltci.lowest_grade).copied();
    assert_eq!(read("2019-12-31"), Ok(grade(5)), "before the city decides, the nation's holds");
    assert_eq!((read("2021-12-31"), read("2022-01-01")), (Ok(grade(3)), Ok(grade(2))));
    assert_eq!(
        read("2024-01-01").unwrap_err().repealed,
        Some(day("2024-01-01")),
        "the nation's value does not come back"
    );
}

#[test]
fn an_announced_value_is_shown_and_never_calculated_with() {
    let text = lowest(&[value("2020-01-01", "值: 3"), value("2021-01-01", "值: 1, 状态: 拟行")].concat());
    let library = library("500000-chongqing/ltci.yaml", &text).unwrap();
    assert_eq!(library.at(region("500000"), day("2022-01-01")).read(|it| &it.ltci.lowest_grade), Ok(&grade(3)));
    let history = &library.histories("ltci", "最低失能等级")[0];
    assert_eq!(
        (history.steps.len(), history.steps[0].entry.status, history.steps[1].until),
        (2, Status::Planned, None)
    );
}

#[test]
fn a_history_says_until_when_each_value_held() {
    let text = lowest(&[value("2022-01-01", "值: 2"), value("2020-01-01", "值: 3")].concat());
    let library = library("500000-chongqing/ltci.yaml", &text).unwrap();
    let steps = &library.histories("ltci", "最低失能等级")[0].steps;
    assert_eq!((steps[0].entry.from, steps[0].until), (day("2022-01-01"), None));
    assert_eq!((steps[1].entry.from, steps[1].until), (day("2020-01-01"), Some(day("2021-12-31"))));
}

#[test]
fn an_overlay_replaces_a_parameter_and_leaves_the_others() {
    let base = files("610100-xian/tariff.yaml", "");
    let base: Vec<_> = base.into_iter().take(2).collect();
    let city = "最低失能等级:\n  说明: 甲\n  取值:\n    - { 起: 2020-01-01, 值: 3, 依据: { 文件: law } }\n服务方式:\n  说明: 乙\n  取值:\n    - { 起: 2020-01-01, 值: [机构集中护理], 依据: { 文件: law } }\n";
    let mut below = base.clone();
    below.push(("500000-chongqing/ltci.yaml".into(), city.into()));
    let above = vec![("500000-chongqing/ltci.yaml".to_owned(), lowest(&value("2021-01-01", "值: 1")))];
    let library = Library::from_layers(vec![below, above]).unwrap();
    let read = |on: &str| library.at(region("500000"), day(on)).read(|it| &it.ltci.lowest_grade).copied().ok();
    assert_eq!((read("2020-06-01"), read("2021-06-01")), (None, Some(grade(1))), "the whole parameter is replaced");
    assert!(library.at(region("500000"), day("2020-06-01")).read(|it| &it.ltci.modes).is_ok());
}

#[test]
fn a_fault_names_file_line_and_column() {
    let good = lowest(&value("2020-01-01", "值: 3"));
    for (text, line, words) in [
        (good.replace("最低失能等级", "最低等级"), 1, "没有“最低等级”这一项；可以写的有：最低失能等级"),
        (good.replace("值: 3", "数值: 3"), 4, "没有“数值”这一项"),
        (good.replace("2020-01-01", "2020-02-30"), 4, "日期“2020-02-30”应是日历上有的一天"),
        (good.replace("文件: law", "文件: bill"), 4, "sources.yaml 里没有编号“bill”的文件"),
        (good.replace(", 依据: { 文件: law, 条款: 第一条 }", ""), 4, "没有依据"),
        (good.replace("值: 3", "值: 三"), 4, ""),
        (good.replace("值: 3", "值: 9"), 4, "失能等级“9”应为 0 至 6"),
        (good.replace("值: 3", "值: 3, 状态: 试行"), 4, "“试行”不是可以选的词"),
        (good.replace("说明: 最低", "说明: 最低\n  说明: 又"), 3, "“说明”写了两次"),
        (
            lowest(&[value("2020-01-01", "值: 3"), value("2020-01-01", "值: 2")].concat()),
            5,
            "有两个取值从 2020-01-01 起",
        ),
    ] {
        let faults = library("500000-chongqing/ltci.yaml", &text).map(|_| ()).unwrap_err().0;
        let fault = &faults[0];
        assert_eq!((fault.file.as_str(), fault.line), ("500000-chongqing/ltci.yaml", line), "{text}\n{fault:?}");
        assert!(0 < fault.column && fault.text.zh.contains(words), "{fault:?}");
    }
}

#[test]
fn an_empty_value_is_a_fault_and_not_a_repeal() {
    let text = lowest("    - 起: 2020-01-01\n      值:\n      依据: { 文件: law }\n");
    assert!(library("500000-chongqing/ltci.yaml", &text).is_err());
}

#[test]
fn a_misspelt_file_and_an_unknown_region_are_faults() {
    let good = lowest(&value("2020-01-01", "值: 3"));
    let fault = |path: &str| library(path, &good).map(|_| ()).unwrap_err().0[0].text.zh.clone();
    assert!(fault("500000-chongqing/ltc.yaml").contains("没有规则读这个文件"));
    assert!(fault("chongqing/ltci.yaml").contains("没有规则读这个文件"));
    assert!(fault("130000-hebei/ltci.yaml").contains("没有区划 130000"));
}

#[test]
fn a_mapping_to_the_national_catalogue_names_services_of_the_day() {
    let services = "服务项目:\n  说明: 目录\n  取值:\n    - { 起: 2024-01-01, 值: [{ 编号: S01, 名称: 洗发, 英文: Hair washing, 类别: 生活照护 }], 依据: { 文件: law } }\n";
    let mapped = |from: &str, local: &str| {
        let line = value(from, &format!("值: [{{ 国家编号: G1, 国家名称: 头发清洁, 本地编号: [{local}] }}]"));
        library("500000-chongqing/ltci.yaml", &format!("{services}国家目录对照:\n  说明: 对照\n  取值:\n{line}"))
    };
    assert!(mapped("2025-09-25", "S01").is_ok());
    for (from, local) in [("2025-09-25", "S01, S02"), ("2023-12-31", "S01")] {
        let fault = mapped(from, local).map(|_| ()).unwrap_err().0.remove(0);
        assert!(fault.text.zh.contains("不在当日的服务项目里") && 0 < fault.line, "{fault:?}");
    }
}

#[test]
fn parents_that_lead_in_a_circle_are_a_fault() {
    let mut all = files("README.md", "");
    all[1].1 = "\"610100\": { 名称: 甲, 上级: \"611200\" }\n\"611200\": { 名称: 乙, 上级: \"610100\" }".into();
    assert!(Library::from_files(all).unwrap_err().0[0].text.zh.contains("绕成一圈"));
}

#[test]
fn examples_are_refused_in_earnest_and_can_be_left_out() {
    let faults = shipped().refuse_examples().unwrap_err().0;
    assert!(faults.iter().any(|it| it.file.contains("tier.yaml") && 0 < it.line));
    let earnest = shipped().clone().without_examples();
    assert_eq!(earnest.refuse_examples(), Ok(()));
    assert!(earnest.at(region("500000"), day("2026-01-01")).read(|it| &it.tier.names).is_err());
    assert!(earnest.at(region("500000"), day("2026-01-01")).read(|it| &it.ltci.lowest_grade).is_ok());
}

#[test]
fn the_digest_changes_with_the_smallest_change_and_not_with_prose() {
    let digest = |path: &str, text: &str| library(path, text).unwrap().digest().to_owned();
    let good = lowest(&value("2020-01-01", "值: 3"));
    let one = digest("500000-chongqing/ltci.yaml", &good);
    assert_eq!(one, digest("500000-chongqing/ltci.yaml", &good));
    assert_ne!(one, digest("500000-chongqing/ltci.yaml", &good.replace("值: 3", "值: 2")));
    assert_ne!(one, digest("000000-national/ltci.yaml", &good));
    assert_eq!(digest("README.md", "甲"), digest("README.md", "乙"));
}

#[test]
fn an_edition_once_used_never_changes() {
    let path = "instruments/barthel.yaml";
    let text =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy").join(path)).unwrap();
    let text = text.replace("wst-431-2023", "law");
    let layers = |other: String| Library::from_layers(vec![files(path, &text), vec![(path.to_owned(), other)]]);
    assert_eq!(layers(text.clone()).unwrap().instruments().len(), 1);
    assert!(layers(text.replace("到: 60", "到: 59")).is_err());
    assert!(layers(text.replace("轻度依赖", "轻度")).unwrap_err().0[0].text.zh.contains("须另立版本"));
    let renewed = layers(text.replace("版本: \"2023\"", "版本: \"2030\"")).unwrap();
    assert_eq!(renewed.instrument("barthel").unwrap().edition, "2030");
    assert!(renewed.instrument_edition("BARTHEL", "2023").is_some());
}

#[test]
fn everything_can_be_looked_at_as_of_any_day() {
    let now = shipped().prevailing(region("500103"), day("2026-01-01"));
    let params: usize = shipped().topics().iter().map(|it| it.params.len()).sum();
    assert_eq!(now.len(), params);
    let price = now.iter().find(|it| it.param == "项目价格").unwrap().found.as_ref().unwrap();
    assert_eq!(shown(&price.value), "家庭病床巡诊费：5 元");
    let then = shipped().prevailing(region("500103"), day("2020-12-31"));
    assert!(then.iter().find(|it| it.param == "项目价格").unwrap().found.is_err());
    let prices = shipped().at(region("500103"), day("2026-01-01"));
    assert_eq!(prices.read(|it| &it.tariff.prices).unwrap()["家庭病床巡诊费"], Money::from_yuan(5));
    assert!(prices.look_up("ltci", "最高失能等级").is_none());
}

#[test]
fn every_document_cited_is_registered_with_its_title() {
    assert_eq!(shipped().document("nhsa-2021-37").unwrap().number.as_deref(), Some("医保办发〔2021〕37号"));
    assert!(shipped().documents().count() > 40);
}

proptest! {
    /// The value read is the one with the latest start not after the day, whatever the order in the file.
    #[test]
    fn lookup_finds_the_latest_start(starts in proptest::collection::btree_set(0i32..4000, 1..8), on in 0i32..4000, seed in any::<u64>()) {
        let begin = day("2015-01-01");
        let mut lines: Vec<(i32, String)> = starts.iter().map(|it| (*it, value(&begin.add_days(*it).to_string(), &format!("值: {}", it % 6)))).collect();
        lines.sort_by_key(|(start, _)| (*start as u64).wrapping_mul(seed | 1));
        let text = lowest(&lines.into_iter().map(|(_, line)| line).collect::<String>());
        let library = library("500000-chongqing/ltci.yaml", &text).unwrap();
        let expected = starts.iter().rev().find(|it| **it <= on).map(|it| grade((it % 6) as u8));
        let policy = library.at(region("500103"), begin.add_days(on));
        prop_assert_eq!(policy.read(|it| &it.ltci.lowest_grade).ok().copied(), expected);
        let by_name = policy.look_up("ltci", "最低失能等级").unwrap().ok();
        prop_assert_eq!(by_name.map(|it| it.from), starts.iter().rev().find(|it| **it <= on).map(|it| begin.add_days(*it)));
    }

    #[test]
    fn no_file_makes_the_library_panic(text in "\\PC{0,200}") {
        let _ = library("500000-chongqing/ltci.yaml", &text);
        let _ = library("instruments/x.yaml", &text);
        let _ = library("sources.yaml", &text);
        let _ = library("000000-national/holidays.yaml", &text);
    }
}

/// Each slip by what is written and the place and words of what is said about it.
#[test]
fn the_slips_of_a_chinese_keyboard_are_named_where_they_stand() {
    let good = lowest(&value("2025-04-27", "值: 2"));
    assert!(library("500000-x/ltci.yaml", &good).is_ok());
    for (right, wrong, place, said) in [
        ("值: 2", "值：2", "4:24", "全角"),
        ("最低失能等级:", "最低失能等级：", "1:7", "全角"),
        ("  取值:", "\t取值:", "3:1", "制表符"),
        ("law,", "law，", "4:43", "全角"),
        ("  说明: 最低", "  说明:最低", "2:5", "空一格"),
        ("值: 2", "值: 二", "4:27", "整数"),
        ("值: 2", "值: 2, 值: 3", "4:30", "写了两次"),
        ("值: 2", "值: 2, 状态: 实行", "4:34", "可以选的有"),
        ("2025-04-27", "2025-02-30", "4:12", "日历"),
    ] {
        let faults = library("500000-x/ltci.yaml", &good.replacen(right, wrong, 1)).unwrap_err().to_string();
        assert!(
            faults.starts_with(&format!("500000-x/ltci.yaml:{place}: ")) && faults.contains(said),
            "{wrong}: {faults}"
        );
    }
}

#[test]
fn one_topic_of_one_region_stands_in_one_file() {
    let text = lowest(&value("2025-04-27", "值: 2"));
    let mut two = files("500000-x/ltci.yaml", &text);
    two.push(("500000-y/ltci.yaml".to_owned(), text));
    let faults = Library::from_files(two).unwrap_err().to_string();
    assert!(faults.contains("500000-y/ltci.yaml: 与 500000-x/ltci.yaml"), "{faults}");
}
