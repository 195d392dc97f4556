//! The answer: tours with their stops, what is left out and why, and what it all costs.

use serde::{Deserialize, Serialize};

use crate::{
    model::{Money, Time},
    reasons::Why,
};

/// Who visits whom and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The shifts that are used, by their index ascending.
    pub routes: Vec<Route>,
    /// The visits that are not in any route, by their index ascending.
    pub left: Vec<Left>,
    pub cost: Cost,
}

/// The tour of one shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub shift: usize,
    /// When it may set out (it waits at a door rather than at home).
    pub start: Time,
    pub stops: Vec<Stop>,
    pub breaks: Vec<Rest>,
    /// When it is back.
    pub end: Time,
    pub overtime: Time,
    /// Travel and care, waiting and breaks not counted.
    pub work: Time,
}

/// One stop of a tour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub visit: usize,
    /// The parts done here: one, or both if a crew does them.
    pub parts: Vec<usize>,
    pub arrival: Time,
    pub start: Time,
    pub end: Time,
    /// By how much the start is after it was due.
    pub late: Time,
    /// How long the door is waited at (breaks not counted).
    pub wait: Time,
}

/// A break as it is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Which break of the shift.
    pub index: usize,
    /// After how many stops of the tour; 0 is before the first one.
    pub after: usize,
    pub start: Time,
    pub end: Time,
}

/// A visit left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub visit: usize,
    /// Why, and what would make it possible; the nearest possibility first.
    pub why: Vec<Why>,
}

/// What a plan costs, by its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub left: Money,
    pub late: Money,
    pub latest: Money,
    pub travel: Money,
    pub distance: Money,
    pub overtime: Money,
    pub continuity: Money,
    pub fairness: Money,
    pub changes: Money,
    /// The use of shifts.
    pub shifts: Money,
}

impl Cost {
    /// The sum of the parts.
    pub fn total(&self) -> Money {
        self.left
            + self.late
            + self.latest
            + self.travel
            + self.distance
            + self.overtime
            + self.continuity
            + self.fairness
            + self.changes
            + self.shifts
    }
}
