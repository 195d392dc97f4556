//! Reported figures (填报数据): whether what was typed by hand can be true. A printed rate is recomputed from its parts, a part
//! is no larger than its whole, and parts that exclude each other are together no larger than it.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    base::{Text, serde_as_text},
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What can be reported by hand.
    "reported", "填报", "Reported figures" {
        /// The figures that a report may hold besides those that are counted.
        items: Vec<Item> = "填报项目",
    }
}

/// One figure that can be reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// In what the numerator is counted.
    #[serde(rename = "单位")]
    pub unit: String,
    /// Items of one family are kinds of the same whole that exclude each other.
    #[serde(rename = "互斥组", default)]
    pub family: Option<String>,
}

/// A figure as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(rename = "项目")]
    pub item: String,
    #[serde(rename = "分子", default)]
    pub numerator: Option<u64>,
    #[serde(rename = "分母", default)]
    pub denominator: Option<u64>,
    /// The rate as the document prints it.
    #[serde(rename = "印作", default)]
    pub printed: Option<Printed>,
}

/// A rate as it is printed, with as many decimals as it is printed with: `81.2%`, `33‰`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// The digits without their point.
    digits: u64,
    decimals: u32,
    per: Per,
}

/// Of how many a rate tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    Hundred,
    Thousand,
}

impl Per {
    fn times(self) -> u128 {
        match self {
            Per::Hundred => 100,
            Per::Thousand => 1_000,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Per::Hundred => "%",
            Per::Thousand => "‰",
        }
    }
}

/// No rate is printed with more decimals.
const MOST_DECIMALS: usize = 6;

impl FromStr for Printed {
    type Err = String;

    fn from_str(text: &str) -> Result<Printed, String> {
        let parse = || {
            let text = text.trim();
            let (number, per) = match text.strip_suffix(['%', '％']) {
                Some(number) => (number, Per::Hundred),
                None => (text.strip_suffix('‰')?, Per::Thousand),
            };
            let (whole, part) = number.trim_end().split_once('.').unwrap_or((number.trim_end(), ""));
            let is_number = !whole.is_empty() && whole.bytes().chain(part.bytes()).all(|it| it.is_ascii_digit());
            if !is_number || MOST_DECIMALS < part.len() || 9 < whole.len() {
                return None;
            }
            Some(Printed { digits: format!("{whole}{part}").parse().ok()?, decimals: part.len() as u32, per })
        };
        parse().ok_or_else(|| format!("“{text}”应写作 81.2% 或 33‰ (write a rate as 81.2% or 33‰)"))
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.pow(self.decimals);
        write!(f, "{}", self.digits / scale)?;
        if 0 < self.decimals {
            write!(f, ".{:0width$}", self.digits % scale, width = self.decimals as usize)?;
        }
        f.write_str(self.per.sign())
    }
}

serde_as_text!(Printed);

impl Printed {
    /// Whether `part` of `whole` may be printed so: rounded or cut off, the last digit is right.
    pub fn fits(self, part: u64, whole: u64) -> bool {
        if whole == 0 {
            return false;
        }
        // Both sides times `whole`: no fraction is lost.
        let scale = self.per.times() * 10_u128.pow(self.decimals);
        let exact = u128::from(part) * scale;
        let printed = u128::from(self.digits) * u128::from(whole);
        exact.abs_diff(printed) < u128::from(whole)
    }

    /// What `part` of `whole` is, rounded half up to as many decimals.
    pub fn recomputed(self, part: u64, whole: u64) -> Option<Printed> {
        let whole = u128::from(whole);
        let scale = self.per.times() * 10_u128.pow(self.decimals);
        let digits = (u128::from(part) * scale * 2 + whole).checked_div(whole * 2)?;
        Some(Printed { digits: u64::try_from(digits).ok()?, ..self })
    }
}

/// Why figures cannot all be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The positions of the figures concerned.
    pub entries: Vec<usize>,
    pub kind: Kind,
    #[serde(skip)]
    pub text: Text,
}

/// What kind of contradiction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Kind {
    /// The printed rate does not come from its parts.
    #[serde(rename = "印出比率与分子分母不符")]
    Rate,
    #[serde(rename = "分子大于分母")]
    PartExceedsWhole,
    #[serde(rename = "互斥各项之和大于总数")]
    PartsExceedWhole,
}

/// Everything that cannot be true of these figures together.
///
/// 依据: 绵阳市卫生健康委员会答复（绵卫函〔2017〕263号）: 所列 218/266 印作 81.2%、每千名老人床位 33 张等数，须能由其分子分母复算
pub fn findings(entries: &[Entry], policy: &InForce<'_>) -> Result<Vec<Finding>, NoPolicy> {
    let items = policy.read(|it| &it.reported.items)?;
    let mut found = Vec::new();
    let mut families: BTreeMap<(&str, u64), Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let (Some(part), Some(whole)) = (entry.numerator, entry.denominator) else { continue };
        let item = items.iter().find(|it| it.id == entry.item);
        let is_share = entry.printed.is_none_or(|it| it.per == Per::Hundred);
        if is_share && whole < part {
            found.push(Finding {
                entries: vec![at],
                kind: Kind::PartExceedsWhole,
                text: Text::new(
                    format!("分子 {part} 大于分母 {whole}"),
                    format!("the numerator {part} exceeds the denominator {whole}"),
                ),
            });
        }
        if let Some(printed) = entry.printed.filter(|it| !it.fits(part, whole)) {
            let exact = printed.recomputed(part, whole).map_or_else(|| "—".to_owned(), |it| it.to_string());
            found.push(Finding {
                entries: vec![at],
                kind: Kind::Rate,
                text: Text::new(
                    format!("印作 {printed}，由 {part}/{whole} 复算为 {exact}"),
                    format!("printed as {printed}, but {part}/{whole} is {exact}"),
                ),
            });
        }
        if let Some(family) = item.and_then(|it| it.family.as_deref()) {
            families.entry((family, whole)).or_default().push(at);
        }
    }
    for ((_, whole), members) in families {
        let parts: Vec<u64> = members.iter().filter_map(|at| entries[*at].numerator).collect();
        let sum: u64 = parts.iter().fold(0, |sum, it| sum.saturating_add(*it));
        if whole < sum && 1 < parts.len() {
            let terms: Vec<String> = parts.iter().map(ToString::to_string).collect();
            let terms = terms.join("+");
            found.push(Finding {
                entries: members,
                kind: Kind::PartsExceedWhole,
                text: Text::new(
                    format!("互斥的各项 {terms}={sum}，大于总数 {whole}"),
                    format!("kinds that exclude each other sum up to {terms}={sum}, more than the whole {whole}"),
                ),
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_rate_keeps_its_decimals() {
        for text in ["81.2%", "33‰", "0.9377%", "15%", "96.00%"] {
            assert_eq!(text.parse::<Printed>().unwrap().to_string(), text);
        }
        for text in ["81,2%", "33", "%", "-3%", "1.2345678%", "1e3%"] {
            assert!(text.parse::<Printed>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_rate_fits_when_it_is_rounded_or_cut_off() {
        let fits = |text: &str, part, whole| text.parse::<Printed>().unwrap().fits(part, whole);
        assert!(fits("82.0%", 218, 266) && fits("81.9%", 218, 266) && fits("81.95%", 218, 266));
        assert!(!fits("81.2%", 218, 266));
        assert!(!fits("33‰", 38_000, 1_198_700) && fits("31.7‰", 38_000, 1_198_700));
        assert!(!fits("0%", 1, 0));
    }

    proptest! {
        #[test]
        fn what_is_recomputed_fits(part in 0_u64..2_000_000, whole in 1_u64..2_000_000, decimals in 0_usize..5) {
            let shape: Printed = format!("1.{}%", "0".repeat(decimals)).replace(".%", "%").parse().unwrap();
            prop_assert!(shape.recomputed(part, whole).unwrap().fits(part, whole));
        }
    }
}
