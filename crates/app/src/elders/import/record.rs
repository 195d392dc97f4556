//! What is kept of each import: the file, what was chosen, what came of it.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Error, Id, Result, Tx, audit, clock::stamp, sheet::Override};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::notice::Notice;
use super::run::{Options, Outcome};
use crate::elders::elder::Key;

const RESULT_COLUMN: &str = "elder_import.result";
/// Refused rows and warnings that are kept one by one; the Excel file has all refused rows.
const MOST_KEPT: usize = 2000;

/// An import as people see it.
#[derive(Debug, Clone)]
pub struct Import {
    pub key: Key,
    pub file: Option<Id>,
    pub file_name: String,
    pub place: String,
    pub dry_run: bool,
    pub job: Option<Id>,
    pub choice: Choice,
    /// `waiting`, `done` or `failed`.
    pub state: String,
    pub accepted: i64,
    pub same_again: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub refused_file: Option<Id>,
    pub account: Id,
    pub created: String,
    result: Option<Vec<u8>>,
}

/// Columns that the person who uploads has chosen: sheet → key and column, from 0.
pub type Choice = BTreeMap<String, Vec<(String, usize)>>;

/// What came of an import, as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// The answer of `import --format json`; refused rows and warnings beyond `MOST_KEPT` left out.
    pub report: Value,
    pub notices: Vec<Notice>,
    pub sheets: Vec<SheetColumns>,
    /// In words, where the file could not be read at all.
    pub failure: Option<String>,
}

/// How the columns of a sheet were understood.
#[derive(Debug, Serialize, Deserialize)]
pub struct SheetColumns {
    pub sheet: String,
    pub header_row: u32,
    pub columns: Vec<Column>,
}

/// A column: what stands above it, and what it was taken for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Column {
    pub at: usize,
    pub header: String,
    pub key: Option<String>,
}

/// The overrides that a choice stands for.
pub fn chosen(choice: &Choice) -> HashMap<String, Override> {
    let one = |columns: &Vec<(String, usize)>| Override { header_row: None, columns: columns.clone() };
    choice.iter().map(|(sheet, it)| (sheet.clone(), one(it))).collect()
}

impl Kept {
    pub fn of(outcome: &Outcome) -> Result<Kept> {
        let mut report = serde_json::to_value(&outcome.report)?;
        report["refused_rows"] = json!(outcome.report.refused.len());
        for list in ["refused", "warnings"] {
            if let Some(all) = report[list].as_array_mut() {
                all.truncate(MOST_KEPT);
            }
        }
        let sheets = outcome.headers.iter().map(|(sheet, header)| SheetColumns {
            sheet: sheet.clone(),
            header_row: header.first_row,
            columns: (0..header.texts.len())
                .map(|at| Column {
                    at,
                    header: header.texts[at].clone(),
                    key: header.mapped.iter().find(|it| it.column == at).map(|it| it.key.to_string()),
                })
                .filter(|it| !it.header.is_empty())
                .collect(),
        });
        Ok(Kept { report, notices: outcome.notices.clone(), sheets: sheets.collect(), failure: None })
    }
}

const COLUMNS: &str = "region, id, file, file_name, place, dry_run, job, choice, state, accepted, same_again, unchanged, \
                       refused, refused_file, account, created, result";

fn read(row: &kit::db::Row<'_>) -> Result<Import> {
    let choice: String = row.get(7)?;
    Ok(Import {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        file: row.get(2)?,
        file_name: row.get(3)?,
        place: row.get(4)?,
        dry_run: row.get(5)?,
        job: row.get(6)?,
        choice: serde_json::from_str(&choice)?,
        state: row.get(8)?,
        accepted: row.get(9)?,
        same_again: row.get(10)?,
        unchanged: row.get(11)?,
        refused: row.get(12)?,
        refused_file: row.get(13)?,
        account: row.get(14)?,
        created: row.get(15)?,
        result: row.get(16)?,
    })
}

impl Import {
    /// What came of it; nothing while it waits or runs.
    pub fn kept(&self, ask: &Ask) -> Result<Option<Kept>> {
        let Some(sealed) = &self.result else { return Ok(None) };
        let text = ask.app.crypt.open_sealed(RESULT_COLUMN, sealed).map_err(Error::internal)?;
        Ok(Some(serde_json::from_str(&text)?))
    }
}

/// One import, whoever asks.
pub fn of_job(tx: &Tx<'_>, key: &Key) -> Result<Import> {
    tx.one(&format!("select {COLUMNS} from elder_import where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// One import, where its place lies in the reader's scope.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Import> {
    let import = of_job(tx, key)?;
    if may_see(ask, &import) { Ok(import) } else { Err(Error::NotFound) }
}

/// Those who work in an institution see their own imports alone.
fn may_see(ask: &Ask, import: &Import) -> bool {
    let own = import.account == ask.who.account;
    ask.who.scope.covers(&ask.app.places.tree(), &import.place) && (ask.who.scope.organisation.is_none() || own)
}

/// The latest imports of the reader's counties.
pub fn latest(tx: &Tx<'_>, ask: &Ask, most: usize) -> Result<Vec<Import>> {
    let mut all = Vec::new();
    let sql = format!("select {COLUMNS} from elder_import where region = $1 order by id desc limit 50");
    for county in ask.who.scope.counties.iter() {
        all.extend(tx.rows(&sql, &[county], read)?.into_iter().filter(|it| may_see(ask, it)));
    }
    all.sort_by_key(|it| std::cmp::Reverse(it.key.id));
    all.truncate(most);
    Ok(all)
}

/// What is to be imported.
pub struct New<'a> {
    pub file: Option<Id>,
    pub file_name: &'a str,
    pub place: &'a str,
    pub dry_run: bool,
    pub choice: &'a Choice,
}

/// Notes an import that waits to be run.
pub fn create(tx: &Tx<'_>, ask: &Ask, new: &New<'_>) -> Result<Key> {
    let tree = ask.app.places.tree();
    let region = tree.county_of(new.place).ok_or(Error::NotFound)?.code.clone();
    let key = Key { region, id: ask.new_id() };
    tx.run(
        "insert into elder_import (region, id, account, file, file_name, place, dry_run, choice, state, accepted, same_again,
                                   unchanged, refused, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, 0, 0, $9)",
        &[
            &key.region,
            &key.id,
            &ask.who.account,
            &new.file,
            &new.file_name,
            &new.place,
            &new.dry_run,
            &serde_json::to_string(new.choice)?,
            &stamp(ask.now),
        ],
    )?;
    Ok(key)
}

pub fn set_job(tx: &Tx<'_>, key: &Key, job: Id) -> Result<()> {
    tx.run("update elder_import set job = $3 where region = $1 and id = $2", &[&key.region, &key.id, &job])?;
    Ok(())
}

/// Notes what came of an import, in its record and in the audit trail.
pub fn finish(tx: &Tx<'_>, ask: &Ask, key: &Key, kept: &Kept, refused_file: Option<Id>) -> Result<()> {
    let state = if kept.failure.is_some() { "failed" } else { "done" };
    let n = |name: &str| match &kept.report[name] {
        Value::Number(it) => it.as_i64().unwrap_or(0),
        _ => 0,
    };
    // The list is cut where it is long; the number of its rows is kept beside it.
    let refused = n("refused_rows");
    let (accepted, again, unchanged) = (n("accepted"), n("same_person_again"), n("unchanged"));
    let sealed = ask.app.crypt.seal(RESULT_COLUMN, &serde_json::to_string(kept)?);
    tx.run(
        "update elder_import set state = $3, accepted = $4, same_again = $5, unchanged = $6, refused = $7, result = $8,
                refused_file = $9
          where region = $1 and id = $2",
        &[&key.region, &key.id, &state, &accepted, &again, &unchanged, &refused, &sealed, &refused_file],
    )?;
    let import = of_job(tx, key)?;
    let detail = json!({
        "file": import.file_name, "dry_run": import.dry_run, "accepted": accepted, "same_person_again": again,
        "unchanged": unchanged, "refused": refused, "state": state,
    })
    .to_string();
    let entry = audit::Entry {
        action: "import",
        subject: "elder",
        subject_id: Some(key.id),
        region: &key.region,
        place: &import.place,
        detail: &detail,
    };
    ask.note(tx, &entry)
}

/// Notes an import that was run at the command line, where the file stays with whoever has it.
pub async fn note(ask: &Ask, options: &Options, file_name: &str, outcome: &Outcome) -> Result<()> {
    let kept = Kept::of(outcome)?;
    let (options, file_name) = (options.clone(), file_name.to_string());
    ask.write(move |tx, ask| {
        let new = New {
            file: None,
            file_name: &file_name,
            place: &options.place,
            dry_run: options.dry_run,
            choice: &Choice::new(),
        };
        let key = create(tx, ask, &new)?;
        finish(tx, ask, &key, &kept, None)
    })
    .await
}
