//! How fast people move, said by whoever runs the platform: no speed is hidden in the code.

use serde::{Deserialize, Serialize};

use crate::access::{self, Class};

/// How somebody gets from visit to visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Walk,
    /// By bicycle or e-bike.
    Cycle,
    Bus,
    Car,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Walk, Kind::Cycle, Kind::Bus, Kind::Car];

    /// The roads it uses; whoever takes the bus walks where no bus is faster.
    pub(crate) fn bits(self) -> u8 {
        match self {
            Kind::Walk | Kind::Bus => access::WALK,
            Kind::Cycle => access::CYCLE,
            Kind::Car => access::CAR,
        }
    }
}

/// All speeds in km/h.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// On foot.
    pub walk: f64,
    /// On foot on stairs.
    pub steps: f64,
    /// By bicycle or e-bike.
    pub cycle: f64,
    /// On a ferry that does not say how long it takes.
    pub ferry: f64,
    pub car: Car,
    pub bus: Bus,
    pub great_circle: GreatCircle,
    /// Metres a place may lie from the nearest road; one farther away has no way by road.
    pub snap_m: u32,
    /// Seconds after which no road is looked for any more: such a pair is told by the great circle.
    pub reach_seconds: u32,
}

/// Speeds of a car by class of road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Car {
    pub motorway: f64,
    pub trunk: f64,
    pub primary: f64,
    pub secondary: f64,
    pub tertiary: f64,
    pub unclassified: f64,
    pub residential: f64,
    pub service: f64,
    pub track: f64,
    /// The share of a speed limit that is driven on the average; where no limit is said the speed of the class holds.
    pub of_limit: f64,
}

/// The bus, as simple as it can be told without timetables: the way on foot at the speed of the bus, stops and
/// changes in it, after a wait; walked where that is faster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    pub wait_seconds: u32,
    pub speed: f64,
}

/// Travel as the crow flies: metres of the great circle times a factor, at a speed of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GreatCircle {
    /// How much longer ways are than the great circle, 1 or more.
    pub factor: f64,
    pub walk: f64,
    pub cycle: f64,
    pub bus: f64,
    pub car: f64,
}

/// A speed, factor or share that cannot be: its name, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPace {
    pub field: &'static str,
    pub least: &'static str,
}

impl std::fmt::Display for BadPace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} must be {} or more", self.field, self.least)
    }
}

impl std::error::Error for BadPace {}

impl GreatCircle {
    /// Whole seconds and metres, rounded up.
    pub fn leg(&self, metres: f64, kind: Kind) -> (u32, u32) {
        let metres = metres * self.factor;
        let speed = match kind {
            Kind::Walk => self.walk,
            Kind::Cycle => self.cycle,
            Kind::Bus => self.bus,
            Kind::Car => self.car,
        };
        ((metres * 3.6 / speed).ceil() as u32, metres.ceil() as u32)
    }

    /// Refuses speeds nobody has.
    pub fn check(&self) -> Result<(), BadPace> {
        least("great_circle.factor", self.factor, 1.0, "1")?;
        speeds(&[
            ("great_circle.walk", self.walk),
            ("great_circle.cycle", self.cycle),
            ("great_circle.bus", self.bus),
            ("great_circle.car", self.car),
        ])
    }
}

impl Pace {
    /// Refuses speeds nobody has.
    pub fn check(&self) -> Result<(), BadPace> {
        let car = &self.car;
        speeds(&[
            ("walk", self.walk),
            ("steps", self.steps),
            ("cycle", self.cycle),
            ("ferry", self.ferry),
            ("car.motorway", car.motorway),
            ("car.trunk", car.trunk),
            ("car.primary", car.primary),
            ("car.secondary", car.secondary),
            ("car.tertiary", car.tertiary),
            ("car.unclassified", car.unclassified),
            ("car.residential", car.residential),
            ("car.service", car.service),
            ("car.track", car.track),
            ("bus.speed", self.bus.speed),
        ])?;
        least("car.of_limit", car.of_limit, 0.1, "0.1")?;
        self.great_circle.check()
    }

    /// Milliseconds of a piece of road, rounded up.
    pub(crate) fn milliseconds(&self, kind: Kind, way: access::Use, length_dm: u32) -> u32 {
        let speed = match (way.class, kind) {
            (Class::Ferry, _) if way.limit > 0 => f64::from(way.limit),
            (Class::Ferry, _) => self.ferry,
            (Class::Steps, _) => self.steps,
            (_, Kind::Walk | Kind::Bus) => self.walk,
            (_, Kind::Cycle) => self.cycle,
            (class, Kind::Car) if way.limit == 0 => self.car.by_class(class),
            // A track does not become a fast road by the limit it is given.
            (Class::Track, Kind::Car) => self.car.track.min(f64::from(way.limit)),
            (_, Kind::Car) => f64::from(way.limit) * self.car.of_limit,
        };
        ((f64::from(length_dm) * 360.0 / speed).ceil() as u32).max(1)
    }
}

impl Car {
    fn by_class(&self, class: Class) -> f64 {
        match class {
            Class::Motorway => self.motorway,
            Class::Trunk => self.trunk,
            Class::Primary => self.primary,
            Class::Secondary => self.secondary,
            Class::Tertiary => self.tertiary,
            Class::Unclassified => self.unclassified,
            Class::Residential => self.residential,
            Class::Service | Class::Path | Class::Steps | Class::Ferry => self.service,
            Class::Track => self.track,
        }
    }
}

fn speeds(all: &[(&'static str, f64)]) -> Result<(), BadPace> {
    // Slower than a tenth of a km/h would make times that no number of seconds holds.
    all.iter().try_for_each(|(field, speed)| least(field, *speed, 0.1, "0.1"))
}

fn least(field: &'static str, value: f64, least: f64, words: &'static str) -> Result<(), BadPace> {
    if value.is_finite() && least <= value { Ok(()) } else { Err(BadPace { field, least: words }) }
}
