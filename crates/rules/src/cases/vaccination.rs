//! What cases of vaccination expect: of the next dose, of what stands against one.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, YesNo},
    policy::{InForce, NoPolicy},
    vaccination::{self, Candidate, Doses, Objection, State, Vaccine},
};

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFound {
    #[serde(rename = "状态")]
    state: State,
    #[serde(rename = "起", default, skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(rename = "第几剂")]
    number: u8,
    #[serde(rename = "免费")]
    is_free: YesNo,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct AdmissionFound {
    /// Empty where the dose can be given.
    #[serde(rename = "不宜")]
    objections: Vec<Objection>,
}

pub(super) fn plan(given: &Doses, policy: &InForce<'_>) -> Result<PlanFound, NoPolicy> {
    let plan = vaccination::plan(offered(&given.vaccine, policy)?, given, policy);
    let is_free = plan.is_free.into();
    Ok(PlanFound { state: plan.state, from: plan.from, number: plan.number, is_free })
}

pub(super) fn admission(candidate: &Candidate, policy: &InForce<'_>) -> Result<AdmissionFound, NoPolicy> {
    let found = vaccination::admission(offered(&candidate.vaccine, policy)?, candidate, policy);
    Ok(AdmissionFound { objections: found.objections.into_iter().map(|it| it.0).collect() })
}

/// The vaccine of a case; one that is not offered is no policy either.
fn offered<'a>(id: &str, policy: &InForce<'a>) -> Result<&'a Vaccine, NoPolicy> {
    vaccination::vaccine(id, policy)?.ok_or_else(|| policy.nothing_for("vaccination", "疫苗"))
}
