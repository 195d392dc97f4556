//! Chance that comes out the same for the same seed, on every machine and in every release (SplitMix64).

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 up to but not including `n`, which is at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Whether something happens that happens in `share` of all cases.
    pub fn happens(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) / ((1_u64 << 53) as f64) < share
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// One of (thing, weight), each as often as its weight says.
    pub fn weighed<'a, T>(&mut self, all: &'a [(T, u32)]) -> &'a T {
        let total: usize = all.iter().map(|it| it.1 as usize).sum();
        let mut at = self.below(total);
        for (thing, weight) in all {
            match at.checked_sub(*weight as usize) {
                Some(rest) => at = rest,
                None => return thing,
            }
        }
        &all[all.len() - 1].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let three = |seed| {
            let mut chance = Chance::new(seed);
            [chance.next(), chance.next(), chance.next()]
        };
        assert_eq!(three(7), three(7));
        assert_ne!(three(7), three(8));
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::new(1);
        let heavy = (0..10_000).filter(|_| *chance.weighed(&[(true, 9), (false, 1)])).count();
        assert!((8_800..9_200).contains(&heavy), "{heavy}");
    }
}
