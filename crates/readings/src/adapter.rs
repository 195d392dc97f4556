//! An adapter: where one maker puts things in its messages, as a text that an administrator can write. Reading one says what is wrong
//! with it by line.

mod compile;
mod file;

use std::sync::Arc;

use crate::{measure::Measure, path::Path, said::Alarm, time::Form, unit::Unit};

/// How the messages of one maker are read. Made by `Adapter::parse`.
#[derive(Debug, Clone)]
pub struct Adapter {
    pub(crate) name: Arc<str>,
    pub(crate) title: String,
    pub(crate) topics: Vec<String>,
    /// Any of these sets of conditions tells the maker, whatever the topic.
    pub(crate) fields: Vec<Vec<Test>>,
    /// Messages without JSON: the topic's part that names the Bluetooth characteristic.
    pub(crate) bytes: Option<Path>,
    pub(crate) rows: Vec<Path>,
    pub(crate) device: Vec<Path>,
    /// Asked where nothing around a row has any of `device`.
    pub(crate) else_device: Vec<Path>,
    pub(crate) gateway: Vec<Path>,
    pub(crate) person: Vec<Path>,
    pub(crate) time: Vec<TimeAt>,
    pub(crate) zone: Zone,
    pub(crate) values: Vec<ValueAt>,
    pub(crate) named: Option<NamedAt>,
    pub(crate) bluetooth: Option<BluetoothAt>,
    pub(crate) meal: Vec<Path>,
    pub(crate) alarms: Vec<AlarmAt>,
    pub(crate) status: StatusAt,
    pub(crate) position: Vec<(Path, Path)>,
    pub(crate) agree: Vec<(Path, Path)>,
    pub(crate) count: Option<(Path, Path)>,
    pub(crate) known: Vec<Test>,
}

/// In which zone times without one are read.
#[derive(Debug, Clone)]
pub(crate) enum Zone {
    /// The device's.
    Device,
    /// The device's, or UTC where only that is of now.
    Unsure,
    Named(jiff::tz::TimeZone),
}

/// One condition on a message.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) not: bool,
    pub(crate) path: Path,
    pub(crate) how: How,
}

#[derive(Debug, Clone)]
pub(crate) enum How {
    There,
    Is(String),
    Has(String),
}

#[derive(Debug, Clone)]
pub(crate) struct TimeAt {
    pub(crate) path: Path,
    /// The time of day, where it stands apart from the day.
    pub(crate) and: Option<Path>,
    pub(crate) form: Form,
}

#[derive(Debug, Clone)]
pub(crate) struct ValueAt {
    pub(crate) paths: Vec<Path>,
    pub(crate) measure: Measure,
    pub(crate) unit: UnitAt,
    /// Where the message says the unit; `unit` holds where it does not.
    pub(crate) unit_paths: Vec<Path>,
    pub(crate) words: Vec<(String, i64)>,
    /// Numbers by which the maker says that there is no value.
    pub(crate) none: Vec<i64>,
    pub(crate) tests: Vec<Test>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum UnitAt {
    Is(Unit),
    /// Told by the size of the value, where that leaves one.
    BySize,
}

/// Rows that name their measure: `{"measure": "spo2", "value": 97, "unit": "%"}`.
#[derive(Debug, Clone)]
pub(crate) struct NamedAt {
    pub(crate) name: Vec<Path>,
    pub(crate) value: Vec<Path>,
    pub(crate) unit: Vec<Path>,
}

/// Rows that carry a Bluetooth characteristic as hexadecimal digits.
#[derive(Debug, Clone)]
pub(crate) struct BluetoothAt {
    pub(crate) characteristic: Vec<Path>,
    pub(crate) hex: Vec<Path>,
}

#[derive(Debug, Clone)]
pub(crate) struct AlarmAt {
    pub(crate) alarm: Alarm,
    pub(crate) paths: Vec<Path>,
    pub(crate) equals: Vec<String>,
    pub(crate) has: Vec<String>,
    pub(crate) topics: Vec<String>,
    pub(crate) tests: Vec<Test>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct StatusAt {
    pub(crate) battery: Vec<Path>,
    pub(crate) voltage: Vec<Path>,
    pub(crate) signal: Vec<Path>,
    pub(crate) firmware: Vec<Path>,
    /// Yes or no in whatever form.
    pub(crate) online: Vec<Path>,
    /// A word that may be `online` or `offline`, and something else altogether.
    pub(crate) state: Vec<Path>,
    pub(crate) online_topics: Vec<String>,
    pub(crate) offline_topics: Vec<String>,
}

/// What is wrong with an adapter's text: where, and what to do, in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1; 0 where it is about the whole text.
    pub line: u64,
    pub column: u64,
    pub text: String,
    pub text_en: String,
}

impl Adapter {
    /// Reads an adapter's text (YAML). Every fault that can be told at once is.
    pub fn parse(text: &str) -> Result<Adapter, Vec<Fault>> {
        compile::adapter(file::read(text).map_err(|it| vec![it])?)
    }

    /// The word it is known by.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn title(&self) -> &str {
        &self.title
    }
}
