//! A calendar day, and how old somebody is on it.

use std::{fmt, str::FromStr};

use jiff::{Span, civil};

/// A calendar day of the business (Asia/Shanghai), written `2025-04-27` and in no other way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The day, or nothing where the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        civil::Date::new(year, month, day).ok().map(Date)
    }

    /// The day as jiff knows it.
    pub fn civil(self) -> civil::Date {
        self.0
    }

    /// The year, four digits.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
    }

    /// So many days later, or earlier where `days` is negative; stays at the end of the calendar when that is passed.
    pub fn add_days(self, days: i32) -> Date {
        Date(self.0.saturating_add(Span::new().days(days.clamp(-7_000_000, 7_000_000))))
    }

    /// The Monday of its week.
    pub fn monday(self) -> Date {
        self.add_days(-i32::from(self.0.weekday().to_monday_zero_offset()))
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Date {
        Date(self.0.first_of_month())
    }

    pub fn last_of_month(self) -> Date {
        Date(self.0.last_of_month())
    }

    /// The same day so many months later; the last day of the month where the month has no such day.
    pub fn add_months(self, months: i32) -> Date {
        Date(self.0.saturating_add(Span::new().months(months.clamp(-100_000, 100_000))))
    }

    /// The same day so many years later; 28 February where the year has no 29 February.
    pub fn add_years(self, years: i32) -> Date {
        Date(self.0.saturating_add(Span::new().years(years.clamp(-10_000, 10_000))))
    }

    /// Days from this day to `later`, negative where `later` is earlier.
    pub fn days_until(self, later: Date) -> i32 {
        (later.0 - self.0).get_days()
    }

    /// Full years of age on `day` of a person born on this day; 0 before birth. Who was born on 29 February is a
    /// year older on 1 March where the year has no 29 February.
    pub fn age_on(self, day: Date) -> u16 {
        let had_birthday = (self.month(), self.day()) <= (day.month(), day.day());
        let years = i32::from(day.year()) - i32::from(self.year()) - i32::from(!had_birthday);
        u16::try_from(years).unwrap_or(0)
    }
}

impl From<civil::Date> for Date {
    fn from(it: civil::Date) -> Date {
        Date(it)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let digits =
            |range: std::ops::Range<usize>| text.get(range).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let parse = || {
            let separated = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
            let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
            separated.then_some(())?;
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        parse().ok_or_else(|| {
            format!("日期“{text}”应是日历上有的一天，写作 2025-04-27 (write a day of the calendar as 2025-04-27)")
        })
    }
}

/// Digit by digit: every row has several days, and a general formatter takes three times as long.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(year) = u16::try_from(self.0.year()) else { return write!(f, "{}", self.0) };
        let (month, day) = (self.0.month().unsigned_abs(), self.0.day().unsigned_abs());
        let [century, year] = [year / 100, year % 100].map(|it| it as u8);
        let mut text = *b"0000-00-00";
        for (at, two) in [(0, century), (2, year), (5, month), (8, day)] {
            (text[at], text[at + 1]) = (b'0' + two / 10, b'0' + two % 10);
        }
        f.pad(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

super::serde_as_text!(Date);
