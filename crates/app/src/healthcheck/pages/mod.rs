//! The pages of the yearly check.

pub mod call;
pub mod field;
pub mod labs;
pub mod list;
pub mod rates;
pub mod report;
pub mod section;
pub mod show;
pub mod trend;
