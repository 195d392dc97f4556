//! What can be wrong with a plan or with a problem, as data a page can put into words.

use serde::{Deserialize, Serialize};

use crate::model::{Skills, Time};

/// One broken constraint of a plan. `shift`, `visit`, `part` are indices of the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// An index that the problem does not have, a shift with two routes, or stops that make no sense.
    Unknown { what: String },
    /// A part stands in two stops.
    Twice { visit: usize, part: usize },
    /// Some parts of the visit are planned, this one is not, or it is said to be left and is not.
    Half { visit: usize },
    /// Neither planned nor said to be left.
    Lost { visit: usize },
    /// The shift's people lack these skills.
    Skills { visit: usize, part: usize, shift: usize, lacking: Skills },
    /// A worker of the shift may not come to this elder.
    Forbidden { visit: usize, shift: usize, worker: usize },
    /// A crew without two different members for the two parts.
    Crew { visit: usize, shift: usize },
    /// The same worker in both parts of a visit of two persons.
    SamePerson { visit: usize, worker: usize },
    /// The start is before the worker can be there.
    TooSoon { visit: usize, shift: usize, start: Time, possible: Time },
    /// The start is in none of the windows; `nearest` is the one it comes closest to.
    Window { visit: usize, start: Time, open: Time, close: Time },
    /// The two parts do not start as they must: `gap` is from the first part's start to the second's.
    Together { visit: usize, gap: Time, minimum: Time, maximum: Time },
    /// The tour ends after its latest end and the allowed overtime.
    ShiftEnd { shift: usize, end: Time, allowed: Time },
    /// More work than the shift allows.
    Work { shift: usize, work: Time, maximum: Time },
    /// A break is missing, outside its stretch, too short or overlapping.
    Break { shift: usize, index: usize },
    /// Not where or when it was fixed.
    Pin { visit: usize, part: usize },
    /// Not as it happened.
    Begun { visit: usize, part: usize },
    /// Too few or too many days between two visits of a series.
    Days { before: usize, after: usize, days: i64, minimum: i64, maximum: i64 },
    /// An arrival, end, lateness, waiting or work that is not what follows from the starts.
    Told { shift: usize, what: String },
    /// The cost that the plan states is not the one it has.
    Cost { stated: i64, found: i64 },
}

/// What is wrong with a problem, so that it cannot be planned at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// Where: `visits[3].parts[0].duration`.
    pub path: String,
    /// What: `is negative`.
    pub what: String,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.path, self.what)
    }
}
