//! Small problems whose best plan is found by trying everything, against what the search finds.

use dispatch::{Plan, Problem, Route, Stop, Together, check, try_move};

use crate::build::{Dice, both, problem, shift, skills, solve, visit};

/// The least cost of all plans of a problem with one shift a worker: every way to share out the parts and every order.
fn least(problem: &Problem) -> i64 {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (index, visit) in problem.visits.iter().enumerate() {
        parts.extend((0..visit.parts.len()).map(|it| (index, it)));
    }
    let mut best = i64::MAX;
    let mut routes: Vec<Vec<(usize, usize)>> = vec![Vec::new(); problem.shifts.len()];
    place(problem, &parts, &mut routes, &mut best);
    best
}

/// Puts the next part at every position of every route, or leaves its visit.
fn place(problem: &Problem, parts: &[(usize, usize)], routes: &mut Vec<Vec<(usize, usize)>>, best: &mut i64) {
    let Some((part, rest)) = parts.split_first() else {
        *best = (*best).min(price(problem, routes));
        return;
    };
    if part.1 == 0 {
        let others = if problem.visits[part.0].parts.len() == 2 { &rest[1..] } else { rest };
        place(problem, others, routes, best);
    }
    for shift in 0..routes.len() {
        for at in 0..=routes[shift].len() {
            routes[shift].insert(at, *part);
            place(problem, rest, routes, best);
            routes[shift].remove(at);
        }
    }
}

/// The cost of these routes with all breaks where they are cheapest, by the timing of drags and the checker.
fn price(problem: &Problem, routes: &[Vec<(usize, usize)>]) -> i64 {
    let mut plan = Plan::default();
    for (shift, parts) in routes.iter().enumerate().filter(|it| !it.1.is_empty()) {
        let stops = parts.iter().map(|it| Stop { visit: it.0, parts: vec![it.1], ..Stop::default() }).collect();
        plan.routes.push(Route { shift, stops, ..Route::default() });
    }
    let planned = |it: &usize| routes.iter().flatten().any(|part| part.0 == *it);
    plan.left = (0..problem.visits.len())
        .filter(|it| !planned(it))
        .map(|visit| dispatch::Left { visit, why: Vec::new() })
        .collect();
    let Some(first) = plan.routes.first() else {
        let weights = &problem.weights;
        let left = problem.visits.iter().map(|it| it.may_leave.unwrap_or(weights.left * i64::from(it.priority)));
        return left.sum();
    };
    let lengths: Vec<usize> = plan.routes.iter().map(|it| it.stops.len()).collect();
    let drag = dispatch::Drag {
        visit: first.stops[0].visit,
        parts: first.stops[0].parts.clone(),
        shift: first.shift,
        position: 0,
    };
    // One break a shift at most: each place of it in each tour is tried.
    let mut best = i64::MAX;
    let ways: usize = lengths.iter().map(|it| it + 2).product();
    for way in 0..ways {
        let mut it = plan.clone();
        let mut rest = way;
        for (route, length) in it.routes.iter_mut().zip(&lengths) {
            let after = rest % (length + 2);
            rest /= length + 2;
            if !problem.shifts[route.shift].breaks.is_empty() && after <= *length {
                route.breaks.push(dispatch::Rest { index: 0, after, start: 0, end: 0 });
            }
        }
        if let Ok(tried) = try_move(problem, &it, &drag)
            && tried.faults.is_empty()
            && let Ok(cost) = check(problem, &tried.plan)
        {
            best = best.min(cost.total());
        }
        if problem.shifts.iter().all(|it| it.breaks.is_empty()) {
            break;
        }
    }
    best
}

/// Five or six visits for two or three people.
fn small(seed: u64) -> Problem {
    let mut dice = Dice(seed + 11);
    let count = 4 + dice.below(2) as usize;
    let mut visits = Vec::new();
    for _ in 0..count {
        let open = dice.below(150) as i64;
        let close = open + 20 + dice.below(150) as i64;
        let mut it = visit(1 + dice.below(6) as usize, 10 + dice.below(40) as i64, open, close);
        it.windows[0].due = dice.one_in(2).then_some(open + 10);
        it.parts[0].skills = if dice.one_in(3) { skills(&[1]) } else { skills(&[]) };
        it.may_leave = dice.one_in(4).then_some(60);
        visits.push(it);
    }
    let together = match dice.below(3) {
        0 => Together::Same,
        _ => Together::Ordered { minimum: 10, maximum: 30 + dice.below(20) as i64 },
    };
    visits[0] = both(visits[0].clone(), together);
    let mut it = problem(2, vec![shift(0, 0, 300), shift(1, 20, 280)], visits);
    it.workers[1].skills = skills(&[1]);
    it.shifts[1].overtime = 40;
    if dice.one_in(2) {
        it.shifts[0].breaks = vec![dispatch::Break { earliest: 90, latest: 150, length: 30 }];
    }
    it
}

#[test]
fn the_search_finds_the_proven_optimum_of_small_problems() {
    for seed in 0..24 {
        let problem = small(seed);
        let plan = solve(&problem, 3_000);
        assert_eq!(check(&problem, &plan), Ok(plan.cost), "seed {seed}");
        assert_eq!(plan.cost.total(), least(&problem), "seed {seed}");
    }
}
