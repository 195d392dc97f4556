//! The code of a level: a number in most scales, a letter in the self-rating form.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::Points;

/// The code of a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Code {
    Number(Points),
    Word(String),
}

impl Code {
    /// The code written so.
    pub fn parse(text: &str) -> Code {
        Points::parse(text).map_or_else(|| Code::Word(text.to_owned()), Code::Number)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Code::Number(it) => it.fmt(f),
            Code::Word(it) => it.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        Ok(Code::parse(&String::deserialize(deserializer)?))
    }
}
