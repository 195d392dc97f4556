//! A recipient's plan of care (照护计划): which services how often, and how much of the benefit's limits they use.

use serde::{Deserialize, Serialize};

use super::{Grade, Kind, Mode, Service};
use crate::{
    base::{Money, Text},
    policy::{InForce, NoPolicy},
};

/// How often something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Every {
    #[serde(rename = "周")]
    Week,
    #[serde(rename = "月")]
    Month,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Of the catalogue.
    #[serde(rename = "项目")]
    pub service: String,
    #[serde(rename = "次数")]
    pub times: u16,
    #[serde(rename = "每")]
    pub every: Every,
    /// Minutes each time.
    #[serde(rename = "分钟")]
    pub minutes: u16,
    /// What the provider asks each time.
    #[serde(rename = "单价", default)]
    pub price: Money,
}

/// What is planned for whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    #[serde(rename = "方式")]
    pub mode: Mode,
    #[serde(rename = "等级")]
    pub grade: Grade,
    #[serde(rename = "参保类别")]
    pub kind: Kind,
    #[serde(rename = "机构级别")]
    pub level: u8,
    #[serde(rename = "明细")]
    pub items: Vec<Item>,
}

/// How a plan weighs against the benefit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    /// Minutes of an ordinary week and of an ordinary month.
    #[serde(rename = "每周分钟")]
    pub per_week: u32,
    #[serde(rename = "每月分钟")]
    pub per_month: u32,
    /// What the provider asks in an ordinary month.
    #[serde(rename = "每月费用")]
    pub cost: Money,
    /// Minutes above the limits of a week or a month.
    #[serde(rename = "超出分钟", default)]
    pub above: u32,
    /// Services that are not in the catalogue.
    #[serde(rename = "不在目录", default)]
    pub unknown: Vec<String>,
}

/// Weeks in a year and months in a year: an ordinary month has 365/84 weeks.
const WEEKS: u64 = 365;
const MONTHS: u64 = 84;

/// Weighs a plan against the benefit of its grade and way of care; whole minutes and fen, the smaller side.
///
/// 依据: 医保办发〔2021〕37号 与本地待遇标准: 护理计划在时长限额内安排
pub fn weigh(plan: &Plan, policy: &InForce<'_>) -> Result<Weighed, NoPolicy> {
    let benefits = policy.read(|it| &it.ltci.benefits)?;
    let services: &[Service] = policy.read(|it| &it.ltci.services)?;
    let fits = |it: &&super::Benefit| {
        it.mode == plan.mode
            && it.grades.contains(&plan.grade)
            && (it.kinds.is_empty() || it.kinds.contains(&plan.kind))
            && (it.levels.is_empty() || it.levels.contains(&plan.level))
    };
    let benefit = benefits.iter().find(fits).ok_or_else(|| policy.nothing_for("ltci", "待遇标准"))?;
    let (mut week, mut month, mut fen) = (0_u64, 0_u64, 0_i64);
    for it in &plan.items {
        let minutes = u64::from(it.times) * u64::from(it.minutes);
        let cost = it.price.fen().saturating_mul(i64::from(it.times));
        match it.every {
            Every::Week => {
                (week, month) = (week + minutes, month + minutes * WEEKS / MONTHS);
                fen = fen.saturating_add(cost.saturating_mul(WEEKS as i64) / MONTHS as i64);
            }
            Every::Month => {
                (week, month) = (week + minutes * MONTHS / WEEKS, month + minutes);
                fen = fen.saturating_add(cost);
            }
        }
    }
    let whole = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    let (per_week, per_month) = (whole(week), whole(month));
    let over = |used: u32, hours: Option<u16>| hours.map_or(0, |it| used.saturating_sub(u32::from(it) * 60));
    let unknown = plan.items.iter().map(|it| &it.service).filter(|id| services.iter().all(|it| it.id != **id));
    Ok(Weighed {
        per_week,
        per_month,
        cost: Money::from_fen(fen),
        above: over(per_week, benefit.cap.hours_per_week).max(over(per_month, benefit.cap.hours_per_month)),
        unknown: unknown.cloned().collect(),
    })
}

impl Every {
    pub fn title(self) -> Text {
        match self {
            Every::Week => Text::new("每周", "a week"),
            Every::Month => Text::new("每月", "a month"),
        }
    }
}
