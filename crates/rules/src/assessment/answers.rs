//! Answers as they come from a form or another system, and what is refused about them.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;

use super::{Choice, Instrument, Item, Points};
use crate::base::Text;

/// Answers by item id (or the item's Chinese name): scores as numbers; yes and no where an item asks for them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Value>);

/// Why an answer or a fact is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadAnswer {
    Missing {
        item: String,
        name: String,
        name_en: String,
        allowed: String,
    },
    NotAllowed {
        item: String,
        name: String,
        name_en: String,
        got: String,
        allowed: String,
    },
    /// Answered by id and by name at once.
    Twice {
        item: String,
        name: String,
        name_en: String,
    },
    UnknownItem {
        key: String,
    },
    UnknownFact {
        fact: String,
    },
    BadFact {
        fact: String,
        got: String,
        allowed: Text,
    },
}

impl Answers {
    /// The score of every item in the instrument's order, or all that is wrong.
    pub(super) fn read(&self, instrument: &Instrument) -> Result<Vec<Points>, Vec<BadAnswer>> {
        let unknown = self.0.keys().filter(|it| instrument.item_index(it).is_none());
        let mut bad: Vec<BadAnswer> = unknown.map(|it| BadAnswer::UnknownItem { key: it.clone() }).collect();
        let mut scores = Vec::with_capacity(instrument.items.len());
        for item in &instrument.items {
            match self.of(item) {
                Ok(score) => scores.push(score),
                Err(it) => bad.push(it),
            }
        }
        if bad.is_empty() { Ok(scores) } else { Err(bad) }
    }

    fn of(&self, item: &Item) -> Result<Points, BadAnswer> {
        let (item_id, name, name_en) = (item.id.clone(), item.name.clone(), item.name_en.clone());
        let mut answers = self.0.iter().filter(|(key, _)| item.is_called(key)).map(|(_, value)| value);
        let value = answers.next().filter(|it| !is_blank(it));
        if answers.next().is_some() {
            return Err(BadAnswer::Twice { item: item_id, name, name_en });
        }
        let allowed = item.allowed();
        let Some(value) = value else { return Err(BadAnswer::Missing { item: item_id, name, name_en, allowed }) };
        let score = given(item, value).filter(|it| item.choices.iter().any(|choice| choice.score == *it));
        score.ok_or_else(|| BadAnswer::NotAllowed { item: item_id, name, name_en, got: plain(value), allowed })
    }
}

impl Item {
    /// The scores that may be given, as text: `0、5、10`.
    pub fn allowed(&self) -> String {
        let mut scores: Vec<Points> = self.choices.iter().map(|it| it.score).collect();
        scores.sort();
        scores.iter().map(Points::to_string).collect::<Vec<_>>().join("、")
    }

    /// Whether an answer under this key is meant for it.
    pub(super) fn is_called(&self, key: &str) -> bool {
        key == self.id || key == self.name || self.also_called.as_deref() == Some(key)
    }

    /// Whether it asks for a yes or a no.
    pub fn is_yes_no(&self) -> bool {
        let words = |it: &Choice, word: &str| it.wording == word || it.wording.starts_with(&format!("{word}，"));
        self.choices.len() == 2
            && self.choices.iter().any(|it| words(it, "是"))
            && self.choices.iter().any(|it| words(it, "否"))
    }
}

fn given(item: &Item, value: &Value) -> Option<Points> {
    let yes = |it: bool| item.is_yes_no().then(|| Points::whole(i32::from(it)));
    match value {
        Value::Bool(it) => yes(*it),
        Value::Number(it) => Points::parse(&it.to_string()),
        Value::String(it) => match it.trim() {
            "是" | "true" => yes(true),
            "否" | "false" => yes(false),
            // A number in quotation marks is a slip of whoever sends it; what else is wrong there nobody knows.
            _ => None,
        },
        _ => None,
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|it| it.trim().is_empty())
}

/// A value as the person wrote it; a number in quotation marks keeps them, since they are what is wrong with it.
pub(super) fn plain(value: &Value) -> String {
    match value.as_str() {
        Some(it) if Points::parse(it.trim()).is_none() => it.to_owned(),
        _ => value.to_string(),
    }
}

impl BadAnswer {
    /// The id of the item or the name of the fact.
    pub fn field(&self) -> &str {
        match self {
            BadAnswer::Missing { item, .. } | BadAnswer::NotAllowed { item, .. } | BadAnswer::Twice { item, .. } => {
                item
            }
            BadAnswer::UnknownItem { key } => key,
            BadAnswer::UnknownFact { fact } | BadAnswer::BadFact { fact, .. } => fact,
        }
    }

    /// What is wrong and what to do, in one sentence.
    pub fn text(&self) -> Text {
        match self {
            BadAnswer::Missing { item, name, name_en, allowed } => Text::new(
                format!("条目“{name}”（{item}）没有作答；可填 {allowed}"),
                format!("item “{name_en}” ({name}, {item}) is not answered; it takes {allowed}"),
            ),
            BadAnswer::NotAllowed { item, name, name_en, got, allowed } => Text::new(
                format!("条目“{name}”（{item}）不能填“{got}”；可填 {allowed}"),
                format!("item “{name_en}” ({name}, {item}) does not take “{got}”; it takes {allowed}"),
            ),
            BadAnswer::Twice { item, name, name_en } => Text::new(
                format!("条目“{name}”（{item}）答了两次；只留一个"),
                format!("item “{name_en}” ({name}, {item}) is answered twice; keep one answer"),
            ),
            BadAnswer::UnknownItem { key } => Text::new(
                format!("这份量表没有条目“{key}”；请核对编号"),
                format!("this scale has no item “{key}”; check its id"),
            ),
            BadAnswer::UnknownFact { fact } => Text::new(
                format!("没有叫“{fact}”的事实；可以写 coma、diagnoses、risk_events、education"),
                format!("there is no fact “{fact}”; the facts are coma, diagnoses, risk_events, education"),
            ),
            BadAnswer::BadFact { fact, got, allowed } => Text::new(
                format!("事实“{fact}”不能是“{got}”；{}", allowed.zh),
                format!("the fact “{fact}” cannot be “{got}”; {}", allowed.en),
            ),
        }
    }
}

impl Serialize for BadAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let Text { zh, en } = self.text();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("field", self.field())?;
        map.serialize_entry("zh", &zh)?;
        map.serialize_entry("en", &en)?;
        map.end()
    }
}

/// An item answered twice is refused, where a map would silently keep the last.
impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answers, D::Error> {
        deserializer.deserialize_map(EachOnce).map(Answers)
    }
}

/// Reads a map that names nothing twice.
pub(super) struct EachOnce;

impl<'de> Visitor<'de> for EachOnce {
    type Value = BTreeMap<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("编号和值 (names with values)")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if values.contains_key(&key) {
                return Err(A::Error::custom(format!("“{key}”写了两次；只留一个 (“{key}” is given twice; keep one)")));
            }
            values.insert(key, value);
        }
        Ok(values)
    }
}
