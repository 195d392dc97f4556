//! The business modules, one folder each.

pub mod elders;
