//! How commands answer: as text for people or as JSON for programs, and failures on the error stream.

use std::{
    fmt,
    io::{self, Write},
};

use clap::ValueEnum;
use rules::base::{Lang, Text};
use serde::Serialize;

/// For whom a result is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Text,
}

/// Why a command did not succeed, as it is printed.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure in one sentence.
    pub fn new(text: &Text, lang: Lang) -> Failure {
        Failure(text.in_lang(lang).to_owned())
    }

    /// A failure of several lines.
    pub fn lines(lines: impl IntoIterator<Item = String>) -> Failure {
        Failure(lines.into_iter().collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Prints a result as JSON.
pub fn print_json(value: &impl Serialize) {
    print(&serde_json::to_string_pretty(value).expect("results have text keys and finite numbers"));
}

/// Prints lines; a reader that has gone away is no failure of ours.
pub fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
