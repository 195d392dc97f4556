//! Where the institutions and staff of a loaded city are made, through the same checks as real ones: each of them asks the
//! database dozens of questions, which PostgreSQL answers ten times slower than SQLite beside the program.

use std::path::PathBuf;

use kit::{
    App, Db, Error, Result, Tx,
    config::Config,
    db::{Kind, Rows, rows_of},
};

use crate::MIGRATIONS;

/// The database of the network: the city's own, or one of SQLite beside it whose rows go into the load.
pub struct Beside {
    pub app: App,
    file: Option<PathBuf>,
}

/// What a new database has.
const THERE: &[&str] = &["migration", "place", "setting"];

impl Beside {
    /// For a city that is to be loaded on PostgreSQL, an empty database beside it.
    pub async fn of(app: &App, is_loaded: bool) -> Result<Beside> {
        if !is_loaded || app.db.kind() == Kind::Sqlite {
            return Ok(Beside { app: app.clone(), file: None });
        }
        let file = app.config.data_dir.join("network.db");
        remove(&file);
        let config = Config { database_url: format!("sqlite:{}", file.display()), ..app.config.clone() };
        copy_places(app, &config).await?;
        let app = crate::start::start_with(config, app.modules).await.map_err(Error::internal)?;
        Ok(Beside { app, file: Some(file) })
    }

    /// Hands over the rows of every table, but for what both have had from the beginning.
    pub async fn rows(&self, with: impl Fn(Rows) -> Result<()> + Send + 'static) -> Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        let all = move |tx: &Tx<'_>| {
            let made = kit::backup::tables(tx)?.into_iter().filter(|it| !THERE.contains(&&**it));
            made.collect::<Vec<String>>().iter().try_for_each(|it| rows_of(tx, it, &with))
        };
        self.app.db.read(all).await
    }

    /// The database beside is needed no more.
    pub fn end(self) {
        let Beside { app, file } = self;
        drop(app);
        if let Some(file) = file {
            remove(&file);
        }
    }
}

/// The same places are there.
async fn copy_places(from: &App, to: &Config) -> Result<()> {
    let places = from.db.read(|tx| {
        tx.rows("select code, parent, name, level, initials from place order by code", &[], |row| {
            (0..5).map(|at| row.get(at)).collect::<Result<Vec<String>>>()
        })
    });
    let places = places.await?;
    let db = Db::open(&to.database_url()).await.map_err(Error::internal)?;
    db.migrate(MIGRATIONS).await.map_err(Error::internal)?;
    let put = move |tx: &Tx<'_>| {
        places.iter().try_for_each(|it| {
            tx.run(
                "insert into place (code, parent, name, level, initials) values ($1, $2, $3, $4, $5)",
                &[&it[0], &it[1], &it[2], &it[3], &it[4]],
            )
            .map(drop)
        })
    };
    db.write(put).await
}

/// Removes the file and what SQLite keeps beside it; what is not there need not be removed.
fn remove(file: &std::path::Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
}
