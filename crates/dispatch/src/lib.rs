//! Who visits whom and when: a pure solver for days of home care, with visits of two persons, crews, breaks, soft and
//! hard windows, several days and a plan that is already in force.
//!
//! Nothing here reads a clock, a file or chance: the caller says when to stop, and gives the seed.
//!
//! - [`solve`] plans, from nothing or from a plan in force; with `begun`, `pin`, `told` and `now` it is the new plan in
//!   the middle of a day.
//! - [`check`] computes every constraint and the whole cost of a plan by itself.
//! - [`slots`] are the best times for one more visit, [`try_move`] is what a drag breaks and costs.
//! - [`Why`] says of a visit left out what is lacking.
//!
//! As JSON (what `yiyang dispatch solve` reads) a problem needs only what it has; all else has a default:
//!
//! ```json
//! {
//!   "travel":  [{"time": [[0, 600, 900], [600, 0, 400], [900, 400, 0]]}],
//!   "workers": [{"skills": [0, 3]}, {"skills": [0]}],
//!   "shifts":  [{"workers": [0], "earliest": 28800, "latest": 61200, "start": 0, "end": 0,
//!                "breaks": [{"earliest": 41400, "latest": 46800, "length": 3600}]},
//!               {"workers": [1], "earliest": 28800, "latest": 61200, "start": 0, "end": 0}],
//!   "visits":  [{"place": 1, "priority": 1, "parts": [{"skills": [3], "duration": 1800}],
//!                "windows": [{"open": 28800, "due": 32400, "close": 36000}]},
//!               {"place": 2, "priority": 1, "together": "same",
//!                "parts": [{"skills": [0], "duration": 2700}, {"skills": [0], "duration": 2700}]}],
//!   "weights": {"left": 1000000, "late": 2, "travel": 1}
//! }
//! ```
//!
//! Two parts one after the other are `"together": {"ordered": {"minimum": 1800, "maximum": 3600}}`. The plan that comes
//! back has `routes` (each with `shift`, `stops`, `breaks`, `end`, `overtime`, `work`), `left` with reasons, and `cost`
//! by its parts.

mod arrange;
mod check;
pub mod fault;
pub mod hhcrsp;
pub mod model;
pub mod moves;
pub mod plan;
pub mod reasons;
mod search;
mod validate;

pub use arrange::{Order, arrange};
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
