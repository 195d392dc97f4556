//! What scoring gives: totals, bands, level, results, and the reasons of each step.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Code, Instrument, Points};
use crate::base::Text;

/// The outcome of an assessment, with everything needed to explain it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// The id of the instrument.
    pub instrument: String,
    pub edition: String,
    /// By the totals' ids.
    pub totals: BTreeMap<String, Points>,
    /// The place of each total's band in the instrument's list, from 0.
    pub bands: BTreeMap<String, usize>,
    /// None for an instrument that gives types instead of a level.
    pub level: Option<LevelFound>,
    /// What else follows, by name.
    pub results: BTreeMap<String, String>,
    /// One sentence a step, in the order of the steps.
    pub reasons: Vec<Reason>,
    pub confirmed: Confirmed,
}

/// The level found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelFound {
    pub code: Code,
    pub name: String,
    #[serde(skip)]
    pub name_en: String,
}

/// One step of the scoring in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    #[serde(flatten)]
    pub text: Text,
    /// The document the step rests on, by its id in the register, and the clause.
    pub document: String,
    pub clause: String,
}

/// How many independent sources confirm each part of the instrument (0: from memory), and the same in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    pub items: u8,
    pub scores: u8,
    pub bands: u8,
    /// Matrix, rises and the like; none where the instrument has none.
    pub combination: Option<u8>,
    #[serde(flatten)]
    pub text: Text,
}

impl Instrument {
    /// How well the instrument is confirmed, to be shown wherever a result is.
    pub fn confirmed(&self) -> Confirmed {
        let combination = self.confirmed_combination.as_ref().map(|it| it.sources);
        let parts = [
            ("条目", "items", Some(self.confirmed_items.sources)),
            ("分值", "scores", Some(self.confirmed_scores.sources)),
            ("界值", "bands", Some(self.confirmed_bands.sources)),
            ("组合规则", "combination", combination),
        ];
        let parts: Vec<_> = parts.into_iter().filter_map(|(zh, en, sources)| Some((zh, en, sources?))).collect();
        let unsure = parts.iter().any(|(_, _, sources)| *sources == 0);
        let said: Vec<String> = parts
            .iter()
            .map(|(zh, _, n)| if *n == 0 { format!("{zh}凭记忆") } else { format!("{zh} {n} 个独立来源") })
            .collect();
        let said_en: Vec<String> = parts
            .iter()
            .map(|(_, en, n)| if *n == 0 { format!("{en} from memory") } else { format!("{en} by {n} source(s)") })
            .collect();
        let (advice, advice_en) = match unsure {
            true => ("；凭记忆的部分使用前须与原文核对", "; check what is from memory against the document before use"),
            false => ("", ""),
        };
        Confirmed {
            items: self.confirmed_items.sources,
            scores: self.confirmed_scores.sources,
            bands: self.confirmed_bands.sources,
            combination,
            text: Text::new(format!("{}{advice}", said.join("，")), format!("{}{advice_en}", said_en.join(", "))),
        }
    }
}
