//! How laboratories call and count what they measure, turned into the fields of the check.

use serde::{Deserialize, Serialize};

use super::{Form, Implausible, Measure};
use crate::{
    base::{Text, half_width},
    policy::{InForce, NoPolicy},
};

/// One field and the names laboratories have for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabCode {
    /// The id of the field.
    #[serde(rename = "项目")]
    pub item: String,
    #[serde(rename = "代码", default)]
    pub codes: Vec<String>,
    #[serde(rename = "名称", default)]
    pub names: Vec<String>,
    /// Other units than the field's own.
    #[serde(rename = "换算", default)]
    pub units: Vec<UnitFactor>,
    /// Words that stand for choices: 阴性 for `-`.
    #[serde(rename = "结果词", default)]
    pub words: Vec<ResultWord>,
}

/// A unit and what its numbers are multiplied by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFactor {
    #[serde(rename = "单位")]
    pub unit: String,
    #[serde(rename = "乘")]
    pub factor: Measure,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResultWord {
    #[serde(rename = "写作")]
    pub written: Vec<String>,
    #[serde(rename = "值")]
    pub word: String,
}

/// One line of a laboratory's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabReading {
    #[serde(rename = "代码", default)]
    pub code: String,
    #[serde(rename = "名称", default)]
    pub name: String,
    #[serde(rename = "结果")]
    pub value: String,
    #[serde(rename = "单位", default)]
    pub unit: String,
}

/// Why a line was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Neither code nor name is known here.
    UnknownItem,
    /// The unit is neither the field's own nor one with a factor.
    UnknownUnit {
        item: String,
        expected: String,
    },
    /// `未查`, `标本溶血`, an empty cell.
    NoResult,
    Implausible {
        item: String,
        why: Implausible,
    },
}

/// The field and its text.
///
/// Units are compared without case, spaces and superscripts; a line without a unit is taken as the field's own.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 老年人健康管理服务规范: 辅助检查各项及其单位
pub fn read_lab(
    reading: &LabReading,
    form: &Form<'_>,
    policy: &InForce<'_>,
) -> Result<Result<(String, String), Unread>, NoPolicy> {
    let codes = policy.read(|it| &it.healthcheck.lab_codes)?;
    let (code, name) = (plain(&reading.code), plain(&reading.name));
    let by_code = codes.iter().find(|it| !code.is_empty() && it.codes.iter().any(|one| plain(one) == code));
    let known =
        by_code.or_else(|| codes.iter().find(|it| !name.is_empty() && it.names.iter().any(|one| plain(one) == name)));
    let Some(known) = known else { return Ok(Err(Unread::UnknownItem)) };
    Ok(value_of(reading, known, form))
}

fn value_of(reading: &LabReading, known: &LabCode, form: &Form<'_>) -> Result<(String, String), Unread> {
    let item = form.item(&known.item).ok_or(Unread::UnknownItem)?;
    // What lies beyond what the device can count is taken at its end: `>200`, `<0.5`.
    let written = half_width(&reading.value);
    let written =
        written.trim_start_matches(['>', '<', '≥', '≤', '=', '↑', '↓']).trim_end_matches(['↑', '↓', 'H', 'L', '*']);
    if written.is_empty() {
        return Err(Unread::NoResult);
    }
    let implausible = |why| Unread::Implausible { item: item.id.clone(), why };
    if !item.is_number() {
        let as_written = half_width(&reading.value).to_lowercase();
        let as_word = known.words.iter().find(|it| it.written.iter().any(|one| one.to_lowercase() == as_written));
        let word = as_word.map_or(&*as_written, |it| &it.word);
        let fitting = form.fitting(&item.id, word).map_err(implausible)?;
        return Ok((item.id.clone(), fitting));
    }
    let number: Measure = written.parse().map_err(|_| Unread::NoResult)?;
    let unit = plain(&reading.unit);
    let factor = match known.units.iter().find(|it| plain(&it.unit) == unit) {
        _ if unit.is_empty() || unit == plain(&item.unit) => Measure::whole(1),
        Some(it) => it.factor,
        None => return Err(Unread::UnknownUnit { item: item.id.clone(), expected: item.unit.clone() }),
    };
    let number = number.times(factor).ok_or_else(|| implausible(Implausible::NotANumber))?;
    let fitting = form.fitting(&item.id, &number.to_string()).map_err(implausible)?;
    Ok((item.id.clone(), fitting))
}

/// A name, code or unit without what writers differ in.
fn plain(text: &str) -> String {
    let text = half_width(text).to_lowercase();
    let one = |it: char| match it {
        '\u{3bc}' | '\u{b5}' => Some('u'),
        '\u{2070}' => Some('0'),
        '\u{b9}' => Some('1'),
        '\u{b2}' => Some('2'),
        '\u{b3}' => Some('3'),
        '\u{2074}'..='\u{2079}' => char::from_u32(it as u32 - 0x2074 + u32::from('4')),
        '\u{d7}' => Some('x'),
        '^' | '*' | '-' | '_' | '(' | ')' => None,
        other => Some(other),
    };
    text.chars().filter_map(one).collect()
}

impl Unread {
    /// Why, and what to do, as two sentences.
    pub fn text(&self, form: &Form<'_>) -> (Text, Text) {
        let name =
            |id: &str| form.item(id).map_or((String::new(), String::new()), |it| (it.name.clone(), it.name_en.clone()));
        match self {
            Unread::UnknownItem => (
                Text::new("体检表没有对应的项目", "no field of the check is known by this code or name"),
                Text::new(
                    "不需要的项目可以不管；需要的请在政策库“化验对照”里补上名称或代码",
                    "leave it, or add the name or code to “化验对照” in the policy library",
                ),
            ),
            Unread::UnknownUnit { item, expected } => {
                let (zh, en) = name(item);
                (
                    Text::new(format!("“{zh}”的单位不能换算"), format!("the unit of “{en}” cannot be converted")),
                    Text::new(
                        format!("请用 {expected}，或在“化验对照”里补上换算"),
                        format!("use {expected}, or add a factor to “化验对照”"),
                    ),
                )
            }
            Unread::NoResult => (
                Text::new("没有结果", "there is no result"),
                Text::new("有结果后再传", "send it again once there is one"),
            ),
            Unread::Implausible { item, why } => {
                (why.text(form.item(item)), Text::new("请与化验单核对", "compare it with the laboratory's slip"))
            }
        }
    }
}
