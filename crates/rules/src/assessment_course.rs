//! The course of an assessment: from application to conclusion, notice, objection, validity and reassessment.

mod state;
mod terms;

pub use state::{Event, Refused, State, next};
pub use terms::{Policy, Programme, Term, deadline, default_instrument};
