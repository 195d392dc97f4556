//! PostgreSQL through a pool. Closures run on a blocking thread and wait there for each statement.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use futures_util::{SinkExt, future::try_join_all};
use tokio::runtime::Handle;
use tokio_postgres::{NoTls, error::SqlState, types::ToSql};

use super::{Answer, Bind, Inner, Row, Tx, Work, rows::TableRows};
use crate::{Error, Result, table::Value, trouble::Trouble};

/// How long a request waits for a connection before its reader is told.
const WAIT: Duration = Duration::from_secs(10);

/// Requests are many and short: compiling a plan, or starting workers for it, costs them more than it saves.
const PLAIN: &str = "-c jit=off -c max_parallel_workers_per_gather=0";

pub struct Postgres {
    pool: Pool,
}

/// One connection, for the length of a transaction.
pub struct Session {
    client: Object,
    runtime: Handle,
}

impl Postgres {
    pub async fn open(url: &str) -> Result<Postgres, String> {
        let explain = |e: &dyn std::fmt::Display| {
            format!(
                "数据库地址有误,应为 postgres://用户:密码@主机:端口/库名 / \
                 not an address like postgres://user:password@host:port/name: {e}"
            )
        };
        let mut config: tokio_postgres::Config = url.parse().map_err(|e| explain(&e))?;
        if config.get_options().is_none() {
            config.options(PLAIN);
        }
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(16)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .build()
            .map_err(|e| explain(&e))?;
        let _reached = pool.get().await.map_err(|e| unreached(&e))?;
        Ok(Postgres { pool })
    }

    /// Reads one state, whatever others commit meanwhile.
    pub async fn read(&self, work: Work) -> Result<Answer> {
        self.run("begin isolation level repeatable read, read only", work).await
    }

    pub async fn write(&self, work: Work) -> Result<Answer> {
        self.run("begin", work).await
    }

    async fn run(&self, begin: &'static str, work: Work) -> Result<Answer> {
        let client = self.pool.get().await.map_err(|e| Error::trouble(Trouble::Away, said(&e)))?;
        let session = Session { client, runtime: Handle::current() };
        tokio::task::spawn_blocking(move || {
            session.batch(begin)?;
            let result = catch_unwind(AssertUnwindSafe(|| work(&Tx::new(Inner::Postgres(&session)))))
                .unwrap_or_else(|_| Err(Error::internal("a transaction panicked")));
            match result {
                Ok(it) => session.batch("commit").map(|()| it),
                Err(e) => {
                    // The cause is what people are told; a connection that cannot roll back is closed and not used again.
                    let _ = session.batch("rollback");
                    Err(e)
                }
            }
        })
        .await
        .map_err(Error::internal)?
    }
}

/// What the server or the wire said.
fn said(e: &PoolError) -> String {
    let PoolError::Backend(e) = e else { return format!("PostgreSQL: {e}") };
    let cause = std::error::Error::source(e).map(|it| format!(": {it}")).unwrap_or_default();
    format!("PostgreSQL: {e}{cause}")
}

/// Why the first connection failed, and what to do.
fn unreached(e: &PoolError) -> String {
    let state = if let PoolError::Backend(e) = e { e.code() } else { None };
    let advice = match state {
        Some(it) if [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION].contains(it) => {
            "用户名或密码不对:请核对 database_url / user or password is wrong: check database_url"
        }
        Some(it) if *it == SqlState::INVALID_CATALOG_NAME => {
            "这个数据库不存在:请先用 createdb 建立 / there is no such database: make it with createdb first"
        }
        _ => Trouble::Away.advice(),
    };
    format!("无法连接 PostgreSQL / cannot reach PostgreSQL: {}\n{advice}", said(e))
}

impl Session {
    pub fn each(&self, sql: &str, values: &[&dyn Bind], with: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let cells: Vec<_> = values.iter().map(|it| it.cell()).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        let rows = self.runtime.block_on(async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.query(&statement, &bound).await
        });
        for row in rows.map_err(|e| at(e, sql))? {
            with(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    pub fn execute(&self, sql: &str, values: &[&dyn Bind]) -> Result<u64> {
        let cells: Vec<_> = values.iter().map(|it| it.cell()).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        let changed = self.runtime.block_on(async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.execute(&statement, &bound).await
        });
        changed.map_err(|e| at(e, sql))
    }

    /// Runs statements in their order without waiting for the answer to each.
    pub fn execute_all(&self, all: &[(&'static str, Vec<Value>)]) -> Result<()> {
        let texts: BTreeSet<&'static str> = all.iter().map(|it| it.0).collect();
        self.runtime.block_on(async {
            let mut statements = BTreeMap::new();
            for sql in texts {
                statements.insert(sql, self.client.prepare_cached(sql).await.map_err(|e| at(e, sql))?);
            }
            let sent = all.iter().map(|(sql, values)| {
                let statement = &statements[sql];
                async move {
                    let cells: Vec<_> = values.iter().map(Bind::cell).collect();
                    let bound: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
                    self.client.execute(statement, &bound).await.map_err(|e| at(e, sql))
                }
            });
            try_join_all(sent).await.map(drop)
        })
    }

    pub fn batch(&self, sql: &str) -> Result<()> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|e| at(e, sql))
    }

    /// Sends rows, which a binary `copy` has begun and not ended.
    fn copy(&self, sql: &str, mut bytes: Vec<u8>) -> Result<()> {
        bytes.extend_from_slice(TRAILER);
        let copied = self.runtime.block_on(async {
            let sink = self.client.copy_in(sql).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(Cursor::new(bytes)).await?;
            sink.finish().await
        });
        copied.map(drop).map_err(|e| at(e, sql))
    }

    pub fn prepare(&self, sql: &str) -> Result<()> {
        self.runtime.block_on(self.client.prepare(sql)).map(drop).map_err(|e| at(e, sql))
    }
}

/// Copies the rows of a load into tables whose indexes wait for its end.
pub struct Copying<'a> {
    session: &'a Session,
    /// What builds constraints and indexes again.
    rebuild: Vec<String>,
    /// The tables that were empty, whose rows nobody else can have seen.
    empty: Vec<String>,
    /// Rows by the text that copies them.
    waiting: HashMap<String, Vec<u8>>,
}

/// So many bytes go in one `copy`.
const COPY: usize = 8 << 20;
/// What begins and ends a binary `copy`.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: &[u8] = &[0xff, 0xff];

impl<'a> Copying<'a> {
    pub fn begin(tx: &Tx<'_>, session: &'a Session, tables: &[&str]) -> Result<Copying<'a>> {
        session.batch("set local maintenance_work_mem = '512MB'; set local max_parallel_maintenance_workers = 2")?;
        let (mut rebuild, mut empty) = (Vec::new(), Vec::new());
        let (mut constraints, mut indexes) = (Vec::new(), Vec::new());
        for table in tables {
            // Whoever refers to a key goes first and comes back last.
            constraints.extend(tx.rows(
                "select conname::text, pg_get_constraintdef(oid), contype = 'f' from pg_constraint
                  where conrelid = $1::text::regclass and contype in ('p', 'u', 'f') order by contype = 'f' desc, conname",
                &[table],
                |row| Ok((*table, row.get::<String>(0)?, row.get::<String>(1)?, row.get::<bool>(2)?)),
            )?);
            indexes.extend(tx.rows(
                "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
                  where i.indrelid = $1::text::regclass
                    and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid) order by 1",
                &[table],
                |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
            )?);
            if tx.count(&format!("select count(*) from (select 1 from {table} limit 1) it"), &[])? == 0 {
                empty.push((*table).to_string());
            }
        }
        constraints.sort_by_key(|it| !it.3);
        for (table, name, _, _) in &constraints {
            session.batch(&format!("alter table {table} drop constraint \"{name}\""))?;
        }
        for (name, _) in &indexes {
            session.batch(&format!("drop index {name}"))?;
        }
        for table in &empty {
            session.batch(&format!("truncate {table}"))?;
        }
        for (table, name, said, _) in constraints.iter().rev() {
            rebuild.push(format!("alter table {table} add constraint \"{name}\" {said}"));
        }
        rebuild.extend(indexes.into_iter().map(|it| it.1));
        Ok(Copying { session, rebuild, empty, waiting: HashMap::new() })
    }

    pub fn write(&mut self, rows: &TableRows) -> Result<()> {
        let shape = &*rows.shape;
        let freeze = if self.empty.contains(&shape.table) { ", freeze" } else { "" };
        let copy = format!("copy {} ({}) from stdin (format binary{freeze})", shape.table, shape.columns.join(", "));
        let waiting = self.waiting.entry(copy.clone()).or_insert_with(|| HEADER.to_vec());
        waiting.extend_from_slice(&rows.bytes);
        if COPY < waiting.len() {
            let bytes = std::mem::replace(waiting, HEADER.to_vec());
            self.session.copy(&copy, bytes)?;
        }
        Ok(())
    }

    /// Copies what waits.
    pub fn flush(&mut self) -> Result<()> {
        self.waiting.drain().try_for_each(|(copy, bytes)| self.session.copy(&copy, bytes))
    }

    pub fn end(mut self) -> Result<()> {
        self.flush()?;
        self.rebuild.iter().try_for_each(|it| self.session.batch(it))
    }
}

/// The error with the statement it came from; values stay out, they may be personal.
fn at(e: tokio_postgres::Error, sql: &str) -> Error {
    match Error::from(e) {
        Error::Internal(mut cause) => {
            cause.what = format!("{} in: {sql}", cause.what);
            Error::Internal(cause)
        }
        other => other,
    }
}
