//! Whether a plan keeps every constraint, and what it costs: computed from the problem and the plan's starts alone, by
//! other means than the search, so that each can be held against the other.

use crate::{
    fault::Fault,
    model::{Break, Money, Part, Problem, Shift, Skills, Time, Together, Visit},
    plan::{Cost, Plan, Route, Stop},
};

/// The cost of a plan, or all that is wrong with it. The problem must be valid.
pub fn check(problem: &Problem, plan: &Plan) -> Result<Cost, Vec<Fault>> {
    let faults = unknown(problem, plan);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut check = Check { problem, faults: Vec::new(), cost: Cost::default(), latest: 0 };
    for route in &plan.routes {
        check.route(route);
    }
    for visit in 0..problem.visits.len() {
        check.visit(plan, visit);
    }
    for it in &problem.series {
        check.series(plan, &it.visits, it.minimum_days, it.maximum_days);
    }
    check.finish(plan)
}

/// Indices that the problem does not have.
fn unknown(problem: &Problem, plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut say = |what: String| faults.push(Fault::Unknown { what });
    for (at, route) in plan.routes.iter().enumerate() {
        let Some(shift) = problem.shifts.get(route.shift) else {
            say(format!("shift {}", route.shift));
            continue;
        };
        if plan.routes[..at].iter().any(|it| it.shift == route.shift) {
            say(format!("shift {} has two routes", route.shift));
        }
        for stop in &route.stops {
            let parts = problem.visits.get(stop.visit).map_or(0, |it| it.parts.len());
            if stop.parts.is_empty()
                || !stop.parts.iter().enumerate().all(|(at, it)| *it < parts && !stop.parts[..at].contains(it))
            {
                say(format!("parts {:?} of visit {}", stop.parts, stop.visit));
            }
        }
        let rests = &route.breaks;
        let known = rests.iter().all(|it| it.index < shift.breaks.len() && it.after <= route.stops.len());
        if !known || rests.windows(2).any(|it| it[0].after > it[1].after) {
            say(format!("breaks of shift {}", route.shift));
        }
    }
    for it in &plan.left {
        if it.visit >= problem.visits.len() {
            say(format!("visit {}", it.visit));
        }
    }
    faults
}

struct Check<'a> {
    problem: &'a Problem,
    faults: Vec<Fault>,
    cost: Cost,
    latest: Time,
}

/// Where a worker is and from when on they are free.
struct Walk {
    place: Option<usize>,
    free: Time,
    work: Time,
}

impl Check<'_> {
    fn route(&mut self, route: &Route) {
        let shift = &self.problem.shifts[route.shift];
        let mut walk = Walk { place: shift.start, free: self.sets_out(shift), work: 0 };
        if route.start < walk.free || route.stops.is_empty() {
            self.told(route, "start");
        }
        self.rests(route, shift, &mut walk, 0);
        for (at, stop) in route.stops.iter().enumerate() {
            self.stop(route, shift, &mut walk, stop);
            self.rests(route, shift, &mut walk, at + 1);
        }
        walk.free += self.travel(shift, walk.place, shift.end);
        walk.work += self.leg(shift, walk.place, shift.end);
        if route.end != walk.free {
            self.told(route, "end");
        }
        if route.work != walk.work {
            self.told(route, "work");
        }
        if route.overtime != 0.max(route.end - shift.latest) {
            self.told(route, "overtime");
        }
        // What has begun may last beyond every limit; the limits hold for what is added.
        let forced = self.forced(route, shift);
        if route.end - shift.latest > shift.overtime && route.end > forced.0 + self.leg(shift, forced.2, shift.end) {
            let allowed = shift.latest + shift.overtime;
            self.faults.push(Fault::ShiftEnd { shift: route.shift, end: route.end, allowed });
        }
        if let Some(maximum) = shift.maximum_work.filter(|it| walk.work > forced.1.max(*it)) {
            self.faults.push(Fault::Work { shift: route.shift, work: walk.work, maximum });
        }
        for (index, it) in shift.breaks.iter().enumerate() {
            let taken = route.breaks.iter().filter(|it| it.index == index).count();
            if taken > 1 || (taken == 0 && route.end > it.latest && forced.0 <= it.latest) {
                self.faults.push(Fault::Break { shift: route.shift, index });
            }
        }
        self.cost.shifts += shift.cost;
        self.cost.overtime += self.problem.weights.overtime * 0.max(route.end - shift.latest);
    }

    /// What has begun by itself: when it leaves the worker free (or now), its work with the way home, and where it ends.
    fn forced(&self, route: &Route, shift: &Shift) -> (Time, Time, Option<usize>) {
        let begun = |it: &&Stop| self.problem.visits[it.visit].parts[it.parts[0]].begun.is_some();
        let mut all = (Time::MIN / 4, 0, shift.start);
        for stop in route.stops.iter().filter(begun) {
            let place = Some(self.problem.visits[stop.visit].place);
            all = (stop.end, all.1 + self.leg(shift, all.2, place) + stop.end - stop.start, place);
        }
        if all.1 > 0 {
            let free = self.problem.now.unwrap_or(all.0).max(all.0);
            all = (free, all.1 + free - all.0 + self.leg(shift, all.2, shift.end), all.2);
        }
        all
    }

    fn sets_out(&self, shift: &Shift) -> Time {
        self.problem.now.unwrap_or(shift.earliest).max(shift.earliest)
    }

    fn leg(&self, shift: &Shift, from: Option<usize>, to: Option<usize>) -> Time {
        from.zip(to).map_or(0, |(from, to)| self.problem.travel[shift.travel].time.get(from, to))
    }

    /// Travel time of a leg; what the leg costs is counted.
    fn travel(&mut self, shift: &Shift, from: Option<usize>, to: Option<usize>) -> Time {
        let time = self.leg(shift, from, to);
        self.cost.travel += self.problem.weights.travel * time;
        if let Some((from, to)) = from.zip(to) {
            let metres = self.problem.travel[shift.travel].distance.get(from, to);
            self.cost.distance += self.problem.weights.distance * metres;
        }
        time
    }

    fn rests(&mut self, route: &Route, shift: &Shift, walk: &mut Walk, after: usize) {
        for it in route.breaks.iter().filter(|it| it.after == after) {
            let Break { earliest, latest, length } = shift.breaks[it.index];
            let sound = it.start >= earliest && it.start <= latest && it.end - it.start >= length;
            if !sound || it.start < walk.free {
                self.faults.push(Fault::Break { shift: route.shift, index: it.index });
            }
            walk.free = it.end;
        }
    }

    fn stop(&mut self, route: &Route, shift: &Shift, walk: &mut Walk, stop: &Stop) {
        let visit = &self.problem.visits[stop.visit];
        let begun = stop.parts.iter().find_map(|it| visit.parts[*it].begun);
        let there = walk.free + self.travel(shift, walk.place, Some(visit.place));
        let lasts = stop.parts.iter().map(|it| visit.parts[*it].duration).max().unwrap_or(0);
        walk.work += self.leg(shift, walk.place, Some(visit.place));
        walk.place = Some(visit.place);
        match begun {
            Some(it) => {
                let ends = stop.parts.iter().filter_map(|it| visit.parts[*it].begun).map(|it| it.end).max();
                for part in &stop.parts {
                    let same =
                        visit.parts[*part].begun.map(|it| (it.shift, it.start)) == Some((route.shift, stop.start));
                    if !same || Some(stop.end) != ends {
                        self.faults.push(Fault::Begun { visit: stop.visit, part: *part });
                    }
                }
                let now = self.problem.now.filter(|_| self.is_last_begun(route, stop));
                walk.free = now.unwrap_or(stop.end).max(stop.end);
                walk.work += walk.free - it.start;
            }
            None => {
                if stop.start < there || stop.arrival < there {
                    self.faults.push(Fault::TooSoon {
                        visit: stop.visit,
                        shift: route.shift,
                        start: stop.start,
                        possible: there,
                    });
                }
                if stop.end != stop.start + lasts || stop.arrival != there || stop.wait != stop.start - there {
                    self.told(route, "stop");
                }
                walk.free = stop.end;
                walk.work += lasts;
            }
        }
        self.able(route.shift, shift, stop, begun.is_some());
        let late = self.window(stop, visit, begun.is_some());
        if late != stop.late {
            self.told(route, "late");
        }
        self.latest = self.latest.max(late);
        for part in &stop.parts {
            self.cost.late += self.problem.weights.late * late;
            self.person(route.shift, shift, stop, visit, &visit.parts[*part], *part);
        }
    }

    fn is_last_begun(&self, route: &Route, stop: &Stop) -> bool {
        let begun = |it: &Stop| self.problem.visits[it.visit].parts[it.parts[0]].begun.is_some();
        route.stops.iter().rfind(|it| begun(it)) == Some(stop)
    }

    /// By how much the start is late, if it lies in a window at all.
    fn window(&mut self, stop: &Stop, visit: &Visit, begun: bool) -> Time {
        let pinned = stop.parts.iter().find_map(|it| visit.parts[*it].pin?.start);
        let inside = visit.windows.iter().find(|it| it.open <= stop.start && stop.start <= it.close);
        if begun {
            return 0;
        }
        if let (None, None, Some(first)) = (inside, pinned, visit.windows.first()) {
            let apart = |it: &&crate::model::Window| (it.open - stop.start).max(stop.start - it.close);
            let nearest = visit.windows.iter().min_by_key(apart).unwrap_or(first);
            self.faults.push(Fault::Window {
                visit: stop.visit,
                start: stop.start,
                open: nearest.open,
                close: nearest.close,
            });
        }
        inside.and_then(|it| it.due).map_or(0, |it| 0.max(stop.start - it))
    }

    /// Whether the people of the shift may and can do the parts of this stop.
    fn able(&mut self, index: usize, shift: &Shift, stop: &Stop, begun: bool) {
        let visit = &self.problem.visits[stop.visit];
        if begun {
            return;
        }
        for worker in &shift.workers {
            let only = visit.only.is_empty() || visit.only.contains(worker);
            if visit.forbidden.contains(worker) || !only {
                self.faults.push(Fault::Forbidden { visit: stop.visit, shift: index, worker: *worker });
            }
        }
        let skills = |it: usize| self.problem.workers[it].skills;
        let joined = shift.workers.iter().fold(Skills::default(), |all, it| all.or(skills(*it)));
        for part in &stop.parts {
            let needed = visit.parts[*part].skills;
            if !joined.has(needed) {
                let lacking = needed.without(joined);
                self.faults.push(Fault::Skills { visit: stop.visit, part: *part, shift: index, lacking });
            }
        }
        if stop.parts.len() == 2 {
            let can = |part: usize| -> Vec<usize> {
                let needed = visit.parts[part].skills;
                shift.workers.iter().copied().filter(|it| skills(*it).has(needed)).collect()
            };
            let (one, two) = (can(0), can(1));
            let pair = one.iter().any(|it| two.iter().any(|other| other != it));
            if !pair || visit.together != Together::Same {
                self.faults.push(Fault::Crew { visit: stop.visit, shift: index });
            }
        }
    }

    /// What is fixed or was told of one part, and what its person costs.
    fn person(&mut self, index: usize, shift: &Shift, stop: &Stop, visit: &Visit, part: &Part, at: usize) {
        let weights = &self.problem.weights;
        if part.begun.is_none()
            && let Some(pin) = part.pin
            && (pin.shift.is_some_and(|it| it != index) || pin.start.is_some_and(|it| it != stop.start))
        {
            self.faults.push(Fault::Pin { visit: stop.visit, part: at });
        }
        let mut best = 0;
        let mut here = 0;
        for it in &visit.known {
            best = best.max(it.gain);
            if shift.workers.contains(&it.worker) {
                here = here.max(it.gain);
            }
        }
        self.cost.continuity += weights.continuity * (best - here);
        if let Some(told) = part.told {
            let same = self.problem.shifts[told.shift].workers == shift.workers;
            let moved = stop.start < told.start - weights.tolerance || stop.start > told.start + weights.tolerance;
            self.cost.changes += if same { 0 } else { weights.change_worker };
            self.cost.changes += if moved { weights.change_time } else { 0 };
        }
    }

    /// Each part once or none at all, and the parts as they hang together.
    fn visit(&mut self, plan: &Plan, index: usize) {
        let visit = &self.problem.visits[index];
        let mut spots: Vec<Vec<(usize, Time)>> = vec![Vec::new(); visit.parts.len()];
        for route in &plan.routes {
            for stop in route.stops.iter().filter(|it| it.visit == index) {
                for part in &stop.parts {
                    spots[*part].push((route.shift, stop.start));
                }
            }
        }
        for (part, it) in spots.iter().enumerate() {
            if it.len() > 1 {
                self.faults.push(Fault::Twice { visit: index, part });
            }
            if it.is_empty() && visit.parts[part].begun.is_some() {
                self.faults.push(Fault::Begun { visit: index, part });
            }
        }
        let planned = spots.iter().filter(|it| !it.is_empty()).count();
        let left = plan.left.iter().filter(|it| it.visit == index).count();
        match (planned, left) {
            (0, 0) => self.faults.push(Fault::Lost { visit: index }),
            (0, 1) => self.cost.left += self.leaving(visit),
            (it, 0) if it == spots.len() => (),
            _ => self.faults.push(Fault::Half { visit: index }),
        }
        let [one, two] = spots.as_slice() else { return };
        let (Some(one), Some(two)) = (one.first(), two.first()) else { return };
        let begun = visit.parts.iter().all(|it| it.begun.is_some());
        if begun || (one.0 == two.0 && one.1 == two.1) {
            return;
        }
        let gap = two.1 - one.1;
        let (minimum, maximum) = match visit.together {
            Together::Same => (0, 0),
            Together::Ordered { minimum, maximum } => (minimum, maximum),
        };
        if gap < minimum || gap > maximum {
            self.faults.push(Fault::Together { visit: index, gap, minimum, maximum });
        }
        let theirs = &self.problem.shifts[two.0].workers;
        if let Some(worker) = self.problem.shifts[one.0].workers.iter().find(|it| theirs.contains(it)) {
            self.faults.push(Fault::SamePerson { visit: index, worker: *worker });
        }
    }

    fn leaving(&self, visit: &Visit) -> Money {
        visit.may_leave.unwrap_or(self.problem.weights.left * Money::from(visit.priority))
    }

    fn series(&mut self, plan: &Plan, visits: &[usize], minimum: i64, maximum: i64) {
        let day = |visit: usize| {
            let route = plan.routes.iter().find(|it| it.stops.iter().any(|it| it.visit == visit))?;
            Some(self.problem.shifts[route.shift].day)
        };
        let planned: Vec<(usize, i64)> = (0..).zip(visits).filter_map(|(at, it)| Some((at, day(*it)?))).collect();
        for pair in planned.windows(2) {
            let [(before, first), (after, second)] = [pair[0], pair[1]];
            let days = second - first;
            if days < minimum || (after == before + 1 && days > maximum) {
                self.faults.push(Fault::Days { before: visits[before], after: visits[after], days, minimum, maximum });
            }
        }
    }

    fn finish(mut self, plan: &Plan) -> Result<Cost, Vec<Fault>> {
        let weights = &self.problem.weights;
        self.cost.latest = weights.latest * self.latest;
        for (worker, it) in self.problem.workers.iter().enumerate() {
            let mine = |route: &&Route| self.problem.shifts[route.shift].workers.contains(&worker);
            let load: Time = plan.routes.iter().filter(mine).map(|it| it.work).sum::<Time>() + it.load_before;
            self.cost.fairness += weights.fairness * (load * load / weights.fair_unit);
        }
        if plan.cost != self.cost {
            self.faults.push(Fault::Cost { stated: plan.cost.total(), found: self.cost.total() });
        }
        if self.faults.is_empty() { Ok(self.cost) } else { Err(self.faults) }
    }

    fn told(&mut self, route: &Route, what: &str) {
        self.faults.push(Fault::Told { shift: route.shift, what: what.to_owned() });
    }
}
