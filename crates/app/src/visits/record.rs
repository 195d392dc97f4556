//! Visits as they are kept: what was planned, how far it came, and what each was for.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    clock::stamp,
    db::{Among, Row},
    place::ScopeColumns,
};
use rules::base::Date;

use crate::elders::{self, Key, Records};

/// One visit.
#[derive(Debug, Clone)]
pub struct Visit {
    pub key: Key,
    pub street: String,
    pub place: String,
    pub elder: Id,
    pub organisation: Option<Id>,
    pub staff: Option<Id>,
    pub second: Option<Id>,
    pub people: i64,
    pub day: Date,
    /// Minutes after midnight.
    pub from_minute: Option<i64>,
    pub until_minute: Option<i64>,
    /// When dispatch told those who come to be there.
    pub at_minute: Option<i64>,
    pub minutes: i64,
    /// A word of `words::STATES`.
    pub state: String,
    pub note: String,
    pub source: String,
    pub number: String,
    pub began: Option<String>,
    pub ended: Option<String>,
    pub next_day: Option<Date>,
    /// Why it was missed or cancelled.
    pub reason: String,
    /// A word of `words::VERDICTS`; empty before it ended.
    pub verdict: String,
    pub outcome: String,
    pub version: Id,
    pub created: String,
}

/// What a visit is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    pub programme: String,
    pub thing: String,
    pub service: String,
    pub payer: String,
}

/// One service of a visit as it was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub service: String,
    pub done: bool,
    pub reason: String,
    /// Answers by the names of the form's fields, as JSON.
    pub answers: serde_json::Map<String, serde_json::Value>,
    pub note: String,
}

/// How a scope limits visits `v`: an institution sees those it makes.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "v.region",
    street: Some("v.street"),
    place: "v.place",
    organisation: Some("v.organisation"),
    person: Some("v.elder"),
};

pub const COLUMNS: &str = "region, id, street, place, elder, organisation, staff, second, people, day, from_minute, \
    until_minute, minutes, state, note, source, number, began, ended, next_day, reason, verdict, outcome, version, created, at_minute";

pub fn read(row: &Row<'_>) -> Result<Visit> {
    Ok(Visit {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        street: row.get(2)?,
        place: row.get(3)?,
        elder: row.get(4)?,
        organisation: row.get(5)?,
        staff: row.get(6)?,
        second: row.get(7)?,
        people: row.get(8)?,
        day: row.get(9)?,
        from_minute: row.get(10)?,
        until_minute: row.get(11)?,
        minutes: row.get(12)?,
        state: row.get(13)?,
        note: row.get(14)?,
        source: row.get(15)?,
        number: row.get(16)?,
        began: row.get(17)?,
        ended: row.get(18)?,
        next_day: row.get(19)?,
        reason: row.get(20)?,
        verdict: row.get(21)?,
        outcome: row.get(22)?,
        version: row.get(23)?,
        created: row.get(24)?,
        at_minute: row.get(25)?,
    })
}

impl Visit {
    pub fn link(&self) -> String {
        format!("/visits/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn is_open(&self) -> bool {
        matches!(&*self.state, "planned" | "under_way")
    }

    /// The staff who make it, the first of them responsible.
    pub fn staff_ids(&self) -> impl Iterator<Item = Id> {
        self.staff.into_iter().chain(self.second)
    }
}

/// The visit, if the scope holds it.
///
/// # Errors
/// `NotFound` where it is not there, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Visit> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&it.key.region, &it.place, it.organisation, Some(it.elder));
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Visit> {
    hold(tx, key)?;
    find(tx, scope, key)
}

/// Keeps others from changing a visit until this transaction ends.
pub fn hold(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.hold("visit", &key.region, key.id)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Visit> {
    tx.one(&format!("select {COLUMNS} from visit where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The newest visits to an elder and to those merged into theirs.
pub fn of_elder(tx: &Tx<'_>, elder: &Key, most: usize) -> Result<Vec<Visit>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from visit where region = $1 and elder in ({}) order by day desc, id desc limit {most}",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// Visits to an elder that were made and reached into a stretch; `from` and `until` are instants as they are stored.
pub fn made_within(tx: &Tx<'_>, elder: &Key, from: &str, until: &str) -> Result<Vec<Id>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select id from visit where region = $1 and began <= $3 and ended >= $2 and state = 'done' and elder in ({}) order by id limit 50",
        records.after(3)
    );
    tx.rows(&sql, &records.bind(&[&elder.region, &from, &until]), |row| row.get(0))
}

/// Open and made visits of somebody of the staff on a day, in the order of the day.
pub fn of_staff(tx: &Tx<'_>, region: &str, staff: Id, from: Date, until: Date) -> Result<Vec<Visit>> {
    let mut all = Vec::new();
    for column in ["staff", "second"] {
        let sql = format!(
            "select {COLUMNS} from visit where region = $1 and {column} = $2 and day >= $3 and day < $4
              order by day, id limit 2000"
        );
        all.extend(tx.rows(&sql, &[&region, &staff, &from.to_string(), &until.to_string()], read)?);
    }
    all.sort_by_key(|it| (it.day, it.at_minute.or(it.from_minute).unwrap_or(24 * 60), it.key.id));
    all.dedup_by_key(|it| it.key.id);
    Ok(all)
}

pub fn purposes(tx: &Tx<'_>, key: &Key) -> Result<Vec<Purpose>> {
    tx.rows(
        "select programme, thing, service, payer from visit_purpose where region = $1 and visit = $2
          order by programme, thing, service",
        &[&key.region, &key.id],
        |row| Ok(Purpose { programme: row.get(0)?, thing: row.get(1)?, service: row.get(2)?, payer: row.get(3)? }),
    )
}

/// As [`purposes`], of each of some visits of a county.
pub fn purposes_of(tx: &Tx<'_>, region: &str, visits: &[Id]) -> Result<HashMap<Id, Vec<Purpose>>> {
    let ids = Among::of(visits);
    let sql = format!(
        "select visit, programme, thing, service, payer from visit_purpose where region = $1 and visit in ({})
          order by visit, programme, thing, service",
        ids.after(1)
    );
    let mut all: HashMap<Id, Vec<Purpose>> = HashMap::new();
    tx.each(&sql, &ids.bind(&[&region]), |row| {
        let it = Purpose { programme: row.get(1)?, thing: row.get(2)?, service: row.get(3)?, payer: row.get(4)? };
        all.entry(row.get(0)?).or_default().push(it);
        Ok(())
    })?;
    Ok(all)
}

pub fn tasks(tx: &Tx<'_>, key: &Key) -> Result<Vec<Task>> {
    tx.rows(
        "select service, done, reason, answers, note from visit_task where region = $1 and visit = $2 order by service",
        &[&key.region, &key.id],
        |row| {
            let answers: String = row.get(3)?;
            Ok(Task {
                service: row.get(0)?,
                done: row.get(1)?,
                reason: row.get(2)?,
                answers: serde_json::from_str(&answers)?,
                note: row.get(4)?,
            })
        },
    )
}

/// Whether a visit was made as things stand, and a service given at it.
pub fn gave(tx: &Tx<'_>, key: &Key, service: &str) -> Result<bool> {
    let n = tx.count(
        "select count(*) from visit v join visit_task t on t.region = v.region and t.visit = v.id
          where v.region = $1 and v.id = $2 and v.state = 'done' and t.service = $3 and t.done",
        &[&key.region, &key.id, &service],
    )?;
    Ok(0 < n)
}

/// Writes a visit that is new.
pub fn insert(tx: &Tx<'_>, it: &Visit) -> Result<()> {
    tx.run(
        "insert into visit (region, id, street, place, elder, organisation, staff, second, people, day, from_minute,
                            until_minute, minutes, state, note, source, number, began, ended, next_day, reason, verdict,
                            outcome, version, created, at_minute)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26)",
        &[
            &it.key.region,
            &it.key.id,
            &it.street,
            &it.place,
            &it.elder,
            &it.organisation,
            &it.staff,
            &it.second,
            &it.people,
            &it.day.to_string(),
            &it.from_minute,
            &it.until_minute,
            &it.minutes,
            &it.state,
            &it.note,
            &it.source,
            &it.number,
            &it.began,
            &it.ended,
            &it.next_day.map(|it| it.to_string()),
            &it.reason,
            &it.verdict,
            &it.outcome,
            &it.version,
            &it.created,
            &it.at_minute,
        ],
    )?;
    Ok(())
}

/// Writes what changes of a visit, under a new version, so that phones hear of it.
pub fn store(tx: &Tx<'_>, ask: &Ask, it: &Visit) -> Result<()> {
    tx.run(
        "update visit set organisation = $3, staff = $4, second = $5, people = $6, day = $7, from_minute = $8,
                until_minute = $9, minutes = $10, state = $11, note = $12, began = $13, ended = $14, next_day = $15,
                reason = $16, verdict = $17, outcome = $18, version = $19, at_minute = $20
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.organisation,
            &it.staff,
            &it.second,
            &it.people,
            &it.day.to_string(),
            &it.from_minute,
            &it.until_minute,
            &it.minutes,
            &it.state,
            &it.note,
            &it.began,
            &it.ended,
            &it.next_day.map(|it| it.to_string()),
            &it.reason,
            &it.verdict,
            &it.outcome,
            &ask.new_id(),
            &it.at_minute,
        ],
    )?;
    Ok(())
}

/// Notes that somebody looked at this visit, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Visit, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "visit",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &it.place,
        detail,
    };
    ask.note(tx, &entry)
}

/// A visit as it begins: planned, or begun unplanned.
pub fn new(ask: &Ask, elder: &elders::Elder, day: Date) -> Visit {
    let id = ask.new_id();
    Visit {
        key: Key { region: elder.key.region.clone(), id },
        street: elder.street.clone(),
        place: elder.place.clone(),
        elder: elder.key.id,
        organisation: None,
        staff: None,
        second: None,
        people: 1,
        day,
        from_minute: None,
        until_minute: None,
        at_minute: None,
        minutes: 30,
        state: "planned".into(),
        note: String::new(),
        source: "plan".into(),
        number: String::new(),
        began: None,
        ended: None,
        next_day: None,
        reason: String::new(),
        verdict: String::new(),
        outcome: String::new(),
        version: id,
        created: stamp(ask.now),
    }
}
