//! The policy in force: which value held, where, on which day, and which document says so.
//!
//! A policy folder is read once into a [`Library`]; `library.at(region, day)` is what a rule reads from, and it remembers
//! every value read, so that each decision can show its reasons. How the files are written: `policy/README.md`.

mod fault;
mod files;
mod history;
mod in_force;
mod library;
mod param;
mod regions;
mod shown;
mod slip;
mod sources;
mod topic;
mod topics;
mod yaml;

pub use fault::{Fault, Faults};
pub use history::{History, Prevailing, Step};
pub use in_force::{Because, Decision, InForce, NoPolicy};
pub use library::Library;
pub use param::{Basis, Entry, Param, Spot, Status, Value};
pub use regions::{RegionEntry, Regions};
pub use shown::shown;
pub use sources::{Confirmation, Document};
pub use topic::{ParamView, TopicInfo};
pub use topics::Laid;

pub(crate) use files::text_digest;
pub(crate) use topic::topic;
pub(crate) use yaml::read;
