//! What days say that single readings do not: a value that moved too far in a few days, and a mean that left where it was.

use readings::Measure;
use serde::{Deserialize, Serialize};

use super::{Change, Ground, Item, Limits, MeanChange, Over, Raise, Reason, Way};
use crate::{
    alarm::Kind,
    base::{Date, Text},
};

/// The mean of a measure on a day, in kept units; implausible readings are not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub day: Date,
    pub mean: i64,
}

/// Which trends of a person are open, by what they are called among the limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Trends(Vec<String>);

/// Judges the days of one measure up to today, in any order; `at` is the instant a raise gets. What is open is told once.
pub fn trends(
    limits: &Limits,
    open: &Trends,
    measure: Measure,
    days: &[Day],
    today: Date,
    at: i64,
) -> (Trends, Vec<Raise>, Vec<Over>) {
    let (mut trends, mut raises, mut overs) = (open.clone(), Vec::new(), Vec::new());
    let changes = limits.changes.iter().filter(|it| it.0.item.0 == measure);
    let means = limits.means.iter().filter(|it| it.0.item.0 == measure);
    let found = changes
        .map(|(it, ground)| (name_of_change(it), change(it, days, today), ground))
        .chain(means.map(|(it, ground)| (name_of_means(it), moved(it, days, today), ground)));
    for (name, found, ground) in found {
        let was_open = open.0.contains(&name);
        match found {
            Some(found) if found.beyond && !was_open => {
                trends.0.push(name);
                raises.push(raise(Item(measure), found, ground, at));
            }
            Some(found) if !found.beyond && was_open => {
                trends.0.retain(|it| *it != name);
                overs.push(Over { kind: Kind::Vital, at, text: found.text });
            }
            // Days without values end nothing and begin nothing.
            _ => (),
        }
    }
    (trends, raises, overs)
}

struct Found {
    beyond: bool,
    value: i64,
    limit: i64,
    text: Text,
}

fn raise(item: Item, found: Found, ground: &Ground, at: i64) -> Raise {
    let reason = Reason {
        text: found.text,
        measure: Some(item.0.word().to_owned()),
        value: Some(found.value),
        limit: Some(found.limit),
        own: None,
        policy: vec![ground.clone()],
    };
    Raise { kind: Kind::Vital, urgent: false, at, reason }
}

fn name_of_change(it: &Change) -> String {
    format!("{} {} {}", it.item.0.word(), it.days, if it.way == Way::Up { "up" } else { "down" })
}

fn name_of_means(it: &MeanChange) -> String {
    format!("{} {}/{}", it.item.0.word(), it.near, it.far)
}

/// The last of some days: from so many days before `today` on, `today` itself among them.
fn last(days: &[Day], today: Date, from: u16, until: u16) -> Vec<Day> {
    let within = |it: &&Day| {
        let ago = it.day.days_until(today);
        ago >= i32::from(until) && ago < i32::from(from)
    };
    let mut found: Vec<Day> = days.iter().filter(within).copied().collect();
    found.sort_by_key(|it| it.day);
    found
}

/// How far today's value has moved from the furthest of the days before.
fn change(it: &Change, days: &[Day], today: Date) -> Option<Found> {
    let window = last(days, today, it.days + 1, 0);
    let (now, before) = window.split_last().filter(|it| it.0.day == today && !it.1.is_empty())?;
    let values = before.iter().map(|it| it.mean);
    let value = match it.way {
        Way::Up => now.mean - values.min()?,
        Way::Down => values.max()? - now.mean,
    };
    let (limit, item) = (it.item.kept(it.by), it.item);
    let (way, way_en) = match it.way {
        Way::Up => ("增加", "up"),
        Way::Down => ("减少", "down"),
    };
    let (moved, days) = (item.written(value.max(0)), it.days);
    let text = Text::new(
        format!("{} {days} 天内{way} {moved}，限值 {}", item.0.title(), item.0.written(limit)),
        format!("{} {way_en} by {moved} in {days} days, the limit is {}", item.0.title_en(), item.0.written(limit)),
    );
    Some(Found { beyond: value >= limit, value, limit, text })
}

/// How far the mean of the near days lies from that of the days before them.
fn moved(it: &MeanChange, days: &[Day], today: Date) -> Option<Found> {
    let mean = |days: Vec<Day>| {
        let number = i64::try_from(days.len()).ok().filter(|number| *number >= i64::from(it.least.max(1)))?;
        let sum: i64 = days.iter().map(|it| it.mean).sum();
        Some((sum * 2 + number).div_euclid(number * 2))
    };
    let (near, far) = (mean(last(days, today, it.near, 0))?, mean(last(days, today, it.far, it.near))?);
    let (limit, item) = (it.item.kept(it.by), it.item);
    let value = near - far;
    let text = Text::new(
        format!(
            "{} 近 {} 天平均 {}，此前到第 {} 天平均 {}，相差限值 {}",
            item.0.title(),
            it.near,
            item.0.written(near),
            it.far,
            item.written(far),
            item.0.written(limit)
        ),
        format!(
            "{}: mean of {} days {}, before that up to day {} {}; the limit of the difference is {}",
            item.0.title_en(),
            it.near,
            item.0.written(near),
            it.far,
            item.written(far),
            item.0.written(limit)
        ),
    );
    Some(Found { beyond: value.abs() >= limit, value, limit, text })
}
