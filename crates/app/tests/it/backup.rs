//! Backup and the way back: every row, every file, and a trail that still holds.

use std::{collections::BTreeMap, path::Path};

use app::MIGRATIONS;
use kit::{
    App, audit,
    backup::{self, Manifest},
    crypt::{Algorithm, Crypt},
    files,
    table::Value,
    who::Role,
};

use crate::support::{COUNTY, TestApp, on_both};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a photo of nobody";

/// Tables whose rows must come back as they were; a restore itself writes one entry of the trail.
const TABLES: &[&str] =
    &["place", "organisation", "account", "account_person", "api_token", "event", "job", "file", "message", "elder"];

async fn fill(app: &TestApp) {
    app.client(Role::Clinician).await;
    app.account("family.wang", Role::Family, COUNTY).await;
    app.api(Role::Official).await;
    let state = app.app.clone();
    let now = app.app.clock.now();
    app.app
        .db
        .write(move |tx| {
            let account = kit::who::account::by_login(tx, "family.wang")?.unwrap();
            kit::who::account::grant_person(tx, account.id, COUNTY, kit::Id(7), "女儿")?;
            let sealed = state.crypt.seal("account.second_factor", "JBSWY3DPEHPK3PXP");
            kit::who::account::set_second_factor(tx, account.id, Some(&sealed))?;
            kit::events::send(
                tx,
                COUNTY,
                "elder.died",
                &serde_json::json!({"elder": "7", "note": "引号\"换行\n"}),
                now,
            )?;
            let who = kit::Who::system(kit::Scope::of(&state.places.tree(), COUNTY));
            let ask = kit::Ask::of(&state, who, now);
            state.files.keep(tx, &ask, COUNTY, "photo", "照片.jpg", JPEG).map(drop)
        })
        .await
        .unwrap();
}

async fn rows(app: &App) -> BTreeMap<&'static str, Vec<String>> {
    app.db
        .read(|tx| {
            let mut all = BTreeMap::new();
            for table in TABLES {
                let mut rows = tx.rows(&format!("select * from {table}"), &[], |row| {
                    let cells: Vec<Value> = (0..row.len()).map(|at| row.get(at)).collect::<kit::Result<_>>()?;
                    // SQLite keeps a boolean as a number.
                    Ok(format!("{cells:?}").replace("Bool(false)", "Int(0)").replace("Bool(true)", "Int(1)"))
                })?;
                rows.sort();
                all.insert(*table, rows);
            }
            Ok(all)
        })
        .await
        .unwrap()
}

async fn back_up(app: &TestApp, file: &Path) -> Manifest {
    let now = app.app.clock.now();
    backup::write(&app.app.db, &app.app.files, &app.app.crypt, file, now).await.unwrap()
}

async fn restore(app: &App, file: &Path, overwrite: bool) -> Result<Manifest, String> {
    backup::restore(&app.db, &app.files, &app.crypt, MIGRATIONS, file, overwrite, app.clock.now()).await
}

/// Into a machine that has this key file.
async fn restore_under(app: &App, file: &Path, crypt: &Crypt) -> Result<Manifest, String> {
    backup::restore(&app.db, &app.files, crypt, MIGRATIONS, file, true, app.clock.now()).await
}

async fn photo(app: &App) -> Vec<u8> {
    let id = app.db.read(|tx| tx.count("select id from file", &[])).await.unwrap();
    let kept = app.db.read(move |tx| files::find(tx, COUNTY, kit::Id(id))).await.unwrap();
    app.files.bytes(&app.crypt, &kept).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_comes_back_after_everything_changed() {
    on_both(async |app| {
        fill(app).await;
        let (before, file) = (rows(&app.app).await, app.folder.path().join("one.yiyang"));
        let manifest = back_up(app, &file).await;
        assert_eq!((manifest.files, manifest.files_missing.len()), (1, 0));
        assert!(!manifest.key_fingerprint.is_empty());
        assert_eq!(backup::manifest(&file).await.unwrap(), manifest);
        let held = manifest.audit.clone();
        assert_eq!(app.app.db.read(move |tx| audit::compare(tx, &held)).await.unwrap(), Vec::<String>::new());

        app.run("delete from place where level = 'village'").await;
        app.run("update account set name = '改了'").await;
        app.run("delete from audit").await;
        app.run("delete from event").await;
        let held = manifest.audit.clone();
        let cut = app.app.db.read(move |tx| audit::compare(tx, &held)).await.unwrap();
        assert_eq!(cut.len(), manifest.audit.len(), "a backup tells that the trail was emptied since: {cut:?}");
        app.account("somebody.new", Role::Carer, COUNTY).await;
        std::fs::remove_dir_all(app.folder.path().join("data/files")).unwrap();

        let refused = restore(&app.app, &file, false).await.unwrap_err();
        assert!(refused.contains("--overwrite"), "{refused}");
        restore(&app.app, &file, true).await.unwrap();
        let again = app.again().await;
        assert_eq!(rows(&again).await, before);
        assert_eq!(photo(&again).await, JPEG);
        let verdict = again.db.read(audit::verify).await.unwrap();
        assert_eq!(verdict.broken, Vec::<String>::new());
        assert_eq!(app.count("select count(*) from audit where action = 'restore'").await, 1);
        let restored = again.db.read(backup::restored).await.unwrap().unwrap();
        assert_eq!((restored.backup, &*restored.file), (manifest.created, "one.yiyang"));
        let ready = app.visitor().get("/readyz").await.ok().json();
        assert_eq!(ready["restored"]["file"], "one.yiyang");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_one_engine_comes_back_on_the_other() {
    let file = tempfile::tempdir().unwrap();
    let file = file.path().join("moved.yiyang");
    let keys = tempfile::tempdir().unwrap();
    let first = tokio::sync::Mutex::new(None);
    on_both(async |app| {
        let mut first = first.lock().await;
        let key_file = app.app.config.key_file();
        match first.take() {
            None => {
                fill(app).await;
                back_up(app, &file).await;
                std::fs::copy(key_file, keys.path().join("keys.toml")).unwrap();
                *first = Some(rows(&app.app).await);
            }
            Some(before) => {
                std::fs::remove_file(&key_file).unwrap();
                std::fs::copy(keys.path().join("keys.toml"), &key_file).unwrap();
                restore_under(&app.app, &file, &Crypt::open(&key_file).unwrap()).await.unwrap();
                let here = app.again().await;
                assert_eq!(rows(&here).await, before);
                assert_eq!(photo(&here).await, JPEG);
                assert_eq!(here.db.read(audit::verify).await.unwrap().broken, Vec::<String>::new());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_a_cut_and_a_foreign_backup_are_refused_in_words() {
    on_both(async |app| {
        fill(app).await;
        let file = app.folder.path().join("one.yiyang");
        back_up(app, &file).await;
        let whole = std::fs::read(&file).unwrap();
        let before = rows(&app.app).await;

        let mut changed = whole.clone();
        changed[700] ^= 1;
        std::fs::write(&file, &changed).unwrap();
        assert!(restore(&app.app, &file, true).await.unwrap_err().contains("database part"));

        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        restore(&app.app, &file, true).await.unwrap_err();

        std::fs::write(&file, &whole).unwrap();
        let key_file = app.app.config.key_file();
        std::fs::rename(&key_file, key_file.with_extension("old")).unwrap();
        let other_keys = Crypt::create(&key_file, Algorithm::Aes256Gcm).unwrap();
        assert!(restore_under(&app.app, &file, &other_keys).await.unwrap_err().contains("key file"));
        assert_eq!(rows(&app.app).await, before, "nothing changed meanwhile");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_copy_holds_waiting_messages_back_and_ends_sessions() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        let (state, now) = (app.app.clone(), app.app.clock.now());
        let message = move |tx: &kit::Tx<'_>| {
            let text = kit::notify::Outgoing {
                channel: kit::notify::Channel::Sms,
                address: "13900000000",
                title: "",
                body: "请体检",
                unique_key: "exam",
                account: None,
            };
            kit::notify::outgoing(tx, &state.crypt, &text, now)
        };
        app.app.db.write(message).await.unwrap();
        let file = app.folder.path().join("one.yiyang");
        back_up(app, &file).await;
        restore(&app.app, &file, true).await.unwrap();
        assert_eq!(app.count("select count(*) from message where state = 'waiting'").await, 0);
        assert!(nurse.get("/").await.leads().starts_with("/login"));
    })
    .await;
}
