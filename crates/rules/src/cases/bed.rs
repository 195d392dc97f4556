//! Cases of beds at home.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, YesNo},
    home_bed::Stay,
};

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
