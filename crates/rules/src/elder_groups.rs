//! The groups of elders that ledgers are kept for (重点人群): which follow from facts, and which words of a ledger mean which.

mod words;

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Text, YesNo},
    care_tier::{AbilityLevel, Living},
    policy::{InForce, NoPolicy, topic},
};
pub use words::{GroupWord, groups_in};

topic! {
    /// What a region lays down about groups of elders.
    "elders", "老年人群", "Elders" {
        /// From which age somebody is an elder.
        elder_age: u16 = "老年人起始年龄",
        /// From which age somebody is one of the oldest.
        oldest_age: u16 = "高龄起始年龄",
        /// From which level of ability or grade of disability somebody counts as disabled.
        disabled_from: u8 = "失能起始等级",
    }
}

/// A group of elders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 失能
    #[serde(alias = "失能")]
    Disabled,
    /// 失智
    #[serde(alias = "失智")]
    Demented,
    /// 慢性病
    #[serde(alias = "慢性病")]
    Chronic,
    /// 高龄
    #[serde(alias = "高龄")]
    Oldest,
    /// 残疾
    #[serde(alias = "残疾")]
    Handicapped,
    /// 居家卧床、不便出户
    #[serde(alias = "不便出户")]
    Homebound,
    /// 留守
    #[serde(alias = "留守")]
    LeftBehind,
    /// 独居
    #[serde(alias = "独居")]
    Alone,
    /// 困难 (低保, 特困)
    #[serde(alias = "困难")]
    Poor,
    /// 计划生育特殊家庭
    #[serde(alias = "计生特殊家庭")]
    SpecialFamily,
}

/// What is known about a person; what is not known makes no group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    #[serde(rename = "出生日期")]
    pub born: Option<Date>,
    #[serde(rename = "能力等级")]
    pub ability: Option<AbilityLevel>,
    /// Grade of the LTCI disability assessment, 0 to 5.
    #[serde(rename = "失能等级")]
    pub disability_grade: Option<u8>,
    #[serde(rename = "确诊痴呆")]
    pub dementia: Option<YesNo>,
    #[serde(rename = "慢性病种数")]
    pub chronic_diseases: u8,
    #[serde(rename = "残疾证")]
    pub disability_certificate: Option<YesNo>,
    #[serde(rename = "不便出户")]
    pub homebound: Option<YesNo>,
    /// The children are away from home.
    #[serde(rename = "子女外出")]
    pub children_away: Option<YesNo>,
    #[serde(rename = "居住情况")]
    pub living: Option<Living>,
    #[serde(rename = "低保特困")]
    pub poor: Option<YesNo>,
    #[serde(rename = "计生特殊家庭")]
    pub special_family: Option<YesNo>,
}

/// A group somebody belongs to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    pub group: Group,
    pub reason: Text,
}

impl Group {
    pub const ALL: [Group; 10] = [
        Group::Disabled,
        Group::Demented,
        Group::Chronic,
        Group::Oldest,
        Group::Handicapped,
        Group::Homebound,
        Group::LeftBehind,
        Group::Alone,
        Group::Poor,
        Group::SpecialFamily,
    ];

    /// The word kept in tables and addresses: `left_behind`.
    pub fn word(self) -> &'static str {
        match self {
            Group::Disabled => "disabled",
            Group::Demented => "demented",
            Group::Chronic => "chronic",
            Group::Oldest => "oldest",
            Group::Handicapped => "handicapped",
            Group::Homebound => "homebound",
            Group::LeftBehind => "left_behind",
            Group::Alone => "alone",
            Group::Poor => "poor",
            Group::SpecialFamily => "special_family",
        }
    }

    /// The group kept under that word.
    pub fn from_word(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|it| it.word() == word)
    }

    /// The name people see.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Group::Disabled => ("失能", "disabled"),
            Group::Demented => ("失智", "with dementia"),
            Group::Chronic => ("慢性病", "chronically ill"),
            Group::Oldest => ("高龄", "oldest old"),
            Group::Handicapped => ("残疾", "handicapped"),
            Group::Homebound => ("不便出户", "homebound"),
            Group::LeftBehind => ("留守", "left behind"),
            Group::Alone => ("独居", "living alone"),
            Group::Poor => ("困难", "poor"),
            Group::SpecialFamily => ("计生特殊家庭", "special family-planning family"),
        };
        Text::new(zh, en)
    }
}

/// The groups a person belongs to on the day of the policy, in the order of [`Group::ALL`].
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 一 (names the groups); 老年人权益保障法 第三十三条 (80 years)
pub fn groups(person: &Person, policy: &InForce<'_>) -> Result<Vec<Membership>, NoPolicy> {
    let oldest_age = *policy.read(|it| &it.elders.oldest_age)?;
    let disabled_from = *policy.read(|it| &it.elders.disabled_from)?;

    let yes = |it: Option<YesNo>| it.is_some_and(YesNo::is_yes);
    let ability = person.ability.map(AbilityLevel::number).filter(|it| disabled_from <= *it);
    let grade = person.disability_grade.filter(|it| disabled_from <= *it);
    let age = person.born.map(|it| it.age_on(policy.day())).filter(|it| oldest_age <= *it);

    let disabled = match (ability, grade) {
        (Some(level), _) => Some(Text::new(format!("能力等级 {level}"), format!("ability level {level}"))),
        (None, Some(grade)) => Some(Text::new(format!("失能等级 {grade}"), format!("disability grade {grade}"))),
        (None, None) => None,
    };
    let diseases = person.chronic_diseases;
    let found = [
        (Group::Disabled, disabled),
        (Group::Demented, yes(person.dementia).then(|| Text::new("确诊痴呆", "diagnosed dementia"))),
        (
            Group::Chronic,
            (0 < diseases).then(|| Text::new(format!("慢性病 {diseases} 种"), format!("{diseases} chronic diseases"))),
        ),
        (
            Group::Oldest,
            age.map(|age| {
                Text::new(format!("年满 {age} 周岁，不低于 {oldest_age}"), format!("aged {age}, at least {oldest_age}"))
            }),
        ),
        (
            Group::Handicapped,
            yes(person.disability_certificate).then(|| Text::new("持残疾人证", "holds a disability certificate")),
        ),
        (Group::Homebound, yes(person.homebound).then(|| Text::new("居家卧床或不便出户", "bedridden or homebound"))),
        (Group::LeftBehind, yes(person.children_away).then(|| Text::new("子女外出", "the children are away"))),
        (Group::Alone, (person.living == Some(Living::Alone)).then(|| Text::new("独自居住", "lives alone"))),
        (
            Group::Poor,
            yes(person.poor)
                .then(|| Text::new("低保或特困", "receives subsistence allowance or extreme-hardship support")),
        ),
        (
            Group::SpecialFamily,
            yes(person.special_family).then(|| Text::new("计划生育特殊家庭", "special family-planning family")),
        ),
    ];
    Ok(found.into_iter().filter_map(|(group, reason)| Some(Membership { group, reason: reason? })).collect())
}
