//! Cases of beds at home.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, YesNo},
    home_bed::{self, Stay},
    policy::{InForce, NoPolicy},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppliedOn {
    #[serde(rename = "申请日")]
    pub(super) day: Date,
}

#[derive(Deserialize)]
pub struct DaysServedAsked {
    #[serde(flatten)]
    pub stay: Stay,
    #[serde(rename = "自")]
    pub from: Date,
    #[serde(rename = "至")]
    pub to: Date,
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DaysServed {
    #[serde(rename = "天数")]
    pub days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckAsked {
    #[serde(rename = "起日")]
    pub begun: Date,
    #[serde(rename = "上次回访", default)]
    pub last: Option<Date>,
}

/// Of some rules nothing has to be known but the day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BothKinds {
    #[serde(rename = "并存")]
    pub allowed: YesNo,
}

pub fn days_served(asked: &DaysServedAsked, _: &InForce<'_>) -> Result<DaysServed, NoPolicy> {
    Ok(DaysServed { days: home_bed::days_served(&asked.stay, asked.from, asked.to) })
}

pub fn both(_: &Nothing, policy: &InForce<'_>) -> Result<BothKinds, NoPolicy> {
    home_bed::both_kinds(policy).map(|allowed| BothKinds { allowed })
}
