//! What came of one case.

use serde::Serialize;
use serde_json::Value;

use crate::{base::Text, policy::Because};

/// One case that was run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    pub file: String,
    /// The rule's Chinese name, or the instrument's id.
    pub rule: String,
    pub name: String,
    pub passed: bool,
    pub expected: Value,
    pub got: Value,
    /// The values the rule read.
    pub because: Vec<Because>,
    /// The steps of a scoring.
    pub steps: Vec<Text>,
}

impl Outcome {
    /// A failure in full: name, expected, got and reasons; one line for a case that holds.
    pub fn text(&self) -> Text {
        let Outcome { file, rule, name, expected, got, .. } = self;
        if self.passed {
            return Text::new(format!("通过 {file} {rule}：{name}"), format!("holds {file} {rule}: {name}"));
        }
        let reasons = self.because.iter().map(Because::text).chain(self.steps.iter().cloned());
        let (zh, en): (Vec<String>, Vec<String>) =
            reasons.map(|it| (format!("    {}\n", it.zh), format!("    {}\n", it.en))).unzip();
        Text::new(
            format!("不符 {file} {rule}：{name}\n  应得 {expected}\n  实得 {got}\n{}", zh.concat()),
            format!("FAILS {file} {rule}: {name}\n  expected {expected}\n  got {got}\n{}", en.concat()),
        )
    }
}
