//! The command `dispatch solve` as people and programs call it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn solve(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["dispatch", "solve"]).args(arguments).env_remove("LANG");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the command starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the command reads");
    child.wait_with_output().expect("the command ends")
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

/// The toy instance published with the benchmark; its best plan travels 334 and is never late.
const TOY: &str = r#"{
  "patients": [
    {"id": "p1", "time_window": [240, 360], "required_caregivers": [{"service": "s2", "duration": 30}]},
    {"id": "p2", "time_window": [120, 180], "required_caregivers": [{"service": "s3", "duration": 20}]},
    {"id": "p3", "time_window": [0, 60], "required_caregivers": [{"service": "s2", "duration": 45}]},
    {"id": "p4", "time_window": [120, 210], "synchronization": {"type": "simultaneous"},
     "required_caregivers": [{"service": "s2", "duration": 30}, {"service": "s3", "duration": 30}]},
    {"id": "p5", "time_window": [270, 420], "synchronization": {"type": "sequential", "distance": [30, 45]},
     "required_caregivers": [{"service": "s1", "duration": 15}, {"service": "s3", "duration": 30}]},
    {"id": "p6", "time_window": [360, 420], "synchronization": {"type": "sequential", "distance": [60, 90]},
     "required_caregivers": [{"service": "s1", "duration": 45}, {"service": "s3", "duration": 20}]}
  ],
  "services": [{"id": "s1", "default_duration": 30}, {"id": "s2", "default_duration": 30}, {"id": "s3", "default_duration": 30}],
  "caregivers": [{"id": "c1", "abilities": ["s1", "s2"]}, {"id": "c2", "abilities": ["s3"]}, {"id": "c3", "abilities": ["s2", "s3"]}],
  "central_offices": [{"id": "d", "location": [46.1, 13.2]}],
  "distances": [[0,38,34,56,7,13,26], [39,0,23,22,32,50,58], [35,23,0,44,28,47,43], [56,22,44,0,54,59,78],
                [7,32,28,51,0,19,28], [13,45,47,59,19,0,35], [27,57,42,77,28,35,0]]
}"#;

#[test]
fn the_published_toy_is_solved_to_its_best_plan() {
    let solution = json_of(&solve(&["--format", "hhcrsp", "--iterations", "3000", "-"], TOY));
    let instance: Value = serde_json::from_str(TOY).expect("JSON");
    let mut travel = 0;
    for route in solution["routes"].as_array().expect("routes") {
        let mut from = 0;
        for stop in route["locations"].as_array().expect("locations") {
            let id = stop["patient_id"].as_str().expect("an id");
            let to: usize = id[1..].parse().expect("a number");
            travel += instance["distances"][from][to].as_i64().expect("a number");
            let due = instance["patients"][to - 1]["time_window"][1].as_f64().expect("a number");
            assert!(stop["arrival_time"].as_f64().expect("a number") <= due);
            from = to;
        }
        travel += instance["distances"][from][0].as_i64().expect("a number");
    }
    assert_eq!(travel, 334);
}

#[test]
fn a_problem_is_answered_with_a_plan_and_its_cost() {
    let problem = json!({
        "travel": [{"time": [[0, 600], [600, 0]]}],
        "workers": [{"skills": [3]}],
        "shifts": [{"workers": [0], "earliest": 28_800, "latest": 43_200, "start": 0, "end": 0}],
        "visits": [
            {"place": 1, "priority": 1, "parts": [{"skills": [3], "duration": 1_800}]},
            {"place": 1, "priority": 1, "parts": [{"skills": [4], "duration": 1_800}]},
        ],
    });
    let plan = json_of(&solve(&["--iterations", "100", "-"], &problem.to_string()));
    assert_eq!(plan["routes"][0]["stops"][0]["start"], 29_400);
    assert_eq!(plan["cost"]["travel"], 1_200);
    assert_eq!(plan["left"][0]["why"][0]["why"], "no_skill");
}

#[test]
fn a_file_that_is_no_problem_is_refused_in_the_language_of_the_reader() {
    let chinese = solve(&["-"], r#"{"visits": [{"place": 9}]}"#);
    assert!(!chinese.status.success() && chinese.stdout.is_empty());
    let text = String::from_utf8_lossy(&chinese.stderr).into_owned();
    assert!(text.contains("visits[0].place"), "{text}");
    assert!(!solve(&["--format", "hhcrsp", "-"], "{}").status.success());
}
