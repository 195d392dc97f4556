//! Follow-up visits as they are kept, with what they said.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
    tally::Lot,
};
use rules::{base::Date, chronic::Disease};
use serde::{Deserialize, Serialize};

use super::{
    care,
    measure::{MEASURES, Values},
};
use crate::{
    contracting,
    elders::{self, Elder, Key, Records, Report, Tone},
};

/// One visit.
#[derive(Debug, Clone)]
pub struct Visit {
    pub id: Id,
    pub day: Date,
    pub mode: String,
    pub values: Values,
    pub salt: String,
    pub adherence: String,
    pub foot: String,
    pub signs: Vec<String>,
    pub adverse: bool,
    pub adverse_text: String,
    pub complication: bool,
    pub complication_text: String,
    /// What was taken then, one line a medicine.
    pub medicines: String,
    pub step: String,
    pub next_day: Date,
    pub judged: Vec<Verdict>,
    pub remark: String,
    pub who: String,
    pub created: String,
    pub voided: Option<String>,
    pub void_reason: String,
}

/// What a visit said about one disease, with its reasons, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    pub disease: String,
    pub class: String,
    pub step: String,
    pub controlled: Option<bool>,
    pub next: Date,
    /// Chinese and English.
    pub reasons: Vec<(String, String)>,
}

pub const VOID_FIELDS: &[Field] = &[field("reason", "作废的原因", Kind::Text(200)).required()];

const COLUMNS: &str = "id, day, mode, salt, adherence, foot, signs, adverse, adverse_text, complication, \
    complication_text, medicines, step, next_day, judged, remark, who, created, voided, void_reason, systolic, diastolic, \
    fasting, glucose, heart_rate, temperature, height, weight, waist, cigarettes, alcohol, exercise";

fn read(row: &Row<'_>) -> Result<Visit> {
    let (signs, judged): (String, String) = (row.get(6)?, row.get(14)?);
    let mut values = Values::default();
    for at in 0..MEASURES.len() {
        values.0[at] = row.get(20 + at)?;
    }
    Ok(Visit {
        id: row.get(0)?,
        day: row.get(1)?,
        mode: row.get(2)?,
        salt: row.get(3)?,
        adherence: row.get(4)?,
        foot: row.get(5)?,
        signs: serde_json::from_str(&signs)?,
        adverse: row.get(7)?,
        adverse_text: row.get(8)?,
        complication: row.get(9)?,
        complication_text: row.get(10)?,
        medicines: row.get(11)?,
        step: row.get(12)?,
        next_day: row.get(13)?,
        judged: serde_json::from_str(&judged)?,
        remark: row.get(15)?,
        who: row.get(16)?,
        created: row.get(17)?,
        voided: row.get(18)?,
        void_reason: row.get(19)?,
        values,
    })
}

/// The newest visits of a person, voided ones too.
pub fn of(tx: &Tx<'_>, key: &Key, most: usize) -> Result<Vec<Visit>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from chronic_visit where region = $1 and elder in ({}) order by day desc, id desc limit {most}",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), read)
}

/// What was measured at the visits that were not taken back, of each of some people, the newest first.
pub fn measured_of_people(tx: &Tx<'_>, people: &elders::People) -> Result<HashMap<Id, Vec<(Date, Values)>>> {
    let names: Vec<&str> = MEASURES.iter().map(|it| it.name).collect();
    let sql = format!(
        "select day, {}, elder from chronic_visit
          where region = $1 and elder in ({}) and voided is null order by day desc, id desc",
        names.join(", "),
        people.listed()
    );
    people.rows(tx, &sql, |row| {
        let mut values = Values::default();
        for at in 0..MEASURES.len() {
            values.0[at] = row.get(1 + at)?;
        }
        Ok((row.get(0)?, values))
    })
}

/// The newest visits that were not taken back: all that lists and rules look at.
pub fn standing(tx: &Tx<'_>, key: &Key) -> Result<Vec<Visit>> {
    Ok(of(tx, key, 20)?.into_iter().filter(|it| it.voided.is_none()).collect())
}

/// One visit of a person.
pub fn find(tx: &Tx<'_>, key: &Key, id: Id) -> Result<Visit> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from chronic_visit where region = $1 and id = $2 and elder in ({})",
        records.after(2)
    );
    tx.one(&sql, &records.bind(&[&key.region, &id]), read)
}

/// What visits before a day said about a disease: (day, class, controlled, face to face), newest first.
#[derive(Debug, Clone)]
pub struct Said {
    pub day: Date,
    pub class: String,
    pub controlled: Option<bool>,
    pub face_to_face: bool,
}

pub fn said_of(tx: &Tx<'_>, key: &Key, disease: Disease) -> Result<Vec<Said>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select day, class, controlled, face_to_face from chronic_verdict
          where region = $1 and elder in ({}) and disease = $2 order by day desc, visit desc",
        records.after(2)
    );
    tx.rows(&sql, &records.bind(&[&key.region, &disease.word()]), said)
}

/// As [`said_of`], of each person of a lot: disease and verdict, in no order.
pub fn said_of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<(String, Said)>>> {
    let sql = "select day, class, controlled, face_to_face, disease, elder from chronic_verdict
                where region = $1 and elder >= $2 and elder <= $3";
    elders::rows_of(tx, lot, sql, |row| Ok((row.get(4)?, said(row)?)))
}

fn said(row: &Row<'_>) -> Result<Said> {
    Ok(Said { day: row.get(0)?, class: row.get(1)?, controlled: row.get(2)?, face_to_face: row.get(3)? })
}

/// By what name contracts know a visit.
pub fn source(key: &Key, id: Id) -> String {
    format!("chronic:{}", Key { region: key.region.clone(), id })
}

/// Takes a visit back that was written down by mistake; it stays in the record with the reason.
pub fn void(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let reason = form::check(VOID_FIELDS, input, &Options::new())?.text("reason");
    let it = find(tx, &elder.key, id)?;
    if it.voided.is_some() {
        return Err(Error::refused("voided_already", "这次随访已经作废"));
    }
    let key = &elder.key;
    tx.run(
        "update chronic_visit set voided = $3, void_reason = $4 where region = $1 and id = $2",
        &[&key.region, &id, &stamp(ask.now), &reason],
    )?;
    tx.run("delete from chronic_verdict where region = $1 and visit = $2", &[&key.region, &id])?;
    tx.run(
        "delete from chronic_referral where region = $1 and elder = $2 and visit = $3 and closed is null",
        &[&key.region, &key.id, &id],
    )?;
    let report = Report::new("chronic", "{day} 的慢病随访作废:{reason}")
        .with("day", it.day)
        .with("reason", &reason)
        .link(care::link(key))
        .tone(Tone::Warn);
    elders::report(tx, ask.now, key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"chronic visit voided": id}).to_string())?;
    contracting::undone(tx, &ask.app, key, &source(key, id))?;
    care::renew(tx, ask, elder)
}
