//! How whoever comes to help gets in (入户须知): who has the key, the code of the door, the dog. Sealed, and shown to those who answer.

use kit::{Ask, Error, Result, Tx, clock::stamp};

use crate::elders::{self, Elder, Key, Records};

const COLUMN: &str = "alarm_access.note";

/// What is known, and who said it when; of a merged person the newest.
#[derive(Debug, Clone)]
pub struct Access {
    pub note: String,
    pub changed: String,
    pub who: String,
}

pub fn of(tx: &Tx<'_>, ask: &Ask, elder: &Key) -> Result<Option<Access>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select note, changed, who from alarm_access where region = $1 and elder in ({}) order by changed desc limit 1",
        records.after(1)
    );
    let found = tx.row(&sql, &records.bind(&[&elder.region]), |row| {
        Ok((row.get::<Vec<u8>>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
    })?;
    let Some((sealed, changed, who)) = found else { return Ok(None) };
    let note = ask.app.crypt.open_sealed(COLUMN, &sealed).map_err(Error::internal)?;
    Ok(Some(Access { note, changed, who }).filter(|it| !it.note.is_empty()))
}

/// Writes it down; empty takes it away.
pub fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, note: &str) -> Result<()> {
    let note: String = note.trim().chars().take(500).collect();
    tx.run(
        "insert into alarm_access (region, elder, note, changed, who) values ($1, $2, $3, $4, $5)
         on conflict (region, elder) do update set note = excluded.note, changed = excluded.changed, who = excluded.who",
        &[
            &elder.key.region,
            &elder.key.id,
            &ask.app.crypt.seal(COLUMN, &note),
            &stamp(ask.now),
            &ask.who.name,
        ],
    )?;
    elders::note(tx, ask, "change", elder, "access to the home")
}
