//! Benefit: the application, the decision, what runs from which day, and the stretches in which it does not.

pub mod application;
pub mod course;
pub mod decide;
pub mod list;
pub mod night;
pub mod pages;
pub mod pause;
pub mod plan;
pub mod promise;
pub mod recipient;
pub mod step;
