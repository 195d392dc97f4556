//! Why a visit is left out, and what would make it possible.

use serde::{Deserialize, Serialize};

use crate::model::{Money, Skills, Time};

/// One reason why a visit could not be planned, with the numbers that say what is lacking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// Nobody at work on the days of the windows has the skills of this part. `elsewhere`: workers who have them but
    /// are not at work then. A worker with the skills on `days` would make it possible.
    NoSkill { part: usize, lacking: Skills, days: Vec<i64>, elsewhere: Vec<usize> },
    /// All who could do this part are forbidden, or others alone are allowed. Allowing one of them would help.
    OnlyForbidden { part: usize, workers: Vec<usize> },
    /// It is fixed to a shift whose people cannot do it, or to an instant that the shift cannot keep.
    Pinned { part: usize, shift: Option<usize>, start: Option<Time> },
    /// Two persons are needed at once and only `free` can be found; `with` are the shifts that could take one part.
    NeedsTwo { free: usize, with: Vec<usize> },
    /// In the best tour it would start at `start`, after the window closes at `close`: a window longer by
    /// `start - close` would make it possible.
    WindowCloses { shift: usize, start: Time, close: Time },
    /// It would start in time but makes a later stop of that tour, `visit`, miss its window by `by`.
    Displaces { shift: usize, visit: usize, by: Time },
    /// The best tour would be back `by` later than it may: so much more time would make it possible.
    NoTime { shift: usize, by: Time },
    /// The best tour would have `by` more work than it may.
    TooMuchWork { shift: usize, by: Time },
    /// The days to the visit `other` of its series forbid each day that would be possible.
    Days { other: usize, minimum: i64, maximum: i64 },
    /// It is possible, on that shift, but costs `cost` where leaving it out costs `leaving`.
    Dearer { shift: usize, cost: Money, leaving: Money },
}
