//! The solver as those who call it see it.

mod broken;
mod build;
mod constraints;
mod golden;
mod outputs;
mod public_set;
