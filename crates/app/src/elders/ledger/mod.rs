//! Ledgers of elders (台账) as townships keep them, read row by row into people, refusals and warnings.
//!
//! No database and no clock: the same book on the same day gives the same lines. What needs the database, whether a
//! person is known already or a place exists, the caller decides on each entry.

mod columns;
mod day;
mod document;
mod entry;
mod group;
mod group_words;
mod id;
mod name;
mod person_words;
mod phone;
mod plan;
mod reading;
mod reason;
mod report;
mod row;
mod sex;
#[cfg(test)]
mod tests;

pub use columns::LEDGER;
pub use entry::{
    Birth, Death, Document, Entry, Insurance, Living, Mention, Moved, Place, Relative, RelativeKind, Source,
};
pub use reading::{Line, Notice, Options, Outcome, Reading, read};
pub use reason::Reason;
pub use report::{Refusal, Report, Warning};
