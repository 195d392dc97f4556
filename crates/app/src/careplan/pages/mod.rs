//! The pages of care plans.

pub mod compare;
pub mod deeds;
pub mod edit;
pub mod list;
pub mod new;
pub mod pieces;
pub mod print;
pub mod show;
pub mod sign;
mod weeks;
