//! The course of one alarm over readings in the order of their time: when it was raised and when it was over. More readings in between
//! never take a raise away, so what is told does not depend on the order in which readings come in.

use std::collections::VecDeque;

/// What a reading means for one alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// Beyond the limit.
    Beyond,
    /// Far enough back inside.
    Inside,
    /// Neither.
    Between,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at: i64,
    pub(super) value: i64,
    pub(super) over: bool,
}

/// Events of readings sorted by time, and whether it is open at their end. `times` readings beyond it within `window_ms` raise it.
pub(super) fn events(
    readings: &[(i64, i64)],
    mut open: bool,
    times: u8,
    window_ms: i64,
    is: impl Fn(i64) -> Is,
) -> (Vec<Event>, bool) {
    let mut events = Vec::new();
    let mut beyond: VecDeque<i64> = VecDeque::new();
    for (at, value) in readings.iter().copied() {
        match is(value) {
            Is::Beyond if !open => {
                beyond.push_back(at);
                while beyond.front().is_some_and(|first| at.saturating_sub(*first) > window_ms) {
                    beyond.pop_front();
                }
                if beyond.len() >= usize::from(times) {
                    open = true;
                    beyond.clear();
                    events.push(Event { at, value, over: false });
                }
            }
            Is::Inside if open => {
                open = false;
                events.push(Event { at, value, over: true });
            }
            _ => (),
        }
    }
    (events, open)
}

/// What is new in the events after some readings came in: as many as there are more, the latest of those that were not there before.
pub(super) fn news(before: &[Event], after: &[Event]) -> Vec<Event> {
    let mut new = Vec::new();
    for over in [false, true] {
        let count = |events: &[Event]| events.iter().filter(|it| it.over == over).count();
        let more = count(after).saturating_sub(count(before));
        let unseen = after.iter().rev().filter(|it| it.over == over && !before.contains(it));
        new.extend(unseen.take(more).copied());
    }
    new.sort_by_key(|it| (it.at, it.over));
    new
}
