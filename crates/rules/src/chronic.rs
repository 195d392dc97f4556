//! Hypertension and type-2 diabetes in the community: what a visit says, when the next one is, who is managed by the norm
//! in a year, and who else should be measured. Everything is a pure function of facts, the day and the policy in force.

mod disease;
mod emergency;
mod limits;
mod screening;
mod visit;
mod year;

pub use disease::Disease;
pub use emergency::signs;
pub use limits::{Policy, Prorata, Target};
pub use screening::{Advice, Cause, Kind, Measured, advice};
pub use visit::{Class, Judged, Step, Visit, judge, merged};
pub use year::{ByNorm, Care, by_norm};
