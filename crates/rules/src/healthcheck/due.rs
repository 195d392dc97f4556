//! When somebody is to be checked.

use serde::Deserialize;

use crate::{
    base::Date,
    policy::{InForce, NoPolicy},
};

/// What decides the day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    #[serde(rename = "出生日期")]
    pub birth: Date,
    /// The day the person came into the register.
    #[serde(rename = "登记日期")]
    pub registered: Date,
    /// The last finished check.
    #[serde(rename = "上次体检", default)]
    pub last: Option<Date>,
}

/// The last day on which the next check is in time. Who was never checked has until the end of the year in which they reach
/// the age or come into the register; then every check is followed by one a year later.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 老年人健康管理服务规范: 65 岁及以上，每年 1 次
pub fn next_due(course: &Course, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let age = i32::from(*policy.read(|it| &it.healthcheck.from_age)?);
    let per_year = i32::from(*policy.read(|it| &it.healthcheck.per_year)?).max(1);
    Ok(course.due(age, per_year))
}

impl Course {
    /// From an age on so many times a year.
    pub(crate) fn due(&self, age: i32, per_year: i32) -> Date {
        match self.last {
            Some(last) => last.add_months(12 / per_year),
            None => year_end(self.birth.add_years(age).max(self.registered)),
        }
    }
}

fn year_end(day: Date) -> Date {
    Date::new(day.year(), 12, 31).unwrap_or(day)
}
