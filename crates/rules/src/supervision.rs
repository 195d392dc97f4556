//! Random inspection (双随机、一公开): how many institutions are drawn each year.

use serde::{Deserialize, Serialize};

use crate::{
    base::Rate,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about supervision.
    "supervision", "监督检查", "Supervision" {
        /// The lowest share of institutions drawn in a year.
        share_drawn: Rate = "双随机抽查比例",
    }
}

/// What is known about a year of supervision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    #[serde(rename = "机构数")]
    pub institutions: u64,
}

/// How many are to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    #[serde(rename = "抽查数")]
    pub draw: u64,
}

/// The smallest number of institutions that reaches the share.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 监督任务: 每年抽查比例不低于 3%
pub fn yearly_draw(year: &Year, policy: &InForce<'_>) -> Result<Draw, NoPolicy> {
    let share = policy.read(|it| &it.supervision.share_drawn)?;
    Ok(Draw { draw: share.at_least_of(year.institutions) })
}
