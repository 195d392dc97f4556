//! Long-term-care insurance (长期护理保险): who is entitled, and to which way of care.

use serde::{Deserialize, Serialize};

use crate::{
    base::YesNo,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about long-term-care insurance.
    "ltci", "长期护理保险", "Long-term-care insurance" {
        /// The lowest disability grade that is entitled.
        lowest_grade: Grade = "最低失能等级",
        /// The ways of care the fund pays for.
        modes: Vec<Mode> = "服务方式",
        /// Months somebody must have been disabled before applying.
        months_disabled: u16 = "持续失能月数",
    }
}

/// A disability grade of the national scale: 0 is able, 5 the heaviest.
///
/// 依据: 医保办发〔2021〕37号 (长期护理失能等级评估标准(试行)): 0 to 5
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grade(u8);

impl Grade {
    pub const MOST: u8 = 5;
}

impl TryFrom<u8> for Grade {
    type Error = String;
    fn try_from(grade: u8) -> Result<Grade, String> {
        let wrong = || format!("失能等级“{grade}”应为 0 至 {0} (a disability grade is 0 to {0})", Grade::MOST);
        if grade <= Grade::MOST { Ok(Grade(grade)) } else { Err(wrong()) }
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> u8 {
        grade.0
    }
}

/// A way in which care is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Mode {
    /// Family and visiting staff together, at home.
    #[serde(rename = "居家组合护理")]
    Home,
    /// Staff of an institution visit the home.
    #[serde(rename = "机构上门护理")]
    Visiting,
    /// Care in an institution.
    #[serde(rename = "机构集中护理")]
    Residential,
}

/// What is known about somebody who applies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    #[serde(rename = "参保")]
    pub insured: YesNo,
    /// Grade found by the assessment.
    #[serde(rename = "失能等级")]
    pub grade: Grade,
    #[serde(rename = "服务方式")]
    pub mode: Mode,
}

/// Whether the claim holds, and every reason against it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    #[serde(rename = "资格")]
    pub entitled: YesNo,
    #[serde(rename = "不符", default)]
    pub refusals: Vec<Refusal>,
}

/// A reason against a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Refusal {
    #[serde(rename = "未参保")]
    NotInsured,
    #[serde(rename = "未达最低失能等级")]
    GradeTooLow,
    #[serde(rename = "当地不支付该服务方式")]
    ModeNotPaid,
}

/// Whether a person is entitled to LTCI benefit in one way of care.
///
/// 依据: 渝卫答复函〔2025〕77号 长期护理保险部分 (from grade 2, moderate disability; three ways of care)
pub fn entitlement(claim: &Claim, policy: &InForce<'_>) -> Result<Entitlement, NoPolicy> {
    let lowest_grade = *policy.read(|it| &it.ltci.lowest_grade)?;
    let modes = policy.read(|it| &it.ltci.modes)?;

    let against = [
        (!claim.insured.is_yes(), Refusal::NotInsured),
        (claim.grade < lowest_grade, Refusal::GradeTooLow),
        (!modes.contains(&claim.mode), Refusal::ModeNotPaid),
    ];
    let refusals: Vec<Refusal> = against.into_iter().filter_map(|(holds, refusal)| holds.then_some(refusal)).collect();
    Ok(Entitlement { entitled: refusals.is_empty().into(), refusals })
}
