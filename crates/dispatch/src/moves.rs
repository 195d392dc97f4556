//! What a dispatcher's drag breaks and costs: the stop is put where it is dragged to, whatever that breaks, and the
//! checker says what it thinks of the plan.

use serde::{Deserialize, Serialize};

use crate::{
    check::check,
    fault::{Fault, Invalid},
    model::{Money, Problem, Time, Together},
    plan::{Plan, Rest, Route, Stop},
    validate::validate,
};

/// What came of a drag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The plan as it would be: the same tours, every stop as early as it can be.
    pub plan: Plan,
    /// What it breaks; nothing: it can be done.
    pub faults: Vec<Fault>,
    /// What it costs more than the plan before.
    pub cost: Money,
}

/// Where a stop is dragged to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drag {
    pub visit: usize,
    /// The parts that are dragged together: those of one stop.
    pub parts: Vec<usize>,
    pub shift: usize,
    /// How many stops of that tour come before it there (itself not counted).
    pub position: usize,
}

/// Tries a drag on the plan in force.
pub fn try_move(problem: &Problem, plan: &Plan, drag: &Drag) -> Result<Tried, Vec<Invalid>> {
    let mut invalid = validate(problem);
    let parts = problem.visits.get(drag.visit).map_or(0, |it| it.parts.len());
    if drag.shift >= problem.shifts.len() || drag.parts.is_empty() || drag.parts.iter().any(|it| *it >= parts) {
        invalid.push(Invalid { path: "drag".to_owned(), what: "names what is not there".to_owned() });
    }
    if !invalid.is_empty() {
        return Err(invalid);
    }
    let mut moved = plan.clone();
    for route in &mut moved.routes {
        take_out(route, drag);
    }
    moved.routes.retain(|it| !it.stops.is_empty() || it.shift == drag.shift);
    let at = match moved.routes.iter().position(|it| it.shift == drag.shift) {
        Some(at) => at,
        None => {
            let at = moved.routes.partition_point(|it| it.shift < drag.shift);
            moved.routes.insert(at, Route { shift: drag.shift, ..Route::default() });
            at
        }
    };
    // A break may stand just where the stop is dropped: then either side of it is tried.
    let mut best: Option<Tried> = None;
    for behind in [true, false] {
        let tried = drop_at(problem, plan, moved.clone(), at, drag, behind);
        let better = |it: &Tried| (tried.faults.len(), tried.cost) < (it.faults.len(), it.cost);
        if best.as_ref().is_none_or(better) {
            best = Some(tried);
        }
    }
    Ok(best.expect("two were tried"))
}

/// Puts the stop into the route at index `at`; `behind` the break that stands there, or before it.
fn drop_at(problem: &Problem, plan: &Plan, mut moved: Plan, at: usize, drag: &Drag, behind: bool) -> Tried {
    let route = &mut moved.routes[at];
    let position = drag.position.min(route.stops.len());
    let first = if behind { position + 1 } else { position };
    route.breaks.iter_mut().filter(|it| it.after >= first).for_each(|it| it.after += 1);
    let mut parts = drag.parts.clone();
    parts.sort_unstable();
    route.stops.insert(position, Stop { visit: drag.visit, parts, ..Stop::default() });
    moved.left.retain(|it| it.visit != drag.visit);
    retime(problem, &mut moved);
    moved.cost = crate::search::cost(problem, &moved);
    let faults = check(problem, &moved).err().unwrap_or_default();
    let cost = moved.cost.total() - crate::search::cost(problem, plan).total();
    Tried { plan: moved, faults, cost }
}

fn take_out(route: &mut Route, drag: &Drag) {
    while let Some(at) =
        route.stops.iter().position(|it| it.visit == drag.visit && it.parts.iter().any(|it| drag.parts.contains(it)))
    {
        route.stops.remove(at);
        route.breaks.iter_mut().filter(|it| it.after > at).for_each(|it| it.after -= 1);
    }
}

/// The start of a break that the tour does not need, being over in time.
const NOT_TAKEN: Time = Time::MIN;

/// The start of a stop before it is known.
pub(crate) const NEVER: Time = Time::MIN / 4;

/// Every stop as early as its tour and the other part allow; what cannot be in its window starts when it can.
pub(crate) fn retime(problem: &Problem, plan: &mut Plan) {
    for route in &mut plan.routes {
        breaks(problem, route);
        route.stops.iter_mut().for_each(|it| it.start = NEVER);
    }
    let rounds = plan.routes.iter().map(|it| it.stops.len()).sum::<usize>() + 2;
    for _ in 0..rounds {
        let before = plan.routes.clone();
        for at in 0..plan.routes.len() {
            let mut route = std::mem::take(&mut plan.routes[at]);
            pass(problem, &before, &mut route);
            plan.routes[at] = route;
        }
        if plan.routes == before {
            break;
        }
    }
    plan.routes.iter_mut().for_each(|it| it.breaks.retain(|it| it.start != NOT_TAKEN));
}

/// Breaks that the tour lacks come after its last stop, where they count only if it lasts so long.
fn breaks(problem: &Problem, route: &mut Route) {
    let begun = route.stops.iter().filter(|it| has_begun(problem, it)).map(|it| it.end).max();
    let past = begun.map_or(Time::MIN, |it| problem.now.map_or(it, |now| now.max(it)));
    for (index, it) in problem.shifts[route.shift].breaks.iter().enumerate() {
        if it.latest >= past && route.breaks.iter().all(|it| it.index != index) {
            route.breaks.push(Rest { index, after: route.stops.len(), start: 0, end: 0 });
        }
    }
    route.breaks.sort_by_key(|it| (it.after, it.index));
}

/// One tour as early as the others' times allow; its stops never start sooner than they say.
pub(crate) fn pass(problem: &Problem, all: &[Route], route: &mut Route) {
    let shift = &problem.shifts[route.shift];
    let travel = |from: Option<usize>, to: Option<usize>| {
        from.zip(to).map_or(0, |(from, to)| problem.travel[shift.travel].time.get(from, to))
    };
    route.start = problem.now.map_or(shift.earliest, |it| it.max(shift.earliest));
    let mut free = route.start;
    let mut place = shift.start;
    route.work = 0;
    for at in 0..=route.stops.len() {
        for rest in route.breaks.iter_mut().filter(|it| it.after == at) {
            let given = &shift.breaks[rest.index];
            let home = travel(place, shift.end);
            if at == route.stops.len() && free + home <= given.latest {
                (rest.start, rest.end) = (NOT_TAKEN, NOT_TAKEN);
                continue;
            }
            rest.start = free.max(given.earliest);
            rest.end = rest.start + given.length;
            free = rest.end;
        }
        let Some(stop) = route.stops.get_mut(at) else { break };
        let visit = &problem.visits[stop.visit];
        let leg = travel(place, Some(visit.place));
        let lasts = stop.parts.iter().map(|it| visit.parts[*it].duration).max().unwrap_or(0);
        place = Some(visit.place);
        let begun = stop.parts.iter().find_map(|it| visit.parts[*it].begun);
        if let Some(it) = begun.filter(|it| it.shift == route.shift) {
            let ends =
                stop.parts.iter().filter_map(|it| visit.parts[*it].begun).map(|it| it.end).max().unwrap_or(it.end);
            (stop.arrival, stop.start, stop.end, stop.late, stop.wait) = (it.start, it.start, ends, 0, 0);
            let last = route.stops[at + 1..].iter().all(|it| !has_begun(problem, it));
            free = problem.now.filter(|_| last).map_or(ends, |now| now.max(ends));
            route.work += leg + free - it.start;
            continue;
        }
        stop.arrival = free + leg;
        let pinned = stop.parts.iter().find_map(|it| visit.parts[*it].pin?.start);
        let least = stop.arrival.max(stop.start).max(other_part(problem, all, route.shift, stop));
        let window = visit.windows.iter().find(|it| least <= it.close);
        stop.start = least.max(pinned.unwrap_or_else(|| window.map_or(least, |it| it.open)));
        stop.end = stop.start + lasts;
        stop.wait = stop.start - stop.arrival;
        let inside = visit.windows.iter().find(|it| it.open <= stop.start && stop.start <= it.close);
        stop.late = inside.and_then(|it| it.due).map_or(0, |it| (stop.start - it).max(0));
        free = stop.end;
        route.work += leg + lasts;
    }
    let home = travel(place, shift.end);
    route.end = free + home;
    route.work += home;
    route.overtime = (route.end - shift.latest).max(0);
}

fn has_begun(problem: &Problem, stop: &Stop) -> bool {
    stop.parts.iter().any(|it| problem.visits[stop.visit].parts[*it].begun.is_some())
}

/// The least start that the other part of the visit asks for.
fn other_part(problem: &Problem, all: &[Route], shift: usize, stop: &Stop) -> Time {
    let visit = &problem.visits[stop.visit];
    let none = NEVER;
    if visit.parts.len() < 2 || stop.parts.len() > 1 {
        return none;
    }
    let other = 1 - stop.parts[0];
    let routes = all.iter().filter(|it| it.shift != shift);
    let Some(theirs) = routes.flat_map(|it| &it.stops).find(|it| it.visit == stop.visit && it.parts == [other]) else {
        return none;
    };
    if theirs.start == none {
        return none;
    }
    match (visit.together, other) {
        (Together::Same, _) => theirs.start,
        (Together::Ordered { minimum, .. }, 0) => theirs.start + minimum,
        (Together::Ordered { maximum, .. }, _) => theirs.start - maximum,
    }
}
