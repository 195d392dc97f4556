//! The pages of beds at home.

mod care_papers;
pub mod deeds;
pub mod list;
pub mod new;
pub mod papers;
pub mod parts;
pub mod show;
