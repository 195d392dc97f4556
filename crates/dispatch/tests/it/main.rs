//! The solver as those who call it see it.

mod build;
mod constraints;
mod golden;
mod outputs;
