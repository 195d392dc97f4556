//! Decisions with their reasons: each value used, its region, since when, which document, and the digest of the folder.

use std::{fmt, str::FromStr};

use kit::{
    Ask, Error, Id, Result, Scope, Tx, audit,
    clock::stamp,
    db::{Put, Row},
    digest,
};
use rules::{base::Date, policy};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// What a decision is about, so that it is found again and only those see it who may.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// The county that keeps it.
    pub region: &'a str,
    /// Where the person or thing is.
    pub place: &'a str,
    pub organisation: Option<Id>,
    pub person: Option<Id>,
    /// The word of the module that decides, such as `assessment`.
    pub subject: &'static str,
    pub subject_id: Id,
    /// The page of what was decided on; begins with `/`.
    pub link: &'a str,
    /// The policy topic it was decided by, such as `ltci`.
    pub topic: &'static str,
}

/// Which decision: the county that keeps it and its number there. Written `510703-12345`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub region: String,
    pub id: Id,
}

/// A decision as it was kept.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    pub key: Key,
    #[serde(skip)]
    pub place: String,
    pub subject: String,
    pub subject_id: Id,
    pub link: String,
    pub topic: String,
    pub answer: Value,
    pub because: Vec<Reason>,
    /// The region whose policy was asked, and the day.
    pub policy_region: String,
    pub day: Date,
    pub policy_digest: String,
    pub created: String,
}

/// One value a decision rests on, as it was then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub topic: String,
    pub param: String,
    pub value: Value,
    pub region: String,
    pub region_name: String,
    pub from: Date,
    pub document: Option<String>,
    pub clause: Option<String>,
    pub status: String,
    pub confirmed: u8,
    pub checked: Option<Date>,
    pub note: Option<String>,
}

impl Reason {
    /// Whether the value was invented for demonstration.
    pub fn is_example(&self) -> bool {
        self.status == "示例"
    }
}

/// Keeps a decision in the transaction of what it decides.
pub fn decide<T: Serialize>(tx: &Tx<'_>, ask: &Ask, about: &About<'_>, decision: &policy::Decision<T>) -> Result<Id> {
    let (id, created) = (ask.new_id(), stamp(ask.now));
    let answer = serde_json::to_string(&decision.answer)?;
    let because = serde_json::to_string(&decision.because)?;
    let reasons = digest::of(&because);
    tx.put_shared(
        "insert into decision_reasons (region, digest, because) values ($1, $2, $3) on conflict (region, digest) do nothing",
        about.region,
        &reasons,
        &because,
    )?;
    let (policy_region, day) = (decision.region.to_string(), decision.day.to_string());
    tx.run(
        "insert into decision (region, id, place, organisation, person, subject, subject_id, link, topic, answer,
                               reasons, policy_region, policy_digest, day, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            &about.region,
            &id,
            &about.place,
            &about.organisation,
            &about.person,
            &about.subject,
            &about.subject_id,
            &about.link,
            &about.topic,
            &answer,
            &reasons,
            &policy_region,
            &decision.policy_digest,
            &day,
            &created,
        ],
    )?;
    Ok(id)
}

/// One decision of the scope.
///
/// # Errors
/// `NotFound` where it is not there, or outside of the scope.
pub fn decision(tx: &Tx<'_>, scope: &Scope, region: &str, id: Id) -> Result<Kept> {
    let sql = format!(
        "select {COLUMNS} from decision d join decision_reasons r on r.region = d.region and r.digest = d.reasons
          where d.region = $1 and d.id = $2"
    );
    tx.one(&sql, &[&region, &id], |row| {
        let (organisation, person): (Option<Id>, Option<Id>) = (row.get(13)?, row.get(14)?);
        let kept = read(row)?;
        let seen = scope.holds(&kept.key.region, &kept.place, organisation, person);
        if seen { Ok(kept) } else { Err(Error::NotFound) }
    })
}

/// Notes in the audit trail that a decision was looked at.
pub(super) fn note(tx: &Tx<'_>, ask: &Ask, kept: &Kept) -> Result<()> {
    let entry = audit::Entry {
        action: "look",
        subject: "decision",
        subject_id: Some(kept.key.id),
        region: &kept.key.region,
        place: &kept.place,
        detail: "",
    };
    ask.note(tx, &entry)
}

pub(super) const COLUMNS: &str = "d.region, d.id, d.place, d.subject, d.subject_id, d.link, d.topic, d.answer, \
    r.because, d.policy_region, d.day, d.policy_digest, d.created, d.organisation, d.person";

pub(super) fn read(row: &Row<'_>) -> Result<Kept> {
    let (answer, because): (String, String) = (row.get(7)?, row.get(8)?);
    Ok(Kept {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        place: row.get(2)?,
        subject: row.get(3)?,
        subject_id: row.get(4)?,
        link: row.get(5)?,
        topic: row.get(6)?,
        answer: serde_json::from_str(&answer)?,
        because: serde_json::from_str(&because)?,
        policy_region: row.get(9)?,
        day: row.get(10)?,
        policy_digest: row.get(11)?,
        created: row.get(12)?,
    })
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.region, self.id)
    }
}

impl FromStr for Key {
    type Err = Error;
    fn from_str(text: &str) -> Result<Key> {
        let (region, id) = text.split_once('-').ok_or(Error::NotFound)?;
        let is_region = region.len() == 6 && region.bytes().all(|it| it.is_ascii_digit());
        let id = id.parse().map_err(|_| Error::NotFound)?;
        if is_region { Ok(Key { region: region.to_string(), id }) } else { Err(Error::NotFound) }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
