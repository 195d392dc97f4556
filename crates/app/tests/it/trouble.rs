//! What the machine can do to an installation: each trouble is said in words, nothing is lost, and it goes on afterwards.

use kit::{
    Db,
    config::Config,
    crypt::{Algorithm, Crypt},
    who::Role,
};

use crate::support::{PASSWORD, TestApp, on_both};

/// Why the installation does not start; both languages say it.
async fn refused(config: &Config) -> String {
    let said = app::start::start(config.clone()).await.err().expect("it does not start");
    let english = said.split_whitespace().filter(|it| it.bytes().all(|b| b.is_ascii_alphabetic())).count();
    assert!(said.chars().any(|it| '\u{4e00}' < it) && 4 < english, "both languages: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_file_an_installation_does_not_start_and_makes_no_other() {
    on_both(async |app| {
        let config = &app.app.config;
        let (file, aside) = (config.key_file(), config.key_file().with_extension("aside"));
        std::fs::rename(&file, &aside).unwrap();
        assert!(refused(config).await.contains("put the original back"));
        assert!(!file.exists(), "a new key would open nothing of what is there");

        Crypt::create(&file, Algorithm::Aes256Gcm).unwrap();
        let said = refused(config).await;
        assert!(said.contains("not the one of this database") && said.contains("放回原来的密钥文件"), "{said}");

        std::fs::write(&file, "active = 1").unwrap();
        assert!(refused(config).await.contains("malformed"));

        std::fs::rename(&aside, &file).unwrap();
        app.again().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_added_opens_the_database_and_the_file_before_it_does_not() {
    on_both(async |app| {
        let file = app.app.config.key_file();
        let before = std::fs::read(&file).unwrap();
        app.app.crypt.rotate(Algorithm::Sm4Gcm).unwrap();
        app.again().await;
        std::fs::write(&file, before).unwrap();
        assert!(refused(&app.app.config).await.contains("not the one of this database"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_changed_after_it_ran_stops_the_start() {
    on_both(async |app| {
        app.run("update migration set checksum = 'x' where name like '0001%'").await;
        let said = refused(&app.app.config).await;
        assert!(said.contains("0001_house") && said.contains("changed after it ran"), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_or_database_that_cannot_be_used_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("file"), "这不是文件夹".repeat(400)).unwrap();
    let config = |data_dir: &str, url: &str| Config {
        data_dir: at(data_dir),
        database_url: url.to_string(),
        ..Config::default()
    };
    assert!(refused(&config("file", "")).await.contains("check its owner, its permissions and the disk"));
    let no_database = format!("sqlite:{}", at("file").display());
    assert!(refused(&config("data", &no_database)).await.contains("damaged or no database"));
    let no_folder = format!("sqlite:{}", at("nowhere/yiyang.db").display());
    assert!(refused(&config("data", &no_folder)).await.contains("check that the data folder exists"));
    let nobody_there = "postgres://postgres@127.0.0.1:1/yiyang";
    assert!(refused(&config("data", nobody_there)).await.contains("address, port and firewall"));
    assert!(refused(&config("data", "postgres://:::")).await.contains("postgres://user:password@host:port/name"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_only_what_was_refused_and_says_so() {
    // SQLite alone: a limit on the pages of its one writer is a disk as small as wished.
    let full = async |app: &TestApp, pages: i64| {
        let limit = format!("pragma max_page_count = {pages}");
        app.app.db.write(move |tx| tx.rows(&limit, &[], |_| Ok(()))).await.unwrap();
    };
    on_both(async |app| {
        if app.app.db.kind() == kit::db::Kind::Postgres {
            return;
        }
        let mut official = app.client(Role::Official).await;
        full(app, 1).await;
        let long = "长".repeat(60);
        let answer = loop {
            let answer = official.post("/account/tokens", &[("name", &long), ("days", "30")]).await;
            if answer.status != 200 {
                break answer;
            }
        };
        assert!(answer.with_status(503).text().contains("磁盘已满"));
        let kept = app.count("select count(*) from api_token").await;
        assert_eq!(app.app.db.read(kit::audit::verify).await.unwrap().broken, Vec::<String>::new());
        full(app, 1 << 30).await;
        official.post("/account/tokens", &[("name", "以后"), ("days", "30")]).await.ok();
        assert_eq!(app.count("select count(*) from api_token").await, kept + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_is_said_and_taken_up_again_when_it_is_back() {
    on_both(async |app| {
        let url = &app.app.config.database_url;
        let Some((server, name)) = url.rsplit_once('/').filter(|_| url.starts_with("postgres")) else { return };
        let outside = Db::open(&format!("{server}/postgres")).await.unwrap();
        let allow = async |allowed: bool| {
            let sql = format!(
                "alter database {name} allow_connections {allowed};
                 select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and not {allowed}"
            );
            outside.write(move |tx| tx.batch(&sql)).await.unwrap();
        };
        let mut official = app.client(Role::Official).await;
        let program = app.api(Role::Official).await;
        allow(false).await;
        let page = official.get("/elders").await;
        assert_eq!((page.status, page.header("retry-after")), (503, "10"));
        assert!(page.text().contains("数据库暂时连不上") && !page.text().contains("PostgreSQL"), "{}", page.text());
        let answer = program.get("/api/v1/elders").await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("database_away")));
        assert_eq!(app.visitor().get("/readyz").await.status, 503);
        assert_eq!(app.visitor().get("/healthz").await.status, 200);
        let answer = app.visitor().sign_in("nobody", PASSWORD).await.unwrap_err();
        assert_eq!(answer.status, 503, "not taken for a wrong password");
        allow(true).await;
        official.get("/elders").await.ok();
        program.get("/api/v1/elders").await.ok();
        app.visitor().get("/readyz").await.ok();
    })
    .await;
}
