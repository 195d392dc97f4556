//! The registry's pages.

pub mod duplicates;
pub mod edit;
pub mod import;
pub mod ledgers;
pub mod life;
pub mod list;
pub mod show;
