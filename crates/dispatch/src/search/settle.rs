//! Times, slacks and lateness that follow from the tours.
//!
//! Every constraint on starts has the form `this start is at least that start plus something`, so for given tours there
//! is a least solution, and since no cost falls as starts grow it is the best one. `settle` finds it.

use super::{
    facts::{Facts, Link, NEVER, NONE},
    state::{Spot, State},
};

/// Room to work in, kept between calls.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    order: Vec<u32>,
    ready: Vec<u32>,
    /// For each tour the node that is next to be settled.
    at: Vec<u32>,
    /// For each node the arrival it waits with for its other part, `-NEVER` if it does not, `NEVER` if it is settled.
    waits: Vec<i32>,
    torn: Vec<u32>,
}

impl State {
    /// Times, slacks and lateness of the tours that were touched and of all that hang on them. Whether it is possible.
    pub fn settle(&mut self, facts: &Facts, desk: &mut Desk, touched: &[u32]) -> bool {
        for it in touched {
            self.versions += 1;
            self.tours[*it as usize].version = self.versions;
        }
        let possible = if facts.synchronised {
            self.settle_all(facts, desk)
        } else {
            touched.iter().all(|it| self.settle_one(facts, desk, *it))
        };
        self.total = self.base + self.late + facts.latest * i64::from(self.worst);
        possible
    }

    fn begin(&mut self, facts: &Facts, tour: u32) -> u32 {
        let start = facts.tours[tour as usize].start;
        let open = facts.nodes[start as usize].span.open;
        let spot = &mut self.spots[start as usize];
        (spot.start, spot.leave) = (open, open);
        spot.next
    }

    /// Sets the start of a node that is reached at `at`; false if there is none.
    #[inline(always)]
    fn set(&mut self, facts: &Facts, node: u32, at: i32) -> bool {
        let it = &facts.nodes[node as usize];
        let start = if it.begun { Some(it.span.open) } else { facts.start_from(node, at) };
        let Some(start) = start else {
            self.stuck = node;
            return false;
        };
        let spot = &mut self.spots[node as usize];
        (spot.start, spot.leave) = (start, start + it.duration);
        true
    }

    /// The end of an unused tour lies before all time, so that whatever is put in delays it.
    fn idle(&mut self, facts: &Facts, tour: u32) {
        let end = facts.tours[tour as usize].end;
        let span = facts.nodes[end as usize].span;
        let spot = &mut self.spots[end as usize];
        (spot.start, spot.leave, spot.late) = (-NEVER, -NEVER, 0);
        (spot.slack, spot.hard) = (span.due.min(span.close) + NEVER, span.close + NEVER);
    }

    fn settle_one(&mut self, facts: &Facts, desk: &mut Desk, tour: u32) -> bool {
        desk.order.clear();
        let mut at = self.begin(facts, tour);
        if self.tours[tour as usize].count == 0 {
            self.idle(facts, tour);
            at = NONE;
        }
        let mut leave = self.spots[facts.tours[tour as usize].start as usize].leave;
        while at != NONE {
            if !self.set(facts, at, leave + self.spots[at as usize].leg) {
                return false;
            }
            desk.order.push(at);
            leave = self.spots[at as usize].leave;
            at = self.spots[at as usize].next;
        }
        let before = self.tours[tour as usize];
        let (mut late, mut worst) = (0, 0);
        for it in desk.order.iter().rev() {
            let (cost, lateness) = self.slacken(facts, *it);
            late += cost;
            worst = worst.max(lateness);
        }
        self.late += late - before.late;
        self.tours[tour as usize].late = late;
        self.tours[tour as usize].worst = worst;
        if facts.latest > 0 && (worst > self.worst || before.worst == self.worst) {
            self.worst = self.tours.iter().map(|it| it.worst).max().unwrap_or(0);
        }
        true
    }

    fn settle_all(&mut self, facts: &Facts, desk: &mut Desk) -> bool {
        desk.order.clear();
        desk.ready.clear();
        desk.torn.clear();
        desk.waits.clear();
        desk.waits.resize(facts.stops, -NEVER);
        desk.at.clear();
        desk.at.resize(facts.tours.len(), NONE);
        let mut open = 0;
        for tour in 0..facts.tours.len() as u32 {
            desk.at[tour as usize] = self.begin(facts, tour);
            if self.tours[tour as usize].count == 0 {
                self.idle(facts, tour);
                continue;
            }
            desk.ready.push(tour);
            open += 1;
        }
        while let Some(tour) = desk.ready.pop() {
            let mut at = desk.at[tour as usize];
            loop {
                let spot = &self.spots[at as usize];
                let mut arrival = self.spots[spot.prev as usize].leave + spot.leg;
                let node = &facts.nodes[at as usize];
                if node.link != Link::Free {
                    let twin = node.twin as usize;
                    let other = desk.waits[twin];
                    match node.link {
                        Link::Same if other != -NEVER => {
                            arrival = arrival.max(other);
                            if !self.set(facts, at, arrival) || !self.set(facts, node.twin, arrival) {
                                return false;
                            }
                            desk.order.push(at);
                            desk.order.push(node.twin);
                            let theirs = self.spots[twin].tour;
                            desk.at[theirs as usize] = self.spots[twin].next;
                            desk.ready.push(theirs);
                            at = self.spots[at as usize].next;
                            continue;
                        }
                        Link::First { .. } => {
                            if !self.set(facts, at, arrival) {
                                return false;
                            }
                            desk.order.push(at);
                            if other != -NEVER {
                                desk.ready.push(self.spots[twin].tour);
                            }
                            desk.waits[at as usize] = NEVER;
                            at = self.spots[at as usize].next;
                            continue;
                        }
                        Link::Second { minimum, maximum } if other == NEVER => {
                            let first = self.spots[twin].start;
                            if !self.set(facts, at, arrival.max(first + minimum)) {
                                return false;
                            }
                            if self.spots[at as usize].start > first + maximum {
                                desk.torn.push(at);
                            }
                        }
                        _ => {
                            desk.waits[at as usize] = arrival;
                            desk.at[tour as usize] = at;
                            break;
                        }
                    }
                } else if !self.set(facts, at, arrival) {
                    return false;
                }
                desk.order.push(at);
                at = self.spots[at as usize].next;
                if at == NONE {
                    open -= 1;
                    break;
                }
            }
        }
        if open > 0 || !self.mend(facts, desk) {
            return false;
        }
        for it in &mut self.tours {
            (it.late, it.worst) = (0, 0);
        }
        for index in (0..desk.order.len()).rev() {
            let at = desk.order[index];
            let (cost, lateness) = self.slacken(facts, at);
            let sums = &mut self.tours[self.spots[at as usize].tour as usize];
            sums.late += cost;
            sums.worst = sums.worst.max(lateness);
            // Both parts stand side by side in the order: the one before has not looked at its own tour yet.
            if facts.nodes[at as usize].link == Link::Same
                && desk.order.get(index + 1) == Some(&facts.nodes[at as usize].twin)
            {
                let twin = facts.nodes[at as usize].twin as usize;
                let (mine, theirs) = (self.spots[at as usize], self.spots[twin]);
                let (slack, hard) = (mine.slack.min(theirs.slack), mine.hard.min(theirs.hard));
                for it in [at as usize, twin] {
                    self.spots[it].slack = slack;
                    self.spots[it].hard = hard;
                }
            }
        }
        self.late = self.tours.iter().map(|it| it.late).sum();
        self.worst = self.tours.iter().map(|it| it.worst).max().unwrap_or(0);
        true
    }

    /// First parts whose second part starts too long after them are pushed until all agrees.
    fn mend(&mut self, facts: &Facts, desk: &mut Desk) -> bool {
        let mut steps = 0;
        while let Some(at) = desk.torn.pop() {
            steps += 1;
            if steps > 8 * facts.stops + 64 {
                return false;
            }
            let node = &facts.nodes[at as usize];
            let Spot { start, leave, next, .. } = self.spots[at as usize];
            let other = match node.link {
                Link::Same => Some(start),
                Link::First { minimum, .. } => Some(start + minimum),
                Link::Second { maximum, .. } => Some(start - maximum),
                Link::Free => None,
            };
            if let Some(least) = other.filter(|it| self.spots[node.twin as usize].start < *it) {
                if !self.set(facts, node.twin, least) || self.spots[node.twin as usize].start < least {
                    return false;
                }
                desk.torn.push(node.twin);
            }
            if next != NONE && self.spots[next as usize].start < leave + self.spots[next as usize].leg {
                if !self.set(facts, next, leave + self.spots[next as usize].leg) {
                    return false;
                }
                desk.torn.push(next);
            }
        }
        true
    }

    /// Slacks of a node whose followers have theirs; gives what its lateness costs, and its lateness.
    #[inline(always)]
    fn slacken(&mut self, facts: &Facts, at: u32) -> (i64, i32) {
        let node = &facts.nodes[at as usize];
        let Spot { start, leave, next, .. } = self.spots[at as usize];
        let span = facts.span_at(node, start);
        let stop = (at as usize) < facts.stops;
        let lateness = (start - span.due).max(0);
        let mut slack = span.close - start;
        let mut hard = slack;
        if node.more.0 != node.more.1 {
            hard = facts.spans[node.more.1 as usize - 1].close - start;
        }
        if node.late > 0 || (stop && facts.latest > 0) {
            slack = slack.min((span.due - start).max(0));
        }
        let mut cost = i64::from(lateness) * node.late;
        if node.change > 0 {
            if start > node.told {
                cost += node.change;
            } else {
                slack = slack.min(node.told - start);
            }
        }
        if next != NONE {
            let next = &self.spots[next as usize];
            let wait = next.start - leave - next.leg;
            slack = slack.min(wait + next.slack);
            hard = hard.min(wait + next.hard);
        }
        match node.link {
            Link::First { minimum, .. } => {
                let twin = &self.spots[node.twin as usize];
                let gap = twin.start - start - minimum;
                slack = slack.min(gap + twin.slack);
                hard = hard.min(gap + twin.hard);
            }
            Link::Second { maximum, .. } => {
                slack = slack.min(maximum - (start - self.spots[node.twin as usize].start));
            }
            _ => (),
        }
        let spot = &mut self.spots[at as usize];
        (spot.slack, spot.hard, spot.late) = (slack, hard, cost);
        (cost, if stop { lateness } else { 0 })
    }
}
