//! Stretches of days: put in order, cut with each other, and told as changes by day.

use std::collections::BTreeMap;

use rules::base::Date;

use super::Span;

/// Days from `from` on, until `until` (not included), in which something holds `amount` times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: Date,
    pub until: Option<Date>,
    pub amount: i64,
}

impl Stretch {
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day < it)
    }
}

impl From<&Span> for Stretch {
    fn from(it: &Span) -> Stretch {
        Stretch { from: it.from, until: it.until, amount: it.amount }
    }
}

/// The same days in order, none twice: where stretches overlap the greatest amount counts.
pub fn tidy(all: &[Stretch]) -> Vec<Stretch> {
    let mut days: Vec<Date> = all.iter().flat_map(|it| [Some(it.from), it.until]).flatten().collect();
    days.sort_unstable();
    days.dedup();
    let mut tidy: Vec<Stretch> = Vec::new();
    for (at, from) in days.iter().enumerate() {
        let Some(amount) = all.iter().filter(|it| it.holds(*from)).map(|it| it.amount).max() else { continue };
        let until = days.get(at + 1).copied();
        match tidy.last_mut() {
            Some(last) if last.until == Some(*from) && last.amount == amount => last.until = until,
            _ => tidy.push(Stretch { from: *from, until, amount }),
        }
    }
    tidy
}

/// The days on which both hold; amounts multiply.
pub fn both(a: &[Stretch], b: &[Stretch]) -> Vec<Stretch> {
    let mut common = Vec::new();
    for one in a {
        for other in b {
            let from = one.from.max(other.from);
            let until = match (one.until, other.until) {
                (Some(x), Some(y)) => Some(x.min(y)),
                (x, y) => x.or(y),
            };
            if until.is_none_or(|it| from < it) {
                common.push(Stretch { from, until, amount: one.amount * other.amount });
            }
        }
    }
    common.sort_unstable_by_key(|it| it.from);
    common
}

/// Adds to `changes` by how much the number grows or falls on each day, `sign` times.
pub fn changes(all: &[Stretch], sign: i64, changes: &mut BTreeMap<Date, i64>) {
    for it in all {
        *changes.entry(it.from).or_default() += sign * it.amount;
        if let Some(until) = it.until {
            *changes.entry(until).or_default() -= sign * it.amount;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i32) -> Date {
        Date::new(2024, 1, 1).unwrap().add_days(n)
    }

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        let one = (0..60_i32, proptest::option::of(1..30_i32), 1..3_i64).prop_map(|(from, length, amount)| Stretch {
            from: day(from),
            until: length.map(|it| day(from + it)),
            amount,
        });
        proptest::collection::vec(one, 0..6)
    }

    fn on(all: &[Stretch], at: Date) -> i64 {
        all.iter().filter(|it| it.holds(at)).map(|it| it.amount).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn tidy_stretches_hold_on_the_same_days_and_never_overlap(all in stretches()) {
            let tidied = tidy(&all);
            for n in 0..100 {
                prop_assert_eq!(on(&all, day(n)), on(&tidied, day(n)));
                prop_assert!(tidied.iter().filter(|it| it.holds(day(n))).count() <= 1);
            }
        }

        #[test]
        fn both_holds_where_each_holds(a in stretches(), b in stretches()) {
            let (a, b) = (tidy(&a), tidy(&b));
            let common = both(&a, &b);
            for n in 0..100 {
                prop_assert_eq!(on(&common, day(n)), on(&a, day(n)) * on(&b, day(n)));
            }
        }

        #[test]
        fn the_sum_of_changes_up_to_a_day_is_the_number_on_it(all in stretches()) {
            let tidied = tidy(&all);
            let mut by_day = BTreeMap::new();
            changes(&tidied, 1, &mut by_day);
            for n in 0..100 {
                prop_assert_eq!(by_day.range(..=day(n)).map(|it| it.1).sum::<i64>(), on(&tidied, day(n)));
            }
        }
    }
}
