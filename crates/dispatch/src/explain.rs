//! Why visits are left out of a plan: what stands against the nearest possibility.

use std::collections::BTreeSet;

use crate::{
    model::{Problem, Skills},
    offer::{Broken, Desk, Offer},
    plan::Plan,
    reasons::Why,
    slots::{fitting, pairs},
};

/// So many reasons are told of one visit.
const MOST: usize = 3;

/// Writes the reasons to every visit that a plan leaves out.
pub fn explain(problem: &Problem, plan: &mut Plan) {
    let desk = Desk::new(problem, plan, None);
    for left in &mut plan.left {
        left.why = why(problem, &desk, left.visit);
    }
}

fn why(problem: &Problem, desk: &Desk<'_>, visit: usize) -> Vec<Why> {
    let it = &problem.visits[visit];
    let leaving = it.may_leave.unwrap_or_else(|| problem.weights.left.saturating_mul(i64::from(it.priority)));
    let shifts = || 0..problem.shifts.len();
    let crew: Vec<usize> = (0..it.parts.len()).collect();
    let is_for_crew = 1 < crew.len() && shifts().any(|shift| desk.may(shift, visit, &crew));
    for part in 0..it.parts.len() {
        if is_for_crew {
            break;
        }
        if !shifts().any(|shift| desk.is_able(shift, visit, &[part])) {
            return vec![no_skill(problem, visit, part)];
        }
        if !shifts().any(|shift| desk.may(shift, visit, &[part])) {
            let able = shifts().filter(|shift| desk.is_able(*shift, visit, &[part]));
            let workers: BTreeSet<usize> = able.flat_map(|shift| problem.shifts[shift].workers.clone()).collect();
            return vec![Why::OnlyForbidden { part, workers: workers.into_iter().collect() }];
        }
    }
    if let Some((part, pin)) = it.parts.iter().enumerate().find_map(|(nth, it)| Some((nth, it.pin?))) {
        return vec![Why::Pinned { part, shift: pin.shift, start: pin.start }];
    }
    if 1 < it.parts.len() {
        if let Some(slot) = pairs(desk, problem, visit).into_iter().min_by_key(|it| it.cost) {
            return vec![Why::Dearer { shift: slot.shift, cost: slot.cost, leaving }];
        }
        let with: BTreeSet<usize> =
            (0..it.parts.len()).flat_map(|part| fitting(desk, problem, visit, &[part], 0)).map(|it| it.shift).collect();
        if !with.is_empty() {
            let workers: BTreeSet<usize> = with.iter().flat_map(|it| problem.shifts[*it].workers.clone()).collect();
            // More who are free one by one are not free together.
            let free = workers.len().min(it.parts.len() - 1);
            return vec![Why::NeedsTwo { free, with: with.into_iter().collect() }];
        }
    }
    let able = shifts().filter(|shift| desk.may(*shift, visit, &[0]));
    let mut offers: Vec<Offer> = able.flat_map(|shift| desk.offers(shift, visit, &[0], 0)).collect();
    offers.sort_by_key(|it| (it.broken.len(), it.broken.iter().map(weight).sum::<i64>(), it.cost));
    let mut all: Vec<Why> = Vec::new();
    for offer in &offers {
        let said = match offer.broken.first() {
            Some(broken) => reason(offer.shift, broken),
            None => days(problem, visit).unwrap_or(Why::Dearer { shift: offer.shift, cost: offer.cost, leaving }),
        };
        let of_kind = std::mem::discriminant(&said);
        if all.iter().all(|it| std::mem::discriminant(it) != of_kind) {
            all.push(said);
        }
        if all.len() == MOST {
            break;
        }
    }
    all
}

/// How far something is from being possible.
fn weight(it: &Broken) -> i64 {
    match it {
        Broken::Closed { start, close } => start - close,
        Broken::Displaced { by, .. } | Broken::Back { by } | Broken::Work { by } => *by,
        Broken::Rest | Broken::Partner { .. } => 0,
    }
}

fn reason(shift: usize, it: &Broken) -> Why {
    match *it {
        Broken::Closed { start, close } => Why::WindowCloses { shift, start, close },
        Broken::Displaced { visit, by } => Why::Displaces { shift, visit, by },
        Broken::Back { by } => Why::NoTime { shift, by },
        Broken::Work { by } => Why::TooMuchWork { shift, by },
        Broken::Rest => Why::NoTime { shift, by: 0 },
        Broken::Partner { visit } => Why::Displaces { shift, visit, by: 0 },
    }
}

/// What nobody on the days has; where each is had by somebody and all by nobody, all of it.
fn no_skill(problem: &Problem, visit: usize, part: usize) -> Why {
    let needed = problem.visits[visit].parts[part].skills;
    let there = problem.shifts.iter().flat_map(|it| &it.workers);
    let union = there.fold(Skills::default(), |sum, it| sum.or(problem.workers[*it].skills));
    let missing = needed.without(union);
    let lacking = if missing == Skills::default() { needed } else { missing };
    let at_work: BTreeSet<usize> = problem.shifts.iter().flat_map(|it| it.workers.clone()).collect();
    let elsewhere = (0..problem.workers.len())
        .filter(|it| !at_work.contains(it) && problem.workers[*it].skills.has(needed))
        .collect();
    let days: BTreeSet<i64> = problem.shifts.iter().map(|it| it.day).collect();
    Why::NoSkill { part, lacking, days: days.into_iter().collect(), elsewhere }
}

/// The visit of the same series that forbids its days, if it has one.
fn days(problem: &Problem, visit: usize) -> Option<Why> {
    let series = problem.series.iter().find(|it| it.visits.contains(&visit) && 0 < it.minimum_days)?;
    let other = *series.visits.iter().find(|it| **it != visit)?;
    Some(Why::Days { other, minimum: series.minimum_days, maximum: series.maximum_days })
}
