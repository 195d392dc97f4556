//! Alarms (报警): what they are about, who is told of one and when, who is on duty.

mod duty;
mod response;

pub use duty::{Away, Dated, Gap, Lack, Rota, Shift, Slot};
pub use response::{
    Course, Doing, Due, Late, Line, Plan, Policy, Script, Step, Times, To, due, mean, median, plan, script, times,
};

use serde::{Deserialize, Serialize};

/// What an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Kind {
    #[serde(rename = "紧急呼叫")]
    Sos,
    #[serde(rename = "跌倒")]
    Fall,
    #[serde(rename = "烟雾")]
    Smoke,
    #[serde(rename = "燃气")]
    Gas,
    #[serde(rename = "漏水")]
    Water,
    #[serde(rename = "体征异常")]
    Vital,
    #[serde(rename = "久无活动")]
    Still,
    #[serde(rename = "设备失联")]
    Silent,
}

impl Kind {
    /// Every one, the most urgent first.
    pub const ALL: [Kind; 8] =
        [Kind::Sos, Kind::Fall, Kind::Smoke, Kind::Gas, Kind::Water, Kind::Vital, Kind::Still, Kind::Silent];

    /// (word as kept, title).
    pub const WORDS: [(&str, &str); 8] = [
        ("sos", "紧急呼叫"),
        ("fall", "跌倒"),
        ("smoke", "烟雾"),
        ("gas", "燃气"),
        ("water", "漏水"),
        ("vital", "体征异常"),
        ("still", "久无活动"),
        ("silent", "设备失联"),
    ];

    /// Whether somebody's life may hang on it: such an alarm is always urgent and never waits.
    pub fn is_emergency(self) -> bool {
        matches!(self, Kind::Sos | Kind::Fall | Kind::Smoke | Kind::Gas)
    }

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        Kind::WORDS[self as usize].0
    }

    pub fn title(self) -> &'static str {
        Kind::WORDS[self as usize].1
    }

    /// The one of a kept word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.word() == word)
    }
}
