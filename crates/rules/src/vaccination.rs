//! Vaccination of elders: which vaccines there are and for whom they are free, when the next dose is, and what forbids one.

mod admission;
mod catalogue;
mod plan;

pub use admission::{Admission, Candidate, Objection, admission};
pub use catalogue::{Again, Effect, Family, Policy, Programme, Question, Vaccine, free_from, vaccine};
pub use plan::{Doses, Plan, State, cover, plan, season_begin};
