//! What is wrong in a policy file, and where.

use std::{error::Error, fmt};

use serde::Serialize;

use crate::base::{Lang, Text};

/// One fault of one file. Line and column count from 1; 0 where the whole file is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub file: String,
    pub line: u64,
    pub column: u64,
    #[serde(flatten)]
    pub text: Text,
}

/// All faults of a policy folder; never empty when it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Fault {
    /// A fault of a whole file.
    pub fn of_file(file: &str, text: Text) -> Fault {
        Fault { file: file.to_owned(), line: 0, column: 0, text }
    }

    /// The fault as one line, the place first.
    pub fn in_lang(&self, lang: Lang) -> String {
        let Fault { file, line, column, text } = self;
        match line {
            0 => format!("{file}: {}", text.in_lang(lang)),
            _ => format!("{file}:{line}:{column}: {}", text.in_lang(lang)),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|it| it.in_lang(Lang::Zh)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Error for Faults {}
