//! Jobs: long or repeated work, taken by lease, tried again with growing pauses, shown with its progress and failures.

use std::{future::Future, pin::Pin};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{App, Error, Id, Result, Tx, clock::stamp};

/// A kind of work a module can do.
pub struct Work {
    pub kind: &'static str,
    pub title: &'static str,
    pub run: fn(App, Job) -> Running,
    /// Repeated work: minutes between runs.
    pub every_minutes: Option<i64>,
}

pub type Running = Pin<Box<dyn Future<Output = Result<Value>> + Send>>;

/// One piece of work as its runner gets it.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: Id,
    pub region: String,
    pub kind: String,
    pub body: Value,
    pub account: Option<Id>,
}

/// A job as people see it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: Id,
    pub kind: String,
    pub title: String,
    pub state: String,
    pub done: i64,
    pub total: i64,
    pub result: Option<Value>,
    pub error: Option<String>,
    pub account: Option<Id>,
}

const LEASE: SignedDuration = SignedDuration::from_secs(120);
const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(30);
const MOST_ATTEMPTS: i64 = 8;

/// What is to be done.
pub struct New<'a> {
    pub region: &'a str,
    pub kind: &'static str,
    /// While a job of this kind and key waits or runs, a second one is not made.
    pub unique_key: Option<&'a str>,
    pub title: &'a str,
    pub body: &'a Value,
    pub account: Option<Id>,
}

/// Puts work into the queue, in the transaction of the fact that asks for it; gives the job that stands there.
pub fn enqueue(tx: &Tx<'_>, new: &New<'_>, now: Timestamp) -> Result<Id> {
    if let Some(key) = new.unique_key {
        let standing = tx.row(
            "select id from job where kind = $1 and unique_key = $2 and state in ('waiting', 'running')",
            &[&new.kind, &key],
            |row| row.get(0),
        )?;
        if let Some(id) = standing {
            return Ok(id);
        }
    }
    let id = Id::new(now);
    tx.run(
        "insert into job (id, region, kind, unique_key, title, body, account, state, attempts, run_at, done, total, created)
         values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, 0, 0, $8)",
        &[&id, &new.region, &new.kind, &new.unique_key, &new.title, &new.body.to_string(), &new.account, &stamp(now)],
    )?;
    Ok(id)
}

pub fn find(tx: &Tx<'_>, id: Id) -> Result<Shown> {
    tx.one("select id, kind, title, state, done, total, result, error, account from job where id = $1", &[&id], |row| {
        let result: Option<String> = row.get(6)?;
        Ok(Shown {
            id: row.get(0)?,
            kind: row.get(1)?,
            title: row.get(2)?,
            state: row.get(3)?,
            done: row.get(4)?,
            total: row.get(5)?,
            result: result.map(|it| serde_json::from_str(&it)).transpose()?,
            error: row.get(7)?,
            account: row.get(8)?,
        })
    })
}

/// When the last job of a kind ended well, and its result.
pub fn last_result(tx: &Tx<'_>, kind: &str) -> Result<Option<(String, Value)>> {
    let last = tx.row(
        "select finished, result from job where kind = $1 and state = 'done' order by id desc limit 1",
        &[&kind],
        |row| Ok((row.get::<Option<String>>(0)?, row.get::<Option<String>>(1)?)),
    )?;
    match last {
        Some((Some(at), Some(result))) => Ok(Some((at, serde_json::from_str(&result)?))),
        _ => Ok(None),
    }
}

/// Tells how far a job has come, and keeps its lease.
pub async fn progress(app: &App, id: Id, done: i64, total: i64) -> Result<()> {
    let until = stamp(app.clock.now() + LEASE);
    app.db
        .write(move |tx| {
            tx.run(
                "update job set done = $2, total = $3, leased_until = $4 where id = $1",
                &[&id, &done, &total, &until],
            )
        })
        .await?;
    Ok(())
}

/// Puts a failed job back into the queue.
pub fn retry(tx: &Tx<'_>, id: Id, now: Timestamp) -> Result<()> {
    let changed = tx.run(
        "update job set state = 'waiting', attempts = 0, run_at = $2, error = null where id = $1 and state = 'failed'",
        &[&id, &stamp(now)],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Takes the next job that is due, if any, and runs it to its end. Gives whether there was one.
pub async fn run_next(app: &App) -> Result<bool> {
    let (now, until) = (app.clock.now(), stamp(app.clock.now() + LEASE));
    let taken = app
        .db
        .write(move |tx| {
            tx.row(
                "update job set state = 'running', attempts = attempts + 1, leased_until = $2
                  where id = (select id from job
                               where state in ('waiting', 'running') and run_at <= $1
                                 and (state = 'waiting' or leased_until < $1)
                               order by run_at, id limit 1)
                    and (state = 'waiting' or leased_until < $1)
                 returning id, region, kind, body, account, attempts",
                &[&stamp(now), &until],
                |row| {
                    let body: String = row.get(3)?;
                    let job = Job {
                        id: row.get(0)?,
                        region: row.get(1)?,
                        kind: row.get(2)?,
                        body: serde_json::from_str(&body)?,
                        account: row.get(4)?,
                    };
                    Ok((job, row.get::<i64>(5)?))
                },
            )
        })
        .await?;
    let Some((job, attempts)) = taken else { return Ok(false) };
    let id = job.id;
    let work = app.modules.iter().flat_map(|it| it.jobs).find(|it| it.kind == job.kind);
    let result = match work {
        Some(work) => {
            let mut running = tokio::spawn((work.run)(app.clone(), job));
            loop {
                match tokio::time::timeout(HEARTBEAT, &mut running).await {
                    Ok(ended) => {
                        break ended.unwrap_or_else(|e| Err(Error::internal(format!("the job panicked: {e}"))));
                    }
                    // Work that is slow to tell of its progress keeps its lease all the same.
                    Err(_) => keep_lease(app, id).await?,
                }
            }
        }
        None => Err(Error::internal(format!("本程序没有这种任务 / no such work: {}", job.kind))),
    };
    finish(app, id, attempts, result).await?;
    Ok(true)
}

async fn keep_lease(app: &App, id: Id) -> Result<()> {
    let until = stamp(app.clock.now() + LEASE);
    app.db
        .write(move |tx| tx.run("update job set leased_until = $2 where id = $1 and state = 'running'", &[&id, &until]))
        .await?;
    Ok(())
}

async fn finish(app: &App, id: Id, attempts: i64, result: Result<Value>) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| match result {
            Ok(value) => tx.run(
                "update job set state = 'done', finished = $2, result = $3, error = null, leased_until = null where id = $1",
                &[&id, &stamp(now), &value.to_string()],
            ),
            Err(e) => {
                // What a rule or a field refuses will be refused again; only our own failures are worth another try.
                let again = matches!(e, Error::Internal(_)) && attempts < MOST_ATTEMPTS;
                let pause = SignedDuration::from_secs(15_i64 << attempts.clamp(0, 10));
                tx.run(
                    "update job set state = $2, run_at = $3, error = $4, leased_until = null, finished = $5 where id = $1",
                    &[
                        &id,
                        &(if again { "waiting" } else { "failed" }),
                        &stamp(now + pause),
                        &e.to_string(),
                        &(!again).then(|| stamp(now)),
                    ],
                )
            }
        })
        .await?;
    Ok(())
}

/// Enqueues repeated work whose time has come.
pub async fn enqueue_repeated(app: &App) -> Result<()> {
    let app_too = app.clone();
    app.db
        .write(move |tx| {
            let now = app_too.clock.now();
            for work in app_too.modules.iter().flat_map(|it| it.jobs) {
                let Some(minutes) = work.every_minutes else { continue };
                let since = stamp(now - SignedDuration::from_mins(minutes));
                let recent =
                    tx.count("select count(*) from job where kind = $1 and created > $2", &[&work.kind, &since])?;
                if recent == 0 {
                    let new = New {
                        region: crate::audit::HOUSE,
                        kind: work.kind,
                        unique_key: Some("repeated"),
                        title: work.title,
                        body: &Value::Null,
                        account: None,
                    };
                    enqueue(tx, &new, now)?;
                }
            }
            Ok(())
        })
        .await
}
