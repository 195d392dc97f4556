//! An application for benefit, from the wish to the decision.

use kit::{Ask, Error, Id, Refusal, Result, Scope, Tx, clock::stamp, db::Row};
use rules::{base::Date, ltci::Grade};

use super::step;
use crate::elders::{self, Elder, Key, Records};

#[derive(Debug, Clone)]
pub struct Application {
    pub key: Key,
    pub elder: Id,
    /// A word of `words::APPLICANTS`.
    pub applicant: String,
    pub applicant_name: String,
    pub mode: String,
    pub provider: Option<Id>,
    pub bonus: String,
    pub note: String,
    /// A word of `words::STATES`.
    pub state: String,
    pub assessment: Option<Id>,
    pub grade: Option<Grade>,
    pub applied: String,
    pub due: Option<Date>,
    pub decided: Option<Date>,
    pub decided_by: String,
    pub reason: String,
    pub reason_note: String,
    pub decision: String,
}

const COLUMNS: &str = "region, id, elder, applicant, applicant_name, mode, provider, bonus, note, state, assessment, grade, \
    applied, due_day, decided_day, decided_by, reason, reason_note, decision";

fn read(row: &Row<'_>) -> Result<Application> {
    Ok(Application {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        applicant: row.get(3)?,
        applicant_name: row.get(4)?,
        mode: row.get(5)?,
        provider: row.get(6)?,
        bonus: row.get(7)?,
        note: row.get(8)?,
        state: row.get(9)?,
        assessment: row.get(10)?,
        grade: row.get::<Option<i64>>(11)?.map(step::grade).transpose()?,
        applied: row.get(12)?,
        due: row.get(13)?,
        decided: row.get(14)?,
        decided_by: row.get(15)?,
        reason: row.get(16)?,
        reason_note: row.get(17)?,
        decision: row.get(18)?,
    })
}

impl Application {
    pub fn link(&self) -> String {
        format!("/ltci/applications/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    /// The day on which it came in.
    pub fn applied_day(&self) -> Result<Date> {
        Ok(kit::clock::day_of(self.applied.parse().map_err(Error::internal)?))
    }

    pub fn is_open(&self) -> bool {
        matches!(&*self.state, "assessing" | "deciding")
    }
}

/// The application and its elder, if the scope holds them or the institution that is to give the care asks.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Application, Elder)> {
    let it = by_key(tx, key)?;
    let elder = elders::find_served(tx, scope, &it.elder_key(), it.provider)?;
    Ok((it, elder))
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Application> {
    let sql = format!("select {COLUMNS} from ltci_application where region = $1 and id = $2");
    tx.one(&sql, &[&key.region, &key.id], read)
}

/// All applications of an elder and of the records merged into theirs, the newest first.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Application>> {
    let records = Records::of(tx, key)?;
    tx.rows(
        &format!(
            "select {COLUMNS} from ltci_application where region = $1 and elder in ({}) order by id desc",
            records.after(1)
        ),
        &records.bind(&[&key.region]),
        read,
    )
}

/// The application that is not decided yet: there is one at most, but for who had two records.
pub fn open(tx: &Tx<'_>, key: &Key) -> Result<Option<Application>> {
    Ok(of_elder(tx, key)?.into_iter().rev().find(Application::is_open))
}

/// Writes a new application.
///
/// # Errors
/// `Refused` where one of the elder is open; the database would refuse it too.
pub fn insert(tx: &Tx<'_>, ask: &Ask, it: &Application) -> Result<()> {
    let written = tx.attempt(|tx| {
        tx.run(
            "insert into ltci_application (region, id, elder, applicant, applicant_name, mode, provider, bonus, note, state,
                                           assessment, grade, applied, due_day, decided_by, reason, reason_note, decision,
                                           account)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, '', '', $16)",
            &[
                &it.key.region,
                &it.key.id,
                &it.elder,
                &it.applicant,
                &it.applicant_name,
                &it.mode,
                &it.provider,
                &it.bonus,
                &it.note,
                &it.state,
                &it.assessment,
                &it.grade.map(|it| i64::from(u8::from(it))),
                &stamp(ask.now),
                &it.due.map(|it| it.to_string()),
                &it.reason,
                &ask.who.account,
            ],
        )
    });
    match written {
        Err(e) if e.is_duplicate() => Err(match open(tx, &it.elder_key())? {
            Some(other) => under_way(&other),
            None => e,
        }),
        Err(e) => Err(e),
        Ok(_) => Ok(()),
    }
}

/// Why a second application is refused, with the way to the first.
pub fn under_way(other: &Application) -> Error {
    let why = "已有办理中的待遇申请".into();
    Error::Refused(Refusal { code: "under_way", why, source: None, link: Some(other.link()) })
}

/// Brings an application whose assessment has a conclusion before the clerk; of several conclusions the last counts.
pub fn concluded(tx: &Tx<'_>, key: &Key, assessment: Id, grade: Option<Grade>, due: Option<Date>) -> Result<()> {
    tx.run(
        "update ltci_application set state = 'deciding', assessment = $3, grade = $4, due_day = $5
          where region = $1 and id = $2 and state in ('assessing', 'deciding')",
        &[&key.region, &key.id, &assessment, &grade.map(|it| i64::from(u8::from(it))), &due.map(|it| it.to_string())],
    )?;
    Ok(())
}

/// How an application was closed.
pub struct Closed<'a> {
    pub state: &'a str,
    pub reason: &'a str,
    pub note: &'a str,
    pub decision: &'a str,
}

/// Closes an open application.
///
/// # Errors
/// `Refused` where somebody else was faster.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &Application, how: &Closed<'_>) -> Result<()> {
    let changed = tx.run(
        "update ltci_application set state = $3, decided_day = $4, decided_by = $5, reason = $6, reason_note = $7, decision = $8
          where region = $1 and id = $2 and state in ('assessing', 'deciding')",
        &[
            &it.key.region,
            &it.key.id,
            &how.state,
            &ask.today().to_string(),
            &ask.who.name,
            &how.reason,
            &how.note,
            &how.decision,
        ],
    )?;
    if changed == 0 {
        return Err(Error::refused("changed_meanwhile", "这份申请刚刚被他人办理,请刷新后再看"));
    }
    Ok(())
}
