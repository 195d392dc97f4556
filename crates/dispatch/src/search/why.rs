//! Why a visit stands nowhere: every position is looked at once more, and what is lacking there is measured.

use super::{
    Search,
    facts::{Facts, NONE},
    insert::Look,
    push::Placing,
};
use crate::{
    model::{Problem, Skills, Time},
    reasons::Why,
};

impl Search<'_> {
    /// The reasons for each absent visit of the trial, the nearest possibility first.
    pub fn reasons(&mut self, problem: &Problem, visit: u32) -> Vec<Why> {
        let facts = self.facts;
        let call = facts.calls[visit as usize].clone();
        let mut found = Vec::new();
        let mut open = Vec::new();
        for (part, node) in call.nodes.iter().enumerate().filter(|it| *it.1 != NONE) {
            if facts.able[*node as usize].is_empty() && call.joint == NONE {
                found.push(unable(problem, visit as usize, part));
            } else if let Some(it) = self.days_forbid(visit, *node) {
                found.push(it);
            } else {
                open.push(self.nearest(*node));
            }
        }
        if !found.is_empty() {
            return found;
        }
        let crew = (call.joint != NONE).then(|| self.nearest(call.joint));
        if let Some((cost, shift)) = crew.as_ref().and_then(|it| it.possible) {
            return vec![Why::Dearer { shift, cost, leaving: call.leaving }];
        }
        let possible = open.iter().all(|it| it.possible.is_some());
        if call.count == 2 && possible {
            let with = open.iter().flat_map(|it| it.shifts.iter().copied()).collect::<Vec<_>>();
            match self.best_pair(visit, i64::MAX / 4) {
                Some((cost, pair)) => {
                    return vec![Why::Dearer { shift: pair[0].tour as usize, cost, leaving: call.leaving }];
                }
                None => return vec![Why::NeedsTwo { free: 1, with: distinct(with) }],
            }
        }
        for it in &open {
            if let (Some((cost, shift)), 1) = (it.possible, call.count) {
                return vec![Why::Dearer { shift, cost, leaving: call.leaving }];
            }
        }
        let free = open.iter().filter(|it| it.possible.is_some()).count();
        let with = distinct(open.iter().flat_map(|it| it.shifts.iter().copied()).collect());
        let mut lacking: Vec<(Time, Why)> =
            open.into_iter().chain(crew).filter(|it| it.possible.is_none()).flat_map(|it| it.lacking).collect();
        lacking.sort_by_key(|it| it.0);
        let mut why: Vec<Why> = lacking.into_iter().map(|it| it.1).collect();
        if call.count == 2 && (free == 1 || why.is_empty()) {
            why.insert(0, Why::NeedsTwo { free, with });
        }
        why
    }

    /// The neighbour in the series that forbids every day on which somebody could come.
    fn days_forbid(&self, visit: u32, node: u32) -> Option<Why> {
        let facts = self.facts;
        let (series, _) = facts.calls[visit as usize].series?;
        let (visits, minimum, maximum) = &facts.series[series as usize];
        let able = &facts.able[node as usize];
        if able.iter().any(|it| self.day_fits(visit, facts.tours[it.0 as usize].day)) {
            return None;
        }
        let other = visits.iter().find(|it| **it != visit && self.day_of(**it).is_some())?;
        Some(Why::Days { other: *other as usize, minimum: *minimum, maximum: *maximum })
    }

    /// The best position that is possible, and of each kind of hindrance the one that is nearest to giving way.
    fn nearest(&mut self, node: u32) -> Nearest {
        let facts = self.facts;
        let mut nearest = Nearest { possible: None, shifts: Vec::new(), lacking: Vec::new() };
        for (tour, assigned) in &facts.able[node as usize] {
            if !self.day_fits(facts.nodes[node as usize].visit, facts.tours[*tour as usize].day) {
                continue;
            }
            let mut prev = self.trial.free_after(facts, *tour);
            while self.trial.spots[prev as usize].next != NONE {
                let next = self.trial.spots[prev as usize].next;
                self.hindrance(node, *tour, prev, *assigned, &mut nearest);
                prev = next;
            }
        }
        nearest.shifts = distinct(std::mem::take(&mut nearest.shifts));
        nearest
    }

    fn hindrance(&mut self, node: u32, tour: u32, prev: u32, assigned: i64, nearest: &mut Nearest) {
        let facts = self.facts;
        let shift = tour as usize;
        let before = self.trial.spots[prev as usize];
        let next = self.trial.spots[before.next as usize];
        let travel = facts.tours[shift].travel;
        let it = &facts.nodes[node as usize];
        let leg_in = facts.leg(travel, before.place, it.place);
        let offer = match self.own_offer(node, tour, prev, before.next, assigned, i64::MAX / 4) {
            Look::Offer(it) => it,
            Look::Over => {
                let (start, close) = (Time::from(before.leave + leg_in), Time::from(last_close(facts, node)));
                return nearest.lacks(start - close, Why::WindowCloses { shift, start, close });
            }
            Look::No => {
                let leg_out = facts.leg(travel, it.place, next.place);
                let work = self.trial.tours[shift].work + it.duration + leg_in + leg_out - next.leg;
                let by = Time::from(work - facts.tours[shift].maximum_work);
                if by > 0 {
                    return nearest.lacks(by, Why::TooMuchWork { shift, by });
                }
                // Its breaks leave an unused tour no room: as much is lacking as the visit lasts.
                let by = Time::from(it.duration);
                return nearest.lacks(by, Why::NoTime { shift, by });
            }
        };
        let placing = offer.placing;
        if let Some(late) = self.push.cost(facts, &self.trial, &[placing], &[placing.start], i64::MAX / 4) {
            nearest.shifts.push(shift);
            if nearest.possible.is_none_or(|it| offer.base + late < it.0) {
                nearest.possible = Some((offer.base + late, shift));
            }
            return;
        }
        let (by, why) = self.first_broken(&placing);
        nearest.lacks(by, why);
    }

    /// The first stop behind a placing that cannot be delayed so far; if its own tour can be, then the one in another
    /// tour that hangs on it.
    fn first_broken(&self, placing: &Placing) -> (Time, Why) {
        let facts = self.facts;
        let shift = placing.tour as usize;
        let mut leave = placing.start + facts.nodes[placing.node as usize].duration;
        let mut leg = if placing.next == placing.beyond { placing.leg_out } else { 0 };
        let mut at = placing.next;
        let mut bound = (Time::from(facts.nodes[placing.node as usize].duration), NONE);
        while at != NONE {
            let spot = &self.trial.spots[at as usize];
            let visit = facts.nodes[at as usize].visit;
            let Some(start) = facts.start_from(at, leave + leg) else {
                let by = Time::from(leave + leg - last_close(facts, at));
                return match visit {
                    NONE => (by, Why::NoTime { shift, by }),
                    visit => (by, Why::Displaces { shift, visit: visit as usize, by }),
                };
            };
            if bound.1 == NONE && facts.nodes[at as usize].twin != NONE {
                bound = (Time::from((start - spot.start).max(1)), visit);
            }
            leave = start + facts.nodes[at as usize].duration;
            at = spot.next;
            leg = match at {
                NONE => 0,
                at if at == placing.beyond => placing.leg_out,
                at => self.trial.spots[at as usize].leg,
            };
        }
        match bound {
            (by, NONE) => (by, Why::NoTime { shift, by }),
            (by, visit) => (by, Why::Displaces { shift, visit: visit as usize, by }),
        }
    }
}

struct Nearest {
    possible: Option<(i64, usize)>,
    shifts: Vec<usize>,
    lacking: Vec<(Time, Why)>,
}

impl Nearest {
    /// Keeps the least of each kind.
    fn lacks(&mut self, by: Time, why: Why) {
        let same = |it: &&mut (Time, Why)| std::mem::discriminant(&it.1) == std::mem::discriminant(&why);
        match self.lacking.iter_mut().find(same) {
            Some(it) if it.0 > by => *it = (by, why),
            Some(_) => (),
            None => self.lacking.push((by, why)),
        }
    }
}

fn distinct(mut all: Vec<usize>) -> Vec<usize> {
    all.sort_unstable();
    all.dedup();
    all
}

fn last_close(facts: &Facts, node: u32) -> i32 {
    let it = &facts.nodes[node as usize];
    if it.more.0 == it.more.1 { it.span.close } else { facts.spans[it.more.1 as usize - 1].close }
}

/// Why no shift at all may take this part.
fn unable(problem: &Problem, visit: usize, part: usize) -> Why {
    let given = &problem.visits[visit];
    let needed = given.parts[part].skills;
    if let Some(pin) = given.parts[part].pin {
        return Why::Pinned { part, shift: pin.shift, start: pin.start };
    }
    let at_work = |it: &&crate::model::Shift| {
        let closes = it.latest.saturating_add(it.overtime);
        given.windows.is_empty() || given.windows.iter().any(|to| to.close >= it.earliest && to.open <= closes)
    };
    let joined = |it: &crate::model::Shift| {
        it.workers.iter().fold(Skills::default(), |all, worker| all.or(problem.workers[*worker].skills))
    };
    let there: Vec<_> = problem.shifts.iter().filter(at_work).collect();
    let skilled = there.iter().filter(|it| joined(it).has(needed)).flat_map(|it| it.workers.iter().copied());
    let skilled = distinct(skilled.collect());
    if !skilled.is_empty() {
        return Why::OnlyForbidden { part, workers: skilled };
    }
    let mut days: Vec<i64> = there.iter().map(|it| it.day).collect();
    days.sort_unstable();
    days.dedup();
    let lacking =
        there.iter().map(|it| needed.without(joined(it))).min_by_key(|it| it.numbers().len()).unwrap_or(needed);
    let on_duty: Vec<usize> = there.iter().flat_map(|it| it.workers.iter().copied()).collect();
    let elsewhere = (0..problem.workers.len())
        .filter(|it| problem.workers[*it].skills.has(needed) && !on_duty.contains(it))
        .collect();
    Why::NoSkill { part, lacking, days, elsewhere }
}
