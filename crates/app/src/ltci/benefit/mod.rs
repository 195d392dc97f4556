//! Benefit: the application, the decision, what runs from which day, and the stretches in which it does not.

pub mod pause;
pub mod step;
