//! Payment by bed-day (床日付费) for long stays whose pathway is clear and whose state is stable.

use serde::{Deserialize, Serialize};

use super::Level;
use crate::{
    base::{Date, Money, YesNo},
    policy::{InForce, NoPolicy},
};

/// What one day costs in a phase of the pathway.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BedDayRate {
    #[serde(rename = "阶段")]
    pub phase: String,
    #[serde(rename = "英文")]
    pub phase_en: String,
    /// Any level where it is left out.
    #[serde(rename = "等级", default)]
    pub level: Option<Level>,
    #[serde(rename = "每床日")]
    pub rate: Money,
}

/// A stay, or the part of it that is to be paid.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stay {
    #[serde(rename = "入院")]
    pub admitted: Date,
    #[serde(rename = "起")]
    pub from: Date,
    /// The first day that is not paid; the day of leaving is not.
    #[serde(rename = "止")]
    pub until: Date,
    #[serde(rename = "阶段")]
    pub phase: String,
    #[serde(rename = "等级", default)]
    pub level: Option<Level>,
    #[serde(rename = "路径明确")]
    pub pathway: YesNo,
    #[serde(rename = "病情稳定")]
    pub stable: YesNo,
}

/// Why a stay is not paid by the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Objection {
    #[serde(rename = "住院天数不够")]
    Short,
    #[serde(rename = "路径不明确")]
    NoPathway,
    #[serde(rename = "病情不稳定")]
    Unstable,
    #[serde(rename = "起止日期不对")]
    Days,
}

impl Objection {
    /// In the words of people.
    pub fn title(self) -> &'static str {
        match self {
            Objection::Short => "住院天数不够",
            Objection::NoPathway => "路径不明确",
            Objection::Unstable => "病情不稳定",
            Objection::Days => "起止日期不对",
        }
    }
}

/// Days, rate and amount; or why not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BedDays {
    #[serde(rename = "天数", default)]
    pub days: u16,
    #[serde(rename = "每床日", default)]
    pub rate: Money,
    #[serde(rename = "金额", default)]
    pub amount: Money,
    #[serde(rename = "不适用", default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<Objection>,
}

/// What is paid for the days of a stay.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 对需长期住院治疗且日均费用较稳定的疾病可按床日付费
pub fn bed_days(stay: &Stay, policy: &InForce<'_>) -> Result<BedDays, NoPolicy> {
    let long = i32::from(*policy.read(|it| &it.tariff.long_stay_days)?);
    let days = u16::try_from(stay.from.days_until(stay.until)).unwrap_or(0);
    let objections: Vec<Objection> = [
        (Objection::Days, days == 0 || stay.from < stay.admitted),
        (Objection::Short, stay.admitted.days_until(stay.until) < long),
        (Objection::NoPathway, !stay.pathway.is_yes()),
        (Objection::Unstable, !stay.stable.is_yes()),
    ]
    .into_iter()
    .filter(|it| it.1)
    .map(|it| it.0)
    .collect();
    if !objections.is_empty() {
        return Ok(BedDays { days: 0, rate: Money::ZERO, amount: Money::ZERO, objections });
    }
    let rates = policy.read(|it| &it.tariff.bed_day_rates)?;
    let fits = |it: &&BedDayRate| it.phase == stay.phase && it.level.is_none_or(|level| stay.level == Some(level));
    let rate = rates.iter().filter(fits).max_by_key(|it| it.level.is_some());
    let rate = rate.ok_or_else(|| policy.nothing_for("tariff", "床日付费标准"))?.rate;
    let amount = rate.times(i64::from(days)).unwrap_or(Money::from_fen(i64::MAX));
    Ok(BedDays { days, rate, amount, objections })
}
