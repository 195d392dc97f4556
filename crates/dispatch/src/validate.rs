//! Whether a problem makes sense, so that everything after it need not ask.

use crate::{
    fault::Invalid,
    model::{Matrix, Problem, Shift, Time, Visit},
};

/// Instants and lengths must lie within this, so that the search can add them in 32 bits.
pub const FARTHEST: Time = 1 << 27;

/// An end that is later than anything may be written as any later instant.
fn near(at: Time) -> bool {
    at.abs() <= FARTHEST
}

/// All that is wrong with a problem; nothing: it can be planned.
pub fn validate(problem: &Problem) -> Vec<Invalid> {
    let mut found = Found(Vec::new());
    let places = problem.travel.first().map_or(0, |it| it.time.size());
    for (at, it) in problem.travel.iter().enumerate() {
        found.matrix(&format!("travel[{at}].time"), &it.time, places, false);
        found.matrix(&format!("travel[{at}].distance"), &it.distance, places, true);
    }
    for (at, it) in problem.workers.iter().enumerate() {
        found.if_not(
            near(it.load_before) && it.load_before >= 0,
            &format!("workers[{at}].load_before"),
            "is out of range",
        );
    }
    for (at, it) in problem.shifts.iter().enumerate() {
        found.shift(problem, at, it, places);
    }
    for (at, it) in problem.visits.iter().enumerate() {
        found.visit(problem, at, it, places);
    }
    let mut seen = vec![false; problem.visits.len()];
    for (at, it) in problem.series.iter().enumerate() {
        let days = it.minimum_days >= 0 && it.minimum_days <= it.maximum_days;
        found.if_not(days, &format!("series[{at}].minimum_days"), "is negative or above maximum_days");
        for visit in &it.visits {
            let known = seen.get_mut(*visit).is_some_and(|it| !std::mem::replace(it, true));
            found.if_not(known, &format!("series[{at}].visits"), "names a visit that is not there or stands twice");
        }
    }
    let weights = &problem.weights;
    let all = [
        weights.left,
        weights.late,
        weights.latest,
        weights.travel,
        weights.distance,
        weights.overtime,
        weights.continuity,
        weights.fairness,
        weights.change_worker,
        weights.change_time,
        weights.tolerance,
    ];
    let fine = all.iter().all(|it| (0..=1 << 40).contains(it)) && weights.fair_unit > 0;
    found.if_not(fine, "weights", "has a negative or enormous number");
    found.if_not(problem.now.is_none_or(near), "now", "is out of range");
    found.0
}

struct Found(Vec<Invalid>);

impl Found {
    fn if_not(&mut self, fine: bool, path: &str, what: &str) {
        if !fine {
            self.0.push(Invalid { path: path.to_owned(), what: what.to_owned() });
        }
    }

    fn matrix(&mut self, path: &str, it: &Matrix, places: usize, may_lack: bool) {
        let size = it.size() == places || (may_lack && it.size() == 0);
        self.if_not(size, path, "has not the size of the first table");
        let fine = it.cells().iter().all(|it| (0..=FARTHEST as i32).contains(it));
        self.if_not(fine, path, "has a negative or enormous entry");
    }

    fn shift(&mut self, problem: &Problem, at: usize, it: &Shift, places: usize) {
        let path = |of: &str| format!("shifts[{at}].{of}");
        let mut workers = it.workers.clone();
        workers.sort_unstable();
        workers.dedup();
        let known = workers.last().is_some_and(|it| *it < problem.workers.len()) && workers.len() == it.workers.len();
        self.if_not(known, &path("workers"), "is empty, names one twice or one who is not there");
        self.if_not(it.travel < problem.travel.len(), &path("travel"), "is not a way of travelling");
        let ends = it.start.into_iter().chain(it.end).all(|it| it < places);
        self.if_not(ends, &path("start"), "or end is not a place");
        let times = near(it.earliest) && it.latest >= it.earliest && it.overtime >= 0;
        self.if_not(times, &path("latest"), "is before earliest, or a number is out of range");
        self.if_not(it.maximum_work.is_none_or(|it| it >= 0), &path("maximum_work"), "is negative");
        let breaks = it
            .breaks
            .iter()
            .all(|it| near(it.earliest) && it.latest >= it.earliest && it.length > 0 && near(it.length));
        self.if_not(breaks, &path("breaks"), "has one without length or with its latest start before its earliest");
        self.if_not((0..=1 << 40).contains(&it.cost), &path("cost"), "is negative or enormous");
    }

    fn visit(&mut self, problem: &Problem, at: usize, it: &Visit, places: usize) {
        let path = |of: &str| format!("visits[{at}].{of}");
        self.if_not(it.place < places, &path("place"), "is not a place");
        self.if_not((1..=2).contains(&it.parts.len()), &path("parts"), "are neither one nor two");
        let windows = it.windows.iter().all(|it| near(it.open) && it.open <= it.close)
            && it.windows.windows(2).all(|it| it[0].close < it[1].open);
        self.if_not(windows, &path("windows"), "are empty stretches, overlap or are not in order");
        let due = it.windows.iter().all(|it| it.due.is_none_or(|due| due >= it.open));
        self.if_not(due, &path("windows"), "have one that is due before it opens");
        if let crate::model::Together::Ordered { minimum, maximum } = it.together {
            let fine = minimum <= maximum && near(minimum) && near(maximum) && minimum >= 0;
            self.if_not(fine, &path("together"), "has a minimum that is negative or above its maximum");
        }
        let gains = it.known.iter().all(|it| (0..=1 << 20).contains(&it.gain));
        self.if_not(gains, &path("known"), "has a gain that is negative or enormous");
        let leave = it.may_leave.is_none_or(|it| (0..=1 << 50).contains(&it));
        self.if_not(leave, &path("may_leave"), "is negative or enormous");
        for (part, it) in it.parts.iter().enumerate() {
            let path = |of: &str| format!("visits[{at}].parts[{part}].{of}");
            self.if_not(it.duration >= 0 && near(it.duration), &path("duration"), "is negative or out of range");
            let shifts = [it.pin.and_then(|it| it.shift), it.begun.map(|it| it.shift), it.told.map(|it| it.shift)];
            let known = shifts.into_iter().flatten().all(|it| it < problem.shifts.len());
            self.if_not(known, &path("pin"), "or begun or told names a shift that is not there");
            let starts = [it.pin.and_then(|it| it.start), it.begun.map(|it| it.start), it.told.map(|it| it.start)];
            self.if_not(starts.into_iter().flatten().all(near), &path("pin"), "or begun or told is out of range");
            let ends = it.begun.is_none_or(|it| it.end >= it.start && near(it.end));
            self.if_not(ends, &path("begun"), "ends before it starts");
        }
        let begun = it.parts.iter().filter(|it| it.begun.is_some()).count();
        self.if_not(
            begun == 0 || begun == it.parts.len(),
            &path("parts"),
            "have one that has begun and one that has not",
        );
    }
}
