//! A measure as policy files name it: by its Chinese title.

use std::{fmt, str::FromStr};

use readings::Measure;

use super::Side;
use crate::base::{Tenths, Text, serde_as_text};

/// A measure that has limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item(pub Measure);

serde_as_text!(Item);

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.title())
    }
}

impl FromStr for Item {
    type Err = String;

    fn from_str(text: &str) -> Result<Item, String> {
        let found = Measure::ALL.into_iter().find(|it| it.title() == text);
        found.map(Item).ok_or_else(|| {
            let all = Measure::ALL.map(Measure::title).join("、");
            format!("没有“{text}”这个项目；可以写的有：{all} (there is no such measure)")
        })
    }
}

impl Item {
    /// A limit as values of the measure are kept. One between two values is the one of them that reaches it: 100.5 asks for 101 above it and
    /// for 100 below.
    pub fn limit(self, side: Side, limit: Tenths) -> i64 {
        let tenths = i64::from(limit.tenths());
        match (self.0.scale(), side) {
            (0, Side::Low) => tenths.div_euclid(10),
            (0, Side::High) => (tenths + 9).div_euclid(10),
            (scale, _) => tenths * 10_i64.pow(u32::from(scale) - 1),
        }
    }

    /// How far apart two values are, or a value itself, as they are kept.
    pub fn kept(self, value: Tenths) -> i64 {
        self.limit(Side::High, value)
    }

    /// A kept value with its unit.
    pub fn written(self, value: i64) -> String {
        format!("{} {}", self.0.written(value), self.0.unit()).trim_end().to_owned()
    }

    pub fn text(self) -> Text {
        Text::new(self.0.title(), self.0.title_en())
    }
}
