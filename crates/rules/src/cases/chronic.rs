//! What cases of chronic diseases expect: of a visit, of a year, of screening.

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    chronic::{Care, Cause, Class, Kind, Measured, Step, Visit, advice, by_norm, judge},
    policy::{InForce, NoPolicy},
};

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitFound {
    #[serde(rename = "分类")]
    class: Class,
    #[serde(rename = "处理")]
    step: Step,
    #[serde(rename = "下次随访")]
    next: Date,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct YearFound {
    /// Left out where management is not by the norm.
    #[serde(rename = "达到规范日", default, skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
    #[serde(rename = "应随访")]
    visits_needed: u8,
    #[serde(rename = "应检查")]
    checks_needed: u8,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreeningFound {
    #[serde(rename = "建议")]
    advice: Vec<AdviceFound>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct AdviceFound {
    #[serde(rename = "项目")]
    kind: Kind,
    #[serde(rename = "原因")]
    cause: Cause,
    #[serde(rename = "日期")]
    day: Date,
}

pub(super) fn visit(it: &Visit, policy: &InForce<'_>) -> Result<VisitFound, NoPolicy> {
    judge(it, policy).map(|it| VisitFound { class: it.class, step: it.step, next: it.next })
}

pub(super) fn year(care: &Care, policy: &InForce<'_>) -> Result<YearFound, NoPolicy> {
    let found = by_norm(care, policy)?;
    Ok(YearFound { since: found.since, visits_needed: found.visits_needed, checks_needed: found.checks_needed })
}

pub(super) fn screening(measured: &Measured, policy: &InForce<'_>) -> Result<ScreeningFound, NoPolicy> {
    let found = advice(measured, policy)?.into_iter();
    let advice = found.map(|it| AdviceFound { kind: it.kind, cause: it.cause, day: it.day }).collect();
    Ok(ScreeningFound { advice })
}
