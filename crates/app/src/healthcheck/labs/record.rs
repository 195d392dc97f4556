//! The files that were brought in: who sent them, what came of them, and the rows handed back.

use kit::{Ask, Error, Result, Tx, clock::stamp, db::Row, house::region_of};

use super::Report;
use crate::elders::Key;

const REPORT_COLUMN: &str = "healthcheck_import.report";

#[derive(Debug, Clone)]
pub struct Import {
    pub key: Key,
    pub who: String,
    pub file_name: String,
    pub accepted: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub persons: i64,
    report: Vec<u8>,
    pub created: String,
}

const COLUMNS: &str = "region, id, who, file_name, accepted, unchanged, refused, persons, report, created";

fn read(row: &Row<'_>) -> Result<Import> {
    Ok(Import {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        who: row.get(2)?,
        file_name: row.get(3)?,
        accepted: row.get(4)?,
        unchanged: row.get(5)?,
        refused: row.get(6)?,
        persons: row.get(7)?,
        report: row.get(8)?,
        created: row.get(9)?,
    })
}

impl Import {
    /// The rows handed back name people: only their sender and those of the same place see them.
    pub fn report(&self, ask: &Ask) -> Result<Report> {
        let text = ask.app.crypt.open_sealed(REPORT_COLUMN, &self.report).map_err(Error::internal)?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// Keeps what came of a file; gives its key.
pub fn keep(tx: &Tx<'_>, ask: &Ask, file_name: &str, report: &Report) -> Result<Key> {
    let key = Key { region: region_of(ask, &ask.who.scope.place), id: ask.new_id() };
    let sealed = ask.app.crypt.seal(REPORT_COLUMN, &serde_json::to_string(report)?);
    tx.run(
        "insert into healthcheck_import (region, id, account, who, file_name, accepted, unchanged, refused, persons, report,
                                         created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &key.id,
            &ask.who.account,
            &ask.who.name,
            &file_name,
            &(report.accepted as i64),
            &(report.unchanged as i64),
            &(report.refused.len() as i64),
            &(report.persons as i64),
            &sealed,
            &stamp(ask.now),
        ],
    )?;
    let detail = serde_json::json!({"file": file_name, "accepted": report.accepted, "refused": report.refused.len()});
    let entry = kit::audit::Entry {
        action: "import",
        subject: "healthcheck",
        subject_id: Some(key.id),
        region: &key.region,
        place: &ask.who.scope.place,
        detail: &detail.to_string(),
    };
    ask.note(tx, &entry)?;
    Ok(key)
}

/// The newest imports that this account made.
pub fn latest(tx: &Tx<'_>, ask: &Ask, most: usize) -> Result<Vec<Import>> {
    let region = region_of(ask, &ask.who.scope.place);
    tx.rows(
        &format!(
            "select {COLUMNS} from healthcheck_import where region = $1 and account = $2 order by id desc limit {most}"
        ),
        &[&region, &ask.who.account],
        read,
    )
}

/// One import of this account.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Import> {
    tx.one(
        &format!("select {COLUMNS} from healthcheck_import where region = $1 and id = $2 and account = $3"),
        &[&key.region, &key.id, &ask.who.account],
        read,
    )
}
