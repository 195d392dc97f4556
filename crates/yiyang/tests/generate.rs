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
}

#[test]
fn mianyang_has_its_people_of_60_and_of_65_each_on_the_day_of_its_figure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", "mianyang", "--scale", "0.0002", "--data-dir", data]);
    assert_eq!(indicator(data, "510700", "2016-12-31", "elders_60")["numerator"], 240);
    assert_eq!(indicator(data, "510700", "2017-06-30", "elders_65")["numerator"], 110);
}
