//! Health management with Chinese medicine (中医药健康管理): what a questionnaire concludes, the advice for a type, and the
//! techniques a centre offers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    assessment::{Instrument, Points},
    base::{Date, Lang, Listed},
    healthcheck::{Course, Measure, Values},
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about Chinese medicine for elders.
    "tcm", "中医药健康管理", "Chinese medicine for elders" {
        /// From this age on, in full years.
        from_age: u16 = "起始年龄",
        /// Days after which a questionnaire that found nothing is asked again.
        reask_days: u16 = "重新采集间隔天数",
        /// Items whose score is read off a measured number.
        anchors: Vec<Anchor> = "客观分级",
        /// Of whom the managed rate is a share.
        denominator: Denominator = "管理率分母",
        /// Advice for each type.
        advice: Vec<Advice> = "体质调护",
        /// The techniques there are, by class.
        techniques: Vec<TechniqueClass> = "中医技术目录",
        /// Classes of techniques a centre is to offer.
        classes: u8 = "技术类别不少于",
        /// Techniques a centre is to offer.
        items: u8 = "技术项目不少于",
    }
}

/// Of whom the managed rate is a share: two reporting systems differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Denominator {
    #[serde(rename = "辖区65岁及以上常住居民")]
    Residents,
    #[serde(rename = "年内接受健康管理的65岁及以上居民")]
    Managed,
}

/// An item whose score follows from a measured number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The item of the questionnaire.
    #[serde(rename = "条目")]
    pub item: String,
    /// The field of the yearly check that is measured.
    #[serde(rename = "按")]
    pub field: String,
    /// From which number on the score is 2, 3, 4, 5.
    #[serde(rename = "起")]
    pub from: [Measure; 4],
}

/// Advice for one type, in five parts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    #[serde(rename = "体质")]
    pub constitution: String,
    #[serde(rename = "英文")]
    pub constitution_en: String,
    /// What it looks like, for the elder.
    #[serde(rename = "表现")]
    pub looks: String,
    #[serde(rename = "表现英文")]
    pub looks_en: String,
    #[serde(rename = "情志调摄")]
    pub mind: Part,
    #[serde(rename = "饮食调养")]
    pub food: Part,
    #[serde(rename = "起居调摄")]
    pub living: Part,
    #[serde(rename = "运动保健")]
    pub exercise: Part,
    #[serde(rename = "穴位保健")]
    pub points: Part,
}

/// One part of the advice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    #[serde(rename = "中")]
    pub zh: String,
    #[serde(rename = "英")]
    pub en: String,
}

/// A class of techniques.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TechniqueClass {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "项目")]
    pub items: Vec<Listed>,
}

/// What a questionnaire concludes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    #[serde(rename = "结论")]
    pub state: State,
    /// All types found, what is sure before what tends.
    #[serde(rename = "体质")]
    pub types: Vec<String>,
    /// The leading type; with a tie those a doctor chooses from; with a contradiction those to be checked.
    #[serde(rename = "主要")]
    pub leading: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum State {
    /// One type leads.
    #[serde(rename = "已判定")]
    Settled,
    /// Several lead with the same total: a TCM doctor decides.
    #[serde(rename = "待中医师判定")]
    Tie,
    /// Types that exclude each other: the answers are checked with the elder.
    #[serde(rename = "待核对")]
    Contradictory,
    /// No type at all: asked again later.
    #[serde(rename = "待重新采集")]
    Nothing,
}

/// What a questionnaire found, by type: 是, 基本是, 倾向是 or 否, and the total.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    #[serde(rename = "判定")]
    pub results: BTreeMap<String, String>,
    #[serde(rename = "得分")]
    pub totals: BTreeMap<String, Points>,
}

/// The balanced type excludes all others.
const BALANCED: &str = "平和质";

/// What the results come to: every type found is recorded, the highest leads, a tie is for a TCM doctor, a contradiction is
/// checked, nothing is asked again. Where no type is sure, the highest of those that tend leads.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 中医药健康管理服务规范 附件2 体质判定标准表
pub fn conclude(answers: &Answers, instrument: &Instrument) -> Conclusion {
    let Answers { results, totals } = answers;
    let found = |word: &str| -> Vec<String> {
        let mut all: Vec<String> = results.iter().filter(|it| it.1 == word).map(|it| it.0.clone()).collect();
        all.sort_by_key(|it| std::cmp::Reverse(totals.get(it).copied()));
        all
    };
    let (sure, nearly, tends) = (found("是"), found("基本是"), found("倾向是"));
    let types: Vec<String> = [&sure[..], &nearly, &tends].concat();
    let settled =
        |leading: &str| Conclusion { state: State::Settled, types: types.clone(), leading: vec![leading.to_owned()] };
    let Some(leading) = instrument.leading(totals, results) else {
        return Conclusion { state: State::Nothing, types, leading: Vec::new() };
    };
    if !leading.contradictory.is_empty() {
        let pairs = leading.contradictory.into_iter().flatten().collect();
        return Conclusion { state: State::Contradictory, types, leading: pairs };
    }
    if sure.iter().chain(&nearly).any(|it| it == BALANCED) {
        return settled(BALANCED);
    }
    let highest = if leading.highest.is_empty() { highest(&tends, totals) } else { leading.highest };
    match highest.as_slice() {
        [] => Conclusion { state: State::Nothing, types, leading: Vec::new() },
        [one] => settled(one),
        _ => Conclusion { state: State::Tie, types, leading: highest },
    }
}

fn highest(of: &[String], totals: &BTreeMap<String, Points>) -> Vec<String> {
    let most = of.iter().filter_map(|it| totals.get(it)).max();
    of.iter().filter(|it| totals.get(*it) == most).cloned().collect()
}

/// The day on which a questionnaire that found nothing is asked again.
///
/// 依据: 中医药健康管理服务规范 附件2: 各型均为否的，2 周后重新采集
pub fn ask_again(on: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    Ok(on.add_days(i32::from(*policy.read(|it| &it.tcm.reask_days)?)))
}

/// The scores that measured numbers give, by item.
///
/// 依据: 中医药健康管理服务规范 附件1 第 9 条（BMI）、第 28 条（腹围）
pub fn anchored(measured: &Values, policy: &InForce<'_>) -> Result<BTreeMap<String, String>, NoPolicy> {
    let anchors = policy.read(|it| &it.tcm.anchors)?;
    let score = |it: &Anchor| {
        let number: Measure = measured.get(&it.field)?.parse().ok()?;
        Some((it.item.clone(), (1 + it.from.iter().filter(|from| **from <= number).count()).to_string()))
    };
    Ok(anchors.iter().filter_map(score).collect())
}

/// The last day on which the next questionnaire is in time: yearly, as the check.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 中医药健康管理服务规范: 65 岁及以上，每年 1 次
pub fn next_due(course: &Course, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    Ok(course.due(i32::from(*policy.read(|it| &it.tcm.from_age)?), 1))
}

/// What a centre offers against what it is to offer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    #[serde(rename = "类别数")]
    pub classes: usize,
    #[serde(rename = "项目数")]
    pub items: usize,
    #[serde(rename = "达标")]
    pub enough: crate::base::YesNo,
}

/// Counts the classes and techniques a centre offers; ids that the catalogue does not have do not count.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 6 类 10 项以上中医药技术
pub fn offered(ids: &[String], policy: &InForce<'_>) -> Result<Offer, NoPolicy> {
    let catalogue = policy.read(|it| &it.tcm.techniques)?;
    let (classes, items) = (*policy.read(|it| &it.tcm.classes)?, *policy.read(|it| &it.tcm.items)?);
    let counts: Vec<usize> =
        catalogue.iter().map(|class| class.items.iter().filter(|it| ids.contains(&it.id)).count()).collect();
    let offered = counts.iter().filter(|it| 0 < **it).count();
    let all = counts.iter().sum();
    let enough = usize::from(classes) <= offered && usize::from(items) <= all;
    Ok(Offer { classes: offered, items: all, enough: enough.into() })
}

impl Part {
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Advice {
    /// The five parts with their titles, in the order of the form.
    pub fn parts(&self) -> [(&'static str, &Part); 5] {
        [
            ("情志调摄", &self.mind),
            ("饮食调养", &self.food),
            ("起居调摄", &self.living),
            ("运动保健", &self.exercise),
            ("穴位保健", &self.points),
        ]
    }
}
