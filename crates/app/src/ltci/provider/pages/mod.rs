//! Pages of providers: lists, one institution with all that is agreed, who handles which place.

pub mod deeds;
pub mod handlers;
pub mod list;
pub mod services;
pub mod show;
