//! Assessment scales (评估量表): a scale is data, scoring is one of a few known methods.
//!
//! `policy/instruments/*.yaml` holds the scales; [`score`] turns answers and facts into totals, bands, a level and the reasons
//! for each step. An edition once used never changes: answers are stored with id, edition and [`Instrument::digest`].

mod answers;
mod check;
mod choices;
mod code;
mod facts;
mod file;
mod instrument;
mod judge;
mod outline;
mod points;
mod score;
mod scored;

pub use answers::{Answers, BadAnswer};
pub use code::Code;
pub use facts::{Education, Facts, RISK_EVENTS};
pub use instrument::{Choice, Direction, Instrument, InstrumentId, Item, Level, PartConfirmed, TotalInfo};
pub use judge::Leading;
pub use outline::{BandOf, FactUsed, Grid, Part};
pub use points::Points;
pub use score::score;
pub use scored::{Confirmed, LevelFound, Reason, Scored};
