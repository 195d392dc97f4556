//! Facts about a person that no item asks for: coma, diagnoses, care-risk events, education.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{
    BadAnswer,
    answers::{EachOnce, plain},
};
use crate::base::Text;

/// The care-risk events of the last 30 days that are counted.
///
/// 依据: GB/T 42195-2022 附录A 照护风险事件
pub const RISK_EVENTS: [&str; 5] = ["跌倒", "走失", "噎食", "自杀自伤", "其他"];

/// Facts by name: `coma`, `diagnoses`, `risk_events`, `education`. A name that is none of these is refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Facts(pub BTreeMap<String, Value>);

/// Education as the cut-offs of MMSE distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Education {
    #[serde(rename = "文盲")]
    Illiterate,
    #[serde(rename = "小学")]
    Primary,
    // The form of GB/T 42195 divides further.
    #[serde(rename = "中学及以上", alias = "初中", alias = "高中/技校/中专", alias = "大学专科及以上")]
    SecondaryOrMore,
}

/// Facts that were found to be well formed.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub coma: Option<bool>,
    pub diagnoses: Vec<IcdRange>,
    pub risk_events: BTreeMap<String, u32>,
    pub education: Option<Education>,
}

/// ICD-10 categories from the first to the last, of one chapter letter: `F01.9` is F01 to F01. The marks of dagger and asterisk
/// and the extensions of the clinical edition (`F03.x00`, `I10.x00x002`) are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IcdRange {
    letter: u8,
    first: u8,
    last: u8,
}

impl Education {
    /// The word of the form.
    pub fn name(self) -> &'static str {
        match self {
            Education::Illiterate => "文盲",
            Education::Primary => "小学",
            Education::SecondaryOrMore => "中学及以上",
        }
    }
}

impl IcdRange {
    /// Reads `F01`, `f01.9`, `F00*` or `F00-F03`.
    pub(super) fn parse(text: &str) -> Option<IcdRange> {
        let (first, last) =
            text.trim().split_once(['-', '–', '—', '~', '～', '至']).unwrap_or((text.trim(), text.trim()));
        let ((letter, first), (last_letter, last)) = (category(first.trim())?, category(last.trim())?);
        (letter == last_letter && first <= last).then_some(IcdRange { letter, first, last })
    }

    /// Whether some category lies in both.
    pub(super) fn meets(self, other: IcdRange) -> bool {
        self.letter == other.letter && self.first <= other.last && other.first <= self.last
    }

    /// Whether each of its categories lies in one of `ranges`.
    pub(super) fn lies_in(self, ranges: &[IcdRange]) -> bool {
        let within =
            |category| ranges.iter().any(|it| it.letter == self.letter && (it.first..=it.last).contains(&category));
        (self.first..=self.last).all(within)
    }
}

impl std::fmt::Display for IcdRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let letter = char::from(self.letter);
        match self.first == self.last {
            true => write!(f, "{letter}{:02}", self.first),
            false => write!(f, "{letter}{:02}-{letter}{:02}", self.first, self.last),
        }
    }
}

fn category(code: &str) -> Option<(u8, u8)> {
    let code = code.strip_suffix(['*', '＊', '†', '+']).unwrap_or(code);
    let (category, detail) = code.split_once('.').unwrap_or((code, "0"));
    let bytes = category.as_bytes();
    let well_formed = bytes.len() == 3 && bytes[0].is_ascii_alphabetic() && bytes[1..].iter().all(u8::is_ascii_digit);
    let detail_fits = (1..=8).contains(&detail.len()) && detail.bytes().all(|it| it.is_ascii_alphanumeric());
    (well_formed && detail_fits).then(|| (bytes[0].to_ascii_uppercase(), (bytes[1] - b'0') * 10 + bytes[2] - b'0'))
}

impl Facts {
    pub(super) fn read(&self) -> Result<Known, Vec<BadAnswer>> {
        let (mut known, mut bad) = (Known::default(), Vec::new());
        for (fact, value) in &self.0 {
            let mut refuse =
                |allowed: Text| bad.push(BadAnswer::BadFact { fact: fact.clone(), got: plain(value), allowed });
            match fact.as_str() {
                "coma" => match value.as_bool() {
                    Some(it) => known.coma = Some(it),
                    None => refuse(Text::new("应为 true 或 false", "it is true or false")),
                },
                "education" => match serde_json::from_value(value.clone()) {
                    Ok(it) => known.education = Some(it),
                    Err(_) => refuse(Text::new(
                        "应为 文盲、小学 或 中学及以上（初中、高中/技校/中专、大学专科及以上）",
                        "it is 文盲, 小学 or 中学及以上",
                    )),
                },
                "diagnoses" => match diagnoses(value) {
                    Some(it) => known.diagnoses = it,
                    None => refuse(Text::new(
                        "应为 ICD-10 编码的列表，如 [\"F01.9\", \"F00-F03\"]",
                        "it is a list of ICD-10 codes such as [\"F01.9\", \"F00-F03\"]",
                    )),
                },
                "risk_events" => match risk_events(value) {
                    Some(it) => known.risk_events = it,
                    None => refuse(Text::new(
                        format!("应为近 30 天内 {} 的次数，每项为不小于 0 的整数", RISK_EVENTS.join("、")),
                        format!(
                            "it counts {} in the last 30 days, each a whole number not below 0",
                            RISK_EVENTS.join(", ")
                        ),
                    )),
                },
                _ => bad.push(BadAnswer::UnknownFact { fact: fact.clone() }),
            }
        }
        if bad.is_empty() { Ok(known) } else { Err(bad) }
    }
}

fn diagnoses(value: &Value) -> Option<Vec<IcdRange>> {
    value.as_array()?.iter().map(|it| IcdRange::parse(it.as_str()?)).collect()
}

fn risk_events(value: &Value) -> Option<BTreeMap<String, u32>> {
    let mut events = BTreeMap::new();
    for (name, count) in value.as_object()? {
        // The form of the standard writes 自杀、自伤 and others write 自杀/自伤.
        let name = name.replace(['、', '/'], "");
        let count = u32::try_from(count.as_u64()?).ok()?;
        if !RISK_EVENTS.contains(&name.as_str()) || events.insert(name, count).is_some() {
            return None;
        }
    }
    Some(events)
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Facts, D::Error> {
        deserializer.deserialize_map(EachOnce).map(Facts)
    }
}
