//! Which shifts may serve a stop at all, and what continuity and changes cost there.

use crate::model::{Part, Problem, Skills, Visit};

/// The shifts that may serve these parts of a visit in one stop, with what continuity and changes cost there.
pub fn able(problem: &Problem, visit: &Visit, parts: &[&Part]) -> Vec<(u32, i64)> {
    let best = visit.known.iter().map(|it| it.gain).max().unwrap_or(0).max(0);
    let weights = &problem.weights;
    let mut found = Vec::new();
    for (index, shift) in problem.shifts.iter().enumerate() {
        if !may(problem, visit, parts, index) {
            continue;
        }
        let gain = visit.known.iter().filter(|it| shift.workers.contains(&it.worker)).map(|it| it.gain).max();
        let mut cost = weights.continuity * (best - gain.unwrap_or(0).max(0)) * parts.len() as i64;
        for told in parts.iter().filter_map(|it| it.told) {
            if problem.shifts[told.shift].workers != shift.workers {
                cost += weights.change_worker;
            }
        }
        found.push((index as u32, cost));
    }
    found
}

fn may(problem: &Problem, visit: &Visit, parts: &[&Part], index: usize) -> bool {
    if let Some(begun) = parts.iter().find_map(|it| it.begun) {
        return begun.shift == index;
    }
    if parts.iter().filter_map(|it| it.pin?.shift).any(|it| it != index) {
        return false;
    }
    let shift = &problem.shifts[index];
    let allowed = |it: &usize| !visit.forbidden.contains(it) && (visit.only.is_empty() || visit.only.contains(it));
    if !shift.workers.iter().all(allowed) {
        return false;
    }
    let closes = shift.latest.saturating_add(shift.overtime);
    let pinned = parts.iter().find_map(|it| it.pin?.start);
    let open = match pinned {
        Some(at) => at >= shift.earliest && at <= closes,
        None => {
            visit.windows.is_empty() || visit.windows.iter().any(|it| it.close >= shift.earliest && it.open <= closes)
        }
    };
    let skilled = |worker: usize, part: &Part| problem.workers[worker].skills.has(part.skills);
    let skills = match parts {
        [part] => shift
            .workers
            .iter()
            .fold(Skills::default(), |it, worker| it.or(problem.workers[*worker].skills))
            .has(part.skills),
        [one, two] => shift.workers.iter().any(|first| {
            skilled(*first, one) && shift.workers.iter().any(|second| second != first && skilled(*second, two))
        }),
        _ => false,
    };
    open && skills
}
