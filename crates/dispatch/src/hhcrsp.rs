//! The public instances of the home health care routing and scheduling problem (Mankowska, Meisel and Bierwirth 2014),
//! as JSON with ids: read into a problem, and a plan written back as a solution.
//!
//! Their measure is a third of the sum of travel, total lateness and greatest lateness. Their numbers have decimals;
//! here a thousandth is the unit, so nothing is lost.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    model::{Matrix, Part, Problem, Shift, Skills, Time, Together, Travel, Visit, Weights, Window, Worker},
    plan::Plan,
};

/// Thousandths in one of their units.
const UNIT: f64 = 1_000.0;

/// Later than any plan ends.
const NEVER: Time = 1 << 28;

#[derive(Clone, Debug, Deserialize)]
pub struct Instance {
    pub patients: Vec<Patient>,
    pub services: Vec<Service>,
    pub caregivers: Vec<Caregiver>,
    /// From office (first) and patients, in their order, to the same.
    pub distances: Vec<Vec<f64>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Patient {
    pub id: String,
    pub time_window: [f64; 2],
    pub required_caregivers: Vec<Required>,
    pub synchronization: Option<Synchronization>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Required {
    pub service: String,
    pub duration: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Synchronization {
    #[serde(rename = "type")]
    pub kind: String,
    pub distance: Option<[f64; 2]>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    pub id: String,
    pub default_duration: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Caregiver {
    pub id: String,
    pub abilities: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Solution {
    pub routes: Vec<Tour>,
    pub global_ordering: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tour {
    pub caregiver_id: String,
    pub locations: Vec<Location>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Location {
    pub patient_id: String,
    pub service_id: String,
    /// When the service starts, as in the published solutions.
    pub arrival_time: f64,
    pub departure_time: f64,
}

/// An instance as a problem, and where its visits come from.
#[derive(Clone, Debug)]
pub struct Reading {
    pub problem: Problem,
    /// For each visit its patient, and for each part the place of the service among the required ones.
    origins: Vec<(usize, Vec<usize>)>,
}

fn whole(of: f64) -> Time {
    (of * UNIT).round() as Time
}

impl Instance {
    /// The problem, or what in the instance cannot be understood.
    pub fn read(&self) -> Result<Reading, String> {
        let places = self.patients.len() + 1;
        if self.distances.len() != places || self.distances.iter().any(|it| it.len() != places) {
            return Err(format!("distances: {places} rows of {places} numbers are expected"));
        }
        let numbers: HashMap<&str, u8> = (0..).zip(&self.services).map(|(at, it)| (it.id.as_str(), at)).collect();
        let number = |id: &str| numbers.get(id).copied().ok_or_else(|| format!("service {id} is not among services"));
        let mut workers = Vec::new();
        for it in &self.caregivers {
            let skills = it.abilities.iter().map(|it| number(it)).collect::<Result<Vec<u8>, _>>()?;
            workers.push(Worker { skills: Skills::of(&skills)?, load_before: 0 });
        }
        let shift =
            |it: usize| Shift { workers: vec![it], latest: NEVER, start: Some(0), end: Some(0), ..Shift::default() };
        let mut reading = Reading {
            problem: Problem {
                travel: vec![Travel {
                    time: Matrix::from_fn(places, |a, b| whole(self.distances[a][b]) as i32),
                    distance: Matrix::default(),
                }],
                shifts: (0..workers.len()).map(shift).collect(),
                workers,
                weights: weights(),
                ..Problem::default()
            },
            origins: Vec::new(),
        };
        for (index, patient) in self.patients.iter().enumerate() {
            let mut parts = Vec::new();
            for it in &patient.required_caregivers {
                let service = number(&it.service)?;
                let usual = self.services[usize::from(service)].default_duration;
                let duration =
                    it.duration.or(usual).ok_or_else(|| format!("service {} has no duration", it.service))?;
                parts.push(Part { skills: Skills::of(&[service])?, duration: whole(duration), ..Part::default() });
            }
            reading.add(index, patient, parts)?;
        }
        Ok(reading)
    }

    /// The solution that a plan of this instance's problem is.
    pub fn solution(&self, reading: &Reading, plan: &Plan) -> Solution {
        let mut routes: Vec<Tour> =
            self.caregivers.iter().map(|it| Tour { caregiver_id: it.id.clone(), locations: Vec::new() }).collect();
        let mut starts: Vec<Option<Time>> = vec![None; self.patients.len()];
        for route in &plan.routes {
            for stop in &route.stops {
                let (patient, services) = &reading.origins[stop.visit];
                starts[*patient] = Some(starts[*patient].map_or(stop.start, |it| it.min(stop.start)));
                for part in &stop.parts {
                    let required = &self.patients[*patient].required_caregivers[services[*part]];
                    routes[route.shift].locations.push(Location {
                        patient_id: self.patients[*patient].id.clone(),
                        service_id: required.service.clone(),
                        arrival_time: stop.start as f64 / UNIT,
                        departure_time: stop.end as f64 / UNIT,
                    });
                }
            }
        }
        let mut ordering: Vec<usize> = (0..self.patients.len()).filter(|it| starts[*it].is_some()).collect();
        ordering.sort_by_key(|it| starts[*it]);
        Solution { routes, global_ordering: ordering.into_iter().map(|it| self.patients[it].id.clone()).collect() }
    }
}

impl Reading {
    fn add(&mut self, index: usize, patient: &Patient, parts: Vec<Part>) -> Result<(), String> {
        let [open, due] = patient.time_window.map(whole);
        let visit = |parts: Vec<Part>, together: Together| Visit {
            place: index + 1,
            parts,
            together,
            windows: vec![Window { open, due: Some(due), close: NEVER }],
            priority: 1,
            ..Visit::default()
        };
        match &patient.synchronization {
            Some(it) if parts.len() == 2 => {
                let together = match (it.kind.as_str(), it.distance) {
                    ("simultaneous", _) => Together::Same,
                    (_, Some([minimum, maximum])) => {
                        Together::Ordered { minimum: whole(minimum), maximum: whole(maximum) }
                    }
                    (kind, None) => return Err(format!("patient {}: {kind} without distance", patient.id)),
                };
                self.problem.visits.push(visit(parts, together));
                self.origins.push((index, vec![0, 1]));
            }
            // Services without a bond between them are visits of their own.
            _ => {
                for (at, part) in parts.into_iter().enumerate() {
                    self.problem.visits.push(visit(vec![part], Together::Same));
                    self.origins.push((index, vec![at]));
                }
            }
        }
        Ok(())
    }
}

/// Their measure, times three thousand.
pub fn weights() -> Weights {
    Weights { left: 1 << 36, late: 1, latest: 1, travel: 1, distance: 0, overtime: 0, ..Weights::default() }
}

/// Their cost of a plan.
pub fn cost(plan: &Plan) -> f64 {
    plan.cost.total() as f64 / 3.0 / UNIT
}
