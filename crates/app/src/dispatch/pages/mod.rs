//! The pages of dispatch.

pub mod deeds;
pub mod list;
pub mod moves;
pub mod new;
pub mod progress;
pub mod setting;
pub mod sheets;
pub mod show;
pub mod slots;
pub mod visit;
pub mod what_if;
