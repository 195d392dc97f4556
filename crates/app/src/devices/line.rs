//! A series while readings are added to it: what is kept of it in memory between two batches, and how it comes into the tables.

use kit::{Id, Result, Tx, db::Put};
use readings::{
    Marks, Measure, Reading,
    tail::{self, Last},
};

use super::series;

/// So many readings stand beside the latest value; then they go into the row of their day.
const TAIL: usize = 64;

/// A series and the end of its readings.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: Id,
    pub device: Id,
    pub elder: Option<Id>,
    pub measure: Measure,
    at: i64,
    value: i64,
    marks: Marks,
    day: String,
    tail: Vec<u8>,
    count: usize,
    /// What stands at the end of the tail, by which the next is told; and the newest instant in it.
    last: Last,
    newest: i64,
    /// What is not later than this goes into the row of its day, which may have it already.
    after: i64,
    /// Changed since it was last written.
    changed: bool,
    /// Readings of other days, or of this one before the tail, and tails that are full: by day.
    days: Vec<(String, Vec<Reading>)>,
}

pub const COLUMNS: &str = "id, device, elder, measure, at, value, marks, tail_day, tail, tail_after";

pub fn read(row: &kit::db::Row<'_>) -> Result<Line> {
    let kept: Vec<u8> = row.get(8)?;
    let readings = series::readings(&kept)?;
    Ok(Line {
        id: row.get(0)?,
        device: row.get(1)?,
        elder: row.get(2)?,
        measure: series::measure(&row.get::<String>(3)?)?,
        at: row.get(4)?,
        value: row.get(5)?,
        marks: series::marks(row.get(6)?),
        day: row.get(7)?,
        newest: readings.iter().map(|it| it.at).max().unwrap_or(i64::MIN),
        last: Last::of(&kept),
        count: readings.len(),
        tail: kept,
        after: row.get(9)?,
        changed: false,
        days: Vec::new(),
    })
}

impl Line {
    pub fn new(id: Id, device: Id, elder: Option<Id>, measure: Measure) -> Line {
        Line {
            id,
            device,
            elder,
            measure,
            at: i64::MIN,
            value: 0,
            marks: Marks::NONE,
            day: String::new(),
            tail: Vec::new(),
            count: 0,
            last: Last::default(),
            newest: i64::MIN,
            after: i64::MIN,
            changed: true,
            days: Vec::new(),
        }
    }

    /// Adds a reading; gives whether it was not there already, as far as the tail tells. What goes into the row of a day is
    /// compared with it when it is written.
    pub fn add(&mut self, it: Reading) -> bool {
        let day = series::day(it.at).to_string();
        self.changed = true;
        // What nobody can believe is kept and is not the latest value.
        if series::believed(&it) && self.at <= it.at {
            (self.at, self.value, self.marks) = (it.at, it.value, it.marks);
        }
        if self.day < day {
            self.flush();
            (self.day, self.after) = (day, i64::MIN);
        } else if day < self.day || it.at <= self.after {
            self.aside(day, it);
            return true;
        }
        if it.at <= self.newest && tail::read(&self.tail).flatten().any(|old| (old.at, old.value) == (it.at, it.value))
        {
            return false;
        }
        tail::append(&mut self.tail, &mut self.last, it);
        self.count += 1;
        self.newest = self.newest.max(it.at);
        if TAIL <= self.count {
            self.flush();
        }
        true
    }

    fn aside(&mut self, day: String, it: Reading) {
        match self.days.iter_mut().find(|one| one.0 == day) {
            Some(one) => one.1.push(it),
            None => self.days.push((day, vec![it])),
        }
    }

    fn flush(&mut self) {
        if self.count == 0 {
            return;
        }
        let day = self.day.clone();
        // These bytes are our own, of this process or read whole.
        for it in tail::read(&std::mem::take(&mut self.tail)).flatten() {
            self.aside(day.clone(), it);
        }
        self.after = self.after.max(self.newest);
        (self.count, self.last, self.newest) = (0, Last::default(), i64::MIN);
    }

    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// Writes what changed; gives how many readings turned out to be in the rows of their days already.
    pub fn write(&mut self, tx: &Tx<'_>, to: &impl Put, region: &str) -> Result<usize> {
        let mut twice = 0;
        for (day, readings) in std::mem::take(&mut self.days) {
            twice += merge(tx, to, region, self.id, &day, readings)?;
        }
        to.put(
            "insert into reading_series (region, id, device, elder, measure, at, value, marks, tail_day, tail, tail_after)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (region, id) do update set at = excluded.at, value = excluded.value, marks = excluded.marks,
                    tail_day = excluded.tail_day, tail = excluded.tail, tail_after = excluded.tail_after",
            &[
                &region,
                &self.id,
                &self.device,
                &self.elder,
                &self.measure.word(),
                &self.at,
                &self.value,
                &i64::from(self.marks.0),
                &self.day,
                &self.tail,
                &self.after,
            ],
        )?;
        self.changed = false;
        Ok(twice)
    }
}

/// Puts readings into the row of their day, in order of time and each once; gives how many were there already.
fn merge(tx: &Tx<'_>, to: &impl Put, region: &str, series: Id, day: &str, new: Vec<Reading>) -> Result<usize> {
    let before: Option<(String, Vec<u8>)> = tx.row(
        "select grain, data from reading_day where region = $1 and series = $2 and day = $3",
        &[&region, &series, &day],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (grain, data) = before.unwrap_or_else(|| (series::EACH.to_string(), Vec::new()));
    let coming = new.len();
    if grain == series::HOURS {
        return super::thin::add(to, region, series, day, &data, new).map(|()| 0);
    }
    let mut all = series::readings(&data)?;
    let known = all.len();
    all.extend(new);
    all.sort_by_key(|it| (it.at, it.value));
    all.dedup_by_key(|it| (it.at, it.value));
    let twice = known + coming - all.len();
    put(to, region, series, day, &all)?;
    Ok(twice)
}

/// Writes the row of a day.
fn put(to: &impl Put, region: &str, series: Id, day: &str, all: &[Reading]) -> Result<()> {
    let mut data = Vec::with_capacity(4 * all.len());
    let mut last = Last::default();
    for it in all {
        tail::append(&mut data, &mut last, *it);
    }
    let values: Vec<i64> = all.iter().filter(|it| series::believed(it)).map(|it| it.value).collect();
    let row = Sums {
        count: values.len() as i64,
        least: values.iter().copied().min().unwrap_or(0),
        most: values.iter().copied().max().unwrap_or(0),
        total: values.iter().sum(),
    };
    put_row(to, region, series, day, series::EACH, &row, &data)
}

/// What a row of a day says without its single readings.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    pub count: i64,
    pub least: i64,
    pub most: i64,
    pub total: i64,
}

pub fn put_row(
    to: &impl Put,
    region: &str,
    series: Id,
    day: &str,
    grain: &str,
    sums: &Sums,
    data: &Vec<u8>,
) -> Result<()> {
    to.put(
        "insert into reading_day (region, series, day, grain, count, least, most, total, data)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (region, series, day) do update set grain = excluded.grain, count = excluded.count, least = excluded.least,
                most = excluded.most, total = excluded.total, data = excluded.data",
        &[&region, &series, &day, &grain, &sums.count, &sums.least, &sums.most, &sums.total, data],
    )
}
