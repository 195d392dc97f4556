//! The quickest ways from one place to many (Dijkstra). A search keeps its buffers: a matrix is as many searches as it has places.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    Snap,
    graph::Roads,
    network::{Cost, Network},
};

const NONE: u32 = u32::MAX;
const FAR: Cost = Cost::MAX;

/// An end of a piece of road, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

pub(crate) struct Search {
    /// Costs of crossings, true only where `round` is that of this search.
    costs: Vec<Cost>,
    round: Vec<u32>,
    /// Crossings whose cost is asked for and not final yet, marked by the round.
    wanted: Vec<u32>,
    /// The crossing and piece a crossing was reached from.
    via: Vec<(u32, u32)>,
    now: u32,
    limit_ms: u32,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Search {
    pub fn new(network: &Network) -> Search {
        let count = network.crossings();
        Search {
            costs: vec![FAR; count],
            round: vec![0; count],
            wanted: vec![0; count],
            via: vec![(NONE, NONE); count],
            now: 0,
            limit_ms: 0,
            heap: BinaryHeap::new(),
        }
    }

    /// Looks from `from` until all of `to` are reached or what is left takes longer than `limit_ms`.
    pub fn run(&mut self, roads: &Roads, network: &Network, from: Snap, to: &[Snap], limit_ms: u32) {
        self.now += 1;
        self.limit_ms = limit_ms;
        self.heap.clear();
        let mut left = 0;
        for it in to {
            let piece = &roads.pieces[it.piece as usize];
            for (crossing, open) in [(piece.from, network.along(piece)), (piece.to, network.against(piece))] {
                if open && network.passes(roads, crossing) && self.wanted[crossing as usize] != self.now {
                    self.wanted[crossing as usize] = self.now;
                    left += 1;
                }
            }
        }
        let piece = &roads.pieces[from.piece as usize];
        if network.along(piece) {
            let cost = network.part(roads, from.piece, piece.length_dm - from.along_dm);
            self.reach(roads, network, piece.to, cost, (NONE, from.piece));
        }
        if network.against(piece) {
            let cost = network.part(roads, from.piece, from.along_dm);
            self.reach(roads, network, piece.from, cost, (NONE, from.piece));
        }
        while let Some(Reverse((cost, crossing))) = self.heap.pop() {
            if left == 0 || u64::from(limit_ms) < cost >> 32 {
                break;
            }
            if self.costs[crossing as usize] < cost {
                continue;
            }
            if self.wanted[crossing as usize] == self.now {
                self.wanted[crossing as usize] = 0;
                left -= 1;
            }
            for arc in network.arcs(crossing) {
                let cost = cost.saturating_add(arc.cost);
                let to = arc.to as usize;
                if self.round[to] != self.now || cost < self.costs[to] {
                    self.round[to] = self.now;
                    self.costs[to] = cost;
                    self.via[to] = (crossing, arc.piece);
                    self.heap.push(Reverse((cost, arc.to)));
                }
            }
        }
    }

    fn reach(&mut self, roads: &Roads, network: &Network, crossing: u32, cost: Cost, via: (u32, u32)) {
        let it = crossing as usize;
        if network.passes(roads, crossing) && (self.round[it] != self.now || cost < self.costs[it]) {
            self.round[it] = self.now;
            self.costs[it] = cost;
            self.via[it] = via;
            self.heap.push(Reverse((cost, crossing)));
        }
    }

    /// The cost of the way found to one of the places asked for, and by which end of its piece of road it comes; none where it never leaves the piece.
    /// A way longer than the limit is not found, in whichever direction it is asked for.
    pub fn found(&self, roads: &Roads, network: &Network, from: Snap, to: Snap) -> Option<(Cost, Option<End>)> {
        let piece = &roads.pieces[to.piece as usize];
        let mut best = None;
        if from.piece == to.piece {
            let open = if from.along_dm <= to.along_dm { network.along(piece) } else { network.against(piece) };
            if open || from.along_dm == to.along_dm {
                best = Some((network.part(roads, to.piece, from.along_dm.abs_diff(to.along_dm)), None));
            }
        }
        for (end, crossing, open, dm) in [
            (End::First, piece.from, network.along(piece), to.along_dm),
            (End::Last, piece.to, network.against(piece), piece.length_dm - to.along_dm),
        ] {
            // What is not final was not asked for to its end: the limit was reached before.
            let is_final = self.round[crossing as usize] == self.now && self.wanted[crossing as usize] != self.now;
            if open && is_final {
                let cost = self.costs[crossing as usize].saturating_add(network.part(roads, to.piece, dm));
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, Some(end)));
                }
            }
        }
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
