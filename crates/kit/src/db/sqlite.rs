//! Embedded SQLite: one writer thread that groups commits, readers in parallel, WAL.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, types::ToSql};
use tokio::sync::{Semaphore, oneshot};

use super::{Bind, Inner, Row, Tx};
use crate::{Error, Result};

const READERS: usize = 8;
/// Writes that are waiting together share one commit, and so one flush to disk.
const GROUP: usize = 512;

pub struct Sqlite {
    writer: mpsc::Sender<Job>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free_readers: Arc<Semaphore>,
}

/// Work for the writer thread: it runs inside the open transaction and gives what to do once the commit is known.
type Job = Box<dyn FnOnce(&Connection) -> AfterCommit + Send>;
type AfterCommit = Box<dyn FnOnce(Result<(), String>) + Send>;

impl Sqlite {
    pub fn open(file: &Path) -> Result<Sqlite, String> {
        let explain = |e: rusqlite::Error| format!("无法打开数据库 {} / cannot open database: {e}", file.display());
        let writer = connect(file).map_err(explain)?;
        let readers: Vec<Connection> = (0..READERS)
            .map(|_| connect(file).and_then(|it| it.pragma_update(None, "query_only", true).map(|()| it)))
            .collect::<Result<_, _>>()
            .map_err(explain)?;
        let (sender, jobs) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_in_groups(&writer, &jobs))
            .map_err(|e| e.to_string())?;
        Ok(Sqlite {
            writer: sender,
            readers: Arc::new(Mutex::new(readers)),
            free_readers: Arc::new(Semaphore::new(READERS)),
        })
    }

    pub async fn read<T: Send + 'static>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.free_readers).acquire_owned().await.map_err(Error::internal)?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let connection = lock(&readers).pop().expect("a permit stands for a connection");
            let result = catch_unwind(AssertUnwindSafe(|| {
                connection.execute_batch("begin")?;
                let result = work(&Tx::new(Inner::Sqlite(&connection)));
                connection.execute_batch("rollback")?;
                result
            }));
            if !connection.is_autocommit() {
                // A panic left the transaction open; nothing was written, so there is nothing to lose.
                let _ = connection.execute_batch("rollback");
            }
            lock(&readers).push(connection);
            drop(permit);
            result.unwrap_or_else(|_| Err(Error::internal("a reading transaction panicked")))
        })
        .await
        .map_err(Error::internal)?
    }

    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = in_savepoint(connection, work);
            Box::new(move |committed| {
                let result = result.and_then(|it| match committed {
                    Ok(()) => Ok(it),
                    Err(e) => Err(Error::internal(format!("SQLite: commit: {e}"))),
                });
                // Whoever asked may have gone; the write stands all the same.
                let _ = answer.send(result);
            })
        });
        self.writer.send(job).map_err(|_| Error::internal("the writer has stopped"))?;
        answered.await.map_err(Error::internal)?
    }

    pub async fn copy_to(&self, file: PathBuf) -> Result<()> {
        let permit = Arc::clone(&self.free_readers).acquire_owned().await.map_err(Error::internal)?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let connection = lock(&readers).pop().expect("a permit stands for a connection");
            let result = Connection::open(&file).and_then(|mut target| {
                let backup = rusqlite::backup::Backup::new(&connection, &mut target)?;
                backup.run_to_completion(4096, Duration::ZERO, None)
            });
            lock(&readers).push(connection);
            drop(permit);
            result.map_err(Error::from)
        })
        .await
        .map_err(Error::internal)?
    }
}

fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(512);
    Ok(connection)
}

fn write_in_groups(connection: &Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let begun = connection.execute_batch("begin immediate").map_err(|e| e.to_string());
        let mut after = vec![first(connection)];
        if begun.is_ok() {
            while after.len() < GROUP
                && let Ok(job) = jobs.try_recv()
            {
                after.push(job(connection));
            }
        }
        let committed = begun.and_then(|()| {
            connection.execute_batch("commit").map_err(|e| {
                // The cause of the failed commit is what people are told; the group is gone either way.
                let _ = connection.execute_batch("rollback");
                e.to_string()
            })
        });
        for tell in after {
            tell(committed.clone());
        }
    }
}

fn in_savepoint<T>(connection: &Connection, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
    if connection.is_autocommit() {
        return Err(Error::internal("SQLite: no transaction could be opened"));
    }
    connection.execute_batch("savepoint job")?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&Tx::new(Inner::Sqlite(connection)))))
        .unwrap_or_else(|_| Err(Error::internal("a writing transaction panicked")));
    match result {
        Ok(it) => {
            connection.execute_batch("release savepoint job")?;
            Ok(it)
        }
        Err(e) => {
            connection.execute_batch("rollback to savepoint job; release savepoint job")?;
            Err(e)
        }
    }
}

/// SQLite's spelling of numbered parameters.
fn spelt(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') { Cow::Owned(sql.replace('$', "?")) } else { Cow::Borrowed(sql) }
}

pub fn each(
    connection: &Connection,
    sql: &str,
    values: &[&dyn Bind],
    mut with: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(&spelt(sql)).map_err(|e| at(e, sql))?;
    let cells: Vec<_> = values.iter().map(|it| it.cell()).collect();
    let bound: Vec<&dyn ToSql> = cells.iter().map(|it| it as &dyn ToSql).collect();
    let mut rows = statement.query(&*bound).map_err(|e| at(e, sql))?;
    while let Some(row) = rows.next()? {
        with(&Row::Sqlite(row))?;
    }
    Ok(())
}

pub fn run(connection: &Connection, sql: &str, values: &[&dyn Bind]) -> Result<u64> {
    let mut statement = connection.prepare_cached(&spelt(sql)).map_err(|e| at(e, sql))?;
    let cells: Vec<_> = values.iter().map(|it| it.cell()).collect();
    let bound: Vec<&dyn ToSql> = cells.iter().map(|it| it as &dyn ToSql).collect();
    let changed = statement.execute(&*bound).map_err(|e| at(e, sql))?;
    Ok(changed as u64)
}

pub fn prepare(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare(&spelt(sql)).map(drop).map_err(|e| at(e, sql))
}

/// The error with the statement it came from; values stay out, they may be personal.
fn at(e: rusqlite::Error, sql: &str) -> Error {
    match Error::from(e) {
        Error::Internal(mut cause) => {
            cause.what = format!("{} in: {sql}", cause.what);
            Error::Internal(cause)
        }
        other => other,
    }
}
