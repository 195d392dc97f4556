//! What an insertion would delay, followed exactly from stop to stop and from part to part, without changing the plan.

use super::{
    facts::{Facts, Link, NONE},
    state::State,
};

/// A node at a position where it does not stand yet.
#[derive(Clone, Copy, Debug)]
pub struct Placing {
    pub node: u32,
    pub tour: u32,
    pub prev: u32,
    pub next: u32,
    /// Travel time from the node to the next one that is not a break, which is `beyond`; with the breaks between if the
    /// tour has no stop yet.
    pub leg_out: i32,
    pub beyond: u32,
    /// The earliest start with regard to its own tour.
    pub start: i32,
    pub leg_in: i32,
    /// How many breaks go before it, if the tour has no stop yet.
    pub ahead: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Push {
    round: u32,
    seen: Vec<u32>,
    starts: Vec<i32>,
    stack: Vec<u32>,
}

impl Push {
    pub fn new(facts: &Facts) -> Self {
        let count = facts.nodes.len();
        Self { round: 0, seen: vec![0; count], starts: vec![0; count], stack: Vec::new() }
    }

    #[inline(always)]
    fn start_of(&self, state: &State, node: u32) -> i32 {
        if self.seen[node as usize] == self.round {
            self.starts[node as usize]
        } else {
            state.spots[node as usize].start
        }
    }

    /// What lateness would cost more if these (one node, or both parts of a visit) stood where they are placed and
    /// started no earlier than `starts`; nothing if it is impossible or costs `limit` or more.
    pub fn cost(
        &mut self,
        facts: &Facts,
        state: &State,
        placings: &[Placing],
        starts: &[i32],
        limit: i64,
    ) -> Option<i64> {
        self.round += 1;
        self.stack.clear();
        let mut late = 0;
        let mut worst = state.worst;
        for (it, start) in placings.iter().zip(starts) {
            // The leg behind a break begins elsewhere then, also if the break itself stays as it is.
            let mut rest = it.next;
            while rest != it.beyond {
                self.stack.push(rest);
                rest = state.spots[rest as usize].next;
            }
            self.seen[it.node as usize] = self.round;
            self.starts[it.node as usize] = *start;
            late += facts.late_cost(it.node, *start);
            worst = worst.max(facts.lateness(it.node, *start));
            self.stack.push(it.node);
        }
        let mut steps = 0;
        while let Some(at) = self.stack.pop() {
            steps += 1;
            if late + facts.latest * i64::from(worst - state.worst) >= limit || steps > 400 {
                return None;
            }
            let start = self.start_of(state, at);
            let node = &facts.nodes[at as usize];
            let leave = start + node.duration;
            let (mut next, mut leg) = (state.spots[at as usize].next, 0);
            if next != NONE {
                leg = state.spots[next as usize].leg;
            }
            for it in placings {
                if it.node == at {
                    next = it.next;
                    leg = if it.next == it.beyond { it.leg_out } else { 0 };
                } else if it.prev == at {
                    next = it.node;
                    leg = it.leg_in;
                } else if it.beyond == next {
                    leg = it.leg_out;
                }
            }
            if next != NONE && !self.raise(facts, state, placings, next, leave + leg, &mut late, &mut worst) {
                return None;
            }
            let alone =
                |twin: u32| state.spots[twin as usize].tour == NONE && placings.iter().all(|it| it.node != twin);
            let least = match node.link {
                Link::Free => continue,
                // One part is looked at by itself.
                _ if alone(node.twin) => continue,
                Link::Same => start,
                Link::First { minimum, .. } => start + minimum,
                Link::Second { maximum, .. } => start - maximum,
            };
            if !self.raise(facts, state, placings, node.twin, least, &mut late, &mut worst) {
                return None;
            }
        }
        let cost = late + facts.latest * i64::from(worst - state.worst);
        (cost < limit).then_some(cost)
    }

    /// The node starts at `least` or later; false if it cannot, or if that comes round to where it began.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "the sums are the caller's")]
    fn raise(
        &mut self,
        facts: &Facts,
        state: &State,
        placings: &[Placing],
        node: u32,
        least: i32,
        late: &mut i64,
        worst: &mut i32,
    ) -> bool {
        let before = self.start_of(state, node);
        if before >= least {
            return true;
        }
        let mut placed = false;
        for it in placings {
            placed |= it.node == node;
        }
        if placed && !matches!(facts.nodes[node as usize].link, Link::First { .. } | Link::Second { .. }) {
            return false;
        }
        let Some(start) = facts.start_from(node, least) else { return false };
        let old = if placed || self.seen[node as usize] == self.round {
            facts.late_cost(node, before)
        } else {
            let spot = &state.spots[node as usize];
            if start - before > spot.hard {
                return false;
            }
            spot.late
        };
        if facts.nodes[node as usize].begun {
            return false;
        }
        *late += facts.late_cost(node, start) - old;
        if (node as usize) < facts.stops {
            *worst = (*worst).max(facts.lateness(node, start));
        }
        self.seen[node as usize] = self.round;
        self.starts[node as usize] = start;
        self.stack.push(node);
        true
    }
}
