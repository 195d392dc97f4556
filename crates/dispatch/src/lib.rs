//! Who visits whom and when: a pure solver for days of home care, with visits of two persons, crews, breaks, soft and
//! hard windows, several days and a plan that is already in force.
//!
//! Nothing here reads a clock, a file or chance: the caller says when to stop, and gives the seed.

pub mod arrange;
mod check;
pub mod fault;
pub mod hhcrsp;
pub mod model;
pub mod moves;
pub mod plan;
pub mod reasons;
mod search;
mod validate;

pub use arrange::arrange;
pub use check::check;
pub use fault::{Fault, Invalid};
pub use model::{
    Begun, Break, Known, Matrix, Money, Part, Pin, Problem, Series, Shift, Skills, Time, Together, Told, Travel, Visit,
    Weights, Window, Worker,
};
pub use moves::{Drag, Tried, try_move};
pub use plan::{Cost, Left, Plan, Rest, Route, Stop};
pub use reasons::Why;
pub use search::{Limits, Progress, Seat, Settings, Slot, explain, slots, solve};
pub use validate::validate;
