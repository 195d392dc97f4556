//! What changes from day to day and holds in between: each value from its day until the next one begins.

use crate::base::Date;

/// Values with the day from which each holds; `None` ends what was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps<T>(Vec<(Date, Option<T>)>);

impl<T: Clone + PartialEq> Steps<T> {
    /// From rows in any order; of two that begin on one day the later one counts.
    pub fn new(rows: impl IntoIterator<Item = (Date, Option<T>)>) -> Steps<T> {
        let mut all: Vec<(Date, Option<T>)> = Vec::new();
        for (day, value) in rows {
            match all.iter_mut().find(|it| it.0 == day) {
                Some(same) => same.1 = value,
                None => all.push((day, value)),
            }
        }
        all.sort_by_key(|it| it.0);
        Steps(all)
    }

    /// What holds on a day.
    pub fn on(&self, day: Date) -> Option<&T> {
        self.0.iter().rev().find(|it| it.0 <= day).and_then(|it| it.1.as_ref())
    }

    /// The stretches in which a value holds: from, the first day on which it no longer holds, the value. Equal values that
    /// follow each other are one stretch.
    pub fn stretches(&self) -> Vec<(Date, Option<Date>, T)> {
        let mut all: Vec<(Date, Option<Date>, T)> = Vec::new();
        for (at, (from, value)) in self.0.iter().enumerate() {
            let Some(value) = value else { continue };
            let until = self.0.get(at + 1).map(|it| it.0);
            match all.last_mut() {
                Some(last) if last.1 == Some(*from) && last.2 == *value => last.1 = until,
                _ => all.push((*from, until, value.clone())),
            }
        }
        all
    }

    /// The days on which something changes.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        self.0.iter().map(|it| it.0)
    }

    /// Whether nothing was ever said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_value_holds_from_its_day_until_the_next_begins() {
        let steps = Steps::new([
            (day("2024-05-01"), None),
            (day("2024-01-01"), Some("甲")),
            (day("2024-03-01"), Some("乙")),
            (day("2024-06-01"), Some("甲")),
        ]);
        assert_eq!(steps.on(day("2023-12-31")), None);
        assert_eq!(steps.on(day("2024-01-01")), Some(&"甲"));
        assert_eq!(steps.on(day("2024-02-29")), Some(&"甲"));
        assert_eq!(steps.on(day("2024-03-01")), Some(&"乙"));
        assert_eq!(steps.on(day("2024-05-31")), None);
        let all = steps.stretches();
        assert_eq!(all[0], (day("2024-01-01"), Some(day("2024-03-01")), "甲"));
        assert_eq!(all[2], (day("2024-06-01"), None, "甲"));
    }

    #[test]
    fn the_same_value_again_is_one_stretch() {
        let steps = Steps::new([(day("2024-01-01"), Some(1)), (day("2024-02-01"), Some(1)), (day("2024-03-01"), None)]);
        assert_eq!(steps.stretches(), [(day("2024-01-01"), Some(day("2024-03-01")), 1)]);
        assert_eq!(steps.days().count(), 3);
    }
}
