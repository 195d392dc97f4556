//! The quickest ways from one place to many (Dijkstra). A search keeps its buffers: a matrix is as many searches as
//! it has places.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    Snap,
    graph::Roads,
    network::{Cost, Network},
};

const NONE: u32 = u32::MAX;
const FAR: Cost = Cost::MAX;

pub(crate) struct Search {
    costs: Vec<Cost>,
    /// Crossings whose cost is asked for and not final yet.
    wanted: Vec<bool>,
    /// The crossing and piece a crossing was reached from; empty where nobody asks for lines.
    via: Vec<(u32, u32)>,
    limit_ms: u32,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Search {
    /// A search that tells costs.
    pub fn new(network: &Network) -> Search {
        let count = network.crossings();
        Search {
            costs: vec![FAR; count],
            wanted: vec![false; count],
            via: Vec::new(),
            limit_ms: 0,
            heap: BinaryHeap::new(),
        }
    }

    /// A search that tells the trail as well, a little slower.
    pub fn with_trail(network: &Network) -> Search {
        Search { via: vec![(NONE, NONE); network.crossings()], ..Search::new(network) }
    }

    /// Looks from `from` until all of `to` are reached or what is left takes longer than `limit_ms`.
    pub fn run(&mut self, roads: &Roads, network: &Network, from: Snap, to: &[Snap], limit_ms: u32) {
        self.costs.fill(FAR);
        self.wanted.fill(false);
        self.heap.clear();
        self.limit_ms = limit_ms;
        let mut left = 0;
        for (crossing, _) in to.iter().flat_map(|it| network.arriving(roads, *it)) {
            left += usize::from(!std::mem::replace(&mut self.wanted[crossing as usize], true));
        }
        for (crossing, cost) in network.leaving(roads, from) {
            self.reach(crossing, cost, (NONE, from.piece));
        }
        while let Some(Reverse((cost, crossing))) = self.heap.pop() {
            if left == 0 || u64::from(limit_ms) < cost >> 32 {
                break;
            }
            if self.costs[crossing as usize] < cost {
                continue;
            }
            if self.wanted[crossing as usize] {
                self.wanted[crossing as usize] = false;
                left -= 1;
            }
            for arc in network.arcs(crossing) {
                self.reach(arc.to, cost.saturating_add(arc.cost), (crossing, arc.piece));
            }
        }
    }

    fn reach(&mut self, crossing: u32, cost: Cost, via: (u32, u32)) {
        let known = &mut self.costs[crossing as usize];
        if cost < *known {
            *known = cost;
            if let Some(it) = self.via.get_mut(crossing as usize) {
                *it = via;
            }
            self.heap.push(Reverse((cost, crossing)));
        }
    }

    /// The cost of the way found to one of the places asked for, and the crossing it comes by last; none where it
    /// never leaves its piece of road.
    /// A way longer than the limit is not found, in whichever direction it is asked for.
    pub fn found(&self, roads: &Roads, network: &Network, from: Snap, to: Snap) -> Option<(Cost, Option<(u32, Cost)>)> {
        let direct = network.direct(roads, from, to).map(|cost| (cost, None));
        // What is not final was not asked for to its end: the limit was reached before.
        let ends = network.arriving(roads, to).filter(|(it, _)| !self.wanted[*it as usize]);
        let over = ends.map(|end| (self.costs[end.0 as usize].saturating_add(end.1), Some(end)));
        let best = direct.into_iter().chain(over).min_by_key(|(cost, _)| *cost);
        best.filter(|(cost, _)| cost >> 32 <= u64::from(self.limit_ms))
    }

    /// The crossings and pieces by which a crossing was reached, the first one first.
    pub fn trail(&self, crossing: u32) -> Vec<(u32, u32)> {
        let mut trail = Vec::new();
        let mut at = crossing;
        while at != NONE {
            let (before, piece) = self.via[at as usize];
            trail.push((at, piece));
            at = before;
        }
        trail.reverse();
        trail
    }
}
