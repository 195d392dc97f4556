//! Crossings and the pieces of road between them, with the shape of each: what is kept of an extract, the same
//! whatever the speeds.

use crate::{
    Bad, Place,
    access::{self, Class, Use},
    file::LONGEST_DM,
    pbf, sphere,
};

/// The roads of an extract.
#[derive(Clone, Debug, PartialEq)]
pub struct Roads {
    /// SHA-256 of the extract they were read from.
    pub(crate) source: [u8; 32],
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) pieces: Vec<Piece>,
    /// Points of all pieces between their two crossings, in 10⁻⁷ degrees.
    pub(crate) points: Vec<(i32, i32)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crossing {
    /// Latitude and longitude in 10⁻⁷ degrees.
    pub at: (i32, i32),
    /// Who cannot pass: bits of [`access`].
    pub closed: u8,
}

/// Road between two crossings with none between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    pub from: u32,
    pub to: u32,
    pub length_dm: u32,
    pub way: Use,
    /// Where its points begin and end in `Roads::points`.
    pub first: u32,
    pub end: u32,
}

impl Roads {
    /// Reads an extract (`.osm.pbf`). What the extract cuts off is left out; a file that is broken is refused whole.
    pub fn read(file: &[u8]) -> Result<Roads, Bad> {
        let mut ids = Vec::new();
        pbf::ways(file, |tags, nodes| {
            if 1 < nodes.len() && access::way(tags, || 1.0).is_some() {
                ids.extend_from_slice(nodes);
                // The ends of a way are crossings, whoever else meets there.
                ids.extend([nodes[0], nodes[nodes.len() - 1]]);
            }
        })?;
        let mut nodes = Nodes::of(ids);
        pbf::nodes(file, |id, lat, lon, tags| {
            nodes.place(id, (lat, lon), if tags.is_empty() { 0 } else { access::closed(tags) })
        })?;
        let mut roads = Roads {
            source: crate::file::digest(file),
            crossings: nodes.crossings(),
            pieces: Vec::new(),
            points: Vec::new(),
        };
        pbf::ways(file, |tags, way| roads.add(tags, way, &nodes))?;
        if roads.pieces.is_empty() {
            return Err(Bad::NoRoad);
        }
        Ok(roads)
    }

    /// How many crossings and pieces of road there are.
    pub fn size(&self) -> (usize, usize) {
        (self.crossings.len(), self.pieces.len())
    }

    /// SHA-256 of the extract the roads were read from.
    pub fn source(&self) -> [u8; 32] {
        self.source
    }

    /// The corners of a piece, from crossing to crossing.
    pub(crate) fn shape(&self, piece: &Piece) -> impl DoubleEndedIterator<Item = Place> + Clone {
        let inner = &self.points[piece.first as usize..piece.end as usize];
        let ends = [piece.from, piece.to].map(|it| self.crossings[it as usize].at);
        [ends[0]].into_iter().chain(inner.iter().copied()).chain([ends[1]]).map(Place::of_steps)
    }

    fn add(&mut self, tags: &pbf::Tags<'_>, way: &[i64], nodes: &Nodes) {
        if way.len() < 2 {
            return;
        }
        let known = way.iter().map(|id| nodes.find(*id).filter(|it| nodes.at[*it] != NOWHERE)).collect::<Vec<_>>();
        let place = |node: usize| Place::of_steps(nodes.at[node]);
        let length = || {
            let steps = known.windows(2).filter_map(|it| Some((it[0]?, it[1]?)));
            steps.map(|(a, b)| place(a).metres_to(place(b))).sum::<f64>()
        };
        let Some(found) = access::way(tags, length) else { return };
        let (mut from, mut metres, mut first) = (None, 0.0, self.points.len());
        let mut before: Option<usize> = None;
        for node in known {
            let Some(node) = node else {
                // Beyond the edge of the extract: what led there ends at the last crossing.
                self.points.truncate(first);
                (from, before) = (None, None);
                continue;
            };
            if let Some(before) = before {
                metres += place(before).metres_to(place(node));
            }
            before = Some(node);
            let Some(crossing) = nodes.crossing(node) else {
                if from.is_some() {
                    self.points.push(nodes.at[node]);
                }
                continue;
            };
            if let Some(from) = from {
                // Zero would let a search stand still.
                let length_dm = ((metres * 10.0).ceil() as u32).clamp(1, LONGEST_DM);
                let (start, end) = (first as u32, self.points.len() as u32);
                self.pieces.push(Piece { from, to: crossing, length_dm, way: found, first: start, end });
            }
            (from, metres, first) = (Some(crossing), 0.0, self.points.len());
        }
        self.points.truncate(first);
    }
}

/// Of a node named by a way that is not in the extract.
const NOWHERE: (i32, i32) = (i32::MAX, i32::MAX);
/// Of a node that is no crossing.
const NONE: u32 = u32::MAX;

/// The nodes of all ways, by id.
struct Nodes {
    ids: Vec<i64>,
    at: Vec<(i32, i32)>,
    closed: Vec<u8>,
    /// Whether ways meet or end here.
    meeting: Vec<bool>,
    /// The number of the crossing here.
    crossing: Vec<u32>,
}

impl Nodes {
    /// `all` names a node as often as ways come by; who is named twice is a crossing.
    fn of(mut all: Vec<i64>) -> Nodes {
        all.sort_unstable();
        let mut meeting = Vec::new();
        let mut last = None;
        all.retain(|id| {
            let again = last == Some(*id);
            match meeting.last_mut() {
                Some(it) if again => *it = true,
                _ => meeting.push(false),
            }
            last = Some(*id);
            !again
        });
        all.shrink_to_fit();
        let count = all.len();
        Nodes { ids: all, at: vec![NOWHERE; count], closed: vec![0; count], meeting, crossing: vec![NONE; count] }
    }

    fn find(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    fn place(&mut self, id: i64, at: (i32, i32), closed: u8) {
        if let Some(node) = self.find(id) {
            self.at[node] = at;
            self.closed[node] = closed;
            // Who is stopped there turns round there.
            self.meeting[node] |= closed != 0;
        }
    }

    fn crossing(&self, node: usize) -> Option<u32> {
        (self.crossing[node] != NONE).then(|| self.crossing[node])
    }

    /// Numbers the crossings so that neighbours on the ground are neighbours in memory, and gives them.
    fn crossings(&mut self) -> Vec<Crossing> {
        let mut all: Vec<usize> =
            (0..self.ids.len()).filter(|it| self.meeting[*it] && self.at[*it] != NOWHERE).collect();
        all.sort_by_key(|it| (interleaved(self.at[*it]), self.ids[*it]));
        for (number, node) in all.iter().enumerate() {
            self.crossing[*node] = number as u32;
        }
        all.into_iter().map(|it| Crossing { at: self.at[it], closed: self.closed[it] }).collect()
    }
}

/// The bits of both coordinates in turn: places near each other mostly have numbers near each other.
fn interleaved((lat, lon): (i32, i32)) -> u64 {
    let spread = |it: i32| {
        let mut bits = u64::from(it.cast_unsigned() ^ 0x8000_0000);
        for (shift, mask) in [
            (16, 0x0000_ffff_0000_ffff),
            (8, 0x00ff_00ff_00ff_00ff),
            (4, 0x0f0f_0f0f_0f0f_0f0f),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555u64),
        ] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(lat) << 1 | spread(lon)
}

impl Class {
    pub(crate) fn of(number: u8) -> Option<Class> {
        Class::ALL.get(usize::from(number)).copied()
    }
}

/// Metres along a shape up to each of its corners.
pub(crate) fn lengths(shape: impl Iterator<Item = Place>) -> Vec<f64> {
    let mut last = None::<Place>;
    let mut metres = 0.0;
    shape
        .map(|it| {
            metres += last.map_or(0.0, |last| last.metres_to(it));
            last = Some(it);
            metres
        })
        .collect()
}

/// The place so many decimetres along a piece.
pub(crate) fn on_piece(roads: &Roads, piece: &Piece, along_dm: u32) -> Place {
    let shape = roads.shape(piece).collect::<Vec<_>>();
    let lengths = lengths(shape.iter().copied());
    let total = lengths.last().copied().unwrap_or(0.0);
    let wanted = total * f64::from(along_dm) / f64::from(piece.length_dm);
    let at = lengths.partition_point(|it| *it < wanted).clamp(1, shape.len() - 1);
    let step = lengths[at] - lengths[at - 1];
    let share = if step > 0.0 { ((wanted - lengths[at - 1]) / step).clamp(0.0, 1.0) } else { 0.0 };
    sphere::between(shape[at - 1], shape[at], share)
}
