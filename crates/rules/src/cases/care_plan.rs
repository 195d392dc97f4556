//! What cases say of care plans.

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    care_plan::{self, Due, Facts, Joined, Phase},
    policy::{InForce, NoPolicy},
    rounds::Period,
};

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct DraftFound {
    #[serde(rename = "阶段")]
    phase: Phase,
    /// The ids.
    #[serde(rename = "问题")]
    problems: Vec<String>,
    /// Service, times and period.
    #[serde(rename = "服务")]
    lines: Vec<(String, u16, Period)>,
    #[serde(rename = "复评日")]
    review: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekAsked {
    #[serde(rename = "事项")]
    dues: Vec<Due>,
}

pub fn draft(facts: &Facts, policy: &InForce<'_>) -> Result<DraftFound, NoPolicy> {
    let draft = care_plan::draft(facts, policy)?;
    Ok(DraftFound {
        phase: draft.phase,
        problems: draft.problems.into_iter().map(|it| it.id).collect(),
        lines: draft.lines.into_iter().map(|it| (it.service, it.times, it.every)).collect(),
        review: draft.review,
    })
}

pub fn joined(asked: &WeekAsked, policy: &InForce<'_>) -> Result<Joined, NoPolicy> {
    Ok(care_plan::joined(&asked.dues, policy.day(), *policy.read(|it| &it.care_plan.longest)?))
}
