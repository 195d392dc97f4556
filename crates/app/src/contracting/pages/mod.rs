//! The pages of contracting.

pub mod deeds;
pub mod list;
pub mod new;
pub mod renew;
pub mod show;
