//! Licences and filings (证照与备案) with their days, and the document of each.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, files};
use rules::{
    base::Date,
    institution::{self as rule, LicenceKind, Standing},
};

use super::{institution::Institution, today};
use crate::elders::Key;

#[derive(Debug, Clone)]
pub struct Licence {
    pub id: Id,
    pub kind: LicenceKind,
    pub number: String,
    pub issuer: String,
    pub from: Date,
    /// The last day.
    pub until: Option<Date>,
    /// The first day on which it was withdrawn or given back.
    pub ended: Option<Date>,
    pub ended_reason: String,
    pub file: Option<Id>,
    pub remark: String,
}

/// A licence as somebody hands it in.
#[derive(Debug)]
pub struct New<'a> {
    pub kind: LicenceKind,
    pub number: &'a str,
    pub issuer: &'a str,
    pub from: Date,
    pub until: Option<Date>,
    pub remark: &'a str,
    pub document: Option<&'a files::Stored>,
}

impl Licence {
    /// As the rules know it.
    pub fn fact(&self) -> rule::Licence {
        rule::Licence { kind: self.kind, from: self.from, until: self.until, ended: self.ended }
    }
}

/// All licences, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Licence>> {
    tx.rows(
        "select id, kind, number, issuer, from_day, until_day, ended_day, ended_reason, file, remark
           from institution_licence where region = $1 and institution = $2 order by from_day desc, id desc",
        &[&key.region, &key.id],
        |row| {
            let kind: String = row.get(1)?;
            Ok(Licence {
                id: row.get(0)?,
                kind: LicenceKind::parse(&kind)
                    .ok_or_else(|| Error::internal(format!("institution_licence.kind = {kind}")))?,
                number: row.get(2)?,
                issuer: row.get(3)?,
                from: row.get(4)?,
                until: row.get(5)?,
                ended: row.get(6)?,
                ended_reason: row.get(7)?,
                file: row.get(8)?,
                remark: row.get(9)?,
            })
        },
    )
}

/// How a licence stands today; `None` where the region has laid nothing down.
pub fn standing(ask: &Ask, key: &Key, licence: &Licence, day: Date) -> Option<Standing> {
    let region = key.region.parse().ok()?;
    rule::standing(&licence.fact(), &ask.app.policy.at(region, day)).ok()
}

/// Adds a licence or filing. A renewal is a new one; the old one stays as it was.
///
/// # Errors
/// `Invalid` for an end before the beginning, and for one that is there already.
pub fn add(tx: &Tx<'_>, ask: &Ask, it: &Institution, new: &New<'_>) -> Result<()> {
    if it.known.is_none() {
        return Err(Error::refused("not_known", "请先补充机构信息"));
    }
    if new.until.is_some_and(|until| until < new.from) {
        return Err(Error::invalid("until", "有效期止日不能早于起日"));
    }
    let file = new.document.map(|stored| files::note(tx, ask, &it.key.region, stored)).transpose()?;
    let written = tx.attempt(|tx| {
        tx.run(
            "insert into institution_licence (region, institution, id, kind, number, issuer, from_day, until_day, ended_reason,
                                              file, remark, created)
             values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11)",
            &[
                &it.key.region,
                &it.key.id,
                &ask.new_id(),
                &new.kind.word(),
                &new.number,
                &new.issuer,
                &new.from.to_string(),
                &new.until.map(|it| it.to_string()),
                &file,
                &new.remark,
                &stamp(ask.now),
            ],
        )
    });
    written.map_err(|e| {
        if e.is_duplicate() {
            Error::invalid("number", Said::new("编号“{value}”的这种证照已登记").with("value", new.number))
        } else {
            e
        }
    })?;
    let until = new.until.map_or_else(|| ask.t("长期").to_string(), |it| it.to_string());
    let said = format!("{} {} {} — {until}", ask.t(new.kind.title()), new.number, new.from);
    it.told(tx, ask, "add", &said)?;
    today::keep(tx, ask, it)
}

/// Notes that a licence was withdrawn or given back.
pub fn end(tx: &Tx<'_>, ask: &Ask, it: &Institution, id: Id, day: Date, reason: &str) -> Result<()> {
    let licence = one(tx, &it.key, id)?;
    if day < licence.from {
        return Err(Error::invalid("day", "注销日不能早于起日"));
    }
    tx.run(
        "update institution_licence set ended_day = $4, ended_reason = $5 where region = $1 and institution = $2 and id = $3",
        &[&it.key.region, &it.key.id, &id, &day.to_string(), &reason],
    )?;
    let title = ask.t(licence.kind.title());
    let said = ask.f(
        "{title} {number} 于 {day} 注销:{reason}",
        &[("title", &title), ("number", &licence.number), ("day", &day), ("reason", &reason)],
    );
    it.told(tx, ask, "change", &said)?;
    today::keep(tx, ask, it)
}

/// Removes a licence that was entered by mistake; the trail keeps what it was.
pub fn remove(tx: &Tx<'_>, ask: &Ask, it: &Institution, id: Id, reason: &str) -> Result<()> {
    let licence = one(tx, &it.key, id)?;
    tx.run(
        "delete from institution_licence where region = $1 and institution = $2 and id = $3",
        &[&it.key.region, &it.key.id, &id],
    )?;
    let said = format!("{} {}: {reason}", ask.t(licence.kind.title()), licence.number);
    it.told(tx, ask, "remove", &said)?;
    today::keep(tx, ask, it)
}

fn one(tx: &Tx<'_>, key: &Key, id: Id) -> Result<Licence> {
    of(tx, key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)
}

/// Refuses a file that is no document of this institution.
pub fn check_file(tx: &Tx<'_>, key: &Key, file: Id) -> Result<()> {
    if of(tx, key)?.iter().any(|it| it.file == Some(file)) { Ok(()) } else { Err(Error::NotFound) }
}
