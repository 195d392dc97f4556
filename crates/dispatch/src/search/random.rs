//! Chance from a seed, and the logarithm it needs, the same on every machine.

/// A small fast generator (xoshiro256++ of Blackman and Vigna), seeded by splitmix64.
#[derive(Clone, Debug)]
pub struct Random([u64; 4]);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut it = state;
            it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            it ^ (it >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let c = c ^ a;
        let d = d ^ b;
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A whole number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from 0 up to, and without, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number that comes up with probability one in `odds`.
    pub fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for it in (1..items.len()).rev() {
            items.swap(it, self.below(it + 1));
        }
    }
}

/// The natural logarithm of a positive number, by operations that every machine rounds alike (the one of the standard
/// library differs between systems, and with it a plan would).
pub fn ln(of: f64) -> f64 {
    let bits = of.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut term = ratio;
    let mut sum = 0.0;
    for odd in 0..16 {
        sum += term / f64::from(2 * odd + 1);
        term *= square;
    }
    2.0 * sum + exponent as f64 * std::f64::consts::LN_2
}

/// e to the power of `of`, with the same care.
pub fn exp(of: f64) -> f64 {
    let halvings = 10;
    let small = of / f64::from(1 << halvings);
    let mut sum = 1.0;
    let mut term = 1.0;
    for it in 1..10 {
        term *= small / f64::from(it);
        sum += term;
    }
    (0..halvings).fold(sum, |it, _| it * it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_power_agree_with_those_of_the_library() {
        for it in [1e-9, 0.1, 0.5, 1.0, 1.9999, 2.0, 7.3, 1e6] {
            assert!((ln(it) - f64::ln(it)).abs() < 1e-9, "ln {it}");
        }
        for it in [-9.0, -1.0, 0.0, 0.5, 3.0] {
            assert!((exp(it) / f64::exp(it) - 1.0).abs() < 1e-9, "exp {it}");
        }
    }
}
