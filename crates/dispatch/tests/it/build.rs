//! Problems from a seed, with some of everything in them, and small ones by hand.

use dispatch::{
    Break, Known, Limits, Matrix, Part, Plan, Problem, Series, Shift, Skills, Together, Travel, Visit, Weights, Window,
    Worker,
};

/// Chance for tests.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    pub fn one_in(&mut self, odds: u64) -> bool {
        self.below(odds) == 0
    }
}

pub fn skills(numbers: &[u8]) -> Skills {
    Skills::of(numbers).expect("small numbers")
}

/// Places on a line, `apart` from each other.
pub fn line(places: usize, apart: i32) -> Travel {
    let time = Matrix::from_fn(places, |a, b| (a as i32 - b as i32).abs() * apart);
    Travel { distance: time.clone(), time }
}

/// A shift of one worker from place 0 and back.
pub fn shift(worker: usize, earliest: i64, latest: i64) -> Shift {
    Shift { workers: vec![worker], earliest, latest, start: Some(0), end: Some(0), ..Shift::default() }
}

/// A visit of one person.
pub fn visit(place: usize, duration: i64, open: i64, close: i64) -> Visit {
    Visit {
        place,
        parts: vec![Part { duration, ..Part::default() }],
        windows: vec![Window { open, due: None, close }],
        priority: 1,
        ..Visit::default()
    }
}

/// The same visit with a second person.
pub fn both(mut it: Visit, together: Together) -> Visit {
    it.parts.push(it.parts[0].clone());
    it.together = together;
    it
}

/// A problem of these workers (without skills), shifts and visits on a line of places ten apart.
pub fn problem(workers: usize, shifts: Vec<Shift>, visits: Vec<Visit>) -> Problem {
    let places = visits.iter().map(|it| it.place).max().unwrap_or(0) + 1;
    Problem {
        travel: vec![line(places, 10)],
        workers: vec![Worker::default(); workers],
        shifts,
        visits,
        weights: Weights { left: 100_000, ..Weights::default() },
        ..Problem::default()
    }
}

pub fn limits(iterations: u64) -> Limits {
    Limits { iterations, ..Limits::default() }
}

pub fn solve(problem: &Problem, iterations: u64) -> Plan {
    dispatch::solve(problem, None, &limits(iterations), &mut |_| 0.0).expect("the problem is valid")
}

/// A problem with some of everything.
pub fn mixed(seed: u64) -> Problem {
    let mut dice = Dice(seed.wrapping_mul(2_654_435_761).wrapping_add(99));
    let places = 12;
    let spots: Vec<(i64, i64)> = (0..places).map(|_| (dice.below(60) as i64, dice.below(60) as i64)).collect();
    let travel = |factor: i64| {
        let of = |a: usize, b: usize| ((spots[a].0 - spots[b].0).abs() + (spots[a].1 - spots[b].1).abs()) * factor;
        Travel {
            time: Matrix::from_fn(places, |a, b| of(a, b) as i32),
            distance: Matrix::from_fn(places, |a, b| (of(a, b) * 3 + 1) as i32),
        }
    };
    let workers: Vec<Worker> = (0..5)
        .map(|it| Worker {
            skills: skills(&[0, 1 + (it % 3) as u8, dice.below(5) as u8]),
            load_before: dice.below(500) as i64,
        })
        .collect();
    let mut shifts = Vec::new();
    for day in 0..2 {
        let base = day * 2_000;
        for worker in 0..5 {
            let crew = worker == 3 && dice.one_in(2);
            if worker == 4 && shifts.last().is_some_and(|it: &Shift| it.workers.len() == 2) {
                continue;
            }
            let breaks = if dice.one_in(2) {
                let earliest = base + 250 + dice.below(200) as i64;
                vec![Break { earliest, latest: earliest + 150, length: 40 }]
            } else {
                Vec::new()
            };
            shifts.push(Shift {
                workers: if crew { vec![3, 4] } else { vec![worker] },
                day,
                earliest: base + dice.below(100) as i64,
                latest: base + 700 + dice.below(300) as i64,
                overtime: dice.below(100) as i64,
                maximum_work: dice.one_in(3).then_some(500),
                start: (!dice.one_in(4)).then_some(0),
                end: (!dice.one_in(4)).then_some(0),
                travel: dice.below(2) as usize,
                cost: dice.below(30) as i64,
                breaks,
            });
        }
    }
    let mut visits = Vec::new();
    for _ in 0..14 + dice.below(14) {
        let mut windows = Vec::new();
        for day in 0..2 {
            if dice.one_in(3) {
                continue;
            }
            let open = day * 2_000 + dice.below(500) as i64;
            let close = open + 60 + dice.below(500) as i64;
            windows.push(Window { open, due: dice.one_in(2).then_some(open + 30), close });
        }
        let part = |dice: &mut Dice| Part {
            skills: skills(&[dice.below(4) as u8]),
            duration: 10 + dice.below(60) as i64,
            ..Part::default()
        };
        let mut parts = vec![part(&mut dice)];
        let mut together = Together::Same;
        if dice.one_in(4) {
            parts.push(part(&mut dice));
            if dice.one_in(2) {
                let minimum = dice.below(60) as i64;
                together = Together::Ordered { minimum, maximum: minimum + dice.below(60) as i64 };
            }
        }
        visits.push(Visit {
            place: dice.below(places as u64) as usize,
            parts,
            together,
            windows,
            priority: 1 + dice.below(3) as u32,
            may_leave: dice.one_in(8).then_some(80),
            known: vec![Known { worker: dice.below(5) as usize, gain: dice.below(50) as i64 }],
            only: if dice.one_in(10) { vec![0, 1, 2] } else { Vec::new() },
            forbidden: if dice.one_in(5) { vec![dice.below(5) as usize] } else { Vec::new() },
        });
    }
    Problem {
        travel: vec![travel(1), travel(2)],
        workers,
        shifts,
        visits,
        series: vec![Series { visits: vec![0, 1], minimum_days: 1, maximum_days: 1 }],
        weights: Weights {
            left: 20_000,
            distance: 1,
            fairness: 1,
            fair_unit: 600,
            change_worker: 50,
            change_time: 30,
            tolerance: 20,
            ..Weights::default()
        },
        now: None,
    }
}
