//! Two tours cross over: each goes on as the other would have, or their workers change places.

use std::collections::BTreeMap;

use super::{
    Search,
    facts::{Facts, NONE},
    state::State,
};

/// Numbers the shifts so that those alike in everything, also in whom they may serve at what cost, have the same; nothing
/// if all are alike.
pub fn alike(facts: &Facts) -> Vec<u32> {
    let mut sums = vec![0_u64; facts.tours.len()];
    for (node, able) in facts.able.iter().enumerate() {
        for (tour, cost) in able {
            let sum = &mut sums[*tour as usize];
            *sum = (*sum ^ node as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            *sum = (*sum ^ (*sum >> 29) ^ *cost as u64).wrapping_mul(0x94d0_49bb_1331_11eb);
        }
    }
    let mut known = BTreeMap::new();
    let numbers = facts.tours.iter().zip(sums).map(|(tour, sum)| {
        let next = known.len() as u32;
        *known.entry((tour.class, sum)).or_insert(next)
    });
    let numbers: Vec<u32> = numbers.collect();
    if known.len() < 2 { Vec::new() } else { numbers }
}

impl Search<'_> {
    /// Whether tours can be cut and joined here: no parts that hang on each other, nothing that begins or rests.
    fn can_cross(&self, one: u32, two: u32) -> bool {
        let facts = self.facts;
        let (a, b) = (&facts.tours[one as usize], &facts.tours[two as usize]);
        one != two && a.day == b.day && [a, b].into_iter().all(|it| it.begun.is_empty() && it.breaks.is_empty())
    }

    /// Two tours change workers by chance, if both may: the one that can do more may be wanted elsewhere.
    pub fn change_workers(&mut self) {
        let facts = self.facts;
        if facts.synchronised || self.alike.is_empty() || self.random.below(100) >= self.settings.change {
            return;
        }
        let seed = self.random.below(facts.stops);
        let able = &facts.able[seed];
        let one = self.trial.spots[seed].tour;
        if one == NONE {
            return;
        }
        let two = able[self.random.below(able.len())].0;
        if self.alike[one as usize] == self.alike[two as usize] || !self.can_cross(one, two) {
            return;
        }
        let (a, b) = (facts.tours[one as usize].start, facts.tours[two as usize].start);
        if !self.suits(self.trial.spots[a as usize].next, two) || !self.suits(self.trial.spots[b as usize].next, one) {
            return;
        }
        self.swap_tails([one, two], [a, b]);
        if !self.trial.settle(facts, &mut self.desk, &[one, two]) || !self.fits([one, two]) {
            self.swap_tails([one, two], [a, b]);
            let possible = self.trial.settle(facts, &mut self.desk, &[one, two]);
            debug_assert!(possible, "what stood before can stand again");
        }
    }

    /// Whether all stops from this one on may stand in a tour.
    fn suits(&self, from: u32, tour: u32) -> bool {
        let facts = self.facts;
        let mut at = from;
        while (at as usize) < facts.stops {
            let visit = facts.nodes[at as usize].visit as usize;
            if facts.assigned(at, tour).is_none() || facts.calls[visit].series.is_some() {
                return false;
            }
            at = self.trial.spots[at as usize].next;
        }
        true
    }

    /// What stands behind these two nodes changes tours.
    fn swap_tails(&mut self, tours: [u32; 2], after: [u32; 2]) {
        let facts = self.facts;
        let mut tails: [Vec<u32>; 2] = std::mem::take(&mut self.tails);
        for side in 0..2 {
            tails[side].clear();
            let mut at = self.trial.spots[after[side] as usize].next;
            while (at as usize) < facts.stops {
                tails[side].push(at);
                at = self.trial.spots[at as usize].next;
            }
            for it in tails[side].iter().rev() {
                self.trial.unlink(facts, *it);
            }
        }
        for side in 0..2 {
            let mut at = after[1 - side];
            for it in &tails[side] {
                self.trial.link(facts, *it, tours[1 - side], at);
                at = *it;
            }
        }
        self.tails = tails;
    }

    /// Crosses the tours that changed since the plan was accepted.
    pub fn cross_changed(&mut self) {
        if self.facts.synchronised || self.settings.cross == 0 || self.beside.is_empty() {
            return;
        }
        let mut changed = std::mem::take(&mut self.touched);
        changed.clear();
        let version = |it: &State, tour: u32| it.tours[tour as usize].version;
        let all = 0..self.facts.tours.len() as u32;
        changed.extend(all.filter(|it| version(&self.trial, *it) != version(&self.current, *it)));
        self.cross(&changed);
        self.touched = changed;
    }

    /// Crosses tours that were touched with those near them as long as travel falls.
    pub fn cross(&mut self, touched: &[u32]) {
        let facts = self.facts;
        if facts.synchronised || !facts.plain || self.beside.is_empty() {
            return;
        }
        for tour in touched {
            let mut at = facts.tours[*tour as usize].start;
            while (at as usize) != NONE as usize {
                let next = self.trial.spots[at as usize].next;
                if (at as usize) < facts.stops && self.cross_at(*tour, at) {
                    // All that follows is another tour's now: look at it in its next turn.
                    break;
                }
                at = next;
            }
        }
    }

    /// Tries to go from this stop, or to it, to or from each that is near.
    fn cross_at(&mut self, tour: u32, node: u32) -> bool {
        let facts = self.facts;
        let visit = facts.nodes[node as usize].visit as usize;
        for index in 0..self.beside[visit].len().min(self.settings.cross) {
            let it = self.beside[visit][index];
            let other = facts.calls[it.visit as usize].nodes[0];
            let theirs = self.trial.spots[other as usize].tour;
            if theirs == NONE || theirs == tour {
                continue;
            }
            // `after`: `other` goes on to `node`; else `node` goes on to `other`.
            let (mine, yours) = if it.after {
                (self.trial.spots[node as usize].prev, other)
            } else {
                (node, self.trial.spots[other as usize].prev)
            };
            if self.gain(mine, yours) <= 0 || !self.can_cross(tour, theirs) {
                continue;
            }
            let tails = [mine, yours].map(|it| self.trial.spots[it as usize].next);
            if !self.suits(tails[0], theirs) || !self.suits(tails[1], tour) {
                continue;
            }
            let before = self.trial.total;
            self.swap_tails([tour, theirs], [mine, yours]);
            if self.trial.settle(facts, &mut self.desk, &[tour, theirs])
                && self.fits([tour, theirs])
                && self.trial.total < before
            {
                return true;
            }
            self.swap_tails([tour, theirs], [mine, yours]);
            let possible = self.trial.settle(facts, &mut self.desk, &[tour, theirs]);
            debug_assert!(possible, "what stood before can stand again");
        }
        false
    }

    fn fits(&self, tours: [u32; 2]) -> bool {
        let fits = |it: u32| self.trial.tours[it as usize].work <= self.facts.tours[it as usize].maximum_work;
        tours.into_iter().all(fits)
    }

    /// What travel falls by if what is behind two nodes is exchanged; 0 if a window closes before.
    fn gain(&self, one: u32, two: u32) -> i32 {
        let facts = self.facts;
        let (a, b) = (&self.trial.spots[one as usize], &self.trial.spots[two as usize]);
        let (c, d) = (&self.trial.spots[a.next as usize], &self.trial.spots[b.next as usize]);
        let (ad, bc) = (facts.leg(0, a.place, d.place), facts.leg(0, b.place, c.place));
        let gain = c.leg + d.leg - ad - bc;
        if gain <= 0 || a.leave + ad - d.start > d.hard || b.leave + bc - c.start > c.hard {
            return 0;
        }
        gain
    }
}
