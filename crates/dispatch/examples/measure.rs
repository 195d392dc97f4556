//! Solves instances of the public set, or problems as JSON, with a fixed amount of CPU time, checks the plans and prints
//! their costs: measure SECONDS SEED FILE…

use std::fs;

use dispatch::{Problem, check, hhcrsp};

/// Seconds this thread has been on a CPU.
fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|it| it.parse::<f64>().ok()).expect("a number") / 1e9
}

/// Settings from TUNE: removed,string,timely,blink,offers,hot,cold,others,near,cross,change,hope; what is empty stays as it is.
fn settings() -> dispatch::Settings {
    let text = std::env::var("TUNE").unwrap_or_default();
    let given: Vec<Option<f64>> = text.split(',').map(|it| it.parse().ok()).collect();
    let of = |at: usize, usual: f64| given.get(at).copied().flatten().unwrap_or(usual);
    let usual = dispatch::Settings::default();
    dispatch::Settings {
        removed: of(0, usual.removed),
        string: of(1, usual.string),
        timely: of(2, usual.timely as f64) as usize,
        blink: of(3, usual.blink),
        offers: of(4, usual.offers as f64) as usize,
        hot: of(5, usual.hot),
        cold: of(6, usual.cold),
        near: of(8, usual.near as f64) as usize,
        hope: of(11, usual.hope),
        cross: of(9, usual.cross as f64) as usize,
        change: of(10, usual.change as f64) as usize,
        others: of(7, usual.others as f64) as usize,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seconds: f64 = arguments[0].parse().expect("seconds");
    let seed: u64 = arguments[1].parse().expect("seed");
    for file in &arguments[2..] {
        let text = fs::read_to_string(file).expect("an instance");
        let instance: Option<hhcrsp::Instance> = serde_json::from_str(&text).ok();
        let reading = instance.as_ref().map(|it| it.read().expect("an instance"));
        let problem: Problem = match &reading {
            Some(it) => it.problem.clone(),
            None => serde_json::from_str(&text).expect("an instance or a problem"),
        };
        let began = cpu();
        let mut iterations = 0;
        let limits = dispatch::Limits { seed, iterations: u64::MAX, settings: settings(), ..Default::default() };
        let plan = dispatch::solve(&problem, None, &limits, &mut |it| {
            iterations = it.iteration;
            (cpu() - began) / seconds
        })
        .expect("a problem that makes sense");
        let cost = check(&problem, &plan).expect("a plan without faults").total();
        let name = file.rsplit('/').next().unwrap_or(file);
        if let (Ok(folder), Some((instance, reading))) = (std::env::var("OUT"), instance.zip(reading.as_ref())) {
            let solution = serde_json::to_string(&instance.solution(reading, &plan)).expect("plain data");
            fs::write(format!("{folder}/{name}"), solution).expect("a folder");
        }
        let cost = if reading.is_some() { cost as f64 / 3_000.0 } else { cost as f64 };
        println!("{name} {cost:.3} {iterations} left {}", plan.left.len());
    }
}
