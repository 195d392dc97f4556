//! One task as it is kept, and how it stands.

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    db::{Put, Row},
    place::ScopeColumns,
};
use rules::base::Date;

use super::words;
use crate::elders::Key;

/// How a scope limits tasks `t`.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "t.region",
    street: Some("t.street"),
    place: "t.place",
    organisation: Some("t.organisation"),
    person: Some("t.elder"),
};

/// Where whoever is visited lives, and whose work that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub place: String,
    pub street: String,
    pub team: Option<Id>,
    pub organisation: Option<Id>,
}

#[derive(Debug, Clone)]
pub struct Task {
    pub key: Key,
    /// `elder`, `household` or `village`.
    pub subject: String,
    /// The number of the elder or household, the code of the village.
    pub thing: String,
    /// The elder, or the one by whom a household is called.
    pub elder: Option<Id>,
    pub spot: Spot,
    pub programme: String,
    pub aim: String,
    pub period_day: Date,
    /// The first day of the next period.
    pub beyond: Date,
    pub from: Date,
    pub by: Date,
    pub open: bool,
    /// Why nobody is to be visited any more; empty while somebody is.
    pub ended: String,
    pub done: Option<Date>,
    pub visit: Option<Id>,
    pub who: String,
    /// Of the delay.
    pub reason: String,
}

pub const COLUMNS: &str = "t.region, t.id, t.subject, t.thing, t.elder, t.place, t.street, t.team, t.organisation, t.programme, \
    t.aim, t.period_day, t.beyond, t.from_day, t.by_day, t.open, t.ended, t.done_day, t.visit, t.who, t.reason";

pub fn read(row: &Row<'_>) -> Result<Task> {
    Ok(Task {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        subject: row.get(2)?,
        thing: row.get(3)?,
        elder: row.get(4)?,
        spot: Spot { place: row.get(5)?, street: row.get(6)?, team: row.get(7)?, organisation: row.get(8)? },
        programme: row.get(9)?,
        aim: row.get(10)?,
        period_day: row.get(11)?,
        beyond: row.get(12)?,
        from: row.get(13)?,
        by: row.get(14)?,
        open: row.get(15)?,
        ended: row.get(16)?,
        done: row.get(17)?,
        visit: row.get(18)?,
        who: row.get(19)?,
        reason: row.get(20)?,
    })
}

impl Task {
    pub fn link(&self) -> String {
        format!("/rounds/{}", self.key)
    }

    pub fn elder_key(&self) -> Option<Key> {
        Some(Key { region: self.key.region.clone(), id: self.elder? })
    }

    /// The word of how it stands on a day.
    pub fn state(&self, today: Date) -> &'static str {
        stands(self.by, self.done, &self.ended, today)
    }

    /// Whether doing it on a day would be late.
    pub fn is_late(&self, day: Date) -> bool {
        self.by < day
    }

    pub fn programme_name(&self, ask: &Ask) -> String {
        words::programme(ask, &self.programme)
    }

    /// The elder to whom it is a visit; a household has one by whom it is only called.
    pub fn visited(&self) -> Option<Key> {
        self.elder_key().filter(|_| self.subject == "elder")
    }
}

/// The word of how a task stands on a day, as `rules::rounds::state` has said of those that ended.
pub fn stands(by: Date, done: Option<Date>, ended: &str, today: Date) -> &'static str {
    match (done, ended) {
        (Some(day), _) if day <= by => "done",
        (Some(_), _) => "late",
        (None, words::MISSED) => words::MISSED,
        (None, "") if today <= by => "waiting",
        (None, "") => "overdue",
        _ => "lapsed",
    }
}

/// The task, if the scope holds it.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Task> {
    let it = by_key(tx, key)?.ok_or(Error::NotFound)?;
    let held = scope.holds(&key.region, &it.spot.place, it.spot.organisation, it.elder);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Option<Task>> {
    let sql = format!("select {COLUMNS} from round_task t where t.region = $1 and t.id = $2");
    tx.row(&sql, &[&key.region, &key.id], read)
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Task> {
    tx.hold("round_task", &key.region, key.id)?;
    find(tx, scope, key)
}

/// The tasks of one elder, household or village, newest first.
pub fn of(tx: &Tx<'_>, region: &str, subject: &str, thing: &str) -> Result<Vec<Task>> {
    let sql = format!(
        "select {COLUMNS} from round_task t where t.region = $1 and t.subject = $2 and t.thing = $3
          order by t.by_day desc, t.id desc limit 200"
    );
    tx.rows(&sql, &[&region, &subject, &thing], read)
}

/// The open tasks of an elder that can be done on a day, the one that is due first first.
pub fn open_of(tx: &Tx<'_>, elder: &Key, day: Date) -> Result<Vec<Task>> {
    let sql = format!(
        "select {COLUMNS} from round_task t
          where t.region = $1 and t.elder = $2 and t.subject = 'elder' and t.open = true and t.from_day <= $3
          order by t.by_day, t.id limit 100"
    );
    tx.rows(&sql, &[&elder.region, &elder.id, &day.to_string()], read)
}

/// The open tasks of a village and of those who live there that can be done on a day.
pub fn open_in(tx: &Tx<'_>, scope: &Scope, region: &str, village: &str, day: Date) -> Result<Vec<Task>> {
    let sql = format!(
        "select {COLUMNS} from round_task t
          where t.region = $1 and t.street = $2 and t.place >= $3 and t.place < $4 and t.open = true and t.from_day <= $5
          order by t.by_day, t.id limit 1000"
    );
    let (street, beyond) = (village.get(..9).unwrap_or(village), format!("{village}:"));
    let all = tx.rows(&sql, &[&region, &street, &village, &beyond, &day.to_string()], read)?;
    Ok(all.into_iter().filter(|it| scope.holds(region, &it.spot.place, it.spot.organisation, it.elder)).collect())
}

/// The open tasks of a county, the one that is due first first.
pub fn all_open(tx: &Tx<'_>, region: &str) -> Result<Vec<Task>> {
    let sql =
        format!("select {COLUMNS} from round_task t where t.region = $1 and t.open = true order by t.by_day, t.id");
    tx.rows(&sql, &[&region], read)
}

/// Writes a new task.
pub fn insert(to: &impl Put, it: &Task, source: &'static str, created: &str) -> Result<()> {
    to.put(
        "insert into round_task (region, id, subject, thing, elder, place, street, team, organisation, programme, aim, period_day,
                                 beyond, from_day, by_day, open, ended, done_day, visit, who, reason, source, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        &[
            &it.key.region,
            &it.key.id,
            &it.subject,
            &it.thing,
            &it.elder,
            &it.spot.place,
            &it.spot.street,
            &it.spot.team,
            &it.spot.organisation,
            &it.programme,
            &it.aim,
            &it.period_day.to_string(),
            &it.beyond.to_string(),
            &it.from.to_string(),
            &it.by.to_string(),
            &it.open,
            &it.ended,
            &it.done.map(|it| it.to_string()),
            &it.visit,
            &it.who,
            &it.reason,
            &source,
            &created,
        ],
    )
}

/// Writes what the facts say of a task.
pub fn store(tx: &Tx<'_>, it: &Task) -> Result<()> {
    tx.run(
        "update round_task set elder = $3, place = $4, street = $5, team = $6, organisation = $7, from_day = $8, by_day = $9,
                open = $10, ended = $11
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.elder,
            &it.spot.place,
            &it.spot.street,
            &it.spot.team,
            &it.spot.organisation,
            &it.from.to_string(),
            &it.by.to_string(),
            &it.open,
            &it.ended,
        ],
    )?;
    Ok(())
}

/// Writes that a visit did it, or with `None` that it is not done.
pub fn set_done(tx: &Tx<'_>, key: &Key, done: Option<(Date, Id, &str)>, reason: &str) -> Result<()> {
    tx.run(
        "update round_task set done_day = $3, visit = $4, who = $5, reason = $6, open = $7 where region = $1 and id = $2",
        &[
            &key.region,
            &key.id,
            &done.map(|it| it.0.to_string()),
            &done.map(|it| it.1),
            &done.map_or("", |it| it.2),
            &reason,
            &done.is_none(),
        ],
    )?;
    Ok(())
}

/// Writes why it is late, done or not.
pub fn set_reason(tx: &Tx<'_>, key: &Key, reason: &str) -> Result<()> {
    tx.run("update round_task set reason = $3 where region = $1 and id = $2", &[&key.region, &key.id, &reason])?;
    Ok(())
}

/// Somebody says why it is late and not done yet.
///
/// # Errors
/// `Refused` for a task that is not late.
pub fn delayed(tx: &Tx<'_>, ask: &Ask, it: &Task, reason: &str) -> Result<()> {
    if !it.open || !it.is_late(ask.today()) {
        return Err(Error::refused("not_late", "这项任务没有逾期"));
    }
    set_reason(tx, &it.key, reason)?;
    note(tx, ask, "change", it, &serde_json::json!({"reason": reason}).to_string())
}

/// Notes that somebody looked at a task, or did something with it.
pub fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, it: &Task, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action,
        subject: "round",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &it.spot.place,
        detail,
    };
    ask.note(tx, &entry)
}
