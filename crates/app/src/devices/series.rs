//! Series of readings: one measure of one person by one device, its latest value, and what it was on any day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::{
    Ask, Error, Id, Result, Tx,
    clock::{begin_of, day_of},
    db::{Among, Row},
};
use maud::Markup;
use readings::{
    Marks, Measure, Reading,
    hourly::{self, Hour},
    tail,
};
use rules::base::Date;

use crate::elders::{Key, Records};

/// A series with the latest value that may be believed.
#[derive(Debug, Clone)]
pub struct Series {
    pub id: Id,
    pub device: Id,
    pub elder: Option<Id>,
    pub measure: Measure,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    pub value: i64,
    pub marks: Marks,
}

const COLUMNS: &str = "id, device, elder, measure, at, value, marks";

fn read(row: &Row<'_>) -> Result<Series> {
    Ok(Series {
        id: row.get(0)?,
        device: row.get(1)?,
        elder: row.get(2)?,
        measure: measure(&row.get::<String>(3)?)?,
        at: row.get(4)?,
        value: row.get(5)?,
        marks: marks(row.get(6)?),
    })
}

/// The measure of a kept word.
pub fn measure(word: &str) -> Result<Measure> {
    Measure::parse(word).ok_or_else(|| Error::internal(format!("no measure “{word}”")))
}

/// Marks as they are kept.
pub fn marks(kept: i64) -> Marks {
    Marks(kept as u8)
}

impl Series {
    /// The value as people write it, without its unit.
    pub fn text(&self) -> String {
        self.measure.written(self.value)
    }
}

/// What is to be said of a value beside its number.
pub fn titles(ask: &Ask, marks: Marks) -> Vec<&str> {
    Marks::ALL.iter().filter(|it| marks.has(it.0)).map(|it| ask.either(it.2, it.3)).collect()
}

/// An instant in milliseconds, to the minute, as pages show it.
pub fn instant(at: i64) -> Markup {
    kit::page::time(&stored(at))
}

/// What a device measured, the newest first.
pub fn of_device(tx: &Tx<'_>, key: &Key) -> Result<Vec<Series>> {
    let sql =
        format!("select {COLUMNS} from reading_series where region = $1 and device = $2 order by at desc limit 100");
    tx.rows(&sql, &[&key.region, &key.id], read)
}

/// What was measured of a person by any device, the newest first.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Series>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from reading_series where region = $1 and elder in ({}) order by at desc limit 200",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), read)
}

/// A value as a page beside others shows it.
#[derive(Debug, Clone)]
pub struct LastValue {
    pub title: String,
    /// With its unit.
    pub text: String,
    pub time: String,
}

/// The newest value of each measure of a person, the vital ones first; of the last 30 days.
pub fn last_values(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Vec<LastValue>> {
    let oldest = ask.now.as_millisecond() - 30 * 24 * HOUR_MS;
    let mut all: BTreeMap<Measure, Series> = BTreeMap::new();
    for it in of_elder(tx, key)?.into_iter().filter(|it| oldest <= it.at && is_vital(it.measure)) {
        all.entry(it.measure).or_insert(it);
    }
    Ok(all
        .into_values()
        .map(|it| LastValue {
            title: ask.either(it.measure.title(), it.measure.title_en()).to_string(),
            text: format!("{} {}", it.text(), ask.t(it.measure.unit())),
            time: kit::clock::minute(&stored(it.at)),
        })
        .collect())
}

/// What says something of a person's health, not of the room or the device.
pub fn is_vital(it: Measure) -> bool {
    it < Measure::Steps
}

/// A stretch of time in milliseconds since 1970 UTC: from an instant to before another.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub from: i64,
    pub until: i64,
}

impl Span {
    /// Whole business days, the last included.
    pub fn days(from: Date, until: Date) -> Span {
        Span { from: begin_of(from).as_millisecond(), until: begin_of(until.add_days(1)).as_millisecond() }
    }

    fn holds(self, at: i64) -> bool {
        self.from <= at && at < self.until
    }
}

/// An instant in milliseconds as the house has it.
pub fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN)
}

/// An instant in milliseconds as it is stored in words.
pub fn stored(at: i64) -> String {
    kit::clock::stamp(timestamp(at))
}

/// The business day of an instant in milliseconds.
pub fn day(at: i64) -> Date {
    day_of(timestamp(at))
}

/// One value of a chart: an instant, or the mean of an hour once a day was thinned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub at: i64,
    pub least: i64,
    pub mean: i64,
    pub most: i64,
    pub marks: Marks,
}

/// The readings of some series in a span by measure, in order of time and each once.
pub fn points(tx: &Tx<'_>, region: &str, series: &[Series], span: Span) -> Result<BTreeMap<Measure, Vec<Point>>> {
    let of = Several::of(series);
    let (first, last) = (day(span.from).to_string(), day(span.until - 1).to_string());
    let mut all: BTreeMap<Measure, BTreeMap<(i64, i64), Point>> = BTreeMap::new();
    let mut add = |measure: Measure, it: Point| {
        if span.holds(it.at) {
            all.entry(measure).or_default().insert((it.at, it.mean), it);
        }
    };
    let sql = format!(
        "select series, grain, data from reading_day where region = $1 and day >= $2 and day <= $3 and series in ({})",
        of.ids.after(3)
    );
    tx.each(&sql, &of.ids.bind(&[&region, &first, &last]), |row| {
        let (measure, grain, data) = (of.measure(row.get(0)?)?, row.get::<String>(1)?, row.get::<Vec<u8>>(2)?);
        if grain == HOURS {
            for it in hours(&data)? {
                let Some(mean) = it.mean() else { continue };
                let point = Point { at: it.hour * HOUR_MS, least: it.least, mean, most: it.most, marks: Marks::NONE };
                add(measure, point);
            }
        } else {
            readings(&data)?.into_iter().for_each(|it| add(measure, single(it)));
        }
        Ok(())
    })?;
    let sql = format!(
        "select id, tail from reading_series where region = $1 and tail_day >= $2 and tail_day <= $3 and id in ({})",
        of.ids.after(3)
    );
    tx.each(&sql, &of.ids.bind(&[&region, &first, &last]), |row| {
        let measure = of.measure(row.get(0)?)?;
        readings(&row.get::<Vec<u8>>(1)?)?.into_iter().for_each(|it| add(measure, single(it)));
        Ok(())
    })?;
    Ok(all.into_iter().map(|(measure, points)| (measure, points.into_values().collect())).collect())
}

/// Series that one statement asks for, and the measure of each.
struct Several {
    ids: Among,
    measures: BTreeMap<Id, Measure>,
}

impl Several {
    fn of(series: &[Series]) -> Several {
        let ids: Vec<Id> = series.iter().map(|it| it.id).collect();
        Several { ids: Among::of(&ids), measures: series.iter().map(|it| (it.id, it.measure)).collect() }
    }

    fn measure(&self, series: Id) -> Result<Measure> {
        self.measures.get(&series).copied().ok_or_else(|| Error::internal("a series nobody asked for"))
    }
}

/// Marks as words for programs.
pub fn words(marks: Marks) -> Vec<&'static str> {
    Marks::ALL.iter().filter(|it| marks.has(it.0)).map(|it| it.1).collect()
}

fn single(it: Reading) -> Point {
    Point { at: it.at, least: it.value, mean: it.value, most: it.value, marks: it.marks }
}

/// What a row of `reading_day` holds: every reading, or the least, mean and most of each hour.
pub const EACH: &str = "each";
pub const HOURS: &str = "hours";

/// Least, mean and most of a day that has values, without reading single ones: for charts of months.
#[derive(Debug, Clone, PartialEq)]
pub struct DaySum {
    pub day: Date,
    pub count: i64,
    pub least: i64,
    pub most: i64,
    pub total: i64,
}

impl DaySum {
    /// Of some days together, dated by the first.
    fn joined(&self, other: &DaySum) -> DaySum {
        DaySum {
            day: self.day,
            count: self.count + other.count,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
            total: self.total + other.total,
        }
    }

    /// In whole kept units, rounded down.
    pub fn mean(&self) -> i64 {
        self.total.div_euclid(self.count)
    }
}

/// The days of a person in a stretch by measure, those still being filled included.
pub fn day_sums(tx: &Tx<'_>, key: &Key, from: Date, until: Date) -> Result<Vec<(Measure, Vec<DaySum>)>> {
    let of = Several::of(&of_elder(tx, key)?);
    let mut all: BTreeMap<Measure, BTreeMap<Date, DaySum>> = BTreeMap::new();
    let mut add = |measure: Measure, new: DaySum| {
        let days = all.entry(measure).or_default();
        let sum = match days.get(&new.day) {
            Some(old) => old.joined(&new),
            None => new,
        };
        days.insert(sum.day, sum);
    };
    let values = [from.to_string(), until.to_string()];
    let sql = format!(
        "select series, day, count, least, most, total from reading_day
          where region = $1 and day >= $2 and day <= $3 and count > 0 and series in ({})",
        of.ids.after(3)
    );
    tx.each(&sql, &of.ids.bind(&[&key.region, &values[0], &values[1]]), |row| {
        let sum =
            DaySum { day: row.get(1)?, count: row.get(2)?, least: row.get(3)?, most: row.get(4)?, total: row.get(5)? };
        add(of.measure(row.get(0)?)?, sum);
        Ok(())
    })?;
    let sql = format!(
        "select id, tail_day, tail from reading_series where region = $1 and tail_day >= $2 and tail_day <= $3 and id in ({})",
        of.ids.after(3)
    );
    tx.each(&sql, &of.ids.bind(&[&key.region, &values[0], &values[1]]), |row| {
        let (measure, day) = (of.measure(row.get(0)?)?, row.get(1)?);
        for it in readings(&row.get::<Vec<u8>>(2)?)?.iter().filter(|it| believed(it)) {
            add(measure, DaySum { day, count: 1, least: it.value, most: it.value, total: it.value });
        }
        Ok(())
    })?;
    Ok(all.into_iter().map(|(measure, days)| (measure, days.into_values().collect())).collect())
}

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// Readings as they are kept.
///
/// # Errors
/// `Internal` for bytes that are damaged.
pub fn readings(data: &[u8]) -> Result<Vec<Reading>> {
    tail::read(data).collect::<Result<_, _>>().map_err(|it| Error::internal(format!("readings are damaged: {it:?}")))
}

/// Hours as they are kept.
///
/// # Errors
/// As [`readings`].
pub fn hours(data: &[u8]) -> Result<Vec<Hour>> {
    hourly::unpacked(data).map_err(|it| Error::internal(format!("readings are damaged: {it:?}")))
}

/// People with series of vital measures, by number, after one.
pub fn measured_after(tx: &Tx<'_>, region: &str, after: Id, most: i64) -> Result<Vec<Id>> {
    let sql = format!(
        "select distinct elder from reading_series where region = $1 and elder > $2 order by elder limit {most}"
    );
    tx.rows(&sql, &[&region, &after], |row| row.get(0))
}

/// The week to a day in plain words, one sentence a measure, compared with the week before.
pub fn week_in_words(tx: &Tx<'_>, ask: &Ask, key: &Key, until: Date) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let from = until.add_days(-6);
    for (measure, days) in day_sums(tx, key, from.add_days(-7), until)? {
        if !is_vital(measure) && measure != Measure::Steps {
            continue;
        }
        let of = |first: Date, last: Date| {
            let some = days.iter().filter(|it| first <= it.day && it.day <= last);
            some.cloned().reduce(|all, it| all.joined(&it))
        };
        let Some(now) = of(from, until) else { continue };
        if measure == Measure::Steps {
            // It is told of the day so far: the most of a day is the day.
            let each: Vec<i64> = days.iter().filter(|it| from <= it.day).map(|it| it.most).collect();
            let mean = each.iter().sum::<i64>().div_euclid(each.len().max(1) as i64);
            lines.push(ask.f("步数:{n} 天,平均每天 {mean} 步。", &[("n", &each.len()), ("mean", &mean)]));
            continue;
        }
        let mean = now.mean();
        let title = ask.either(measure.title(), measure.title_en());
        let unit = ask.t(measure.unit());
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("title", &title),
            ("n", &now.count),
            ("mean", &measure.written(mean)),
            ("unit", &unit),
            ("least", &measure.written(now.least)),
            ("most", &measure.written(now.most)),
        ];
        let mut line = ask.f("{title}:测了 {n} 次,平均 {mean} {unit},最低 {least},最高 {most}。", &values);
        if let Some(before) = of(from.add_days(-7), from.add_days(-1)) {
            let change = mean - before.mean();
            let by = measure.written(change.abs());
            line.push_str(&match change {
                0 => ask.t("和上周一样。").to_string(),
                it if 0 < it => ask.f("比上周高 {by}。", &[("by", &by)]),
                _ => ask.f("比上周低 {by}。", &[("by", &by)]),
            });
        }
        lines.push(line);
    }
    Ok(lines)
}

/// Whether a value counts where many are told in one number.
pub fn believed(it: &Reading) -> bool {
    !it.marks.has(Marks::IMPLAUSIBLE) && !it.marks.has(Marks::DISPUTED)
}
