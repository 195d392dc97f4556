//! The commands `score` and `policy` as people and programs call them.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(arguments).current_dir(root()).env_remove("LANG");
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the command starts")
}

fn run_with(arguments: &[&str], input: &str) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the command reads");
    child.wait_with_output().expect("the command ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

const SELF_CARE: &str = r#"{"answers": {"eat": 3, "wash": 3, "dress": 3, "toilet": 5, "move": 5}}"#;

#[test]
fn score_reads_standard_input_and_prints_json() {
    let scored = json_of(&run_with(&["score", "phs-selfcare"], SELF_CARE));
    assert_eq!(scored["instrument"], "phs-selfcare");
    assert_eq!(scored["totals"], json!({ "total": 19 }));
    assert_eq!(scored["level"], json!({ "code": 3, "name": "不能自理" }));
    assert!(!scored["reasons"].as_array().expect("a list").is_empty());
}

#[test]
fn score_reads_a_file_and_takes_ids_in_any_case() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("answers.json");
    fs::write(&file, r#"{"answers": {"1": 50}, "facts": {}}"#).expect("written");
    let scored = json_of(&run(&["score", "KPS", "--answers", file.to_str().expect("a path"), "--format", "json"]));
    assert_eq!(scored["level"]["name"], "半自理");
}

#[test]
fn score_refuses_a_missing_answer_in_the_language_of_the_reader() {
    let sheet = r#"{"answers": {"eat": 0, "wash": 0, "dress": 0, "toilet": 0}}"#;
    let chinese = run_with(&["score", "phs-selfcare", "--answers", "-"], sheet);
    assert!(!chinese.status.success() && chinese.stdout.is_empty());
    assert_eq!(text(&chinese.stderr).trim(), "条目“活动”（move）没有作答；可填 0、1、5、10");
    let mut english = command(&["score", "phs-selfcare", "--answers", "/dev/null"]);
    let english = english.env("LANG", "en_US.UTF-8").output().expect("the command starts");
    assert!(!english.status.success() && text(&english.stderr).starts_with("/dev/null should be JSON"));
}

#[test]
fn score_refuses_a_number_that_is_written_as_text() {
    let quoted = run_with(&["score", "phs-selfcare"], &SELF_CARE.replace(r#""move": 5"#, r#""move": "5""#));
    assert!(!quoted.status.success() && quoted.stdout.is_empty());
    assert_eq!(text(&quoted.stderr).trim(), "条目“活动”（move）不能填“\"5\"”；可填 0、1、5、10");
}

#[test]
fn score_refuses_a_sheet_of_another_shape() {
    for sheet in [
        "",
        "[]",
        r#"{"answer": {}}"#,
        r#"{"answers": {}, "facts": {}, "day": 1}"#,
        r#"{"answers": {"eat": 0, "eat": 3}}"#,
    ] {
        assert!(!run_with(&["score", "phs-selfcare"], sheet).status.success(), "{sheet}");
    }
    let unknown = run_with(&["score", "moca"], SELF_CARE);
    assert!(text(&unknown.stderr).contains("没有量表“moca”；有：") && text(&unknown.stderr).contains("ltc-2021"));
}

#[test]
fn score_in_words_explains_each_step() {
    let mut command = command(&["score", "phs-selfcare", "--format", "text"]);
    let mut child = command.env("LANG", "en_GB").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("piped").write_all(SELF_CARE.as_bytes()).expect("reads");
    let said = text(&child.wait_with_output().expect("ends").stdout);
    assert!(said.contains("3  unable to care for oneself") && said.contains("Eating 3 + Washing 3"));
}

#[test]
fn policy_check_counts_what_is_there() {
    let counted = json_of(&run(&["policy", "check", "--format", "json"]));
    assert_eq!(counted["digest"].as_str().map(str::len), Some(64));
    assert!(27 <= counted["instruments"].as_u64().expect("a number"));
    assert!(!run(&["policy", "check", "--production"]).status.success(), "the shipped folder has examples");
}

#[test]
fn policy_check_points_at_the_fault() {
    let dir = tempfile::tempdir().expect("a folder");
    let region = dir.path().join("500000-chongqing");
    fs::create_dir(&region).expect("made");
    fs::write(region.join("ltci.yaml"), "最低等级:\n  说明: 错字\n").expect("written");
    let checked = run(&["policy", "check", "--policy", "policy", "--policy", dir.path().to_str().expect("a path")]);
    assert!(!checked.status.success());
    assert!(
        text(&checked.stderr).starts_with("500000-chongqing/ltci.yaml:1:1: 没有“最低等级”这一项"),
        "{}",
        text(&checked.stderr)
    );
}

#[test]
fn policy_show_gives_value_and_document() {
    let shown = json_of(&run(&[
        "policy",
        "show",
        "ltci/最低失能等级",
        "--region",
        "500103",
        "--on",
        "2025-06-01",
        "--format",
        "json",
    ]));
    assert_eq!(
        (&shown["value"], &shown["region"], &shown["from"]),
        (&json!(2), &json!("500000"), &json!("2025-04-27"))
    );
    assert_eq!(shown["source"]["number"], "渝卫答复函〔2025〕77号");
    let said = run(&["policy", "show", "supervision/双随机抽查比例", "--region", "610113", "--on", "2025-06-01"]);
    assert!(
        text(&said.stdout).contains("值: 3%")
            && text(&said.stdout).contains("依据: 西安市进一步推进医养结合发展实施方案")
    );
}

#[test]
fn policy_show_says_when_nothing_is_in_force() {
    let none = run(&["policy", "show", "ltci/最低失能等级", "--region", "500103", "--on", "2025-04-26"]);
    assert!(!none.status.success() && none.stdout.is_empty());
    assert!(text(&none.stderr).contains("本地当日没有在行政策"));
    let unknown = run(&["policy", "show", "ltci/最高", "--region", "500103", "--on", "2025-04-26"]);
    assert!(text(&unknown.stderr).contains("ltci/最低失能等级"));
    assert!(!run(&["policy", "show", "ltci/最低失能等级", "--region", "5001", "--on", "2025-04-26"]).status.success());
    assert!(
        !run(&["policy", "show", "ltci/最低失能等级", "--region", "500103", "--on", "2025-02-30"]).status.success()
    );
}

#[test]
fn policy_test_runs_all_cases_or_the_files_named() {
    let all = json_of(&run(&["policy", "test", "--format", "json"]));
    assert_eq!(all["failed"], json!([]));
    let one = json_of(&run(&[
        "policy",
        "test",
        "policy/500000-chongqing/ltci.cases.yaml",
        "policy/instruments/barthel.cases.yaml",
        "--format",
        "json",
    ]));
    assert!(one["passed"].as_u64() < all["passed"].as_u64() && 10 < one["passed"].as_u64().expect("a number"));
}

#[test]
fn policy_test_prints_expected_got_and_reasons_of_a_failing_case() {
    let dir = tempfile::tempdir().expect("a folder");
    let region = dir.path().join("500000-chongqing");
    fs::create_dir(&region).expect("made");
    let file = region.join("ltci.cases.yaml");
    let case = "长护险资格:\n  - { 名称: 错的, 日期: 2025-05-01, 已知: { 参保: 是, 失能等级: 1, 服务方式: 居家组合护理 }, 应得: { 资格: 是 } }\n";
    fs::write(&file, case).expect("written");
    let tested = run(&["policy", "test", file.to_str().expect("a path")]);
    assert!(!tested.status.success());
    let said = text(&tested.stderr);
    for words in ["长护险资格：错的", "应得", "实得", "最低失能等级＝2", "0 个算例符合，1 个不符"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!run(&["policy", "test", "/nowhere/x.cases.yaml"]).status.success());
}

#[test]
fn without_a_folder_the_policy_built_in_is_used() {
    let dir = tempfile::tempdir().expect("a folder");
    let elsewhere = command(&["policy", "check", "--format", "json"]).current_dir(dir.path()).output().expect("starts");
    let here = json_of(&run(&["policy", "check", "--format", "json"]));
    assert_eq!(json_of(&elsewhere)["digest"], here["digest"]);
}

#[test]
fn help_speaks_chinese_and_english() {
    let chinese = text(&run(&["--help"]).stdout);
    assert!(chinese.contains("给一份评估量表计分") && chinese.contains("用法: yiyang"));
    assert!(!chinese.contains("Usage") && !chinese.contains("Print help"), "{chinese}");
    let english = command(&["policy", "show", "--help"]).env("LANG", "en_US.UTF-8").output().expect("starts");
    assert!(text(&english.stdout).contains("One value in force") && !text(&english.stdout).contains("某地某日"));
}
