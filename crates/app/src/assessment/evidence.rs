//! Evidence: photos from the site, material of the application, and the pictures of signatures.

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    files::{self, Stored},
};
use serde_json::json;

use super::{
    record::{self, Assessment},
    words,
};
use crate::elders::Elder;

/// One piece of evidence.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub kind: String,
    pub file: Id,
    pub note: String,
    pub who: String,
    pub at: String,
}

/// Pieces one assessment may have.
const MOST: i64 = 60;

/// A file as somebody sends it.
#[derive(Debug)]
pub struct New<'a> {
    /// A word of `words::EVIDENCE`.
    pub kind: &'a str,
    pub note: &'a str,
    pub stored: &'a Stored,
}

/// Keeps one file with the assessment.
pub fn add(tx: &Tx<'_>, ask: &Ask, it: &Assessment, elder: &Elder, new: &New<'_>) -> Result<()> {
    if words::EVIDENCE.iter().all(|it| it.0 != new.kind) {
        return Err(Error::invalid("kind", "请选择附件种类"));
    }
    if it.state.is_final() {
        return Err(Error::refused("ended", "评估已结束,不能再加附件"));
    }
    if MOST <= total(tx, it)? {
        return Err(Error::refused("too_many_files", "附件过多,一份评估最多 60 个"));
    }
    let file = files::note(tx, ask, &it.key.region, new.stored)?;
    tx.run(
        "insert into assessment_evidence (region, assessment, id, kind, file, note, account, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &it.key.region,
            &it.key.id,
            &ask.new_id(),
            &new.kind,
            &file,
            &new.note,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    record::note(tx, ask, "change", it, elder, &json!({"evidence": new.kind}).to_string())
}

pub fn all(tx: &Tx<'_>, it: &Assessment) -> Result<Vec<Evidence>> {
    tx.rows(
        "select kind, file, note, who, at from assessment_evidence
          where region = $1 and assessment = $2 order by id",
        &[&it.key.region, &it.key.id],
        |row| {
            Ok(Evidence { kind: row.get(0)?, file: row.get(1)?, note: row.get(2)?, who: row.get(3)?, at: row.get(4)? })
        },
    )
}

pub fn count(tx: &Tx<'_>, it: &Assessment, kind: &str) -> Result<i64> {
    tx.count(
        "select count(*) from assessment_evidence where region = $1 and assessment = $2 and kind = $3",
        &[&it.key.region, &it.key.id, &kind],
    )
}

fn total(tx: &Tx<'_>, it: &Assessment) -> Result<i64> {
    tx.count(
        "select count(*) from assessment_evidence where region = $1 and assessment = $2",
        &[&it.key.region, &it.key.id],
    )
}

/// Refuses a file that does not belong to this assessment, as evidence or as a signature.
pub fn check(tx: &Tx<'_>, it: &Assessment, file: Id) -> Result<()> {
    let is_signature = it.assessors.iter().any(|it| it.signature == Some(file));
    let is_evidence = all(tx, it)?.iter().any(|it| it.file == file);
    if is_signature || is_evidence { Ok(()) } else { Err(Error::NotFound) }
}
