//! Embedded SQLite: one writer thread that groups commits, readers in parallel, WAL.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use rusqlite::{CachedStatement, Connection, OpenFlags, config::DbConfig};
use tokio::sync::{Semaphore, oneshot};

use super::{
    Answer, Bind, Inner, Row, Tx, Work,
    rows::{Fields, Holds, Shape, TableRows, Types},
};
use crate::{Error, Result, error::Cause, trouble::Trouble};

const READERS: usize = 8;
/// Writes that are waiting together share one commit, and so one flush to disk.
const GROUP: usize = 512;

/// For a load: no log beside the file, half a gigabyte of cache, sorting on disk, and no part of the file in memory.
const LOADING: &str =
    "pragma journal_mode = delete; pragma cache_size = -524288; pragma temp_store = file; pragma mmap_size = 0";

pub struct Sqlite {
    file: PathBuf,
    writer: mpsc::Sender<Waiting>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free_readers: Arc<Semaphore>,
}

/// Work for the writer thread.
enum Waiting {
    InGroup(Job),
    /// It has the file for itself, and begins and ends its own transaction.
    Alone(Alone),
}

/// It runs inside the open transaction and gives what to do once the commit is known.
type Job = Box<dyn FnOnce(&Connection, Undo) -> AfterCommit + Send>;
type Alone = Box<dyn FnOnce(&Connection) + Send>;
type AfterCommit = Box<dyn FnOnce(Result<(), Cause>) + Send>;

impl Sqlite {
    pub fn open(file: &Path) -> Result<Sqlite, String> {
        let explain = |e: rusqlite::Error| {
            let advice = Trouble::of_sqlite(&e).map_or("", Trouble::advice);
            format!("无法打开数据库 {0} / cannot open the database {0}: {e}\n{advice}", file.display())
        };
        let writer = connect(file).and_then(|it| set_up_writer(&it).map(|()| it)).map_err(explain)?;
        let readers = connect_readers(file).map_err(explain)?;
        let (sender, jobs) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_in_groups(&writer, &jobs))
            .map_err(|e| e.to_string())?;
        Ok(Sqlite {
            file: file.to_path_buf(),
            writer: sender,
            readers: Arc::new(Mutex::new(readers)),
            free_readers: Arc::new(Semaphore::new(READERS)),
        })
    }

    pub async fn read(&self, work: Work) -> Result<Answer> {
        let permit = Arc::clone(&self.free_readers).acquire_owned().await.map_err(Error::internal)?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let connection = lock(&readers).pop().expect("a permit stands for a connection");
            let result = catch_unwind(AssertUnwindSafe(|| {
                connection.execute_batch("begin")?;
                let result = work(&Tx::new(Inner::Sqlite(&connection)));
                // A failed disk may have ended it already; either way nothing was written.
                let _ = connection.execute_batch("rollback");
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

    pub async fn write(&self, work: Work) -> Result<Answer> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection, undo| {
            let result = or_undone(connection, undo, work);
            Box::new(move |committed| {
                let result = match (result, committed) {
                    (Ok(it), Ok(())) => Ok(it),
                    (Err(NotDone::Job(e)), _) => Err(e),
                    (Ok(_) | Err(NotDone::Group), Err(cause)) => Err(Error::Internal(cause)),
                    (Err(NotDone::Group), Ok(())) => Err(Error::internal("SQLite: the transaction had ended")),
                };
                // Whoever asked may have gone; the write stands all the same.
                let _ = answer.send(result);
            })
        });
        self.writer.send(Waiting::InGroup(job)).map_err(|_| Error::internal("the writer has stopped"))?;
        answered.await.map_err(Error::internal)?
    }

    /// Writes alone: readers wait until it is over.
    pub async fn load(&self, work: Work) -> Result<Answer> {
        let all = READERS as u32;
        let permits = Arc::clone(&self.free_readers).acquire_many_owned(all).await.map_err(Error::internal)?;
        lock(&self.readers).clear();
        let (answer, answered) = oneshot::channel();
        let alone: Alone = Box::new(move |connection| {
            // Whoever asked may have gone; what was loaded stands all the same.
            let _ = answer.send(alone(connection, work));
        });
        self.writer.send(Waiting::Alone(alone)).map_err(|_| Error::internal("the writer has stopped"))?;
        let result = answered.await.map_err(Error::internal)?;
        let (file, readers) = (self.file.clone(), Arc::clone(&self.readers));
        let again = tokio::task::spawn_blocking(move || connect_readers(&file)).await.map_err(Error::internal)?;
        lock(&readers).extend(again?);
        drop(permits);
        result
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
    set_up(&connection)?;
    // A plan does not depend on the values bound: a statement kept is not prepared anew whenever they change.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(512);
    Ok(connection)
}

/// How a connection works, but for a load.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    connection.pragma_update(None, "temp_store", "memory")
}

/// A writer keeps at hand what an import writes again and again, and copies it back less often.
fn set_up_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -131_072)?;
    connection.pragma_update(None, "wal_autocheckpoint", 8_192)
}

fn connect_readers(file: &Path) -> rusqlite::Result<Vec<Connection>> {
    let reader = |_| connect(file).and_then(|it| it.pragma_update(None, "query_only", true).map(|()| it));
    (0..READERS).map(reader).collect()
}

/// Runs `work` in a transaction of its own on a file that nobody else has open, with a rollback journal.
fn alone(connection: &Connection, work: Work) -> Result<Answer> {
    connection.execute_batch(LOADING)?;
    connection.execute_batch("begin exclusive")?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&Tx::new(Inner::Sqlite(connection)))))
        .unwrap_or_else(|_| Err(Error::internal("a load panicked")));
    let result = result.and_then(|it| Ok(connection.execute_batch("commit").map(|()| it)?));
    if !connection.is_autocommit() {
        // The cause is what people are told.
        let _ = connection.execute_batch("rollback");
    }
    set_up(connection).and_then(|()| set_up_writer(connection))?;
    result
}

/// Inserts the rows of a load.
pub struct Inserting<'a> {
    connection: &'a Connection,
    types: HashMap<String, Types>,
}

impl<'a> Inserting<'a> {
    pub fn new(connection: &'a Connection) -> Inserting<'a> {
        Inserting { connection, types: HashMap::new() }
    }

    pub fn write(&mut self, tx: &Tx<'_>, rows: &TableRows) -> Result<()> {
        let Shape { table, columns, .. } = &*rows.shape;
        if !self.types.contains_key(table) {
            self.types.insert(table.clone(), types(tx, table)?);
        }
        let types = &self.types[table];
        let odd = |column: &String| Error::internal(format!("{table}.{column}: no such column"));
        let holds: Vec<Holds> =
            columns.iter().map(|it| types.get(it).copied().ok_or_else(|| odd(it))).collect::<Result<_>>()?;
        let places: Vec<String> = (1..=columns.len()).map(|nth| format!("?{nth}")).collect();
        let sql = format!("insert into {table} ({}) values ({})", columns.join(", "), places.join(", "));
        let mut statement = self.connection.prepare_cached(&sql).map_err(|e| at(e, &sql))?;
        let mut fields = Fields::new(&rows.bytes);
        while fields.next_row() {
            for (nth, holds) in holds.iter().enumerate() {
                statement.raw_bind_parameter(nth + 1, fields.next(*holds)?)?;
            }
            statement.raw_execute().map_err(|e| at(e, &sql))?;
        }
        Ok(())
    }
}

fn types(tx: &Tx<'_>, table: &str) -> Result<Types> {
    let all = tx.rows("select name, lower(type) from pragma_table_info($1)", &[&table], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?))
    })?;
    let known = |(name, kind): (String, String)| {
        let holds = Holds::of_type(&kind).ok_or_else(|| Error::internal(format!("{table}.{name} is {kind}")))?;
        Ok((name, holds))
    };
    all.into_iter().map(known).collect()
}

fn write_in_groups(connection: &Connection, jobs: &mpsc::Receiver<Waiting>) {
    let mut kept: Option<Waiting> = None;
    while let Some(work) = kept.take().or_else(|| jobs.recv().ok()) {
        let first = match work {
            Waiting::InGroup(it) => it,
            Waiting::Alone(it) => {
                it(connection);
                continue;
            }
        };
        let begun = connection.execute_batch("begin immediate").map_err(|e| cause("begin", e));
        let mut after = vec![first(connection, ALL)];
        if begun.is_ok() {
            while after.len() < GROUP
                && let Ok(work) = jobs.try_recv()
            {
                match work {
                    Waiting::InGroup(job) => after.push(job(connection, ITSELF)),
                    alone @ Waiting::Alone(_) => {
                        kept = Some(alone);
                        break;
                    }
                }
            }
        }
        let committed = begun.and_then(|()| {
            connection.execute_batch("commit").map_err(|e| {
                // The cause of the failed commit is what people are told; the group is gone either way.
                let _ = connection.execute_batch("rollback");
                cause("commit", e)
            })
        });
        for tell in after {
            tell(committed.clone());
        }
    }
}

fn cause(step: &str, e: rusqlite::Error) -> Cause {
    Cause { what: format!("SQLite: {step}: {e}"), duplicate: false, trouble: Trouble::of_sqlite(&e) }
}

/// How a job of a group is undone without harm to the jobs before it.
#[derive(Clone, Copy)]
struct Undo {
    before: &'static str,
    done: &'static str,
    failed: &'static str,
}

/// Before the first job there is nothing to keep. It has the transaction for itself, and so a long one does not drag a
/// savepoint's journal along, through which SQLite walks at the end of every statement.
const ALL: Undo = Undo { before: "", done: "", failed: "rollback; begin immediate" };
const ITSELF: Undo = Undo {
    before: "savepoint job",
    done: "release savepoint job",
    failed: "rollback to savepoint job; release savepoint job",
};

/// One job of a group: its failure undoes it alone. Where the transaction could not begin, or a full disk ended it, the
/// job does not run, and the commit tells everybody of the group why.
fn or_undone(connection: &Connection, undo: Undo, work: Work) -> Result<Answer, NotDone> {
    if connection.is_autocommit() {
        return Err(NotDone::Group);
    }
    connection.execute_batch(undo.before).map_err(|e| NotDone::Job(e.into()))?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&Tx::new(Inner::Sqlite(connection)))))
        .unwrap_or_else(|_| Err(Error::internal("a writing transaction panicked")));
    let result = result.and_then(|it| Ok(connection.execute_batch(undo.done).map(|()| it)?));
    result.map_err(|e| {
        let undone = connection.execute_batch(undo.failed);
        if undone.is_err() && !connection.is_autocommit() {
            // Half a job must not be committed with the others: the group goes as a whole.
            let _ = connection.execute_batch("rollback");
        }
        NotDone::Job(e)
    })
}

/// Why a job of a group left nothing behind.
enum NotDone {
    Job(Error),
    /// The whole group failed; the commit knows the cause.
    Group,
}

/// SQLite's spelling of numbered parameters.
fn spelt(sql: &str) -> String {
    let bytes = sql.bytes().map(|it| if it == b'$' { b'?' } else { it }).collect();
    String::from_utf8(bytes).expect("one ASCII character stands for another")
}

/// A statement as it is kept, with its values.
fn bound<'a>(connection: &'a Connection, sql: &str, values: &[&dyn Bind]) -> rusqlite::Result<CachedStatement<'a>> {
    let mut statement = connection.prepare_cached(&spelt(sql))?;
    if statement.parameter_count() != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), statement.parameter_count()));
    }
    for (at, it) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, it.cell())?;
    }
    Ok(statement)
}

pub fn each(
    connection: &Connection,
    sql: &str,
    values: &[&dyn Bind],
    with: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    in_transaction(connection)?;
    let mut statement = bound(connection, sql, values).map_err(|e| at(e, sql))?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        with(&Row::Sqlite(row))?;
    }
    Ok(())
}

pub fn run(connection: &Connection, sql: &str, values: &[&dyn Bind]) -> Result<u64> {
    in_transaction(connection)?;
    let mut statement = bound(connection, sql, values).map_err(|e| at(e, sql))?;
    let changed = statement.raw_execute().map_err(|e| at(e, sql))?;
    Ok(changed as u64)
}

pub fn batch(connection: &Connection, sql: &str) -> Result<()> {
    in_transaction(connection)?;
    Ok(connection.execute_batch(sql)?)
}

/// A full disk ends a transaction by itself; what follows must not be written piece by piece outside of it.
fn in_transaction(connection: &Connection) -> Result<()> {
    if connection.is_autocommit() { Err(Error::internal("SQLite: the transaction has ended")) } else { Ok(()) }
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
