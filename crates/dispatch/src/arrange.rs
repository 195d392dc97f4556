//! Tours in an order somebody chose, with the earliest times that follow, broken or not: for a dispatcher who moves a visit by
//! hand, and for a plan that is read again from what was kept.

use crate::{
    check::check,
    fault::Fault,
    model::{Problem, Time, Together},
    plan::{Cost, Left, Plan, Rest, Route, Stop},
};

/// The stops of one shift in their order: each a visit with the parts that are done there.
pub type Order = (usize, Vec<(usize, Vec<usize>)>);

/// A plan of these tours, with its cost, and everything that is broken in it. Every shift, visit and part has to be one of the
/// problem, and each part stands once at most.
pub fn arrange(problem: &Problem, orders: &[Order]) -> (Plan, Vec<Fault>) {
    let mut held = vec![[0, 0]; problem.visits.len()];
    let mut routes = Vec::new();
    // Two who are to begin together wait for each other: times only grow, and an order that makes two pairs wait crosswise
    // never ends, so that it is broken off and found broken.
    for _ in 0..2 * problem.visits.len() + 2 {
        routes = orders
            .iter()
            .filter(|it| !it.1.is_empty())
            .map(|(shift, stops)| walk(problem, *shift, stops, &held))
            .collect();
        if !wait(problem, &routes, &mut held) {
            break;
        }
    }
    let there = |visit: usize| orders.iter().flat_map(|it| &it.1).any(|it| it.0 == visit);
    let left =
        (0..problem.visits.len()).filter(|it| !there(*it)).map(|visit| Left { visit, why: Vec::new() }).collect();
    let mut plan = Plan { routes, left, cost: Cost::default() };
    plan.cost = crate::search::cost(problem, &plan);
    // The cost is not stated by anybody whom it could contradict.
    let faults = check(problem, &plan).err().unwrap_or_default();
    (plan, faults.into_iter().filter(|it| !matches!(it, Fault::Cost { .. })).collect())
}

/// Makes parts that hang together wait for each other; whether one of them has to wait longer than before.
fn wait(problem: &Problem, routes: &[Route], held: &mut [[Time; 2]]) -> bool {
    let mut starts = vec![[None, None]; problem.visits.len()];
    for stop in routes.iter().flat_map(|it| &it.stops) {
        for part in &stop.parts {
            starts[stop.visit][*part] = Some(stop.start);
        }
    }
    let mut is_longer = false;
    for (visit, pair) in starts.iter().enumerate() {
        let [Some(first), Some(second)] = *pair else { continue };
        let least = match problem.visits[visit].together {
            Together::Same => [second, first],
            Together::Ordered { minimum, maximum } => [second - maximum, first + minimum],
        };
        for part in 0..2 {
            if pair[part].is_some_and(|it| it < least[part]) && held[visit][part] < least[part] {
                held[visit][part] = least[part];
                is_longer = true;
            }
        }
    }
    is_longer
}

/// One tour as early as it can be.
fn walk(problem: &Problem, shift: usize, stops: &[(usize, Vec<usize>)], held: &[[Time; 2]]) -> Route {
    let given = &problem.shifts[shift];
    let time = |from: Option<usize>, to: Option<usize>| match from.zip(to) {
        Some((from, to)) => problem.travel[given.travel].time.get(from, to),
        None => 0,
    };
    let start = problem.now.map_or(given.earliest, |now| now.max(given.earliest));
    let has_begun = |visit: usize, parts: &[usize]| problem.visits[visit].parts[parts[0]].begun.is_some();
    let mut route = Route { shift, start, ..Route::default() };
    let (mut at, mut free, mut next_break) = (given.start, route.start, 0);
    for (nth, (visit, parts)) in stops.iter().enumerate() {
        let it = &problem.visits[*visit];
        let leg = time(at, Some(it.place));
        let duration = parts.iter().map(|part| it.parts[*part].duration).max().unwrap_or(0);
        at = Some(it.place);
        if let Some(begun) = it.parts[parts[0]].begun {
            let ends =
                parts.iter().filter_map(|part| it.parts[*part].begun).map(|it| it.end).max().unwrap_or(begun.end);
            route.stops.push(stop(*visit, parts, begun.start, (begun.start, ends), 0, 0));
            // Whoever was the last to begin is there until now at least.
            let is_last = stops[nth + 1..].iter().all(|(visit, parts)| !has_begun(*visit, parts));
            free = problem.now.filter(|_| is_last).map_or(ends, |now| now.max(ends));
            route.work += leg + free - begun.start;
            continue;
        }
        route.work += leg + duration;
        let least = parts.iter().map(|part| held[*visit][*part]).max().unwrap_or(0);
        let pinned = parts.iter().find_map(|part| it.parts[*part].pin.and_then(|pin| pin.start));
        let begins = |free: Time| {
            let soon = (free + leg).max(least);
            match pinned {
                Some(fixed) => fixed.max(soon),
                None => it.windows.iter().find(|it| soon <= it.close).map_or(soon, |it| it.open.max(soon)),
            }
        };
        while let Some(rest) = given.breaks.get(next_break) {
            let from = free.max(rest.earliest);
            let fits_into_waiting = begins(from + rest.length) <= begins(free);
            let is_last_chance = begins(free) + duration > rest.latest;
            if !fits_into_waiting && !is_last_chance {
                break;
            }
            rested(&mut route, next_break, from, rest.length);
            free = from + rest.length;
            next_break += 1;
        }
        let (arrival, start) = (free + leg, begins(free));
        let due = it.windows.iter().find(|it| start <= it.close).and_then(|it| it.due);
        let late = due.map_or(0, |due| (start - due).max(0));
        route.stops.push(stop(*visit, parts, arrival, (start, start + duration), late, start - arrival));
        free = start + duration;
    }
    let home = time(at, given.end);
    route.work += home;
    // A break that is still to come is taken unless the tour is over by then.
    for (index, rest) in given.breaks.iter().enumerate().skip(next_break) {
        if free + home > rest.latest {
            let from = free.max(rest.earliest);
            rested(&mut route, index, from, rest.length);
            free = from + rest.length;
        }
    }
    route.end = free + home;
    route.overtime = (route.end - given.latest).max(0);
    route
}

fn stop(visit: usize, parts: &[usize], arrival: Time, (start, end): (Time, Time), late: Time, wait: Time) -> Stop {
    Stop { visit, parts: parts.to_vec(), arrival, start, end, late, wait }
}

fn rested(route: &mut Route, index: usize, start: Time, length: Time) {
    route.breaks.push(Rest { index, after: route.stops.len(), start, end: start + length });
}
