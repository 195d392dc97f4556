//! How many tasks there are on each day and in each month of a scope, and how they stand.

use std::collections::BTreeMap;

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    db::{Bind, Row},
};
use rules::base::Date;
use serde::Serialize;

use super::task::{self, Task};

/// How many tasks stand how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub waiting: i64,
    pub overdue: i64,
    pub done: i64,
    pub late: i64,
    pub missed: i64,
}

impl Counts {
    /// Those that had to be done, done or not.
    pub fn all(&self) -> i64 {
        self.waiting + self.overdue + self.done + self.late + self.missed
    }

    /// Those that are late and not done.
    pub fn not_done(&self) -> i64 {
        self.overdue + self.missed
    }

    /// The share done in time of those whose day is over or that are done, in tenths of a per cent.
    pub fn in_time(&self) -> Option<i64> {
        let over = self.all() - self.waiting;
        (0 < over).then(|| (self.done * 1000 + over / 2) / over)
    }

    pub fn add(&mut self, it: &Counts) {
        self.waiting += it.waiting;
        self.overdue += it.overdue;
        self.done += it.done;
        self.late += it.late;
        self.missed += it.missed;
    }
}

/// Which tasks are counted: of a place and a team.
#[derive(Debug, Clone)]
pub struct Part {
    pub scope: Scope,
    /// The place chosen, empty for all.
    pub place: String,
    pub team: Option<Id>,
}

impl Part {
    /// What the address asks for with `place` and `team`.
    ///
    /// # Errors
    /// `NotFound` for a place outside the reader's scope.
    pub fn asked(ask: &Ask) -> Result<Part> {
        let place = ask.param("place").unwrap_or_default().to_string();
        let scope = match &*place {
            "" => ask.who.scope.clone(),
            it => ask.who.scope.narrowed(&ask.app.places.tree(), it).ok_or(Error::NotFound)?,
        };
        Ok(Part { scope, place, team: ask.param("team").and_then(|it| it.parse().ok()) })
    }

    /// The condition with its values bound; `team` of 0 is that of places without one.
    fn sql(&self, values: &mut Vec<Box<dyn Bind + Send>>) -> String {
        let scope = self.scope.sql(&task::SCOPE, values);
        let Some(team) = self.team else { return scope };
        if team == Id(0) {
            return format!("{scope} and t.team is null");
        }
        values.push(Box::new(team));
        format!("{scope} and t.team = ${}", values.len())
    }
}

/// What is summed of tasks `t` as of today, which is `$1`.
const SUMS: &str = "cast(sum(case when t.open = true and t.by_day >= $1 then 1 else 0 end) as bigint),
    cast(sum(case when t.open = true and t.by_day < $1 then 1 else 0 end) as bigint),
    cast(sum(case when t.done_day <= t.by_day then 1 else 0 end) as bigint),
    cast(sum(case when t.done_day > t.by_day then 1 else 0 end) as bigint),
    cast(sum(case when t.done_day is null and t.ended = 'missed' then 1 else 0 end) as bigint)";

fn counts(row: &Row<'_>) -> Result<Counts> {
    Ok(Counts { waiting: row.get(0)?, overdue: row.get(1)?, done: row.get(2)?, late: row.get(3)?, missed: row.get(4)? })
}

/// Values behind `$1`, which is today.
fn bound(ask: &Ask) -> Vec<Box<dyn Bind + Send>> {
    vec![Box::new(ask.today().to_string())]
}

fn refs(values: &[Box<dyn Bind + Send>]) -> Vec<&dyn Bind> {
    values.iter().map(|it| it as &dyn Bind).collect()
}

/// Counts by the last day in time, from a day up to another (exclusive).
pub fn by_day(tx: &Tx<'_>, ask: &Ask, part: &Part, from: Date, beyond: Date) -> Result<BTreeMap<Date, Counts>> {
    let mut values = bound(ask);
    let scope = part.sql(&mut values);
    values.push(Box::new(from.to_string()));
    values.push(Box::new(beyond.to_string()));
    let n = values.len();
    let sql = format!(
        "select {}, t.by_day from round_task t where {scope} and t.by_day >= ${} and t.by_day < ${n}
          group by t.by_day order by t.by_day",
        SUMS,
        n - 1
    );
    let rows = tx.rows(&sql, &refs(&values), |row| Ok((row.get::<Date>(5)?, counts(row)?)))?;
    Ok(rows.into_iter().collect())
}

/// How many visits were made on each day.
pub fn done_by_day(tx: &Tx<'_>, part: &Part, from: Date, beyond: Date) -> Result<BTreeMap<Date, i64>> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = part.sql(&mut values);
    values.push(Box::new(from.to_string()));
    values.push(Box::new(beyond.to_string()));
    let n = values.len();
    let sql = format!(
        "select t.done_day, count(*) from round_task t where {scope} and t.done_day >= ${} and t.done_day < ${n}
          group by t.done_day order by t.done_day",
        n - 1
    );
    let rows = tx.rows(&sql, &refs(&values), |row| Ok((row.get::<Date>(0)?, row.get(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Counts by the month of the last day in time: `2026-11`.
pub fn by_month(tx: &Tx<'_>, ask: &Ask, part: &Part, from: Date, beyond: Date) -> Result<BTreeMap<String, Counts>> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    for (day, counts) in by_day(tx, ask, part, from, beyond)? {
        all.entry(month(day)).or_default().add(&counts);
    }
    Ok(all)
}

/// `2026-11`.
pub fn month(day: Date) -> String {
    day.to_string().get(..7).unwrap_or_default().to_string()
}

/// Open tasks that are late, by village and team; 0 stands for no team.
pub fn overdue(tx: &Tx<'_>, ask: &Ask, part: &Part) -> Result<Vec<(String, Id, i64)>> {
    let mut values = bound(ask);
    let scope = part.sql(&mut values);
    let sql = format!(
        "select substr(t.place, 1, 12), coalesce(t.team, 0), count(*) from round_task t
          where {scope} and t.open = true and t.by_day < $1
          group by substr(t.place, 1, 12), coalesce(t.team, 0) order by 3 desc, 1, 2 limit 1000"
    );
    tx.rows(&sql, &refs(&values), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// The open tasks of a part that can be done by the last day of a week and are late or due in its month, village by village.
pub fn of_week(tx: &Tx<'_>, part: &Part, sunday: Date, most: usize) -> Result<Vec<Task>> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = part.sql(&mut values);
    values.push(Box::new(sunday.to_string()));
    values.push(Box::new(sunday.first_of_month().add_months(1).to_string()));
    let n = values.len();
    let sql = format!(
        "select {} from round_task t where {scope} and t.open = true and t.from_day <= ${} and t.by_day < ${n}
          order by t.by_day, t.id limit {most}",
        task::COLUMNS,
        n - 1
    );
    let mut all = tx.rows(&sql, &refs(&values), task::read)?;
    all.sort_by(|a, b| (&a.spot.place, a.by, a.key.id).cmp(&(&b.spot.place, b.by, b.key.id)));
    Ok(all)
}

/// How many tasks are open in a state of today, counted to so many.
pub fn open(tx: &Tx<'_>, ask: &Ask, state: &str, until: Date) -> Result<i64> {
    let part = Part { scope: ask.who.scope.clone(), place: String::new(), team: None };
    let mut values = bound(ask);
    let scope = part.sql(&mut values);
    let condition = match state {
        "overdue" => "t.by_day < $1".to_string(),
        _ => {
            values.push(Box::new(until.to_string()));
            format!("t.by_day >= $1 and t.by_day <= ${}", values.len())
        }
    };
    let from = format!("from round_task t where {scope} and t.open = true and {condition}");
    tx.count_to(kit::module::Due::MOST, &from, &refs(&values))
}

/// Visits after which somebody still has to follow up.
pub fn follow_ups(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(&super::list::FOLLOW.scope.unwrap_or(task::SCOPE), &mut values);
    let from = format!("from round_visit v where {scope} and v.follow = 'open' and v.voided is null");
    tx.count_to(kit::module::Due::MOST, &from, &refs(&values))
}
