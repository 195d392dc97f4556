//! The question: travel, workers, shifts and visits, as the solver takes them.
//!
//! Instants are whole numbers on one axis. Seconds from midnight of the first planned day are usual (day 1 begins at
//! 86,400), but any unit will do as long as travel, windows and durations use the same one. Costs are whole numbers in a
//! unit of the caller's choice; [`Weights`] says what a unit of each trouble costs.
//! Places, workers, shifts, visits and skills are named by their index; names stay with the caller.

use serde::{Deserialize, Serialize};

/// An instant, or a length of time, in the unit of the problem (seconds as a rule).
pub type Time = i64;

/// An amount of cost in the caller's unit.
pub type Money = i64;

/// Everything that is to be planned, and by what measure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Problem {
    /// One entry for each way of travelling (walk, e-bike, bus, car); a shift names its own by index.
    pub travel: Vec<Travel>,
    /// The people who visit.
    pub workers: Vec<Worker>,
    /// When who is on the road: one entry for each worker (or crew) and day.
    pub shifts: Vec<Shift>,
    /// What is to be done.
    pub visits: Vec<Visit>,
    /// Visits of one elder that want days between them.
    pub series: Vec<Series>,
    /// What each trouble costs.
    pub weights: Weights,
    /// The present instant, if the plan is already under way: nobody sets out before it for what has not begun.
    pub now: Option<Time>,
}

/// How long and how far it is between places, by one way of travelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Travel {
    /// Travel time from place to place.
    pub time: Matrix,
    /// Metres from place to place; empty when distance does not count.
    pub distance: Matrix,
}

/// A square table from place to place, row by row; in JSON a list of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<i32>>", into = "Vec<Vec<i32>>")]
pub struct Matrix {
    size: usize,
    cells: Vec<i32>,
}

impl Matrix {
    /// The table of `size` × `size` places whose entry from `a` to `b` is `of(a, b)`.
    pub fn from_fn(size: usize, mut of: impl FnMut(usize, usize) -> i32) -> Self {
        let cells = (0..size * size).map(|it| of(it / size, it % size)).collect();
        Self { size, cells }
    }

    /// How many places it knows.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The entry from `from` to `to`; 0 in an empty table.
    pub fn get(&self, from: usize, to: usize) -> i64 {
        if self.size == 0 { 0 } else { i64::from(self.cells[from * self.size + to]) }
    }

    /// All entries, row by row.
    pub fn cells(&self) -> &[i32] {
        &self.cells
    }
}

impl TryFrom<Vec<Vec<i32>>> for Matrix {
    type Error = String;

    fn try_from(rows: Vec<Vec<i32>>) -> Result<Self, String> {
        let size = rows.len();
        match rows.iter().position(|it| it.len() != size) {
            Some(row) => Err(format!("row {row} has {} entries where there are {size} places", rows[row].len())),
            None => Ok(Self { size, cells: rows.concat() }),
        }
    }
}

impl From<Matrix> for Vec<Vec<i32>> {
    fn from(it: Matrix) -> Self {
        if it.size == 0 { Vec::new() } else { it.cells.chunks(it.size).map(<[i32]>::to_vec).collect() }
    }
}

/// A set of skills with numbers below 128; in JSON a list of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Skills(u128);

impl Skills {
    /// The set of these numbers; numbers from 128 on are not representable and make an error.
    pub fn of(numbers: &[u8]) -> Result<Self, String> {
        numbers.iter().try_fold(Self::default(), |it, number| match number {
            0..128 => Ok(Self(it.0 | 1 << number)),
            _ => Err(format!("skill {number} is above 127")),
        })
    }

    /// Whether this set has all of `needed`.
    pub fn has(self, needed: Skills) -> bool {
        needed.0 & !self.0 == 0
    }

    /// Those in either.
    pub fn or(self, other: Skills) -> Skills {
        Skills(self.0 | other.0)
    }

    /// Those of this set which `other` lacks.
    pub fn without(self, other: Skills) -> Skills {
        Skills(self.0 & !other.0)
    }

    /// The numbers in it, ascending.
    pub fn numbers(self) -> Vec<u8> {
        (0..128).filter(|it| self.0 >> it & 1 == 1).collect()
    }
}

impl TryFrom<Vec<u8>> for Skills {
    type Error = String;

    fn try_from(numbers: Vec<u8>) -> Result<Self, String> {
        Self::of(&numbers)
    }
}

impl From<Skills> for Vec<u8> {
    fn from(it: Skills) -> Self {
        it.numbers()
    }
}

/// Somebody who visits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Worker {
    pub skills: Skills,
    /// Work already done in the stretch that fairness looks at, before this plan.
    pub load_before: Time,
}

/// One tour that may be made: a worker, or a crew that travels together, on a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shift {
    /// Who goes. More than one is a crew: one tour, skills joined, and a visit of two persons is done at one stop
    /// if two different members have the skills of its parts.
    pub workers: Vec<usize>,
    /// The number of the day, for the days between visits of a series.
    pub day: i64,
    /// When the tour may set out.
    pub earliest: Time,
    /// By when it is back; later is overtime.
    pub latest: Time,
    /// How much later than `latest` it may be back.
    pub overtime: Time,
    /// The most travel and care in the tour (waiting and breaks not counted).
    pub maximum_work: Option<Time>,
    /// Where it sets out; nothing: at its first visit.
    pub start: Option<usize>,
    /// Where it ends; nothing: at its last visit.
    pub end: Option<usize>,
    /// The way of travelling: an index into [`Problem::travel`].
    pub travel: usize,
    /// What using the shift at all costs.
    pub cost: Money,
    pub breaks: Vec<Break>,
}

/// A break within a shift. It is taken between two stops, where the worker then is, unless the tour is over by
/// `latest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Break {
    /// The earliest start.
    pub earliest: Time,
    /// The latest start.
    pub latest: Time,
    pub length: Time,
}

/// One visit to an elder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Visit {
    pub place: usize,
    /// One part for each person who is needed: one or two.
    pub parts: Vec<Part>,
    /// How two parts hang together; of no meaning for one.
    pub together: Together,
    /// When a part may start: on one day or several; none: whenever a shift is. In order and apart.
    pub windows: Vec<Window>,
    /// How much leaving it out weighs against other visits; 1 is usual.
    pub priority: u32,
    /// What leaving it out costs, if it may be left; nothing: it is to be done, and leaving it costs
    /// [`Weights::left`] times the priority.
    pub may_leave: Option<Money>,
    /// What sending a worker costs beyond sending the best known one: those who came before. A worker not listed costs
    /// 0 gain.
    pub known: Vec<Known>,
    /// If not empty, these workers and no others may come.
    pub only: Vec<usize>,
    /// Workers who may not come.
    pub forbidden: Vec<usize>,
}

/// One person's share of a visit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    pub skills: Skills,
    pub duration: Time,
    /// What is fixed by hand.
    pub pin: Option<Pin>,
    /// What has begun.
    pub begun: Option<Begun>,
    /// What has been told to people in the plan in force; a change of it costs.
    pub told: Option<Told>,
}

/// How the parts of a visit of two persons hang together. The persons are different ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Together {
    /// Both start at the same instant.
    #[default]
    Same,
    /// The second part starts at least `minimum` and at most `maximum` after the first one started.
    Ordered { minimum: Time, maximum: Time },
}

/// A stretch in which a visit may start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Not before this.
    pub open: Time,
    /// Late if after this; nothing: never late.
    #[serde(default)]
    pub due: Option<Time>,
    /// Not after this.
    pub close: Time,
}

/// A worker the elder knows, and what their coming gains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub worker: usize,
    /// Counted in [`Weights::continuity`].
    pub gain: i64,
}

/// What a dispatcher has fixed: the shift, the instant, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pin {
    pub shift: Option<usize>,
    /// Exactly then, whatever the windows say.
    pub start: Option<Time>,
}

/// A part that has begun or is finished: it stands at the front of its tour as it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    pub shift: usize,
    pub start: Time,
    /// When it ended, or until when the worker is expected to be there.
    pub end: Time,
}

/// What people were told: who comes, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    pub shift: usize,
    pub start: Time,
}

/// Visits of one elder in the order in which they are to be, with days between them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    pub visits: Vec<usize>,
    /// The least days from one planned visit to the next planned one.
    pub minimum_days: i64,
    /// The most days from one visit to the next, if none between them is left out.
    pub maximum_days: i64,
}

/// What a unit of each trouble costs. The sum is what the solver makes small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// A visit that is to be done and is left out, times its priority.
    pub left: Money,
    /// A unit of time that a part starts after it was due.
    pub late: Money,
    /// A unit of time of the greatest lateness in the whole plan.
    pub latest: Money,
    /// A unit of travel time.
    pub travel: Money,
    /// A metre.
    pub distance: Money,
    /// A unit of overtime.
    pub overtime: Money,
    /// A unit of gain that is missed because another than the best known worker comes.
    pub continuity: Money,
    /// Uneven work: for each worker `work² / fair_unit` times this, so that the same work costs least when shared.
    pub fairness: Money,
    /// The divisor of the squares of work (3,600 with seconds makes an hour of work weigh an hour).
    pub fair_unit: Time,
    /// Another worker than told.
    pub change_worker: Money,
    /// Another start than told, by more than `tolerance`.
    pub change_time: Money,
    /// How far a start may move from what was told without being a change.
    pub tolerance: Time,
}

impl Default for Weights {
    /// For seconds and metres: a visit left out weighs like eleven days of travel, a late minute like two of travel.
    fn default() -> Self {
        Self {
            left: 1_000_000,
            late: 2,
            latest: 2,
            travel: 1,
            distance: 0,
            overtime: 3,
            continuity: 1,
            fairness: 0,
            fair_unit: 3_600,
            change_worker: 1_800,
            change_time: 900,
            tolerance: 900,
        }
    }
}
