//! Pages of benefits: lists, an application, what an elder has.

pub mod application;
pub mod apply;
pub mod benefit;
pub mod list;
pub mod plan;
