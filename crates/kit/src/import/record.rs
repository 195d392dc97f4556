//! What is kept of an import: the file, what came of it, the rows handed back.

use serde::{Deserialize, Serialize};

use super::{Import, run::Report};
use crate::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    files::{self, Stored},
    place::ScopeColumns,
};

const COLUMN: &str = "sheet_import.result";
/// Refused rows that the page shows; the Excel file has all.
const MOST: usize = 200;

/// One import as its page shows it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub region: String,
    pub id: Id,
    pub who: String,
    pub file: Id,
    pub file_name: String,
    pub place: String,
    pub dry_run: bool,
    pub accepted: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub refused_file: Option<Id>,
    pub created: String,
    result: Vec<u8>,
}

/// What the page shows beside the numbers; sealed, for rows may name people.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Rows {
    /// Sheet, row, column, value, reason.
    pub refused: Vec<(String, u32, String, String, String)>,
    pub warnings: Vec<(String, String, String)>,
}

impl Kept {
    pub fn rows(&self, ask: &Ask) -> Result<Rows> {
        let plain = ask.app.crypt.open_sealed(COLUMN, &self.result).map_err(Error::internal)?;
        Ok(serde_json::from_str(&plain)?)
    }
}

/// What an import was asked to do.
pub struct New<'a> {
    pub region: &'a str,
    pub place: &'a str,
    pub file: Id,
    pub file_name: &'a str,
    pub dry_run: bool,
}

pub fn keep(
    tx: &Tx<'_>,
    ask: &Ask,
    import: &Import,
    new: &New<'_>,
    report: &Report,
    refused: Option<&Stored>,
) -> Result<Id> {
    let id = ask.new_id();
    let rows = Rows {
        refused: report
            .refused
            .iter()
            .take(MOST)
            .map(|it| (it.sheet.clone(), it.row, it.column.clone(), it.value.clone(), it.reason.clone()))
            .collect(),
        warnings: report.warnings.iter().map(|it| (it.sheet.clone(), it.column.clone(), it.reason.clone())).collect(),
    };
    let sealed = ask.app.crypt.seal(COLUMN, &serde_json::to_string(&rows)?);
    let refused_file = refused.map(|it| files::note(tx, ask, new.region, it)).transpose()?;
    tx.run(
        "insert into sheet_import (region, id, kind, account, who, file, file_name, place, dry_run, accepted, unchanged, refused,
                                   result, refused_file, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            &new.region,
            &id,
            &import.kind,
            &ask.who.account,
            &ask.who.name,
            &new.file,
            &new.file_name,
            &new.place,
            &new.dry_run,
            &(report.accepted as i64),
            &(report.unchanged as i64),
            &(report.refused.len() as i64),
            &sealed,
            &refused_file,
            &stamp(ask.now),
        ],
    )?;
    Ok(id)
}

const COLUMNS: &str =
    "i.region, i.id, i.who, i.file, i.file_name, i.place, i.dry_run, i.accepted, i.unchanged, i.refused,
    i.refused_file, i.created, i.result";

fn read(row: &crate::db::Row<'_>) -> Result<Kept> {
    Ok(Kept {
        region: row.get(0)?,
        id: row.get(1)?,
        who: row.get(2)?,
        file: row.get(3)?,
        file_name: row.get(4)?,
        place: row.get(5)?,
        dry_run: row.get(6)?,
        accepted: row.get(7)?,
        unchanged: row.get(8)?,
        refused: row.get(9)?,
        refused_file: row.get(10)?,
        created: row.get(11)?,
        result: row.get(12)?,
    })
}

const SCOPE: ScopeColumns =
    ScopeColumns { region: "i.region", street: None, place: "i.place", organisation: None, person: None };

/// The latest imports of a kind in the reader's scope.
pub fn latest(tx: &Tx<'_>, ask: &Ask, kind: &str) -> Result<Vec<Kept>> {
    let mut scope = ask.who.scope.clone();
    // Who works in an institution sees the own imports.
    let own = scope.organisation.take().is_some();
    let mut values = Vec::new();
    let condition = scope.sql(&SCOPE, &mut values);
    values.push(Box::new(kind.to_string()));
    let kind = values.len();
    let mut mine = String::new();
    if own {
        values.push(Box::new(ask.who.account));
        mine = format!("and i.account = ${}", values.len());
    }
    let values: Vec<&dyn crate::db::Bind> = values.iter().map(|it| it as &dyn crate::db::Bind).collect();
    let sql = format!(
        "select {COLUMNS} from sheet_import i where {condition} and i.kind = ${kind} {mine} order by i.id desc limit 20"
    );
    tx.rows(&sql, &values, read)
}

/// One of them.
pub fn find(tx: &Tx<'_>, ask: &Ask, kind: &str, id: Id) -> Result<Kept> {
    for region in ask.who.scope.counties.iter() {
        let sql = format!("select {COLUMNS} from sheet_import i where i.region = $1 and i.id = $2 and i.kind = $3");
        if let Some(it) = tx.row(&sql, &[region, &id, &kind], read)? {
            let account: Id =
                tx.one("select account from sheet_import where region = $1 and id = $2", &[region, &id], |row| {
                    row.get(0)
                })?;
            let is_own = account == ask.who.account;
            let may = is_own || ask.who.scope.holds(&it.region, &it.place, None, None);
            return if may { Ok(it) } else { Err(Error::NotFound) };
        }
    }
    Err(Error::NotFound)
}
