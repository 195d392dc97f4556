//! The costs of a whole matrix by the hierarchy: what leads to each place is noted at the crossings once, and read by
//! whoever climbs there.

use crate::{
    Roads, Snap,
    hierarchy::{Climber, Hierarchy, Way},
    network::{Cost, Network},
};

pub(crate) struct Many<'a> {
    roads: &'a Roads,
    network: &'a Network,
    hierarchy: &'a Hierarchy,
    places: Vec<Option<Snap>>,
    limit_ms: u32,
    /// Crossing, place, and the cost from one to the other; sorted by crossing.
    notes: Vec<(u32, u32, Cost)>,
    /// Where the notes of each crossing begin.
    starts: Vec<u32>,
}

impl<'a> Many<'a> {
    pub fn of(
        roads: &'a Roads,
        network: &'a Network,
        hierarchy: &'a Hierarchy,
        places: &[Option<Snap>],
        limit_ms: u32,
    ) -> Many<'a> {
        let mut climber = Climber::new(network.crossings());
        let mut notes = Vec::new();
        for (number, place) in places.iter().enumerate() {
            let Some(place) = place else { continue };
            let from = network.arriving(roads, *place).collect::<Vec<_>>();
            hierarchy.climb(Way::Back, &from, &mut climber, limit_ms, |crossing, cost| {
                notes.push((crossing, number as u32, cost))
            });
        }
        notes.sort_unstable();
        let mut starts = vec![0u32; network.crossings() + 1];
        notes.iter().for_each(|(crossing, ..)| starts[*crossing as usize + 1] += 1);
        for it in 1..starts.len() {
            starts[it] += starts[it - 1];
        }
        Many { roads, network, hierarchy, places: places.to_vec(), limit_ms, notes, starts }
    }

    /// The buffers of one thread.
    pub fn climber(&self) -> Climber {
        Climber::new(self.network.crossings())
    }

    /// The costs from one of the places to all; none where no way is found within the limit.
    pub fn costs(&self, from: Snap, climber: &mut Climber) -> Vec<Option<Cost>> {
        let direct = |to: &Option<Snap>| to.and_then(|to| self.network.direct(self.roads, from, to));
        let mut costs = self.places.iter().map(|it| direct(it).unwrap_or(Cost::MAX)).collect::<Vec<_>>();
        let leaving = self.network.leaving(self.roads, from).collect::<Vec<_>>();
        self.hierarchy.climb(Way::Out, &leaving, climber, self.limit_ms, |crossing, cost| {
            let (start, end) = (self.starts[crossing as usize] as usize, self.starts[crossing as usize + 1] as usize);
            for (_, place, onward) in &self.notes[start..end] {
                let known = &mut costs[*place as usize];
                *known = (*known).min(cost.saturating_add(*onward));
            }
        });
        costs.into_iter().map(|it| (it >> 32 <= u64::from(self.limit_ms)).then_some(it)).collect()
    }
}
