//! The command `roads` as people call it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn run(language: &str, arguments: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.arg("roads").args(arguments).env("LANG", language).output().expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// The small extract of the third-party cases; none where they are not beside the repository.
fn extract() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../../../shared", "../../../../shared"].map(|it| here.join(it).join("bench/osm/test.osm.pbf"));
    let found = found.into_iter().find(|it| it.exists());
    if found.is_none() {
        println!("skipped: test.osm.pbf of the third-party cases is not beside the repository");
    }
    found
}

#[test]
fn an_extract_becomes_a_file_that_loads() {
    let Some(extract) = extract() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("roads");
    let told = run("zh", &[&extract, &out]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("output is JSON");
    let kept = fs::read(&out).expect("the file is there");
    assert_eq!(told["bytes"], kept.len());
    let roads = roads::Roads::load(&kept).expect("the file loads");
    assert_eq!((&told["crossings"], &told["pieces"]), (&roads.size().0.into(), &roads.size().1.into()));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_broken_extract_is_refused_in_both_languages_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let (broken, out) = (folder.path().join("broken.osm.pbf"), folder.path().join("roads"));
    fs::write(&broken, [0, 0, 0, 9, 1, 2]).expect("a file");
    let zh = run("zh", &[&broken, &out]);
    assert!(!zh.status.success() && text(&zh.stderr).contains("请重新下载"), "{}", text(&zh.stderr));
    let en = run("en", &[&broken, &out]);
    assert!(text(&en.stderr).contains("the file ends in the middle, after 6 bytes"), "{}", text(&en.stderr));
    assert!(!out.exists());
}
