//! The database: one SQL text for embedded SQLite and for PostgreSQL, transactions as closures.
//!
//! SQL is written the PostgreSQL way (`$1`, `on conflict … do update`, `returning`); SQLite is told the same text with
//! `$1` spelt `?1`. A closure runs on a blocking thread, so that business code reads top to bottom.

mod among;
mod late;
mod load;
mod migrate;
mod plan;
mod postgres;
mod rows;
mod sqlite;
mod stream;
mod value;

use std::{
    any::{Any, TypeId},
    cell::{RefCell, RefMut},
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

pub use among::Among;
pub(crate) use late::settle;
use late::{Again, Bring, Late};
pub use load::{Load, rows_of};
pub use migrate::{Migration, Pending};
pub(crate) use migrate::{run as run_migrations, same as same_migration};
pub use rows::{Put, Rows};
pub use stream::Stream;
pub use value::{Bind, Cell, FromCell, Row};

use crate::{Ask, Error, Id, Result};

/// A database, cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Engine>);

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// How many readings a transaction remembers; a recount goes through a whole county.
const MOST_KNOWN: usize = 4_096;

/// An open transaction. It commits when the closure gives `Ok`, and leaves no trace when it gives `Err` or panics.
pub struct Tx<'a> {
    inner: Inner<'a>,
    late: RefCell<Late>,
    known: RefCell<HashMap<(TypeId, Id), (String, Box<dyn Any>)>>,
    /// The insert, region and digest of rows that were put and are shared.
    shared: RefCell<HashSet<(&'static str, String)>>,
}

/// What a transaction does, whatever it gives: an engine is compiled for it once, and not for every closure.
type Work = Box<dyn FnOnce(&Tx<'_>) -> Result<Answer> + Send>;
type Answer = Box<dyn Any + Send>;

fn work<T: Send + 'static>(work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static) -> Work {
    Box::new(move |tx| Ok(Box::new(work(tx)?)))
}

fn given<T: 'static>(it: Answer) -> T {
    *it.downcast().expect("work gives what its closure gave")
}

enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a postgres::Session),
}

impl Db {
    /// Opens `sqlite:FILE` or `postgres://…`.
    ///
    /// # Errors
    /// In words for the operator: what could not be opened, and why.
    pub async fn open(url: &str) -> Result<Db, String> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(postgres::Postgres::open(url).await?)
        } else {
            Engine::Sqlite(sqlite::Sqlite::open(Path::new(url.strip_prefix("sqlite:").unwrap_or(url)))?)
        };
        Ok(Db(Arc::new(engine)))
    }

    pub fn kind(&self) -> Kind {
        match &*self.0 {
            Engine::Sqlite(_) => Kind::Sqlite,
            Engine::Postgres(_) => Kind::Postgres,
        }
    }

    /// Reads: sees one consistent state, beside other readers and the writer.
    pub async fn read<T: Send + 'static>(&self, it: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.do_read(work(it)).await.map(given)
    }

    async fn do_read(&self, work: Work) -> Result<Answer> {
        let work: Work = Box::new(|tx| {
            let result = work(tx)?;
            if tx.late().is_empty() {
                Ok(result)
            } else {
                Err(Error::internal("a reading transaction has something to write"))
            }
        });
        match &*self.0 {
            Engine::Sqlite(it) => it.read(work).await,
            Engine::Postgres(it) => it.read(work).await,
        }
    }

    /// Writes: what the closure did is durable when this returns `Ok`.
    pub async fn write<T: Send + 'static>(&self, it: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.do_write(work(it)).await.map(given)
    }

    async fn do_write(&self, work: Work) -> Result<Answer> {
        let work: Work = Box::new(|tx| {
            let result = work(tx)?;
            settle(tx)?;
            Ok(result)
        });
        match &*self.0 {
            Engine::Sqlite(it) => it.write(work).await,
            Engine::Postgres(it) => it.write(work).await,
        }
    }

    /// Brings the schema up to date; gives the names of the migrations that ran.
    ///
    /// # Errors
    /// In words: a migration that failed, or one that was changed after it ran.
    pub async fn migrate(&self, all: &'static [Migration]) -> Result<Vec<&'static str>, String> {
        self.write(|tx| migrate::run(tx, all)).await.map_err(|e| e.to_string())
    }

    /// What a migration run would do, without doing it.
    pub async fn pending(&self, all: &'static [Migration]) -> Result<Pending, String> {
        self.read(|tx| migrate::pending(tx, all)).await.map_err(|e| e.to_string())
    }

    /// Fills `tables` by the million, all or nothing: what `work` wrote is there with its indexes when this returns `Ok`, and
    /// otherwise nothing of it. On SQLite nobody else reads or writes meanwhile, and the planner goes on by what it was told
    /// of empty tables: its statistics count every row, which takes as long as a fifth of the load.
    pub async fn load<T: Send + 'static>(
        &self,
        tables: &'static [&'static str],
        fill: impl FnOnce(&Load<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let work = work(move |tx| {
            let load = Load::begin(tx, tables)?;
            let result = fill(&load)?;
            load.end()?;
            settle(tx)?;
            if tx.kind() == Kind::Postgres {
                plan::analyze(tx)?;
            }
            Ok(result)
        });
        let result = match &*self.0 {
            Engine::Sqlite(it) => it.load(work).await,
            Engine::Postgres(it) => it.write(work).await,
        };
        result.map(given)
    }

    /// Gathers the statistics by which the engine plans its queries; after a bulk load.
    pub async fn analyze(&self) -> Result<()> {
        self.write(plan::analyze).await
    }

    /// Writes a consistent copy of an SQLite database while others go on working.
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools (`pg_dump`) do this.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(it) => it.copy_to(file.to_path_buf()).await,
            Engine::Postgres(_) => Err(Error::internal("PostgreSQL is copied with pg_dump")),
        }
    }
}

/// The text that counts what is `from` tables under conditions, to `most` and one more.
pub(crate) fn counting(most: i64, from: &str) -> String {
    format!("select count(*) from (select 1 as one {from} limit {}) it", most + 1)
}

impl<'a> Tx<'a> {
    fn new(inner: Inner<'a>) -> Tx<'a> {
        Tx { inner, late: RefCell::default(), known: RefCell::default(), shared: RefCell::default() }
    }

    pub(crate) fn late(&self) -> RefMut<'_, Late> {
        self.late.borrow_mut()
    }

    pub fn kind(&self) -> Kind {
        match &self.inner {
            Inner::Sqlite(_) => Kind::Sqlite,
            Inner::Postgres(_) => Kind::Postgres,
        }
    }

    /// What `read` gives for a thing, read once in this transaction; whoever changes it says [`Tx::forget`].
    pub fn once<T: Clone + 'static>(&self, region: &str, id: Id, read: impl FnOnce() -> Result<T>) -> Result<T> {
        let key = (TypeId::of::<T>(), id);
        if let Some((its_region, it)) = self.known.borrow().get(&key)
            && its_region == region
            && let Some(it) = it.downcast_ref::<T>()
        {
            return Ok(it.clone());
        }
        let it = read()?;
        self.know(region, id, it.clone());
        Ok(it)
    }

    /// What [`Tx::once`] gives of a thing from now on, as it was just written.
    pub fn know<T: Clone + 'static>(&self, region: &str, id: Id, it: T) {
        if MOST_KNOWN <= self.known.borrow().len() {
            self.forget_all();
        }
        self.known.borrow_mut().insert((TypeId::of::<T>(), id), (region.to_string(), Box::new(it)));
    }

    /// What was read [`Tx::once`] of a thing is to be read again.
    pub fn forget<T: 'static>(&self, id: Id) {
        self.known.borrow_mut().remove(&(TypeId::of::<T>(), id));
    }

    /// As [`Tx::forget`], for everything.
    pub fn forget_all(&self) {
        self.known.borrow_mut().clear();
        self.shared.borrow_mut().clear();
    }

    /// At the end of this transaction `bring` is called for the things of a county of which this was said under the same
    /// name, each once: a list of payments of one month moves the month's sum once.
    pub fn at_end(&self, what: &'static str, ask: &Ask, region: &str, id: Id, bring: Bring) {
        let again = Again { what, region: region.to_string(), id, ask: ask.clone(), bring };
        self.late().again.push(again);
    }

    /// All rows of a query, each made by `make`.
    pub fn rows<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        mut make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(make(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row of a query, if there is one.
    pub fn row<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, make)?.into_iter().next())
    }

    /// The first row of a query; `NotFound` where there is none.
    pub fn one<T>(&self, sql: &str, values: &[&dyn Bind], make: impl FnMut(&Row<'_>) -> Result<T>) -> Result<T> {
        self.row(sql, values, make)?.ok_or(Error::NotFound)
    }

    /// Keeps others from changing the row of a county and number until this transaction ends. SQLite has one writer anyway.
    pub fn hold(&self, table: &'static str, region: &str, id: Id) -> Result<()> {
        if self.kind() == Kind::Postgres {
            let sql = format!("select id from {table} where region = $1 and id = $2 for update");
            self.rows(&sql, &[&region, &id], |row| row.get::<Id>(0))?;
        }
        Ok(())
    }

    /// The one number a counting query gives.
    pub fn count(&self, sql: &str, values: &[&dyn Bind]) -> Result<i64> {
        self.one(sql, values, |row| row.get(0))
    }

    /// How many rows there are `from` tables under conditions, counted to `most` and one more.
    pub fn count_to(&self, most: i64, from: &str, values: &[&dyn Bind]) -> Result<i64> {
        self.count(&counting(most, from), values)
    }

    /// Calls `with` for each row, in order, without keeping them.
    pub fn each(&self, sql: &str, values: &[&dyn Bind], mut with: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(it) => sqlite::each(it, sql, values, &mut with),
            Inner::Postgres(it) => it.each(sql, values, &mut with),
        }
    }

    /// Runs a statement; gives the number of rows it changed.
    pub fn run(&self, sql: &str, values: &[&dyn Bind]) -> Result<u64> {
        match &self.inner {
            Inner::Sqlite(it) => sqlite::run(it, sql, values),
            Inner::Postgres(it) => it.execute(sql, values),
        }
    }

    /// Runs several statements without values, as migrations are.
    pub fn batch(&self, sql: &str) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(it) => sqlite::batch(it, sql),
            Inner::Postgres(it) => it.batch(sql),
        }
    }

    /// Asks the engine whether it understands `sql`, without running it.
    pub fn prepare(&self, sql: &str) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(it) => sqlite::prepare(it, sql),
            Inner::Postgres(it) => it.prepare(sql),
        }
    }

    /// Runs `work` so that its failure leaves this transaction as it was before.
    pub fn attempt<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.batch("savepoint attempt")?;
        let late = self.late().mark();
        match work(self) {
            Ok(it) => {
                self.batch("release savepoint attempt")?;
                Ok(it)
            }
            Err(e) => {
                self.late().back_to(late);
                self.forget_all();
                // Where even that fails, the transaction as a whole cannot commit any more.
                let _ = self.batch("rollback to savepoint attempt; release savepoint attempt");
                Err(e)
            }
        }
    }
}
