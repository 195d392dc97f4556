//! Each constraint by itself, in a problem where ignoring it would be cheaper.

use dispatch::{
    Begun, Break, Fault, Known, Matrix, Part, Pin, Plan, Problem, Series, Together, Told, Why, Window, Worker, check,
};

use crate::build::{both, problem, shift, skills, solve, visit};

fn solved(problem: &Problem) -> Plan {
    let plan = solve(problem, 300);
    assert_eq!(check(problem, &plan), Ok(plan.cost));
    plan
}

/// The shift and start of the stop with the first part of a visit.
fn stop(plan: &Plan, visit: usize, part: usize) -> (usize, i64) {
    let stops = plan.routes.iter().flat_map(|route| route.stops.iter().map(move |it| (route.shift, it)));
    let found = stops.filter(|it| it.1.visit == visit && it.1.parts.contains(&part)).map(|it| (it.0, it.1.start));
    found.into_iter().next_back().expect("it is planned")
}

#[test]
fn only_those_with_the_skill_come() {
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 0, 500)], vec![visit(1, 10, 0, 400), visit(1, 10, 0, 400)]);
    it.workers[1].skills = skills(&[100]);
    it.visits[0].parts[0].skills = skills(&[100]);
    it.shifts[1].cost = 50;
    let plan = solved(&it);
    assert_eq!(stop(&plan, 0, 0).0, 1);
}

#[test]
fn forbidden_workers_stay_away_and_only_those_named_come() {
    let mut it = problem(3, (0..3).map(|it| shift(it, 0, 500)).collect(), vec![visit(1, 10, 0, 400); 2]);
    it.shifts[2].cost = 500;
    it.shifts[1].cost = 100;
    it.visits[0].forbidden = vec![0];
    it.visits[1].only = vec![2];
    let plan = solved(&it);
    assert_eq!(stop(&plan, 1, 0).0, 2);
    assert_ne!(stop(&plan, 0, 0).0, 0);
}

#[test]
fn those_who_came_before_come_again() {
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 0, 500)], vec![visit(1, 10, 0, 400), visit(2, 10, 0, 400)]);
    it.visits[1].known = vec![Known { worker: 1, gain: 100 }];
    let plan = solved(&it);
    assert_eq!(stop(&plan, 1, 0).0, 1);
    assert_eq!(plan.cost.continuity, 0);
    it.weights.continuity = 0;
    assert_eq!(solved(&it).routes.len(), 1, "without it one tour is shorter");
}

#[test]
fn two_persons_start_together_and_are_two() {
    let pair = both(visit(3, 30, 0, 400), Together::Same);
    let it = problem(2, vec![shift(0, 0, 500), shift(1, 60, 500)], vec![pair]);
    let plan = solved(&it);
    assert_eq!(stop(&plan, 0, 0).1, 90);
    assert_eq!(stop(&plan, 0, 1).1, 90);
    let alone = problem(1, vec![shift(0, 0, 500)], it.visits.clone());
    assert_eq!(solved(&alone).left[0].why, [Why::NeedsTwo { free: 1, with: vec![0] }]);
}

#[test]
fn a_second_part_comes_neither_too_early_nor_too_late() {
    let pair = both(visit(1, 10, 0, 400), Together::Ordered { minimum: 50, maximum: 60 });
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 200, 500)], vec![pair]);
    it.workers[1].skills = skills(&[1]);
    it.visits[0].parts[1].skills = skills(&[1]);
    let plan = solved(&it);
    let (first, second) = (stop(&plan, 0, 0).1, stop(&plan, 0, 1).1);
    assert_eq!((first, second), (150, 210), "the first waits until the second can follow in time");
}

#[test]
fn a_crew_serves_two_persons_visits_at_one_stop_and_joins_its_skills() {
    let mut crew = shift(0, 0, 500);
    crew.workers = vec![0, 1];
    let mut pair = both(visit(1, 10, 0, 400), Together::Same);
    pair.parts[1].skills = skills(&[1]);
    pair.parts[0].skills = skills(&[2]);
    let mut single = visit(2, 10, 0, 400);
    single.parts[0].skills = skills(&[1, 2]);
    let mut it = problem(2, vec![crew], vec![pair, single]);
    it.workers[0].skills = skills(&[1]);
    it.workers[1].skills = skills(&[2]);
    let plan = solved(&it);
    assert!(plan.left.is_empty());
    let pair = plan.routes[0].stops.iter().find(|it| it.visit == 0).expect("it is planned");
    assert_eq!(pair.parts, [0, 1]);
    it.workers[0].skills = skills(&[]);
    it.workers[1].skills = skills(&[1, 2]);
    assert_eq!(solved(&it).left.len(), 1, "one member cannot be both persons");
}

#[test]
fn a_break_is_taken_within_its_stretch() {
    let visits = vec![visit(1, 100, 0, 400), visit(1, 100, 0, 400), visit(1, 100, 0, 400)];
    let mut it = problem(1, vec![shift(0, 0, 500)], visits);
    it.shifts[0].breaks = vec![Break { earliest: 100, latest: 130, length: 60 }];
    let plan = solved(&it);
    let rest = plan.routes[0].breaks[0];
    assert_eq!((rest.after, rest.start, rest.end), (1, 110, 170));
    assert_eq!(plan.routes[0].end, 380);
    it.visits.truncate(1);
    it.shifts[0].breaks[0].latest = 120;
    assert!(solved(&it).routes[0].breaks.is_empty(), "a tour that is over needs none");
}

#[test]
fn a_break_comes_before_the_first_stop_if_that_is_late() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(1, 50, 300, 400)]);
    it.shifts[0].breaks = vec![Break { earliest: 100, latest: 130, length: 60 }];
    let plan = solved(&it);
    assert_eq!(plan.routes[0].breaks[0].after, 0);
}

#[test]
fn overtime_costs_and_has_an_end() {
    let mut it = problem(1, vec![shift(0, 0, 100)], vec![visit(1, 90, 0, 400)]);
    assert_eq!(solved(&it).left[0].why, [Why::NoTime { shift: 0, by: 10 }]);
    it.shifts[0].overtime = 10;
    let plan = solved(&it);
    assert_eq!((plan.routes[0].overtime, plan.cost.overtime), (10, 10 * it.weights.overtime));
}

#[test]
fn work_has_a_most() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(1, 60, 0, 400), visit(1, 60, 0, 400)]);
    it.shifts[0].maximum_work = Some(120);
    let plan = solved(&it);
    assert_eq!(plan.left[0].why, [Why::TooMuchWork { shift: 0, by: 20 }]);
}

#[test]
fn uneven_work_costs() {
    let mut it = problem(2, vec![shift(0, 0, 900), shift(1, 0, 900)], vec![visit(1, 100, 0, 800); 4]);
    it.weights.fair_unit = 10;
    assert_eq!(solved(&it).routes.len(), 1);
    it.weights.fairness = 1;
    let plan = solved(&it);
    assert!(plan.routes.iter().all(|it| it.stops.len() == 2), "two each");
    it.workers[0].load_before = 400;
    assert_eq!(solved(&it).routes.len(), 1, "who has worked before rests");
}

#[test]
fn lateness_is_weighed_against_travel() {
    let mut late = visit(4, 10, 0, 400);
    late.windows[0].due = Some(45);
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(2, 10, 0, 400), late]);
    assert_eq!(stop(&solved(&it), 1, 0).1, 40, "the one that is due comes first");
    it.weights.late = 0;
    it.weights.latest = 0;
    let plan = solved(&it);
    assert_eq!(plan.cost.late + plan.cost.latest, 0);
}

#[test]
fn days_lie_between_the_visits_of_a_series() {
    let day = |it: i64| {
        let mut shift = shift(0, it * 1_000, it * 1_000 + 500);
        shift.day = it;
        shift
    };
    let mut any = visit(1, 10, 0, 400);
    any.windows = (0..5).map(|it| Window { open: it * 1_000, due: None, close: it * 1_000 + 400 }).collect();
    let mut it = problem(1, (0..5).map(day).collect(), vec![any; 3]);
    it.series = vec![Series { visits: vec![0, 1, 2], minimum_days: 2, maximum_days: 2 }];
    let plan = solved(&it);
    let days: Vec<usize> = (0..3).map(|it| stop(&plan, it, 0).0).collect();
    assert_eq!(days, [0, 2, 4]);
    it.series[0].minimum_days = 3;
    it.series[0].maximum_days = 3;
    assert!(matches!(solved(&it).left[0].why[..], [Why::Days { minimum: 3, .. }]));
}

#[test]
fn a_pin_holds_against_what_is_cheaper() {
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 0, 500)], vec![visit(1, 10, 0, 400), visit(2, 10, 0, 400)]);
    it.visits[0].parts[0].pin = Some(Pin { shift: Some(1), start: Some(300) });
    it.visits[1].forbidden = vec![1];
    assert_eq!(stop(&solved(&it), 0, 0), (1, 300));
}

#[test]
fn what_has_begun_stays_and_the_tour_goes_on_from_there_now() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(1, 10, 0, 400), visit(3, 10, 0, 400)]);
    it.visits[1].parts[0].begun = Some(Begun { shift: 0, start: 30, end: 50 });
    it.now = Some(70);
    let plan = solved(&it);
    assert_eq!(stop(&plan, 1, 0), (0, 30));
    assert_eq!(stop(&plan, 0, 0).1, 90);
}

#[test]
fn what_people_were_told_changes_only_where_it_pays() {
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 0, 500)], vec![visit(1, 10, 0, 400), visit(2, 10, 0, 400)]);
    it.visits[0].parts[0].told = Some(Told { shift: 1, start: 200 });
    it.weights.tolerance = 0;
    it.weights.change_worker = 500;
    it.weights.change_time = 500;
    assert_eq!(stop(&solved(&it), 0, 0), (1, 200));
    it.weights.change_worker = 0;
    it.weights.change_time = 0;
    assert_eq!(solved(&it).routes.len(), 1);
}

#[test]
fn what_may_be_left_is_left_if_that_is_cheaper() {
    let mut it = problem(1, vec![shift(0, 0, 900)], vec![visit(1, 10, 0, 400), visit(20, 10, 0, 400)]);
    it.visits[1].may_leave = Some(100);
    let plan = solved(&it);
    assert_eq!(plan.left[0].why, [Why::Dearer { shift: 0, cost: 380, leaving: 100 }]);
    it.visits[1].may_leave = Some(1_000);
    assert!(solved(&it).left.is_empty());
}

#[test]
fn the_more_urgent_visit_is_planned_if_one_must_be_left() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(1, 10, 0, 20), visit(5, 10, 50, 50)]);
    it.visits[1].windows[0] = Window { open: 50, due: None, close: 50 };
    it.visits[0].windows[0] = Window { open: 20, due: None, close: 20 };
    it.visits[1].priority = 2;
    assert_eq!(solved(&it).left[0].visit, 0);
    it.visits[0].priority = 3;
    assert_eq!(solved(&it).left[0].visit, 1);
}

#[test]
fn reasons_say_what_is_lacking() {
    let mut it = problem(2, vec![shift(0, 0, 500)], vec![visit(1, 10, 0, 400)]);
    it.workers[1].skills = skills(&[7]);
    it.visits[0].parts[0].skills = skills(&[7]);
    let lacking = Why::NoSkill { part: 0, lacking: skills(&[7]), days: vec![0], elsewhere: vec![1] };
    assert_eq!(solved(&it).left[0].why, [lacking]);
    it.workers[0] = Worker { skills: skills(&[7]), load_before: 0 };
    it.visits[0].forbidden = vec![0];
    assert_eq!(solved(&it).left[0].why, [Why::OnlyForbidden { part: 0, workers: vec![0] }]);
    it.visits[0].forbidden.clear();
    it.visits[0].windows[0] = Window { open: 0, due: None, close: 4 };
    assert_eq!(solved(&it).left[0].why, [Why::WindowCloses { shift: 0, start: 10, close: 4 }]);
}

#[test]
fn the_way_of_travelling_is_that_of_the_shift() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(3, 10, 0, 400)]);
    let mut slow = it.travel[0].clone();
    slow.time = Matrix::from_fn(4, |a, b| (a as i32 - b as i32).abs() * 40);
    it.travel.push(slow);
    it.shifts[0].travel = 1;
    assert_eq!(stop(&solved(&it), 0, 0).1, 120);
}

#[test]
fn a_problem_that_makes_no_sense_is_refused_with_the_place() {
    let mut it = problem(1, vec![shift(0, 0, 500)], vec![visit(1, 10, 0, 400)]);
    it.visits[0].parts.push(Part { duration: -1, ..Part::default() });
    it.shifts[0].workers = vec![9];
    let invalid = dispatch::solve(&it, None, &crate::build::limits(1), &mut |_| 0.0).expect_err("it makes no sense");
    let paths: Vec<&str> = invalid.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["shifts[0].workers", "visits[0].parts[1].duration"]);
}

#[test]
fn a_dragged_stop_says_what_it_breaks() {
    let mut it = problem(2, vec![shift(0, 0, 500), shift(1, 0, 500)], vec![visit(1, 10, 0, 400), visit(2, 10, 0, 25)]);
    it.visits[0].forbidden = vec![1];
    let plan = solved(&it);
    let drag = |visit: usize, shift: usize, position: usize| {
        let drag = dispatch::Drag { visit, parts: vec![0], shift, position };
        dispatch::try_move(&it, &plan, &drag).expect("valid")
    };
    assert_eq!(drag(0, 1, 0).faults, [Fault::Forbidden { visit: 0, shift: 1, worker: 1 }]);
    assert_eq!(drag(1, 0, 1).faults, [Fault::Window { visit: 1, start: 30, open: 0, close: 25 }]);
    let fine = drag(1, 1, 0);
    assert_eq!((fine.faults, fine.cost), (Vec::new(), 20));
}
