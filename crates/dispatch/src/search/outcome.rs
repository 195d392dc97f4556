//! From the lists of the search to a plan people read, with its cost by parts.

use super::{
    facts::{Facts, NONE},
    state::State,
};
use crate::{
    model::{Problem, Time},
    plan::{Cost, Left, Plan, Rest, Route, Stop},
};

/// The plan that a state stands for. A break after the last stop is dropped if the tour is over without it in time.
pub fn plan(problem: &Problem, facts: &Facts, state: &State) -> Plan {
    let mut routes = Vec::new();
    for (shift, tour) in facts.tours.iter().enumerate() {
        if state.tours[shift].count > 0 {
            routes.push(route(problem, facts, state, shift, tour.start));
        }
    }
    let mut left: Vec<Left> = state.absent.iter().map(|it| Left { visit: *it as usize, why: Vec::new() }).collect();
    left.sort_by_key(|it| it.visit);
    let mut plan = Plan { routes, left, cost: Cost::default() };
    plan.cost = cost(problem, &plan);
    plan
}

fn route(problem: &Problem, facts: &Facts, state: &State, shift: usize, start: u32) -> Route {
    let given = &problem.shifts[shift];
    let mut route = Route { shift, start: Time::from(state.spots[start as usize].start), ..Route::default() };
    let mut leave = route.start;
    let mut at = state.spots[start as usize].next;
    while state.spots[at as usize].next != NONE {
        let spot = &state.spots[at as usize];
        let node = &facts.nodes[at as usize];
        let (starts, ends) = (Time::from(spot.start), Time::from(spot.leave));
        if node.visit == NONE {
            let index = (at - facts.tours[shift].first_break) as usize;
            route.breaks.push(Rest { index, after: route.stops.len(), start: starts, end: ends });
        } else {
            let arrival = if node.begun { starts } else { leave + Time::from(spot.leg) };
            let parts: Vec<usize> = (0..2).filter(|it| node.parts >> it & 1 == 1).collect();
            let visit = node.visit as usize;
            let end = parts
                .iter()
                .filter_map(|it| problem.visits[visit].parts[*it].begun)
                .map(|it| it.end)
                .max()
                .unwrap_or(ends);
            route.work += Time::from(node.duration) + Time::from(spot.leg);
            route.stops.push(Stop {
                visit,
                parts,
                arrival,
                start: starts,
                end,
                late: Time::from(facts.lateness(at, spot.start)),
                wait: starts - arrival,
            });
        }
        leave = ends;
        at = spot.next;
    }
    let last = route.stops.len();
    let home = Time::from(state.spots[at as usize].leg);
    route.work += home;
    while let Some(rest) = route.breaks.last().copied() {
        let before = route.breaks.iter().rev().nth(1).filter(|it| it.after == last).map(|it| it.end);
        let free = before.or(route.stops.last().map(|it| it.end)).unwrap_or(route.start);
        let free = problem.now.map_or(free, |it| free.max(it));
        if rest.after < last || free + home > given.breaks[rest.index].latest {
            break;
        }
        leave = free;
        route.breaks.pop();
    }
    route.end = leave + home;
    route.overtime = (route.end - given.latest).max(0);
    route
}

/// What a plan costs.
pub fn cost(problem: &Problem, plan: &Plan) -> Cost {
    let weights = &problem.weights;
    let mut cost = Cost::default();
    let mut latest = 0;
    let mut loads: Vec<Time> = problem.workers.iter().map(|it| it.load_before).collect();
    for route in &plan.routes {
        let shift = &problem.shifts[route.shift];
        cost.shifts += shift.cost;
        cost.overtime += weights.overtime * route.overtime;
        for it in &shift.workers {
            loads[*it] += route.work;
        }
        let places = shift.start.into_iter().chain(route.stops.iter().map(|it| problem.visits[it.visit].place));
        let places: Vec<usize> = places.chain(shift.end).collect();
        for leg in places.windows(2) {
            let travel = &problem.travel[shift.travel];
            cost.travel += weights.travel * travel.time.get(leg[0], leg[1]);
            cost.distance += weights.distance * travel.distance.get(leg[0], leg[1]);
        }
        for stop in &route.stops {
            let visit = &problem.visits[stop.visit];
            latest = latest.max(stop.late);
            cost.late += weights.late * stop.late * stop.parts.len() as i64;
            let best = visit.known.iter().map(|it| it.gain).fold(0, i64::max);
            let gains = visit.known.iter().filter(|it| shift.workers.contains(&it.worker)).map(|it| it.gain);
            cost.continuity += weights.continuity * (best - gains.fold(0, i64::max)) * stop.parts.len() as i64;
            for told in stop.parts.iter().filter_map(|it| visit.parts[*it].told) {
                if problem.shifts[told.shift].workers != shift.workers {
                    cost.changes += weights.change_worker;
                }
                if (told.start - stop.start).abs() > weights.tolerance {
                    cost.changes += weights.change_time;
                }
            }
        }
    }
    cost.latest = weights.latest * latest;
    cost.fairness = loads.iter().map(|it| weights.fairness * (it * it / weights.fair_unit.max(1))).sum();
    for it in &plan.left {
        let visit = &problem.visits[it.visit];
        cost.left += visit.may_leave.unwrap_or_else(|| weights.left.saturating_mul(i64::from(visit.priority)));
    }
    cost
}
