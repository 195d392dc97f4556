//! The command `import` as people and programs call it: into a data folder that does not exist yet.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

fn import(folder: &Path, file: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["import", "elders", file, "--data-dir", "data"]).args(more).current_dir(folder).env_remove("LANG");
    command.env("RUST_LOG", "error").output().unwrap()
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn counts(answer: &Value) -> [u64; 4] {
    let refused = answer["refused"].as_array().unwrap().len() as u64;
    let n = |name: &str| answer[name].as_u64().unwrap();
    [n("accepted"), n("same_person_again"), n("unchanged"), refused]
}

#[test]
fn the_township_ledger_comes_in_once_and_changes_nothing_again() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/sheets");
    let Ok(expected) = fs::read_to_string(source.join("township_ledger.expect.json")) else {
        println!("skipped: {} is not here", source.display());
        return;
    };
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::copy(source.join("township_ledger.xlsx"), folder.path().join("台账.xlsx")).unwrap();
    let dry = json_of(&import(folder.path(), "台账.xlsx", &["--dry-run", "--format", "json"]));
    let first = json_of(&import(folder.path(), "台账.xlsx", &[]));
    assert_eq!(dry, first);
    assert_eq!(counts(&first), [287, 3, 0, 10]);
    for list in ["refused", "warnings"] {
        let bare = |it: &Value| json!({"row": it["row"], "reason": it["reason"]});
        let found: Vec<Value> = first[list].as_array().unwrap().iter().map(bare).collect();
        assert_eq!(Value::Array(found), expected[list], "{list}");
    }
    assert_eq!(counts(&json_of(&import(folder.path(), "台账.xlsx", &[]))), [0, 3, 287, 10]);
    let errors = json_of(&import(folder.path(), "台账.xlsx.errors.xlsx", &["--dry-run"]));
    assert_eq!(counts(&errors), [0, 0, 0, 10]);
}

#[test]
fn a_place_can_be_named_and_one_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "姓名,出生日期\n王桂芳,1944\n").unwrap();
    let refused = import(folder.path(), "a.csv", &["--place", "123"]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    let named = import(folder.path(), "a.csv", &["--place", "500101", "--format", "text"]);
    assert!(named.status.success());
    assert!(String::from_utf8_lossy(&named.stdout).contains("导入 1 人"));
    assert_eq!(counts(&json_of(&import(folder.path(), "a.csv", &[]))), [0, 0, 1, 0], "the county in use is taken");
    assert!(!folder.path().join("a.csv.errors.xlsx").exists());
}

#[test]
fn a_file_that_is_no_table_is_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.xlsx"), "no table").unwrap();
    let refused = import(folder.path(), "a.xlsx", &[]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a.xlsx"));
    assert!(!import(folder.path(), "missing.xlsx", &[]).status.success());
}
