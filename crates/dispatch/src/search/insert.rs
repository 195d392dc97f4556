//! Where a visit fits best: every position is priced by its detour first, and followed further only if that can pay.

use super::{Search, facts::NONE, push::Placing, state::State};

/// A position with what it costs by itself.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    pub placing: Placing,
    /// Detour and assignment: what surely is to be paid.
    pub base: i64,
    /// With what its own lateness costs at least.
    pub bound: i64,
}

impl Search<'_> {
    /// Puts a visit where it costs least, if it can stand anywhere for less than `generous` times what leaving it costs.
    /// Whether it was. A visit that alone is not worth its way may be worth it with others.
    pub fn insert(&mut self, visit: u32, generous: i64) -> bool {
        let facts = self.facts;
        let call = &facts.calls[visit as usize];
        let mut limit = call.leaving.saturating_mul(generous).min(i64::MAX / 4);
        let mut found: [Option<Placing>; 2] = [None, None];
        if call.count == 1 {
            if let Some((cost, at)) = self.best_single(call.nodes[0], limit) {
                limit = cost;
                found = [Some(at), None];
            }
        } else if let Some((cost, pair)) = self.best_pair(visit, limit) {
            limit = cost;
            found = pair.map(Some);
        }
        if call.joint != NONE
            && let Some((_, at)) = self.best_single(call.joint, limit)
        {
            found = [Some(at), None];
        }
        if found[0].is_none() {
            return false;
        }
        self.touched.clear();
        for it in found.iter().flatten() {
            self.trial.link(facts, it.node, it.tour, it.prev);
            self.trial.breaks_ahead(facts, it.tour, usize::from(it.ahead));
            self.touched.push(it.tour);
        }
        self.trial.planned(facts, visit);
        if self.trial.settle(facts, &mut self.desk, &self.touched) {
            return true;
        }
        let mut touched = std::mem::take(&mut self.touched);
        self.trial.remove(facts, visit, &mut touched);
        let possible = self.trial.settle(facts, &mut self.desk, &touched);
        debug_assert!(possible, "what stood before can stand again");
        self.touched = touched;
        false
    }

    /// The cheapest position of a node that hangs on no other, if it costs less than `limit`: beside its neighbours
    /// where there are many stops, and anywhere if there are few or none of those is possible.
    pub fn best_single(&mut self, node: u32, limit: i64) -> Option<(i64, Placing)> {
        if self.many {
            let found = self.best_beside(node, limit);
            if found.is_some() {
                return found;
            }
        }
        self.best_anywhere(node, limit)
    }

    fn best_anywhere(&mut self, node: u32, limit: i64) -> Option<(i64, Placing)> {
        let facts = self.facts;
        let mut best = limit;
        let mut found = None;
        self.classes.clear();
        for index in 0..facts.able[node as usize].len() {
            let (tour, assigned) = facts.able[node as usize][index];
            if !self.may_enter(node, tour, assigned) {
                continue;
            }
            let mut prev = self.trial.free_after(facts, tour);
            while let Some(next) = self.after(prev) {
                if !self.look(node, tour, prev, next, assigned, &mut best, &mut found) {
                    break;
                }
                prev = next;
            }
        }
        found.map(|it| (best, it))
    }

    /// Prices one position and keeps it if it is the best so far; false if none after it in this tour is possible.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "a position, and the best one so far")]
    pub fn look(
        &mut self,
        node: u32,
        tour: u32,
        prev: u32,
        next: u32,
        assigned: i64,
        best: &mut i64,
        found: &mut Option<Placing>,
    ) -> bool {
        if self.blink() {
            return true;
        }
        let facts = self.facts;
        let it = match self.offer(node, tour, prev, next, assigned, *best) {
            Look::Over => return false,
            Look::No => return true,
            Look::Offer(it) => it,
        };
        let (start, beyond) = (it.placing.start, it.placing.beyond);
        let spot = &self.trial.spots[next as usize];
        let delay = start + facts.nodes[node as usize].duration + it.placing.leg_out - spot.start;
        if beyond == next && delay > spot.hard {
            return true;
        }
        let calm = beyond == next && delay <= spot.slack;
        let cost = if calm {
            let worst = (facts.lateness(node, start) - self.trial.worst).max(0);
            // Calm: the stop behind is not late, so the bound is the cost.
            it.bound + facts.latest * i64::from(worst)
        } else {
            match self.push.cost(facts, &self.trial, &[it.placing], &[start], *best - it.base) {
                Some(late) => it.base + late,
                None => return true,
            }
        };
        if cost < *best {
            *best = cost;
            *found = Some(it.placing);
        }
        true
    }

    /// The node after this one, unless this is the end.
    #[inline(always)]
    pub fn after(&self, prev: u32) -> Option<u32> {
        let next = self.trial.spots[prev as usize].next;
        (next != NONE).then_some(next)
    }

    #[inline(always)]
    pub fn blink(&mut self) -> bool {
        self.sight -= 1;
        if self.sight > 0 {
            return false;
        }
        self.sight = self.until_blink();
        true
    }

    /// Whether a tour has room for a node at all, and is not the twin of an empty one that was looked at.
    pub fn may_enter(&mut self, node: u32, tour: u32, assigned: i64) -> bool {
        let facts = self.facts;
        let sums = &self.trial.tours[tour as usize];
        let it = &facts.tours[tour as usize];
        if sums.work + facts.nodes[node as usize].duration > it.maximum_work {
            return false;
        }
        if sums.count == 0 && it.begun.is_empty() {
            let class = (it.class, assigned);
            if self.classes.contains(&class) {
                return false;
            }
            self.classes.push(class);
        }
        self.day_fits(facts.nodes[node as usize].visit, it.day)
    }

    /// Whether the days to its neighbours in a series allow a visit on this day.
    pub fn day_fits(&self, visit: u32, day: i64) -> bool {
        let Some((series, at)) = self.facts.calls[visit as usize].series else { return true };
        let (visits, minimum, maximum) = &self.facts.series[series as usize];
        let at = at as usize;
        let day_of = |it: &u32| self.day_of(*it);
        let before = visits[..at].iter().rev().enumerate().find_map(|(left, it)| Some((left, day - day_of(it)?)));
        let after = visits[at + 1..].iter().enumerate().find_map(|(left, it)| Some((left, day_of(it)? - day)));
        [before, after].into_iter().flatten().all(|(left, days)| days >= *minimum && (left > 0 || days <= *maximum))
    }

    /// The day on which a visit is planned.
    pub fn day_of(&self, visit: u32) -> Option<i64> {
        let call = &self.facts.calls[visit as usize];
        [call.nodes[0], call.joint].iter().filter(|it| **it != NONE).find_map(|it| {
            let tour = self.trial.spots[*it as usize].tour;
            (tour != NONE).then(|| self.facts.tours[tour as usize].day)
        })
    }

    pub fn same_day(&self, one: u32, two: u32) -> bool {
        self.facts.tours[one as usize].day == self.facts.tours[two as usize].day
    }

    pub fn share_a_worker(&self, one: u32, two: u32) -> bool {
        let workers = &self.facts.tours[two as usize].workers;
        one == two || self.facts.tours[one as usize].workers.iter().any(|it| workers.contains(it))
    }

    /// What a node between `prev` and `next` costs with what it surely costs the stop behind, unless that is `limit` or
    /// more.
    #[inline(always)]
    pub fn offer(&self, node: u32, tour: u32, prev: u32, next: u32, assigned: i64, limit: i64) -> Look {
        let mut it = match self.own_offer(node, tour, prev, next, assigned, limit) {
            Look::Offer(it) => it,
            other => return other,
        };
        match self.next_late(&it.placing, it.placing.start) {
            Some(late) if it.bound + late < limit => it.bound += late,
            _ => return Look::No,
        }
        Look::Offer(it)
    }

    /// What a node between `prev` and `next` costs by itself, unless that is `limit` or more.
    #[inline(always)]
    pub fn own_offer(&self, node: u32, tour: u32, prev: u32, next: u32, assigned: i64, limit: i64) -> Look {
        let facts = self.facts;
        let it = &facts.nodes[node as usize];
        let travel = facts.tours[tour as usize].travel;
        let before = &self.trial.spots[prev as usize];
        let sums = &self.trial.tours[tour as usize];
        let mut beyond = next;
        while beyond as usize >= facts.stops && State::is_break(facts, beyond) {
            beyond = self.trial.spots[beyond as usize].next;
        }
        let follower = &self.trial.spots[beyond as usize];
        let row = it.place as usize * facts.places;
        let legs = &facts.legs[travel];
        let leg_in = if before.place == NONE { 0 } else { legs.to[row + before.place as usize] };
        let leg_out = if follower.place == NONE { 0 } else { legs.from[row + follower.place as usize] };
        let mut base = assigned;
        base += if facts.cost_is_time {
            i64::from(leg_in) + i64::from(leg_out)
        } else {
            let cost_in = if before.place == NONE { 0 } else { legs.cost_to[row + before.place as usize] };
            cost_in + if follower.place == NONE { 0 } else { legs.cost_from[row + follower.place as usize] }
        };
        base -= follower.leg_cost;
        if sums.count == 0 {
            base += facts.tours[tour as usize].cost;
        }
        let work = it.duration + leg_in + leg_out - follower.leg;
        if facts.fairness > 0 {
            base += facts.tours[tour as usize].workers.iter().map(|worker| self.fairer(*worker, work)).sum::<i64>();
        }
        if base >= limit {
            return Look::No;
        }
        if sums.work + work > facts.tours[tour as usize].maximum_work {
            return Look::No;
        }
        let mut rests = Rests { ahead: 0, before: before.leave, after: 0 };
        if sums.count == 0 && !facts.tours[tour as usize].breaks.is_empty() {
            match self.rests(node, tour, leg_in) {
                Some(it) => rests = it,
                None => return Look::No,
            }
        }
        let Some(start) = facts.start_from(node, rests.before + leg_in) else { return Look::Over };
        let bound = base + facts.late_cost(node, start);
        if bound >= limit {
            return Look::No;
        }
        let leg_out = leg_out + rests.after;
        let placing = Placing { node, tour, prev, next, leg_out, beyond, start, leg_in, ahead: rests.ahead };
        Look::Offer(Offer { placing, base, bound })
    }

    /// How the breaks of an unused tour go with its first stop: as many as possible after it.
    #[cold]
    fn rests(&self, node: u32, tour: u32, leg_in: i32) -> Option<Rests> {
        let facts = self.facts;
        let it = &facts.tours[tour as usize];
        let mut before = self.trial.spots[it.start as usize].leave;
        for ahead in 0..=it.breaks.len() {
            let leave = facts.start_from(node, before + leg_in).map(|at| at + facts.nodes[node as usize].duration);
            let after = leave.and_then(|leave| Some((leave, self.rested(leave, &it.breaks[ahead..])?)));
            if let Some((leave, free)) = after {
                return Some(Rests { ahead: ahead as u8, before, after: free - leave });
            }
            before = self.rested(before, it.breaks.get(ahead..=ahead)?)?;
        }
        None
    }

    /// Whether the breaks after the first stop of an unused tour can still be taken if it starts as late as this.
    pub fn rests_hold(&self, it: &Placing, start: i32) -> bool {
        let tour = &self.facts.tours[it.tour as usize];
        let used = self.trial.tours[it.tour as usize].count > 0;
        let leave = start + self.facts.nodes[it.node as usize].duration;
        used || self.rested(leave, &tour.breaks[usize::from(it.ahead)..]).is_some()
    }

    /// From when on a worker is free who takes these breaks from an instant on.
    fn rested(&self, from: i32, breaks: &[u32]) -> Option<i32> {
        breaks.iter().try_fold(from, |free, it| {
            Some(self.facts.start_from(*it, free)? + self.facts.nodes[*it as usize].duration)
        })
    }

    fn fairer(&self, worker: u32, more: i32) -> i64 {
        let load = self.trial.loads[worker as usize];
        self.facts.fair_cost(worker, load + i64::from(more)) - self.facts.fair_cost(worker, load)
    }
}

/// The breaks around the first stop of a tour.
struct Rests {
    ahead: u8,
    /// Free at, before the stop.
    before: i32,
    /// Time that the breaks after it take.
    after: i32,
}

/// What looking at a position tells.
pub enum Look {
    /// No later position of this tour can be in time.
    Over,
    No,
    Offer(Offer),
}
