//! A month of claims settled by the command, and computed again by another program from the exported files.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

const COUNTY: &str = "211102";
const MONTH: &str = "2026-03";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn done(command: &mut Command) -> Output {
    let output = command.env("RUST_LOG", "error").env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn yiyang(arguments: &[&str]) -> Output {
    done(Command::new(env!("CARGO_BIN_EXE_yiyang")).args(arguments))
}

fn settle(data: &str, more: &[&str]) -> Value {
    let config = format!("{data}/yiyang.toml");
    let mut arguments = vec![
        "settle",
        "--region",
        COUNTY,
        "--month",
        MONTH,
        "--config",
        &config,
        "--data-dir",
        data,
        "--format",
        "json",
    ];
    arguments.extend(more);
    serde_json::from_slice::<Value>(&yiyang(&arguments).stdout).unwrap()[0].clone()
}

fn recompute(folder: &Path) -> Output {
    Command::new("python3").arg(root().join("crates/yiyang/tests/recompute_ltci.py")).arg(folder).output().unwrap()
}

#[test]
fn a_settled_month_is_computed_again_from_its_files_to_the_fen() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    yiyang(&["generate", "--profile", "panjin", "--scale", "0.002", "--data-dir", data]);
    fs::write(folder.path().join("yiyang.toml"), "demo = true\n").unwrap();
    let database = format!("{data}/yiyang.db");
    let fill = ["fill", &database, COUNTY, MONTH, "100", "30", "7"];
    done(Command::new("python3").arg(root().join("benches/ltci.py")).args(fill));

    let tried = settle(data, &["--dry-run"]);
    assert_eq!(tried["settlement"], Value::Null, "a dry run writes nothing");
    let totals = &tried["totals"];
    let fen = |name: &str| totals[name].as_i64().unwrap();
    assert_eq!(fen("claimed"), fen("fund") + fen("person") + fen("provider") + fen("pending"));
    assert!(0 < fen("fund") && 0 < fen("person") && 0 < fen("provider"), "{totals}");

    let first = settle(data, &[]);
    let second = settle(data, &[]);
    assert_eq!(first, second, "the same day, the same facts, the same draft");
    assert_eq!((&first["digest"], &first["totals"]), (&tried["digest"], &tried["totals"]));

    let out = folder.path().join("out");
    settle(data, &["--export", out.to_str().unwrap()]);
    let again = recompute(&out);
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success(), "{said} {}", String::from_utf8_lossy(&again.stderr));
    assert!(said.starts_with(&format!("{} lines", fen("lines"))), "{said}");

    let files: Vec<Vec<u8>> = ["claims.csv", "verdicts.csv"].iter().map(|it| fs::read(out.join(it)).unwrap()).collect();
    settle(data, &["--export", out.to_str().unwrap()]);
    assert_eq!(fs::read(out.join("claims.csv")).unwrap(), files[0]);

    // One fen moved from the fund to the person is found.
    let verdicts = String::from_utf8(files[1].clone()).unwrap();
    let row = verdicts.lines().find(|it| !it.starts_with("line") && it.split(',').nth(1) != Some("0")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let moved = |at: usize, by: i64| (cells[at].parse::<i64>().unwrap() + by).to_string();
    let other = [&[cells[0], &moved(1, -1), &moved(2, 1)], &cells[3..]].concat().join(",");
    fs::write(out.join("verdicts.csv"), verdicts.replace(row, &other)).unwrap();
    let wrong = recompute(&out);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stdout).contains("1 differ"));
}

#[test]
fn a_place_that_is_no_county_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["settle", "--region", "999999", "--month", MONTH, "--data-dir", data]).env("RUST_LOG", "error");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("999999"), "{told}");
}
