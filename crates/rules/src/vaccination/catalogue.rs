//! The vaccines and free programmes that a region lays down.

use serde::{Deserialize, Serialize};

use crate::policy::{InForce, NoPolicy, topic};

topic! {
    /// What a region lays down about vaccinating elders.
    "vaccination", "老年人接种", "Vaccination of elders" {
        /// The vaccines offered to elders.
        vaccines: Vec<Vaccine> = "疫苗",
        /// Which of them are free, and from which age.
        programmes: Vec<Programme> = "免费项目",
        /// Minutes somebody stays after a dose.
        observation_minutes: u16 = "留观分钟数",
        /// Hours within which a serious adverse event is reported.
        serious_report_hours: u16 = "严重反应报告小时数",
        /// Hours within which any other adverse event is reported.
        report_hours: u16 = "反应报告小时数",
    }
}

/// A vaccine with its schedule and what is asked before a dose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vaccine {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "类别")]
    pub family: Family,
    #[serde(rename = "起始年龄")]
    pub from_age: u16,
    /// Doses of the first course.
    #[serde(rename = "剂次")]
    pub doses: u8,
    /// Days between two doses of the first course, at least.
    #[serde(rename = "剂次间隔天数", default)]
    pub days_between: u16,
    /// What follows the first course; nothing where it is enough for good.
    #[serde(rename = "复种", default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    #[serde(rename = "询问", default)]
    pub questions: Vec<Question>,
    #[serde(rename = "备注", default)]
    pub note: String,
}

/// Against what a vaccine protects; indicators count families, not brands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Family {
    #[serde(rename = "流感")]
    Flu,
    #[serde(rename = "肺炎球菌")]
    Pneumococcal,
    #[serde(rename = "带状疱疹")]
    Zoster,
    #[serde(rename = "其他")]
    Other,
}

/// What follows the first course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum Again {
    /// One dose every season, which begins on the first of this month.
    #[serde(rename = "每季起始月")]
    EverySeason(i8),
    /// One more dose, once, so many months later.
    #[serde(rename = "一次间隔月数")]
    OnceAfterMonths(u16),
}

/// A question asked before a dose, and what a yes means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "问题")]
    pub text: String,
    #[serde(rename = "英文")]
    pub text_en: String,
    #[serde(rename = "为是时")]
    pub effect: Effect,
}

/// What a yes to a question means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Effect {
    /// Never this vaccine.
    #[serde(rename = "禁忌")]
    Forbids,
    /// Not today.
    #[serde(rename = "暂缓")]
    Postpones,
}

/// A vaccine that is free here from an age on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    #[serde(rename = "疫苗")]
    pub vaccine: String,
    #[serde(rename = "起始年龄")]
    pub from_age: u16,
}

impl Family {
    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Family::Flu => "flu",
            Family::Pneumococcal => "pneumococcal",
            Family::Zoster => "zoster",
            Family::Other => "other",
        }
    }
}

/// A vaccine of the region by its id.
///
/// 依据: 中华人民共和国疫苗管理法（2019年）; the vaccines and their schedules are of the technical guides named in the policy
pub fn vaccine<'a>(id: &str, policy: &InForce<'a>) -> Result<Option<&'a Vaccine>, NoPolicy> {
    Ok(policy.read(|it| &it.vaccination.vaccines)?.iter().find(|it| it.id == id))
}

/// From which age a vaccine is free here; nothing where everybody pays, or no programme is in force.
///
/// 依据: local programmes as the policy names them
pub fn free_from(id: &str, policy: &InForce<'_>) -> Option<u16> {
    let programmes = policy.read(|it| &it.vaccination.programmes).ok()?;
    programmes.iter().filter(|it| it.vaccine == id).map(|it| it.from_age).min()
}
