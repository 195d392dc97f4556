//! One yearly check as it is kept.

use kit::{Ask, Error, Id, Result, Scope, Tx, clock::stamp, db::Row};
use rules::{
    base::Date,
    healthcheck::{Found, Missing},
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
    pub found: Vec<Found>,
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
    counts, missing, found, finished";

fn read(row: &Row<'_>) -> Result<Check> {
    let (self_care, missing, found): (Option<String>, String, String) = (row.get(10)?, row.get(13)?, row.get(14)?);
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
        found: serde_json::from_str(&found)?,
        finished: row.get(15)?,
    })
}

impl Check {
    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn link(&self) -> String {
        format!("/healthcheck/{}", self.key)
    }

    /// The policy on the day of the check: a later change does not judge it anew.
    pub fn policy<'a>(&self, ask: &'a Ask) -> InForce<'a> {
        ask.app.policy_in(&self.key.region, self.day)
    }

    pub fn is_urgent(&self) -> bool {
        self.found.iter().any(|it| it.level == rules::healthcheck::Level::Urgent)
    }
}

/// The check and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Check, Elder)> {
    let sql = format!("select {COLUMNS} from healthcheck where region = $1 and id = $2");
    let check = tx.one(&sql, &[&key.region, &key.id], read)?;
    let elder = elders::find(tx, scope, &check.elder_key())?;
    Ok((check, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Check, Elder)> {
    if tx.kind() == kit::db::Kind::Postgres {
        tx.rows(
            "select id from healthcheck where region = $1 and id = $2 for update",
            &[&key.region, &key.id],
            |row| row.get::<Id>(0),
        )?;
    }
    find(tx, scope, key)
}

/// The check with a number, as a laboratory knows it.
pub fn numbered(tx: &Tx<'_>, number: &str) -> Result<Option<Check>> {
    let Some(region) = number.get(..6) else { return Ok(None) };
    let sql = format!("select {COLUMNS} from healthcheck where region = $1 and number = $2");
    tx.row(&sql, &[&region, &number], read)
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

/// The day of the last check that was finished.
pub fn last_finished(tx: &Tx<'_>, elder: &Key) -> Result<Option<Date>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select day from healthcheck where region = $1 and elder in ({}) and state = 'finished' order by year desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), |row| row.get(0))
}

/// The check of a year, begun if there is none; gives whether it is new.
///
/// # Errors
/// `Invalid` for a day in the future.
pub fn of_year(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<(Check, bool)> {
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
    let id = ask.new_id();
    let organisation = ask.who.organisation;
    tx.run(
        "insert into healthcheck (region, id, elder, year, number, day, state, organisation, doctor, note, complete, counts,
                                  missing, found, abnormal, urgent, created)
         values ($1, $2, $3, $4, $5, $6, 'open', $7, '', '', false, false, $8, '[]', 0, false, $9)",
        &[
            region,
            &id,
            &elder.key.id,
            &year,
            // The county leads: a number on a tube finds its check wherever it was drawn.
            &format!("{region}{:02}{n:06}", year % 100),
            &day.to_string(),
            &organisation,
            &serde_json::to_string(&Missing { parts: Vec::new(), counting: Vec::new() })?,
            &stamp(ask.now),
        ],
    )?;
    let (check, elder) = find(tx, &ask.who.scope, &Key { region: region.clone(), id })?;
    note(tx, ask, "create", &check, &elder, "")?;
    Ok((check, true))
}

/// Writes what was found out about the check as a whole.
pub fn store(tx: &Tx<'_>, it: &Check) -> Result<()> {
    let state = if it.is_finished { "finished" } else { "open" };
    let self_care = it.self_care.as_ref().map(serde_json::to_string).transpose()?;
    tx.run(
        "update healthcheck set day = $3, state = $4, doctor = $5, note = $6, self_care = $7, complete = $8, counts = $9,
                missing = $10, found = $11, abnormal = $12, urgent = $13, finished = $14
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.day.to_string(),
            &state,
            &it.doctor,
            &it.note,
            &self_care,
            &it.complete,
            &it.counts,
            &serde_json::to_string(&it.missing)?,
            &serde_json::to_string(&it.found)?,
            &(it.found.len() as i64),
            &it.is_urgent(),
            &it.finished,
        ],
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
        "state": if it.is_finished { "finished" } else { "open" }, "doctor": it.doctor, "note": it.note,
        "self_care": it.self_care, "complete": it.complete, "counts": it.counts, "missing": it.missing.parts,
        "missing_to_count": it.missing.counting, "found": it.found, "finished": it.finished,
        "values": values, "sections": sections,
    })
}
