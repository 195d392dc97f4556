//! When the next dose is, and for which stretches of days somebody counts as vaccinated.

use serde::{Deserialize, Serialize};

use super::{Again, Vaccine, free_from};
use crate::{
    base::{Date, Text},
    policy::InForce,
};

/// The doses of one vaccine that somebody got, wherever it was.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doses {
    #[serde(rename = "疫苗")]
    pub vaccine: String,
    #[serde(rename = "出生日期")]
    pub born: Date,
    #[serde(rename = "已种", default)]
    pub days: Vec<Date>,
}

/// Whether a dose can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum State {
    /// From now on.
    #[serde(rename = "应种")]
    Due,
    /// From a later day on.
    #[serde(rename = "未到期")]
    Later,
    #[serde(rename = "已完成")]
    Complete,
}

/// What is next for one vaccine and one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub state: State,
    /// The first day on which the next dose can be given; nothing where the course is complete.
    pub from: Option<Date>,
    /// Which dose it would be, from 1.
    pub number: u8,
    /// Whether the next dose is free, at the age on its first day or today, whichever is later.
    pub is_free: bool,
    pub reasons: Vec<Text>,
}

impl State {
    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            State::Due => "due",
            State::Later => "later",
            State::Complete => "complete",
        }
    }
}

/// What is next for a person on the day of the policy.
///
/// 依据: 中国流感疫苗预防接种技术指南 (every season); 肺炎球菌疫苗、带状疱疹疫苗说明书 (courses and intervals), as named in the policy
pub fn plan(vaccine: &Vaccine, given: &Doses, policy: &InForce<'_>) -> Plan {
    let day = policy.day();
    let mut days: Vec<Date> = given.days.iter().filter(|it| **it <= day).copied().collect();
    days.sort();
    let number = u8::try_from(days.len()).unwrap_or(u8::MAX).saturating_add(1);
    let mut reasons = Vec::new();
    let of_age = given.born.add_years(i32::from(vaccine.from_age));
    let from = match days.last() {
        None => Some(of_age),
        Some(last) => after(vaccine, days.len(), *last, &mut reasons).map(|it| it.max(of_age)),
    };
    // Nothing of a season that is over can still be given.
    let from = from.map(|it| season_begin(vaccine, day).map_or(it, |begin| it.max(begin)));
    let Some(from) = from else {
        reasons.push(Text::new(
            format!("已种 {} 剂，已完成", days.len()),
            format!("{} doses given: complete", days.len()),
        ));
        return Plan { state: State::Complete, from: None, number, is_free: false, reasons };
    };
    if day < of_age {
        reasons.push(Text::new(
            format!("{} 周岁起接种", vaccine.from_age),
            format!("given from the age of {}", vaccine.from_age),
        ));
    }
    let age = given.born.age_on(from.max(day));
    let is_free = free_from(&vaccine.id, policy).is_some_and(|it| it <= age);
    let state = if from <= day { State::Due } else { State::Later };
    Plan { state, from: Some(from), number, is_free, reasons }
}

/// The first day of the dose after the last of `n`; nothing where no more is to come.
fn after(vaccine: &Vaccine, n: usize, last: Date, reasons: &mut Vec<Text>) -> Option<Date> {
    if n < usize::from(vaccine.doses) {
        let days = vaccine.days_between;
        reasons.push(Text::new(
            format!("上一剂 {last}，至少间隔 {days} 天"),
            format!("the last dose on {last}, at least {days} days between"),
        ));
        return Some(last.add_days(i32::from(days)));
    }
    match vaccine.again? {
        Again::EverySeason(month) => {
            let next = next_season(last, month);
            reasons.push(Text::new(
                format!("本季 {last} 已种，下一季 {next} 起"),
                format!("given this season on {last}, the next one begins on {next}"),
            ));
            Some(next)
        }
        Again::OnceAfterMonths(months) => {
            if usize::from(vaccine.doses) < n {
                return None;
            }
            reasons.push(Text::new(
                format!("上一剂 {last}，满 {months} 个月可复种一次"),
                format!("the last dose on {last}, once more after {months} months"),
            ));
            Some(last.add_months(i32::from(months)))
        }
    }
}

/// The first day of the season that a day lies in; none for a vaccine without seasons.
pub fn season_begin(vaccine: &Vaccine, day: Date) -> Option<Date> {
    let Some(Again::EverySeason(month)) = vaccine.again else { return None };
    Some(next_season(day, month).add_years(-1))
}

/// The first day of the season after the one that `day` lies in.
fn next_season(day: Date, month: i8) -> Date {
    let of = |year: i16| Date::new(year, month, 1).unwrap_or(day);
    let this = of(day.year());
    if day < this { this } else { of(day.year() + 1) }
}

/// The stretches of days for which somebody counts as vaccinated: from a full first course on, for a vaccine of every
/// season to the next one; (first day, first day it no longer holds).
///
/// 依据: as [`plan`]
pub fn cover(vaccine: &Vaccine, days: &[Date]) -> Vec<(Date, Option<Date>)> {
    let mut days = days.to_vec();
    days.sort();
    let full = usize::from(vaccine.doses.max(1));
    let Some(Again::EverySeason(month)) = vaccine.again else {
        return days.get(full - 1).map(|it| (*it, None)).into_iter().collect();
    };
    let mut all: Vec<(Date, Option<Date>)> = Vec::new();
    for day in days.into_iter().skip(full - 1) {
        let until = Some(next_season(day, month));
        if all.last().is_none_or(|it| it.1 != until) {
            all.push((day, until));
        }
    }
    all
}
