//! One yearly check as it is kept.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    clock::stamp,
    db::{Bind, Put, Row},
    digest,
    tally::Lot,
};
use rules::{
    base::Date,
    healthcheck::{Found, Level, Missing},
    policy::InForce,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::elders::{self, Elder, Key, Records};

#[derive(Debug, Clone)]
pub struct Check {
    pub key: Key,
    pub elder: Id,
    pub year: i64,
    /// The number on tubes and slips.
    pub number: String,
    pub day: Date,
    pub is_finished: bool,
    pub organisation: Option<Id>,
    pub doctor: String,
    /// Why parts are missing, as the doctor who finished it says.
    pub note: String,
    pub self_care: Option<SelfCare>,
    pub complete: bool,
    pub counts: bool,
    pub missing: Missing,
    /// What is out of order; of checks read as a list only how many, and whether something is urgent.
    pub found: Vec<Found>,
    pub abnormal: i64,
    pub is_urgent: bool,
    pub finished: Option<String>,
}

/// The result of the self-care scale, with the edition it was found by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelfCare {
    pub instrument: String,
    pub edition: String,
    pub digest: String,
    pub total: String,
    pub level: String,
    pub level_en: String,
    /// Any level but the best.
    pub dependent: bool,
}

const COLUMNS: &str = "region, id, elder, year, number, day, state, organisation, doctor, note, self_care, complete, \
    counts, missing, found, abnormal, urgent, finished";

fn read(row: &Row<'_>) -> Result<Check> {
    let (self_care, missing): (Option<String>, String) = (row.get(10)?, row.get(13)?);
    let state: String = row.get(6)?;
    Ok(Check {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        year: row.get(3)?,
        number: row.get(4)?,
        day: row.get(5)?,
        is_finished: state == "finished",
        organisation: row.get(7)?,
        doctor: row.get(8)?,
        note: row.get(9)?,
        self_care: self_care.map(|it| serde_json::from_str(&it)).transpose()?,
        complete: row.get(11)?,
        counts: row.get(12)?,
        missing: serde_json::from_str(&missing)?,
        found: Vec::new(),
        abnormal: row.get(15)?,
        is_urgent: row.get(16)?,
        finished: row.get(17)?,
    })
}

/// A check with what was found.
fn read_whole(tx: &Tx<'_>, condition: &str, values: &[&dyn Bind]) -> Result<Option<Check>> {
    let sql = format!("select {COLUMNS} from healthcheck where region = $1 and {condition}");
    let read = tx.row(&sql, values, |row| Ok((read(row)?, row.get::<String>(14)?)))?;
    let Some((mut check, digests)) = read else { return Ok(None) };
    for digest in digests.split_whitespace() {
        let said: String = tx.one(
            "select said from healthcheck_finding where region = $1 and digest = $2",
            &[&check.key.region, &digest],
            |row| row.get(0),
        )?;
        check.found.push(serde_json::from_str(&said)?);
    }
    Ok(Some(check))
}

/// What is said of each finding, led by its digest.
pub fn said(found: &[Found]) -> Result<Vec<(String, String)>> {
    let one = |it: &Found| {
        let said = serde_json::to_string(it)?;
        Ok((digest::of(&said)[..16].to_string(), said))
    };
    found.iter().map(one).collect()
}

/// Says of a finding what others of the county have, too.
pub fn put_said(to: &impl Put, region: &str, digest: &str, said: &str) -> Result<()> {
    to.put_shared(
        "insert into healthcheck_finding (region, digest, said) values ($1, $2, $3) on conflict (region, digest) do nothing",
        region,
        digest,
        said,
    )
}

impl Check {
    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn link(&self) -> String {
        format!("/healthcheck/{}", self.key)
    }

    fn state(&self) -> &'static str {
        if self.is_finished { "finished" } else { "open" }
    }

    /// The policy on the day of the check: a later change does not judge it anew.
    pub fn policy<'a>(&self, ask: &'a Ask) -> InForce<'a> {
        ask.app.policy_in(&self.key.region, self.day)
    }

    pub fn set_found(&mut self, found: Vec<Found>) {
        self.abnormal = found.len() as i64;
        self.is_urgent = found.iter().any(|it| it.level == Level::Urgent);
        self.found = found;
    }
}

/// The check and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Check, Elder)> {
    let check = read_whole(tx, "id = $2", &[&key.region, &key.id])?.ok_or(Error::NotFound)?;
    let elder = elders::find(tx, scope, &check.elder_key())?;
    Ok((check, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Check, Elder)> {
    tx.hold("healthcheck", &key.region, key.id)?;
    find(tx, scope, key)
}

/// The check with a number, as a laboratory knows it.
pub fn numbered(tx: &Tx<'_>, number: &str) -> Result<Option<Check>> {
    let Some(region) = number.get(..6) else { return Ok(None) };
    read_whole(tx, "number = $2", &[&region, &number])
}

/// All checks of an elder and of the records merged into theirs, newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Check>> {
    let mut all = Vec::new();
    for record in elders::records(tx, elder)? {
        let sql = format!(
            "select {COLUMNS} from healthcheck where region = $1 and elder = $2 order by year desc, id desc limit 60"
        );
        all.extend(tx.rows(&sql, &[&elder.region, &record], read)?);
    }
    all.sort_by_key(|it| std::cmp::Reverse((it.day, it.key.id)));
    Ok(all)
}

/// The newest check of an elder and of the records merged into theirs.
pub fn last(tx: &Tx<'_>, elder: &Key) -> Result<Option<Check>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from healthcheck where region = $1 and elder in ({}) order by day desc, id desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), read)
}

/// The newest finished check of an elder and of the records merged into theirs, with what was found.
pub fn last_whole(tx: &Tx<'_>, elder: &Key) -> Result<Option<Check>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select id from healthcheck where region = $1 and elder in ({}) and state = 'finished' order by day desc, id desc limit 1",
        records.after(1)
    );
    let newest: Option<Id> = tx.row(&sql, &records.bind(&[&elder.region]), |row| row.get(0))?;
    newest.map_or(Ok(None), |id| read_whole(tx, "id = $2", &[&elder.region, &id]))
}

/// As [`of_elder`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Check>>> {
    let sql = format!("select {COLUMNS}, elder from healthcheck where region = $1 and elder >= $2 and elder <= $3");
    elders::rows_of(tx, lot, &sql, read)
}

/// The day of the last check that was finished.
pub fn last_finished(tx: &Tx<'_>, elder: &Key) -> Result<Option<Date>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select day from healthcheck where region = $1 and elder in ({}) and state = 'finished' order by year desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), |row| row.get(0))
}

/// The check of a year, begun and written if there is none; gives whether it is new.
///
/// # Errors
/// `Invalid` for a day in the future.
pub fn of_year(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<(Check, bool)> {
    let (check, is_new) = of_year_or_begun(tx, ask, elder, day)?;
    if is_new {
        write_begun(tx, ask, &check, elder)?;
    }
    Ok((check, is_new))
}

/// As [`of_year`], but a check that is new is not written.
pub fn of_year_or_begun(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<(Check, bool)> {
    if ask.today() < day {
        return Err(Error::invalid("day", kit::Said::new("体检日期“{value}”不能晚于今天").with("value", day)));
    }
    let (year, region) = (i64::from(day.year()), &elder.key.region);
    let records = Records::of(tx, &elder.key)?;
    let sql = format!(
        "select {COLUMNS} from healthcheck where region = $1 and elder in ({}) and year = $2 order by day desc, id desc limit 1",
        records.after(2)
    );
    if let Some(open) = tx.row(&sql, &records.bind(&[region, &year]), read)? {
        return Ok((open, false));
    }
    // Not `returning`: for it SQLite walks through all that a long transaction has changed.
    tx.run(
        "insert into healthcheck_number (region, year, n) values ($1, $2, 1)
         on conflict (region, year) do update set n = healthcheck_number.n + 1",
        &[region, &year],
    )?;
    let n: i64 =
        tx.one("select n from healthcheck_number where region = $1 and year = $2", &[region, &year], |row| row.get(0))?;
    Ok((begun(ask, elder, day, n), true))
}

/// Writes a check that is new, with what was found so far.
pub fn write_begun(tx: &Tx<'_>, ask: &Ask, check: &Check, elder: &Elder) -> Result<()> {
    let said = said(&check.found)?;
    said.iter().try_for_each(|(digest, said)| put_said(tx, &check.key.region, digest, said))?;
    insert(tx, check, &said, &stamp(ask.now))?;
    note(tx, ask, "create", check, elder, "")
}

/// The check that begins with the `n`th number of its county and year.
pub fn begun(ask: &Ask, elder: &Elder, day: Date, n: i64) -> Check {
    let (region, year) = (&elder.key.region, i64::from(day.year()));
    Check {
        key: Key { region: region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        year,
        // The county leads: a number on a tube finds its check wherever it was drawn.
        number: format!("{region}{:02}{n:06}", year % 100),
        day,
        is_finished: false,
        organisation: ask.who.organisation,
        doctor: String::new(),
        note: String::new(),
        self_care: None,
        complete: false,
        counts: false,
        missing: Missing { parts: Vec::new(), counting: Vec::new() },
        found: Vec::new(),
        abnormal: 0,
        is_urgent: false,
        finished: None,
    }
}

/// Writes a new check; what is said of its findings is written apart.
pub fn insert(to: &impl Put, it: &Check, said: &[(String, String)], created: &str) -> Result<()> {
    let found_out = found_out(it, said)?;
    let mut values: Vec<&dyn Bind> =
        vec![&it.key.region, &it.key.id, &it.elder, &it.year, &it.number, &it.organisation, &created];
    values.extend(found_out.iter().map(|it| it as &dyn Bind));
    to.put(
        "insert into healthcheck (region, id, elder, year, number, organisation, created, day, state, doctor, note, self_care,
                                  complete, counts, missing, found, abnormal, urgent, finished)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        &values,
    )
}

/// What changes about a check as it goes on, from its day to when it was finished.
fn found_out(it: &Check, said: &[(String, String)]) -> Result<[Box<dyn Bind + Send>; 12]> {
    let digests: Vec<&str> = said.iter().map(|it| &*it.0).collect();
    Ok([
        Box::new(it.day.to_string()),
        Box::new(it.state()),
        Box::new(it.doctor.clone()),
        Box::new(it.note.clone()),
        Box::new(it.self_care.as_ref().map(serde_json::to_string).transpose()?),
        Box::new(it.complete),
        Box::new(it.counts),
        Box::new(serde_json::to_string(&it.missing)?),
        Box::new(digests.join(" ")),
        Box::new(it.abnormal),
        Box::new(it.is_urgent),
        Box::new(it.finished.clone()),
    ])
}

/// Says how many numbers a county gave out in a year.
pub fn put_number(to: &impl Put, region: &str, year: i64, n: i64) -> Result<()> {
    to.put("insert into healthcheck_number (region, year, n) values ($1, $2, $3)", &[&region, &year, &n])
}

/// Writes what was found out about the check as a whole.
pub fn store(tx: &Tx<'_>, it: &Check) -> Result<()> {
    let said = said(&it.found)?;
    said.iter().try_for_each(|(digest, said)| put_said(tx, &it.key.region, digest, said))?;
    let found_out = found_out(it, &said)?;
    let mut values: Vec<&dyn Bind> = vec![&it.key.region, &it.key.id];
    values.extend(found_out.iter().map(|it| it as &dyn Bind));
    tx.run(
        "update healthcheck set day = $3, state = $4, doctor = $5, note = $6, self_care = $7, complete = $8, counts = $9,
                missing = $10, found = $11, abnormal = $12, urgent = $13, finished = $14
          where region = $1 and id = $2",
        &values,
    )?;
    Ok(())
}

/// Notes that somebody looked at this check, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Check, elder: &Elder, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "healthcheck",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &elder.place,
        detail,
    };
    ask.note(tx, &entry)
}

/// The check for programs.
pub fn json_of(it: &Check, values: &rules::healthcheck::Values, sections: &serde_json::Value) -> serde_json::Value {
    json!({
        "id": it.key, "elder": it.elder_key(), "year": it.year, "number": it.number, "day": it.day,
        "state": it.state(), "doctor": it.doctor, "note": it.note,
        "self_care": it.self_care, "complete": it.complete, "counts": it.counts, "missing": it.missing.parts,
        "missing_to_count": it.missing.counting, "found": it.found, "finished": it.finished,
        "values": values, "sections": sections,
    })
}
