//! Prices and bills: the parts of a bill add up whatever is billed, price lists are read strictly, the nearest price holds.

use proptest::prelude::*;
use rules::{
    base::{Date, Money, Rate, YesNo},
    policy::{Faults, Library},
    tariff::{At, Class, Costs, Level, Line, Owner, Payer, Price, Split, pick, split, visit_fee},
};

use crate::policy::shipped;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const HEAD: &str = "编码,名称,单位,类别,医保类别,机构等级,机构性质,价格,起,文件,状态";

fn files(rows: &str) -> Vec<(String, String)> {
    [
        ("sources.yaml", "- { 编号: law, 标题: 法, 英文: Law, 发文机关: 某机关, 核实: 原文 }"),
        ("regions.yaml", "\"000000\": { 名称: 全国 }\n\"500000\": { 名称: 重庆市 }"),
        ("500000-chongqing/tariff-items.csv", &format!("{HEAD}\n{rows}")),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .to_vec()
}

fn library(rows: &str) -> Result<Library, Faults> {
    Library::from_files(files(rows))
}

fn price(library: &Library, code: &str, level: Option<Level>, on: &str) -> Option<Money> {
    let policy = library.at("500103".parse().unwrap(), day(on));
    policy.price(code, level, Some(Owner::Public)).ok().and_then(|it| it.1.price)
}

#[test]
fn a_price_holds_from_its_day_until_the_next_and_an_empty_one_ends_it() {
    let rows = "A,甲,次,医疗服务,甲,,,10 元,2020-01-01,law,\nA,甲,次,医疗服务,甲,,,12 元,2022-01-01,law,\nA,甲,次,医疗服务,甲,,,,2024-01-01,law,";
    let library = library(rows).unwrap();
    let on = |day: &str| price(&library, "A", None, day).map(Money::fen);
    assert_eq!((on("2019-12-31"), on("2020-01-01"), on("2021-12-31")), (None, Some(1000), Some(1000)));
    assert_eq!((on("2022-01-01"), on("2023-12-31"), on("2024-01-01")), (Some(1200), Some(1200), None));
}

#[test]
fn the_price_of_the_own_level_comes_before_one_for_all_and_an_announced_one_never_holds() {
    let rows = "A,甲,次,医疗服务,甲,,,10 元,2022-01-01,law,\nA,甲,次,医疗服务,甲,二级,,8 元,2020-01-01,law,\nA,甲,次,医疗服务,甲,二级,,99 元,2023-01-01,law,拟行";
    let library = library(rows).unwrap();
    assert_eq!(price(&library, "A", Some(Level::Two), "2025-01-01"), Some(Money::from_yuan(8)));
    assert_eq!(price(&library, "A", Some(Level::One), "2025-01-01"), Some(Money::from_yuan(10)));
    assert_eq!(price(&library, "A", None, "2025-01-01"), Some(Money::from_yuan(10)));
    assert_eq!(price(&library, "B", None, "2025-01-01"), None);
}

#[test]
fn a_fault_of_a_price_list_names_its_line_and_all_are_told_at_once() {
    for (row, said) in [
        ("A,甲,次,医疗服务,丁,,,1 元,2020-01-01,law,", "“丁”不是可以选的词；可以选的有：甲、乙、丙"),
        ("A,甲,次,医疗服务,甲,,,1元钱,2020-01-01,law,", "金额“1元钱”应写作"),
        ("A,甲,次,医疗服务,甲,,,-1 元,2020-01-01,law,", "价格不能小于零"),
        ("A,甲,次,医疗服务,甲,,,1 元,2020-02-30,law,", "日历上有的一天"),
        ("A,甲,次,医疗服务,甲,,,1 元,2020-01-01,,", "没有依据"),
        ("A,甲,次,医疗服务,甲,,,1 元,2020-01-01,bill,", "没有编号“bill”的文件"),
        (",甲,次,医疗服务,甲,,,1 元,2020-01-01,law,", "“编码”没有填写"),
        ("A,甲,次,医疗服务,甲,四级,,1 元,2020-01-01,law,", "“四级”不是可以选的词"),
        ("A,甲,次,医疗服务,甲,,,1 元,2020-01-01,law,试行", "“试行”不是可以选的词"),
    ] {
        let rows = format!("B,乙,次,医疗服务,甲,,,1 元,2020-01-01,law,\n{row}");
        let fault = library(&rows).unwrap_err().0.remove(0);
        assert_eq!((&*fault.file, fault.line), ("500000-chongqing/tariff-items.csv", 3), "{row}");
        assert!(fault.text.zh.contains(said), "{}", fault.text.zh);
    }
    let twice = "A,甲,次,医疗服务,甲,,,1 元,2020-01-01,law,\nA,甲,次,医疗服务,甲,,,2 元,2020-01-01,law,";
    assert!(library(twice).unwrap_err().to_string().contains("写了两次"));
    assert_eq!(library("A,甲,次,医疗服务,丁,,,1 元,2020-01-01,law,\n,,,,,,,,,,").unwrap_err().0.len(), 2);
    assert!(library("A,\"甲,乙\",次,医疗服务,甲,,,1 元,2020-01-01,law,").is_ok(), "quotes hold commas");
}

#[test]
fn the_price_list_is_part_of_the_digest_and_its_examples_are_refused_in_earnest() {
    let row = |price: &str| format!("A,甲,次,医疗服务,甲,,,{price} 元,2020-01-01,,示例");
    let (one, other) = (library(&row("1")).unwrap(), library(&row("2")).unwrap());
    assert_ne!(one.digest(), other.digest());
    assert!(one.refuse_examples().unwrap_err().to_string().contains("tariff-items.csv:2"));
    let earnest = one.without_examples();
    assert_eq!(earnest.refuse_examples(), Ok(()));
    assert_eq!(price(&earnest, "A", None, "2025-01-01"), None);
}

#[test]
fn an_upper_folder_replaces_the_items_it_names_and_leaves_the_others() {
    let below = files("A,甲,次,医疗服务,甲,,,1 元,2020-01-01,law,\nB,乙,次,医疗服务,甲,,,2 元,2020-01-01,law,");
    let above = format!("{HEAD}\nA,甲,次,医疗服务,甲,,,9 元,2021-01-01,law,");
    let above = vec![("500000-chongqing/tariff-items.csv".to_owned(), above)];
    let library = Library::from_layers(vec![below, above]).unwrap();
    assert_eq!(price(&library, "A", None, "2020-06-01"), None, "the item is replaced as a whole");
    assert_eq!(price(&library, "A", None, "2021-06-01"), Some(Money::from_yuan(9)));
    assert_eq!(price(&library, "B", None, "2021-06-01"), Some(Money::from_yuan(2)));
}

#[test]
fn a_county_has_the_items_of_all_above_each_once() {
    let policy = shipped().at("500103".parse().unwrap(), day("2026-01-01"));
    let all = policy.price_list(Some(Level::Two), Some(Owner::Public));
    let round: Vec<_> = all.iter().filter(|it| it.1.code == "130600002").collect();
    assert_eq!(
        (round.len(), round[0].0.to_string(), round[0].1.price),
        (1, "500000".into(), Some(Money::from_yuan(5)))
    );
    assert!(10 < all.len());
}

fn payers() -> impl Strategy<Value = Option<Payer>> {
    proptest::sample::select(vec![
        None,
        Some(Payer::FamilyDoctorContract),
        Some(Payer::Ltci),
        Some(Payer::PublicHealth),
        Some(Payer::MedicalInsurance),
    ])
}

fn lines() -> impl Strategy<Value = Line> {
    let class = proptest::sample::select(vec![Class::A, Class::B, Class::C]);
    (0i64..100_000_000, 0u16..1000, class, payers(), any::<bool>()).prop_map(
        |(fen, quantity, class, paid_by, insured)| Line {
            price: Money::from_fen(fen),
            quantity,
            class,
            paid_by,
            insured: YesNo::from(insured),
        },
    )
}

proptest! {
    /// Parts add up to their line, lines to the total, and nobody pays less than nothing.
    #[test]
    fn every_bill_adds_up(lines in proptest::collection::vec(lines(), 0..12)) {
        let policy = shipped().at("500103".parse().unwrap(), day("2026-01-01"));
        let splits: Vec<Split> = lines.iter().map(|it| split(it, &policy).unwrap()).collect();
        for (line, it) in lines.iter().zip(&splits) {
            prop_assert_eq!(Some(it.amount), line.price.times(i64::from(line.quantity)));
            prop_assert_eq!(it.parts(), it.amount);
            for part in [it.insurance, it.ltci, it.package, it.public_health, it.person] {
                prop_assert!(Money::ZERO <= part);
            }
            prop_assert!(line.paid_by.is_none() || it.person == Money::ZERO, "nothing paid already is charged again");
            prop_assert_eq!(*it + it.taken_back(), Split::default());
        }
        let total: Split = splits.iter().copied().sum();
        prop_assert_eq!(total.amount, splits.iter().map(|it| it.amount).sum());
        prop_assert_eq!(total.parts(), total.amount);
    }

    /// The proposed fee grows with whatever it is made of.
    #[test]
    fn a_visit_that_costs_more_is_never_proposed_for_less(radius_km in 0u16..50, minutes in 0u16..300, persons in 1u16..5, hourly in 0i64..100_000, per_km in 0i64..1000, percent in 50i64..200) {
        let costs = Costs { radius_km, minutes, persons, hourly: Money::from_fen(hourly), per_km: Money::from_fen(per_km), demand: Rate::from_millionths(percent * 10_000) };
        let fee = visit_fee(&costs).proposed;
        prop_assert!(Money::ZERO <= fee);
        for more in [Costs { radius_km: radius_km + 1, ..costs }, Costs { minutes: minutes + 1, ..costs }, Costs { persons: persons + 1, ..costs }] {
            prop_assert!(fee <= visit_fee(&more).proposed);
        }
    }

    /// Whatever prices there are, the one picked has begun, fits, and none that fits better or is newer was passed over.
    #[test]
    fn the_price_picked_is_the_nearest_and_newest(rows in proptest::collection::vec((0i32..1000, 0usize..3, 0usize..3), 1..12), on in 0i32..1000) {
        let begin = day("2020-01-01");
        let levels = [None, Some(Level::One), Some(Level::Two)];
        let owners = [None, Some(Owner::Public), Some(Owner::Private)];
        let text: String = rows.iter().collect::<std::collections::BTreeSet<_>>().into_iter().map(|(from, level, owner)| {
            let (level, owner) = (levels[*level].map_or("", Level::title), owners[*owner].map_or("", Owner::title));
            format!("A,甲,次,医疗服务,甲,{level},{owner},{from} 元,{},law,\n", begin.add_days(*from))
        }).collect();
        let library = library(&text).unwrap();
        let policy = library.at("500103".parse().unwrap(), begin.add_days(on));
        let got = policy.price("A", Some(Level::Two), Some(Owner::Public)).ok().map(|it| it.1.clone());
        let fitting = rows.iter().filter(|it| it.0 <= on && matches!(it.1, 0 | 2) && matches!(it.2, 0 | 1));
        let best = fitting.max_by_key(|it| (it.1 == 2, it.2 == 1, it.0));
        prop_assert_eq!(got.as_ref().map(|it| it.from), best.map(|it| begin.add_days(it.0)));
        let at = At { level: Some(Level::Two), owner: Some(Owner::Public), day: begin.add_days(on) };
        let again: Option<&Price> = pick(got.as_ref(), "A", at);
        prop_assert_eq!(again, got.as_ref());
    }
}
