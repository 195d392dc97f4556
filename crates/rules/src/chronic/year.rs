//! A year under management: whether it is by the norm so far, since when, and what is missing.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Text},
    policy::{InForce, NoPolicy},
};

/// What was done for one disease of one person. Days after the day asked about do not count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// The day on which management began.
    #[serde(rename = "登记日")]
    pub registered: Date,
    /// The days of visits face to face at which control could be judged.
    #[serde(rename = "面对面随访", default)]
    pub visits: Vec<Date>,
    /// The days of health checks.
    #[serde(rename = "健康检查", default)]
    pub checks: Vec<Date>,
}

/// Whether management was by the norm, in the year of the day asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByNorm {
    /// The day since which everything asked for in the year is done.
    pub since: Option<Date>,
    pub visits: u8,
    pub visits_needed: u8,
    pub checks: u8,
    pub checks_needed: u8,
    /// What is missing, and where less is asked for, why.
    pub reasons: Vec<Text>,
}

/// Whether management is by the norm in the calendar year of the day of the policy, as far as that day.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 高血压患者健康管理、2型糖尿病患者健康管理 （一年至少 4 次面对面随访、1 次健康检查；规范管理率）
pub fn by_norm(care: &Care, policy: &InForce<'_>) -> Result<ByNorm, NoPolicy> {
    let day = policy.day();
    let mut visits_needed = *policy.read(|it| &it.chronic.yearly_visits)?;
    let mut checks_needed = *policy.read(|it| &it.chronic.yearly_checks)?;
    let mut reasons = Vec::new();
    if care.registered.year() == day.year() {
        let prorata = policy.read(|it| &it.chronic.prorata)?;
        let months = full_months_left(care.registered);
        visits_needed = (months / prorata.months_a_visit.max(1)).clamp(1, visits_needed.max(1));
        if months < prorata.months_for_check {
            checks_needed = 0;
        }
        let from = care.registered;
        reasons.push(Text::new(
            format!("{from} 登记，当年在管满 {months} 个月，应面对面随访 {visits_needed} 次"),
            format!("registered on {from}, {months} full months of the year: {visits_needed} visits asked for"),
        ));
    }
    let visits = of_year(&care.visits, care.registered, day);
    let checks = of_year(&care.checks, care.registered.min(first_of_year(day)), day);
    let reached = |days: &[Date], needed: u8| match needed {
        0 => Some(care.registered),
        n => days.get(usize::from(n) - 1).copied(),
    };
    let since = reached(&visits, visits_needed).zip(reached(&checks, checks_needed)).map(|(a, b)| a.max(b));
    let since = since.map(|it| it.max(care.registered));
    let year = day.year();
    let (visits, checks) = (count(&visits), count(&checks));
    if visits < visits_needed {
        reasons.push(Text::new(
            format!("{year} 年面对面随访 {visits} 次，应 {visits_needed} 次"),
            format!("{visits} visits face to face in {year}, {visits_needed} asked for"),
        ));
    }
    if checks < checks_needed {
        reasons.push(Text::new(format!("{year} 年没有健康检查"), format!("no health check in {year}")));
    }
    Ok(ByNorm { since, visits, visits_needed, checks, checks_needed, reasons })
}

/// The different days of the year of `day`, from `from` up to `day`, in order.
fn of_year(all: &[Date], from: Date, day: Date) -> Vec<Date> {
    let counts = |it: &&Date| it.year() == day.year() && from <= **it && **it <= day;
    let mut days: Vec<Date> = all.iter().filter(counts).copied().collect();
    days.sort();
    days.dedup();
    days
}

fn count(days: &[Date]) -> u8 {
    u8::try_from(days.len()).unwrap_or(u8::MAX)
}

fn first_of_year(day: Date) -> Date {
    Date::new(day.year(), 1, 1).unwrap_or(day)
}

/// Full months from a day to the end of its year.
fn full_months_left(from: Date) -> u8 {
    let end = first_of_year(from).add_years(1);
    (1..=12_u8).take_while(|it| from.add_months(i32::from(*it)) <= end).last().unwrap_or(0)
}
