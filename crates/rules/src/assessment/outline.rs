//! An instrument as a form or a result is laid out: its parts, their bands, the matrix, and the facts it asks for.

use super::{
    Code, Instrument, Level, Points,
    file::{Adjustment, Condition, Grading},
    judge,
};

/// One total of an instrument, with the items it adds up.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    /// Places in [`Instrument::items`].
    pub items: Vec<usize>,
    /// Empty where the total has no bands.
    pub bands: Vec<BandOf<'a>>,
}

/// The range of points that means a level.
#[derive(Debug, Clone)]
pub struct BandOf<'a> {
    pub first: Points,
    pub last: Points,
    pub level: &'a Level,
}

/// The matrix of an instrument that has one.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    /// The id of the total whose band is the row.
    pub row: &'a str,
    /// The ids of the totals whose worst band is the column.
    pub columns: Vec<&'a str>,
    /// By row, then column.
    pub cells: &'a [Vec<Code>],
}

/// A fact that an instrument uses beside its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactUsed {
    Coma,
    Diagnoses,
    RiskEvents,
    Education,
}

impl Instrument {
    /// The totals in the order of the file.
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.sums
            .iter()
            .map(|sum| Part {
                id: &sum.id,
                name: &sum.name,
                name_en: &sum.name_en,
                items: sum.terms.iter().map(|it| it.item).collect(),
                bands: sum.bands.iter().map(|it| BandOf { first: it.first, last: it.last, level: &it.level }).collect(),
            })
            .collect()
    }

    /// The parts by which a form is divided: those that share no item and are not the whole; empty where there are none.
    pub fn chapters(&self) -> Vec<Part<'_>> {
        let parts: Vec<Part<'_>> = self.parts().into_iter().filter(|it| it.items.len() < self.items.len()).collect();
        let mut times = vec![0_u8; self.items.len()];
        for item in parts.iter().flat_map(|it| &it.items) {
            times[*item] = times[*item].saturating_add(1);
        }
        if times.iter().all(|it| *it == 1) { parts } else { Vec::new() }
    }

    /// The matrix, where the level is found by one.
    pub fn grid(&self) -> Option<Grid<'_>> {
        match self.grading.as_ref()? {
            Grading::Band(_) => None,
            Grading::Matrix(it) => {
                Some(Grid { row: &it.row, columns: it.columns.iter().map(String::as_str).collect(), cells: &it.cells })
            }
        }
    }

    /// The facts that can change its result.
    pub fn facts_used(&self) -> Vec<FactUsed> {
        let conditions: Vec<&Condition> = self
            .adjustments
            .iter()
            .flat_map(|it| match it {
                Adjustment::Set(it) => vec![&it.when],
                Adjustment::Raise(it) => it.when_any.iter().collect(),
            })
            .collect();
        let any = |wanted: fn(&Condition) -> bool| conditions.iter().any(|it| wanted(it));
        [
            (FactUsed::Coma, any(|it| matches!(it, Condition::Coma))),
            (FactUsed::Diagnoses, any(|it| matches!(it, Condition::Diagnosis(_)))),
            (FactUsed::RiskEvents, any(|it| matches!(it, Condition::RiskEvents(_)))),
            (FactUsed::Education, judge::uses_education(self)),
        ]
        .into_iter()
        .filter_map(|(fact, is_used)| is_used.then_some(fact))
        .collect()
    }
}
