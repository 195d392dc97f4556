//! What elders and their families say did not happen: kept for those who check it, and never shown to the provider.

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};

use super::words;
use crate::elders::{self, Elder, Key, Records};

pub const FIELDS: &[Field] = &[field("said", "补充说明", Kind::Text(200))];
pub const CLOSE: &[Field] = &[
    field("state", "核查结果", Kind::Choice(words::FINDINGS)).required(),
    field("finding", "核查情况", Kind::LongText(500)).required(),
];

/// Writes down that a service did not happen.
///
/// # Errors
/// `NotFound` where the line is not of this elder, `Refused` where it was said already.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, claim: Id, input: &Input) -> Result<Id> {
    let said = form::check(FIELDS, input, &Options::new())?.text("said");
    let key = &elder.key;
    let records = Records::of(tx, key)?;
    let provider = tx.one(
        &format!(
            "select provider from ltci_claim
              where region = $1 and id = $2 and state <> 'withdrawn' and elder in ({})",
            records.after(2)
        ),
        &records.bind(&[&key.region, &claim]),
        |row| row.get::<Id>(0),
    )?;
    let id = ask.new_id();
    let write = |tx: &Tx<'_>| {
        tx.run(
            "insert into ltci_complaint (region, id, claim, elder, provider, said, state, caller, account, created, finding,
                                         closed_by)
             values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, '', '')",
            &[
                &key.region,
                &id,
                &claim,
                &key.id,
                &provider,
                &said,
                &ask.who.name,
                &ask.who.account,
                &stamp(ask.now),
            ],
        )
    };
    match tx.attempt(write) {
        Err(e) if e.is_duplicate() => return Err(Error::refused("complaint_open", "已经反映过,正在核查")),
        other => other?,
    };
    elders::note(tx, ask, "change", elder, &format!("complaint {id}"))?;
    Ok(id)
}

/// The lines of an elder's month that somebody said did not happen: line and state, the newest last.
pub fn of_elder(tx: &Tx<'_>, key: &Key, month: &str) -> Result<Vec<(Id, String)>> {
    let records = Records::of(tx, key)?;
    tx.rows(
        &format!(
            "select c.claim, c.state from ltci_complaint c join ltci_claim l on l.region = c.region and l.id = c.claim
              where c.region = $1 and l.month = $2 and c.elder in ({}) order by c.id",
            records.after(2)
        ),
        &records.bind(&[&key.region, &month]),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// What somebody said, for who checks it.
#[derive(Debug, Clone)]
pub struct Complaint {
    pub key: Key,
    pub claim: Id,
    pub elder: Id,
    pub said: String,
    pub state: String,
    pub caller: String,
    pub created: String,
    pub finding: String,
    pub closed_by: String,
}

/// One complaint about somebody of the scope.
///
/// # Errors
/// `NotFound` where it is not there, or whoever asks works for an institution.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Complaint, Elder)> {
    if ask.who.scope.organisation.is_some() {
        return Err(Error::NotFound);
    }
    let it = tx.one(
        "select claim, elder, said, state, caller, created, finding, closed_by from ltci_complaint where region = $1 and id = $2",
        &[&key.region, &key.id],
        |row| {
            Ok(Complaint {
                key: key.clone(),
                claim: row.get(0)?,
                elder: row.get(1)?,
                said: row.get(2)?,
                state: row.get(3)?,
                caller: row.get(4)?,
                created: row.get(5)?,
                finding: row.get(6)?,
                closed_by: row.get(7)?,
            })
        },
    )?;
    let elder = elders::find(tx, &ask.who.scope, &Key { region: key.region.clone(), id: it.elder })?;
    Ok((it, elder))
}

/// Closes a complaint with what was found.
///
/// # Errors
/// `Refused` where it is closed.
pub fn close(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let (it, elder) = find(tx, ask, key)?;
    if it.state != "open" {
        return Err(Error::refused("complaint_closed", "这条反映已经核查"));
    }
    let checked = form::check(CLOSE, input, &Options::new())?;
    tx.run(
        "update ltci_complaint set state = $3, finding = $4, closed_by = $5, closed = $6 where region = $1 and id = $2",
        &[&key.region, &key.id, &checked.text("state"), &checked.text("finding"), &ask.who.name, &stamp(ask.now)],
    )?;
    elders::note(tx, ask, "change", &elder, &format!("complaint {} closed", key.id))
}
