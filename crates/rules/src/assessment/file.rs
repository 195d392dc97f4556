//! An instrument file as it is written. How to write one: `policy/README.md`.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{
    Code, Direction, Education, PartConfirmed, Points,
    choices::{Choices, Listed, Range},
    facts::IcdRange,
};
use crate::policy::Basis;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstrumentFile {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "版本")]
    pub edition: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "依据")]
    pub basis: Basis,
    #[serde(rename = "方向")]
    pub direction: Direction,
    #[serde(rename = "许可")]
    pub licence: String,
    #[serde(rename = "备注", default)]
    pub notes: Vec<String>,
    #[serde(rename = "可信")]
    pub confirmed: ConfirmedFile,
    #[serde(rename = "选项组", default)]
    pub shared_choices: BTreeMap<String, Listed>,
    #[serde(rename = "分段组", default)]
    pub shared_bands: BTreeMap<String, Vec<BandFile>>,
    #[serde(rename = "条目")]
    pub items: Vec<ItemFile>,
    #[serde(rename = "合计")]
    pub sums: Vec<SumFile>,
    #[serde(rename = "定级", default)]
    pub grading: Option<Grading>,
    #[serde(rename = "调整", default)]
    pub adjustments: Vec<Adjustment>,
    #[serde(rename = "判定", default)]
    pub judgements: Vec<Judgement>,
}

/// 可信 of each part: how many independent sources confirm it, and which.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmedFile {
    #[serde(rename = "条目")]
    pub items: PartConfirmed,
    #[serde(rename = "分值")]
    pub scores: PartConfirmed,
    #[serde(rename = "界值")]
    pub bands: PartConfirmed,
    #[serde(rename = "组合", default)]
    pub combination: Option<PartConfirmed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemFile {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "别名", default)]
    pub also_called: Option<String>,
    #[serde(rename = "选项", default)]
    pub choices: Option<Choices>,
    #[serde(rename = "范围", default)]
    pub range: Option<Range>,
}

/// A total over items. With 计数 it counts the items answered so, instead of adding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SumFile {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// All items where both this and 由合计 are left out.
    #[serde(rename = "条目", default)]
    pub items: Option<Vec<String>>,
    /// In place of items: the totals before it whose items it adds up.
    #[serde(rename = "由合计", default)]
    pub sums: Vec<String>,
    #[serde(rename = "反向", default)]
    pub reversed: Vec<String>,
    #[serde(rename = "权重", default)]
    pub weights: BTreeMap<String, u8>,
    #[serde(rename = "计数", default)]
    pub counted: Option<Points>,
    #[serde(rename = "分段", default)]
    pub bands: Option<Bands>,
}

/// The name of a shared list of bands, or the bands.
#[derive(Debug, Clone)]
pub(super) enum Bands {
    Shared(String),
    Listed(Vec<BandFile>),
}

impl<'de> Deserialize<'de> for Bands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bands, D::Error> {
        deserializer.deserialize_any(BandsVisitor)
    }
}

/// By hand, because an untagged enum forgets line and column.
struct BandsVisitor;

impl<'de> Visitor<'de> for BandsVisitor {
    type Value = Bands;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("分段组的名称，或各分段 (the name of a shared list, or bands)")
    }

    fn visit_str<E>(self, name: &str) -> Result<Bands, E> {
        Ok(Bands::Shared(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bands: A) -> Result<Bands, A::Error> {
        let mut listed = Vec::new();
        while let Some(band) = bands.next_element()? {
            listed.push(band);
        }
        Ok(Bands::Listed(listed))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandFile {
    #[serde(rename = "从")]
    pub first: Points,
    #[serde(rename = "到")]
    pub last: Points,
    /// Its place in the list, from 0, where it is left out.
    #[serde(rename = "代码", default)]
    pub code: Option<Code>,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
}

/// How the level follows from the totals.
#[derive(Debug, Clone, Deserialize)]
pub(super) enum Grading {
    /// The band of one total is the level.
    #[serde(rename = "按分段")]
    Band(String),
    #[serde(rename = "按矩阵")]
    Matrix(Matrix),
}

/// The level stands in the row of one total's band and the column of the worst band of others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Matrix {
    #[serde(rename = "行")]
    pub row: String,
    #[serde(rename = "列")]
    pub columns: Vec<String>,
    #[serde(rename = "表")]
    pub cells: Vec<Vec<Code>>,
    #[serde(rename = "等级")]
    pub levels: Vec<LevelFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelFile {
    #[serde(rename = "代码")]
    pub code: Code,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
}

/// What facts do to the level.
#[derive(Debug, Clone, Deserialize)]
pub(super) enum Adjustment {
    /// The level is this one at once, whatever the totals; nothing after it counts.
    #[serde(rename = "定为")]
    Set(SetLevel),
    /// The level is worse by so many steps, once, however many of the conditions hold; never beyond the worst.
    #[serde(rename = "加重")]
    Raise(RaiseLevel),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetLevel {
    #[serde(rename = "等级")]
    pub level: Code,
    #[serde(rename = "当")]
    pub when: Condition,
    #[serde(rename = "条款")]
    pub clause: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RaiseLevel {
    #[serde(rename = "级数")]
    pub steps: usize,
    #[serde(rename = "当任一")]
    pub when_any: Vec<Condition>,
    #[serde(rename = "条款")]
    pub clause: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) enum Condition {
    #[serde(rename = "昏迷")]
    Coma,
    /// A diagnosis from one ICD-10 category to another.
    #[serde(rename = "诊断")]
    Diagnosis(DiagnosisRange),
    /// At least so many care-risk events of all kinds together in the last 30 days.
    #[serde(rename = "风险事件不少于")]
    RiskEvents(u32),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiagnosisRange {
    #[serde(rename = "从")]
    pub first: String,
    #[serde(rename = "到")]
    pub last: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
}

impl Condition {
    /// The diagnoses it asks for.
    pub(super) fn icd(&self) -> Option<IcdRange> {
        if let Condition::Diagnosis(it) = self { it.icd() } else { None }
    }
}

impl DiagnosisRange {
    /// The range, which [`super::check`] has found to be well formed.
    pub(super) fn icd(&self) -> Option<IcdRange> {
        IcdRange::parse(&format!("{}-{}", self.first, self.last))
    }
}

/// What else follows beside the level.
#[derive(Debug, Clone, Deserialize)]
pub(super) enum Judgement {
    /// The bands of these totals are results of their own.
    #[serde(rename = "各按分段")]
    Bands(Vec<String>),
    #[serde(rename = "兼看其他")]
    Ceiling(Ceiling),
    #[serde(rename = "主次")]
    Lead(Lead),
    #[serde(rename = "按受教育程度")]
    Education(EducationCut),
    #[serde(rename = "按等级")]
    ByLevel(ByLevel),
    #[serde(rename = "提示")]
    Hint(Hint),
}

/// A total must be high while all others stay low; the first line that fits counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ceiling {
    #[serde(rename = "合计")]
    pub sum: String,
    #[serde(rename = "其他")]
    pub others: Vec<String>,
    #[serde(rename = "各级")]
    pub lines: Vec<CeilingLine>,
    #[serde(rename = "否则")]
    pub otherwise: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CeilingLine {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "不低于")]
    pub at_least: Points,
    #[serde(rename = "其他不高于")]
    pub others_at_most: Points,
}

/// Which of several positive results leads, and what to do when they tie, contradict each other or are all negative.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lead {
    #[serde(rename = "合计")]
    pub sums: Vec<String>,
    /// The result that counts as positive.
    #[serde(rename = "为是")]
    pub positive: String,
    #[serde(rename = "为否")]
    pub negative: String,
    #[serde(rename = "矛盾")]
    pub contradictory: Vec<[String; 2]>,
    #[serde(rename = "条款")]
    pub clause: String,
}

/// A cut-off that depends on education: at most so many points is positive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EducationCut {
    #[serde(rename = "合计")]
    pub sum: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "不高于")]
    pub at_most: BTreeMap<Education, Points>,
}

/// A yes or no that follows from the level.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByLevel {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "是")]
    pub positive: Vec<Code>,
}

/// A word of warning where an item or a total lies in a range.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hint {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "当")]
    pub when: HintWhen,
    #[serde(rename = "结果")]
    pub result: String,
    #[serde(rename = "英文")]
    pub result_en: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HintWhen {
    /// An item's id, or a total's.
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "不低于", default)]
    pub at_least: Option<Points>,
    #[serde(rename = "不高于", default)]
    pub at_most: Option<Points>,
}
