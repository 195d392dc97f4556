//! New readings of one person judged: what they raise, what they end, and what was not heeded and why.

use std::collections::BTreeMap;

use readings::{Marks, Measure, Reading};
use serde::{Deserialize, Serialize};

use super::{
    Bound, Bounds, Combination, Ground, Item, Limits, Over, Part, Raise, Reason, Side,
    course::{Event, Is, events, news},
};
use crate::{alarm::Kind, base::Text};

/// What is kept of a person between two judgements: the readings of the last minutes and what is open. Small; kept as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    series: Vec<Series>,
    together: Vec<Joint>,
}

/// Whether a combination was open at an instant; the readings before it do not count again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
struct Joint {
    name: String,
    open: bool,
    since: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
struct Series {
    /// Number of the measure.
    measure: u8,
    /// (at, value), sorted.
    recent: Vec<(i64, i64)>,
    /// Which of the four limits were open before the recent readings, one bit each.
    open: u8,
}

/// What comes of new readings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    pub state: State,
    pub raises: Vec<Raise>,
    pub overs: Vec<Over>,
    pub unheeded: Vec<Unheeded>,
}

/// A reading beyond a limit that raised nothing live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheeded {
    pub measure: Measure,
    pub reading: Reading,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Why {
    #[serde(rename = "迟到")]
    Late,
    #[serde(rename = "时钟不准")]
    Clock,
    #[serde(rename = "数值不可信")]
    Implausible,
    #[serde(rename = "归属矛盾")]
    Disputed,
}

impl Why {
    /// Why a reading with these marks raises nothing; nothing where it may.
    pub fn of(marks: Marks) -> Option<Why> {
        if marks.has(Marks::IMPLAUSIBLE) {
            Some(Why::Implausible)
        } else if marks.has(Marks::DISPUTED) {
            Some(Why::Disputed)
        } else if marks.has(Marks::CLOCK_AHEAD) || marks.has(Marks::CLOCK_BEHIND) {
            Some(Why::Clock)
        } else if marks.has(Marks::LATE) {
            Some(Why::Late)
        } else {
            None
        }
    }

    pub fn text(self) -> Text {
        match self {
            Why::Late => Text::new("读数迟到，不作即时报警", "the reading came late and raises no live alarm"),
            Why::Clock => Text::new("设备时钟不准，不作即时报警", "the device's clock is wrong; no live alarm"),
            Why::Implausible => Text::new("数值不可信，不作即时报警", "the value is implausible; no live alarm"),
            Why::Disputed => Text::new("归属矛盾，不作即时报警", "it is disputed whose it is; no live alarm"),
        }
    }
}

/// Readings may come in so much later than others and still be live; what is older is marked as late.
const LATE_MS: i64 = 15 * 60_000;
/// What came late by no more than this is looked after all the same.
const LATEST_MS: i64 = 24 * 60 * 60_000;
/// A device that says more than this in the window has its oldest readings settled sooner.
const MOST_RECENT: usize = 64;

/// The four limits of a measure, in the order of the bits they are kept as.
const LINES: [(Side, bool); 4] = [(Side::Low, true), (Side::Low, false), (Side::High, false), (Side::High, true)];

/// Judges new readings of a person at an instant (milliseconds since 1970 UTC).
pub fn judge(limits: &Limits, state: &State, new: &[(Measure, Reading)], now: i64) -> Judged {
    let mut judged = Judged { state: state.clone(), ..Judged::default() };
    let before = told(limits, state);
    let mut late: BTreeMap<Measure, Vec<Reading>> = BTreeMap::new();
    for (measure, reading) in new {
        let why = Why::of(reading.marks).or((reading.at < now.saturating_sub(LATE_MS)).then_some(Why::Late));
        if why == Some(Why::Late) {
            late.entry(*measure).or_default().push(*reading);
        }
        match why {
            Some(why) if is_beyond_any(limits, *measure, reading.value) => {
                judged.unheeded.push(Unheeded { measure: *measure, reading: *reading, why });
            }
            Some(_) => (),
            None if matters(limits, *measure) => judged.state.take(*measure, *reading),
            None => (),
        }
    }
    let after = told(limits, &judged.state);
    for (line, after) in &after {
        let nothing = Vec::new();
        let before = before.iter().find(|it| it.0 == *line).map_or(&nothing, |it| &it.1);
        for event in news(before, after) {
            if event.over {
                judged.overs.push(line.over(limits, event));
            } else {
                judged.raises.push(line.raise(limits, event));
            }
        }
    }
    judged
        .raises
        .extend(late.iter().filter_map(|(measure, all)| still_beyond(limits, &judged.state, *measure, all, now)));
    judged.raises.sort_by_key(|it| it.at);
    judged.overs.sort_by_key(|it| it.at);
    judged.state.settle(limits, now);
    judged
}

/// What readings that came late raise: the last that is known of a measure is beyond an urgent limit, and nobody was told then. It is
/// not urgent any more, and too old after a day.
fn still_beyond(limits: &Limits, state: &State, measure: Measure, late: &[Reading], now: i64) -> Option<Raise> {
    let index = limits.measures.iter().position(|it| it.item.0 == measure)?;
    let bounds = &limits.measures[index];
    let last =
        late.iter().max_by_key(|it| it.at).filter(|it| (now.saturating_sub(LATEST_MS)..=now).contains(&it.at))?;
    if state.of(measure).and_then(|it| it.recent.last()).is_some_and(|live| last.at <= live.0) {
        return None;
    }
    let beyond = |line: usize, it: &Reading| bounds.is(line, it.value) == Is::Beyond;
    let line = (0..LINES.len()).find(|line| LINES[*line].1 && beyond(*line, last))?;
    if late.iter().filter(|it| beyond(line, it)).count() < usize::from(bounds.urgent_times) {
        return None;
    }
    let mut raise = Line::Bound(index, line).raise(limits, Event { at: last.at, value: last.value, over: false });
    raise.urgent = false;
    raise.reason.text = Text::new(
        format!("补传：{}，请核实现在的情况", raise.reason.text.zh),
        format!("sent late: {}; see how it is now", raise.reason.text.en),
    );
    Some(raise)
}

/// One thing that can be open or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Index of the bounds, index in `LINES`.
    Bound(usize, usize),
    /// Index of the combination.
    Together(usize),
}

/// The events of everything that has limits, over the recent readings.
fn told(limits: &Limits, state: &State) -> Vec<(Line, Vec<Event>)> {
    let mut told = Vec::new();
    for (index, bounds) in limits.measures.iter().enumerate() {
        let Some(series) = state.of(bounds.item.0) else { continue };
        for line in 0..LINES.len() {
            if bounds.bound(line).is_some() {
                let open = series.open & 1 << line != 0;
                told.push((Line::Bound(index, line), bounds.events(line, &series.recent, open).0));
            }
        }
    }
    for (index, (combination, _)) in limits.combinations.iter().enumerate() {
        told.push((Line::Together(index), together(limits, combination, state, i64::MAX).0));
    }
    told
}

fn matters(limits: &Limits, measure: Measure) -> bool {
    limits.of(measure).is_some() || limits.combinations.iter().any(|it| it.0.has(measure))
}

fn is_beyond_any(limits: &Limits, measure: Measure, value: i64) -> bool {
    let alone = limits.of(measure).is_some_and(|it| (0..LINES.len()).any(|line| it.is(line, value) == Is::Beyond));
    let parts = limits.combinations.iter().flat_map(|it| &it.0.parts).filter(|it| it.item.0 == measure);
    alone || parts.into_iter().any(|it| it.is(limits, value) == Is::Beyond)
}

/// For how long readings of a measure count together with later ones.
fn window_ms(limits: &Limits, measure: Measure) -> i64 {
    let alone = limits.of(measure).map(|it| it.minutes);
    let together = limits.combinations.iter().map(|it| &it.0).filter(|it| it.has(measure)).map(|it| it.minutes);
    i64::from(alone.into_iter().chain(together).max().unwrap_or(0)) * 60_000
}

impl Combination {
    fn has(&self, measure: Measure) -> bool {
        self.parts.iter().any(|it| it.item.0 == measure)
    }
}

impl State {
    fn of(&self, measure: Measure) -> Option<&Series> {
        self.series.iter().find(|it| it.measure == measure.number())
    }

    /// Takes a reading in where its time is; the same reading again is none.
    fn take(&mut self, measure: Measure, reading: Reading) {
        let number = measure.number();
        let at = match self.series.iter().position(|it| it.measure == number) {
            Some(it) => it,
            None => {
                self.series.push(Series { measure: number, recent: Vec::new(), open: 0 });
                self.series.len() - 1
            }
        };
        let recent = &mut self.series[at].recent;
        if let Err(place) = recent.binary_search(&(reading.at, reading.value)) {
            recent.insert(place, (reading.at, reading.value));
        }
    }

    /// Forgets readings that no later one can count with; whether they left something open is kept.
    fn settle(&mut self, limits: &Limits, now: i64) {
        let until: Vec<(u8, i64)> = self.series.iter().map(|it| (it.measure, it.settled_until(limits, now))).collect();
        let mut joints = Vec::new();
        for (combination, _) in &limits.combinations {
            let parts = until.iter().filter(|it| combination.parts.iter().any(|part| part.item.0.number() == it.0));
            let Some(since) = parts.map(|it| it.1).max() else {
                joints.extend(self.together.iter().find(|it| it.name == combination.name && it.open).cloned());
                continue;
            };
            let open = together(limits, combination, self, since).1;
            joints.push(Joint { name: combination.name.clone(), open, since });
        }
        self.together = joints;
        for (series, (_, until)) in self.series.iter_mut().zip(&until) {
            let old = series.recent.partition_point(|it| it.0 < *until);
            let settled: Vec<(i64, i64)> = series.recent.drain(..old).collect();
            let bounds = limits.measures.iter().find(|it| it.item.0.number() == series.measure);
            let stays_open = |line: &usize| {
                let was_open = series.open & 1 << line != 0;
                bounds.is_some_and(|it| it.bound(*line).is_some() && it.events(*line, &settled, was_open).1)
            };
            series.open = (0..LINES.len()).filter(stays_open).fold(0, |open, line| open | 1 << line);
        }
        self.series.retain(|it| !it.recent.is_empty() || it.open != 0);
    }
}

impl Series {
    /// Readings before it are not needed any more.
    fn settled_until(&self, limits: &Limits, now: i64) -> i64 {
        let window = Measure::numbered(self.measure).map_or(0, |it| window_ms(limits, it));
        let by_time = now.saturating_sub(LATE_MS).saturating_sub(window);
        let by_number = self.recent.len().checked_sub(MOST_RECENT).map_or(i64::MIN, |it| self.recent[it].0);
        by_time.max(by_number)
    }
}

impl Bounds {
    fn bound(&self, line: usize) -> Option<&Bound> {
        [&self.urgent_low, &self.low, &self.high, &self.urgent_high][line].as_ref()
    }

    fn events(&self, line: usize, readings: &[(i64, i64)], open: bool) -> (Vec<Event>, bool) {
        let times = if LINES[line].1 { self.urgent_times } else { self.times };
        events(readings, open, times, i64::from(self.minutes) * 60_000, |value| self.is(line, value))
    }

    /// What a value is to one of the limits. What is beyond the urgent limit belongs to that one alone.
    fn is(&self, line: usize, value: i64) -> Is {
        let Some(bound) = self.bound(line) else { return Is::Between };
        let (side, urgent) = LINES[line];
        let further = match (side, urgent) {
            (_, true) => None,
            (Side::Low, false) => self.urgent_low.as_ref(),
            (Side::High, false) => self.urgent_high.as_ref(),
        };
        if further.is_some_and(|it| beyond(side, it.at, value)) {
            return Is::Between;
        }
        is(side, bound.at, self.back, value)
    }
}

impl Part {
    /// What a value is to it. A limit that a doctor set further out for the person holds here too.
    fn is(&self, limits: &Limits, value: i64) -> Is {
        let bounds = limits.of(self.item.0);
        let own = bounds.and_then(|it| match self.side {
            Side::Low => it.low.as_ref(),
            Side::High => it.high.as_ref(),
        });
        let own = own.filter(|it| it.own.is_some()).map(|it| it.at);
        let limit = self.item.limit(self.side, self.limit);
        let limit = match (self.side, own) {
            (Side::Low, Some(own)) => limit.min(own),
            (Side::High, Some(own)) => limit.max(own),
            (_, None) => limit,
        };
        is(self.side, limit, bounds.map_or(1, |it| it.back), value)
    }
}

fn beyond(side: Side, limit: i64, value: i64) -> bool {
    match side {
        Side::Low => value <= limit,
        Side::High => value >= limit,
    }
}

fn is(side: Side, limit: i64, back: i64, value: i64) -> Is {
    let inside = match side {
        Side::Low => value >= limit.saturating_add(back),
        Side::High => value <= limit.saturating_sub(back),
    };
    match (beyond(side, limit, value), inside) {
        (true, _) => Is::Beyond,
        (false, true) => Is::Inside,
        (false, false) => Is::Between,
    }
}

/// The events of a combination over the recent readings before `until`, and whether it is open then: it is raised when each of its values
/// was beyond its limit within the minutes, and over when one of them is back inside.
fn together(limits: &Limits, combination: &Combination, state: &State, until: i64) -> (Vec<Event>, bool) {
    let joint = state.together.iter().find(|it| it.name == combination.name);
    let (mut open, since) = joint.map_or((false, i64::MIN), |it| (it.open, it.since));
    let window = i64::from(combination.minutes) * 60_000;
    let mut readings: Vec<(i64, usize, i64)> = Vec::new();
    for (index, part) in combination.parts.iter().enumerate() {
        let recent = state.of(part.item.0).map_or(&[][..], |it| &it.recent);
        readings.extend(recent.iter().filter(|it| (since..until).contains(&it.0)).map(|it| (it.0, index, it.1)));
    }
    readings.sort_unstable();
    let (mut events, mut last) = (Vec::new(), vec![None; combination.parts.len()]);
    for (at, index, value) in readings {
        let part = &combination.parts[index];
        match part.is(limits, value) {
            Is::Beyond => {
                last[index] = Some(at);
                let all = last.iter().all(|it| it.is_some_and(|it: i64| at.saturating_sub(it) <= window));
                if all && !open {
                    open = true;
                    events.push(Event { at, value, over: false });
                }
            }
            Is::Inside if open => {
                open = false;
                // Each of them has to be beyond its limit anew.
                last.fill(None);
                events.push(Event { at, value, over: true });
            }
            _ => (),
        }
    }
    (events, open)
}

impl Line {
    fn raise(self, limits: &Limits, event: Event) -> Raise {
        match self {
            Line::Bound(index, line) => {
                let bounds = &limits.measures[index];
                let bound = bounds.bound(line).expect("a line with events has its limit");
                let (side, urgent) = LINES[line];
                let text = sentence(bounds.item, event.value, side, bound);
                let reason = Reason::of_value(bounds.item, event.value, bound, text);
                Raise { kind: Kind::Vital, urgent, at: event.at, reason }
            }
            Line::Together(index) => {
                let (combination, ground) = &limits.combinations[index];
                let reason = Reason::of_policy(together_text(combination), vec![Ground::clone(ground)]);
                Raise { kind: Kind::Vital, urgent: combination.urgent, at: event.at, reason }
            }
        }
    }

    fn over(self, limits: &Limits, event: Event) -> Over {
        let text = match self {
            Line::Bound(index, _) => {
                let item = limits.measures[index].item;
                let value = item.written(event.value);
                Text::new(
                    format!("{} {value}，已回到限值以内", item.0.title()),
                    format!("{} {value}, back within the limit", item.0.title_en()),
                )
            }
            Line::Together(index) => {
                let it = &limits.combinations[index].0;
                Text::new(format!("{}：已解除", it.name), format!("{}: over", it.name_en))
            }
        };
        Over { kind: Kind::Vital, at: event.at, text }
    }
}

fn sentence(item: Item, value: i64, side: Side, bound: &Bound) -> Text {
    let (zh, en) = match side {
        Side::Low => ("不高于", "not above"),
        Side::High => ("达到", "reaches"),
    };
    let (value, limit) = (item.written(value), item.0.written(bound.at));
    let (own, own_en) = match &bound.own {
        Some(it) => (format!("（{} {} 为本人设定）", it.by, it.day), format!(" (set by {} on {})", it.by, it.day)),
        None => (String::new(), String::new()),
    };
    Text::new(
        format!("{} {value}，{zh} {limit}{own}", item.0.title()),
        format!("{} {value}, {en} {limit}{own_en}", item.0.title_en()),
    )
}

fn together_text(it: &Combination) -> Text {
    Text::new(
        format!("{}：{} 分钟内同时超出限值", it.name, it.minutes),
        format!("{}: all beyond their limits within {} minutes", it.name_en, it.minutes),
    )
}
