//! A plan in the search: tours as linked lists, with what travel, assignment and use of shifts cost kept up to date.

use super::facts::{Facts, NONE};

/// Where a node stands. One cache line holds what a look at a position reads.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub prev: u32,
    pub next: u32,
    /// `NONE` if it stands nowhere.
    pub tour: u32,
    pub place: u32,
    pub start: i32,
    pub leave: i32,
    /// A delay of the start up to this costs nothing and pushes no first part.
    pub slack: i32,
    /// A delay of the start beyond this breaks something.
    pub hard: i32,
    /// Travel time and cost from the stop before.
    pub leg: i32,
    pub late: i64,
    pub leg_cost: i64,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// What lateness, overtime and changed times cost.
    pub late: i64,
    /// The greatest lateness.
    pub worst: i32,
    pub work: i32,
    /// Stops, breaks not counted.
    pub count: u32,
    /// Changes whenever the tour does.
    pub version: u32,
}

#[derive(Clone, Debug)]
pub struct State {
    pub spots: Vec<Spot>,
    pub tours: Vec<Sums>,
    pub loads: Vec<i64>,
    /// The visits that stand nowhere.
    pub absent: Vec<u32>,
    /// All cost but that of lateness.
    pub base: i64,
    pub late: i64,
    pub worst: i32,
    pub total: i64,
    pub versions: u32,
    /// The node that last had no possible start.
    pub stuck: u32,
}

impl State {
    /// Nobody goes anywhere but to what has begun; all the rest is absent.
    pub fn new(facts: &Facts) -> Self {
        let spot = |it: usize| Spot {
            prev: NONE,
            next: NONE,
            tour: NONE,
            place: facts.nodes[it].place,
            start: 0,
            leave: 0,
            slack: 0,
            hard: 0,
            leg: 0,
            late: 0,
            leg_cost: 0,
        };
        let mut state = Self {
            spots: (0..facts.nodes.len()).map(spot).collect(),
            tours: vec![Sums::default(); facts.tours.len()],
            loads: vec![0; facts.load_before.len()],
            absent: (0..facts.calls.len() as u32).collect(),
            base: facts.calls.iter().map(|it| it.leaving).sum(),
            late: 0,
            worst: 0,
            total: 0,
            versions: 0,
            stuck: NONE,
        };
        state.base += (0..facts.load_before.len()).map(|it| facts.fair_cost(it as u32, 0)).sum::<i64>();
        for (index, tour) in facts.tours.iter().enumerate() {
            let (start, end) = (tour.start as usize, tour.end as usize);
            state.spots[start].next = tour.end;
            state.spots[end].prev = tour.start;
            state.spots[start].tour = index as u32;
            state.spots[end].tour = index as u32;
        }
        for (index, tour) in facts.tours.iter().enumerate() {
            let mut after = tour.start;
            for node in &tour.begun {
                state.link(facts, *node, index as u32, after);
                after = *node;
                state.planned(facts, facts.nodes[*node as usize].visit);
            }
        }
        state
    }

    /// Brings this one to be as `other`, in the room it has.
    pub fn copy_from(&mut self, other: &Self) {
        self.spots.copy_from_slice(&other.spots);
        self.tours.copy_from_slice(&other.tours);
        self.loads.copy_from_slice(&other.loads);
        self.absent.clear();
        self.absent.extend_from_slice(&other.absent);
        (self.base, self.late, self.worst) = (other.base, other.late, other.worst);
        (self.total, self.versions) = (other.total, self.versions.max(other.versions));
    }

    /// As `copy_from`, if either came from the other by following: only tours that changed since are copied.
    pub fn follow(&mut self, facts: &Facts, other: &Self) {
        if facts.synchronised {
            return self.copy_from(other);
        }
        for (index, tour) in facts.tours.iter().enumerate() {
            if self.tours[index].version == other.tours[index].version {
                continue;
            }
            for node in &tour.breaks {
                self.spots[*node as usize] = other.spots[*node as usize];
            }
            let mut at = tour.start;
            while at != NONE {
                self.spots[at as usize] = other.spots[at as usize];
                at = other.spots[at as usize].next;
            }
        }
        for visit in &other.absent {
            let call = &facts.calls[*visit as usize];
            for node in [call.nodes[0], call.nodes[1], call.joint].into_iter().filter(|it| *it != NONE) {
                self.spots[node as usize] = other.spots[node as usize];
            }
        }
        self.tours.copy_from_slice(&other.tours);
        self.loads.copy_from_slice(&other.loads);
        self.absent.clear();
        self.absent.extend_from_slice(&other.absent);
        (self.base, self.late, self.worst) = (other.base, other.late, other.worst);
        (self.total, self.versions) = (other.total, self.versions.max(other.versions));
    }

    /// The node after which a tour can take more.
    pub fn free_after(&self, facts: &Facts, tour: u32) -> u32 {
        let tour = &facts.tours[tour as usize];
        tour.begun.last().copied().unwrap_or(tour.start)
    }

    pub fn is_break(facts: &Facts, node: u32) -> bool {
        let it = &facts.nodes[node as usize];
        it.visit == NONE && facts.stops as u32 <= node && it.duration > 0
    }

    /// Puts a node after another one. Costs of travel, assignment, use and load are kept; times are not, see `settle`.
    pub fn link(&mut self, facts: &Facts, node: u32, tour: u32, after: u32) {
        let sums = self.tours[tour as usize];
        let stop = (node as usize) < facts.stops;
        if stop && sums.count == 0 {
            self.base += facts.tours[tour as usize].cost;
        }
        if stop {
            self.base += assignment(facts, node, tour);
            self.tours[tour as usize].count += 1;
        }
        let before = self.work_of(facts, tour);
        let next = self.spots[after as usize].next;
        self.spots[node as usize].prev = after;
        self.spots[node as usize].next = next;
        self.spots[node as usize].tour = tour;
        self.spots[after as usize].next = node;
        self.spots[next as usize].prev = node;
        if stop {
            self.tours[tour as usize].work += facts.nodes[node as usize].duration;
        }
        self.legs_after(facts, tour, after);
        if stop {
            self.legs_after(facts, tour, node);
        }
        self.fair(facts, tour, before);
        if stop && sums.count == 0 {
            self.breaks(facts, tour);
        }
    }

    /// Takes a node out of its tour.
    pub fn unlink(&mut self, facts: &Facts, node: u32) {
        let Spot { prev, next, tour, leg, leg_cost, .. } = self.spots[node as usize];
        let stop = (node as usize) < facts.stops;
        let before = self.work_of(facts, tour);
        if stop {
            self.base -= assignment(facts, node, tour);
            self.tours[tour as usize].count -= 1;
            self.tours[tour as usize].work -= facts.nodes[node as usize].duration;
        }
        self.base -= leg_cost;
        self.tours[tour as usize].work -= leg;
        let spot = &mut self.spots[node as usize];
        (spot.prev, spot.next, spot.tour, spot.leg, spot.leg_cost) = (NONE, NONE, NONE, 0, 0);
        self.spots[prev as usize].next = next;
        self.spots[next as usize].prev = prev;
        self.legs_after(facts, tour, prev);
        if stop && self.tours[tour as usize].count == 0 {
            self.base -= facts.tours[tour as usize].cost;
            for it in &facts.tours[tour as usize].breaks {
                if self.spots[*it as usize].tour != NONE {
                    self.unlink(facts, *it);
                }
            }
            self.clear_end(facts, tour);
        }
        self.fair(facts, tour, before);
    }

    /// An unused tour travels nowhere.
    fn clear_end(&mut self, facts: &Facts, tour: u32) {
        let end = facts.tours[tour as usize].end as usize;
        self.base -= self.spots[end].leg_cost;
        self.tours[tour as usize].work -= self.spots[end].leg;
        (self.spots[end].leg, self.spots[end].leg_cost) = (0, 0);
    }

    /// Puts the breaks into a tour that has just got its first stop, behind it; see `breaks_ahead`.
    fn breaks(&mut self, facts: &Facts, tour: u32) {
        for index in 0..facts.tours[tour as usize].breaks.len() {
            let it = facts.tours[tour as usize].breaks[index];
            if self.spots[it as usize].tour != NONE {
                continue;
            }
            let last = self.spots[facts.tours[tour as usize].end as usize].prev;
            self.link(facts, it, tour, last);
        }
    }

    /// Moves the first `count` breaks of a tour before its first stop that has not begun.
    pub fn breaks_ahead(&mut self, facts: &Facts, tour: u32, count: usize) {
        let mut after = self.free_after(facts, tour);
        for index in 0..count {
            let it = facts.tours[tour as usize].breaks[index];
            self.unlink(facts, it);
            self.link(facts, it, tour, after);
            after = it;
        }
    }

    /// The legs from a node to the next one; breaks between stay where the node is.
    fn legs_after(&mut self, facts: &Facts, tour: u32, from: u32) {
        let travel = facts.tours[tour as usize].travel;
        if self.tours[tour as usize].count == 0 {
            return;
        }
        let place = self.spots[from as usize].place;
        let mut at = self.spots[from as usize].next;
        loop {
            let spot = &mut self.spots[at as usize];
            let standing = Self::is_break(facts, at);
            let to = if standing { place } else { spot.place };
            let (leg, cost) =
                if standing { (0, 0) } else { (facts.leg(travel, place, to), facts.leg_cost(travel, place, to)) };
            self.base += cost - spot.leg_cost;
            self.tours[tour as usize].work += leg - spot.leg;
            (spot.leg, spot.leg_cost, spot.place) = (leg, cost, to);
            if !standing {
                return;
            }
            at = spot.next;
        }
    }

    fn work_of(&self, facts: &Facts, tour: u32) -> i64 {
        if facts.fairness == 0 { 0 } else { i64::from(self.tours[tour as usize].work) }
    }

    fn fair(&mut self, facts: &Facts, tour: u32, before: i64) {
        if facts.fairness == 0 {
            return;
        }
        let more = i64::from(self.tours[tour as usize].work) - before;
        for worker in &facts.tours[tour as usize].workers {
            let load = &mut self.loads[*worker as usize];
            self.base += facts.fair_cost(*worker, *load + more) - facts.fair_cost(*worker, *load);
            *load += more;
        }
    }

    /// A visit whose nodes have all been linked is no longer absent.
    pub fn planned(&mut self, facts: &Facts, visit: u32) {
        if let Some(at) = self.absent.iter().position(|it| *it == visit) {
            self.absent.swap_remove(at);
            self.base -= facts.calls[visit as usize].leaving;
        }
    }

    /// Takes all nodes of a visit out of their tours and notes the tours.
    pub fn remove(&mut self, facts: &Facts, visit: u32, touched: &mut Vec<u32>) {
        let call = &facts.calls[visit as usize];
        for node in [call.nodes[0], call.nodes[1], call.joint] {
            if node == NONE || self.spots[node as usize].tour == NONE {
                continue;
            }
            let tour = self.spots[node as usize].tour;
            if !touched.contains(&tour) {
                touched.push(tour);
            }
            self.unlink(facts, node);
        }
        self.absent.push(visit);
        self.base += call.leaving;
    }
}

/// What it costs, besides travel, that a node stands in a tour.
pub fn assignment(facts: &Facts, node: u32, tour: u32) -> i64 {
    facts.assigned(node, tour).unwrap_or(0)
}
