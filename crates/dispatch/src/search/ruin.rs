//! What is taken out of a plan before it is put back better: strings of neighbouring tours above all.

use super::{Search, facts::NONE, state::State};

impl Search<'_> {
    /// Takes some visits out of the trial; they stand in `self.trial.absent` then. Whether the rest can stand: a break
    /// that was taken on the way to a visit may be too far from the next one without it.
    pub fn ruin(&mut self) -> bool {
        self.touched.clear();
        let planned = self.facts.calls.len() - self.trial.absent.len();
        if planned == 0 {
            return true;
        }
        self.change_workers();
        if self.random.below(100) < self.settings.others {
            match self.random.below(7) {
                0..2 => self.ruin_late(),
                2 => self.ruin_tour(),
                _ => self.ruin_near(),
            }
        } else {
            self.ruin_strings();
        }
        let touched = std::mem::take(&mut self.touched);
        let possible = self.trial.settle(self.facts, &mut self.desk, &touched);
        if possible {
            self.move_breaks(&touched);
        }
        self.touched = touched;
        possible
    }

    /// Breaks of tours that were ruined change places with a neighbour now and then, where that is possible.
    fn move_breaks(&mut self, touched: &[u32]) {
        let facts = self.facts;
        for tour in touched {
            for node in &facts.tours[*tour as usize].breaks {
                if self.trial.spots[*node as usize].tour == NONE || !self.random.one_in(3) {
                    continue;
                }
                let (prev, next) = (self.trial.spots[*node as usize].prev, self.trial.spots[*node as usize].next);
                let after = if self.random.one_in(2) { next } else { self.trial.spots[prev as usize].prev };
                let begun = prev == self.trial.free_after(facts, *tour) && after != next;
                if after == NONE || begun || after == facts.tours[*tour as usize].end {
                    continue;
                }
                for after in [after, prev] {
                    self.trial.unlink(facts, *node);
                    self.trial.link(facts, *node, *tour, after);
                    if self.trial.settle(facts, &mut self.desk, &[*tour]) {
                        break;
                    }
                }
            }
        }
    }

    fn movable(&self, visit: u32) -> bool {
        !self.facts.calls[visit as usize].fixed && self.tour_of(visit).is_some()
    }

    /// The tour of a visit: of one of its parts by chance, if it has two.
    fn tour_of(&self, visit: u32) -> Option<u32> {
        let call = &self.facts.calls[visit as usize];
        let tour = |it: u32| if it == NONE { NONE } else { self.trial.spots[it as usize].tour };
        [tour(call.nodes[0]), tour(call.joint)].into_iter().find(|it| *it != NONE)
    }

    fn remove(&mut self, visit: u32) {
        let mut touched = std::mem::take(&mut self.touched);
        self.trial.remove(self.facts, visit, &mut touched);
        self.touched = touched;
    }

    /// Slack induction by string removals (Christiaens and Vanden Berghe 2020): from a seed outwards, one string of
    /// stops from each tour that comes near.
    fn ruin_strings(&mut self) {
        let facts = self.facts;
        let used = self.trial.tours.iter().filter(|it| it.count > 0).count().max(1);
        let stops: u32 = self.trial.tours.iter().map(|it| it.count).sum();
        let usual = f64::from(stops) / used as f64;
        let longest = usual.min(self.settings.string).max(1.0);
        let most = 4.0 * self.settings.removed / (1.0 + longest) - 1.0;
        let strings = 1 + (self.random.unit() * most.max(0.0)) as usize;
        let seed = self.random.below(facts.calls.len());
        let timely = self.random.below(100) < self.settings.timely;
        let mut ruined = 0;
        self.ruined.clear();
        for index in 0..self.near[seed].len() {
            let visit = if timely { self.timely[seed][index] } else { self.near[seed][index] };
            if !self.movable(visit) {
                continue;
            }
            let call = &facts.calls[visit as usize];
            let mut nodes = [call.nodes[0], call.nodes[1], call.joint];
            if call.count == 2 && self.random.one_in(2) {
                nodes.swap(0, 1);
            }
            for node in nodes {
                if node == NONE {
                    continue;
                }
                let tour = self.trial.spots[node as usize].tour;
                if tour == NONE || self.ruined.contains(&tour) {
                    continue;
                }
                self.ruined.push(tour);
                let limit = f64::from(self.trial.tours[tour as usize].count).min(longest);
                let length = 1 + (self.random.unit() * limit) as usize;
                self.remove_string(tour, node, length);
                ruined += 1;
                break;
            }
            if ruined >= strings {
                break;
            }
        }
    }

    /// Takes a string of stops with this node in it out of a tour, sometimes sparing some in its middle.
    fn remove_string(&mut self, tour: u32, node: u32, length: usize) {
        let facts = self.facts;
        self.string.clear();
        let mut at = self.trial.spots[facts.tours[tour as usize].start as usize].next;
        let mut position = 0;
        while at != NONE {
            let visit = facts.nodes[at as usize].visit;
            if visit != NONE && !facts.calls[visit as usize].fixed {
                if at == node {
                    position = self.string.len();
                }
                self.string.push(visit);
            }
            at = self.trial.spots[at as usize].next;
        }
        let length = length.min(self.string.len());
        let mut spared = 0;
        if length > 1 && self.random.one_in(2) {
            while length + spared < self.string.len() && !self.random.one_in(100) {
                spared += 1;
                if self.random.one_in(2) {
                    break;
                }
            }
        }
        let window = length + spared;
        let earliest = (position + 1).saturating_sub(window);
        let latest = position.min(self.string.len() - window);
        let from = earliest + self.random.below(latest - earliest + 1);
        let gap = from + 1 + self.random.below(length.max(2) - 1);
        for it in from..from + window {
            let visit = self.string[it];
            if (gap..gap + spared).contains(&it) && it != position {
                continue;
            }
            if self.tour_of(visit).is_some() {
                self.remove(visit);
            }
        }
    }

    /// Those that are latest, and those around them.
    fn ruin_late(&mut self) {
        let facts = self.facts;
        let mut late: Vec<(i64, u32)> = Vec::new();
        for (node, spot) in self.trial.spots[..facts.stops].iter().enumerate() {
            if spot.tour != NONE && spot.late > 0 && self.movable(facts.nodes[node].visit) {
                late.push((spot.late, facts.nodes[node].visit));
            }
        }
        if late.is_empty() {
            return self.ruin_strings();
        }
        late.sort_unstable();
        let rank = late.len() - 1 - (self.random.unit() * self.random.unit() * late.len() as f64) as usize;
        self.remove_around(late[rank].1);
    }

    /// A visit by chance and those nearest to it in place and time.
    fn ruin_near(&mut self) {
        let seed = self.random.below(self.facts.calls.len()) as u32;
        self.remove_around(seed);
    }

    fn remove_around(&mut self, seed: u32) {
        let most = 1 + self.random.below((2.0 * self.settings.removed) as usize);
        let mut removed = 0;
        for index in 0..self.timely[seed as usize].len() {
            let visit = self.timely[seed as usize][index];
            if self.movable(visit) && !self.random.one_in(4) {
                self.remove(visit);
                removed += 1;
            }
            if removed >= most {
                break;
            }
        }
    }

    /// All of one tour.
    fn ruin_tour(&mut self) {
        let facts = self.facts;
        let used: Vec<u32> = (0..facts.tours.len() as u32)
            .filter(|it| (1..=30).contains(&self.trial.tours[*it as usize].count))
            .collect();
        if used.is_empty() {
            return self.ruin_strings();
        }
        let tour = used[self.random.below(used.len())];
        let mut at = self.trial.spots[facts.tours[tour as usize].start as usize].next;
        while at != NONE {
            let next = self.trial.spots[at as usize].next;
            let visit = facts.nodes[at as usize].visit;
            if visit != NONE && self.movable(visit) {
                self.remove(visit);
            }
            at = next;
        }
        // Breaks go with the last stop of a tour; one that still has stops keeps them.
        debug_assert!(self.trial.tours[tour as usize].count as usize >= facts.tours[tour as usize].begun.len());
        debug_assert!(!State::is_break(facts, facts.tours[tour as usize].start));
    }
}
