//! What happened to a case, entry by entry: steps of the clock, messages, what people did; and each time it was raised.

use jiff::Timestamp;
use kit::{Id, Lang, Result, Said, Tx, clock::stamp};

use crate::elders::Key;

/// One entry as it is kept.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: String,
    /// A word of `words::ENTRIES`.
    pub what: String,
    /// Empty where the clock did it.
    pub who: String,
    said: String,
    pub note: String,
    /// What became of its message: `waiting`, `sent`, `failed`; empty for what is none.
    pub sending: String,
}

impl Entry {
    pub fn said(&self, lang: Lang) -> String {
        Said::shown(&self.said, lang)
    }
}

/// What is written of a case.
pub struct New<'a> {
    pub what: &'static str,
    pub who: &'a str,
    pub said: Said,
    pub note: &'a str,
    /// The key of the text message that leaves with it; empty for none.
    pub message: &'a str,
}

impl<'a> New<'a> {
    pub fn of(what: &'static str, who: &'a str, said: impl Into<Said>) -> New<'a> {
        New { what, who, said: said.into(), note: "", message: "" }
    }

    pub fn note(self, note: &'a str) -> New<'a> {
        New { note, ..self }
    }
}

pub fn write(tx: &Tx<'_>, now: Timestamp, case: &Key, new: &New<'_>) -> Result<()> {
    let sending = if new.message.is_empty() { "" } else { "waiting" };
    tx.run(
        "insert into alarm_entry (region, alarm, id, at, what, who, said, note, message, sending)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            &case.region,
            &case.id,
            &Id::new(now),
            &stamp(now),
            &new.what,
            &new.who,
            &new.said.stored(),
            &new.note.chars().take(500).collect::<String>(),
            &new.message,
            &sending,
        ],
    )?;
    Ok(())
}

/// Everything that happened to a case, the oldest first.
pub fn all(tx: &Tx<'_>, case: &Key) -> Result<Vec<Entry>> {
    tx.rows(
        "select at, what, who, said, note, sending from alarm_entry where region = $1 and alarm = $2 order by id limit 1000",
        &[&case.region, &case.id],
        |row| {
            Ok(Entry {
                at: row.get(0)?,
                what: row.get(1)?,
                who: row.get(2)?,
                said: row.get(3)?,
                note: row.get(4)?,
                sending: row.get(5)?,
            })
        },
    )
}

/// One time a case was raised.
#[derive(Debug, Clone)]
pub struct Raised {
    pub at: String,
    pub received: String,
    pub device_label: String,
    said: String,
}

impl Raised {
    pub fn said(&self, lang: Lang) -> String {
        Said::shown(&self.said, lang)
    }
}

/// The newest raises of a case.
pub fn raises(tx: &Tx<'_>, case: &Key) -> Result<Vec<Raised>> {
    tx.rows(
        "select at, received, device_label, said from alarm_raise where region = $1 and alarm = $2 order by id desc limit 50",
        &[&case.region, &case.id],
        |row| Ok(Raised { at: row.get(0)?, received: row.get(1)?, device_label: row.get(2)?, said: row.get(3)? }),
    )
}
