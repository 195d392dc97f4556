//! Kinds of services at home, of those who give them and of those they are for.

use serde::{Deserialize, Serialize};

/// What kind of service it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Class {
    #[serde(rename = "医疗")]
    Medical,
    #[serde(rename = "护理")]
    Nursing,
    #[serde(rename = "康复")]
    Rehabilitation,
    #[serde(rename = "药学")]
    Pharmacy,
    #[serde(rename = "健康指导")]
    Guidance,
}

impl Class {
    /// Every class, in the order in which a list offers them.
    pub const ALL: [Class; 5] =
        [Class::Medical, Class::Nursing, Class::Rehabilitation, Class::Pharmacy, Class::Guidance];

    /// (word, Chinese title), for forms and lists.
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("medical", "医疗"),
        ("nursing", "护理"),
        ("rehabilitation", "康复"),
        ("pharmacy", "药学"),
        ("guidance", "健康指导"),
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Class::WORDS[self as usize].0
    }

    /// Its name in Chinese.
    pub fn title(self) -> &'static str {
        Class::WORDS[self as usize].1
    }
}

/// What somebody is by profession.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Profession {
    #[serde(rename = "医生")]
    Physician,
    #[serde(rename = "中医医生")]
    TcmDoctor,
    #[serde(rename = "乡村医生")]
    VillageDoctor,
    #[serde(rename = "护士")]
    Nurse,
    #[serde(rename = "药师")]
    Pharmacist,
    #[serde(rename = "康复治疗师")]
    Therapist,
    #[serde(rename = "健康管理师")]
    HealthManager,
    #[serde(rename = "养老护理员")]
    CareWorker,
    #[serde(rename = "其他")]
    Other,
}

impl Profession {
    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Profession::Physician => "医生",
            Profession::TcmDoctor => "中医医生",
            Profession::VillageDoctor => "乡村医生",
            Profession::Nurse => "护士",
            Profession::Pharmacist => "药师",
            Profession::Therapist => "康复治疗师",
            Profession::HealthManager => "健康管理师",
            Profession::CareWorker => "养老护理员",
            Profession::Other => "其他",
        }
    }
}

/// Titles in their order. 护士 and 护师 are both junior titles; only the second goes to homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Title {
    #[serde(rename = "无职称")]
    None,
    /// 护士, 技士, 药士.
    #[serde(rename = "士级")]
    Assistant,
    /// 护师, 技师, 药师.
    #[serde(rename = "师级")]
    Junior,
    #[serde(rename = "中级")]
    Middle,
    #[serde(rename = "副高级")]
    DeputySenior,
    #[serde(rename = "正高级")]
    Senior,
}

/// For whom a service is: one of them has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Condition {
    #[serde(rename = "失能")]
    Disabled,
    #[serde(rename = "高龄")]
    Oldest,
    #[serde(rename = "行动不便")]
    Immobile,
    #[serde(rename = "康复期")]
    Recovering,
    #[serde(rename = "终末期")]
    Terminal,
    #[serde(rename = "慢性病")]
    Chronic,
    #[serde(rename = "出院")]
    Discharged,
}

impl Condition {
    /// (word, Chinese title), for forms and lists.
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("disabled", "失能"),
        ("oldest", "高龄"),
        ("immobile", "行动不便"),
        ("recovering", "康复期"),
        ("terminal", "终末期"),
        ("chronic", "慢性病"),
        ("discharged", "出院"),
    ];

    /// Every one, in the order of [`Condition::WORDS`].
    pub const ALL: [Condition; 7] = [
        Condition::Disabled,
        Condition::Oldest,
        Condition::Immobile,
        Condition::Recovering,
        Condition::Terminal,
        Condition::Chronic,
        Condition::Discharged,
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Condition::WORDS[self as usize].0
    }

    /// Its name in Chinese.
    pub fn title(self) -> &'static str {
        Condition::WORDS[self as usize].1
    }

    /// The one of a stored word.
    pub fn parse(word: &str) -> Option<Condition> {
        Condition::ALL.into_iter().find(|it| it.word() == word)
    }
}
