//! Elders: one person once.

pub mod ledger;
