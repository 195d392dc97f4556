//! An instrument ready for use: shared lists filled in, every reference checked.

use serde::{Deserialize, Serialize};

use super::{
    Code, Points, check,
    file::{Adjustment, BandFile, Bands, Grading, InstrumentFile, ItemFile, Judgement, SumFile},
};
use crate::policy::{Basis, Fault, read};

/// An assessment scale of one edition.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Lower case with dashes, as `ltc-2021`.
    pub id: String,
    pub edition: String,
    pub name: String,
    pub name_en: String,
    pub basis: Basis,
    pub direction: Direction,
    /// Who may use its wording, in Chinese.
    pub licence: String,
    pub notes: Vec<String>,
    pub items: Vec<Item>,
    pub confirmed_items: PartConfirmed,
    pub confirmed_scores: PartConfirmed,
    pub confirmed_bands: PartConfirmed,
    /// How well matrix, rises and other combinations are confirmed; none where there are none.
    pub confirmed_combination: Option<PartConfirmed>,
    pub(super) sums: Vec<Total>,
    pub(super) grading: Option<Grading>,
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) judgements: Vec<Judgement>,
    digest: String,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Direction {
    #[serde(rename = "分高为好")]
    HigherIsBetter,
    #[serde(rename = "分低为好")]
    LowerIsBetter,
    /// Points name a type, not better or worse.
    #[serde(rename = "不分好坏")]
    Neither,
}

/// How many independent sources confirm a part (0: from memory), and which.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PartConfirmed {
    #[serde(rename(deserialize = "来源"))]
    pub sources: u8,
    #[serde(rename(deserialize = "说明"))]
    pub about: String,
}

/// One question of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    pub id: String,
    pub name: String,
    pub name_en: String,
    /// The name as some forms write it, with the options behind it.
    pub also_called: Option<String>,
    /// In the order of the form.
    pub choices: Vec<Choice>,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub score: Points,
    /// Empty where the score speaks for itself.
    pub wording: String,
}

/// A level an instrument can give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    pub code: Code,
    pub name: String,
    pub name_en: String,
}

/// A total of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TotalInfo {
    pub id: String,
    pub name: String,
    pub name_en: String,
    pub lowest: Points,
    pub highest: Points,
}

/// An instrument's id as people write it, in lower case with dashes: `LAWTON_IADL` becomes `lawton-iadl`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct InstrumentId(String);

#[derive(Debug, Clone)]
pub(super) struct Total {
    pub id: String,
    pub name: String,
    pub name_en: String,
    pub terms: Vec<Term>,
    /// The totals it adds up, where it is said so; the terms are theirs.
    pub of_sums: Vec<String>,
    pub counted: Option<Points>,
    pub bands: Vec<Band>,
}

/// One item's part in a total, by its place in the instrument.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub item: usize,
    pub reversed: bool,
    pub weight: u8,
}

#[derive(Debug, Clone)]
pub(super) struct Band {
    pub first: Points,
    pub last: Points,
    pub level: Level,
}

impl Instrument {
    /// Reads and checks one instrument file.
    pub fn read(file: &str, text: &str) -> Result<Instrument, Vec<Fault>> {
        let written: InstrumentFile = read(file, text).map_err(|it| vec![it])?;
        let mut wrong = Vec::new();
        let items: Vec<Item> = written.items.iter().map(|it| item(it, &written, &mut wrong)).collect();
        let mut sums: Vec<Total> = Vec::new();
        for it in &written.sums {
            let next = total(it, &items, &sums, &written, &mut wrong);
            sums.push(next);
        }
        let instrument = Instrument {
            id: written.id,
            edition: written.edition,
            name: written.name,
            name_en: written.name_en,
            basis: written.basis,
            direction: written.direction,
            licence: written.licence,
            notes: written.notes,
            items,
            confirmed_items: written.confirmed.items,
            confirmed_scores: written.confirmed.scores,
            confirmed_bands: written.confirmed.bands,
            confirmed_combination: written.confirmed.combination,
            sums,
            grading: written.grading,
            adjustments: written.adjustments,
            judgements: written.judgements,
            digest: crate::policy::text_digest(text),
        };
        if wrong.is_empty() {
            wrong = check::faults(&instrument);
        }
        if wrong.is_empty() {
            Ok(instrument)
        } else {
            Err(wrong.into_iter().map(|it| Fault::of_file(file, it)).collect())
        }
    }

    /// SHA-256 of the file, in hexadecimal: an edition once used never changes.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The item of that id, or else of that Chinese name.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.item_index(key).map(|it| &self.items[it])
    }

    /// The levels it can give, best first as the instrument orders them; empty where it gives none.
    pub fn levels(&self) -> Vec<Level> {
        match &self.grading {
            None => Vec::new(),
            Some(Grading::Band(sum)) => self.sum(sum).bands.iter().map(|it| it.level.clone()).collect(),
            Some(Grading::Matrix(matrix)) => {
                let levels = matrix.levels.iter();
                levels
                    .map(|it| Level { code: it.code.clone(), name: it.name.clone(), name_en: it.name_en.clone() })
                    .collect()
            }
        }
    }

    /// Its totals with the lowest and highest points they can reach, for charts and forms.
    pub fn totals(&self) -> Vec<TotalInfo> {
        let info = |sum: &Total| {
            let part = |term: &Term, pick: fn(Points, Points) -> Points| {
                let parts = self.items[term.item].choices.iter().map(|it| sum.part(self, term, it.score));
                parts.reduce(pick).unwrap_or_default()
            };
            let (id, name, name_en) = (sum.id.clone(), sum.name.clone(), sum.name_en.clone());
            let lowest = sum.terms.iter().map(|it| part(it, Points::min)).sum();
            let highest = sum.terms.iter().map(|it| part(it, Points::max)).sum();
            TotalInfo { id, name, name_en, lowest, highest }
        };
        self.sums.iter().map(info).collect()
    }

    pub(super) fn item_index(&self, key: &str) -> Option<usize> {
        self.items.iter().position(|it| it.is_called(key))
    }

    /// The total of that id, which [`Instrument::read`] has found to exist.
    pub(super) fn sum(&self, id: &str) -> &Total {
        self.sums.iter().find(|it| it.id == id).expect("references to totals are checked when the instrument is read")
    }
}

impl InstrumentId {
    /// The id in its one form.
    pub fn new(id: &str) -> InstrumentId {
        InstrumentId(id.trim().to_lowercase().replace('_', "-"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both mean one instrument: dashes do not count, so that `TCM33` finds `tcm-33`.
    pub fn means(&self, id: &str) -> bool {
        fn letters(it: &str) -> impl Iterator<Item = u8> {
            it.bytes().filter(|it| *it != b'-')
        }
        letters(&self.0).eq(letters(id))
    }
}

impl<'de> Deserialize<'de> for InstrumentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<InstrumentId, D::Error> {
        String::deserialize(deserializer).map(|it| InstrumentId::new(&it))
    }
}

impl Item {
    /// The lowest and the highest score.
    pub(super) fn ends(&self) -> (Points, Points) {
        let scores = || self.choices.iter().map(|it| it.score);
        (scores().min().unwrap_or_default(), scores().max().unwrap_or_default())
    }
}

fn item(it: &ItemFile, file: &InstrumentFile, wrong: &mut Vec<crate::base::Text>) -> Item {
    use super::choices::Choices;
    let choices = match (&it.choices, &it.range) {
        (Some(Choices::Listed(choices)), None) => choices.clone(),
        (Some(Choices::Shared(name)), None) => match file.shared_choices.get(name) {
            Some(shared) => shared.0.clone(),
            None => {
                wrong.push(check::missing("选项组", "shared list of choices", name));
                Vec::new()
            }
        },
        (None, Some(range)) => range.choices(),
        _ => Vec::new(),
    };
    Item {
        id: it.id.clone(),
        name: it.name.clone(),
        name_en: it.name_en.clone(),
        also_called: it.also_called.clone(),
        choices,
    }
}

fn total(
    it: &SumFile,
    items: &[Item],
    before: &[Total],
    file: &InstrumentFile,
    wrong: &mut Vec<crate::base::Text>,
) -> Total {
    let every: Vec<String> = items.iter().map(|it| it.id.clone()).collect();
    let of = it.items.as_ref().unwrap_or(&every);
    let mentioned = of.iter().chain(&it.reversed).chain(it.weights.keys());
    for id in mentioned {
        if !every.contains(id) {
            wrong.push(check::missing("条目", "item", id));
        }
    }
    let own = of.iter().filter_map(|id| {
        let item = every.iter().position(|it| it == id)?;
        Some(Term { item, reversed: it.reversed.contains(id), weight: it.weights.get(id).copied().unwrap_or(1) })
    });
    let mut terms: Vec<Term> = if it.sums.is_empty() { own.collect() } else { Vec::new() };
    for id in &it.sums {
        match before.iter().find(|it| it.id == *id) {
            Some(sum) => terms.extend(sum.terms.iter().cloned()),
            None => wrong.push(check::missing("前面的合计", "total before it", id)),
        }
    }
    let bands: &[BandFile] = match &it.bands {
        None => &[],
        Some(Bands::Listed(bands)) => bands,
        Some(Bands::Shared(name)) => file.shared_bands.get(name).map(Vec::as_slice).unwrap_or_else(|| {
            wrong.push(check::missing("分段组", "shared list of bands", name));
            &[]
        }),
    };
    let band = |(place, it): (usize, &BandFile)| {
        let code = it.code.clone().unwrap_or_else(|| Code::parse(&place.to_string()));
        Band {
            first: it.first,
            last: it.last,
            level: Level { code, name: it.name.clone(), name_en: it.name_en.clone() },
        }
    };
    Total {
        id: it.id.clone(),
        name: it.name.clone(),
        name_en: it.name_en.clone(),
        terms,
        of_sums: it.sums.clone(),
        counted: it.counted,
        bands: bands.iter().enumerate().map(band).collect(),
    }
}
