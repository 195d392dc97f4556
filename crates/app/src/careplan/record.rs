//! One care plan as it is kept, and its versions.

use std::collections::HashMap;

use kit::{Ask, Error, Id, Result, Scope, Tx, clock::stamp, db::Row, tally::Lot};
use rules::{
    base::Date,
    care_plan::{Facts, Phase},
};

use crate::elders::{self, Elder, Key, Records};

#[derive(Debug, Clone)]
pub struct Plan {
    pub key: Key,
    pub elder: Id,
    pub made_for: Id,
    /// `draft`, `agreed`, `in_force` or `ended`.
    pub state: String,
    pub phase: Phase,
    pub version: i64,
    /// The first day on which it was in force.
    pub from: Option<Date>,
    /// The first day on which it no longer is.
    pub until: Option<Date>,
    pub review: Date,
    /// Words of [`super::words::WISHES`].
    pub wishes: Vec<String>,
    pub facts: Facts,
    /// The policy values it was drafted by, as JSON.
    pub because: String,
    pub ended_reason: String,
    pub ended_note: String,
    pub who: String,
    pub created: String,
}

/// One version and why there is one.
#[derive(Debug, Clone)]
pub struct Version {
    pub number: i64,
    pub day: Date,
    pub kind: String,
    pub phase: Phase,
    pub review: Date,
    pub reason: String,
    pub who: String,
    pub at: String,
}

const COLUMNS: &str = "region, id, elder, made_for, state, phase, version, from_day, until_day, review_day, wishes, facts, because, \
    ended_reason, ended_note, who, created";

fn read(row: &Row<'_>) -> Result<Plan> {
    let (wishes, facts): (String, String) = (row.get(10)?, row.get(11)?);
    Ok(Plan {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        made_for: row.get(3)?,
        state: row.get(4)?,
        phase: phase_of(&row.get::<String>(5)?)?,
        version: row.get(6)?,
        from: row.get(7)?,
        until: row.get(8)?,
        review: row.get(9)?,
        wishes: wishes.split_whitespace().map(str::to_string).collect(),
        facts: serde_json::from_str(&facts)?,
        because: row.get(12)?,
        ended_reason: row.get(13)?,
        ended_note: row.get(14)?,
        who: row.get(15)?,
        created: row.get(16)?,
    })
}

fn phase_of(word: &str) -> Result<Phase> {
    Phase::parse(word).ok_or_else(|| Error::internal(format!("care_plan.phase = {word}")))
}

impl Plan {
    pub fn link(&self) -> String {
        format!("/careplan/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn is_open(&self) -> bool {
        self.state != "ended"
    }

    pub fn is_in_force(&self) -> bool {
        self.state == "in_force"
    }

    /// The plan, or a refusal where it has ended.
    pub fn changeable(&self) -> Result<&Plan> {
        if self.is_open() {
            Ok(self)
        } else {
            Err(Error::refused("plan_ended", "这份照护计划已终止,不能再修改"))
        }
    }
}

/// The plan and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Plan, Elder)> {
    let plan = by_key(tx, key)?;
    let elder = elders::find(tx, scope, &plan.elder_key())?;
    Ok((plan, elder))
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Plan, Elder)> {
    tx.hold("care_plan", &key.region, key.id)?;
    find(tx, scope, key)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Plan> {
    tx.one(&format!("select {COLUMNS} from care_plan where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The plan of an elder that is drafted, agreed or in force: there is one at most.
pub fn open(tx: &Tx<'_>, elder: &Key) -> Result<Option<Plan>> {
    tx.row(
        &format!(
            "select {COLUMNS} from care_plan where region = $1 and elder = $2 and state <> 'ended' order by id limit 1"
        ),
        &[&elder.region, &elder.id],
        read,
    )
}

/// All plans of an elder and of the records merged into theirs, the newest first.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Plan>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from care_plan where region = $1 and elder in ({}) order by id desc limit 60",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// As [`of_elder`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Plan>>> {
    let sql = format!("select {COLUMNS}, elder from care_plan where region = $1 and elder >= $2 and elder <= $3");
    elders::rows_of(tx, lot, &sql, read)
}

/// Writes a new plan; two open ones of one elder are refused by the database.
pub fn insert(tx: &Tx<'_>, it: &Plan) -> Result<()> {
    tx.run(
        "insert into care_plan (region, id, elder, made_for, state, phase, version, from_day, until_day, review_day, wishes, facts,
                                because, ended_reason, ended_note, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', $14, $15)",
        &[
            &it.key.region,
            &it.key.id,
            &it.elder,
            &it.made_for,
            &it.state,
            &it.phase.word(),
            &it.version,
            &it.from.map(|it| it.to_string()),
            &it.until.map(|it| it.to_string()),
            &it.review.to_string(),
            &it.wishes.join(" "),
            &serde_json::to_string(&it.facts)?,
            &it.because,
            &it.who,
            &it.created,
        ],
    )?;
    Ok(())
}

/// Writes what may change of a plan.
pub fn store(tx: &Tx<'_>, it: &Plan) -> Result<()> {
    tx.run(
        "update care_plan set state = $3, phase = $4, version = $5, from_day = $6, until_day = $7, review_day = $8, facts = $9,
                ended_reason = $10, ended_note = $11, elder = $12
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.state,
            &it.phase.word(),
            &it.version,
            &it.from.map(|it| it.to_string()),
            &it.until.map(|it| it.to_string()),
            &it.review.to_string(),
            &serde_json::to_string(&it.facts)?,
            &it.ended_reason,
            &it.ended_note,
            &it.elder,
        ],
    )?;
    Ok(())
}

/// Writes the version a plan now has.
pub fn put_version(tx: &Tx<'_>, ask: &Ask, it: &Plan, kind: &str, reason: &str) -> Result<()> {
    tx.run(
        "insert into care_plan_version (region, plan, version, day, kind, phase, review_day, reason, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            &it.key.region,
            &it.key.id,
            &it.version,
            &ask.today().to_string(),
            &kind,
            &it.phase.word(),
            &it.review.to_string(),
            &reason,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// All versions of a plan, the newest first.
pub fn versions(tx: &Tx<'_>, key: &Key) -> Result<Vec<Version>> {
    tx.rows(
        "select version, day, kind, phase, review_day, reason, who, at from care_plan_version
          where region = $1 and plan = $2 order by version desc",
        &[&key.region, &key.id],
        |row| {
            Ok(Version {
                number: row.get(0)?,
                day: row.get(1)?,
                kind: row.get(2)?,
                phase: phase_of(&row.get::<String>(3)?)?,
                review: row.get(4)?,
                reason: row.get(5)?,
                who: row.get(6)?,
                at: row.get(7)?,
            })
        },
    )
}

/// Notes that somebody looked at this plan, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Plan, elder: &Elder, detail: &str) -> Result<()> {
    elders::note(tx, ask, action, elder, format!("care plan {} {detail}", it.key).trim_end())
}
