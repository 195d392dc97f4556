//! What counts in a plan, in numbers that two plans can be compared by.

use std::collections::BTreeSet;

use dispatch::{Plan, Stop};
use serde::{Deserialize, Serialize};

use super::{gather::Facts, problem::Built};

/// Minutes and metres are sums over all tours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Visits that are planned, and those left out.
    pub visits: i64,
    pub left: i64,
    /// Tours that are used, and people there are.
    pub tours: i64,
    pub staff: i64,
    pub way_minutes: i64,
    pub metres: i64,
    pub late: i64,
    pub late_minutes: i64,
    pub overtime_minutes: i64,
    pub wait_minutes: i64,
    /// Visits to elders whom somebody visited before, and those of them where one of these comes again.
    pub with_known: i64,
    pub known: i64,
    /// Work of the longest and of the shortest tour used.
    pub longest_minutes: i64,
    pub shortest_minutes: i64,
    /// Visits that change for somebody who was told otherwise.
    pub changed: i64,
    /// By the measure of the solver, in minutes on the way.
    pub cost_minutes: i64,
}

pub fn of(plan: &Plan, facts: &Facts, built: &Built) -> Figures {
    let problem = &built.problem;
    let mut it = Figures {
        left: plan.left.len() as i64,
        visits: (problem.visits.len() - plan.left.len()) as i64,
        tours: plan.routes.len() as i64,
        staff: built.tours.iter().flat_map(|it| &it.staff).collect::<BTreeSet<_>>().len() as i64,
        cost_minutes: plan.cost.total() / 60,
        ..Figures::default()
    };
    let (mut way, mut late, mut wait, mut overtime) = (0, 0, 0, 0);
    for route in &plan.routes {
        let shift = &problem.shifts[route.shift];
        let table = &problem.travel[shift.travel];
        let homes = route.stops.iter().map(|stop| problem.visits[stop.visit].place);
        let places: Vec<usize> = shift.start.into_iter().chain(homes).chain(shift.end).collect();
        for leg in places.windows(2) {
            way += table.time.get(leg[0], leg[1]);
            it.metres += table.distance.get(leg[0], leg[1]);
        }
        late += route.stops.iter().map(|stop| stop.late).sum::<i64>();
        wait += route.stops.iter().map(|stop| stop.wait).sum::<i64>();
        it.late += route.stops.iter().filter(|stop| 0 < stop.late).count() as i64;
        overtime += route.overtime;
        for stop in route.stops.iter().filter(|stop| stop.parts.contains(&0)) {
            let visit = &facts.visits[built.visits[stop.visit]];
            let before = &visit.known;
            it.with_known += i64::from(!before.is_empty());
            let comes = &built.tours[route.shift].staff;
            it.known += i64::from(before.iter().any(|one| comes.contains(&one.0)));
        }
        it.changed += route.stops.iter().filter(|stop| is_changed(built, route.shift, stop)).count() as i64;
    }
    it.way_minutes = (way + 30) / 60;
    it.late_minutes = (late + 59) / 60;
    it.wait_minutes = wait / 60;
    it.overtime_minutes = (overtime + 59) / 60;
    it.longest_minutes = plan.routes.iter().map(|it| it.work).max().unwrap_or(0) / 60;
    it.shortest_minutes = plan.routes.iter().map(|it| it.work).min().unwrap_or(0) / 60;
    it
}

/// Whether a stop is otherwise than those who come were told.
pub fn is_changed(built: &Built, shift: usize, stop: &Stop) -> bool {
    let parts = &built.problem.visits[stop.visit].parts;
    let tolerance = built.problem.weights.tolerance;
    stop.parts.iter().filter_map(|part| parts[*part].told).any(|told| {
        let same = built.tours[told.shift].staff.iter().any(|id| built.tours[shift].staff.contains(id));
        !same || tolerance < (told.start - stop.start).abs()
    })
}
