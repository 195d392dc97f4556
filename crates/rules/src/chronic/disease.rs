//! The two diseases that are followed up by the norm.

use serde::{Deserialize, Serialize};

/// A disease that is followed up by the norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Disease {
    #[serde(rename = "高血压")]
    Hypertension,
    #[serde(rename = "2型糖尿病")]
    Diabetes,
}

impl Disease {
    pub const ALL: [Disease; 2] = [Disease::Hypertension, Disease::Diabetes];

    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Disease::Hypertension => "hypertension",
            Disease::Diabetes => "diabetes",
        }
    }

    /// The disease kept under that word.
    pub fn from_word(word: &str) -> Option<Disease> {
        Disease::ALL.into_iter().find(|it| it.word() == word)
    }
}
