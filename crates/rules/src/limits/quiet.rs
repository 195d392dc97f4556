//! Quiet times: what is not urgent waits until the morning, and nothing is lost of it.

use super::{Limits, Quiet, Raise};

/// What is told at an instant and what waits on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub now: Vec<Raise>,
    pub waiting: Vec<Raise>,
    /// When somebody has to ask again, milliseconds since 1970 UTC; nothing where nothing waits.
    pub again: Option<i64>,
}

const DAY_MS: i64 = 86_400_000;

/// Until when it is quiet, where it is so at `now`. `offset_minutes` is the zone of the place, 480 in China.
pub fn quiet_until(quiet: &Quiet, now: i64, offset_minutes: i32) -> Option<i64> {
    let local = now.saturating_add(i64::from(offset_minutes) * 60_000);
    let midnight = local - local.rem_euclid(DAY_MS);
    let at = |minutes: u16| i64::from(minutes) * 60_000;
    let (from, until) = (at(quiet.from.0), at(quiet.until.0));
    let time = local - midnight;
    let end = if from <= until {
        (from..until).contains(&time).then_some(midnight + until)
    } else if time >= from {
        Some(midnight + DAY_MS + until)
    } else {
        (time < until).then_some(midnight + until)
    };
    end.map(|it| it - i64::from(offset_minutes) * 60_000)
}

/// What is told now of what waits and what is new.
pub fn tell(limits: &Limits, waiting: &[Raise], new: Vec<Raise>, now: i64, offset_minutes: i32) -> Told {
    let again = limits.quiet.as_ref().and_then(|it| quiet_until(it, now, offset_minutes));
    let all = waiting.iter().cloned().chain(new);
    let (now, waiting): (Vec<Raise>, Vec<Raise>) = all.partition(|it| it.urgent || again.is_none());
    Told { now, again: again.filter(|_| !waiting.is_empty()), waiting }
}
