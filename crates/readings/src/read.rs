//! One message read: which maker's it is, and what it says.

mod rows;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    adapter::{Adapter, How, Test},
    adapters::Adapters,
    gatt,
    json::Json,
    measure::Measure,
    path::{self, Parts, Row},
    said::Said,
};

/// A message as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub topic: &'a str,
    pub payload: &'a [u8],
    /// Milliseconds since 1970 UTC.
    pub arrived: i64,
}

/// What reading needs to know besides the message.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Of the device, for times without a zone.
    pub zone: TimeZone,
    /// A device's time may be so much after the arrival.
    pub ahead_ms: i64,
    /// What is older on arrival is late.
    pub late_ms: i64,
    /// How far back a clock that is wrong by years may still tell between a row and its message.
    pub most_backlog_ms: i64,
    pub most_bytes: usize,
    pub most_rows: usize,
}

impl Setting {
    /// Times 5 minutes ahead and 10 minutes late, backlogs of 30 days; 64 KiB and 2000 rows a message.
    pub fn of(zone: TimeZone) -> Setting {
        Setting {
            zone,
            ahead_ms: 5 * 60_000,
            late_ms: 10 * 60_000,
            most_backlog_ms: 30 * 86_400_000,
            most_bytes: 64 * 1024,
            most_rows: 2000,
        }
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The adapter that read it.
    pub adapter: Arc<str>,
    /// One thing at least, in the order of the message.
    pub said: Vec<Said>,
    pub flags: Vec<Flag>,
}

/// Something about a message that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flag {
    /// It says how many rows it has, and has another number.
    Rows { told: i64, delivered: usize },
    /// Two places say of whom or of what it is, differently; everything said is marked as disputed.
    Disagree { one: String, other: String },
    /// Its position is none (0/0, or outside the world).
    NoFix,
    /// A value that is there and cannot be read: no number, an unknown unit, or none where two are possible.
    Unclear { measure: Measure, written: String },
}

/// A message that says nothing we can read; it is kept as it is, for an administrator and for an adapter to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub why: Why,
    /// Whose message it seems to be.
    pub adapter: Option<Arc<str>>,
    pub flags: Vec<Flag>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    TooLarge,
    TooManyRows,
    /// Neither JSON nor bytes that a topic explains.
    NotReadable,
    /// An adapter knows the maker, and finds nothing that it can read.
    Nothing,
    /// No adapter knows it.
    NoAdapter,
}

impl Why {
    /// (word, title, title in English)
    const WORDS: [(&str, &str, &str); 5] = [
        ("too_large", "报文太大", "The message is too large"),
        ("too_many_rows", "行数太多", "The message has too many rows"),
        ("not_readable", "不是 JSON，也不是认识的字节", "Neither JSON nor known bytes"),
        ("nothing", "认得厂家，没有读到内容", "The maker is known, nothing could be read"),
        ("no_adapter", "没有适配它的规则", "No adapter knows it"),
    ];

    pub fn word(self) -> &'static str {
        Why::WORDS[self as usize].0
    }

    pub fn title(self) -> &'static str {
        Why::WORDS[self as usize].1
    }

    pub fn title_en(self) -> &'static str {
        Why::WORDS[self as usize].2
    }
}

impl Flag {
    /// In one sentence, Chinese and English.
    pub fn sentence(&self) -> (String, String) {
        match self {
            Flag::Rows { told, delivered } => (
                format!("报文说有 {told} 行，实到 {delivered} 行"),
                format!("the message says {told} rows and has {delivered}"),
            ),
            Flag::Disagree { one, other } => {
                (format!("“{one}”与“{other}”应当一致"), format!("“{one}” and “{other}” should agree"))
            }
            Flag::NoFix => ("没有定位".to_owned(), "no position fix".to_owned()),
            Flag::Unclear { measure, written } => (
                format!("{}“{written}”读不懂，没有采用", measure.title()),
                format!("{} “{written}” cannot be read and was not taken", measure.title_en()),
            ),
        }
    }
}

/// Reads a message by the first adapter that knows it and finds something in it.
pub fn read(adapters: &Adapters, message: &Message<'_>, setting: &Setting) -> Result<Read, Unknown> {
    let unknown = |why| Unknown { why, adapter: None, flags: Vec::new() };
    if message.payload.len() > setting.most_bytes {
        return Err(unknown(Why::TooLarge));
    }
    let Some(json) = Json::parse(message.payload).filter(|it| matches!(it, Json::Map(_) | Json::List(_))) else {
        return bytes(adapters, message, setting).ok_or(unknown(Why::NotReadable));
    };
    let mut nearest = unknown(Why::NoAdapter);
    for adapter in &adapters.0 {
        let Some(parts) = knows(adapter, message.topic, &json) else { continue };
        let found = rows::read(adapter, &json, &parts, message, setting);
        match found {
            Ok(read) if !read.said.is_empty() => return Ok(read),
            Ok(read) => {
                let first = nearest.adapter.is_none() && !adapter.guesses();
                if first || nearest.flags.is_empty() && !read.flags.is_empty() {
                    nearest.flags = read.flags;
                }
                if first {
                    (nearest.why, nearest.adapter) = (Why::Nothing, Some(read.adapter));
                }
            }
            Err(why) => return Err(Unknown { why, adapter: Some(adapter.name.clone()), flags: Vec::new() }),
        }
    }
    Err(nearest)
}

impl Adapter {
    /// It asks for no topic and no fields, and tries everything.
    fn guesses(&self) -> bool {
        self.topics.is_empty() && self.fields.is_empty()
    }
}

/// The parts of the topic, where an adapter knows the message by its topic or its fields.
fn knows<'a>(adapter: &'a Adapter, topic: &'a str, json: &'a Json) -> Option<Parts<'a>> {
    let parts = adapter.topics.iter().find_map(|it| path::topic(it, topic));
    if parts.is_some() || adapter.guesses() {
        return Some(parts.unwrap_or_default());
    }
    let root = match json {
        Json::List(list) => list.iter().find(|it| matches!(it, Json::Map(_)))?,
        it => it,
    };
    let row = Row { scopes: vec![root] };
    let none = Parts::new();
    adapter.fields.iter().any(|all| holds(all, &row, &none)).then_some(none)
}

/// Whether every condition holds of a row and what is around it.
fn holds<'a>(tests: &[Test], row: &Row<'a>, parts: &Parts<'a>) -> bool {
    tests.iter().all(|test| {
        let found = row.look(std::slice::from_ref(&test.path), parts);
        let holds = match (&test.how, found) {
            (_, None) => false,
            (How::There, Some(_)) => true,
            (How::Is(written), Some(it)) => it.is(written),
            (How::Has(part), Some(it)) => it.has(part),
        };
        holds != test.not
    })
}

/// A payload without JSON: the topic says which Bluetooth characteristic its bytes, or its hexadecimal digits, are.
fn bytes(adapters: &Adapters, message: &Message<'_>, setting: &Setting) -> Option<Read> {
    adapters.0.iter().find_map(|adapter| {
        let place = adapter.bytes.as_ref()?;
        let parts = adapter.topics.iter().find_map(|it| path::topic(it, message.topic))?;
        let uuid = place.find(&Json::Null, &parts)?.text()?;
        let characteristic = gatt::characteristic(&uuid)?;
        let from_text = std::str::from_utf8(message.payload).ok().and_then(gatt::hex);
        let measured = from_text
            .and_then(|it| gatt::read(characteristic, &it))
            .or_else(|| gatt::read(characteristic, message.payload))?;
        let read = rows::of_bytes(adapter, &measured, &parts, message, setting);
        (!read.said.is_empty()).then_some(read)
    })
}
