//! A generated city whose published figures come out of the indicators.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

use std::process::{Command, Output};

use serde_json::Value;

fn yiyang(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_yiyang"))
        .args(arguments)
        .env("RUST_LOG", "error")
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The indicator of a region on a day.
fn indicator(data: &str, region: &str, on: &str, id: &str) -> Value {
    let output =
        yiyang(&["indicators", "--region", region, "--on", on, "--id", id, "--format", "json", "--data-dir", data]);
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    all[0].clone()
}

/// Who is signed of those of 65 and more.
fn signed(data: &str, region: &str, on: &str) -> (i64, i64) {
    let it = indicator(data, region, on, "sign_rate");
    (it["numerator"].as_i64().unwrap(), it["denominator"].as_i64().unwrap())
}

#[test]
fn jilin_at_a_two_thousandth_has_the_elders_of_its_document_to_rounding() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", "jilin", "--scale", "0.0005", "--data-dir", data]);
    let elders = indicator(data, "220200", "2019-12-31", "elders_65");
    assert_eq!((elders["numerator"].as_i64(), elders["unit"].as_str()), (Some(263), Some("人")));
    assert_eq!(elders["on"], "2019-12-31");
    let before = indicator(data, "220200", "2014-12-31", "elders_65");
    assert_eq!(before["numerator"], 0, "no record is older than five years");
    assert_eq!(signed(data, "220200", "2019-12-31"), (181, 263), "36.2 of 52.6 ten thousands");
    let poor = indicator(data, "220200", "2019-12-31", "poor_sign");
    assert!(
        poor["numerator"].as_i64() > Some(0) && poor["numerator"] == poor["denominator"],
        "all poor elders: {poor}"
    );
    assert_eq!(indicator(data, "220200", "2020-12-31", "sign_rate")["numerator"], 0, "contracts run a year");
}

#[test]
fn mianyang_has_its_people_of_60_and_of_65_each_on_the_day_of_its_figure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", "mianyang", "--scale", "0.0002", "--data-dir", data]);
    assert_eq!(indicator(data, "510700", "2016-12-31", "elders_60")["numerator"], 240);
    assert_eq!(indicator(data, "510700", "2017-06-30", "elders_65")["numerator"], 110);
    assert_eq!(signed(data, "510700", "2017-06-30"), (83, 110), "76 % as the document prints of key groups");
}

#[test]
fn chongqing_has_its_contracts_and_a_team_in_every_county() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", "chongqing", "--scale", "0.00005", "--data-dir", data]);
    // 464 of 588.4 ten thousands.
    assert_eq!(signed(data, "500000", "2024-12-31"), (232, 294));
    assert_eq!(indicator(data, "500000", "2024-12-31", "teams")["numerator"], 38);
}
