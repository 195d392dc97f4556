//! What others ask: seconds and metres between places, one to many or all to all, and the line on the map.

use std::{sync::OnceLock, thread};

use crate::{
    BadPace, Kind, Pace, Place, Roads, Snap,
    graph::{lengths, on_piece},
    grid::Grid,
    hierarchy::{Climber, Hierarchy},
    many::Many,
    network::{Cost, Network},
    search::Search,
};

/// How a leg was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Road,
    /// As the crow flies, with the factor and speed of [`crate::GreatCircle`]: there is no road near enough, none
    /// that leads there,
    /// or the two places are nearer to each other than to the road and one walks across.
    Crow,
}

/// The way from one place to another in whole seconds and metres, rounded up. Of places joined to roads, seconds keep
/// the triangle inequality as long as all three legs are by road;
/// metres are those of the quickest way, which need not be the shortest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    pub seconds: u32,
    pub metres: u32,
    pub by: By,
}

/// The legs between some places, each to each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    count: usize,
    legs: Vec<Leg>,
}

impl Matrix {
    /// How many places it has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The leg between two places by their numbers; panics beyond the count.
    pub fn leg(&self, from: usize, to: usize) -> Leg {
        self.row(from)[to]
    }

    /// The legs from one place to all.
    pub fn row(&self, from: usize) -> &[Leg] {
        &self.legs[from * self.count..(from + 1) * self.count]
    }
}

/// Travel by roads, where there are any, and as the crow flies.
pub struct Travel {
    pace: Pace,
    by_road: Option<ByRoad>,
}

struct ByRoad {
    roads: Roads,
    grid: Grid,
    /// Walking, cycling and driving.
    networks: [Network; 3],
    /// Made when the first large matrix is asked for.
    hierarchies: [OnceLock<Hierarchy>; 3],
}

/// How the ways from one place are looked for.
enum Finder<'a> {
    Crow,
    Single(&'a ByRoad, Search),
    Many(&'a Many<'a>, Climber),
}

/// From so many places on a matrix is worth a hierarchy.
const MANY: usize = 200;
/// The arcs a crossing may have and still be taken out of the hierarchy's core; measured on foot in a drawn city of
/// 90,000 crossings, where 24 and 64 took longer.
const CORE_ARCS: usize = 40;
/// Metres below which two corners of a line are one.
const SAME_M: f64 = 0.2;

impl Travel {
    /// Prepares roads for some speeds; without roads everything is told as the crow flies.
    pub fn new(roads: Option<Roads>, pace: Pace) -> Result<Travel, BadPace> {
        pace.check()?;
        let by_road = roads.map(|roads| {
            let networks = [Kind::Walk, Kind::Cycle, Kind::Car].map(|it| Network::of(&roads, &pace, it));
            let grid = Grid::of(&roads, |it| networks.iter().any(|network| network.joined[it]));
            ByRoad { roads, grid, networks, hierarchies: Default::default() }
        });
        Ok(Travel { pace, by_road })
    }

    /// The roads it goes by, if any.
    pub fn roads(&self) -> Option<&Roads> {
        self.by_road.as_ref().map(|it| &it.roads)
    }

    /// The speeds it goes at.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Where a place is joined to the road; none where there is no road within [`Pace::snap_m`] that leads on.
    pub fn snap(&self, place: Place, kind: Kind) -> Option<Snap> {
        let it = self.by_road.as_ref()?;
        it.grid.snap(&it.roads, it.network(kind), place, f64::from(self.pace.snap_m))
    }

    /// The legs from one place to many.
    pub fn legs(&self, from: Place, to: &[Place], kind: Kind) -> Vec<Leg> {
        let (places, snaps) = self.joined([from].iter().chain(to).copied(), kind);
        self.row(&places, &snaps, 0, kind, &mut self.single(kind)).split_off(1)
    }

    /// The legs between all places, on so many threads; the answer does not depend on their number.
    pub fn matrix(&self, places: &[Place], kind: Kind, threads: usize) -> Matrix {
        let (places, snaps) = self.joined(places.iter().copied(), kind);
        let count = places.len();
        let share = count.div_ceil(threads.clamp(1, count.max(1))).max(1);
        let many = self.many(kind, &snaps);
        let mut legs = Vec::with_capacity(count * count);
        thread::scope(|scope| {
            let starts = (0..count).step_by(share);
            let workers = starts.map(|start| {
                let (places, snaps, many) = (&places, &snaps, &many);
                scope.spawn(move || {
                    let mut finder = match many {
                        Some(many) => Finder::Many(many, many.climber()),
                        None => self.single(kind),
                    };
                    let rows = start..(start + share).min(count);
                    rows.flat_map(|from| self.row(places, snaps, from, kind, &mut finder)).collect::<Vec<_>>()
                })
            });
            for worker in workers.collect::<Vec<_>>() {
                match worker.join() {
                    Ok(rows) => legs.extend(rows),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        Matrix { count, legs }
    }

    /// The line of the quickest way, both places included; straight where [`Travel::legs`] tells it as the crow flies.
    pub fn path(&self, from: Place, to: Place, kind: Kind) -> Vec<Place> {
        let straight = vec![from, to];
        let Some(it) = &self.by_road else { return straight };
        let (Some(start), Some(end)) = (self.snap(from, kind), self.snap(to, kind)) else { return straight };
        if from.metres_to(to) * 10.0 <= f64::from(start.away_dm) + f64::from(end.away_dm) {
            return straight;
        }
        let (network, mut search) = (it.network(kind), Search::with_trail(it.network(kind)));
        search.run(&it.roads, network, start, &[end], self.limit_ms());
        let Some((_, last)) = search.found(&it.roads, network, start, end) else { return straight };
        let mut line = vec![from];
        match last {
            None => it.stretch(start.piece, start.along_dm, end.along_dm, &mut line),
            Some(last) => {
                let (crossing, onward) = last;
                let target = &it.roads.pieces[end.piece as usize];
                let by_first = crossing == target.from && onward == network.part(&it.roads, end.piece, end.along_dm);
                let begin_dm = if by_first { 0 } else { target.length_dm };
                for (number, (crossing, piece)) in search.trail(crossing).into_iter().enumerate() {
                    let span = &it.roads.pieces[piece as usize];
                    let by_last = match number {
                        0 => network.leaves_by_last(span, start.along_dm, crossing),
                        _ => crossing == span.to,
                    };
                    let (begin, leaves) = if by_last { (0, span.length_dm) } else { (span.length_dm, 0) };
                    it.stretch(piece, if number == 0 { start.along_dm } else { begin }, leaves, &mut line);
                }
                it.stretch(end.piece, begin_dm, end.along_dm, &mut line);
            }
        }
        // Where a place lies on the road its foot does as well.
        line.push(to);
        line.dedup_by(|next, before| next.metres_to(*before) < SAME_M);
        if let Some(last) = line.last_mut().filter(|it| it.metres_to(to) < SAME_M) {
            *last = to;
        }
        line
    }

    fn joined(&self, places: impl Iterator<Item = Place>, kind: Kind) -> (Vec<Place>, Vec<Option<Snap>>) {
        places.map(|it| (it, self.snap(it, kind))).unzip()
    }

    fn single(&self, kind: Kind) -> Finder<'_> {
        self.by_road.as_ref().map_or(Finder::Crow, |it| Finder::Single(it, Search::new(it.network(kind))))
    }

    /// The hierarchy of roads where it is worth while: it takes as long as some hundred single searches, once.
    fn many(&self, kind: Kind, snaps: &[Option<Snap>]) -> Option<Many<'_>> {
        let it = self.by_road.as_ref()?;
        let (network, hierarchy) = (it.network(kind), it.hierarchy(kind));
        let hierarchy = match hierarchy.get() {
            Some(known) => known,
            None if snaps.len() < MANY => return None,
            None => hierarchy.get_or_init(|| Hierarchy::of(network, CORE_ARCS)),
        };
        Some(Many::of(&it.roads, network, hierarchy, snaps, self.limit_ms()))
    }

    fn limit_ms(&self) -> u32 {
        self.pace.reach_seconds.saturating_mul(1000)
    }

    fn row(
        &self,
        places: &[Place],
        snaps: &[Option<Snap>],
        from: usize,
        kind: Kind,
        finder: &mut Finder<'_>,
    ) -> Vec<Leg> {
        let costs = match (finder, snaps[from]) {
            (Finder::Crow, _) | (_, None) => vec![None; places.len()],
            (Finder::Many(many, climber), Some(start)) => many.costs(start, climber),
            (Finder::Single(it, search), Some(start)) => {
                let wanted = snaps.iter().flatten().copied().collect::<Vec<_>>();
                let (roads, network) = (&it.roads, it.network(kind));
                search.run(roads, network, start, &wanted, self.limit_ms());
                let cost = |to: &Option<Snap>| to.and_then(|to| search.found(roads, network, start, to)).map(|it| it.0);
                snaps.iter().map(cost).collect()
            }
        };
        let start = (places[from], snaps[from]);
        let ends = places.iter().copied().zip(snaps.iter().copied());
        ends.zip(costs).map(|(end, cost)| self.leg(start, end, cost, kind)).collect()
    }

    /// The leg between two places and where they are joined to the road, over a way of known cost.
    fn leg(
        &self,
        (from, start): (Place, Option<Snap>),
        (to, end): (Place, Option<Snap>),
        cost: Option<Cost>,
        kind: Kind,
    ) -> Leg {
        if from == to {
            return Leg { seconds: 0, metres: 0, by: if start.is_some() { By::Road } else { By::Crow } };
        }
        let crow_m = from.metres_to(to);
        let by_crow = |kind| {
            let (seconds, metres) = self.pace.great_circle.leg(crow_m, kind);
            Leg { seconds, metres, by: By::Crow }
        };
        let (Some(start), Some(end)) = (start, end) else { return by_crow(kind) };
        let away_dm = f64::from(start.away_dm) + f64::from(end.away_dm);
        if crow_m * 10.0 <= away_dm {
            return by_crow(Kind::Walk);
        }
        let Some(cost) = cost else { return by_crow(kind) };
        // From the door to the road one walks, with each door's part rounded for itself so that legs add up.
        let factor = self.pace.great_circle.factor;
        let doors = [start, end].map(|it| (f64::from(it.away_dm) * factor).ceil());
        let (doors_ms, doors_dm) = doors
            .iter()
            .fold((0u64, 0u64), |(ms, dm), it| (ms + (it * 360.0 / self.pace.walk).ceil() as u64, dm + *it as u64));
        let milliseconds = (cost >> 32) + doors_ms;
        let metres = whole(((cost & 0xffff_ffff) + doors_dm).div_ceil(10));
        let seconds = whole(milliseconds.div_ceil(1000));
        let seconds = if kind == Kind::Bus { seconds.min(self.bus_seconds(metres)) } else { seconds };
        Leg { seconds, metres, by: By::Road }
    }

    fn bus_seconds(&self, metres: u32) -> u32 {
        let rides = (f64::from(metres) * 3.6 / self.pace.bus.speed).ceil() as u32;
        rides.saturating_add(self.pace.bus.wait_seconds)
    }
}

impl ByRoad {
    fn network(&self, kind: Kind) -> &Network {
        &self.networks[number(kind)]
    }

    fn hierarchy(&self, kind: Kind) -> &OnceLock<Hierarchy> {
        &self.hierarchies[number(kind)]
    }

    /// Appends a stretch of a piece to a line, in the direction from `begin_dm` to `end_dm`.
    fn stretch(&self, piece: u32, begin_dm: u32, end_dm: u32, line: &mut Vec<Place>) {
        let piece = &self.roads.pieces[piece as usize];
        let (low, high) = (begin_dm.min(end_dm), begin_dm.max(end_dm));
        let corners = self.roads.shape(piece).zip(lengths(self.roads.shape(piece)));
        let inside = corners.filter(|(_, metres)| f64::from(low) < metres * 10.0 && metres * 10.0 < f64::from(high));
        let inside = inside.map(|(place, _)| place);
        line.push(on_piece(&self.roads, piece, begin_dm));
        if begin_dm <= end_dm {
            line.extend(inside)
        } else {
            line.extend(inside.collect::<Vec<_>>().into_iter().rev())
        }
        line.push(on_piece(&self.roads, piece, end_dm));
    }
}

/// The network a kind moves in: walking, cycling or driving.
fn number(kind: Kind) -> usize {
    match kind {
        Kind::Walk | Kind::Bus => 0,
        Kind::Cycle => 1,
        Kind::Car => 2,
    }
}

/// A number that fits, or the largest that does.
fn whole(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
