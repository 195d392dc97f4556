//! The care plan (照护计划): from what is known of an elder to problems, goals and services with who does them, who pays and when it
//! is looked at again; and what falls due in one week for several programmes, done in as few visits as can be.

mod draft;
mod joined;
mod slots;
mod words;

pub use draft::{Draft, Facts, Line, Problem, draft};
pub use joined::{Due, Joined, Visit, Why, joined};
pub use slots::{Slot, open_slots, slots};
pub use words::{Payer, Phase, Place, Profession};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    elder_groups::Group,
    policy::{InForce, NoPolicy, topic},
    rounds::Period,
};

topic! {
    /// What a region lays down about care plans.
    "care_plan", "照护计划", "Care plans" {
        /// What may be the matter, when it is, and what is then to be reached and done.
        problems: Vec<Definition> = "照护问题",
        /// What may be planned.
        services: Vec<Service> = "照护服务",
        /// Which phase somebody is in; the first that fits, the stable one where none does.
        phases: Vec<PhaseRule> = "阶段判定",
        /// Days from one look at the plan to the next, by phase.
        review_days: BTreeMap<Phase, u16> = "复评间隔天数",
        /// What other programmes owe an elder, and who can do it where.
        duties: Vec<Duty> = "到期事项",
        /// Minutes of one visit beyond which nothing more is joined to it.
        longest: u16 = "一次上门最长分钟",
    }
}

/// When a problem or a phase is there: everything that is said has to hold, and at least one thing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// From this level of ability on.
    #[serde(rename = "能力等级起", skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// From this grade of disability on.
    #[serde(rename = "失能等级起", skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// From this tier of care on.
    #[serde(rename = "档次起", skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
    /// In one of these items of the assessment help is needed.
    #[serde(rename = "依赖项", skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// One of these diseases.
    #[serde(rename = "病种", skip_serializing_if = "Vec::is_empty")]
    pub diseases: Vec<String>,
    /// One of these groups.
    #[serde(rename = "人群", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// One of these findings of the last yearly check.
    #[serde(rename = "所见", skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// One of these constitutions.
    #[serde(rename = "体质", skip_serializing_if = "Vec::is_empty")]
    pub constitutions: Vec<String>,
    /// One of these wishes.
    #[serde(rename = "意愿", skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<String>,
    /// One of these phases.
    #[serde(rename = "阶段", skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
}

/// A problem as policy defines it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// One of these has to hold.
    #[serde(rename = "条件")]
    pub conditions: Vec<Condition>,
    #[serde(rename = "目标")]
    pub goals: Vec<Goal>,
    #[serde(rename = "服务")]
    pub services: Vec<Planned>,
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
}

/// How often a service is planned for a problem.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The id of a service.
    #[serde(rename = "服务")]
    pub service: String,
    #[serde(rename = "次数")]
    pub times: u16,
    #[serde(rename = "每")]
    pub every: Period,
    /// Only in these phases; in all where it is left out.
    #[serde(rename = "阶段", default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
}

/// A service that may be planned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// Who may do it, whoever does it mostly first.
    #[serde(rename = "人员")]
    pub by: Vec<Profession>,
    #[serde(rename = "付费")]
    pub payer: Payer,
    #[serde(rename = "地点")]
    pub place: Place,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    /// Duties of other programmes by which this is done: where one of them stands, it is not owed a second time.
    #[serde(rename = "同", default, skip_serializing_if = "Vec::is_empty")]
    pub covered_by: Vec<String>,
}

/// One phase and when somebody is in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseRule {
    #[serde(rename = "阶段")]
    pub phase: Phase,
    #[serde(rename = "条件")]
    pub conditions: Vec<Condition>,
}

/// What another programme owes an elder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// `chronic`, or `contract:home_visit`.
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "人员")]
    pub by: Vec<Profession>,
    #[serde(rename = "付费")]
    pub payer: Payer,
    #[serde(rename = "地点")]
    pub place: Place,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    /// So many days before its last day it can be done.
    #[serde(rename = "提前天数")]
    pub lead_days: u16,
    /// The same is owed under these too, and is done once.
    #[serde(rename = "同", default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
}

/// The day on which a plan agreed or looked at on a day is looked at again.
///
/// 依据: 居家和社区医养结合服务指南（试行） 定期复评; 间隔见政策库“复评间隔天数”
pub fn review_by(day: Date, phase: Phase, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let days = policy.read(|it| &it.care_plan.review_days)?;
    let term = days.get(&phase).copied();
    // A phase that a region forgot is looked at as often as the one that is looked at most.
    let days = term.or_else(|| days.values().min().copied()).unwrap_or(0);
    Ok(day.add_days(i32::from(days)))
}
