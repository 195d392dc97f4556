//! Finds the road nearest to a place: the straight bits of all pieces by squares of some 360 metres.

use crate::{
    Place, Roads,
    network::Network,
    sphere::{self, STEPS},
};

/// A square is 2^15 steps of 10⁻⁷ degrees wide.
const SQUARE_BITS: i32 = 15;
/// Metres from edge to edge of a square, north to south, and a little less.
const SQUARE_M: f64 = 364.0;
/// Where squares become needles, near the poles, no more rings than this are looked at.
const RINGS: i32 = 100;

/// A place joined to the road: at which piece, how far along it and how far from it. Places with equal `Snap` have
/// equal ways but for their last metres;
/// it is what a cache of ways is keyed by, as long as roads and speeds stay the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snap {
    pub(crate) piece: u32,
    pub(crate) along_dm: u32,
    pub(crate) away_dm: u32,
}

impl Snap {
    /// Metres from the place to the road, rounded up.
    pub fn away_m(self) -> u32 {
        self.away_dm.div_ceil(10)
    }
}

pub(crate) struct Grid {
    /// Row, column, piece, and which of its straight bits; sorted.
    bits: Vec<(i32, i32, u32, u32)>,
}

impl Grid {
    pub fn of(roads: &Roads, wanted: impl Fn(usize) -> bool) -> Grid {
        let mut bits = Vec::new();
        for (number, piece) in roads.pieces.iter().enumerate().filter(|(number, _)| wanted(*number)) {
            let corners = corners(roads, number);
            for (bit, two) in corners.windows(2).enumerate() {
                squares(two[0], two[1], &mut |row, column| bits.push((row, column, number as u32, bit as u32)));
            }
            debug_assert!(corners.len() == (piece.end - piece.first) as usize + 2);
        }
        bits.sort_unstable();
        bits.dedup();
        bits.shrink_to_fit();
        Grid { bits }
    }

    /// The nearest piece joined in a network, not farther than so many metres.
    pub fn snap(&self, roads: &Roads, network: &Network, place: Place, most_m: f64) -> Option<Snap> {
        if !place.is_somewhere() {
            return None;
        }
        let (row, column) = ((place.lat * STEPS) as i32 >> SQUARE_BITS, (place.lon * STEPS) as i32 >> SQUARE_BITS);
        let narrow = libm::cos((place.lat.abs() + 0.05).min(90.0).to_radians());
        let ring_m = SQUARE_M * narrow.max(0.01);
        let mut best: Option<(f64, u32, u32, f64)> = None;
        for ring in 0..=RINGS {
            // What was not looked at yet lies beyond whole squares.
            let beyond = f64::from(ring - 1).max(0.0) * ring_m;
            if most_m < beyond || best.is_some_and(|it| it.0 <= beyond) {
                break;
            }
            for at in row.saturating_sub(ring)..=row.saturating_add(ring) {
                let edge = (at - row).abs() == ring;
                let (left, right) = (column.saturating_sub(ring), column.saturating_add(ring));
                let spans = if edge { [Some((left, right)), None] } else { [Some((left, left)), Some((right, right))] };
                for (from, to) in spans.into_iter().flatten() {
                    for (_, _, piece, bit) in self.span(at, from, to) {
                        if !network.joined[*piece as usize] {
                            continue;
                        }
                        let (a, b) = straight(roads, *piece, *bit);
                        let (along, away) = sphere::nearest(place, Place::of_steps(a), Place::of_steps(b));
                        let found = (away, *piece, *bit, along);
                        if away <= most_m && best.is_none_or(|it| (away, *piece, *bit) < (it.0, it.1, it.2)) {
                            best = Some(found);
                        }
                    }
                }
            }
        }
        best.map(|(away, piece, bit, along)| {
            let it = &roads.pieces[piece as usize];
            let lengths = crate::graph::lengths(roads.shape(it));
            let (before, after) = (lengths[bit as usize], lengths[bit as usize + 1]);
            let along_dm = ((before + (after - before) * along) * 10.0).round() as u32;
            Snap { piece, along_dm: along_dm.min(it.length_dm), away_dm: (away * 10.0).ceil() as u32 }
        })
    }

    fn span(&self, row: i32, from: i32, to: i32) -> &[(i32, i32, u32, u32)] {
        let start = self.bits.partition_point(|it| (it.0, it.1) < (row, from));
        let length = self.bits[start..].partition_point(|it| (it.0, it.1) <= (row, to));
        &self.bits[start..start + length]
    }
}

fn corners(roads: &Roads, number: usize) -> Vec<(i32, i32)> {
    let piece = &roads.pieces[number];
    let ends = [piece.from, piece.to].map(|it| roads.crossings[it as usize].at);
    let inner = &roads.points[piece.first as usize..piece.end as usize];
    [ends[0]].into_iter().chain(inner.iter().copied()).chain([ends[1]]).collect()
}

/// The ends of a straight bit of a piece.
fn straight(roads: &Roads, piece: u32, bit: u32) -> ((i32, i32), (i32, i32)) {
    let it = &roads.pieces[piece as usize];
    let (first, inner) = (it.first as usize, (it.end - it.first) as usize);
    let corner = |number: usize| match number {
        0 => roads.crossings[it.from as usize].at,
        _ if number <= inner => roads.points[first + number - 1],
        _ => roads.crossings[it.to as usize].at,
    };
    (corner(bit as usize), corner(bit as usize + 1))
}

/// Calls `each` with the squares a straight bit may touch; a long one is halved until it fits into two by two.
fn squares(a: (i32, i32), b: (i32, i32), each: &mut impl FnMut(i32, i32)) {
    let rows = (a.0.min(b.0) >> SQUARE_BITS, a.0.max(b.0) >> SQUARE_BITS);
    let columns = (a.1.min(b.1) >> SQUARE_BITS, a.1.max(b.1) >> SQUARE_BITS);
    if i64::from(rows.1) - i64::from(rows.0) < 2 && i64::from(columns.1) - i64::from(columns.0) < 2 {
        for row in rows.0..=rows.1 {
            (columns.0..=columns.1).for_each(|column| each(row, column));
        }
        return;
    }
    let middle = (a.0.midpoint(b.0), a.1.midpoint(b.1));
    squares(a, middle, each);
    squares(middle, b, each);
}
