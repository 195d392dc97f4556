//! The time limits of an assessment, and which instrument a programme uses.

use serde::{Deserialize, Serialize};

use crate::{
    assessment::InstrumentId,
    base::{Date, YesNo},
    policy::{InForce, NoPolicy, Spot, topic},
    working_days::Counted,
};

topic! {
    /// What a region lays down about how assessments are done.
    "assessment", "评估办理", "Course of assessments" {
        /// Calendar days of public notice.
        notice_days: u16 = "公示天数",
        /// Months a conclusion is valid.
        validity_months: u16 = "有效期月数",
        /// Months no local validity may exceed.
        longest_validity_months: u16 = "有效期上限月数",
        /// Months after a conclusion before a change of state is assessed anew.
        months_before_reassessment: u16 = "重评间隔月数",
        /// Working days after being told in which a person may object.
        objection_days: u16 = "异议期限工作日",
        /// Working days from acceptance to conclusion.
        decision_days: u16 = "办结时限工作日",
        /// Assessors on site, at least.
        assessors: u8 = "最少评估人员",
        /// Whether an application for the LTCI assessment must pass the self-rating form first.
        self_rating: YesNo = "申请前自评",
        /// Instrument of the LTCI disability assessment.
        ltci_instrument: InstrumentId = "长护险失能评估量表",
        /// Instrument of the ability assessment of elders.
        ability_instrument: InstrumentId = "老年人能力评估量表",
        /// Instrument of the yearly self-care check.
        self_care_instrument: InstrumentId = "自理能力评估量表",
        /// Instrument of the yearly TCM constitution check.
        constitution_instrument: InstrumentId = "中医体质辨识量表",
    }
}

/// For which purpose somebody is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// 长期护理保险失能等级评估
    LtciDisability,
    /// 老年人能力评估
    ElderAbility,
    /// 基本公共卫生服务自理能力评估
    SelfCare,
    /// 中医体质辨识
    TcmConstitution,
}

/// A time limit of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Term {
    /// Last day of the notice, counted from the day after it was put up.
    #[serde(rename = "公示期满")]
    NoticeEnds,
    /// Last day on which the conclusion is valid, counted from its first day.
    #[serde(rename = "有效期止")]
    ValidUntil,
    /// First day on which a change of state is assessed anew, counted from the conclusion.
    #[serde(rename = "可重评日")]
    ReassessmentFrom,
    /// Last day to object, counted from the day of being told.
    #[serde(rename = "异议截止")]
    ObjectionUntil,
    /// Last day to conclude, counted from acceptance.
    #[serde(rename = "办结截止")]
    DecisionDue,
}

impl Policy {
    /// Every instrument any value names, with its place in the file.
    pub(crate) fn instruments_named(&self) -> Vec<(&'static str, InstrumentId, Spot)> {
        let params = [
            &self.ltci_instrument,
            &self.ability_instrument,
            &self.self_care_instrument,
            &self.constitution_instrument,
        ];
        let entries = params.into_iter().flat_map(|it| it.view().entries.into_iter().map(|entry| (it.name(), entry)));
        entries.filter_map(|(name, entry)| Some((name, InstrumentId::new(entry.value?.as_str()?), entry.at))).collect()
    }
}

/// The instrument a programme uses here.
///
/// 依据: 医保办发〔2021〕37号; GB/T 42195-2022; 国家基本公共卫生服务规范（第三版）老年人健康管理、中医药健康管理
pub fn default_instrument<'a>(programme: Programme, policy: &InForce<'a>) -> Result<&'a InstrumentId, NoPolicy> {
    match programme {
        Programme::LtciDisability => policy.read(|it| &it.assessment.ltci_instrument),
        Programme::ElderAbility => policy.read(|it| &it.assessment.ability_instrument),
        Programme::SelfCare => policy.read(|it| &it.assessment.self_care_instrument),
        Programme::TcmConstitution => policy.read(|it| &it.assessment.constitution_instrument),
    }
}

/// The day on which a time limit ends that begins on `start`. Validity never exceeds the national limit.
///
/// 依据: 医保发〔2023〕29号 长期护理保险失能等级评估管理办法（试行） 公示、异议与复评、有效期各条
pub fn deadline(term: Term, start: Date, policy: &InForce<'_>) -> Result<Counted, NoPolicy> {
    let on = |day: Date| Counted { day, note: None };
    Ok(match term {
        Term::NoticeEnds => on(start.add_days(i32::from(*policy.read(|it| &it.assessment.notice_days)?))),
        Term::ValidUntil => {
            let local = *policy.read(|it| &it.assessment.validity_months)?;
            let longest = *policy.read(|it| &it.assessment.longest_validity_months)?;
            on(start.add_months(i32::from(local.min(longest))).add_days(-1))
        }
        Term::ReassessmentFrom => {
            on(start.add_months(i32::from(*policy.read(|it| &it.assessment.months_before_reassessment)?)))
        }
        Term::ObjectionUntil => policy.working_days().after(start, *policy.read(|it| &it.assessment.objection_days)?),
        Term::DecisionDue => policy.working_days().after(start, *policy.read(|it| &it.assessment.decision_days)?),
    })
}
