//! Where the two parts of a visit fit best together: the cheapest positions of each are tried with those of the other.

use super::{
    Search,
    facts::Link,
    insert::{Look, Offer},
    push::Placing,
};

impl Search<'_> {
    /// The cheapest pair of positions for the two parts of a visit.
    pub fn best_pair(&mut self, visit: u32, limit: i64) -> Option<(i64, [Placing; 2])> {
        let facts = self.facts;
        let [one, two] = facts.calls[visit as usize].nodes;
        let mut offers = [std::mem::take(&mut self.offers[0]), std::mem::take(&mut self.offers[1])];
        self.offer_all(one, limit, &mut offers[0]);
        if !offers[0].is_empty() {
            self.offer_all(two, limit, &mut offers[1]);
        }
        let mut best = limit;
        let mut found = None;
        let cheapest = offers[1].first().map_or(i64::MAX / 4, |it| it.bound);
        for first in &offers[0] {
            if first.base + cheapest.min(i64::MAX / 4) >= best {
                break;
            }
            for second in &offers[1] {
                // Lateness of one part may be the same delay as that of the other: only detours surely add up.
                let sure = first.base + second.base;
                let bound = sure + (first.bound - first.base) + (second.bound - second.base);
                if bound >= best {
                    break;
                }
                if self.share_a_worker(first.placing.tour, second.placing.tour)
                    || !self.same_day(first.placing.tour, second.placing.tour)
                {
                    continue;
                }
                let Some(starts) = self.meet(&first.placing, &second.placing) else { continue };
                let own = facts.late_cost(one, starts[0]) + facts.late_cost(two, starts[1]);
                let lateness = facts.lateness(one, starts[0]).max(facts.lateness(two, starts[1]));
                let own = own + facts.latest * i64::from((lateness - self.trial.worst).max(0));
                let rested = |it: &Placing, at: usize| self.rests_hold(it, starts[at]);
                let Some(one_more) = self.next_late(&first.placing, starts[0]) else { continue };
                let Some(two_more) = self.next_late(&second.placing, starts[1]) else { continue };
                if sure + own + one_more + two_more >= best || !rested(&first.placing, 0) || !rested(&second.placing, 1)
                {
                    continue;
                }
                let placings = [first.placing, second.placing];
                let late = if self.calm(&first.placing, starts[0]) && self.calm(&second.placing, starts[1]) {
                    Some(own)
                } else {
                    self.push.cost(facts, &self.trial, &placings, &starts, best - sure)
                };
                if let Some(late) = late
                    && sure + late < best
                {
                    best = sure + late;
                    found = Some(placings);
                }
            }
        }
        self.offers = offers;
        found.map(|it| (best, it))
    }

    /// What the lateness of the stop behind rises by at least if a node placed there starts at `start`; nothing if that
    /// stop cannot wait so long.
    #[inline(always)]
    pub fn next_late(&self, it: &Placing, start: i32) -> Option<i64> {
        if it.next != it.beyond {
            return Some(0);
        }
        let next = &self.trial.spots[it.next as usize];
        let arrival = start + self.facts.nodes[it.node as usize].duration + it.leg_out;
        let delay = arrival - next.start;
        if delay <= next.slack {
            return Some(0);
        }
        if delay > next.hard {
            return None;
        }
        let start = self.facts.start_from(it.next, arrival)?;
        Some((self.facts.late_cost(it.next, start) - next.late).max(0))
    }

    /// Whether starting there then delays nobody at all.
    fn calm(&self, it: &Placing, start: i32) -> bool {
        let leave = start + self.facts.nodes[it.node as usize].duration;
        it.next == it.beyond && leave + it.leg_out <= self.trial.spots[it.next as usize].start
    }

    /// The earliest starts of both parts that agree with each other.
    pub fn meet(&self, first: &Placing, second: &Placing) -> Option<[i32; 2]> {
        let facts = self.facts;
        match facts.nodes[first.node as usize].link {
            Link::Same => {
                let start = facts.start_from(first.node, first.start.max(second.start))?;
                let other = facts.start_from(second.node, start)?;
                (start == other).then_some([start, start])
            }
            Link::First { minimum, maximum } => {
                let mut starts = [first.start, facts.start_from(second.node, second.start.max(first.start + minimum))?];
                while starts[1] > starts[0] + maximum {
                    starts[0] = facts.start_from(first.node, starts[1] - maximum)?;
                    starts[1] = facts.start_from(second.node, starts[1].max(starts[0] + minimum))?;
                }
                Some(starts)
            }
            _ => None,
        }
    }

    /// The cheapest positions of one part by itself, cheapest first.
    pub fn offer_all(&mut self, node: u32, limit: i64, offers: &mut Vec<Offer>) {
        let facts = self.facts;
        offers.clear();
        self.classes.clear();
        let most = self.settings.offers;
        let mut worst = limit;
        for index in 0..facts.able[node as usize].len() {
            let (tour, assigned) = facts.able[node as usize][index];
            // Two parts in two empty shifts of a kind need both of them, so classes are of no use here.
            if !self.may_enter(node, tour, i64::MAX - i64::from(tour)) {
                continue;
            }
            let mut prev = self.trial.free_after(facts, tour);
            while let Some(next) = self.after(prev) {
                if self.blink() {
                    prev = next;
                    continue;
                }
                match self.offer(node, tour, prev, next, assigned, worst) {
                    Look::Over => break,
                    Look::No => (),
                    Look::Offer(it) => {
                        let at = offers.partition_point(|other| other.bound <= it.bound);
                        if offers.len() == most {
                            offers.pop();
                        }
                        offers.insert(at, it);
                        if offers.len() == most {
                            worst = offers[most - 1].bound;
                        }
                    }
                }
                prev = next;
            }
        }
    }
}
