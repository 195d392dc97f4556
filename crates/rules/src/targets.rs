//! Targets that plans set: an indicator, how much, and by which day.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Rate, serde_as_text},
    policy::topic,
};

topic! {
    /// What a region has set itself.
    "targets", "目标", "Targets" {
        /// All targets in force; a target is met by its day.
        targets: Vec<Target> = "指标目标",
    }
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The indicator's id.
    #[serde(rename = "指标")]
    pub indicator: String,
    #[serde(rename = "不低于")]
    pub at_least: Quantity,
    #[serde(rename = "截止")]
    pub by: Date,
}

/// How much, written `70%` or `100`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Share(Rate),
    Count(u64),
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Quantity, String> {
        if text.contains(['%', '％']) {
            return text.parse().map(Quantity::Share);
        }
        text.trim().parse().map(Quantity::Count).map_err(|_| format!("“{text}”应写作 70% 或 100 (write 70% or 100)"))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::Share(it) => it.fmt(f),
            Quantity::Count(it) => it.fmt(f),
        }
    }
}

serde_as_text!(Quantity);
