//! One visit: how well the disease is controlled, what has to be done, and when the next visit is.

use serde::{Deserialize, Serialize};

use super::{Disease, Target, emergency};
use crate::{
    base::{Date, Tenths, Text, YesNo},
    policy::{InForce, NoPolicy},
};

/// What was found at a visit. What was not measured is left out and never guessed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    #[serde(rename = "疾病")]
    pub disease: Disease,
    #[serde(rename = "出生日期")]
    pub born: Date,
    /// mmHg
    #[serde(rename = "收缩压", default)]
    pub systolic: Option<u16>,
    /// mmHg
    #[serde(rename = "舒张压", default)]
    pub diastolic: Option<u16>,
    /// mmol/L
    #[serde(rename = "空腹血糖", default)]
    pub fasting: Option<Tenths>,
    /// After a meal or at random, mmol/L: counts for an emergency, not for control.
    #[serde(rename = "其他血糖", default)]
    pub glucose: Option<Tenths>,
    /// A minute.
    #[serde(rename = "心率", default)]
    pub heart_rate: Option<u16>,
    /// ℃
    #[serde(rename = "体温", default)]
    pub temperature: Option<Tenths>,
    /// Signs that were there, in the words of the policy.
    #[serde(rename = "危急症状", default)]
    pub signs: Vec<String>,
    #[serde(rename = "不良反应", default = "no")]
    pub adverse: YesNo,
    /// A new complication, or an old one that became worse.
    #[serde(rename = "新并发症", default = "no")]
    pub complication: YesNo,
    /// Visits right before this one that were unsatisfactory or had an adverse reaction.
    #[serde(rename = "此前连续不满意", default)]
    pub bad_in_a_row: u8,
}

/// The class of a visit, as the national form numbers them 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Class {
    /// What control is judged by was not measured.
    #[serde(rename = "未测")]
    NotMeasured,
    #[serde(rename = "控制满意")]
    Satisfactory,
    #[serde(rename = "控制不满意")]
    Unsatisfactory,
    #[serde(rename = "不良反应")]
    Adverse,
    #[serde(rename = "并发症")]
    Complication,
}

/// What has to be done, from the lightest to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Step {
    #[serde(rename = "按期随访")]
    Continue,
    #[serde(rename = "调整用药")]
    Adjust,
    #[serde(rename = "转诊")]
    Refer,
    #[serde(rename = "紧急转诊")]
    ReferAtOnce,
}

/// What a visit says about one disease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    pub disease: Disease,
    pub class: Class,
    /// Whether what was measured is below the target; nothing where it was not measured.
    pub controlled: Option<bool>,
    pub step: Step,
    /// The day of the next visit, at the latest.
    pub next: Date,
    pub reasons: Vec<Text>,
}

fn no() -> YesNo {
    YesNo::No
}

impl Class {
    pub const ALL: [Class; 5] =
        [Class::NotMeasured, Class::Satisfactory, Class::Unsatisfactory, Class::Adverse, Class::Complication];

    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Class::NotMeasured => "not_measured",
            Class::Satisfactory => "satisfactory",
            Class::Unsatisfactory => "unsatisfactory",
            Class::Adverse => "adverse",
            Class::Complication => "complication",
        }
    }

    /// The class kept under that word.
    pub fn from_word(word: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Whether such a visit counts towards those in a row that lead to a referral.
    pub fn counts_as_bad(self) -> bool {
        matches!(self, Class::Unsatisfactory | Class::Adverse)
    }
}

impl Step {
    pub const ALL: [Step; 4] = [Step::Continue, Step::Adjust, Step::Refer, Step::ReferAtOnce];

    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Step::Continue => "continue",
            Step::Adjust => "adjust",
            Step::Refer => "refer",
            Step::ReferAtOnce => "refer_at_once",
        }
    }

    /// The step kept under that word.
    pub fn from_word(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Whether somebody is sent to a hospital.
    pub fn is_referral(self) -> bool {
        Step::Refer <= self
    }
}

/// What a visit on the day of the policy says.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 高血压患者健康管理服务规范、2型糖尿病患者健康管理服务规范 二、服务内容（随访评估、分类干预）
pub fn judge(visit: &Visit, policy: &InForce<'_>) -> Result<Judged, NoPolicy> {
    let mut reasons = Vec::new();
    let controlled = match visit.disease {
        Disease::Hypertension => pressure(visit, policy, &mut reasons)?,
        Disease::Diabetes => fasting(visit, policy, &mut reasons)?,
    };
    let class = class(visit, controlled, &mut reasons);
    let step = step(visit, class, policy, &mut reasons)?;
    let day = policy.day();
    let next = if step == Step::Continue {
        let months = *policy.read(|it| &it.chronic.visit_months)?;
        reasons.push(Text::new(format!("{months} 个月内随访"), format!("the next visit within {months} months")));
        day.add_months(i32::from(months))
    } else {
        let days = *policy.read(|it| &it.chronic.again_days)?;
        reasons.push(Text::new(format!("{days} 天内随访"), format!("the next visit within {days} days")));
        day.add_days(i32::from(days))
    };
    Ok(Judged { disease: visit.disease, class, controlled, step, next, reasons })
}

/// The next visit of somebody with several diseases: one for all, on the earliest day, for the gravest step.
pub fn merged(all: &[Judged]) -> Option<(Date, Step)> {
    Some((all.iter().map(|it| it.next).min()?, all.iter().map(|it| it.step).max()?))
}

fn class(visit: &Visit, controlled: Option<bool>, reasons: &mut Vec<Text>) -> Class {
    if visit.complication.is_yes() {
        reasons.push(Text::new("有新的并发症或原有并发症加重", "a new complication, or an old one became worse"));
        return Class::Complication;
    }
    if visit.adverse.is_yes() {
        reasons.push(Text::new("有药物不良反应", "an adverse reaction to the medicine"));
        return Class::Adverse;
    }
    match controlled {
        Some(true) => Class::Satisfactory,
        Some(false) => Class::Unsatisfactory,
        None => Class::NotMeasured,
    }
}

fn step(visit: &Visit, class: Class, policy: &InForce<'_>, reasons: &mut Vec<Text>) -> Result<Step, NoPolicy> {
    let urgent = emergency::found(visit, policy)?;
    if !urgent.is_empty() {
        reasons.extend(urgent);
        return Ok(Step::ReferAtOnce);
    }
    if class == Class::Complication {
        return Ok(Step::Refer);
    }
    if !class.counts_as_bad() {
        return Ok(Step::Continue);
    }
    let most = *policy.read(|it| &it.chronic.unsatisfactory_in_a_row)?;
    let in_a_row = visit.bad_in_a_row.saturating_add(1);
    if in_a_row < most {
        return Ok(Step::Adjust);
    }
    reasons.push(Text::new(
        format!("连续 {in_a_row} 次不满意或有不良反应，建议转诊"),
        format!("{in_a_row} visits in a row unsatisfactory or with an adverse reaction: refer"),
    ));
    Ok(Step::Refer)
}

/// Whether the pressure is below the target of the age; nothing where it was not measured.
fn pressure(visit: &Visit, policy: &InForce<'_>, reasons: &mut Vec<Text>) -> Result<Option<bool>, NoPolicy> {
    let targets = policy.read(|it| &it.chronic.pressure_targets)?;
    let (Some(systolic), Some(diastolic)) = (visit.systolic, visit.diastolic) else {
        reasons.push(Text::new("没有测量血压，不能判断控制情况", "the blood pressure was not measured"));
        return Ok(None);
    };
    let age = visit.born.age_on(policy.day());
    let target = targets.iter().filter(|it| it.from_age <= age).max_by_key(|it| it.from_age);
    let Some(Target { systolic: below, diastolic: below_too, .. }) = target else {
        reasons.push(Text::new(format!("{age} 岁没有控制目标"), format!("there is no target at the age of {age}")));
        return Ok(None);
    };
    let is_controlled = systolic < *below && diastolic < *below_too;
    let (word, english) = said(is_controlled);
    reasons.push(Text::new(
        format!("血压 {systolic}/{diastolic} mmHg，{age} 岁目标低于 {below}/{below_too}，{word}"),
        format!("{systolic}/{diastolic} mmHg, target at {age} years below {below}/{below_too}: {english}"),
    ));
    Ok(Some(is_controlled))
}

/// Whether the fasting glucose is below its target; nothing where it was not measured.
fn fasting(visit: &Visit, policy: &InForce<'_>, reasons: &mut Vec<Text>) -> Result<Option<bool>, NoPolicy> {
    let below = *policy.read(|it| &it.chronic.fasting_target)?;
    let Some(fasting) = visit.fasting else {
        reasons.push(Text::new("没有测空腹血糖，不能判断控制情况", "the fasting glucose was not measured"));
        return Ok(None);
    };
    let is_controlled = fasting < below;
    let (word, english) = said(is_controlled);
    reasons.push(Text::new(
        format!("空腹血糖 {fasting} mmol/L，目标低于 {below}，{word}"),
        format!("fasting glucose {fasting} mmol/L, target below {below}: {english}"),
    ));
    Ok(Some(is_controlled))
}

fn said(is_controlled: bool) -> (&'static str, &'static str) {
    if is_controlled { ("达标", "controlled") } else { ("未达标", "not controlled") }
}
