//! How long and how far it is from place to place.

use dispatch::{Matrix, Travel as Table};
use rules::{dispatch::Travel, visit::{Point, metres}};

use super::tuning::Tuning;

/// A place that is gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub at: Option<Point>,
    /// Whether somebody lives there, so that it takes minutes to the door.
    pub is_home: bool,
}

/// Seconds and metres from each place to each other: by the straight line and what policy adds to it.
pub fn table(places: &[Place], travel: Travel, tuning: &Tuning) -> Table {
    let speed = f64::from(tuning.speeds[travel as usize].max(1)) / 3.6;
    let far = |from: usize, to: usize| -> Option<f64> {
        let (from, to) = places[from].at.zip(places[to].at)?;
        Some(f64::from(metres(from, to)) * f64::from(tuning.detour) / 100.0)
    };
    let door = |to: usize| if places[to].is_home { i32::from(tuning.door_minutes) * 60 } else { 0 };
    let time = Matrix::from_fn(places.len(), |from, to| match far(from, to) {
        _ if from == to => 0,
        Some(metres) => (metres / speed).ceil() as i32 + door(to),
        None => i32::from(tuning.unknown_minutes) * 60 + door(to),
    });
    let distance = Matrix::from_fn(places.len(), |from, to| {
        if from == to { 0 } else { far(from, to).map_or(0, |it| it.round() as i32) }
    });
    Table { time, distance }
}
