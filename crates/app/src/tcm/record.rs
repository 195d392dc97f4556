//! One year's constitution and advice as it is kept.

use std::collections::HashMap;

use kit::{Ask, Error, Id, Result, Scope, Tx, db::Row, tally::Lot};
use rules::{base::Date, tcm::State};

use crate::elders::{self, Elder, Key, Records};

#[derive(Debug, Clone)]
pub struct Record {
    pub key: Key,
    pub elder: Id,
    pub assessment: Id,
    pub day: Date,
    pub state: State,
    /// All types found, what is sure first.
    pub types: Vec<String>,
    /// Those with the highest total: one leads, several tie or contradict each other.
    pub leading: Vec<String>,
    /// The type that leads; empty while nobody decided.
    pub constitution: String,
    pub decided_by: String,
    pub reason: String,
    pub again_day: Option<Date>,
    /// The advice as it was given, as JSON.
    pub advice: Option<String>,
    pub advice_note: String,
    pub advised: Option<String>,
    pub doctor: String,
}

const COLUMNS: &str = "region, id, elder, assessment, day, state, types, leading_types, constitution, decided_by, reason, \
    again_day, advice, advice_note, advised, doctor";

fn read(row: &Row<'_>) -> Result<Record> {
    let (state, types, leading): (String, String, String) = (row.get(5)?, row.get(6)?, row.get(7)?);
    Ok(Record {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        assessment: row.get(3)?,
        day: row.get(4)?,
        state: state_of(&state)?,
        types: serde_json::from_str(&types)?,
        leading: serde_json::from_str(&leading)?,
        constitution: row.get(8)?,
        decided_by: row.get(9)?,
        reason: row.get(10)?,
        again_day: row.get(11)?,
        advice: row.get(12)?,
        advice_note: row.get(13)?,
        advised: row.get(14)?,
        doctor: row.get(15)?,
    })
}

const STATES: [(State, &str); 4] = [
    (State::Settled, "settled"),
    (State::Tie, "tie"),
    (State::Contradictory, "contradictory"),
    (State::Nothing, "nothing"),
];

fn state_of(word: &str) -> Result<State> {
    let found = STATES.iter().find(|it| it.1 == word);
    found.map(|it| it.0).ok_or_else(|| Error::internal(format!("tcm_record.state = {word}")))
}

/// The word a state is kept under.
pub fn word_of(state: State) -> &'static str {
    STATES.iter().find(|it| it.0 == state).map_or("", |it| it.1)
}

impl Record {
    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn link(&self) -> String {
        format!("/tcm/{}", self.key)
    }

    /// Under management with Chinese medicine: type settled and advice given.
    pub fn counts(&self) -> bool {
        self.state == State::Settled && self.advised.is_some()
    }
}

/// The record and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Record, Elder)> {
    let sql = format!("select {COLUMNS} from tcm_record where region = $1 and id = $2");
    let record = tx.one(&sql, &[&key.region, &key.id], read)?;
    let elder = elders::find(tx, scope, &record.elder_key())?;
    Ok((record, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Record, Elder)> {
    tx.hold("tcm_record", &key.region, key.id)?;
    find(tx, scope, key)
}

/// The record of a questionnaire.
pub fn of_assessment(tx: &Tx<'_>, key: &Key) -> Result<Option<Record>> {
    let sql = format!("select {COLUMNS} from tcm_record where region = $1 and assessment = $2");
    tx.row(&sql, &[&key.region, &key.id], read)
}

/// All records of an elder and of those merged into theirs, newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Record>> {
    let mut all = Vec::new();
    for record in elders::records(tx, elder)? {
        let sql = format!(
            "select {COLUMNS} from tcm_record where region = $1 and elder = $2 order by day desc, id desc limit 60"
        );
        all.extend(tx.rows(&sql, &[&elder.region, &record], read)?);
    }
    all.sort_by_key(|it| std::cmp::Reverse((it.day, it.key.id)));
    Ok(all)
}

/// The newest record of an elder and of those merged into theirs.
pub fn last(tx: &Tx<'_>, elder: &Key) -> Result<Option<Record>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from tcm_record where region = $1 and elder in ({}) order by day desc, id desc limit 1",
        records.after(1)
    );
    tx.row(&sql, &records.bind(&[&elder.region]), read)
}

/// As [`of_elder`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Record>>> {
    let sql = format!("select {COLUMNS}, elder from tcm_record where region = $1 and elder >= $2 and elder <= $3");
    elders::rows_of(tx, lot, &sql, read)
}

/// Writes a new record; a questionnaire has one.
pub fn insert(tx: &Tx<'_>, it: &Record, created: &str) -> Result<()> {
    tx.run(
        "insert into tcm_record (region, id, elder, assessment, day, state, types, leading_types, constitution, decided_by, reason,
                                 again_day, advice, advice_note, advised, doctor, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, '', null, '', $13)",
        &[
            &it.key.region,
            &it.key.id,
            &it.elder,
            &it.assessment,
            &it.day.to_string(),
            &word_of(it.state),
            &serde_json::to_string(&it.types)?,
            &serde_json::to_string(&it.leading)?,
            &it.constitution,
            &it.decided_by,
            &it.reason,
            &it.again_day.map(|it| it.to_string()),
            &created,
        ],
    )?;
    Ok(())
}

/// Writes what was decided and advised.
pub fn store(tx: &Tx<'_>, it: &Record) -> Result<()> {
    tx.run(
        "update tcm_record set state = $3, constitution = $4, decided_by = $5, reason = $6, advice = $7, advice_note = $8,
                advised = $9, doctor = $10
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &word_of(it.state),
            &it.constitution,
            &it.decided_by,
            &it.reason,
            &it.advice,
            &it.advice_note,
            &it.advised,
            &it.doctor,
        ],
    )?;
    Ok(())
}

/// Notes that somebody looked at this record, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Record, elder: &Elder, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "tcm",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &elder.place,
        detail,
    };
    ask.note(tx, &entry)
}
