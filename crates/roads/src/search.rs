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
        for it in to {
            let piece = &roads.pieces[it.piece as usize];
            for (crossing, open) in [(piece.from, network.along(piece)), (piece.to, network.against(piece))] {
                let wanted = &mut self.wanted[crossing as usize];
                if open && network.passes(roads, crossing) && !*wanted {
                    *wanted = true;
                    left += 1;
                }
            }
        }
        let piece = &roads.pieces[from.piece as usize];
        let ends = [
            (piece.to, network.along(piece), piece.length_dm - from.along_dm),
            (piece.from, network.against(piece), from.along_dm),
        ];
        for (crossing, open, dm) in ends {
            if open && network.passes(roads, crossing) {
                self.reach(crossing, network.part(roads, from.piece, dm), (NONE, from.piece));
            }
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
            let is_final = self.costs[crossing as usize] != FAR && !self.wanted[crossing as usize];
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
