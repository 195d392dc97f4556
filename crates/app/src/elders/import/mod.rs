//! Import of ledgers (台账导入): a file of a township, checked row by row, into the registry.

pub mod api;
pub mod fields;
mod guess;
pub mod job;
mod notice;
mod place;
pub mod record;
mod run;
mod said;
mod settle;
mod tally;
mod update;

pub use guess::{Because, Guess, county};
pub use notice::Notice;
pub use place::place_of;
pub use record::note;
pub use run::{Options, Outcome, run};
