//! Series of readings: one measure of one person by one device, its latest value, and what it was on any day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::{
    Ask, Error, Id, Result, Tx,
    clock::{begin_of, day_of},
    db::{Among, Row},
};
use maud::{Markup, html};
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
        text(self.measure, self.value)
    }
}

/// A value in its measure's unit, with as many decimals as it is kept with.
pub fn text(measure: Measure, value: i64) -> String {
    let scale = usize::from(measure.scale());
    if scale == 0 {
        return value.to_string();
    }
    let one = 10_i64.pow(scale as u32);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / one, value.abs() % one);
    format!("{sign}{whole}.{rest:0scale$}").trim_end_matches('0').trim_end_matches('.').to_string()
}

/// What is to be said of a value beside its number.
pub fn titles(ask: &Ask, marks: Marks) -> Vec<&str> {
    Marks::ALL.iter().filter(|it| marks.has(it.0)).map(|it| ask.either(it.2, it.3)).collect()
}

/// An instant in milliseconds, to the minute, as pages show it.
pub fn instant(at: i64) -> Markup {
    let stored = Timestamp::from_millisecond(at).map_or(String::new(), kit::clock::stamp);
    html! { (kit::page::time(&stored)) }
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
            time: kit::clock::minute(&kit::clock::stamp(Timestamp::from_millisecond(it.at).unwrap_or(Timestamp::MIN))),
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

/// The business day of an instant in milliseconds.
pub fn day(at: i64) -> Date {
    day_of(Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN))
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

/// The readings of some series of one measure in a span, by time, each once.
pub fn points(tx: &Tx<'_>, region: &str, series: &[Id], span: Span) -> Result<Vec<Point>> {
    let among = Among::of(series);
    let (first, last) = (day(span.from).to_string(), day(span.until - 1).to_string());
    let mut all = BTreeMap::new();
    let mut add = |it: Point| {
        if span.holds(it.at) {
            all.insert((it.at, it.mean), it);
        }
    };
    let sql = format!(
        "select grain, data from reading_day where region = $1 and day >= $2 and day <= $3 and series in ({})",
        among.after(3)
    );
    tx.each(&sql, &among.bind(&[&region, &first, &last]), |row| {
        let (grain, data): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if grain == HOURS {
            for it in hours(&data)? {
                let Some(mean) = it.mean() else { continue };
                add(Point { at: it.hour * HOUR_MS, least: it.least, mean, most: it.most, marks: Marks::NONE });
            }
        } else {
            readings(&data)?.into_iter().for_each(|it| add(single(it)));
        }
        Ok(())
    })?;
    let sql = format!(
        "select tail from reading_series where region = $1 and tail_day >= $2 and tail_day <= $3 and id in ({})",
        among.after(3)
    );
    tx.each(&sql, &among.bind(&[&region, &first, &last]), |row| {
        readings(&row.get::<Vec<u8>>(0)?)?.into_iter().for_each(|it| add(single(it)));
        Ok(())
    })?;
    Ok(all.into_values().collect())
}

/// All readings of a person in a span, by measure.
pub fn by_measure(tx: &Tx<'_>, key: &Key, span: Span) -> Result<BTreeMap<Measure, Vec<Point>>> {
    let mut of: BTreeMap<Measure, Vec<Id>> = BTreeMap::new();
    for it in of_elder(tx, key)? {
        of.entry(it.measure).or_default().push(it.id);
    }
    let mut all = BTreeMap::new();
    for (measure, series) in of {
        let points = points(tx, &key.region, &series, span)?;
        if !points.is_empty() {
            all.insert(measure, points);
        }
    }
    Ok(all)
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

/// Least, mean and most of each day, without reading single values: for charts of months.
#[derive(Debug, Clone, PartialEq)]
pub struct DaySum {
    pub day: Date,
    pub count: i64,
    pub least: i64,
    pub most: i64,
    pub total: i64,
}

/// The days of some series in a stretch, those still being filled included.
pub fn day_sums(tx: &Tx<'_>, region: &str, series: &[Id], from: Date, until: Date) -> Result<Vec<DaySum>> {
    let among = Among::of(series);
    let mut all: BTreeMap<String, DaySum> = BTreeMap::new();
    let mut add = |day: &str, count: i64, least: i64, most: i64, total: i64| -> Result<()> {
        let date: Date = day.parse().map_err(Error::internal)?;
        let it = all.entry(day.to_string()).or_insert(DaySum { day: date, count: 0, least, most, total: 0 });
        (it.count, it.total) = (it.count + count, it.total + total);
        (it.least, it.most) = (it.least.min(least), it.most.max(most));
        Ok(())
    };
    let values = [from.to_string(), until.to_string()];
    let sql = format!(
        "select day, count, least, most, total from reading_day where region = $1 and day >= $2 and day <= $3 and series in ({})",
        among.after(3)
    );
    tx.each(&sql, &among.bind(&[&region, &values[0], &values[1]]), |row| {
        add(&row.get::<String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)
    })?;
    let sql = format!(
        "select tail_day, tail from reading_series where region = $1 and tail_day >= $2 and tail_day <= $3 and id in ({})",
        among.after(3)
    );
    tx.each(&sql, &among.bind(&[&region, &values[0], &values[1]]), |row| {
        let (day, data): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        readings(&data)?.iter().filter(|it| believed(it)).try_for_each(|it| add(&day, 1, it.value, it.value, it.value))
    })?;
    Ok(all.into_values().collect())
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

/// The days of a person by measure.
pub fn day_sums_by_measure(tx: &Tx<'_>, key: &Key, from: Date, until: Date) -> Result<Vec<(Measure, Vec<DaySum>)>> {
    let mut of: BTreeMap<Measure, Vec<Id>> = BTreeMap::new();
    for it in of_elder(tx, key)? {
        of.entry(it.measure).or_default().push(it.id);
    }
    let mut all = Vec::new();
    for (measure, series) in of {
        all.push((measure, day_sums(tx, &key.region, &series, from, until)?));
    }
    Ok(all)
}

/// The week to a day in plain words, one sentence a measure, compared with the week before.
pub fn week_in_words(tx: &Tx<'_>, ask: &Ask, key: &Key, until: Date) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let from = until.add_days(-6);
    for (measure, days) in day_sums_by_measure(tx, key, from.add_days(-7), until)? {
        if !is_vital(measure) && measure != Measure::Steps {
            continue;
        }
        let of = |first: Date, last: Date| {
            let some = days.iter().filter(|it| first <= it.day && it.day <= last && 0 < it.count);
            some.fold(None, |all: Option<DaySum>, it| {
                Some(match all {
                    None => it.clone(),
                    Some(all) => DaySum {
                        day: all.day,
                        count: all.count + it.count,
                        least: all.least.min(it.least),
                        most: all.most.max(it.most),
                        total: all.total + it.total,
                    },
                })
            })
        };
        let Some(now) = of(from, until) else { continue };
        if measure == Measure::Steps {
            // It is told of the day so far: the most of a day is the day.
            let each: Vec<i64> = days.iter().filter(|it| from <= it.day && 0 < it.count).map(|it| it.most).collect();
            let mean = each.iter().sum::<i64>().div_euclid(each.len().max(1) as i64);
            lines.push(ask.f("步数:{n} 天,平均每天 {mean} 步。", &[("n", &each.len()), ("mean", &mean)]));
            continue;
        }
        let mean = now.total.div_euclid(now.count);
        let title = ask.either(measure.title(), measure.title_en());
        let unit = ask.t(measure.unit());
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("title", &title),
            ("n", &now.count),
            ("mean", &text(measure, mean)),
            ("unit", &unit),
            ("least", &text(measure, now.least)),
            ("most", &text(measure, now.most)),
        ];
        let mut line = ask.f("{title}:测了 {n} 次,平均 {mean} {unit},最低 {least},最高 {most}。", &values);
        if let Some(before) = of(from.add_days(-7), from.add_days(-1)) {
            let change = mean - before.total.div_euclid(before.count);
            let by = text(measure, change.abs());
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
