//! The audit trail: append-only, a hash chain per region, looks at personal pages included.

mod head;

use sha2::{Digest, Sha256};

use crate::{Error, Id, Result, Tx, Who, clock::stamp};

pub use head::{Head, compare, heads, parse_heads};

/// What happened to what.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// A word such as `look`, `create`, `change`, `export`, `sign-in`.
    pub action: &'static str,
    /// The table or thing, such as `elder`.
    pub subject: &'static str,
    pub subject_id: Option<Id>,
    pub region: &'a str,
    pub place: &'a str,
    /// What changed, as JSON or words; personal values masked.
    pub detail: &'a str,
}

/// Region of entries that belong to no county, such as sign-ins.
pub const HOUSE: &str = "000000";

/// An entry with who did it and when, as a transaction keeps it until its end.
pub(crate) struct Noted {
    region: String,
    at: String,
    account: Option<Id>,
    who: String,
    role: &'static str,
    action: &'static str,
    subject: &'static str,
    subject_id: Option<Id>,
    place: String,
    detail: String,
}

/// Writes one entry, in the transaction of what it tells of: at its end, so that the region's chain is held for a moment only.
pub fn write(tx: &Tx<'_>, who: Option<&Who>, entry: &Entry<'_>, now: jiff::Timestamp) -> Result<()> {
    tx.late().entries.push(Noted {
        region: entry.region.to_string(),
        at: stamp(now),
        account: who.map(|it| it.account),
        who: who.map_or("system", |it| &it.name).to_string(),
        role: who.map_or("system", |it| it.role.word()),
        action: entry.action,
        subject: entry.subject,
        subject_id: entry.subject_id,
        place: entry.place.to_string(),
        detail: entry.detail.to_string(),
    });
    Ok(())
}

/// Writes the entries of a transaction behind those of their region, region by region.
pub(crate) fn settle(tx: &Tx<'_>, mut entries: Vec<Noted>) -> Result<()> {
    entries.sort_by(|a, b| a.region.cmp(&b.region));
    for of_region in entries.chunk_by(|a, b| a.region == b.region) {
        append(tx, &of_region[0].region, of_region)?;
    }
    Ok(())
}

fn append(tx: &Tx<'_>, region: &str, entries: &[Noted]) -> Result<()> {
    let (mut seq, mut hash) = match last(tx, region)? {
        Some(it) => it,
        None => {
            // Of two that begin a chain at once, the second waits here and goes on from the first.
            tx.run(
                "insert into audit_head (region, seq, hash) values ($1, 0, $2) on conflict (region) do nothing",
                &[&region, &Vec::<u8>::new()],
            )?;
            last(tx, region)?.unwrap_or_default()
        }
    };
    for it in entries {
        seq += 1;
        let line = Line {
            seq,
            at: &it.at,
            account: it.account.map(|it| it.0),
            who: &it.who,
            role: it.role,
            action: it.action,
            subject: it.subject,
            subject_id: it.subject_id.map(|it| it.0),
            place: &it.place,
            detail: &it.detail,
        };
        hash = line.hash(region, &hash);
        tx.run(
            "insert into audit (region, seq, at, account, who, role, action, subject, subject_id, place, detail, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            &[
                &region,
                &seq,
                &line.at,
                &line.account,
                &line.who,
                &line.role,
                &line.action,
                &line.subject,
                &line.subject_id,
                &line.place,
                &line.detail,
                &hash,
            ],
        )?;
    }
    tx.run("update audit_head set seq = $2, hash = $3 where region = $1", &[&region, &seq, &hash])?;
    Ok(())
}

/// The last entry of a region's chain; writers of one region follow one another, or the chain would fork.
fn last(tx: &Tx<'_>, region: &str) -> Result<Option<(i64, Vec<u8>)>> {
    let sql = match tx.kind() {
        crate::db::Kind::Sqlite => "select seq, hash from audit_head where region = $1",
        crate::db::Kind::Postgres => "select seq, hash from audit_head where region = $1 for update",
    };
    tx.row(sql, &[&region], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What a check of the whole trail found.
#[derive(Debug, Default, PartialEq, serde::Serialize)]
pub struct Verdict {
    pub regions: usize,
    pub entries: i64,
    /// In words: where the chain does not hold.
    pub broken: Vec<String>,
}

/// Recomputes every hash of every region.
pub fn verify(tx: &Tx<'_>) -> Result<Verdict> {
    verify_last(tx, None)
}

/// As [`verify`], but only the last so many entries of each region; all without a number.
pub fn verify_last(tx: &Tx<'_>, most: Option<i64>) -> Result<Verdict> {
    let heads = tx.rows("select region, seq, hash from audit_head order by region", &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?))
    })?;
    let mut verdict = Verdict { regions: heads.len(), ..Verdict::default() };
    let headless = tx.rows(
        "select distinct region from audit
          where not exists (select 1 from audit_head h where h.region = audit.region)
          order by region",
        &[],
        |row| row.get::<String>(0),
    )?;
    verdict.broken.extend(headless.into_iter().map(|it| format!("{it}: 链头丢失 / the head of the chain is missing")));
    for (region, last_seq, last_hash) in heads {
        let (mut previous, mut seq) = match most.map(|it| last_seq - it).filter(|it| 0 < *it) {
            None => (Vec::new(), 0_i64),
            Some(before) => {
                let hash =
                    tx.row("select hash from audit where region = $1 and seq = $2", &[&region, &before], |row| {
                        row.get(0)
                    })?;
                (hash.unwrap_or_default(), before)
            }
        };
        let skipped = seq;
        let mut broken = None;
        loop {
            // In steps, so that a trail of millions does not stand in memory as a whole.
            let done = seq;
            tx.each(
                "select seq, at, account, who, role, action, subject, subject_id, place, detail, hash
               from audit where region = $1 and seq > $2 order by seq limit 5000",
                &[&region, &done],
                |row| {
                    if broken.is_some() {
                        return Ok(());
                    }
                    let (at, who, role): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
                    let (action, subject): (String, String) = (row.get(5)?, row.get(6)?);
                    let (place, detail): (String, String) = (row.get(8)?, row.get(9)?);
                    let line = Line {
                        seq: row.get(0)?,
                        at: &at,
                        account: row.get(2)?,
                        who: &who,
                        role: &role,
                        action: &action,
                        subject: &subject,
                        subject_id: row.get(7)?,
                        place: &place,
                        detail: &detail,
                    };
                    let stored: Vec<u8> = row.get(10)?;
                    if line.seq != seq + 1 {
                        broken = Some(format!("{region}: 第 {} 条缺失 / entry {} is missing", seq + 1, seq + 1));
                    } else if line.hash(&region, &previous) != stored {
                        broken = Some(format!("{region}: 第 {} 条被改动 / entry {} was changed", line.seq, line.seq));
                    }
                    (seq, previous) = (line.seq, stored);
                    Ok(())
                },
            )?;
            if seq == done || broken.is_some() {
                break;
            }
        }
        verdict.entries += seq - skipped;
        if broken.is_none() && (seq, &previous) != (last_seq, &last_hash) {
            broken = Some(format!("{region}: 第 {seq} 条之后被截断 / the end is cut off after entry {seq}"));
        }
        verdict.broken.extend(broken);
    }
    Ok(verdict)
}

struct Line<'a> {
    seq: i64,
    at: &'a str,
    account: Option<i64>,
    who: &'a str,
    role: &'a str,
    action: &'a str,
    subject: &'a str,
    subject_id: Option<i64>,
    place: &'a str,
    detail: &'a str,
}

impl Line<'_> {
    /// SHA-256 over the hash before and every field, each led by its length so that no two lines look alike.
    fn hash(&self, region: &str, previous: &[u8]) -> Vec<u8> {
        let number = |it: Option<i64>| it.map(|it| it.to_string()).unwrap_or_default();
        let fields = [
            region,
            &self.seq.to_string(),
            self.at,
            &number(self.account),
            self.who,
            self.role,
            self.action,
            self.subject,
            &number(self.subject_id),
            self.place,
            self.detail,
        ];
        let mut hasher = Sha256::new();
        hasher.update(previous);
        for field in fields {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hasher.finalize().to_vec()
    }
}

/// The audit's words for people.
pub fn action_title(action: &str) -> &str {
    match action {
        "look" => "查看",
        "create" => "新建",
        "change" => "修改",
        "delete" => "删除",
        "export" => "导出",
        "import" => "导入",
        "sign-in" => "登录",
        "sign-in-failed" => "登录失败",
        "sign-out" => "退出",
        "backup" => "备份",
        "restore" => "恢复",
        other => other,
    }
}

impl From<std::string::FromUtf8Error> for Error {
    fn from(it: std::string::FromUtf8Error) -> Error {
        Error::internal(it)
    }
}
