//! The public instance format: what is read, and what is written back.

use dispatch::{Together, check, hhcrsp::Instance};
use serde_json::json;

use crate::build::solve;

/// A toy with everything the format has: no location, ids of any kind, a default duration, windows with decimals, both
/// bonds and none.
fn toy() -> serde_json::Value {
    json!({
        "patients": [
            {"id": "Ünal 7", "time_window": [10.5, 60.25], "required_caregivers": [{"service": "wash"}]},
            {"id": "x", "location": [1, 2], "time_window": [0, 90],
             "required_caregivers": [{"service": "wash", "duration": 20}, {"service": "lift", "duration": 10.125}],
             "synchronization": {"type": "simultaneous"}},
            {"id": "0", "time_window": [50, 60],
             "required_caregivers": [{"service": "lift"}, {"service": "wash"}],
             "synchronization": {"type": "sequential", "distance": [20, 40]}},
            {"id": "free", "time_window": [0, 200], "required_caregivers": [{"service": "lift"}, {"service": "wash"}]},
        ],
        "services": [{"id": "wash", "default_duration": 15}, {"id": "lift", "default_duration": 5}],
        "caregivers": [{"id": "b", "abilities": ["lift"]}, {"id": "a", "abilities": ["wash", "lift"]}, {"id": "c", "abilities": ["wash"]}],
        "central_offices": [{"id": "d"}],
        "distances": [[0, 5.001, 7, 9, 3], [5, 0, 4, 6, 2], [7, 4, 0, 3, 8], [9, 6, 3, 0, 5], [3, 2, 8, 5, 0]],
    })
}

#[test]
fn an_instance_is_read_with_all_it_leaves_out() {
    let instance: Instance = serde_json::from_value(toy()).expect("the format");
    let problem = instance.read().expect("it makes sense").problem;
    assert_eq!(problem.visits.len(), 5, "services without a bond are visits of their own");
    assert_eq!(problem.visits[0].parts[0].duration, 15_000);
    assert_eq!(problem.visits[0].windows[0].due, Some(60_250));
    assert_eq!(problem.visits[1].parts[1].duration, 10_125);
    assert_eq!(problem.visits[2].together, Together::Ordered { minimum: 20_000, maximum: 40_000 });
    assert_eq!(problem.travel[0].time.get(0, 1), 5_001);
}

#[test]
fn a_solution_names_every_service_once_with_its_times() {
    let instance: Instance = serde_json::from_value(toy()).expect("the format");
    let reading = instance.read().expect("it makes sense");
    let plan = solve(&reading.problem, 500);
    assert_eq!(check(&reading.problem, &plan), Ok(plan.cost));
    let solution = instance.solution(&reading, &plan);
    let mut named: Vec<(String, String)> = Vec::new();
    for tour in &solution.routes {
        let able = instance.caregivers.iter().find(|it| it.id == tour.caregiver_id).expect("a caregiver");
        for it in &tour.locations {
            assert!(able.abilities.contains(&it.service_id));
            assert!(it.departure_time > it.arrival_time);
            named.push((it.patient_id.clone(), it.service_id.clone()));
        }
    }
    named.sort();
    named.dedup();
    assert_eq!(named.len(), 7);
    assert_eq!(solution.global_ordering.len(), 4);
    assert_eq!(solution.routes.len(), 3, "also those who go nowhere");
}

#[test]
fn an_instance_that_contradicts_itself_is_refused_in_words() {
    let mut wrong = toy();
    wrong["patients"][0]["required_caregivers"][0]["service"] = json!("sing");
    let instance: Instance = serde_json::from_value(wrong).expect("the format");
    assert_eq!(instance.read().expect_err("no such service"), "service sing is not among services");
    let mut wrong = toy();
    wrong["distances"] = json!([[0]]);
    let instance: Instance = serde_json::from_value(wrong).expect("the format");
    assert!(instance.read().is_err());
}
