//! The best times for one more visit in a plan that stands.

use serde::{Deserialize, Serialize};

use crate::{
    model::{Money, Problem, Time, Together},
    offer::{Desk, Offer},
    plan::Plan,
};

/// A time that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub shift: usize,
    /// The visit it would stand before; nothing: at the end of the tour.
    pub before: Option<usize>,
    pub start: Time,
    /// For a visit of two persons the other's shift and place, unless a crew does both.
    pub other: Option<(usize, Option<usize>)>,
    /// What the plan costs more with it.
    pub cost: Money,
}

/// So many places of each part are tried together.
const PAIRED: usize = 30;

/// The best times for a visit in a plan, the best first, at most `most`; whatever else is planned stays with whom it is and in
/// its order. Times differ: of one tour by at least as long as the visit takes.
pub fn slots(problem: &Problem, plan: &Plan, visit: usize, most: usize) -> Vec<Slot> {
    let desk = Desk::new(problem, plan, Some(visit));
    let mut all = match problem.visits[visit].parts.len() {
        1 => fitting(&desk, problem, visit, &[0], 0).into_iter().map(|it| slot(it, None)).collect(),
        _ => pairs(&desk, problem, visit),
    };
    all.sort_by_key(|it| (it.cost, it.start, it.shift));
    let apart = problem.visits[visit].parts.iter().map(|it| it.duration).max().unwrap_or(0).max(1);
    let mut chosen: Vec<Slot> = Vec::new();
    for it in all {
        if chosen.iter().all(|one| one.shift != it.shift || apart <= (one.start - it.start).abs()) {
            chosen.push(it);
        }
        if chosen.len() == most {
            break;
        }
    }
    chosen
}

fn slot(it: Offer, other: Option<(usize, Option<usize>)>) -> Slot {
    Slot { shift: it.shift, before: it.before, start: it.start, other, cost: it.cost }
}

/// Places where nothing breaks, the cheapest first.
pub(crate) fn fitting(desk: &Desk<'_>, problem: &Problem, visit: usize, parts: &[usize], least: Time) -> Vec<Offer> {
    let mut all: Vec<Offer> = (0..problem.shifts.len())
        .filter(|shift| desk.may(*shift, visit, parts))
        .flat_map(|shift| desk.offers(shift, visit, parts, least))
        .filter(|it| it.broken.is_empty() && is_open(problem, visit, it.start))
        .collect();
    all.sort_by_key(|it| (it.cost, it.start, it.shift));
    all
}

/// Whether a visit may begin then.
fn is_open(problem: &Problem, visit: usize, start: Time) -> bool {
    let windows = &problem.visits[visit].windows;
    windows.is_empty() || windows.iter().any(|it| it.open <= start && start <= it.close)
}

/// Two persons: a crew, or one of each of two tours.
pub(crate) fn pairs(desk: &Desk<'_>, problem: &Problem, visit: usize) -> Vec<Slot> {
    let crews = fitting(desk, problem, visit, &[0, 1], 0).into_iter().map(|it| slot(it, None));
    let mut all: Vec<Slot> = crews.collect();
    let firsts = fitting(desk, problem, visit, &[0], 0);
    let seconds = fitting(desk, problem, visit, &[1], 0);
    let (after, until) = match problem.visits[visit].together {
        Together::Same => (0, 0),
        Together::Ordered { minimum, maximum } => (minimum, maximum),
    };
    for first in firsts.iter().take(PAIRED) {
        for second in seconds.iter().take(PAIRED) {
            let share = |one: usize, other: usize| {
                problem.shifts[one].workers.iter().any(|it| problem.shifts[other].workers.contains(it))
            };
            if share(first.shift, second.shift) {
                continue;
            }
            // The second waits for the first, or the first begins later so that the second is not too late.
            let late = second.start.max(first.start + after);
            let soon = first.start.max(late - until);
            let at = |it: &Offer, part: usize, least: Time| {
                let mut offers = desk.offers(it.shift, visit, &[part], least);
                offers.retain(|one| one.before == it.before && one.start == least && one.broken.is_empty());
                offers.pop().filter(|one| is_open(problem, visit, one.start))
            };
            if let Some((one, other)) = at(first, 0, soon).zip(at(second, 1, late)) {
                let cost = one.cost + other.cost;
                all.push(Slot { cost, ..slot(one, Some((other.shift, other.before))) });
            }
        }
    }
    all
}
