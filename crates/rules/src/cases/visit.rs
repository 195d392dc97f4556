//! Cases of verified visits.

use serde::{Deserialize, Serialize};

use crate::{
    policy::{InForce, NoPolicy},
    visit,
};

pub fn checked(it: &visit::Visit, policy: &InForce<'_>) -> Result<ProofFound, NoPolicy> {
    visit::check(it, policy).map(ProofFound::of)
}

/// What a visit's checks come to; those that passed are not named.
#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ProofFound {
    #[serde(rename = "结论")]
    verdict: visit::Verdict,
    #[serde(rename = "不明", default)]
    unknown: Vec<visit::Check>,
    #[serde(rename = "不符", default)]
    failed: Vec<visit::Check>,
}

impl ProofFound {
    fn of(it: visit::Outcome) -> ProofFound {
        let with = |wanted| it.checks.iter().filter(|one| one.1 == wanted).map(|one| one.0).collect();
        ProofFound { verdict: it.verdict, unknown: with(visit::Finding::Unknown), failed: with(visit::Finding::Failed) }
    }
}
