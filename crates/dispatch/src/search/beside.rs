//! Beside whom a visit may well stand: after or before those that are near in place and time and that one worker could
//! serve as well.

use super::{
    Search,
    facts::{Facts, NONE},
    push::Placing,
    state::State,
};

/// A position next to another visit.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    pub visit: u32,
    /// Behind it, or else before it.
    pub after: bool,
}

/// Of a unit of waiting, how many make a unit of travel; a unit of lateness is one.
const WAITING: i64 = 5;

/// For each visit the positions beside others, the best first, at most `most`. `near` are the others by travel.
pub fn beside(facts: &Facts, near: &[Vec<u32>], most: usize) -> Vec<Vec<Beside>> {
    let words = facts.tours.len().div_ceil(64);
    let mut able = vec![0_u64; words * facts.calls.len()];
    for (visit, call) in facts.calls.iter().enumerate() {
        for node in [call.nodes[0], call.nodes[1], call.joint].into_iter().filter(|it| *it != NONE) {
            for (tour, _) in &facts.able[node as usize] {
                able[visit * words + *tour as usize / 64] |= 1 << (tour % 64);
            }
        }
    }
    let of = |visit: usize| &able[visit * words..(visit + 1) * words];
    let together = |one: usize, two: usize| of(one).iter().zip(of(two)).any(|(one, two)| one & two != 0);
    (0..facts.calls.len())
        .map(|visit| {
            let mut all: Vec<(i64, Beside)> = Vec::new();
            for other in near[visit].iter().copied().filter(|it| *it as usize != visit) {
                if !together(visit, other as usize) {
                    continue;
                }
                let far = [(true, follows(facts, other, visit as u32)), (false, follows(facts, visit as u32, other))];
                all.extend(far.into_iter().filter_map(|(after, far)| Some((far?, Beside { visit: other, after }))));
            }
            all.sort_by_key(|it| it.0);
            all.truncate(most);
            all.into_iter().map(|it| it.1).collect()
        })
        .collect()
}

/// How far it is from one visit to the next in travel and waiting or lateness; nothing if the next cannot follow.
fn follows(facts: &Facts, from: u32, to: u32) -> Option<i64> {
    let (from, to) = (&facts.calls[from as usize], &facts.calls[to as usize]);
    let travel = i64::from(facts.leg(0, from.place, to.place));
    let (one, two) = (&facts.nodes[from.nodes[0] as usize], &facts.nodes[to.nodes[0] as usize]);
    let last = |it: &super::facts::Node| facts.spans[it.more.0 as usize..it.more.1 as usize].last().copied();
    let arrives = |at: i32| i64::from(at) + i64::from(one.duration) + travel;
    let closes = last(two).unwrap_or(two.span).close;
    if arrives(one.span.open) > i64::from(closes) {
        return None;
    }
    if one.more.0 != one.more.1 || two.more.0 != two.more.1 {
        return Some(WAITING * travel);
    }
    let wait = (i64::from(two.span.open) - arrives(one.span.due.min(one.span.close))).max(0);
    let late = (arrives(one.span.open) - i64::from(two.span.due.min(two.span.close))).max(0);
    Some(WAITING * (travel + late) + wait)
}

impl Search<'_> {
    /// Looks beside those that are near, and at one unused shift of each kind.
    pub fn best_beside(&mut self, node: u32, limit: i64) -> Option<(i64, Placing)> {
        let facts = self.facts;
        let visit = facts.nodes[node as usize].visit as usize;
        let all = std::mem::take(&mut self.beside[visit]);
        let (mut best, mut found) = (limit, None);
        for it in &all {
            let call = &facts.calls[it.visit as usize];
            for beside in [call.nodes[0], call.nodes[1], call.joint] {
                if beside == NONE {
                    continue;
                }
                let spot = &self.trial.spots[beside as usize];
                if spot.tour == NONE {
                    continue;
                }
                let (tour, prev, next) =
                    if it.after { (spot.tour, beside, spot.next) } else { (spot.tour, spot.prev, beside) };
                if self.too_far(node, prev, next, best) {
                    continue;
                }
                let Some(assigned) = facts.assigned(node, tour) else { continue };
                let begun = (next as usize) < facts.stops && facts.nodes[next as usize].begun;
                if !begun && self.may_enter(node, tour, assigned) {
                    self.look(node, tour, prev, next, assigned, &mut best, &mut found);
                }
            }
        }
        self.beside[visit] = all;
        self.classes.clear();
        for index in 0..self.idle.len() {
            let tour = self.idle[index];
            if self.trial.tours[tour as usize].count > 0 {
                continue;
            }
            let Some(assigned) = facts.assigned(node, tour) else { continue };
            if self.may_enter(node, tour, assigned) {
                let it = &facts.tours[tour as usize];
                self.look(node, tour, it.start, it.end, assigned, &mut best, &mut found);
            }
        }
        found.map(|it| (best, it))
    }

    /// Whether the detour alone costs `limit` or more, or the stop before leaves too late: the quick look at a position
    /// that spares the others. Only where all travel alike and nothing else may make it cheaper.
    #[inline(always)]
    fn too_far(&self, node: u32, prev: u32, next: u32, limit: i64) -> bool {
        let facts = self.facts;
        if !facts.plain || (next as usize >= facts.stops && State::is_break(facts, next)) {
            return false;
        }
        let it = &facts.nodes[node as usize];
        let (before, behind) = (&self.trial.spots[prev as usize], &self.trial.spots[next as usize]);
        let row = it.place as usize * facts.places;
        let legs = &facts.legs[0];
        let leg_in = if before.place == NONE { 0 } else { legs.to[row + before.place as usize] };
        let leg_out = if behind.place == NONE { 0 } else { legs.from[row + behind.place as usize] };
        if i64::from(leg_in) + i64::from(leg_out) - behind.leg_cost >= limit {
            return true;
        }
        if it.more.0 != it.more.1 {
            return false;
        }
        let start = (before.leave + leg_in).max(it.span.open);
        start > it.span.close || start + it.duration + leg_out - behind.start > behind.hard
    }
}
