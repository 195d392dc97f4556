//! Visits (上门服务): planned for every programme together, made with or without a network, and proved by their evidence (S19).
//! What the evidence proves is `rules::visit`; the protocol of the phones is `docs/sync.md`.

mod plan;
mod record;
mod words;

pub use plan::{For, Wanted, unwant, want};
pub use record::{Visit, of_elder};

use kit::{Module, module::EMPTY};

/// A visit was made: `{visit, elder, day, began, ended, minutes, staff, carer, verdict, purposes, tasks}`.
pub const DONE: &str = "visits.done";
/// A visit turned out otherwise: what was done for it is taken back.
pub const UNDONE: &str = "visits.undone";

pub const MODULE: Module =
    Module { name: "visits", title: "上门服务", english: include_str!("en.toml"), ..EMPTY };
