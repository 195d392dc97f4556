//! What may be answered to an item, as written in the file: a list of scores with wordings, the name of a shared list, or a range.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use super::{Choice, Points};

/// `选项: std5` or `选项: { 0: …, 5: … }`.
#[derive(Debug, Clone)]
pub(super) enum Choices {
    Shared(String),
    Listed(Vec<Choice>),
}

/// `范围: { 从: 0, 到: 100, 步长: 10 }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    #[serde(rename = "从")]
    first: Points,
    #[serde(rename = "到")]
    last: Points,
    #[serde(rename = "步长", default = "one")]
    step: Points,
}

fn one() -> Points {
    Points::whole(1)
}

impl Range {
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.first
            .steps(self.last, self.step)
            .into_iter()
            .map(|score| Choice { score, wording: String::new() })
            .collect()
    }
}

/// A list of choices alone, in the order written.
#[derive(Debug, Clone)]
pub(super) struct Listed(pub(super) Vec<Choice>);

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Choices, D::Error> {
        deserializer.deserialize_any(ChoicesVisitor)
    }
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Listed, D::Error> {
        deserializer.deserialize_map(ListedVisitor)
    }
}

struct ListedVisitor;

impl<'de> Visitor<'de> for ListedVisitor {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("分值和说明 (scores with wordings)")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listed, A::Error> {
        let mut choices = Vec::new();
        while let Some((score, wording)) = map.next_entry()? {
            choices.push(Choice { score, wording });
        }
        Ok(Listed(choices))
    }
}

struct ChoicesVisitor;

impl<'de> Visitor<'de> for ChoicesVisitor {
    type Value = Choices;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("选项组的名称，或分值和说明 (the name of a shared list, or scores with wordings)")
    }

    fn visit_str<E>(self, name: &str) -> Result<Choices, E> {
        Ok(Choices::Shared(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Choices, A::Error> {
        ListedVisitor.visit_map(map).map(|it| Choices::Listed(it.0))
    }
}
