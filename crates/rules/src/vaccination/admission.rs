//! What forbids a dose: the schedule, an answer to a question, the batch.

use serde::{Deserialize, Serialize};

use super::{Doses, Effect, State, Vaccine, plan};
use crate::{
    base::{Date, Text},
    policy::InForce,
};

/// Somebody who is about to get a dose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    #[serde(rename = "疫苗")]
    pub vaccine: String,
    #[serde(rename = "出生日期")]
    pub born: Date,
    #[serde(rename = "已种", default)]
    pub days: Vec<Date>,
    /// The questions answered with yes.
    #[serde(rename = "答是", default)]
    pub yes: Vec<String>,
    /// The last day on which the batch can be used.
    #[serde(rename = "有效期至")]
    pub expires: Date,
    #[serde(rename = "批次召回", default = "no")]
    pub recalled: crate::base::YesNo,
}

/// What stands against a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Objection {
    #[serde(rename = "年龄不足")]
    TooYoung,
    #[serde(rename = "间隔不足")]
    TooEarly,
    #[serde(rename = "已完成")]
    Complete,
    #[serde(rename = "禁忌")]
    Forbidden,
    #[serde(rename = "暂缓")]
    Postponed,
    #[serde(rename = "疫苗过期")]
    Expired,
    #[serde(rename = "批次召回")]
    Recalled,
}

/// Everything that stands against a dose today, each with its sentence; nothing: it can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Admission {
    pub objections: Vec<(Objection, Text)>,
}

impl Admission {
    /// Everything that stands against the dose, as one sentence.
    pub fn text(&self) -> Text {
        let (zh, en): (Vec<&str>, Vec<&str>) = self.objections.iter().map(|it| (&*it.1.zh, &*it.1.en)).unzip();
        Text::new(format!("不能接种：{}", zh.join("；")), format!("No dose can be given: {}", en.join("; ")))
    }
}

fn no() -> crate::base::YesNo {
    crate::base::YesNo::No
}

/// Whether a dose can be given on the day of the policy. A batch can be used up to and including its last day.
///
/// 依据: 中华人民共和国疫苗管理法（2019年） 第四十五条 (to ask for health and contraindications, to check the vaccine and its expiry)
pub fn admission(vaccine: &Vaccine, it: &Candidate, policy: &InForce<'_>) -> Admission {
    let day = policy.day();
    let given = Doses { vaccine: it.vaccine.clone(), born: it.born, days: it.days.clone() };
    let plan = plan(vaccine, &given, policy);
    let mut objections = Vec::new();
    let mut object = |objection, zh: String, en: String| objections.push((objection, Text::new(zh, en)));
    let age = it.born.age_on(day);
    if age < vaccine.from_age {
        object(
            Objection::TooYoung,
            format!("{age} 周岁，{} 周岁起接种", vaccine.from_age),
            format!("aged {age}, given from the age of {}", vaccine.from_age),
        );
    } else if plan.state == State::Complete {
        object(Objection::Complete, "已完成全部剂次".to_owned(), "all doses have been given".to_owned());
    } else if let Some(from) = plan.from.filter(|_| plan.state == State::Later) {
        object(Objection::TooEarly, format!("{from} 起可以接种"), format!("can be given from {from} on"));
    }
    for question in vaccine.questions.iter().filter(|one| it.yes.contains(&one.id)) {
        let objection = match question.effect {
            Effect::Forbids => Objection::Forbidden,
            Effect::Postpones => Objection::Postponed,
        };
        object(objection, question.text.clone(), question.text_en.clone());
    }
    if it.expires < day {
        object(
            Objection::Expired,
            format!("疫苗有效期至 {}，已过期", it.expires),
            format!("the vaccine expired on {}", it.expires),
        );
    }
    if it.recalled.is_yes() {
        object(Objection::Recalled, "这一批次已召回".to_owned(), "this batch has been recalled".to_owned());
    }
    Admission { objections }
}
