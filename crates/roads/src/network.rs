//! The roads one kind of traveller may use, as a search wants them: arcs by crossing, each with its time and length.

use crate::{
    Kind, Pace, Snap,
    access::{CAR, CYCLE, WALK},
    graph::{Piece, Roads},
};

/// Time and length together, milliseconds in the upper half and decimetres in the lower: sums and comparisons are
/// those of one number,
/// and of two ways equally long in time the shorter wins, on every machine.
pub(crate) type Cost = u64;

pub(crate) fn cost(ms: u32, dm: u32) -> Cost {
    u64::from(ms) << 32 | u64::from(dm)
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub to: u32,
    /// The piece of road.
    pub piece: u32,
    pub cost: Cost,
}

pub(crate) struct Network {
    /// Where the arcs of each crossing begin.
    starts: Vec<u32>,
    arcs: Vec<Arc>,
    /// Milliseconds of each piece.
    ms: Vec<u32>,
    /// Pieces from which one gets everywhere else and back: what places may be joined to.
    pub joined: Vec<bool>,
    bits: u8,
}

/// The direction bits of the way as drawn and against it, of every kind.
const ALONG: u8 = 0b01_0101;
const AGAINST: u8 = 0b10_1010;

impl Network {
    pub fn of(roads: &Roads, pace: &Pace, kind: Kind) -> Network {
        let bits = kind.bits();
        debug_assert!([WALK, CYCLE, CAR].contains(&bits));
        let ms = roads.pieces.iter().map(|it| pace.milliseconds(kind, it.way, it.length_dm)).collect::<Vec<_>>();
        let passable = |crossing: u32| roads.crossings[crossing as usize].closed & bits == 0;
        let mut all = Vec::new();
        for (number, (piece, ms)) in roads.pieces.iter().zip(&ms).enumerate() {
            if !passable(piece.from) || !passable(piece.to) || piece.from == piece.to {
                continue;
            }
            let cost = cost(*ms, piece.length_dm);
            let number = number as u32;
            if piece.way.open & bits & ALONG != 0 {
                all.push((piece.from, Arc { to: piece.to, piece: number, cost }));
            }
            if piece.way.open & bits & AGAINST != 0 {
                all.push((piece.to, Arc { to: piece.from, piece: number, cost }));
            }
        }
        all.sort_by_key(|(from, arc)| (*from, arc.to, arc.cost, arc.piece));
        // Of several pieces between the same two crossings the quickest is enough to pass.
        all.dedup_by_key(|(from, arc)| (*from, arc.to));
        let mut starts = vec![0u32; roads.crossings.len() + 1];
        for (from, _) in &all {
            starts[*from as usize + 1] += 1;
        }
        for it in 1..starts.len() {
            starts[it] += starts[it - 1];
        }
        let arcs = all.into_iter().map(|(_, arc)| arc).collect();
        let mut network = Network { starts, arcs, ms, joined: Vec::new(), bits };
        let main = network.largest(roads);
        network.joined = roads.pieces.iter().map(|it| network.joins(it, &main)).collect();
        network
    }

    pub fn arcs(&self, crossing: u32) -> &[Arc] {
        &self.arcs[self.starts[crossing as usize] as usize..self.starts[crossing as usize + 1] as usize]
    }

    pub fn crossings(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn along(&self, piece: &Piece) -> bool {
        piece.way.open & self.bits & ALONG != 0
    }

    pub fn against(&self, piece: &Piece) -> bool {
        piece.way.open & self.bits & AGAINST != 0
    }

    /// Whether who leaves a piece for a crossing does so by its last end: of a piece that ends where it begins by the
    /// nearer one that is open.
    pub fn leaves_by_last(&self, piece: &Piece, from_dm: u32, crossing: u32) -> bool {
        let nearer = piece.length_dm.saturating_sub(from_dm) <= from_dm;
        match (piece.from == piece.to, self.along(piece), self.against(piece)) {
            (false, ..) => crossing == piece.to,
            (true, true, true) => nearer,
            (true, along, _) => along,
        }
    }

    /// Whether a traveller of this kind may stand on a crossing.
    pub fn passes(&self, roads: &Roads, crossing: u32) -> bool {
        roads.crossings[crossing as usize].closed & self.bits == 0
    }

    /// The cost of some decimetres of a piece, rounded up.
    pub fn part(&self, roads: &Roads, piece: u32, dm: u32) -> Cost {
        let whole = u64::from(roads.pieces[piece as usize].length_dm);
        let ms = (u64::from(self.ms[piece as usize]) * u64::from(dm)).div_ceil(whole);
        ms << 32 | u64::from(dm)
    }

    /// The crossings a place on a piece is left for, and the costs of getting there.
    pub fn leaving(&self, roads: &Roads, from: Snap) -> impl Iterator<Item = (u32, Cost)> {
        let piece = &roads.pieces[from.piece as usize];
        let last = (piece.to, self.along(piece), self.part(roads, from.piece, piece.length_dm - from.along_dm));
        let first = (piece.from, self.against(piece), self.part(roads, from.piece, from.along_dm));
        self.passable(roads, [last, first])
    }

    /// The crossings a place on a piece is reached from, and the costs of getting on: from its first end, then from
    /// its last.
    pub fn arriving(&self, roads: &Roads, to: Snap) -> impl Iterator<Item = (u32, Cost)> {
        let piece = &roads.pieces[to.piece as usize];
        let first = (piece.from, self.along(piece), self.part(roads, to.piece, to.along_dm));
        let last = (piece.to, self.against(piece), self.part(roads, to.piece, piece.length_dm - to.along_dm));
        self.passable(roads, [first, last])
    }

    fn passable(&self, roads: &Roads, ends: [(u32, bool, Cost); 2]) -> impl Iterator<Item = (u32, Cost)> {
        let open =
            ends.map(|(crossing, open, cost)| (open && self.passes(roads, crossing)).then_some((crossing, cost)));
        open.into_iter().flatten()
    }

    /// The cost between two places on one piece of road without leaving it.
    pub fn direct(&self, roads: &Roads, from: Snap, to: Snap) -> Option<Cost> {
        if from.piece != to.piece {
            return None;
        }
        let piece = &roads.pieces[to.piece as usize];
        let onward = self.along(piece) && from.along_dm <= to.along_dm;
        let backward = self.against(piece) && to.along_dm <= from.along_dm;
        (onward || backward).then(|| self.part(roads, to.piece, from.along_dm.abs_diff(to.along_dm)))
    }

    fn joins(&self, piece: &Piece, main: &[bool]) -> bool {
        let (from, to) = (main[piece.from as usize], main[piece.to as usize]);
        match (self.along(piece), self.against(piece)) {
            (true, true) => from || to,
            (true, false) | (false, true) => from && to,
            (false, false) => false,
        }
    }

    /// The crossings of the part with the most road in which one gets from each to each.
    fn largest(&self, roads: &Roads) -> Vec<bool> {
        let part = self.parts();
        let mut lengths = vec![0u64; part.iter().max().map_or(0, |it| *it as usize + 1)];
        for piece in roads.pieces.iter().filter(|it| it.way.open & self.bits != 0) {
            let (from, to) = (part[piece.from as usize], part[piece.to as usize]);
            if from == to {
                lengths[from as usize] += u64::from(piece.length_dm);
            }
        }
        let largest = (0..lengths.len()).max_by_key(|it| (lengths[*it], usize::MAX - it));
        part.iter().map(|it| Some(*it as usize) == largest).collect()
    }

    /// Strongly connected parts by number (Tarjan, without recursion).
    fn parts(&self) -> Vec<u32> {
        const NONE: u32 = u32::MAX;
        let count = self.crossings();
        let (mut seen, mut low, mut part) = (vec![NONE; count], vec![0u32; count], vec![NONE; count]);
        let (mut stack, mut path, mut next, mut parts) = (Vec::new(), Vec::<(u32, usize)>::new(), 0u32, 0u32);
        for root in 0..count as u32 {
            if seen[root as usize] != NONE {
                continue;
            }
            path.push((root, 0));
            while let Some((crossing, step)) = path.pop() {
                let here = crossing as usize;
                if step == 0 {
                    (seen[here], low[here]) = (next, next);
                    next += 1;
                    stack.push(crossing);
                } else {
                    let child = self.arcs(crossing)[step - 1].to as usize;
                    if part[child] == NONE {
                        low[here] = low[here].min(low[child]);
                    }
                }
                let more = self.arcs(crossing)[step..].iter().position(|arc| {
                    let to = arc.to as usize;
                    if seen[to] != NONE && part[to] == NONE {
                        low[here] = low[here].min(seen[to]);
                    }
                    seen[to] == NONE
                });
                if let Some(more) = more {
                    path.push((crossing, step + more + 1));
                    path.push((self.arcs(crossing)[step + more].to, 0));
                } else if low[here] == seen[here] {
                    while let Some(member) = stack.pop() {
                        part[member as usize] = parts;
                        if member == crossing {
                            break;
                        }
                    }
                    parts += 1;
                }
            }
        }
        part
    }
}
