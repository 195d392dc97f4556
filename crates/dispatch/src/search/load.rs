//! A plan in force as the search's beginning: every stop stands where it stood, as far as that is still possible.

use super::{Search, facts::NONE};
use crate::plan::{Plan, Rest, Route, Stop};

impl Search<'_> {
    /// Puts the stops of a plan into the trial. What cannot stand where it stood is absent then.
    pub fn load(&mut self, plan: &Plan) {
        let empty = self.trial.clone();
        let visits = order(plan);
        for visit in &visits {
            self.load_visit(plan, *visit);
        }
        let all: Vec<u32> = (0..self.facts.tours.len() as u32).collect();
        // Most often it is one stop that cannot be where it was; without it the rest can.
        loop {
            self.trial.stuck = NONE;
            if self.trial.settle(self.facts, &mut self.desk, &all) {
                return;
            }
            let Some(visit) = self.culprit() else { break };
            self.trial.remove(self.facts, visit, &mut Vec::new());
        }
        self.trial.copy_from(&empty);
        for visit in visits {
            if !self.load_visit(plan, visit) {
                continue;
            }
            if !self.trial.settle(self.facts, &mut self.desk, &all) {
                let mut touched = Vec::new();
                self.trial.remove(self.facts, visit, &mut touched);
                let possible = self.trial.settle(self.facts, &mut self.desk, &all);
                debug_assert!(possible, "it was possible without the visit");
            }
        }
    }

    /// The visit whose stop had no possible start; before a break or an end the last one that can be taken out.
    fn culprit(&self) -> Option<u32> {
        let mut at = self.trial.stuck;
        while at != NONE {
            let visit = self.facts.nodes[at as usize].visit;
            if visit != NONE && !self.facts.calls[visit as usize].fixed {
                return Some(visit);
            }
            at = self.trial.spots[at as usize].prev;
        }
        None
    }

    /// Links the nodes of a visit behind what stands in their tours; whether all of it could be.
    fn load_visit(&mut self, plan: &Plan, visit: u32) -> bool {
        let facts = self.facts;
        let call = &facts.calls[visit as usize];
        if !self.trial.absent.contains(&visit) {
            return false;
        }
        let mut spots: Vec<(u32, u32, u32)> = Vec::new();
        let mut parts = 0;
        for route in &plan.routes {
            for (at, stop) in route.stops.iter().enumerate().filter(|(_, it)| it.visit == visit as usize) {
                let node = match stop.parts.as_slice() {
                    [0] => call.nodes[0],
                    [1] => call.nodes[1],
                    [0, 1] => call.joint,
                    _ => NONE,
                };
                if node == NONE || route.shift >= facts.tours.len() {
                    return false;
                }
                let shift = route.shift as u32;
                if facts.able[node as usize].binary_search_by_key(&shift, |it| it.0).is_err() {
                    return false;
                }
                parts += stop.parts.len();
                spots.push((node, shift, self.behind(route, at)));
            }
        }
        let days: Vec<i64> = spots.iter().map(|it| facts.tours[it.1 as usize].day).collect();
        let fits = days.iter().all(|it| *it == days[0] && self.day_fits(visit, *it));
        let apart = spots.len() < 2 || !self.share_a_worker(spots[0].1, spots[1].1);
        if parts != call.count || spots.len() > 2 || !fits || !apart {
            return false;
        }
        for (node, tour, after) in &spots {
            let unused = self.trial.tours[*tour as usize].count == 0;
            self.trial.link(facts, *node, *tour, *after);
            if unused {
                let route = plan.routes.iter().find(|it| it.shift == *tour as usize);
                let ahead = route.map_or(0, |it| it.breaks.iter().filter(|it| it.after == 0).count());
                self.trial.breaks_ahead(facts, *tour, ahead.min(facts.tours[*tour as usize].breaks.len()));
            }
            if self.trial.tours[*tour as usize].work > facts.tours[*tour as usize].maximum_work {
                let mut touched = Vec::new();
                self.trial.remove(facts, visit, &mut touched);
                self.trial.absent.pop();
                self.trial.base -= call.leaving;
                return false;
            }
        }
        self.trial.planned(facts, visit);
        true
    }

    /// The last node of a tour that is to stand before a stop of the plan: a stop before it, or a break before it.
    fn behind(&self, route: &Route, at: usize) -> u32 {
        let facts = self.facts;
        let tour = &facts.tours[route.shift];
        let mut after = self.trial.free_after(facts, route.shift as u32);
        let mut it = self.trial.spots[after as usize].next;
        while it != NONE {
            let node = &facts.nodes[it as usize];
            let same = |stop: &Stop| {
                stop.visit == node.visit as usize && stop.parts.iter().all(|part| node.parts >> part & 1 == 1)
            };
            let rest = |rest: &Rest| rest.after <= at && tour.first_break + rest.index as u32 == it;
            if route.stops[..at].iter().any(same) || route.breaks.iter().any(rest) {
                after = it;
            }
            it = self.trial.spots[it as usize].next;
        }
        after
    }
}

/// The visits of a plan by when they first start.
fn order(plan: &Plan) -> Vec<u32> {
    let stops = plan.routes.iter().flat_map(|it| &it.stops);
    let mut all: Vec<(i64, u32)> = stops.map(|it| (it.start, it.visit as u32)).collect();
    all.sort_unstable();
    let mut visits: Vec<u32> = Vec::new();
    for (_, it) in all {
        if !visits.contains(&it) {
            visits.push(it);
        }
    }
    visits
}
