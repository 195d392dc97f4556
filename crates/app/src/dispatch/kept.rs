//! Plans as they are kept: for whom and which days, the draft with what it was before, and how the solver comes along.

use jiff::Timestamp;
use kit::{Ask, Error, Id, Result, Scope, Tx, clock::stamp, db::Row, place::ScopeColumns};
use rules::base::Date;
use serde::{Deserialize, Serialize};

use super::{draft::Draft, figures::Figures, gather::Asked, what_if::WhatIf};
use crate::elders::Key;

#[derive(Debug, Clone)]
pub struct Kept {
    pub key: Key,
    pub place: String,
    pub name: String,
    pub asked: Asked,
    /// A word of `words::STATES`.
    pub state: String,
    pub asks_of: Option<Id>,
    pub what_if: WhatIf,
    pub draft: Draft,
    pub steps: i64,
    pub before: Figures,
    pub progress: Progress,
    pub stop: bool,
    pub who: String,
    pub published: Option<String>,
    pub published_who: String,
}

/// How far the solver has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// `waiting`, `running`, `done`, `stopped`, `failed`; empty where it was never asked.
    pub state: String,
    pub seconds: i64,
    pub of_seconds: i64,
    pub rounds: u64,
    /// Minutes on the way by its measure: what it began with, and the best so far.
    pub first: Option<i64>,
    pub best: Option<i64>,
    pub left: i64,
    pub why: String,
}

impl Progress {
    pub fn is_at_work(&self) -> bool {
        matches!(&*self.state, "waiting" | "running")
    }
}

/// How a scope limits plans `p`.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "p.region",
    street: Some("p.street"),
    place: "p.place",
    organisation: Some("p.organisation"),
    person: None,
};

const COLUMNS: &str = "region, id, place, organisation, name, first_day, days, flexible_days, state, asks_of, what_if, draft, \
    steps, before, progress, stop, who, published, published_who";

fn read(row: &Row<'_>) -> Result<Kept> {
    let region: String = row.get(0)?;
    let json = |nth: usize| row.get::<String>(nth);
    Ok(Kept {
        asked: Asked {
            region: region.clone(),
            organisation: row.get(3)?,
            first: row.get(5)?,
            days: row.get(6)?,
            flexible_days: row.get(7)?,
        },
        key: Key { region, id: row.get(1)? },
        place: row.get(2)?,
        name: row.get(4)?,
        state: row.get(8)?,
        asks_of: row.get(9)?,
        what_if: serde_json::from_str(&json(10)?)?,
        draft: serde_json::from_str(&json(11)?)?,
        steps: row.get(12)?,
        before: serde_json::from_str(&json(13)?)?,
        progress: serde_json::from_str(&json(14)?)?,
        stop: row.get(15)?,
        who: row.get(16)?,
        published: row.get(17)?,
        published_who: row.get(18)?,
    })
}

impl Kept {
    pub fn link(&self) -> String {
        format!("/dispatch/{}", self.key)
    }

    pub fn last(&self) -> Date {
        self.asked.first.add_days(self.asked.days as i32 - 1)
    }

    /// Notes a look at it or a deed with it.
    pub fn note(&self, tx: &Tx<'_>, ask: &Ask, action: &'static str, detail: &str) -> Result<()> {
        let entry = kit::audit::Entry {
            action,
            subject: "dispatch_plan",
            subject_id: Some(self.key.id),
            region: &self.key.region,
            place: &self.place,
            detail,
        };
        ask.note(tx, &entry)
    }
}

/// What a plan begins with.
pub struct New<'a> {
    pub asked: &'a Asked,
    pub place: &'a str,
    pub name: &'a str,
    pub asks_of: Option<Id>,
    pub what_if: &'a WhatIf,
    pub draft: &'a Draft,
    pub figures: &'a Figures,
    pub before: &'a Figures,
}

pub fn insert(tx: &Tx<'_>, ask: &Ask, it: &New<'_>) -> Result<Key> {
    let key = Key { region: it.asked.region.clone(), id: ask.new_id() };
    let street = ask.app.places.tree().street_code(it.place, &key.region);
    tx.run(
        "insert into dispatch_plan (region, id, street, place, organisation, name, first_day, days, flexible_days, state,
                asks_of, what_if, draft, steps, figures, before, progress, stop, account, who, created, changed, published_who)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12, 0, $13, $14, '{}', false, $15, $16, $17, $17, '')",
        &[
            &key.region,
            &key.id,
            &street,
            &it.place,
            &it.asked.organisation,
            &it.name,
            &it.asked.first.to_string(),
            &it.asked.days,
            &it.asked.flexible_days,
            &it.asks_of,
            &serde_json::to_string(it.what_if)?,
            &serde_json::to_string(it.draft)?,
            &serde_json::to_string(it.figures)?,
            &serde_json::to_string(it.before)?,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    by_key(tx, &key)?.note(tx, ask, "create", it.name)?;
    Ok(key)
}

/// The plan, if the scope holds it.
///
/// # Errors
/// `NotFound` where it is not there, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Kept> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&it.key.region, &it.place, it.asked.organisation, None);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// As [`find`], for whoever changes it until the transaction ends.
///
/// # Errors
/// As well `Refused` for a plan that is no draft any more, or at which the solver works.
pub fn find_to_change(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Kept> {
    hold(tx, key)?;
    let it = find(tx, scope, key)?;
    if it.state == "dropped" {
        return Err(Error::refused("plan_dropped", "方案已作废,不能再改"));
    }
    if it.progress.is_at_work() {
        return Err(Error::refused("solver_at_work", "正在求解,请等它结束或先停止"));
    }
    Ok(it)
}

/// Keeps others from changing a plan until this transaction ends.
pub fn hold(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.hold("dispatch_plan", &key.region, key.id)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Kept> {
    tx.one(&format!("select {COLUMNS} from dispatch_plan where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// Plans that ask what would be if, of one.
pub fn asking(tx: &Tx<'_>, key: &Key) -> Result<Vec<Kept>> {
    tx.rows(
        &format!(
            "select {COLUMNS} from dispatch_plan where region = $1 and asks_of = $2 and state <> 'dropped' order by id limit 20"
        ),
        &[&key.region, &key.id],
        read,
    )
}

/// Another draft, what it comes to, and who made it of the former one by what.
#[derive(Debug)]
pub struct Change<'a> {
    pub draft: &'a Draft,
    pub figures: &'a Figures,
    pub said: &'a str,
    pub who: &'a str,
}

/// Writes another draft; what it was before can be brought back.
pub fn change(tx: &Tx<'_>, now: Timestamp, it: &Kept, new: &Change<'_>) -> Result<()> {
    tx.run(
        "insert into dispatch_step (region, plan, number, draft, said, who, at) values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &it.key.region,
            &it.key.id,
            &(it.steps + 1),
            &serde_json::to_string(&it.draft)?,
            &new.said,
            &new.who,
            &stamp(now),
        ],
    )?;
    store(tx, now, it, new.draft, new.figures, it.steps + 1)
}

fn store(tx: &Tx<'_>, now: Timestamp, it: &Kept, draft: &Draft, figures: &Figures, steps: i64) -> Result<()> {
    tx.run(
        "update dispatch_plan set draft = $3, figures = $4, steps = $5, changed = $6 where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &serde_json::to_string(draft)?,
            &serde_json::to_string(figures)?,
            &steps,
            &stamp(now),
        ],
    )?;
    Ok(())
}

/// What the last change was, and the draft before it.
pub fn last_step(tx: &Tx<'_>, it: &Kept) -> Result<Option<(Draft, String)>> {
    let found = tx.row(
        "select draft, said from dispatch_step where region = $1 and plan = $2 and number = $3",
        &[&it.key.region, &it.key.id, &it.steps],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    found.map(|(draft, said)| Ok((serde_json::from_str(&draft)?, said))).transpose()
}

/// Takes the last change back.
pub fn undo(tx: &Tx<'_>, ask: &Ask, it: &Kept, draft: &Draft, figures: &Figures) -> Result<()> {
    tx.run(
        "delete from dispatch_step where region = $1 and plan = $2 and number = $3",
        &[&it.key.region, &it.key.id, &it.steps],
    )?;
    store(tx, ask.now, it, draft, figures, it.steps - 1)
}

pub fn set_state(tx: &Tx<'_>, ask: &Ask, it: &Kept, state: &str) -> Result<()> {
    let published = (state == "published").then(|| stamp(ask.now));
    tx.run(
        "update dispatch_plan set state = $3, published = coalesce($4, published),
                published_who = case when $4 is null then published_who else $5 end, changed = $6
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &state, &published, &ask.who.name, &stamp(ask.now)],
    )?;
    it.note(tx, ask, "change", state)
}

/// Writes how far the solver has come.
pub fn tell(tx: &Tx<'_>, key: &Key, job: Option<Id>, progress: &Progress) -> Result<()> {
    tx.run(
        "update dispatch_plan set job = coalesce($3, job), progress = $4 where region = $1 and id = $2",
        &[&key.region, &key.id, &job, &serde_json::to_string(progress)?],
    )?;
    Ok(())
}

/// Asks the solver to stop with the best so far, or lets it begin.
pub fn ask_to_stop(tx: &Tx<'_>, key: &Key, stop: bool) -> Result<()> {
    tx.run("update dispatch_plan set stop = $3 where region = $1 and id = $2", &[&key.region, &key.id, &stop])?;
    Ok(())
}
