//! Long-term-care insurance (长期护理保险): who pays in, who is entitled, to which way of care, and what the fund pays.

mod benefit;
mod financing;
pub mod forecast;
pub mod lead;
mod period;
pub mod plan;
pub mod settle;

use serde::{Deserialize, Serialize};

use crate::{
    base::{Money, Text, YesNo},
    policy::{InForce, NoPolicy, topic},
};
pub use benefit::{Benefit, Bonus, BonusChoice, Cap, National, Qualification, Service, ServiceKind, Start};
pub use financing::{Amount, Contributor, Due, Financing, Kind, Purse, Share, contribution};
pub use period::{Enrolled, Period, next_over, periods_over};

topic! {
    /// What a region lays down about long-term-care insurance.
    "ltci", "长期护理保险", "Long-term-care insurance" {
        /// The lowest disability grade that is entitled.
        lowest_grade: Grade = "最低失能等级",
        /// The ways of care the fund pays for.
        modes: Vec<Mode> = "服务方式",
        /// Months somebody must have been disabled before applying.
        months_disabled: u16 = "持续失能月数",
        /// Results of the self-rating form with which somebody may apply.
        self_rated: Vec<char> = "自评可申请",
        /// Who pays into the fund.
        financing: Vec<Financing> = "筹资标准",
        /// What the fund pays.
        benefits: Vec<Benefit> = "待遇标准",
        /// Of what limits that are a part of a base are taken.
        base: Money = "待遇基数",
        /// What a person pays in a month before the fund does.
        deductible: Money = "每月起付线",
        /// More for long care at home.
        bonuses: Vec<Bonus> = "连续护理加成",
        /// From when a benefit runs.
        start: Start = "待遇起算",
        /// The catalogue of services.
        services: Vec<Service> = "服务项目",
        /// Days within which a provider may object to what became of a line.
        objection_days: u16 = "结算异议天数",
        /// Days within which an objection is answered.
        answer_days: u16 = "异议答复天数",
        /// Which service of the national catalogue each of the local one is.
        national: Vec<National> = "国家目录对照",
        /// From where on something in a month's claims is worth a question.
        thresholds: lead::Thresholds = "线索阈值",
    }
}

/// A disability grade: 0 is able; 5 is the heaviest of the national scale, 6 of Shanghai's own.
///
/// 依据: 医保办发〔2021〕37号 (长期护理失能等级评估标准(试行)): 0 to 5; 上海市统一需求评估: 二级至六级享受待遇
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grade(u8);

impl Grade {
    pub const MOST: u8 = 6;
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
    /// Medical care in a hospital's ward for it.
    #[serde(rename = "医疗专护")]
    Medical,
    /// Care at home that the family arranges itself.
    #[serde(rename = "居家自主护理")]
    SelfArranged,
}

impl Mode {
    pub fn title(self) -> Text {
        match self {
            Mode::Home => Text::new("居家组合护理", "combined care at home"),
            Mode::Visiting => Text::new("机构上门护理", "care at home by an institution"),
            Mode::Residential => Text::new("机构集中护理", "care in an institution"),
            Mode::Medical => Text::new("医疗专护", "medical care in a ward"),
            Mode::SelfArranged => Text::new("居家自主护理", "care at home arranged by the family"),
        }
    }
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

/// What the scale counts an hour of care at, where it counts hours; nothing where it does not.
///
/// 依据: 各地待遇标准, 见政策库“待遇标准”
pub fn hourly(mode: Mode, grade: Grade, policy: &InForce<'_>) -> Result<Option<Money>, NoPolicy> {
    let scale = policy.read(|it| &it.ltci.benefits)?;
    Ok(scale.iter().find(|it| it.mode == mode && it.grades.contains(&grade)).and_then(|it| it.cap.per_hour))
}

/// Whether somebody may apply for a formal assessment with this result of the self-rating form; undecided where a city does
/// not use the form.
///
/// 依据: 长期护理失能等级自评表（表B）: 自评为 E、F、G 的可以申请评估
pub fn may_apply(self_rating: char, policy: &InForce<'_>) -> Result<YesNo, NoPolicy> {
    Ok(policy.read(|it| &it.ltci.self_rated)?.contains(&self_rating).into())
}
