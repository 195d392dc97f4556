//! The tier of care (分级照护): from ability, number of chronic diseases and living situation.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    base::Text,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about tiers of care. No official source gives numbers; those we ship are examples.
    "tier", "分级照护", "Tiers of care" {
        /// Names of the tiers 0 to 4.
        names: [String; 5] = "档次名称",
        /// The tier of each ability level, 0 (intact) to 4 (lost).
        by_ability: [u8; 5] = "能力等级对应档次",
        /// So many chronic diseases make it one tier higher.
        many_diseases: u8 = "多病起算数",
        /// Living situations that make it one tier higher.
        living_raises: Vec<Living> = "上调的居住情况",
    }
}

/// Level of ability by GB/T 42195-2022, 0 (intact) to 4 (lost).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AbilityLevel(u8);

/// With whom somebody lives.
///
/// 依据: GB/T 42195-2022 附录A 居住情况
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Living {
    #[serde(rename = "独居")]
    Alone,
    #[serde(rename = "与配偶居住")]
    WithSpouse,
    #[serde(rename = "与子女居住")]
    WithChildren,
    #[serde(rename = "与父母居住")]
    WithParents,
    #[serde(rename = "与兄弟姐妹居住")]
    WithSiblings,
    #[serde(rename = "与其他亲属居住")]
    WithRelatives,
    #[serde(rename = "与非亲属关系的人居住")]
    WithOthers,
    #[serde(rename = "养老机构")]
    InInstitution,
}

/// What the tier depends on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    #[serde(rename = "能力等级")]
    pub ability: AbilityLevel,
    #[serde(rename = "慢性病种数")]
    pub chronic_diseases: u8,
    #[serde(rename = "居住情况")]
    pub living: Living,
}

/// The tier found, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// 0 to 4.
    pub code: u8,
    pub name: String,
    pub reasons: Vec<Text>,
}

impl AbilityLevel {
    /// The level, 0 to 4.
    pub fn new(level: u8) -> Option<AbilityLevel> {
        (level <= 4).then_some(AbilityLevel(level))
    }

    /// The level as a number.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for AbilityLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AbilityLevel, D::Error> {
        let level = u8::deserialize(deserializer)?;
        AbilityLevel::new(level)
            .ok_or_else(|| D::Error::custom(format!("能力等级是 0 至 4，不是 {level} (a level is 0 to 4)")))
    }
}

const HIGHEST: u8 = 4;

/// The tier of care a person is given: the one of the ability level, one higher with many diseases, one higher again where
/// the living situation asks for it, never above the highest.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 分级照护 (asks for tiers; the thresholds are ours, 示例)
pub fn tier(situation: &Situation, policy: &InForce<'_>) -> Result<Tier, NoPolicy> {
    let names = policy.read(|it| &it.tier.names)?;
    let by_ability = policy.read(|it| &it.tier.by_ability)?;
    let many_diseases = *policy.read(|it| &it.tier.many_diseases)?;
    let living_raises = policy.read(|it| &it.tier.living_raises)?;

    let (level, diseases) = (situation.ability.number(), situation.chronic_diseases);
    let base = by_ability[usize::from(level)].min(HIGHEST);
    let mut reasons = vec![Text::new(
        format!("能力等级 {level}，对应 {base} 档"),
        format!("ability level {level} gives tier {base}"),
    )];
    let mut code = base;
    if many_diseases <= diseases {
        code += 1;
        reasons.push(Text::new(
            format!("慢性病 {diseases} 种，上调一档"),
            format!("{diseases} chronic diseases, one tier higher"),
        ));
    }
    if living_raises.contains(&situation.living) {
        code += 1;
        reasons
            .push(Text::new("居住情况需要更多照应，上调一档", "the living situation needs more care, one tier higher"));
    }
    if HIGHEST < code {
        code = HIGHEST;
        reasons.push(Text::new("不超过最高一档", "never above the highest tier"));
    }
    Ok(Tier { code, name: names[usize::from(code)].clone(), reasons })
}
