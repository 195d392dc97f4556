//! Days in every shape that ledgers write them, as exactly as they are written.

use jiff::ToSpan;
use jiff::civil::Date;
use kit::sheet::{Cell, half_width};

/// A day, or what of it is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Written {
    Day(Date),
    Month { year: i16, month: i8 },
    Year(i16),
}

impl Written {
    pub fn year(self) -> i16 {
        match self {
            Written::Day(day) => day.year(),
            Written::Month { year, .. } | Written::Year(year) => year,
        }
    }

    /// The day, where it is known.
    pub fn day(self) -> Option<Date> {
        match self {
            Written::Day(day) => Some(day),
            _ => None,
        }
    }

    /// True when the day is one that may be meant.
    pub fn agrees_with(self, day: Date) -> bool {
        match self {
            Written::Day(written) => written == day,
            Written::Month { year, month } => (year, month) == (day.year(), day.month()),
            Written::Year(year) => year == day.year(),
        }
    }

    /// True when even the earliest day that may be meant lies after `day`.
    pub fn is_after(self, day: Date) -> bool {
        match self {
            Written::Day(written) => written > day,
            Written::Month { year, month } => (year, month) > (day.year(), day.month()),
            Written::Year(year) => year > day.year(),
        }
    }
}

/// What stands there is no day.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Unreadable;

const FIRST_YEAR: i16 = 1850;
const LAST_YEAR: i16 = 2100;
const ABSENT: [&str; 9] = ["无", "不详", "未知", "-", "--", "—", "/", "不清楚", "0"];
const LUNAR: [&str; 4] = ["农历", "阴历", "旧历", "闰"];

/// Reads a day; nothing where the cell is empty or says that it is unknown. `on` tells a year from a serial number.
pub(super) fn read_day(cell: &Cell, on: Date) -> Result<Option<Written>, Unreadable> {
    let written = match cell {
        Cell::Empty => return Ok(None),
        Cell::Date(day) => Written::Day(*day),
        Cell::DateTime(time) => Written::Day(time.date()),
        Cell::Number(number) => of_number(*number, on)?,
        Cell::Text(text) => {
            let text = half_width(text);
            let text = text.trim().trim_start_matches(['\'', '’', '`']);
            if text.is_empty() || ABSENT.contains(&text) {
                return Ok(None);
            }
            of_text(text, on)?
        }
        Cell::Bool(_) | Cell::Error(_) => return Err(Unreadable),
    };
    let is_plausible = (FIRST_YEAR..=LAST_YEAR).contains(&written.year());
    if is_plausible { Ok(Some(written)) } else { Err(Unreadable) }
}

fn of_number(number: f64, on: Date) -> Result<Written, Unreadable> {
    let whole = number.trunc();
    if !(0.0..1e9).contains(&number) {
        return Err(Unreadable);
    }
    if number != whole {
        // 1945.04 is a year and a month; 1945.1 may be January or October, so the year alone is sure.
        let text = number.to_string();
        let (year, rest) = text.split_once('.').ok_or(Unreadable)?;
        if is_year(whole) {
            return match rest.len() {
                1 => Ok(Written::Year(whole as i16)),
                2 => of_digits(&format!("{year}{rest}"), on),
                4 => of_digits(&format!("{year}{rest}"), on),
                _ => Err(Unreadable),
            };
        }
    }
    of_digits(&(whole as u64).to_string(), on)
}

fn is_year(number: f64) -> bool {
    (f64::from(FIRST_YEAR)..=f64::from(LAST_YEAR)).contains(&number)
}

/// 19450417, 194504, 1945, or the number under which a spreadsheet keeps a day.
fn of_digits(digits: &str, on: Date) -> Result<Written, Unreadable> {
    let part = |range: std::ops::Range<usize>| digits[range].parse::<i16>().map_err(|_| Unreadable);
    match digits.len() {
        8 => of_parts(part(0..4)?, part(4..6)?, part(6..8)?),
        6 => of_parts(part(0..4)?, part(4..6)?, 0),
        4 if (FIRST_YEAR..=on.year()).contains(&part(0..4)?) => Ok(Written::Year(part(0..4)?)),
        // Between years and serial numbers lie the days of 1902 to 1905; whether a year was mistyped nobody can tell.
        4 if part(0..4)? < FIRST_YEAR => Err(Unreadable),
        4 | 5 => of_serial(digits.parse().map_err(|_| Unreadable)?),
        _ => Err(Unreadable),
    }
}

/// The day number 1 is 1 January 1900; from 61 on, after a leap day that never was, it counts from 30 December 1899.
fn of_serial(serial: i32) -> Result<Written, Unreadable> {
    const FIRST_SURE: i32 = 61;
    const EPOCH: Date = jiff::civil::date(1899, 12, 30);
    if serial < FIRST_SURE {
        return Err(Unreadable);
    }
    EPOCH.checked_add(serial.days()).map(Written::Day).map_err(|_| Unreadable)
}

/// A zero stands for a month or day that is not known.
fn of_parts(year: i16, month: i16, day: i16) -> Result<Written, Unreadable> {
    let (month, day) = (i8::try_from(month).map_err(|_| Unreadable)?, i8::try_from(day).map_err(|_| Unreadable)?);
    match (month, day) {
        (0, 0) => Ok(Written::Year(year)),
        (1..=12, 0) => Ok(Written::Month { year, month }),
        _ => Date::new(year, month, day).map(Written::Day).map_err(|_| Unreadable),
    }
}

fn of_text(text: &str, on: Date) -> Result<Written, Unreadable> {
    let text = &in_digits(text);
    let is_lunar = LUNAR.iter().any(|word| text.contains(word));
    let day = without_time(text);
    let day =
        ["农历", "阴历", "旧历", "阳历", "公历", "约", "闰"].iter().fold(day, |text, word| text.replace(word, ""));
    let is_separator = |c: char| c.is_whitespace() || "-/.年月日号、\\_·,，。生出于—–~".contains(c);
    if !day.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return Err(Unreadable);
    }
    let numbers: Vec<&str> = day.split(is_separator).filter(|part| !part.is_empty()).collect();
    let value = |text: &str| text.parse::<i16>().map_err(|_| Unreadable);
    let written = match numbers[..] {
        [digits] => of_digits(digits, on),
        [year, month] if year.len() == 4 && month.len() <= 2 => of_parts(value(year)?, value(month)?, 0),
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            of_parts(value(year)?, value(month)?, value(day)?)
        }
        // The year last: month and day are told apart only when one of them is above 12.
        [first, second, year] if year.len() == 4 => match (value(first)?, value(second)?) {
            (month @ 1..=12, day @ 13..=31) => of_parts(value(year)?, month, day),
            (day @ 13..=31, month @ 1..=12) => of_parts(value(year)?, month, day),
            (same, again) if same == again => of_parts(value(year)?, same, again),
            _ => Err(Unreadable),
        },
        _ => Err(Unreadable),
    }?;
    // A day of the old calendar is another day of ours; only the year is near enough.
    Ok(if is_lunar { Written::Year(written.year()) } else { written })
}

/// 一九四四年三月十二日 and 元月 in digits; anything else stays.
fn in_digits(text: &str) -> String {
    let text = text.replace("元月", "1月");
    let Some((year, rest)) = text.split_once('年') else { return text };
    let numeral = |c: char| "〇零一二三四五六七八九".chars().position(|it| it == c).map(|at| at.saturating_sub(1));
    let digit = |c: char| c.to_digit(10).map(|it| it as usize).or_else(|| numeral(c));
    let year: Option<String> = year.trim().chars().map(|c| digit(c).map(|it| it.to_string())).collect();
    let Some(year) = year.filter(|it| it.len() == 4) else { return text };
    // 三, 十二, 二十, 廿八, 三十一.
    let small = |word: &str| -> Option<usize> {
        let word = word.replace("廿", "二十").replace("初", "");
        match word.split_once('十') {
            None if word.is_empty() => Some(0),
            None => word.chars().next().filter(|_| word.chars().count() == 1).and_then(numeral),
            Some((tens, ones)) => {
                let one = |word: &str, empty| {
                    if word.is_empty() { Some(empty) } else { word.chars().next().and_then(numeral) }
                };
                Some(one(tens, 1)? * 10 + one(ones, 0)?)
            }
        }
    };
    let (month, day) = rest.split_once('月').unwrap_or((rest, ""));
    match (small(month), small(day.trim_end_matches(['日', '号']))) {
        (Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => text,
    }
}

/// True for `44/3/12` where the day is 12 March 1944: two digits of a year name no year, but they may agree with one.
pub(super) fn agrees_in_short(cell: &Cell, day: Date) -> bool {
    let Cell::Text(text) = cell else { return false };
    let text = half_width(text);
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let same = |text: &str, number: i16| text.parse() == Ok(number);
    matches!(numbers[..], [year, month, date] if year.len() == 2
        && same(year, day.year().rem_euclid(100))
        && same(month, i16::from(day.month()))
        && same(date, i16::from(day.day())))
}

/// `1945-04-17 00:00:00` and `1945-04-17T00:00:00` without what follows the day.
fn without_time(text: &str) -> String {
    match text.find([' ', 'T']) {
        Some(end) if text[end..].contains(':') => text[..end].to_owned(),
        _ => text.to_owned(),
    }
}
