//! When it was: times as makers write them, and how far they are believed.

use jiff::{civil, tz::TimeZone};

use crate::{
    path::Found,
    read::Setting,
    said::{Marks, Source},
};

/// How a maker writes a day in text. Numbers are seconds, milliseconds or finer since 1970, told by their size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Form {
    /// The year first; a day before a month or behind it only where it can be but one.
    #[default]
    YearFirst,
    DayMonth,
    MonthDay,
}

/// What a message says of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) at: i64,
    /// Its text had no zone, and was read in the one assumed.
    pub(crate) assumed: bool,
    /// The same text read as UTC.
    pub(crate) utc: i64,
}

/// When something was, as far as it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Believed {
    pub(crate) at: i64,
    pub(crate) source: Source,
    pub(crate) marks: Marks,
}

/// 2015-01-01 UTC: a clock before it has not been set.
const EARLIEST: i64 = 1_420_070_400_000;
/// Numbers below are no instant (seconds since the device started, a countdown).
const LEAST_SECONDS: i64 = 10_000_000;

pub(crate) fn told(found: Found<'_>, form: Form, zone: &TimeZone) -> Option<Told> {
    let text = match found {
        Found::Json(crate::json::Json::Number(number)) => return epoch(number.cut()?),
        other => other.text()?,
    };
    if text.bytes().all(|it| it.is_ascii_digit()) {
        return match text.len() {
            14 if text.starts_with("20") || text.starts_with("25") => compact(&text, zone),
            ..=19 => epoch(text.parse().ok()?),
            _ => None,
        };
    }
    match text.split_once(['T', ' ']) {
        Some((day, rest)) if day.len() == 8 && day.bytes().all(|it| it.is_ascii_digit()) => {
            day_without_signs(day, rest, zone)
        }
        _ => written(&text, form, zone),
    }
}

fn epoch(number: i64) -> Option<Told> {
    let at = match number {
        LEAST_SECONDS..100_000_000_000 => number * 1000,
        100_000_000_000..100_000_000_000_000 => number,
        100_000_000_000_000..100_000_000_000_000_000 => number / 1000,
        100_000_000_000_000_000.. => number / 1_000_000,
        _ => return None,
    };
    Some(Told { at, assumed: false, utc: at })
}

/// `20250616123045`.
fn compact(text: &str, zone: &TimeZone) -> Option<Told> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let date = [part(0, 4)?, part(4, 6)?, part(6, 8)?];
    civil(date, [part(8, 10)?, part(10, 12)?, part(12, 14)?], 0).and_then(|it| local(it, zone))
}

/// `20250616T123045Z`, `20250616 12:30:45`.
fn day_without_signs(day: &str, rest: &str, zone: &TimeZone) -> Option<Told> {
    let clock: String = rest.chars().filter(char::is_ascii_digit).take(6).collect();
    let told = compact(&format!("{day}{clock:0<6}"), zone)?;
    let is_utc = rest.ends_with(['Z', 'z']);
    Some(if is_utc { Told { at: told.utc, assumed: false, utc: told.utc } } else { told })
}

/// `2025-06-16 12:30:45.120+08:00`, `16/06/2025 12:30`, `2025年6月16日 12时30分45秒`.
fn written(text: &str, form: Form, zone: &TimeZone) -> Option<Told> {
    let mut scan = Scan(text);
    let (first, _) = scan.number()?;
    if !scan.0.starts_with(['-', '/', '.', '年']) {
        return None;
    }
    let (second, _) = scan.number()?;
    let (third, third_len) = scan.number()?;
    let date = in_order([first, second, third], third_len, form)?;
    let (mut clock, mut fraction) = ([0; 3], 0);
    if let Some((hour, _)) = scan.number() {
        let (minute, _) = scan.number()?;
        (clock[0], clock[1]) = (hour, minute);
        if scan.0.starts_with([':', '分']) && scan.0.chars().nth(1).is_some_and(|it| it.is_ascii_digit()) {
            clock[2] = scan.number()?.0;
        }
        if scan.0.starts_with(['.', ',']) {
            let (value, len) = scan.number()?;
            fraction = milliseconds(value, len);
        }
    }
    let civil = civil(date, clock, fraction)?;
    match offset(scan.0.trim()) {
        Some(minutes) => {
            let at = utc(civil)? - minutes * 60_000;
            Some(Told { at, assumed: false, utc: at })
        }
        None => local(civil, zone),
    }
}

/// A text from which numbers are taken, one after the other.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    /// The next number and how many digits it has, behind whatever parts days and hours.
    fn number(&mut self) -> Option<(i64, usize)> {
        let apart = [' ', 'T', 't', ':', '-', '/', '.', ',', '年', '月', '日', '时', '分'];
        let text = self.0.trim_start_matches(apart);
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&length) {
            return None;
        }
        let (digits, rest) = text.split_at(length);
        self.0 = rest;
        Some((digits.parse().ok()?, length))
    }
}

fn milliseconds(value: i64, len: usize) -> i64 {
    match len {
        1 => value * 100,
        2 => value * 10,
        3 => value,
        more => value / 10_i64.pow(u32::try_from(more).unwrap_or(9).saturating_sub(3).min(9)),
    }
}

/// Year, month and day of three numbers; nothing where a day could be a month and nobody said which stands first.
fn in_order(parts: [i64; 3], third_len: usize, form: Form) -> Option<[i64; 3]> {
    let [first, second, third] = parts;
    if first > 31 {
        return Some([first, second, third]);
    }
    if third_len != 4 {
        return None;
    }
    match form {
        Form::DayMonth => Some([third, second, first]),
        Form::MonthDay => Some([third, first, second]),
        Form::YearFirst if first > 12 || first == second => Some([third, second, first]),
        Form::YearFirst if second > 12 => Some([third, first, second]),
        Form::YearFirst => None,
    }
}

/// Minutes east of UTC: `Z`, `+08:00`, `-0530`, `GMT+8`.
fn offset(text: &str) -> Option<i64> {
    let text = text.trim_start_matches("UTC").trim_start_matches("GMT").trim();
    if text.is_empty() {
        return None;
    }
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(it) => it,
        None if digits.len() > 2 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn civil([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3], milliseconds: i64) -> Option<civil::DateTime> {
    // Buddhist years of Thai devices are 543 ahead.
    let year = if (2443..=2743).contains(&year) { year - 543 } else { year };
    let small = |it: i64| i8::try_from(it).ok();
    let nanoseconds = i32::try_from(milliseconds).ok()?.checked_mul(1_000_000)?;
    civil::DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanoseconds,
    )
    .ok()
}

/// The clock in a device's bytes: year, month, day, hour, minute, second; minutes may be beyond the hour.
pub(crate) fn of_clock([year, month, day, hour, minute, second]: [i64; 6], zone: &TimeZone) -> Option<Told> {
    let told = local(civil([year, month, day], [hour, 0, second], 0)?, zone)?;
    let more = minute.checked_mul(60_000)?;
    Some(Told { at: told.at + more, utc: told.utc + more, ..told })
}

fn utc(civil: civil::DateTime) -> Option<i64> {
    TimeZone::UTC.to_timestamp(civil).ok().map(|it| it.as_millisecond())
}

fn local(civil: civil::DateTime, zone: &TimeZone) -> Option<Told> {
    let at = zone.to_timestamp(civil).ok()?.as_millisecond();
    Some(Told { at, assumed: true, utc: utc(civil)? })
}

/// How far a device's time is believed. `message` is the time of the whole message, where the row has one of its own: a clock that is
/// wrong tells rightly how long ago a row was.
pub(crate) fn believed(
    row: Option<Told>,
    message: Option<Told>,
    unsure_zone: bool,
    arrived: i64,
    setting: &Setting,
) -> Believed {
    let at_arrival = |at: i64, marks: Marks| Believed { at, source: Source::Arrival, marks };
    let Some(told) = row.or(message) else {
        return at_arrival(arrived, Marks::NO_TIME);
    };
    let mut marks = if told.assumed { Marks::ZONE_ASSUMED } else { Marks::NONE };
    let fits =
        |it: i64| it <= arrived.saturating_add(setting.ahead_ms) && it >= arrived.saturating_sub(setting.late_ms);
    // Makers who write UTC as if it were local time: where only that reading is of now, it is the right one.
    let at = if unsure_zone && told.assumed && !fits(told.at) && fits(told.utc) { told.utc } else { told.at };
    let wrong_clock = |it: i64| it > arrived.saturating_add(setting.ahead_ms) || it < EARLIEST;
    let clock = message.filter(|it| row.is_some() && wrong_clock(it.at)).map(|it| it.at);
    if wrong_clock(at) || clock.is_some() {
        let mark = if clock.unwrap_or(at) > arrived { Marks::CLOCK_AHEAD } else { Marks::CLOCK_BEHIND };
        marks = marks.with(mark);
        let ago = clock.and_then(|it| it.checked_sub(at)).filter(|it| (0..=setting.most_backlog_ms).contains(it));
        let ago = ago.unwrap_or(0);
        if ago > setting.late_ms {
            marks = marks.with(Marks::LATE);
        }
        return at_arrival(arrived.saturating_sub(ago), marks);
    }
    let before_message = message.filter(|_| row.is_some()).map_or(0, |it| it.at.saturating_sub(at));
    if arrived.saturating_sub(at) > setting.late_ms || before_message > setting.late_ms {
        marks = marks.with(Marks::LATE);
    }
    Believed { at, source: Source::Device, marks }
}
