//! Files of a hospital's laboratory: whose line is whose, which field it fills, and what is handed back.

pub mod api;
pub mod file;
pub mod record;
pub mod run;

pub use run::{Options, Report, import};
