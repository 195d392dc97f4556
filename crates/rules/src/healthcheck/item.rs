//! What a yearly check is made of, as the policy files say it: parts, items, references, findings, guidance.

use serde::{Deserialize, Serialize};

use super::Measure;
use crate::base::{Lang, YesNo};

/// A chapter of the check: what one person does at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Section {
    #[serde(rename = "生活方式")]
    Lifestyle,
    #[serde(rename = "生活自理")]
    SelfCare,
    #[serde(rename = "体格检查")]
    Examination,
    #[serde(rename = "化验")]
    Laboratory,
    #[serde(rename = "心电图与B超")]
    Imaging,
    #[serde(rename = "健康指导")]
    Guidance,
}

/// One thing that can be missing, such as 血压; it has one or several items.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "章节")]
    pub section: Section,
    /// A complete check has it.
    #[serde(rename = "必查")]
    pub required: YesNo,
    /// A check without it does not count as health management.
    #[serde(rename = "计入管理须有")]
    pub counts: YesNo,
}

/// One field of the check.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "分项")]
    pub part: String,
    #[serde(rename = "可不填", default = "no")]
    pub optional: YesNo,
    #[serde(rename = "单位", default)]
    pub unit: String,
    #[serde(rename = "小数", default)]
    pub decimals: u8,
    /// A number outside of this is a slip of the pen; with it the item is a number.
    #[serde(rename = "可能", default)]
    pub plausible: Option<[Measure; 2]>,
    /// A change since last year beyond this is asked about.
    #[serde(rename = "变动", default)]
    pub change: Option<Measure>,
    /// Computed from other items and never typed.
    #[serde(rename = "计算", default)]
    pub computed: Option<Computed>,
    /// With choices the item is one of them, or several.
    #[serde(rename = "选项", default)]
    pub choices: Vec<Choice>,
    #[serde(rename = "多选", default = "no")]
    pub several: YesNo,
    #[serde(rename = "参考", default)]
    pub references: Vec<Reference>,
    #[serde(rename = "发现", default)]
    pub findings: Vec<Finding>,
    /// How many independent sources confirm references and thresholds; 0 is from memory.
    #[serde(rename = "可信", default)]
    pub confirmed: u8,
}

/// How an item is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Computed {
    #[serde(rename = "体质指数")]
    BodyMassIndex,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    #[serde(rename = "值")]
    pub word: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// With several choices, this one stands alone: 无, 正常.
    #[serde(rename = "单独", default = "no")]
    pub alone: YesNo,
    #[serde(rename = "发现", default)]
    pub finding: Option<Advised>,
}

/// The range in which most healthy people lie; its ends belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// For both where it is left out.
    #[serde(rename = "性别", default)]
    pub sex: Option<OfSex>,
    #[serde(rename = "低", default)]
    pub low: Option<Measure>,
    #[serde(rename = "高", default)]
    pub high: Option<Measure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum OfSex {
    #[serde(rename = "男")]
    Male,
    #[serde(rename = "女")]
    Female,
}

/// What a number means; the first finding of an item that fits counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Outside of the reference.
    #[serde(rename = "当", default)]
    pub side: Option<Side>,
    #[serde(rename = "不低于", default)]
    pub at_least: Option<Measure>,
    #[serde(rename = "不高于", default)]
    pub at_most: Option<Measure>,
    #[serde(rename = "告知")]
    pub advised: Advised,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Side {
    #[serde(rename = "偏低")]
    Low,
    #[serde(rename = "偏高")]
    High,
}

/// What is said of something out of order: to the doctor, and in plain words to the elder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Advised {
    #[serde(rename = "医生")]
    pub doctor: String,
    #[serde(rename = "医生英文")]
    pub doctor_en: String,
    #[serde(rename = "老人")]
    pub elder: String,
    #[serde(rename = "老人英文")]
    pub elder_en: String,
    /// Needs help today.
    #[serde(rename = "紧急", default = "no")]
    pub urgent: YesNo,
    /// Ids of guidance that follows.
    #[serde(rename = "指导", default)]
    pub guidance: Vec<String>,
}

/// One piece of guidance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// What the elder reads.
    #[serde(rename = "老人")]
    pub elder: String,
    #[serde(rename = "老人英文")]
    pub elder_en: String,
    /// For everyone, whatever was found.
    #[serde(rename = "人人", default = "no")]
    pub always: YesNo,
    /// A scale that looks closer, by its id.
    #[serde(rename = "量表", default)]
    pub instrument: Option<String>,
}

fn no() -> YesNo {
    YesNo::No
}

impl Section {
    pub const ALL: [Section; 6] = [
        Section::Lifestyle,
        Section::SelfCare,
        Section::Examination,
        Section::Laboratory,
        Section::Imaging,
        Section::Guidance,
    ];

    /// The word in addresses and tables.
    pub fn word(self) -> &'static str {
        match self {
            Section::Lifestyle => "lifestyle",
            Section::SelfCare => "selfcare",
            Section::Examination => "examination",
            Section::Laboratory => "laboratory",
            Section::Imaging => "imaging",
            Section::Guidance => "guidance",
        }
    }

    pub fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl OfSex {
    /// Of `male` and `female`, as the register keeps it; nothing where it is not known.
    pub fn of_word(word: &str) -> Option<OfSex> {
        match word {
            "male" => Some(OfSex::Male),
            "female" => Some(OfSex::Female),
            _ => None,
        }
    }
}

fn in_lang<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

impl Part {
    pub fn name_in(&self, lang: Lang) -> &str {
        in_lang(lang, &self.name, &self.name_en)
    }
}

impl Choice {
    pub fn name_in(&self, lang: Lang) -> &str {
        in_lang(lang, &self.name, &self.name_en)
    }
}

impl Guidance {
    pub fn name_in(&self, lang: Lang) -> &str {
        in_lang(lang, &self.name, &self.name_en)
    }

    pub fn elder_in(&self, lang: Lang) -> &str {
        in_lang(lang, &self.elder, &self.elder_en)
    }
}

impl Item {
    pub fn name_in(&self, lang: Lang) -> &str {
        in_lang(lang, &self.name, &self.name_en)
    }

    /// A number with a unit.
    pub fn is_number(&self) -> bool {
        self.plausible.is_some() || self.computed.is_some()
    }

    /// The range for somebody; nothing where it depends on a sex that is not known.
    pub fn reference(&self, sex: Option<OfSex>) -> Option<&Reference> {
        self.references.iter().find(|it| it.sex.is_none() || it.sex == sex)
    }

    pub fn choice(&self, word: &str) -> Option<&Choice> {
        self.choices.iter().find(|it| it.word == word)
    }
}

impl Reference {
    /// `3.9–6.1`, `≤5.2`, `≥1.0`.
    pub fn shown(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low}–{high}"),
            (None, Some(high)) => format!("≤{high}"),
            (Some(low), None) => format!("≥{low}"),
            (None, None) => String::new(),
        }
    }

    /// On which side of the range a number lies.
    pub fn side(&self, number: Measure) -> Option<Side> {
        if self.low.is_some_and(|it| number < it) {
            return Some(Side::Low);
        }
        self.high.is_some_and(|it| it < number).then_some(Side::High)
    }
}
