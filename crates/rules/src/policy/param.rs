//! One parameter over time: dated values, each with the document it rests on.

use std::{cmp::Reverse, collections::HashSet};

use serde::{Deserialize, Serialize, Serializer};
use serde_saphyr::Spanned;

use super::{ParamView, TopicInfo};
use crate::base::{Date, Text};

/// A parameter of one region: each value holds from its day until the next one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param<T> {
    #[serde(skip)]
    pub(crate) topic: &'static str,
    #[serde(skip)]
    pub(crate) name: &'static str,
    #[serde(rename = "说明")]
    about: String,
    #[serde(rename = "取值", default = "Vec::new")]
    values: Vec<Value<T>>,
}

/// One value of a parameter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Value<T> {
    /// The first day on which it holds.
    #[serde(rename = "起")]
    from: Spanned<Date>,
    /// Absent where the measure was repealed on that day.
    #[serde(rename = "值", default, deserialize_with = "written")]
    value: Option<T>,
    #[serde(rename = "依据", default, deserialize_with = "written")]
    basis: Option<Basis>,
    #[serde(rename = "状态", default)]
    status: Status,
    /// The day on which somebody last compared the value with its document.
    #[serde(rename = "核对", default, deserialize_with = "written")]
    checked: Option<Date>,
    /// How many independent sources confirm the value; 0 is from memory.
    #[serde(rename = "可信", default)]
    confirmed: u8,
    #[serde(rename = "备注", default, deserialize_with = "written")]
    note: Option<String>,
}

/// Document and clause that something rests on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    #[serde(rename = "文件")]
    pub(crate) document: Spanned<String>,
    #[serde(rename = "条款", default)]
    clause: String,
}

/// Whether a value is calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
pub enum Status {
    #[default]
    #[serde(rename = "执行")]
    InForce,
    /// Announced: shown, never calculated with.
    #[serde(rename = "拟行")]
    Planned,
    /// Invented for demonstration: calculated with, marked wherever it is shown, refused in production.
    #[serde(rename = "示例")]
    Example,
}

/// Line and column of a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub line: u64,
    pub column: u64,
}

/// A value of whatever type, as pages and reasons show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    pub from: Date,
    /// Nothing where the measure was repealed.
    pub value: Option<serde_json::Value>,
    pub document: Option<String>,
    pub clause: Option<String>,
    pub status: Status,
    pub checked: Option<Date>,
    /// How many independent sources confirm the value; 0 is from memory.
    pub confirmed: u8,
    pub note: Option<String>,
    #[serde(skip)]
    pub at: Spot,
}

/// A key that is written has a value: `值:` with nothing behind it is a fault, not a repeal.
fn written<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<T> Param<T> {
    /// A parameter the region says nothing about.
    pub(crate) fn unset(topic: &'static str, name: &'static str) -> Param<T> {
        Param { topic, name, about: String::new(), values: Vec::new() }
    }

    /// Its name in the policy files.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The value that holds on `day`, a repeal too; values only announced never hold.
    pub(crate) fn on(&self, day: Date) -> Option<&Value<T>> {
        self.values
            .iter()
            .filter(|it| it.status != Status::Planned && it.from.value <= day)
            .max_by_key(|it| it.from.value)
    }

    /// The days from which a value holds, or ceases to.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.values.iter().filter(|it| it.status != Status::Planned).map(|it| it.from.value)
    }

    pub(crate) fn replace_by(&mut self, upper: Param<T>) {
        if !upper.values.is_empty() {
            *self = upper;
        }
    }

    pub(crate) fn drop_examples(&mut self) {
        self.values.retain(|it| it.status != Status::Example);
    }
}

impl<T: Serialize> Param<T> {
    pub(crate) fn is(&self, topic: &str, name: &str) -> bool {
        self.topic == topic && self.name == name
    }

    pub(crate) fn view(&self) -> ParamView {
        let mut entries: Vec<Entry> = self.values.iter().map(Value::entry).collect();
        entries.sort_by_key(|it| Reverse(it.from));
        ParamView { topic: self.topic, name: self.name, about: self.about.clone(), entries }
    }
}

impl<T> Value<T> {
    pub(crate) fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The first day on which it holds.
    pub(crate) fn since(&self) -> Date {
        self.from.value
    }
}

impl<T: Serialize> Value<T> {
    pub(crate) fn entry(&self) -> Entry {
        Entry {
            from: self.from.value,
            value: self
                .value
                .as_ref()
                .map(|it| serde_json::to_value(it).expect("policy values have text keys and finite numbers")),
            document: self.basis.as_ref().map(|it| it.document.value.clone()),
            clause: self.basis.as_ref().map(|it| it.clause.clone()).filter(|it| !it.is_empty()),
            status: self.status,
            checked: self.checked,
            confirmed: self.confirmed,
            note: self.note.clone(),
            at: Spot { line: self.from.referenced.line(), column: self.from.referenced.column() },
        }
    }
}

impl Basis {
    /// The id of the document in `sources.yaml`.
    pub fn document(&self) -> &str {
        &self.document.value
    }

    /// The clause, in words; empty where the whole document is meant.
    pub fn clause(&self) -> &str {
        &self.clause
    }
}

/// Written as `{文件, 条款}`, as in the files.
impl Serialize for Basis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("文件", self.document())?;
        map.serialize_entry("条款", self.clause())?;
        map.end()
    }
}

impl ParamView {
    /// What a reader of the file could misunderstand: two values of one day, a value nothing speaks for.
    pub(crate) fn doubts(&self, info: &TopicInfo) -> Vec<(Spot, Text)> {
        let (title, name) = (&info.title.zh, self.name);
        let mut days = HashSet::new();
        let mut doubts = Vec::new();
        let mut in_file_order: Vec<&Entry> = self.entries.iter().collect();
        in_file_order.sort_by_key(|it| (it.at.line, it.at.column));
        for entry in in_file_order {
            let planned = entry.status == Status::Planned;
            if !days.insert((entry.from, planned)) {
                let zh = format!("{title}“{name}”有两个取值从 {} 起；一天只能有一个", entry.from);
                doubts.push((
                    entry.at,
                    Text::new(zh, format!("“{name}” has two values from {}; a day has one", entry.from)),
                ));
            }
            if entry.document.is_none() && entry.status != Status::Example {
                let zh = format!("{title}“{name}”从 {} 起的取值没有依据；写明依据，或把状态写作 示例", entry.from);
                let en = format!("“{name}” from {} rests on no document; name it (依据) or mark it 示例", entry.from);
                doubts.push((entry.at, Text::new(zh, en)));
            }
        }
        doubts
    }
}
