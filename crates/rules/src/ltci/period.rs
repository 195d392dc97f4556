//! For which periods somebody owes a contribution (缴费期): a month for who works or draws a pension, a year for residents.

use std::{fmt, str::FromStr};

use super::Kind;
use crate::base::{Date, Money};

/// A month, written `2026-04`, or a year, written `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Date,
    yearly: bool,
}

impl Period {
    /// The period of a kind of insured person in which a day lies.
    pub fn of(kind: Kind, day: Date) -> Period {
        let yearly = matches!(kind, Kind::Resident | Kind::Minor);
        let month = day.first_of_month();
        let first = if yearly { month.add_months(1 - i32::from(day.month())) } else { month };
        Period { first, yearly }
    }

    pub fn first(self) -> Date {
        self.first
    }

    pub fn last(self) -> Date {
        self.next().first.add_days(-1)
    }

    pub fn next(self) -> Period {
        Period { first: self.first.add_months(if self.yearly { 12 } else { 1 }), yearly: self.yearly }
    }
}

impl FromStr for Period {
    type Err = String;
    fn from_str(text: &str) -> Result<Period, String> {
        let yearly = text.len() == 4;
        let day = if yearly { format!("{text}-01-01") } else { format!("{text}-01") };
        let wrong = || format!("缴费期“{text}”应写作 2026-04 或 2026 (write a period as 2026-04 or 2026)");
        let first: Date = day.parse().map_err(|_| wrong())?;
        if matches!(text.len(), 4 | 7) { Ok(Period { first, yearly }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.yearly {
            true => write!(f, "{:04}", self.first.year()),
            false => write!(f, "{:04}-{:02}", self.first.year(), self.first.month()),
        }
    }
}

/// A stretch in which somebody is insured as one kind, with the base of a period; zero where none is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    pub from: Date,
    pub until: Option<Date>,
    pub kind: Kind,
    pub base: Money,
}

impl Enrolled {
    fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day < it)
    }
}

/// The periods from `since` on that are over by `today` and at whose end somebody is insured: who is insured at the end of a
/// period owes it, by the policy of that day.
pub fn periods_over(all: &[Enrolled], since: Date, today: Date) -> Vec<(Period, Enrolled)> {
    let mut owed = Vec::new();
    for it in all {
        let mut period = Period::of(it.kind, it.from.max(since));
        while period.last() < today && it.until.is_none_or(|until| period.first < until) {
            if it.holds(period.last()) {
                owed.push((period, *it));
            }
            period = period.next();
        }
    }
    owed
}

/// The first day after `today` on which more may be owed than today: a period is over, or another kind holds; none for whom
/// nothing more will be.
pub fn next_over(all: &[Enrolled], today: Date) -> Option<Date> {
    let next = all.iter().filter(|it| it.until.is_none_or(|until| today < until)).flat_map(|it| {
        let over = (it.from <= today).then(|| Period::of(it.kind, today).next().first());
        [over.or(Some(it.from)), it.until]
    });
    next.flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn enrolled(kind: Kind, from: &str, until: Option<&str>) -> Enrolled {
        Enrolled { from: day(from), until: until.map(day), kind, base: Money::from_yuan(5_000) }
    }

    fn words(all: &[Enrolled], today: &str) -> Vec<String> {
        periods_over(all, day("2026-01-01"), day(today)).iter().map(|it| it.0.to_string()).collect()
    }

    #[test]
    fn an_employee_owes_each_month_at_whose_end_they_are_insured() {
        let all = [enrolled(Kind::Employee, "2026-04-15", Some("2026-06-30"))];
        assert_eq!(words(&all, "2026-11-26"), ["2026-04", "2026-05"]);
        assert_eq!(words(&all, "2026-05-31"), ["2026-04"]);
        assert_eq!(words(&all, "2026-06-01"), ["2026-04", "2026-05"]);
    }

    #[test]
    fn a_resident_owes_a_year_when_it_is_over() {
        let all = [enrolled(Kind::Resident, "2026-04-15", None)];
        assert!(words(&all, "2026-12-31").is_empty());
        assert_eq!(words(&all, "2027-01-01"), ["2026"]);
    }

    #[test]
    fn nothing_is_owed_before_the_first_day_asked_about() {
        assert_eq!(words(&[enrolled(Kind::Retiree, "2020-01-01", None)], "2026-03-05"), ["2026-01", "2026-02"]);
    }

    #[test]
    fn it_is_known_when_more_may_be_owed() {
        let next = |all: &[Enrolled], today: &str| next_over(all, day(today)).map(|it| it.to_string());
        let employee = enrolled(Kind::Employee, "2026-04-15", Some("2026-06-20"));
        assert_eq!(next(&[employee], "2026-04-01").unwrap(), "2026-04-15");
        assert_eq!(next(&[employee], "2026-04-30").unwrap(), "2026-05-01");
        assert_eq!(next(&[employee], "2026-06-19").unwrap(), "2026-06-20", "it ends before the month does");
        assert_eq!(next(&[employee], "2026-06-20"), None);
        let resident = enrolled(Kind::Resident, "2026-06-20", None);
        assert_eq!(next(&[employee, resident], "2026-06-21").unwrap(), "2027-01-01");
    }

    #[test]
    fn a_period_reads_back_as_it_was_written() {
        for text in ["2026-04", "2026"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "26", "2026-13", "2026-4", "2026-04-01"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
