//! The doctor says in words what is well and what is not, even where the server would not start.

use app::MIGRATIONS;
use kit::{
    Lang, backup,
    config::Config,
    doctor::{self, Finding, State},
};

use crate::support::{TestApp, on_both};

fn state_of(findings: &[Finding], name: &str) -> Option<State> {
    findings.iter().find(|it| it.name == name).map(|it| it.state)
}

async fn examine(app: &TestApp) -> Vec<Finding> {
    doctor::examine(&app.app.config, MIGRATIONS, app.app.clock.now()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_of_a_fresh_installation_is_looked_at() {
    on_both(async |app| {
        let all = examine(app).await;
        for name in ["keys", "database", "migrations", "audit", "jobs", "events", "messages", "clock", "files", "disk"]
        {
            let wanted = Some(State::Ok);
            assert_eq!(
                state_of(&all, name),
                wanted,
                "{name}: {:?}",
                all.iter().map(|it| it.line(Lang::Zh)).collect::<Vec<_>>()
            );
        }
        assert_eq!(state_of(&all, "administrators"), Some(State::Bad), "nobody could administer it");
        assert_eq!(state_of(&all, "backup"), Some(State::Warn));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_with_what_to_do() {
    on_both(async |app| {
        let now = app.app.clock.now();
        let file = app.folder.path().join("one.yiyang");
        backup::write(&app.app.db, &app.app.files, &app.app.crypt, &file, now).await.unwrap();
        assert_eq!(state_of(&examine(app).await, "backup"), Some(State::Ok));
        let old = app.stamp_in(-3 * 86_400);
        app.run(&format!("update setting set value = '{old}' where name = 'backup_last'")).await;
        app.run("update audit set detail = 'x'").await;
        let event =
            "insert into event (id, region, kind, body, at, error) values (1, '990101', 'x', '{}', '2020', 'deaf')";
        app.run(event).await;
        let all = examine(app).await;
        assert_eq!(state_of(&all, "backup"), Some(State::Warn));
        assert_eq!(state_of(&all, "audit"), Some(State::Bad));
        assert_eq!(state_of(&all, "events"), Some(State::Bad));
        assert_eq!(doctor::worst(&all), State::Bad);
        let lines: Vec<String> = all.iter().map(|it| it.line(Lang::Zh)).collect();
        assert!(lines.iter().any(|it| it.contains("审计链断裂") && it.contains("yiyang audit verify")), "{lines:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_that_cannot_start_is_examined_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: folder.path().to_path_buf(),
        database_url: "postgres://nobody@127.0.0.1:1/none".into(),
        ..Config::default()
    };
    let all = doctor::examine(&config, MIGRATIONS, kit::clock::Clock::default().now()).await;
    assert_eq!(state_of(&all, "keys"), Some(State::Bad));
    assert_eq!(state_of(&all, "database"), Some(State::Bad));
}
