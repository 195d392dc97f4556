//! Messages to people: every one is recorded, tried again when it fails, and never made twice.
//!
//! The inbox needs no sending. E-mail goes by SMTP (`mail.url`), text messages to the webhook of a gateway (`sms.url`).

mod mail;
mod send;
mod webhook;

pub use send::{retry, send_waiting};
pub use webhook::signature;

use jiff::Timestamp;

use crate::{Id, Result, Tx, clock::stamp, crypt::Crypt};

/// Where the sealed address lies; the seal is bound to it.
pub const ADDRESS_COLUMN: &str = "message.address";

/// A message for somebody's inbox.
pub struct Message<'a> {
    pub account: Id,
    pub title: &'a str,
    pub body: &'a str,
    pub link: Option<&'a str>,
    /// Says which fact this message tells of; a second message with the same key is not sent.
    pub unique_key: &'a str,
}

/// Ways to reach somebody outside the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Mail,
    Sms,
}

impl Channel {
    pub fn word(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
        }
    }
}

/// A message that leaves the product.
pub struct Outgoing<'a> {
    pub channel: Channel,
    /// E-mail address or phone number; stored sealed.
    pub address: &'a str,
    /// Subject of an e-mail; a text message has only its body.
    pub title: &'a str,
    pub body: &'a str,
    /// Says which fact this message tells of; a second message with the same key on this channel is not made.
    pub unique_key: &'a str,
    /// The account it is for, if it has one.
    pub account: Option<Id>,
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

/// Puts a message for another channel into the queue, in the transaction of the fact it tells of.
/// Gives whether it is new.
pub fn outgoing(tx: &Tx<'_>, crypt: &Crypt, message: &Outgoing<'_>, now: Timestamp) -> Result<bool> {
    let channel = message.channel.word();
    let key = format!("{channel} {}", message.unique_key);
    let made = tx.run(
        "insert into message (id, account, channel, address, title, body, unique_key, state, attempts, next_at, created)
         values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8)
         on conflict (unique_key) do nothing",
        &[
            &Id::new(now),
            &message.account,
            &channel,
            &crypt.seal(ADDRESS_COLUMN, message.address),
            &message.title,
            &message.body,
            &key,
            &stamp(now),
        ],
    )?;
    Ok(made == 1)
}

/// What became of a message for another channel: its state (`waiting`, `sent`, `failed`) and why it failed; nothing for one that was
/// never made.
pub fn outcome(tx: &Tx<'_>, channel: Channel, unique_key: &str) -> Result<Option<(String, String)>> {
    let key = format!("{} {unique_key}", channel.word());
    tx.row("select state, coalesce(error, '') from message where unique_key = $1", &[&key], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
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
