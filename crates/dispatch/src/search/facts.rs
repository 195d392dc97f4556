//! The problem as the search reads it: nodes in rows, 32-bit instants, travel both ways, who may go where at what cost.

use super::able::able;
use crate::model::{Begun, Part, Problem, Time, Together, Visit};

/// No node, no shift, no place.
pub const NONE: u32 = u32::MAX;

/// Later than anything; sums of two stay within 32 bits.
pub const NEVER: i32 = 1 << 29;

/// When a node may start, and from when on that is late.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub open: i32,
    pub due: i32,
    pub close: i32,
}

/// How a node hangs on the one that serves the other part of its visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Free,
    Same,
    First { minimum: i32, maximum: i32 },
    Second { minimum: i32, maximum: i32 },
}

/// A stop that a tour may have: one part of a visit, both parts done by a crew, a break, or one end of a tour.
#[derive(Clone, Debug)]
pub struct Node {
    /// `NONE` for a break (it is where the stop before it is) and for an end anywhere.
    pub place: u32,
    pub duration: i32,
    /// The first span; the others stand in `Facts::spans`.
    pub span: Span,
    pub more: (u32, u32),
    /// What a unit of lateness costs.
    pub late: i64,
    /// What it costs to start after `told`.
    pub change: i64,
    pub told: i32,
    pub link: Link,
    /// The node of the other part.
    pub twin: u32,
    pub visit: u32,
    /// Parts served: bit 0 and bit 1.
    pub parts: u8,
    /// It happened as its span says and does not move.
    pub begun: bool,
}

/// A visit in the search: its nodes, and what leaving it costs.
#[derive(Clone, Debug)]
pub struct Call {
    pub nodes: [u32; 2],
    pub count: usize,
    /// The node by which a crew does both parts.
    pub joint: u32,
    pub place: u32,
    pub leaving: i64,
    pub fixed: bool,
    pub series: Option<(u32, u32)>,
}

/// One shift in the search.
#[derive(Clone, Debug)]
pub struct Tour {
    pub travel: usize,
    pub start: u32,
    pub end: u32,
    pub day: i64,
    pub maximum_work: i32,
    pub cost: i64,
    pub breaks: Vec<u32>,
    /// The node of the first break of the shift; the others follow, also those that are past.
    pub first_break: u32,
    /// What has begun, in order.
    pub begun: Vec<u32>,
    /// Shifts alike in everything have the same number.
    pub class: u32,
    pub workers: Vec<u32>,
}

/// Travel of one kind, both ways round, so that a row holds all legs from a place, and all legs to it.
#[derive(Clone, Debug)]
pub struct Legs {
    pub from: Vec<i32>,
    pub to: Vec<i32>,
    pub cost_from: Vec<i64>,
    pub cost_to: Vec<i64>,
}

#[derive(Clone, Debug)]
pub struct Facts {
    pub nodes: Vec<Node>,
    pub spans: Vec<Span>,
    pub calls: Vec<Call>,
    pub tours: Vec<Tour>,
    pub legs: Vec<Legs>,
    pub places: usize,
    /// For each node the shifts it may stand in, with what that costs besides travel.
    pub able: Vec<Vec<(u32, i64)>>,
    /// The same by node and shift; `i64::MAX` where a node may not stand.
    assigned: Vec<i64>,
    pub series: Vec<(Vec<u32>, i64, i64)>,
    pub synchronised: bool,
    /// What a unit of the greatest lateness costs.
    pub latest: i64,
    pub fairness: i64,
    pub fair_unit: i64,
    pub load_before: Vec<i64>,
    /// Nodes from here on are breaks and ends of tours.
    pub stops: usize,
    /// Whether travel costs exactly its time, so that one table does.
    pub cost_is_time: bool,
    /// Whether besides all travel alike and no load has a price, so that a detour costs its time in every tour.
    pub plain: bool,
}

fn narrow(at: Time) -> i32 {
    at.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
}

impl Facts {
    pub fn new(problem: &Problem) -> Self {
        let places = problem.travel.iter().map(|it| it.time.size()).max().unwrap_or(0);
        let weights = &problem.weights;
        let mut facts = Self {
            nodes: Vec::new(),
            spans: Vec::new(),
            calls: Vec::new(),
            tours: Vec::new(),
            legs: problem.travel.iter().map(|it| legs(it, places, weights.travel, weights.distance)).collect(),
            places,
            able: Vec::new(),
            assigned: Vec::new(),
            series: Vec::new(),
            synchronised: false,
            latest: weights.latest,
            fairness: weights.fairness,
            fair_unit: weights.fair_unit,
            load_before: problem.workers.iter().map(|it| it.load_before).collect(),
            stops: 0,
            cost_is_time: weights.travel == 1 && weights.distance == 0,
            plain: false,
        };
        facts.plain = facts.cost_is_time && facts.legs.len() == 1 && facts.fairness == 0;
        for (index, visit) in problem.visits.iter().enumerate() {
            facts.call(problem, index, visit);
        }
        facts.joints(problem);
        facts.stops = facts.nodes.len();
        for (index, series) in problem.series.iter().enumerate() {
            for (at, visit) in series.visits.iter().enumerate() {
                facts.calls[*visit].series = Some((index as u32, at as u32));
            }
            let visits = series.visits.iter().map(|it| *it as u32).collect();
            facts.series.push((visits, series.minimum_days, series.maximum_days));
        }
        for index in 0..problem.shifts.len() {
            facts.tour(problem, index);
        }
        facts.begun(problem);
        let shifts = facts.tours.len();
        facts.assigned = vec![i64::MAX; facts.stops * shifts];
        for (node, able) in facts.able.iter().enumerate() {
            able.iter().for_each(|it| facts.assigned[node * shifts + it.0 as usize] = it.1);
        }
        let due = |it: &Span| it.due < it.close;
        let late = |it: &Node| due(&it.span) || facts.spans[it.more.0 as usize..it.more.1 as usize].iter().any(due);
        if !facts.nodes[..facts.stops].iter().any(late) {
            facts.latest = 0;
        }
        facts
    }

    fn call(&mut self, problem: &Problem, index: usize, visit: &Visit) {
        let first = self.nodes.len() as u32;
        let pair = visit.parts.len() == 2;
        for (at, part) in visit.parts.iter().enumerate() {
            let link = match (visit.together, at) {
                _ if !pair => Link::Free,
                (Together::Same, _) => Link::Same,
                (Together::Ordered { minimum, maximum }, 0) => {
                    Link::First { minimum: narrow(minimum), maximum: narrow(maximum) }
                }
                (Together::Ordered { minimum, maximum }, _) => {
                    Link::Second { minimum: narrow(minimum), maximum: narrow(maximum) }
                }
            };
            let twin = if pair { first + 1 - at as u32 } else { NONE };
            let node = self.stop(problem, index, &[part], link, twin, 1 << at);
            self.nodes.push(node);
            self.able.push(able(problem, visit, &[part]));
        }
        self.synchronised |= pair;
        let leaving = visit.may_leave.unwrap_or_else(|| problem.weights.left.saturating_mul(i64::from(visit.priority)));
        self.calls.push(Call {
            nodes: [first, if pair { first + 1 } else { NONE }],
            count: visit.parts.len(),
            joint: NONE,
            place: visit.place as u32,
            leaving,
            fixed: visit.parts.iter().any(|it| it.begun.is_some()),
            series: None,
        });
    }

    /// The nodes by which a crew does both parts of a visit at one stop.
    fn joints(&mut self, problem: &Problem) {
        if problem.shifts.iter().all(|it| it.workers.len() < 2) {
            return;
        }
        for (index, visit) in problem.visits.iter().enumerate() {
            if visit.parts.len() != 2 || visit.together != Together::Same {
                continue;
            }
            let parts: Vec<&Part> = visit.parts.iter().collect();
            let able = able(problem, visit, &parts);
            if able.is_empty() {
                continue;
            }
            self.calls[index].joint = self.nodes.len() as u32;
            let node = self.stop(problem, index, &parts, Link::Free, NONE, 3);
            self.nodes.push(node);
            self.able.push(able);
        }
    }

    fn stop(&mut self, problem: &Problem, index: usize, parts: &[&Part], link: Link, twin: u32, bits: u8) -> Node {
        let visit = &problem.visits[index];
        let weights = &problem.weights;
        let fixed = parts.iter().find_map(|it| it.begun.map(|it| it.start).or(it.pin.and_then(|it| it.start)));
        let told = parts.iter().find_map(|it| it.told).filter(|_| weights.change_time > 0 && fixed.is_none());
        let floor = told.map_or(-NEVER, |it| narrow(it.start - weights.tolerance));
        let mut spans: Vec<Span> = match fixed {
            Some(at) => vec![Span { open: narrow(at), due: NEVER, close: narrow(at) }],
            None => visit
                .windows
                .iter()
                .map(|it| Span {
                    open: narrow(it.open).max(floor),
                    due: it.due.map_or(NEVER, narrow),
                    close: narrow(it.close),
                })
                .filter(|it| it.open <= it.close)
                .collect(),
        };
        if let (Some(at), true) = (fixed, parts.iter().all(|it| it.begun.is_none())) {
            spans[0].due = visit
                .windows
                .iter()
                .find(|it| it.open <= at && at <= it.close)
                .and_then(|it| it.due)
                .map_or(NEVER, narrow);
        }
        if spans.is_empty() && visit.windows.is_empty() {
            spans.push(Span { open: floor, due: NEVER, close: NEVER });
        }
        let shut = Span { open: NEVER, due: NEVER, close: -NEVER };
        let span = spans.first().copied().unwrap_or(shut);
        let from = self.spans.len() as u32;
        self.spans.extend(spans.iter().skip(1));
        Node {
            place: visit.place as u32,
            duration: parts.iter().map(|it| narrow(it.duration)).max().unwrap_or(0),
            span,
            more: (from, self.spans.len() as u32),
            late: weights.late * parts.len() as i64,
            change: told.map_or(0, |_| weights.change_time * parts.len() as i64),
            told: told.map_or(NEVER, |it| narrow(it.start + weights.tolerance)),
            link,
            twin,
            visit: index as u32,
            parts: bits,
            begun: parts.iter().any(|it| it.begun.is_some()),
        }
    }

    fn tour(&mut self, problem: &Problem, index: usize) {
        let shift = &problem.shifts[index];
        let opens = problem.now.map_or(shift.earliest, |it| it.max(shift.earliest));
        let bare = |place: Option<usize>, duration: i32, span: Span| Node {
            place: place.map_or(NONE, |it| it as u32),
            duration,
            span,
            more: (0, 0),
            late: 0,
            change: 0,
            told: NEVER,
            link: Link::Free,
            twin: NONE,
            visit: NONE,
            parts: 0,
            begun: false,
        };
        let breaks = shift.breaks.iter().map(|it| {
            let span = Span { open: narrow(it.earliest), due: NEVER, close: narrow(it.latest) };
            bare(None, narrow(it.length), span)
        });
        let first = self.nodes.len() as u32;
        self.nodes.extend(breaks);
        let breaks = (first..self.nodes.len() as u32).collect();
        let start = self.nodes.len() as u32;
        self.nodes.push(bare(shift.start, 0, Span { open: narrow(opens), due: NEVER, close: NEVER }));
        let close = narrow(shift.latest.saturating_add(shift.overtime));
        let mut end = bare(shift.end, 0, Span { open: -NEVER, due: narrow(shift.latest), close });
        end.late = problem.weights.overtime;
        self.nodes.push(end);
        let alike = |other: &usize| {
            let other = &problem.shifts[*other];
            (other.day, other.earliest, other.latest, other.overtime, other.maximum_work, other.cost)
                == (shift.day, shift.earliest, shift.latest, shift.overtime, shift.maximum_work, shift.cost)
                && (other.start, other.end, other.travel) == (shift.start, shift.end, shift.travel)
                && other.breaks == shift.breaks
                && problem.weights.fairness == 0
        };
        let class = (0..index).find(alike).map_or(index as u32, |it| self.tours[it].class);
        self.tours.push(Tour {
            travel: shift.travel,
            start,
            end: start + 1,
            day: shift.day,
            maximum_work: shift.maximum_work.map_or(NEVER, narrow),
            cost: shift.cost,
            breaks,
            first_break: first,
            begun: Vec::new(),
            class,
            workers: shift.workers.iter().map(|it| *it as u32).collect(),
        });
    }

    /// What has begun stands at the front of its tour and lasts as it is said to; the tour goes on from there, now.
    fn begun(&mut self, problem: &Problem) {
        let mut all: Vec<(Begun, usize, usize)> = Vec::new();
        for (index, visit) in problem.visits.iter().enumerate() {
            all.extend(visit.parts.iter().enumerate().filter_map(|(at, it)| it.begun.map(|it| (it, index, at))));
        }
        all.sort_by_key(|(it, visit, part)| (it.start, *visit, *part));
        for (begun, visit, part) in all {
            let call = &self.calls[visit];
            let joint = call.joint != NONE
                && problem.visits[visit].parts.iter().all(|it| it.begun.is_some_and(|it| it.shift == begun.shift));
            let node = if joint { call.joint } else { call.nodes[part] };
            let lasts = narrow(begun.end.max(begun.start) - begun.start);
            if self.tours[begun.shift].begun.last() == Some(&node) {
                let it = &mut self.nodes[node as usize];
                it.duration = it.duration.max(lasts);
                continue;
            }
            self.nodes[node as usize].duration = lasts;
            self.tours[begun.shift].begun.push(node);
        }
        for index in 0..self.tours.len() {
            self.go_on(problem.now.map_or(-NEVER, narrow), index);
        }
    }

    /// What happened cannot be undone: a tour goes on from there at `now` or when it ends, may be back as late and work
    /// as long as it then must, and takes no break that is past.
    fn go_on(&mut self, now: i32, index: usize) {
        let tour = &self.tours[index];
        let Some(last) = tour.begun.last().copied() else { return };
        let node = &mut self.nodes[last as usize];
        node.duration = node.duration.max(now - node.span.open);
        let leave = node.span.open + node.duration;
        let home = self.leg(tour.travel, self.nodes[last as usize].place, self.nodes[tour.end as usize].place);
        let mut places = vec![self.nodes[tour.start as usize].place];
        places.extend(tour.begun.iter().map(|it| self.nodes[*it as usize].place));
        places.push(self.nodes[tour.end as usize].place);
        let travel: i32 = places.windows(2).map(|it| self.leg(tour.travel, it[0], it[1])).sum();
        let care: i32 = tour.begun.iter().map(|it| self.nodes[*it as usize].duration).sum();
        let end = tour.end as usize;
        self.nodes[end].span.close = self.nodes[end].span.close.max(leave + home);
        let breaks = tour.breaks.iter().copied().filter(|it| self.nodes[*it as usize].span.close >= leave).collect();
        let tour = &mut self.tours[index];
        tour.breaks = breaks;
        tour.maximum_work = tour.maximum_work.max(travel + care);
    }

    /// The earliest start of a node from `at` on, if there is one.
    #[inline(always)]
    pub fn start_from(&self, node: u32, at: i32) -> Option<i32> {
        let it = &self.nodes[node as usize];
        if at <= it.span.close {
            return Some(at.max(it.span.open));
        }
        if it.more.0 == it.more.1 { None } else { self.later(it, at) }
    }

    #[cold]
    fn later(&self, node: &Node, at: i32) -> Option<i32> {
        let more = &self.spans[node.more.0 as usize..node.more.1 as usize];
        more.iter().find(|it| at <= it.close).map(|it| at.max(it.open))
    }

    /// The span that a start lies in.
    #[inline(always)]
    pub fn span_at(&self, node: &Node, start: i32) -> Span {
        if start <= node.span.close || node.more.0 == node.more.1 {
            return node.span;
        }
        let more = &self.spans[node.more.0 as usize..node.more.1 as usize];
        more.iter().find(|it| start <= it.close).copied().unwrap_or(node.span)
    }

    /// By how much a start of this node is late.
    #[inline(always)]
    pub fn lateness(&self, node: u32, start: i32) -> i32 {
        let it = &self.nodes[node as usize];
        (start - self.span_at(it, start).due).max(0)
    }

    /// What a start of this node costs.
    #[inline(always)]
    pub fn late_cost(&self, node: u32, start: i32) -> i64 {
        let it = &self.nodes[node as usize];
        let change = if start > it.told { it.change } else { 0 };
        i64::from((start - self.span_at(it, start).due).max(0)) * it.late + change
    }

    /// Travel time between two places, which may be nowhere.
    #[inline(always)]
    pub fn leg(&self, travel: usize, from: u32, to: u32) -> i32 {
        if from == NONE || to == NONE { 0 } else { self.legs[travel].from[from as usize * self.places + to as usize] }
    }

    /// What that travel costs.
    #[inline(always)]
    pub fn leg_cost(&self, travel: usize, from: u32, to: u32) -> i64 {
        if self.cost_is_time {
            return i64::from(self.leg(travel, from, to));
        }
        if from == NONE || to == NONE {
            0
        } else {
            self.legs[travel].cost_from[from as usize * self.places + to as usize]
        }
    }

    /// What it costs besides travel that a node stands in a tour, if it may.
    #[inline(always)]
    pub fn assigned(&self, node: u32, tour: u32) -> Option<i64> {
        Some(self.assigned[node as usize * self.tours.len() + tour as usize]).filter(|it| *it != i64::MAX)
    }

    /// What a load costs in fairness.
    pub fn fair_cost(&self, worker: u32, load: i64) -> i64 {
        let load = load + self.load_before[worker as usize];
        self.fairness * (load * load / self.fair_unit.max(1))
    }
}

fn legs(travel: &crate::model::Travel, places: usize, time: i64, distance: i64) -> Legs {
    let turned =
        |of: &[i32]| -> Vec<i32> { (0..of.len()).map(|it| of[(it % places) * places + it / places]).collect() };
    let from = travel.time.cells().to_vec();
    let to = turned(&from);
    if time == 1 && distance == 0 {
        return Legs { from, to, cost_from: Vec::new(), cost_to: Vec::new() };
    }
    let cost = |a: usize, b: usize| time * travel.time.get(a, b) + distance * travel.distance.get(a, b);
    let cost_from = (0..from.len()).map(|it| cost(it / places, it % places)).collect();
    let cost_to = (0..from.len()).map(|it| cost(it % places, it / places)).collect();
    Legs { from, to, cost_from, cost_to }
}
