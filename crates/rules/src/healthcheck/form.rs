//! The form of a region: its fields, which text fits each of them, and what is missing.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashMap},
};

use serde::Serialize;

use super::{Choice, Computed, Guidance, Item, Measure, Part, Section};
use crate::{
    base::Text,
    policy::{InForce, NoPolicy},
};

/// What was filled in: item id and text. Several choices are joined by a space.
pub type Values = BTreeMap<String, String>;

/// Everything a check consists of here.
#[derive(Debug)]
pub struct Form<'a> {
    pub parts: &'a [Part],
    items: Vec<&'a Item>,
    /// Made when the first item is looked for: a check has some sixty fields.
    by_id: OnceCell<HashMap<&'a str, &'a Item>>,
    pub guidance: &'a [Guidance],
}

/// Why a text does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Implausible {
    /// There is no such field, or it is computed.
    NoField,
    NotANumber,
    /// Outside of what can be; the ends that can be.
    Beyond(Measure, Measure),
    NoChoice(String),
    TooLong,
}

/// Parts that are missing, by name, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// For a complete check.
    #[serde(rename = "缺")]
    pub parts: Vec<String>,
    /// For a check that counts as health management.
    #[serde(rename = "不计入")]
    pub counting: Vec<String>,
}

/// Characters a remark may have.
const LONGEST: usize = 500;

impl<'a> Form<'a> {
    /// The form in force: the nation's fields and what the region adds.
    ///
    /// 依据: 国家基本公共卫生服务规范（第三版） 居民健康档案管理服务规范 健康体检表; 老年人健康管理服务规范
    pub fn of(policy: &InForce<'a>) -> Result<Form<'a>, NoPolicy> {
        let items = policy.read(|it| &it.healthcheck.items)?;
        let local: &[Item] = policy.read(|it| &it.healthcheck.local_items).map_or(&[], |it| it);
        Ok(Form {
            parts: policy.read(|it| &it.healthcheck.parts)?,
            items: items.iter().chain(local).collect(),
            by_id: OnceCell::new(),
            guidance: policy.read(|it| &it.healthcheck.guidance)?,
        })
    }

    pub fn items(&self) -> impl Iterator<Item = &'a Item> + '_ {
        self.items.iter().copied()
    }

    pub fn item(&self, id: &str) -> Option<&'a Item> {
        // Of two with one id the first counts.
        let by_id = || self.items.iter().rev().map(|it| (&*it.id, *it)).collect();
        self.by_id.get_or_init(by_id).get(id).copied()
    }

    /// The items of a section, part by part.
    pub fn of_section(&self, section: Section) -> Vec<(&'a Part, Vec<&'a Item>)> {
        let parts = self.parts.iter().filter(|it| it.section == section);
        parts.map(|part| (part, self.items().filter(|it| it.part == part.name).collect())).collect()
    }

    /// The section an item stands in.
    pub fn section_of(&self, item: &Item) -> Option<Section> {
        self.parts.iter().find(|it| it.name == item.part).map(|it| it.section)
    }

    /// The text as it is kept: a number without needless zeros, choices in the form's order.
    pub fn fitting(&self, id: &str, text: &str) -> Result<String, Implausible> {
        let item = self.item(id).filter(|it| it.computed.is_none()).ok_or(Implausible::NoField)?;
        let text = text.trim();
        if let Some([lowest, highest]) = item.plausible {
            let number: Measure = text.parse().map_err(|_| Implausible::NotANumber)?;
            let number = number.rounded(item.decimals);
            let fits = lowest <= number && number <= highest;
            return if fits { Ok(number.to_string()) } else { Err(Implausible::Beyond(lowest, highest)) };
        }
        if id == super::judge::GUIDANCE {
            let known = |it: &str| self.guidance.iter().any(|one| one.id == it);
            return match text.split_whitespace().find(|it| !known(it)) {
                Some(other) => Err(Implausible::NoChoice(other.to_owned())),
                None => Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            };
        }
        if item.choices.is_empty() {
            return if text.chars().count() <= LONGEST && !text.contains('\0') {
                Ok(text.to_owned())
            } else {
                Err(Implausible::TooLong)
            };
        }
        chosen(item, text)
    }

    /// The values with what is computed from them.
    pub fn with_computed(&self, values: &Values) -> Values {
        let mut all = values.clone();
        let number = |id: &str| values.get(id).and_then(|it| it.parse::<Measure>().ok());
        for item in self.items() {
            if item.computed == Some(Computed::BodyMassIndex) {
                let index = number("weight").zip(number("height")).and_then(|it| Measure::body_mass_index(it.0, it.1));
                match index {
                    Some(index) => all.insert(item.id.clone(), index.to_string()),
                    None => all.remove(&item.id),
                };
            }
        }
        all
    }

    /// What is missing. The part of self-care has no fields: the scale's answers say whether it is there.
    ///
    /// 依据: 国家基本公共卫生服务规范（第三版） 老年人健康管理服务规范: 四项服务为生活方式和健康状况评估、体格检查、辅助检查、健康指导
    pub fn missing(&self, values: &Values, self_care: bool) -> Missing {
        let is_there = |part: &Part| {
            if part.section == Section::SelfCare {
                return self_care;
            }
            let mut asked =
                self.items().filter(|it| it.part == part.name && !it.optional.is_yes() && it.computed.is_none());
            asked.all(|it| values.contains_key(&it.id))
        };
        let absent: Vec<&Part> = self.parts.iter().filter(|it| !is_there(it)).collect();
        let names =
            |wanted: fn(&Part) -> bool| absent.iter().filter(|it| wanted(it)).map(|it| it.name.clone()).collect();
        Missing { parts: names(|it| it.required.is_yes()), counting: names(|it| it.counts.is_yes()) }
    }
}

fn chosen(item: &Item, text: &str) -> Result<String, Implausible> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(other) = words.iter().find(|it| item.choice(it).is_none()) {
        return Err(Implausible::NoChoice((*other).to_owned()));
    }
    if !item.several.is_yes() && words.len() != 1 {
        return Err(Implausible::NoChoice(text.to_owned()));
    }
    let picked: Vec<&Choice> = item.choices.iter().filter(|it| words.contains(&&*it.word)).collect();
    // 无 beside something else says two things at once.
    if 1 < picked.len()
        && let Some(alone) = picked.iter().find(|it| it.alone.is_yes())
    {
        return Err(Implausible::NoChoice(alone.name.clone()));
    }
    Ok(picked.iter().map(|it| &*it.word).collect::<Vec<_>>().join(" "))
}

impl Implausible {
    /// What is wrong, as one sentence about an item.
    pub fn text(&self, item: Option<&Item>) -> Text {
        let (name, name_en, unit) = item.map_or(("", "", ""), |it| (&*it.name, &*it.name_en, &*it.unit));
        match self {
            Implausible::NoField => Text::new("体检表没有这一项", "the form has no such field"),
            Implausible::NotANumber => Text::new(format!("“{name}”应填数字"), format!("“{name_en}” is a number")),
            Implausible::Beyond(lowest, highest) => Text::new(
                format!("“{name}”一般在 {lowest} 到 {highest} {unit} 之间，请核对是否写错"),
                format!("“{name_en}” lies between {lowest} and {highest} {unit}; please check what was typed"),
            ),
            Implausible::NoChoice(word) => {
                Text::new(format!("“{name}”不能填“{word}”"), format!("“{word}” cannot be chosen for “{name_en}”"))
            }
            Implausible::TooLong => Text::new(
                format!("“{name}”太长，最多 {LONGEST} 个字"),
                format!("“{name_en}” is too long: at most {LONGEST} characters"),
            ),
        }
    }
}
