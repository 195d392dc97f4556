//! What the five documents print, against the indicators of the city generated from them: small in every run, whole where
//! `cargo test --release -p yiyang --test published -- --ignored --nocapture` is asked for. Each prints what it compared.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// One printed figure.
struct Printed {
    /// Its number in the list of figures.
    fact: &'static str,
    region: &'static str,
    on: &'static str,
    indicator: &'static str,
    numerator: i64,
    denominator: Option<i64>,
    /// A small city does not have it: every county has a team and every township a health centre, however few live there.
    only_whole: bool,
}

impl Printed {
    const fn only_whole(self) -> Printed {
        Printed { only_whole: true, ..self }
    }
}

const fn number(
    fact: &'static str,
    region: &'static str,
    on: &'static str,
    indicator: &'static str,
    n: i64,
) -> Printed {
    Printed { fact, region, on, indicator, numerator: n, denominator: None, only_whole: false }
}

const fn rate(
    fact: &'static str,
    region: &'static str,
    on: &'static str,
    indicator: &'static str,
    numerator: i64,
    denominator: i64,
) -> Printed {
    Printed { fact, region, on, indicator, numerator, denominator: Some(denominator), only_whole: false }
}

/// 吉市卫议〔2020〕10号.
const JILIN: &[Printed] = &[
    rate("JL-contracts", "220200", "2019-12-31", "sign_rate", 362_000, 526_000),
    rate("JL-health-managed", "220200", "2019-12-31", "elder_hm_rate", 328_879, 526_000),
    number("JL-teams", "220200", "2019-12-31", "teams", 950).only_whole(),
    number("JL-teams, community centres", "220200", "2019-12-31", "community_health_centres", 42).only_whole(),
    number("JL-teams, township centres", "220200", "2019-12-31", "township_health_centres", 97).only_whole(),
    number("JL-institutions", "220200", "2019-12-31", "elderly_institutions", 289),
    rate("JL-integrated", "220200", "2019-12-31", "inst_med_cover", 271, 289),
    rate("JL-integrated, contracted", "220200", "2019-12-31", "contract_share", 243, 289),
    number("JL-integrated, inside", "220200", "2019-12-31", "internal_medical", 22),
];

/// 绵卫函〔2017〕263号.
const MIANYANG: &[Printed] = &[
    number("MY-elders", "510700", "2016-12-31", "elders_60", 1_198_700),
    rate("MY-contracts, key groups", "510700", "2017-06-30", "sign_rate", 415_665, 546_927),
    rate("MY-health-managed", "510700", "2017-06-30", "elder_hm_rate", 376_304, 546_927),
    number("MY-teams", "510700", "2017-06-30", "teams", 1_865),
    number("MY-institutions", "510700", "2016-12-31", "elderly_institutions", 266),
    number("MY-elderly-beds", "510700", "2016-12-31", "elderly_beds", 38_000),
    rate("MY-elderly-beds, a thousand", "510700", "2016-12-31", "beds_per_1000", 38_000, 1_198_700),
    number("MY-medical-institutions", "510700", "2016-12-31", "medical_institutions", 4_364).only_whole(),
    number("MY-geriatric-hospitals", "510700", "2016-12-31", "geriatric_hospitals", 23),
    number("MY-day-care", "510700", "2016-12-31", "day_care_centres", 782),
    number("MY-rural-houses", "510700", "2016-12-31", "mutual_houses", 503),
    number("MY-regional-centres", "510700", "2016-12-31", "regional_centres", 35),
    number("MY-carers", "510700", "2016-12-31", "certified_carers", 456),
    rate("MY-infirmaries", "510700", "2016-12-31", "infirmary_share", 40, 266),
    rate("MY-internal-medical", "510700", "2016-12-31", "internal_medical_share", 10, 266),
    rate("MY-cooperating", "510700", "2016-12-31", "contract_share", 218, 266),
    rate("MY-green-channel", "510700", "2017-06-30", "green_channel", 356, 370).only_whole(),
    rate("MY-youxian", "510704", "2016-12-31", "elders_disabled_share", 16_000, 95_500),
];

/// Liaoning's reply of 2025-05-22 on Panjin; money in fen. The mean of 1,867 yuan is that of 124,263 recipient-months.
const PANJIN: &[Printed] = &[
    number("PJ-insured", "211100", "2024-12-31", "ltci_insured", 571_000),
    number("PJ-recipients", "211100", "2024-12-31", "ltci_recipients", 5_521),
    number("PJ-recipients-ever", "211100", "2024-12-31", "ltci_recipients_ever", 7_952),
    rate("PJ-benefit-mean", "211100", "2024-12-31", "ltci_benefit_mean", 23_200_000_000, 124_263),
    number("PJ-fund, income", "211100", "2024-12-31", "fund_income", 47_500_000_000),
    number("PJ-fund, spending", "211100", "2024-12-31", "fund_spending", 23_200_000_000),
    number("PJ-fund, balance", "211100", "2024-12-31", "fund_balance", 24_300_000_000),
    number("PJ-providers", "211100", "2024-12-31", "ltci_providers", 48).only_whole(),
    number("PJ-carers", "211100", "2024-12-31", "ltci_carers", 2_900).only_whole(),
    number("PJ-insurers", "211100", "2024-12-31", "ltci_insurers", 11).only_whole(),
];

/// Whose whole printed rate is 100 %.
const WHOLE: &[(&str, &str, &str, &str)] = &[
    ("JL-poor-contracts", "220200", "2019-12-31", "poor_sign"),
    ("JL-green-channel", "220200", "2019-12-31", "green_channel"),
];

/// Targets that documents set: of which indicator, at least how much, by when.
const TARGETS: &[(&str, &str, &str, &str, &str)] = &[
    ("XA-centres-target", "610100", "care_centres", "100", "2025-12-31"),
    ("XA-tcm-target", "610100", "tcm_hm_rate", "70%", "2025-12-31"),
    ("XA-geriatrics-target", "610100", "geri_dept", "85%", "2025-12-31"),
    ("XA-training-target", "610100", "geriatric_staff_trained", "150", "2025-12-31"),
    ("CQ-centres-target", "500000", "care_centres", "70", "2027-12-31"),
];

fn yiyang(arguments: &[&str]) -> Vec<u8> {
    let program = std::env::var("YIYANG_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_yiyang").into());
    let output = Command::new(program).args(arguments).env("RUST_LOG", "error").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// All indicators of a region on a day, by id.
fn indicators(data: &str, region: &str, on: &str) -> BTreeMap<String, Value> {
    let text = yiyang(&["indicators", "--region", region, "--on", on, "--format", "json", "--data-dir", data]);
    let all: Vec<Value> = serde_json::from_slice(&text).unwrap();
    all.into_iter().map(|it| (it["id"].as_str().unwrap().to_string(), it)).collect()
}

/// Generates a city and says of each figure what was printed and what came out; gives how many are not as near as `slack`.
fn compare(profile: &str, scale: f64, figures: &[Printed], slack: impl Fn(i64) -> f64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", profile, "--scale", &scale.to_string(), "--data-dir", data]);
    let (mut read, mut wrong) = (BTreeMap::new(), 0);
    let mut found = |region: &'static str, on: &'static str, id: &str| {
        let all = read.entry((region, on)).or_insert_with(|| indicators(data, region, on));
        (all[id]["numerator"].as_i64().unwrap(), all[id]["denominator"].as_i64())
    };
    let is_near = |printed: i64, got: i64| (printed as f64 * scale - got as f64).abs() <= slack(printed);
    let said = |n: i64, of: Option<i64>| of.map_or(n.to_string(), |of| format!("{n}/{of}"));
    for it in figures.iter().filter(|it| scale == 1.0 || !it.only_whole) {
        let (numerator, denominator) = found(it.region, it.on, it.indicator);
        let is_well = is_near(it.numerator, numerator)
            && it.denominator.is_none_or(|printed| denominator.is_some_and(|got| is_near(printed, got)));
        wrong += usize::from(!is_well);
        let got = said(numerator, denominator.filter(|_| it.denominator.is_some()));
        let printed = said(it.numerator, it.denominator);
        let mark = if is_well { "" } else { "  <-- differs" };
        println!("{:<28} {:<24} {printed:>18} × {scale:<6} {got:>18}{mark}", it.fact, it.indicator);
    }
    for (fact, region, on, indicator) in WHOLE.iter().filter(|it| figures.iter().any(|one| one.region == it.1)) {
        let (numerator, denominator) = found(region, on, indicator);
        let is_well = 0 < numerator && denominator == Some(numerator);
        wrong += usize::from(!is_well);
        let mark = if is_well { "" } else { "  <-- differs" };
        println!("{fact:<28} {indicator:<24} {:>18} × {scale:<6} {:>18}{mark}", "100 %", said(numerator, denominator));
    }
    wrong
}

/// To the nearest whole, and where a number is put together of several, of each of them.
fn rounding(_: i64) -> f64 {
    1.5
}

#[test]
fn a_hundredth_of_jilin_has_the_figures_of_its_document_to_rounding() {
    assert_eq!(compare("jilin", 0.01, JILIN, rounding), 0);
}

#[test]
fn a_hundredth_of_mianyang_has_the_figures_of_its_document_to_rounding() {
    assert_eq!(compare("mianyang", 0.01, MIANYANG, rounding), 0);
}

#[test]
fn a_hundredth_of_panjin_has_the_figures_of_its_document_to_rounding() {
    assert_eq!(compare("panjin", 0.01, PANJIN, rounding), 0);
}

#[test]
fn targets_are_those_of_their_documents() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for (fact, region, indicator, at_least, by) in TARGETS {
        let all = indicators(data, region, "2025-06-30");
        let target = &all[*indicator]["target"];
        assert_eq!((target["at_least"].as_str(), target["by"].as_str()), (Some(*at_least), Some(*by)), "{fact}");
    }
}

#[test]
#[ignore = "whole cities: minutes, and a release build"]
fn whole_cities_have_the_figures_of_their_documents_to_the_person() {
    let cities = [("jilin", JILIN), ("mianyang", MIANYANG), ("panjin", PANJIN)];
    let wrong: usize = cities.iter().map(|(city, figures)| compare(city, 1.0, figures, |_| 0.0)).sum();
    assert_eq!(wrong, 0);
}
