//! Import of ledgers (台账导入): a file of a township, checked row by row, into the registry.

mod guess;
mod notice;
mod place;
mod record;
mod run;
mod said;
mod settle;
mod tally;
mod update;

pub use guess::{Because, county};
pub use notice::Notice;
pub use record::note;
pub use run::{Options, Outcome, run};
