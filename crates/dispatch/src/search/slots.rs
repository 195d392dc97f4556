//! When one more visit fits into a plan: the best start times, with who would come and what it costs more.

use serde::{Deserialize, Serialize};

use super::{
    Search, Settings,
    facts::{Facts, NONE},
    insert::Offer,
};
use crate::{
    fault::Invalid,
    model::{Money, Problem, Time},
    plan::Plan,
    validate::validate,
};

/// A start time at which a visit fits into the plan in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// When its first part starts.
    pub start: Time,
    /// Who would do which part, and when.
    pub parts: Vec<Seat>,
    /// What the plan costs more with it, the cost of leaving it out not counted.
    pub cost: Money,
}

/// One part of a visit in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub part: usize,
    pub shift: usize,
    /// How many stops of the tour come before.
    pub position: usize,
    pub start: Time,
}

/// The cheapest start times for a visit in the plan in force, at most `most` of them and each at least `apart` from the
/// others; cheapest first. A visit that is in the plan is taken out first. All others keep their order, and none of
/// their windows breaks.
pub fn slots(
    problem: &Problem,
    plan: &Plan,
    visit: usize,
    most: usize,
    apart: Time,
) -> Result<Vec<Slot>, Vec<Invalid>> {
    let invalid = validate(problem);
    if !invalid.is_empty() {
        return Err(invalid);
    }
    if visit >= problem.visits.len() {
        return Err(vec![Invalid { path: format!("visits[{visit}]"), what: "is not there".to_owned() }]);
    }
    let facts = Facts::new(problem);
    let mut search = Search::new(&facts, Settings { blink: 0.0, offers: 48, ..Settings::default() }, 0);
    search.load(plan);
    let mut touched = Vec::new();
    if !facts.calls[visit].fixed && !search.trial.absent.contains(&(visit as u32)) {
        search.trial.remove(&facts, visit as u32, &mut touched);
        if !search.trial.settle(&facts, &mut search.desk, &touched) {
            return Ok(Vec::new());
        }
    }
    let mut all = search.all_slots(visit as u32, apart.max(1));
    all.sort_by_key(|it| (it.cost, it.start));
    let mut chosen: Vec<Slot> = Vec::new();
    for it in all {
        if chosen.len() < most && chosen.iter().all(|other| (other.start - it.start).abs() >= apart) {
            chosen.push(it);
        }
    }
    Ok(chosen)
}

impl Search<'_> {
    fn all_slots(&mut self, visit: u32, apart: Time) -> Vec<Slot> {
        let facts = self.facts;
        let call = facts.calls[visit as usize].clone();
        let mut slots = Vec::new();
        if call.fixed {
            return slots;
        }
        let singles = if call.count == 1 { [call.nodes[0], NONE] } else { [NONE, call.joint] };
        for node in singles.into_iter().filter(|it| *it != NONE) {
            let mut offers = Vec::new();
            self.settings.offers = usize::MAX;
            self.offer_all(node, i64::MAX / 4, &mut offers);
            for it in offers {
                self.along(&it, apart, &mut slots);
            }
        }
        if call.count == 2 {
            self.settings.offers = 48;
            let (mut one, mut two) = (Vec::new(), Vec::new());
            self.offer_all(call.nodes[0], i64::MAX / 4, &mut one);
            self.offer_all(call.nodes[1], i64::MAX / 4, &mut two);
            for first in &one {
                for second in &two {
                    slots.extend(self.pair(first, second));
                }
            }
        }
        slots
    }

    /// The starts in one gap of one tour: the earliest, and later ones as long as nobody behind need wait for it.
    fn along(&mut self, offer: &Offer, apart: Time, slots: &mut Vec<Slot>) {
        let facts = self.facts;
        let it = offer.placing;
        let node = &facts.nodes[it.node as usize];
        let next = &self.trial.spots[it.next as usize];
        let latest = if it.next == it.beyond && self.trial.spots[it.next as usize].next != NONE {
            next.start - it.leg_out - node.duration
        } else {
            facts.nodes[facts.tours[it.tour as usize].end as usize].span.due - it.leg_out - node.duration
        };
        let mut start = it.start;
        while let Some(at) = facts.start_from(it.node, start) {
            if (at > latest && at > it.start) || !self.rests_hold(&it, at) {
                break;
            }
            if let Some(late) = self.push.cost(facts, &self.trial, &[it], &[at], i64::MAX / 4) {
                let parts = (0..2_usize).filter(|part| node.parts >> part & 1 == 1);
                let seat = |part| Seat {
                    part,
                    shift: it.tour as usize,
                    position: self.position(it.prev),
                    start: Time::from(at),
                };
                let parts = parts.map(seat).collect();
                slots.push(Slot { start: Time::from(at), parts, cost: offer.base + late });
            }
            start = at.saturating_add(apart.min(1 << 28) as i32);
        }
    }

    fn pair(&mut self, first: &Offer, second: &Offer) -> Option<Slot> {
        let facts = self.facts;
        let (one, two) = (first.placing, second.placing);
        if self.share_a_worker(one.tour, two.tour) || !self.same_day(one.tour, two.tour) {
            return None;
        }
        let starts = self.meet(&one, &two)?;
        if !self.rests_hold(&one, starts[0]) || !self.rests_hold(&two, starts[1]) {
            return None;
        }
        let late = self.push.cost(facts, &self.trial, &[one, two], &starts, i64::MAX / 4)?;
        let seat = |part: usize, it: super::push::Placing| Seat {
            part,
            shift: it.tour as usize,
            position: self.position(it.prev),
            start: Time::from(starts[part]),
        };
        let parts = vec![seat(0, one), seat(1, two)];
        Some(Slot { start: Time::from(starts[0]), parts, cost: first.base + second.base + late })
    }

    /// How many stops stand up to this node.
    fn position(&self, node: u32) -> usize {
        let mut count = 0;
        let mut at = node;
        while at != NONE {
            count += usize::from((at as usize) < self.facts.stops);
            at = self.trial.spots[at as usize].prev;
        }
        count
    }
}
