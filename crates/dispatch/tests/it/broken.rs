//! The checker refuses a plan that was broken, in every way a plan can be.

use dispatch::{Fault, Plan, check};
use proptest::prelude::*;

use crate::build::{Dice, mixed, solve};

/// Breaks a plan in one of many ways; nothing if this plan has nothing to break that way.
fn break_it(plan: &mut Plan, way: u64, dice: &mut Dice) -> Option<()> {
    let count = plan.routes.len() as u64;
    if count == 0 {
        return None;
    }
    let at = dice.below(count) as usize;
    let stops = plan.routes[at].stops.len() as u64;
    let stop = dice.below(stops.max(1)) as usize;
    let route = &mut plan.routes[at];
    match way {
        0 => drop(route.stops.remove(stop)),
        1 => {
            let twice = route.stops[stop].clone();
            route.stops.push(twice);
        }
        2 => route.stops[stop].start -= 1,
        3 => route.stops[stop].end += 1,
        4 => route.stops[stop].late += 1,
        5 => route.stops[stop].visit = 10_000,
        6 => route.shift = 10_000,
        7 => route.end -= 1,
        8 => route.work += 1,
        9 => plan.cost.travel -= 1,
        10 => drop((!plan.left.is_empty()).then(|| plan.left.remove(0))?),
        11 => plan.left.push(dispatch::Left { visit: route.stops[stop].visit, why: Vec::new() }),
        12 => route.breaks.first_mut()?.start -= 1_000,
        13 => drop((!route.breaks.is_empty()).then(|| route.breaks.remove(0))?),
        14 => route.overtime += 1,
        15 => route.stops[stop].parts = vec![7],
        16 => {
            let again = route.clone();
            plan.routes.push(again);
        }
        17 => route.start -= 1,
        _ => {
            (stops > 1).then_some(())?;
            route.stops.swap(0, stops as usize - 1);
        }
    }
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_broken_plan_is_refused(seed in 0_u64..100_000, way in 0_u64..19) {
        let problem = mixed(seed);
        let mut plan = solve(&problem, 30);
        if break_it(&mut plan, way, &mut Dice(seed)).is_some() {
            prop_assert!(check(&problem, &plan).is_err(), "way {} goes unseen", way);
        }
    }
}

#[test]
fn a_fault_names_what_it_is() {
    let problem = mixed(3);
    let mut plan = solve(&problem, 50);
    plan.cost.left += 5;
    let total = plan.cost.total();
    assert_eq!(check(&problem, &plan), Err(vec![Fault::Cost { stated: total, found: total - 5 }]));
}
