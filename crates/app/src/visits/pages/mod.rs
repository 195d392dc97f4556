//! The pages of visits.

pub mod alarm;
pub mod day;
pub mod deeds;
pub mod desk;
pub mod home;
pub mod list;
pub mod phones;
pub mod plan;
pub mod record;
pub mod show;
