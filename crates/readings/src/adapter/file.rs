//! The text of an adapter, key by key. `docs/devices.md` explains each.

use serde::Deserialize;
use serde_saphyr::{Error, Spanned};

use super::Fault;
use crate::time::Form;

type Word = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) adapter: Word,
    pub(super) title: String,
    /// For whoever maintains it; not read.
    #[serde(default, rename = "about")]
    _about: String,
    #[serde(default)]
    pub(super) topics: Vec<String>,
    #[serde(default)]
    pub(super) fields: Vec<Vec<Word>>,
    #[serde(default)]
    pub(super) bytes: Option<Word>,
    #[serde(default)]
    pub(super) rows: Vec<Word>,
    #[serde(default)]
    pub(super) device: Vec<Word>,
    #[serde(default)]
    pub(super) else_device: Vec<Word>,
    #[serde(default)]
    pub(super) gateway: Vec<Word>,
    #[serde(default)]
    pub(super) person: Vec<Word>,
    #[serde(default)]
    pub(super) time: Vec<Time>,
    #[serde(default)]
    pub(super) zone: Option<Word>,
    #[serde(default)]
    pub(super) values: Vec<Value>,
    #[serde(default)]
    pub(super) named: Option<Named>,
    #[serde(default)]
    pub(super) bluetooth: Option<Bluetooth>,
    #[serde(default)]
    pub(super) meal: Vec<Word>,
    #[serde(default)]
    pub(super) alarms: Vec<Alarm>,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default)]
    pub(super) position: Vec<Position>,
    #[serde(default)]
    pub(super) agree: Vec<Vec<Word>>,
    #[serde(default)]
    pub(super) count: Option<Count>,
    #[serde(default)]
    pub(super) known: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    pub(super) at: Word,
    #[serde(default)]
    pub(super) and: Option<Word>,
    #[serde(default)]
    pub(super) form: Form,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Value {
    pub(super) is: Word,
    pub(super) at: Vec<Word>,
    #[serde(default)]
    pub(super) unit: Option<Word>,
    #[serde(default)]
    pub(super) unit_at: Vec<Word>,
    #[serde(default)]
    pub(super) words: Vec<Said>,
    #[serde(default)]
    pub(super) none: Vec<i64>,
    #[serde(default, rename = "if")]
    pub(super) tests: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub(super) word: String,
    pub(super) means: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: Vec<Word>,
    pub(super) value: Vec<Word>,
    pub(super) unit: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bluetooth {
    pub(super) characteristic: Vec<Word>,
    pub(super) hex: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alarm {
    pub(super) is: Word,
    #[serde(default)]
    pub(super) at: Vec<Word>,
    #[serde(default)]
    pub(super) equals: Vec<String>,
    #[serde(default)]
    pub(super) has: Vec<String>,
    #[serde(default)]
    pub(super) topics: Vec<String>,
    #[serde(default, rename = "if")]
    pub(super) tests: Vec<Word>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Status {
    pub(super) battery: Vec<Word>,
    pub(super) voltage: Vec<Word>,
    pub(super) signal: Vec<Word>,
    pub(super) firmware: Vec<Word>,
    pub(super) online: Vec<Word>,
    pub(super) state: Vec<Word>,
    pub(super) online_topics: Vec<String>,
    pub(super) offline_topics: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    pub(super) latitude: Word,
    pub(super) longitude: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Count {
    /// Where the message says how many rows it has.
    pub(super) told: Word,
    pub(super) rows: Word,
}

/// Unknown keys, keys given twice and values of another shape are faults with line and column.
pub(super) fn read(text: &str) -> Result<File, Fault> {
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().filter(|it| *it != serde_saphyr::Location::UNKNOWN);
        let (line, column) = place.map_or((0, 0), |it| (it.line(), it.column()));
        let (text, text_en) = words(error.without_snippet());
        Fault { line, column, text, text_en }
    })
}

fn words(error: &Error) -> (String, String) {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => (
            format!("没有“{field}”这一项；可以写的有：{}", expected.join("、")),
            format!("there is no key “{field}”; the keys are {}", expected.join(", ")),
        ),
        Error::SerdeMissingField { field, .. } => (format!("缺少“{field}”"), format!("“{field}” is missing")),
        Error::SerdeUnknownVariant { variant, expected, .. } => (
            format!("“{variant}”不是可以选的词；可以选的有：{}", expected.join("、")),
            format!("“{variant}” is not one of {}", expected.join(", ")),
        ),
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            (format!("“{key}”写了两次"), format!("“{key}” is written twice"))
        }
        Error::SerdeInvalidType { unexpected, expected, .. } => {
            (format!("这里应是 {expected}，而不是 {unexpected}"), format!("expected {expected} here, not {unexpected}"))
        }
        Error::Eof { .. } => ("没有内容，或到末尾仍不完整".to_owned(), "it is empty or ends too early".to_owned()),
        other => {
            let detail = other.to_string();
            let detail = detail.split(" at line").next().unwrap_or_default();
            if detail.contains("expected sequence") {
                return (
                    "这里应是列表，一项也写在 [ ] 里".to_owned(),
                    "expected a list here; even one is written in [ ]".to_owned(),
                );
            }
            (format!("格式有误：{detail}"), format!("not well formed: {detail}"))
        }
    }
}
