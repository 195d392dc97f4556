//! Published figures to the person: of a population exactly so many have something, spread evenly over places and ages.

use super::profiles::Profile;

/// Steps that no population is a multiple of all of; one that does not divide it visits every person once.
const STEPS: [u64; 4] = [7_919, 104_729, 15_485_863, 32_452_843];

/// Exactly `part` of `whole`.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    part: u64,
    whole: u64,
    step: u64,
}

impl Quota {
    /// `nth` tells quotas over one population apart, so that what one person has says nothing of what else they have.
    pub fn new(part: u64, whole: u64, nth: usize) -> Quota {
        let steps = STEPS.iter().cycle().skip(nth % STEPS.len()).take(STEPS.len());
        let step = steps.copied().find(|it| whole == 0 || !whole.is_multiple_of(*it)).unwrap_or(1);
        Quota { part: part.min(whole), whole, step }
    }

    /// Whether the `nth` person has it.
    pub fn takes(&self, nth: u64) -> bool {
        if self.whole == 0 {
            return false;
        }
        let (whole, part) = (u128::from(self.whole), u128::from(self.part));
        let at = u128::from(nth) * u128::from(self.step) % whole;
        at * part / whole < (at + 1) * part / whole
    }
}

/// What the published figures say of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Of 65 and more on the day of the figures.
    pub aged_65: bool,
    pub signed: bool,
    pub managed: bool,
    /// Whether disabled, where a document prints how many are.
    pub disabled: Option<bool>,
}

/// Deals out what a profile publishes over its people, in the order in which they come.
#[derive(Debug)]
pub struct Dealing {
    aged_65: Quota,
    signed: Quota,
    managed: Quota,
    people: u64,
    people_65: u64,
}

impl Dealing {
    /// Of `total` people; figures shrink or grow with the scale, to the nearest whole person.
    pub fn new(profile: &Profile, total: usize) -> Dealing {
        let total = total as u64;
        let scaled = |n: u64| {
            let elders = profile.elders as u64;
            ((u128::from(n) * u128::from(total) * 2 + u128::from(elders)) / (u128::from(elders) * 2)) as u64
        };
        let of_65 = profile.aged_65.map_or(total, scaled);
        Dealing {
            aged_65: Quota::new(of_65, total, 0),
            signed: Quota::new(scaled(profile.signed), of_65, 1),
            managed: Quota::new(scaled(profile.managed), of_65, 2),
            people: 0,
            people_65: 0,
        }
    }

    pub fn next(&mut self) -> Standing {
        let aged_65 = self.aged_65.takes(self.people);
        self.people += 1;
        if !aged_65 {
            return Standing { aged_65, ..Standing::default() };
        }
        let nth = self.people_65;
        self.people_65 += 1;
        Standing { aged_65, signed: self.signed.takes(nth), managed: self.managed.takes(nth), disabled: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::profiles::{self, PROFILES};

    #[test]
    fn a_quota_is_met_to_the_person_and_spread() {
        for (part, whole) in [(362_000, 526_000), (0, 10), (10, 10), (1, 7_919), (328_879, 526_000)] {
            let quota = Quota::new(part, whole, 0);
            assert_eq!((0..whole).filter(|it| quota.takes(*it)).count() as u64, part);
        }
        let quota = Quota::new(362_000, 526_000, 1);
        let thousand = (0..1_000).filter(|it| quota.takes(*it)).count();
        assert!((670..710).contains(&thousand), "{thousand}");
    }

    #[test]
    fn jilins_figures_come_out_to_the_person_and_at_a_hundredth_to_rounding() {
        let jilin = profiles::find("jilin").unwrap();
        for (total, signed, managed) in [(526_000, 362_000, 328_879), (5_260, 3_620, 3_289)] {
            let mut dealing = Dealing::new(jilin, total);
            let all: Vec<Standing> = (0..total).map(|_| dealing.next()).collect();
            assert_eq!(all.iter().filter(|it| it.signed).count(), signed);
            assert_eq!(all.iter().filter(|it| it.managed).count(), managed);
        }
    }

    #[test]
    fn no_profile_has_more_parts_than_people() {
        for it in PROFILES {
            let of_65 = it.aged_65.unwrap_or(it.elders as u64);
            assert!(it.signed <= of_65 && it.managed <= of_65, "{}", it.word);
        }
    }
}
