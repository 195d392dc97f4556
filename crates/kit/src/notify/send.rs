//! Sending what waits: taken by lease, so that of two servers one sends; tried again with growing pauses.

use jiff::{SignedDuration, Timestamp};

use super::{ADDRESS_COLUMN, mail, webhook};
use crate::{App, Error, Id, Result, Tx, clock::stamp};

/// Messages one round takes.
const ROUND: usize = 20;
/// How long a server may take for one round before another may try.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const MOST_ATTEMPTS: i64 = 8;

/// A message as its sender gets it.
pub(super) struct Waiting {
    pub id: Id,
    pub channel: String,
    pub address: String,
    pub title: String,
    pub body: String,
    pub attempts: i64,
}

/// Why a message did not leave.
pub(super) enum Failure {
    /// The other side may take it later.
    Later(String),
    /// It will never take this one.
    Never(String),
}

/// Sends what waits for another channel than the inbox; gives how many were tried.
pub async fn send_waiting(app: &App) -> Result<usize> {
    let taken = take(app).await?;
    let count = taken.len();
    for waiting in taken {
        let (id, attempts) = (waiting.id, waiting.attempts);
        let sent = match &*waiting.channel {
            _ if waiting.address.is_empty() => {
                Err(Failure::Never("地址无法解密 / the address cannot be opened".into()))
            }
            "mail" if !app.config.mail.url.is_empty() => mail::send(&app.config.mail, &waiting).await,
            "sms" if !app.config.sms.url.is_empty() => webhook::send(app, waiting).await,
            other => Err(Failure::Never(format!("没有配置发送渠道 / no such channel is configured: {other}"))),
        };
        note(app, id, attempts, sent).await?;
    }
    Ok(count)
}

async fn take(app: &App) -> Result<Vec<Waiting>> {
    let app_too = app.clone();
    let now = app.clock.now();
    if app.db.read(move |tx| due(tx, now)).await? == 0 {
        return Ok(Vec::new());
    }
    app.db
        .write(move |tx| {
            let sql = format!(
                "update message set next_at = $2, attempts = attempts + 1
                  where id in (select id from message where state = 'waiting' and next_at <= $1
                                order by next_at, id limit {ROUND})
                    and state = 'waiting' and next_at <= $1
                 returning id, channel, address, title, body, attempts"
            );
            tx.rows(&sql, &[&stamp(now), &stamp(now + LEASE)], |row| {
                let sealed: Option<Vec<u8>> = row.get(2)?;
                // What cannot be opened is refused below, and does not hold up the others.
                let address = app_too.crypt.open_sealed(ADDRESS_COLUMN, &sealed.unwrap_or_default());
                Ok(Waiting {
                    id: row.get(0)?,
                    channel: row.get(1)?,
                    address: address.unwrap_or_default(),
                    title: row.get(3)?,
                    body: row.get(4)?,
                    attempts: row.get(5)?,
                })
            })
        })
        .await
}

fn due(tx: &Tx<'_>, now: Timestamp) -> Result<i64> {
    tx.count("select count(*) from message where state = 'waiting' and next_at <= $1", &[&stamp(now)])
}

async fn note(app: &App, id: Id, attempts: i64, sent: Result<(), Failure>) -> Result<()> {
    let now = app.clock.now();
    let (state, error, next) = match sent {
        Ok(()) => ("sent", None, now),
        Err(Failure::Later(why)) if attempts < MOST_ATTEMPTS => {
            ("waiting", Some(why), now + SignedDuration::from_secs(30_i64 << attempts.clamp(0, 10)))
        }
        Err(Failure::Later(why) | Failure::Never(why)) => ("failed", Some(why), now),
    };
    if let Some(why) = &error {
        tracing::warn!(id = %id, attempts, "message not sent: {why}");
    }
    let sent = (state == "sent").then(|| stamp(now));
    app.db
        .write(move |tx| {
            tx.run(
                "update message set state = $2, error = $3, next_at = $4, sent = $5 where id = $1",
                &[&id, &state, &error, &stamp(next), &sent],
            )
        })
        .await?;
    Ok(())
}

/// Puts a failed message back into the queue.
pub fn retry(tx: &Tx<'_>, id: Id, now: Timestamp) -> Result<()> {
    let changed = tx.run(
        "update message set state = 'waiting', attempts = 0, next_at = $2, error = null where id = $1 and state = 'failed'",
        &[&id, &stamp(now)],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
