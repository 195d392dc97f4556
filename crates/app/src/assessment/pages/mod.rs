//! The pages of assessment.

pub mod answers;
mod comparison;
pub mod deeds;
pub mod evidence;
mod forms;
pub mod list;
pub mod new;
pub mod questionnaire;
pub mod report;
pub mod self_rating;
pub mod show;
pub mod sign;
mod why;
