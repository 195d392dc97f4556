//! What came of an assessment, as it is kept: totals, bands, level, and the reason of each step.

use std::collections::BTreeMap;

use kit::{Error, Lang, Result, error::FieldError};
use rules::assessment::{Answers, BadAnswer, Facts, Instrument, Points, Scored, score};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};

/// The result as the rules gave it, kept whole: a later edition of the instrument does not change it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// By the totals' ids.
    pub totals: BTreeMap<String, Number>,
    /// The place of each total's band, from 0.
    pub bands: BTreeMap<String, usize>,
    pub level: Option<Level>,
    pub results: BTreeMap<String, String>,
    pub reasons: Vec<Step>,
    pub confirmed: Confirmed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Level {
    pub code: Value,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
}

/// One step of the scoring in words, with the document it rests on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    pub zh: String,
    pub en: String,
    pub document: String,
    pub clause: String,
}

/// How many independent sources confirm each part of the instrument; 0 is from memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Confirmed {
    pub items: u8,
    pub scores: u8,
    pub bands: u8,
    pub combination: Option<u8>,
    pub zh: String,
    pub en: String,
}

impl Confirmed {
    pub fn is_doubtful(&self) -> bool {
        [self.items, self.scores, self.bands, self.combination.unwrap_or(1)].contains(&0)
    }
}

impl Level {
    /// The code as text: `3`, or `E`.
    pub fn code(&self) -> String {
        self.code.as_str().map_or_else(|| self.code.to_string(), str::to_owned)
    }

    pub fn name_in(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

impl Step {
    pub fn in_lang(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.zh }
    }
}

impl Outcome {
    pub fn of(scored: &Scored) -> Result<Outcome> {
        let mut outcome: Outcome = serde_json::from_value(serde_json::to_value(scored)?)?;
        if let (Some(level), Some(found)) = (&mut outcome.level, &scored.level) {
            level.name_en.clone_from(&found.name_en);
        }
        Ok(outcome)
    }

    /// The result in a few words: the level, or the types that were found.
    pub fn headline(&self) -> String {
        match &self.level {
            Some(level) => level.name.clone(),
            None => {
                let found = self.results.iter().filter(|(_, it)| *it == "是" || *it == "基本是" || *it == "倾向是");
                let words: Vec<String> =
                    found.map(|(name, it)| if it == "是" { name.clone() } else { format!("{name}({it})") }).collect();
                if words.is_empty() { "未见明确类型".to_string() } else { words.join("、") }
            }
        }
    }

    /// The total in a few figures: the one total, or those of the parts: `45/9/12`.
    pub fn total(&self, instrument: &Instrument) -> String {
        if let Some(total) = self.totals.get("total") {
            return total.to_string();
        }
        let parts = instrument.chapters();
        let totals: Vec<String> = parts.iter().filter_map(|it| self.totals.get(it.id)).map(Number::to_string).collect();
        totals.join("/")
    }

    pub fn level_code(&self) -> String {
        self.level.as_ref().map(Level::code).unwrap_or_default()
    }

    /// The level as a small number, for the rules that compare it.
    pub fn level_number(&self) -> Option<u8> {
        self.level_code().parse().ok()
    }
}

/// Scores answers, or says everything that is wrong with them, each with its item.
pub fn score_of(instrument: &Instrument, answers: &BTreeMap<String, String>, facts: &Facts) -> Result<Outcome> {
    let number = |score: &String| Points::parse(score).map_or_else(|| Value::from(score.clone()), |it| json!(it));
    let answers = Answers(answers.iter().map(|(item, score)| (item.clone(), number(score))).collect());
    match score(instrument, &answers, facts) {
        Ok(scored) => Outcome::of(&scored),
        Err(bad) => Err(Error::Invalid(bad.iter().map(field_error).collect())),
    }
}

pub fn field_error(bad: &BadAnswer) -> FieldError {
    FieldError { field: bad.field().to_string(), said: bad.text().into() }
}
