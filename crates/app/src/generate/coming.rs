//! Who comes, in which order, and where each of them lives.

use std::ops::Range;

use super::{
    people::{People, Person},
    profiles,
    quota::{Dealing, Quota, Standing},
};

/// Who is to come, and where people can live.
pub struct Coming {
    pub people: People,
    pub dealing: Dealing,
    pub homes: Vec<String>,
    pub total: usize,
    pub part: Option<Part>,
    pub poor_signed: bool,
}

/// The people of a county of which figures are printed, among all in the order in which they come.
pub struct Part {
    people: Range<usize>,
    homes: Range<usize>,
    disabled: Quota,
}

impl Part {
    /// Whoever lives elsewhere comes before or after, as the homes do.
    pub fn of(it: &profiles::Part, homes: &[String], scale: f64, total: usize) -> Part {
        let scaled = |n: f64| (n * scale).round() as usize;
        let first = homes.partition_point(|home| home.as_str() < it.county);
        let count = homes[first..].iter().take_while(|home| home.starts_with(it.county)).count();
        let elders = scaled(it.elders as f64).min(total);
        let before = (total - elders) * first / (homes.len() - count).max(1);
        Part {
            people: before..before + elders,
            homes: first..first + count,
            disabled: Quota::new(scaled(it.disabled as f64) as u64, elders as u64, 3),
        }
    }
}

/// So many people come together, whoever takes them and however many at once.
pub const WINDOW: usize = 200;

impl Coming {
    /// The next so many, whole windows but for the last, and whoever came between them and has gone again.
    pub fn next(&mut self, nth: Range<usize>) -> Vec<Person> {
        let windows = nth.clone().step_by(WINDOW).map(|from| from..nth.end.min(from + WINDOW));
        windows.flat_map(|it| self.window(it)).collect()
    }

    fn window(&mut self, nth: Range<usize>) -> Vec<Person> {
        let mut batch: Vec<Person> = Vec::with_capacity(nth.len() + nth.len() / 10);
        for nth in nth {
            let (home, standing) = (self.home(nth), self.standing(nth));
            let home = &self.homes[home];
            batch.push(self.people.next(home, standing));
            if self.people.has_gone() {
                batch.push(self.people.gone(home));
            }
        }
        if self.poor_signed {
            self.sign_the_poor(&mut batch);
        }
        batch
    }

    /// Which home the nth lives in: people come home by home, as many to each give or take a few.
    fn home(&self, nth: usize) -> usize {
        let (all, homes) = (self.total, self.homes.len());
        let Some(Part { people, homes: own, .. }) = &self.part else { return spread(nth, all, homes) };
        let stretch = match nth {
            it if it < people.start => (0..people.start, 0..own.start),
            it if it < people.end => (people.clone(), own.clone()),
            _ => (people.end..all, own.end..homes),
        };
        stretch.1.start + spread(nth - stretch.0.start, stretch.0.len(), stretch.1.len())
    }

    fn standing(&mut self, nth: usize) -> Standing {
        let part = self.part.as_ref().filter(|it| it.people.contains(&nth));
        let disabled = part.map(|it| it.disabled.takes((nth - it.people.start) as u64));
        Standing { disabled, ..self.dealing.next() }
    }

    /// Where everybody poor is signed, somebody else of the window is not: there are as many as before.
    fn sign_the_poor(&self, people: &mut [Person]) {
        let is_poor = |it: &Person| it.draft.groups.iter().any(|group| group.0 == "poor");
        let is_there = |it: &Person| it.standing.aged_65 && !self.people.has_left(it);
        let (poor, others): (Vec<_>, Vec<_>) = people.iter_mut().filter(|it| is_there(it)).partition(|it| is_poor(it));
        let unsigned = poor.into_iter().filter(|it| !it.standing.signed);
        for (one, other) in unsigned.zip(others.into_iter().filter(|it| it.standing.signed)) {
            (one.standing.signed, other.standing.signed) = (true, false);
        }
    }
}

/// Which of so many homes the nth of `total` people lives in.
fn spread(nth: usize, total: usize, homes: usize) -> usize {
    (nth * homes / total.max(1)).min(homes - 1)
}
