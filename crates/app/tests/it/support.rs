//! A running application for one test: its own folder, its own database, a small county that does not exist.
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn a_nurse_sees_the_list() {
//!     on_both(async |app| {
//!         let mut nurse = app.client(Role::Clinician).await;
//!         let page = nurse.get("/elders").await.ok();
//!         assert!(page.text().contains("王桂芳"));
//!     })
//!     .await;
//! }
//! ```

use std::{path::Path, sync::OnceLock};

use app::MIGRATIONS;
use axum::Router;
use kit::{
    App, Db, Error, Id, Module, Result,
    clock::stamp,
    config::Config,
    tally,
    who::{Role, account, password, token},
};
use tempfile::TempDir;

use crate::client::{Api, Client};

/// The password of every test account.
pub const PASSWORD: &str = "修竹-清风-2026";

/// (code, parent, name, level): one city with two counties and a zone whose street keeps its old district's digits.
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("000000", "000000", "全国", "nation"),
    ("990000", "000000", "示范省", "province"),
    ("990100", "990000", "安宁市", "city"),
    ("990101", "990100", "乐善县", "county"),
    ("990102", "990100", "永宁区", "county"),
    ("990171", "990100", "高新区", "county"),
    ("990101001", "990101", "城关镇", "street"),
    ("990101002", "990101", "河口镇", "street"),
    ("990102001", "990102", "南门街道", "street"),
    ("990102099", "990171", "科技街道", "street"),
    ("990101001001", "990101001", "东街社区", "village"),
    ("990101001002", "990101001", "西街社区", "village"),
    ("990101002201", "990101002", "河口村", "village"),
    ("990102001001", "990102001", "南门社区", "village"),
    ("990102099001", "990102099", "软件园社区", "village"),
];

/// The county, city and neighbouring county of the tests.
pub const COUNTY: &str = "990101";
pub const CITY: &str = "990100";
pub const OTHER_COUNTY: &str = "990102";

/// The organisation in which the test accounts of institutions work.
pub const ORGANISATION: Id = Id(41);

/// An application with its router, folder and database; all of it goes when it is dropped.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    pub folder: TempDir,
    /// Dropped last: the connections of `app` are closed by force.
    _database: Option<Database>,
}

/// Runs one test on SQLite and, where it can be reached, on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(&TestApp)) {
    on_both_with(app::MODULES, |_| {}, test).await;
}

/// As [`on_both`], with other modules and a changed configuration.
pub async fn on_both_with(
    modules: &'static [&'static Module],
    change: impl Fn(&mut Config),
    test: impl AsyncFn(&TestApp),
) {
    test(&TestApp::start(modules, &change, None).await).await;
    match Database::create().await {
        Some(database) => test(&TestApp::start(modules, &change, Some(database)).await).await,
        None => eprintln!("skipped: PostgreSQL"),
    }
}

impl TestApp {
    /// One on SQLite alone, for tests that try many things with it.
    pub async fn sqlite() -> TestApp {
        TestApp::start(app::MODULES, &|_| {}, None).await
    }

    /// One on SQLite with a changed configuration.
    pub async fn sqlite_with(change: impl Fn(&mut Config)) -> TestApp {
        TestApp::start(app::MODULES, &change, None).await
    }

    async fn start(
        modules: &'static [&'static Module],
        change: &impl Fn(&mut Config),
        database: Option<Database>,
    ) -> TestApp {
        // What went wrong inside stands beside the failed test.
        let _ = tracing_subscriber::fmt().with_test_writer().with_max_level(tracing::Level::ERROR).try_init();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = config(folder.path(), database.as_ref());
        change(&mut config);
        let db = Db::open(&config.database_url()).await.unwrap();
        db.migrate(MIGRATIONS).await.unwrap();
        db.write(add_places).await.unwrap();
        drop(db);
        let app = app::start::start_with(config, modules).await.unwrap();
        TestApp { router: kit::server::router(app.clone()), app, folder, _database: database }
    }

    /// The same installation started again, as after a restart of the server.
    pub async fn again(&self) -> App {
        app::start::start_with(self.app.config.clone(), self.app.modules).await.unwrap()
    }

    /// Signed in as an account of this role at the test county; a manager and a carer work in `ORGANISATION`.
    pub async fn client(&self, role: Role) -> Client {
        self.client_at(role, COUNTY).await
    }

    /// Signed in as an account of this role at a place.
    pub async fn client_at(&self, role: Role, place: &str) -> Client {
        let login = format!("{}-{place}", role.word());
        self.account(&login, role, place).await;
        let mut client = self.visitor();
        client.sign_in(&login, PASSWORD).await.unwrap();
        client
    }

    /// Nobody, or not yet.
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A program with a token that has all permissions of this role at the test county.
    pub async fn api(&self, role: Role) -> Api {
        self.api_at(role, COUNTY).await
    }

    pub async fn api_at(&self, role: Role, place: &str) -> Api {
        let account = self.account(&format!("{}-{place}", role.word()), role, place).await;
        self.token(account, &[]).await
    }

    /// A program with a token that has only these permissions.
    pub async fn token(&self, account: Id, permissions: &[&str]) -> Api {
        let (now, permissions) =
            (self.app.clock.now(), permissions.iter().map(|it| (*it).to_string()).collect::<Vec<_>>());
        let expires = now + jiff::SignedDuration::from_hours(24 * 1_000);
        let made = self.app.db.write(move |tx| token::create(tx, account, "测试", &permissions, expires, now)).await;
        Api::new(self.router.clone(), made.unwrap())
    }

    /// The account of a login, made if it is not there.
    pub async fn account(&self, login: &str, role: Role, place: &str) -> Id {
        static HASH: OnceLock<String> = OnceLock::new();
        let hash = HASH.get_or_init(|| password::hash(PASSWORD).expect("a password can be hashed")).clone();
        let (login, place, now) = (login.to_string(), place.to_string(), self.app.clock.now());
        let works_somewhere = matches!(role, Role::Manager | Role::Carer);
        let made = self.app.db.write(move |tx| {
            if let Some(it) = account::by_login(tx, &login)? {
                return Ok(it.id);
            }
            let new = account::NewAccount {
                login: &login,
                name: role.title(),
                role,
                place: &place,
                organisation: works_somewhere.then_some(ORGANISATION),
                password_hash: &hash,
                must_change: false,
            };
            account::create(tx, &new, now)
        });
        made.await.unwrap()
    }

    /// The one number a counting query gives.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.app.db.read(move |tx| tx.count(sql, &[])).await.unwrap()
    }

    /// Runs a statement behind the application's back.
    pub async fn run(&self, sql: &str) -> u64 {
        let sql = sql.to_string();
        self.app.db.write(move |tx| tx.run(&sql, &[])).await.unwrap()
    }

    /// The present instant as it is stored, `seconds` later.
    pub fn stamp_in(&self, seconds: i64) -> String {
        stamp(self.app.clock.now() + jiff::SignedDuration::from_secs(seconds))
    }

    /// Delivers events and runs jobs until nothing is due.
    pub async fn settle(&self) {
        for _ in 0..1000 {
            let delivered = kit::events::deliver(&self.app).await.unwrap();
            if delivered == 0 && !kit::jobs::run_next(&self.app).await.unwrap() {
                return;
            }
        }
        panic!("the queue never came to rest");
    }
}

/// How many rows a list has, whose address asks for something; its total says the same.
pub async fn listed(api: &Api, path: &str) -> i64 {
    let listed = api.get(&format!("{path}&limit=500")).await.ok().json();
    let rows = listed["items"].as_array().unwrap().len() as i64;
    assert_eq!(listed["total"], rows, "{path}");
    rows
}

/// The facts of both counties say what is kept of them.
pub async fn no_difference(app: &TestApp) {
    for region in [COUNTY, OTHER_COUNTY] {
        let for_recount = app.app.clone();
        let (differences, _) = app.app.db.read(move |tx| tally::recount(tx, &for_recount, region)).await.unwrap();
        assert_eq!(differences, [], "{region}");
    }
}

fn config(folder: &Path, database: Option<&Database>) -> Config {
    Config {
        data_dir: folder.join("data"),
        database_url: database.map_or(format!("sqlite:{}", folder.join("test.db").display()), |it| it.url()),
        require_second_factor: Vec::new(),
        ..Config::default()
    }
}

fn add_places(tx: &kit::Tx<'_>) -> Result<()> {
    for (code, parent, name, level) in PLACES {
        tx.run(
            "insert into place (code, parent, name, level, initials) values ($1, $2, $3, $4, '')",
            &[code, parent, name, level],
        )?;
    }
    tx.run(
        "insert into organisation (region, id, place, name, kind) values ($1, $2, '990101001', '城关镇卫生院', 'township_health_centre')",
        &[&COUNTY, &ORGANISATION],
    )?;
    Ok::<(), Error>(())
}

/// A database of its own on a PostgreSQL server, dropped with its rows.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// `None` where no server answers.
    pub async fn create() -> Option<Database> {
        let server = std::env::var("YIYANG_TEST_POSTGRES")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_string());
        let name = format!("yiyang_test_{:016x}", rand::random::<u64>());
        ask_server(&server, &format!("create database {name}")).await.ok()?;
        Some(Database { server, name })
    }

    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("the address names a database");
        format!("{server}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, sql) = (self.server.clone(), format!("drop database if exists {} with (force)", self.name));
        // A runtime of its own: this one may be about to end.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map(|it| it.block_on(ask_server(&server, &sql)))
        });
        if !matches!(dropped.join(), Ok(Ok(Ok(())))) {
            eprintln!("{} could not be dropped", self.name);
        }
    }
}

async fn ask_server(server: &str, sql: &str) -> Result<(), String> {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.map_err(|e| e.to_string())?;
    let running = tokio::spawn(connection);
    let answer = client.batch_execute(sql).await.map_err(|e| e.to_string());
    drop(client);
    let _ = running.await;
    answer
}
