//! What holds of every plan that comes out.

use dispatch::{Begun, Limits, Pin, Plan, Problem, Settings, Told, check, slots, try_move};
use proptest::prelude::*;

use crate::build::{Dice, limits, mixed, solve};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn every_plan_keeps_every_constraint_and_states_its_cost(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        let plan = solve(&problem, 300);
        prop_assert_eq!(check(&problem, &plan), Ok(plan.cost));
        for it in &plan.left {
            prop_assert!(!it.why.is_empty(), "visit {} is left without a reason", it.visit);
        }
    }

    #[test]
    fn plans_of_many_visits_for_one_person_keep_every_constraint(seed in 0_u64..100_000) {
        let mut problem = mixed(seed);
        problem.visits.iter_mut().for_each(|it| it.parts.truncate(1));
        if seed % 2 == 0 {
            problem.weights.fairness = 0;
            problem.shifts.iter_mut().for_each(|it| it.breaks.clear());
        }
        // So few neighbours make the search take it for a problem of many visits.
        let few = Limits { settings: Settings { near: 3, cross: 3, hope: 9.0, ..Settings::default() }, ..limits(300) };
        let plan = dispatch::solve(&problem, None, &few, &mut |_| 0.0).expect("valid");
        prop_assert_eq!(check(&problem, &plan), Ok(plan.cost));
        prop_assert_eq!(plan, dispatch::solve(&problem, None, &few, &mut |_| 0.0).expect("valid"));
    }

    #[test]
    fn the_same_seed_and_iterations_give_the_same_plan(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        prop_assert_eq!(solve(&problem, 100), solve(&problem, 100));
        let two = Limits { threads: 2, ..limits(100) };
        let twice = || dispatch::solve(&problem, None, &two, &mut |_| 0.0).expect("valid");
        prop_assert_eq!(twice(), twice());
        prop_assert!(twice().cost.total() <= solve(&problem, 100).cost.total());
    }

    #[test]
    fn a_new_worker_never_makes_the_plan_in_force_worse(seed in 0_u64..100_000) {
        let mut problem = mixed(seed);
        problem.weights.fairness = 0;
        let plan = solve(&problem, 200);
        problem.workers.push(problem.workers[0].clone());
        let mut shift = problem.shifts[0].clone();
        shift.workers = vec![problem.workers.len() - 1];
        problem.shifts.push(shift);
        let more = dispatch::solve(&problem, Some(&plan), &limits(50), &mut |_| 0.0).expect("valid");
        prop_assert_eq!(check(&problem, &more), Ok(more.cost));
        prop_assert!(more.cost.total() <= plan.cost.total());
    }

    #[test]
    fn a_new_plan_at_noon_keeps_what_has_begun_and_what_is_fixed(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        let plan = solve(&problem, 200);
        let noon = at(&problem, &plan, 300, seed);
        let again = dispatch::solve(&noon, Some(&plan), &limits(200), &mut |_| 0.0).expect("valid");
        prop_assert_eq!(check(&noon, &again), Ok(again.cost));
        for (visit, it) in noon.visits.iter().enumerate() {
            for (part, it) in it.parts.iter().enumerate() {
                let Some(begun) = it.begun else { continue };
                let there = again.routes.iter().filter(|it| it.shift == begun.shift).flat_map(|it| &it.stops);
                let stop = there.into_iter().find(|it| it.visit == visit && it.parts.contains(&part));
                prop_assert_eq!(stop.map(|it| it.start), Some(begun.start));
            }
        }
    }

    #[test]
    fn every_slot_is_possible_at_the_cost_it_states(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        let plan = solve(&problem, 200);
        let visit = Dice(seed).below(problem.visits.len() as u64) as usize;
        let offered = slots(&problem, &plan, visit, 5, 30).expect("valid");
        for (at, it) in offered.iter().enumerate() {
            prop_assert!(offered[..at].iter().all(|other| (other.start - it.start).abs() >= 30));
            let mut fixed = problem.clone();
            plan.left.iter().for_each(|it| fixed.visits[it.visit].may_leave = Some(0));
            fixed.visits[visit].may_leave = Some(1_000_000);
            for seat in &it.parts {
                let pin = Pin { shift: Some(seat.shift), start: Some(seat.start) };
                fixed.visits[visit].parts[seat.part].pin = Some(pin);
            }
            let kept = dispatch::solve(&fixed, Some(&without(&plan, visit)), &limits(0), &mut |_| 0.0).expect("valid");
            prop_assert_eq!(check(&fixed, &kept), Ok(kept.cost));
            prop_assert!(kept.left.iter().all(|it| it.visit != visit), "slot {:?} is not possible", it);
        }
    }

    #[test]
    fn a_plan_arranged_again_from_its_order_breaks_and_costs_nothing(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        let plan = solve(&problem, 200);
        let orders: Vec<_> = plan
            .routes
            .iter()
            .map(|route| dispatch::Order {
                shift: route.shift,
                stops: route.stops.iter().map(|it| (it.visit, it.parts.clone())).collect(),
                breaks: route.breaks.iter().map(|it| (it.index, it.after)).collect(),
            })
            .collect();
        let (again, faults) = dispatch::arrange(&problem, &orders);
        prop_assert_eq!(&faults, &Vec::new());
        prop_assert!(again.cost.total() <= plan.cost.total());
    }

    #[test]
    fn a_drag_to_where_a_stop_stands_breaks_and_costs_nothing(seed in 0_u64..100_000) {
        let problem = mixed(seed);
        let plan = solve(&problem, 200);
        for route in &plan.routes {
            for (position, stop) in route.stops.iter().enumerate() {
                let drag = dispatch::Drag {
                    visit: stop.visit,
                    parts: stop.parts.clone(),
                    shift: route.shift,
                    position,
                };
                let tried = try_move(&problem, &plan, &drag).expect("valid");
                prop_assert_eq!(&tried.faults, &Vec::new());
                prop_assert!(tried.cost <= 0, "it costs {}", tried.cost);
            }
        }
    }
}

/// The plan with a visit taken out, its breaks where they were.
fn without(plan: &Plan, visit: usize) -> Plan {
    let mut plan = plan.clone();
    for route in &mut plan.routes {
        while let Some(at) = route.stops.iter().position(|it| it.visit == visit) {
            route.stops.remove(at);
            route.breaks.iter_mut().filter(|it| it.after > at).for_each(|it| it.after -= 1);
        }
    }
    plan
}

/// The problem in the middle of its first day: some stops have begun, one is pinned, all others have been told.
fn at(problem: &Problem, plan: &Plan, now: i64, seed: u64) -> Problem {
    let mut dice = Dice(seed);
    let mut noon = problem.clone();
    noon.now = Some(now);
    for route in &plan.routes {
        for stop in &route.stops {
            for part in &stop.parts {
                let it = &mut noon.visits[stop.visit].parts[*part];
                it.told = Some(Told { shift: route.shift, start: stop.start });
                if stop.start > now && dice.one_in(10) {
                    it.pin = Some(Pin { shift: Some(route.shift), start: None });
                }
            }
        }
    }
    for (index, visit) in noon.visits.iter_mut().enumerate() {
        let stops = plan.routes.iter().flat_map(|route| route.stops.iter().map(move |it| (route.shift, it)));
        let stops: Vec<_> = stops.filter(|it| it.1.visit == index).collect();
        if stops.is_empty() || stops.iter().any(|it| it.1.start > now) {
            continue;
        }
        for (shift, stop) in stops {
            for part in &stop.parts {
                visit.parts[*part].begun =
                    Some(Begun { shift, start: stop.start, end: stop.end + dice.below(20) as i64 });
            }
        }
    }
    noon
}

#[test]
fn settings_that_find_nothing_still_give_a_plan() {
    let problem = mixed(7);
    let settings = Settings { removed: 1.0, string: 1.0, ..Settings::default() };
    let limits = Limits { settings, ..limits(50) };
    let plan = dispatch::solve(&problem, None, &limits, &mut |_| 0.0).expect("valid");
    assert_eq!(check(&problem, &plan), Ok(plan.cost));
}
