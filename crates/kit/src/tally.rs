//! The tally: facts of modules as stretches of days, and from them how many there are on any day, in any place, team or
//! institution. The module that owns a fact says it here in the transaction of the fact; indicators are read from here.

mod keep;
mod load;
mod lot;
mod members;
mod months;
mod read;
mod recount;
mod stretch;

use std::collections::BTreeSet;

use rules::base::Date;

use crate::{App, Id};

pub(crate) use keep::{Change, settle};
pub use keep::{Family, Stay, set, set_all, set_lot, set_units, units, units_of_county};
pub use load::Numbers;
pub use lot::{Facts, Lot};
pub use members::{Member, Members, Part, members};
pub use months::{Event, in_months};
pub use read::{ByPlace, Point, Where, amount, by_place, parts_by_place, series};
pub use recount::{Difference, counties, recount, renumber, repair};
pub use stretch::Stretch;

/// What is counted: a person, an institution, a team. `kind` is the word of its module's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing<'a> {
    pub kind: &'static str,
    pub region: &'a str,
    pub id: Id,
}

impl<'a> Thing<'a> {
    pub fn new(kind: &'static str, region: &'a str, id: Id) -> Thing<'a> {
        Thing { kind, region, id }
    }

    /// Under which words a transaction knows it beside its id: an elder is a thing of several kinds under one id.
    fn in_words(&self) -> String {
        format!("{} {}", self.kind, self.region)
    }
}

/// The kind of things that persons are.
pub const PERSON: &str = "person";

/// All stretches of marks.
pub type Marks = Vec<(&'static str, Vec<Span>)>;

/// One stretch of days in which a mark holds of a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub from: Date,
    /// The first day on which it no longer holds; open where nothing ends it.
    pub until: Option<Date>,
    /// How much it counts: 1, or so many beds, fen, hours.
    pub amount: i64,
    /// Why, for whoever opens the list: a sentence as [`crate::Said::stored`] writes it, or empty.
    pub note: String,
}

impl Span {
    pub fn new(from: Date) -> Span {
        Span { from, until: None, amount: 1, note: String::new() }
    }

    pub fn until(self, until: impl Into<Option<Date>>) -> Span {
        Span { until: until.into(), ..self }
    }

    pub fn amount(self, amount: i64) -> Span {
        Span { amount, ..self }
    }

    pub fn note(self, note: impl Into<String>) -> Span {
        Span { note: note.into(), ..self }
    }
}

/// Things of one kind of which all these marks hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub kind: &'static str,
    pub marks: &'static [&'static str],
}

impl Count {
    pub const fn new(kind: &'static str, marks: &'static [&'static str]) -> Count {
        Count { kind, marks }
    }

    /// What it goes by in the database.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.kind, self.marks.join("+"))
    }
}

/// A number that whoever governs looks at: what is counted, of what it is a part, and which document asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Indicator {
    pub id: &'static str,
    pub title: &'static str,
    /// Numerator and denominator in words.
    pub formula: &'static str,
    /// The document that asks for it, by its id in `policy/sources.yaml`.
    pub document: &'static str,
    pub unit: Unit,
    pub better: Better,
    pub numerator: Count,
    pub denominator: Option<Count>,
    /// The mark whose note says why a thing of the denominator is not counted.
    pub short: Option<&'static str>,
    /// What is said of one of whom that mark says nothing.
    pub nothing: &'static str,
    /// Whether a region uses it, where policy decides between several ways of counting.
    pub used: fn(&App, &str, Date) -> bool,
}

/// In what an indicator is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Numerator of denominator, as per cent.
    Share,
    /// So many for a thousand of the denominator.
    PerThousand,
    /// What one of the denominator comes to on average, in `分`, `元`.
    Mean(&'static str),
    /// A number of `人`, `家`, `张`.
    Number(&'static str),
    /// Fen, told in yuan.
    Money,
}

/// Which direction is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
    /// It describes; neither is better.
    Neither,
}

impl Indicator {
    /// A share of things, of which more is better; change what differs.
    pub const fn share(id: &'static str, title: &'static str, numerator: Count, denominator: Count) -> Indicator {
        Indicator {
            id,
            title,
            formula: "",
            document: "",
            unit: Unit::Share,
            better: Better::More,
            numerator,
            denominator: Some(denominator),
            short: None,
            nothing: "没有相应的记录",
            used: always,
        }
    }

    /// A number of things.
    pub const fn number(id: &'static str, title: &'static str, unit: &'static str, numerator: Count) -> Indicator {
        Indicator {
            id,
            title,
            formula: "",
            document: "",
            unit: Unit::Number(unit),
            better: Better::More,
            numerator,
            denominator: None,
            short: None,
            nothing: "没有相应的记录",
            used: always,
        }
    }

    pub const fn formula(self, formula: &'static str) -> Indicator {
        Indicator { formula, ..self }
    }

    pub const fn document(self, document: &'static str) -> Indicator {
        Indicator { document, ..self }
    }

    pub const fn unit(self, unit: Unit) -> Indicator {
        Indicator { unit, ..self }
    }

    pub const fn better(self, better: Better) -> Indicator {
        Indicator { better, ..self }
    }

    pub const fn short(self, mark: &'static str) -> Indicator {
        Indicator { short: Some(mark), ..self }
    }

    /// What is said of whoever is not counted and of whom nothing was ever noted.
    pub const fn nothing(self, nothing: &'static str) -> Indicator {
        Indicator { nothing, ..self }
    }

    pub const fn used(self, used: fn(&App, &str, Date) -> bool) -> Indicator {
        Indicator { used, ..self }
    }
}

fn always(_: &App, _: &str, _: Date) -> bool {
    true
}

/// A count of some indicator, with its key.
#[derive(Debug)]
pub(crate) struct Counted {
    pub count: Count,
    pub key: String,
}

/// The marks that are counted, or that say why something is not; others are not kept.
pub(crate) fn counted_marks(modules: &[&crate::Module]) -> BTreeSet<&'static str> {
    let shorts = modules.iter().flat_map(|it| it.indicators).filter_map(|it| it.short);
    counts(modules).flat_map(|it| it.marks).copied().chain(shorts).collect()
}

/// What indicators and pages of the modules count.
fn counts<'a>(modules: &'a [&crate::Module]) -> impl Iterator<Item = Count> + 'a {
    let parts = |it: &Indicator| [Some(it.numerator), it.denominator].into_iter().flatten();
    modules.iter().flat_map(move |it| it.indicators.iter().flat_map(parts).chain(it.counts.iter().copied()))
}

/// Every count that the modules need, each once.
pub(crate) fn counted(modules: &[&crate::Module]) -> Vec<Counted> {
    let mut all: Vec<Counted> = Vec::new();
    for count in counts(modules) {
        if all.iter().all(|known| known.count != count) {
            all.push(Counted { count, key: count.key() });
        }
    }
    all
}
