//! How alarms were answered, from the cases themselves: by month, kind and place, with means and medians.

use std::collections::BTreeMap;

use kit::{
    Ask, Id, Result, Tx,
    clock::{begin_of, stamp},
    db::Bind,
};
use rules::{alarm, base::Date};

use super::case::SCOPE;

/// What became of some cases.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    pub raised: i64,
    pub in_time: i64,
    /// Acknowledged where a time was allowed.
    pub judged: i64,
    pub closed: i64,
    pub untrue: i64,
    pub acknowledge: Vec<i64>,
    pub leave: Vec<i64>,
    pub arrive: Vec<i64>,
    pub proven: i64,
}

impl Figures {
    pub fn share(n: i64, of: i64) -> Option<f64> {
        (0 < of).then(|| (n as f64 * 1_000.0 / of as f64).round() / 10.0)
    }

    pub fn median(all: &[i64]) -> Option<f64> {
        alarm::median(all.to_vec())
    }

    pub fn mean(all: &[i64]) -> Option<f64> {
        alarm::mean(all).map(|it| (it * 10.0).round() / 10.0)
    }

    fn take(&mut self, it: &One) {
        self.raised += 1;
        if let (Some(took), Some(allowed)) = (it.acknowledge, it.allowed) {
            self.judged += 1;
            self.in_time += i64::from(took <= allowed);
        }
        self.acknowledge.extend(it.acknowledge);
        self.leave.extend(it.leave);
        self.arrive.extend(it.arrive);
        self.proven += i64::from(it.proven && it.arrive.is_some());
        self.closed += i64::from(!it.verdict.is_empty());
        self.untrue += i64::from(!matches!(&*it.verdict, "" | "true"));
    }
}

/// What of a case is counted.
struct One {
    month: String,
    kind: String,
    street: String,
    allowed: Option<i64>,
    acknowledge: Option<i64>,
    leave: Option<i64>,
    arrive: Option<i64>,
    proven: bool,
    verdict: String,
}

/// All, and by month, kind and street.
#[derive(Debug, Default)]
pub struct Year {
    pub all: Figures,
    pub months: BTreeMap<String, Figures>,
    pub kinds: BTreeMap<String, Figures>,
    pub places: BTreeMap<String, Figures>,
    /// There are more than are counted here.
    pub is_cut: bool,
}

/// So many cases are looked at; a county has fewer in a year.
const MOST: usize = 200_000;

/// The cases of the reader's scope that were raised from a day until before another.
pub fn of(tx: &Tx<'_>, ask: &Ask, from: Date, until: Date) -> Result<Year> {
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&SCOPE, &mut values);
    values.push(Box::new(stamp(begin_of(from))));
    values.push(Box::new(stamp(begin_of(until))));
    let nth = values.len();
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select c.raised, c.kind, c.street, c.allowed, c.take_seconds, c.leave_seconds, c.arrive_seconds, c.proven, c.verdict
           from alarm_case c where {scope} and c.raised >= ${} and c.raised < ${nth} order by c.raised, c.id limit {MOST}",
        nth - 1
    );
    let mut year = Year::default();
    tx.each(&sql, &values, |row| {
        let raised: String = row.get(0)?;
        let day = kit::clock::day_of_stamp(&raised).unwrap_or(from);
        let one = One {
            month: day.to_string().chars().take(7).collect(),
            kind: row.get(1)?,
            street: row.get(2)?,
            allowed: row.get(3)?,
            acknowledge: row.get(4)?,
            leave: row.get(5)?,
            arrive: row.get(6)?,
            proven: row.get(7)?,
            verdict: row.get(8)?,
        };
        year.all.take(&one);
        year.months.entry(one.month.clone()).or_default().take(&one);
        year.kinds.entry(one.kind.clone()).or_default().take(&one);
        year.places.entry(one.street.clone()).or_default().take(&one);
        Ok(())
    })?;
    year.is_cut = year.all.raised == MOST as i64;
    Ok(year)
}

/// Of the closed cases since a day, by county and device: how many there were, and how many were not true.
pub fn by_device(tx: &Tx<'_>, ask: &Ask, from: Date) -> Result<BTreeMap<(String, Id), (i64, i64)>> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = ask.who.scope.sql(&SCOPE, &mut values);
    values.push(Box::new(stamp(begin_of(from))));
    let bound: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select c.region, c.device, count(*), count(case when c.verdict <> 'true' then 1 end) from alarm_case c
          where {condition} and c.device is not null and c.closed is not null and c.raised >= ${} group by c.region, c.device",
        values.len()
    );
    let rows = tx.rows(&sql, &bound, |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    Ok(rows.into_iter().collect())
}
