//! `yiyang policy explain` beside a database with one decision.

use std::{path::Path, process::Command};

use app::policy::{About, decide};
use kit::{Ask, Id, Scope, Who, config::Config, place};
use serde_json::{Value, json};

const REGION: &str = "500101";

/// A data folder with one decision by a folder in which the lowest grade was another; gives the decision's id.
async fn with_decision(data_dir: &Path) -> Id {
    let config = Config { data_dir: data_dir.to_path_buf(), ..Config::default() };
    let app = app::start::start(config).await.expect("an application starts");
    let scope = Scope::of(&app.places.tree(), place::NATION);
    let ask = Ask::of(&app, Who::system(scope), app.clock.now());
    ask.write(|tx, ask| {
        let policy = ask.app.policy.at(REGION.parse().expect("a region"), "2025-06-01".parse().expect("a day"));
        policy.read(|it| &it.ltci.lowest_grade).expect("a grade is laid down");
        let about = About {
            region: REGION,
            place: REGION,
            organisation: None,
            person: None,
            subject: "elders",
            subject_id: Id(1),
            link: "/elders",
            topic: "ltci",
        };
        let mut decision = policy.decided(json!("符合"));
        decision.because[0].value = json!(3);
        decision.policy_digest = "0".repeat(64);
        decide(tx, ask, &about, &decision)
    })
    .await
    .expect("the decision is kept")
}

fn explain(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_yiyang"))
        .args(["policy", "explain"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .env_remove("LANG")
        .output()
        .expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained_and_what_differs_by_now_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let id = with_decision(folder.path()).await;
    let (data_dir, key) = (folder.path().to_string_lossy().into_owned(), format!("{REGION}-{id}"));
    let (done, said, _) = explain(&[&key, "--data-dir", &data_dir]);
    assert!(done && said.contains("最低失能等级＝3") && said.contains("渝卫答复函〔2025〕77号"), "{said}");
    assert!(said.contains("应当重办") && said.contains("最低失能等级: 3 → 最低失能等级＝2"), "{said}");
    let (done, said, _) = explain(&["--changed", "--data-dir", &data_dir, "--format", "json"]);
    let found: Value = serde_json::from_str(&said).expect("output is JSON");
    assert!(done && found["total"] == 1 && found["decisions"][0]["decision"]["key"] == key, "{said}");
}

#[test]
fn a_missing_decision_database_or_id_is_said_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().to_string_lossy().into_owned();
    let (done, _, said) = explain(&["500101-1", "--data-dir", &data_dir]);
    assert!(!done && said.contains("--data-dir"), "{said}");
    assert!(!explain(&[]).0);
}
