//! When within a week, month, quarter or year each of so many times falls due.

use serde::{Deserialize, Serialize};

use crate::{base::Date, rounds::Period};

/// The days within which one of so many times is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    #[serde(rename = "可做自")]
    pub from: Date,
    #[serde(rename = "最迟")]
    pub by: Date,
}

/// The period in which a day lies, cut into as many equal parts as there are times in it: nobody is seen three times on Monday who
/// is to be seen three times a week. More times than days are several on one day.
pub fn slots(times: u16, every: Period, day: Date) -> Vec<Slot> {
    let (first, beyond) = every.around(day);
    let (days, times) = (first.days_until(beyond), i32::from(times));
    (0..times)
        .map(|nth| {
            let from = nth * days / times;
            let next = (nth + 1) * days / times;
            Slot { from: first.add_days(from), by: first.add_days((next - 1).max(from)) }
        })
        .collect()
}

/// Which slots are still open, with their places in the list, once something was done on these days: each day closes the slot it
/// lies in, else the first that is open.
pub fn open_slots(slots: &[Slot], done: &[Date]) -> Vec<(usize, Slot)> {
    let mut open: Vec<(usize, Slot)> = slots.iter().copied().enumerate().collect();
    let mut days = done.to_vec();
    days.sort_unstable();
    for day in days {
        let own = open.iter().position(|it| it.1.from <= day && day <= it.1.by);
        if !open.is_empty() {
            open.remove(own.unwrap_or(0));
        }
    }
    open
}
