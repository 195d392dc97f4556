//! Certificates of staff: what somebody can show on paper, and until when it holds.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp, files};
use rules::{
    base::Date,
    workforce::{self as rule, Certificate, Held},
};

use super::{
    marks,
    staff::{self, Staff},
};
use crate::elders::Key;

/// A certificate as it is kept.
#[derive(Debug, Clone)]
pub struct Paper {
    pub id: Id,
    pub kind: Certificate,
    pub number: String,
    pub issuer: String,
    /// Grade or scope, such as 三级 or 内科专业.
    pub grade: String,
    pub from: Date,
    /// The last day, as it names it or as the region lays down; nothing where it does not expire.
    pub until: Option<Date>,
    pub file: Option<Id>,
}

/// A certificate as somebody hands it in.
#[derive(Debug)]
pub struct New<'a> {
    pub kind: Certificate,
    pub number: &'a str,
    pub issuer: &'a str,
    pub grade: &'a str,
    pub from: Date,
    pub until: Option<Date>,
    pub document: Option<&'a files::Stored>,
}

/// All certificates, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Paper>> {
    tx.rows(
        "select id, kind, number, issuer, grade, from_day, until_day, file from staff_certificate
          where region = $1 and staff = $2 order by from_day desc, id desc",
        &[&key.region, &key.id],
        |row| {
            let kind: String = row.get(1)?;
            Ok(Paper {
                id: row.get(0)?,
                kind: Certificate::parse(&kind)
                    .ok_or_else(|| Error::internal(format!("staff_certificate.kind = {kind}")))?,
                number: row.get(2)?,
                issuer: row.get(3)?,
                grade: row.get(4)?,
                from: row.get(5)?,
                until: row.get(6)?,
                file: row.get(7)?,
            })
        },
    )
}

/// Adds a certificate. Where it names no end, the region's period counts; one that the region says nothing of does not expire.
///
/// # Errors
/// `Invalid` for an end before the beginning.
pub fn add(tx: &Tx<'_>, ask: &Ask, staff: &Staff, new: &New<'_>) -> Result<()> {
    if new.until.is_some_and(|until| until < new.from) {
        return Err(Error::invalid("until", "有效至不能早于发证日"));
    }
    let key = &staff.key;
    let policy = ask.app.policy.at(key.region.parse().map_err(Error::internal)?, ask.today());
    let held = Held { kind: new.kind, from: new.from, until: new.until };
    let until = rule::validity(&held, &policy).map_or(new.until, |it| it.until);
    let file = new.document.map(|stored| files::note(tx, ask, &key.region, stored)).transpose()?;
    tx.run(
        "insert into staff_certificate (region, staff, id, kind, number, issuer, grade, from_day, until_day, file, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &key.id,
            &ask.new_id(),
            &new.kind.word(),
            &new.number,
            &new.issuer,
            &new.grade,
            &new.from.to_string(),
            &until.map(|it| it.to_string()),
            &file,
            &stamp(ask.now),
        ],
    )?;
    let end = until.map_or_else(|| ask.t("长期").to_string(), |it| it.to_string());
    let said = format!("{} {} {} — {end}", ask.t(new.kind.title()), new.number, new.from);
    staff::told(tx, ask, "add", staff, &said)?;
    marks::keep_staff(tx, &ask.app, key)
}

/// Removes one that was entered by mistake; the trail keeps what it was.
pub fn remove(tx: &Tx<'_>, ask: &Ask, staff: &Staff, id: Id) -> Result<()> {
    let key = &staff.key;
    let paper = of(tx, key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    tx.run("delete from staff_certificate where region = $1 and staff = $2 and id = $3", &[&key.region, &key.id, &id])?;
    staff::told(tx, ask, "remove", staff, &format!("{} {}", ask.t(paper.kind.title()), paper.number))?;
    marks::keep_staff(tx, &ask.app, key)
}

/// Refuses a file that is no certificate of this person.
pub fn check_file(tx: &Tx<'_>, key: &Key, file: Id) -> Result<()> {
    if of(tx, key)?.iter().any(|it| it.file == Some(file)) { Ok(()) } else { Err(Error::NotFound) }
}

/// The first day on which a certificate that ends on `until` is announced; its last day where the region lays nothing down.
pub fn warned_from(ask: &Ask, region: &str, until: Date) -> Date {
    let Ok(region) = region.parse() else { return until };
    rule::warned_from(until, &ask.app.policy.at(region, ask.today())).unwrap_or(until)
}
