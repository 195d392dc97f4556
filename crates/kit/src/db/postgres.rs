//! PostgreSQL through a pool. Closures run on a blocking thread and wait there for each statement.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use tokio::runtime::Handle;
use tokio_postgres::{NoTls, error::SqlState, types::ToSql};

use super::{Bind, Inner, Row, Tx};
use crate::{Error, Result, trouble::Trouble};

/// How long a request waits for a connection before its reader is told.
const WAIT: Duration = Duration::from_secs(10);

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
        let config: tokio_postgres::Config = url.parse().map_err(|e| explain(&e))?;
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
    pub async fn read<T: Send + 'static>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        self.run("begin isolation level repeatable read, read only", work).await
    }

    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run("begin", work).await
    }

    async fn run<T: Send + 'static>(
        &self,
        begin: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
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
    pub fn each(&self, sql: &str, values: &[&dyn Bind], mut with: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
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

    pub fn batch(&self, sql: &str) -> Result<()> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|e| at(e, sql))
    }

    pub fn prepare(&self, sql: &str) -> Result<()> {
        self.runtime.block_on(self.client.prepare(sql)).map(drop).map_err(|e| at(e, sql))
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
