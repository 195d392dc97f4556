//! How long and how far it is from place to place: by the operator's map of roads, or by the straight line where there is none.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use dispatch::{Matrix, Travel as Table};
use kit::{Ask, Error, Result, Said};
use roads::{Bus, Car, GreatCircle, Kind, Pace, Roads};
use rules::{dispatch::Travel, visit::Point};

use super::tuning::Tuning;

/// A place that is gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub at: Option<Point>,
    /// Whether somebody lives there, so that it takes minutes to the door.
    pub is_home: bool,
}

/// Maps of roads that were read, by file and speeds.
static MAPS: LazyLock<Mutex<HashMap<(PathBuf, String), Arc<roads::Travel>>>> = LazyLock::new(Mutex::default);
/// Ways that were looked for along roads, by map, kind and places: pages of one plan ask for the same again and again.
static FOUND: LazyLock<Mutex<HashMap<Wanted, Arc<roads::Matrix>>>> = LazyLock::new(Mutex::default);
/// Lines of ways from one place to another, as maps draw them.
static LINES: LazyLock<Mutex<HashMap<Wanted, Arc<[[f64; 2]]>>>> = LazyLock::new(Mutex::default);
/// So many lines are remembered.
const REMEMBERED_LINES: usize = 20_000;
/// So many tables of ways are remembered.
const REMEMBERED: usize = 24;

/// The map, the kind of travel and the places of a table of ways.
type Wanted = (PathBuf, String, Kind, Vec<Point>);

/// Seconds and metres from each place to each other, for each kind of travel.
///
/// # Errors
/// `Refused` where the file of roads cannot be read.
pub fn tables(ask: &Ask, places: &[Place], kinds: &[Travel], tuning: &Tuning) -> Result<Vec<Table>> {
    let file = ask.app.config.roads.clone();
    let pace = pace(tuning);
    let speeds = format!("{pace:?}");
    let map = map(&file, &speeds, pace)?;
    // Places that are on the map, once each.
    let mut known: Vec<Point> = places.iter().filter_map(|it| it.at).collect();
    known.sort_unstable_by_key(|it| (it.latitude, it.longitude));
    known.dedup();
    let number =
        |at: Point| known.binary_search_by_key(&(at.latitude, at.longitude), |it| (it.latitude, it.longitude)).ok();
    let numbers: Vec<Option<usize>> = places.iter().map(|it| it.at.and_then(number)).collect();
    Ok(kinds
        .iter()
        .map(|travel| {
            let kind = kind(*travel);
            let legs = found((file.clone(), speeds.clone(), kind, known.clone()), &map);
            let leg = |from: usize, to: usize| Some(legs.leg(numbers[from]?, numbers[to]?));
            let door = |to: usize| if places[to].is_home { i32::from(tuning.door_minutes) * 60 } else { 0 };
            let unknown = i32::from(tuning.unknown_minutes) * 60;
            let time = Matrix::from_fn(places.len(), |from, to| match leg(from, to) {
                _ if from == to => 0,
                Some(it) => i32::try_from(it.seconds).unwrap_or(i32::MAX / 4).min(i32::MAX / 4) + door(to),
                None => unknown + door(to),
            });
            let distance = Matrix::from_fn(places.len(), |from, to| {
                leg(from, to).filter(|_| from != to).map_or(0, |it| i32::try_from(it.metres).unwrap_or(i32::MAX))
            });
            Table { time, distance }
        })
        .collect())
}

/// The line along the roads from each place to the next, straight where the map knows no way.
///
/// # Errors
/// `Refused` where the file of roads cannot be read.
pub fn line(ask: &Ask, tuning: &Tuning, travel: Travel, places: &[Point]) -> Result<Vec<[f64; 2]>> {
    let file = &ask.app.config.roads;
    let pace = pace(tuning);
    let (speeds, kind) = (format!("{pace:?}"), kind(travel));
    let map = map(file, &speeds, pace)?;
    let mut all: Vec<[f64; 2]> = Vec::new();
    for (from, to) in places.iter().zip(places.iter().skip(1)) {
        let wanted = (file.clone(), speeds.clone(), kind, vec![*from, *to]);
        let line = remembered(&LINES, REMEMBERED_LINES, wanted, |_| {
            map.path(on_map(*from), on_map(*to), kind).iter().map(|it| [it.lat, it.lon]).collect()
        });
        all.extend(line.iter().skip(usize::from(!all.is_empty())));
    }
    Ok(all)
}

fn on_map(it: Point) -> roads::Place {
    roads::Place { lat: it.latitude as f64 / 1e6, lon: it.longitude as f64 / 1e6 }
}

fn kind(travel: Travel) -> Kind {
    match travel {
        Travel::Walk => Kind::Walk,
        Travel::EBike => Kind::Cycle,
        Travel::Bus => Kind::Bus,
        Travel::Car => Kind::Car,
    }
}

/// The map of a file at these speeds, read once.
fn map(file: &Path, speeds: &str, pace: Pace) -> Result<Arc<roads::Travel>> {
    let key = (file.to_path_buf(), speeds.to_string());
    let mut maps = MAPS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(it) = maps.get(&key) {
        return Ok(it.clone());
    }
    let unreadable = |why: String| {
        let said = Said::new("道路文件 {file} 读不了:{why}").with("file", file.display()).with("why", why);
        Error::refused("roads_unreadable", said)
    };
    let roads = match file.as_os_str().is_empty() {
        true => None,
        false => {
            let bytes = std::fs::read(file).map_err(|e| unreadable(e.to_string()))?;
            let is_extract = file.extension().is_some_and(|it| it == "pbf");
            let read = if is_extract { Roads::read(&bytes) } else { Roads::load(&bytes) };
            Some(read.map_err(|e| unreadable(e.to_string()))?)
        }
    };
    let map = Arc::new(roads::Travel::new(roads, pace).map_err(|e| unreadable(e.to_string()))?);
    maps.insert(key, map.clone());
    Ok(map)
}

/// All ways between the places, as they were found before or are found now.
fn found(wanted: Wanted, map: &roads::Travel) -> Arc<roads::Matrix> {
    remembered(&FOUND, REMEMBERED, wanted, |wanted| {
        let places: Vec<roads::Place> = wanted.3.iter().map(|it| on_map(*it)).collect();
        Arc::new(map.matrix(&places, wanted.2, 1))
    })
}

/// What was found before, or is found now and remembered among so many. Others look for other ways meanwhile.
fn remembered<T: ?Sized>(
    known: &Mutex<HashMap<Wanted, Arc<T>>>,
    most: usize,
    wanted: Wanted,
    find: impl FnOnce(&Wanted) -> Arc<T>,
) -> Arc<T> {
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    let before = lock().get(&wanted).cloned();
    before.unwrap_or_else(|| {
        let new = find(&wanted);
        let mut known = lock();
        if most <= known.len() {
            known.clear();
        }
        known.insert(wanted, new.clone());
        new
    })
}

fn pace(tuning: &Tuning) -> Pace {
    let [walk, cycle, bus, car] = tuning.speeds.map(f64::from);
    let it = &tuning.roads;
    let hour = |speed: u16| f64::from(speed);
    Pace {
        walk,
        cycle,
        steps: hour(it.steps),
        ferry: hour(it.ferry),
        car: Car {
            motorway: hour(it.motorway),
            trunk: hour(it.trunk),
            primary: hour(it.primary),
            secondary: hour(it.secondary),
            tertiary: hour(it.tertiary),
            unclassified: hour(it.unclassified),
            residential: hour(it.residential),
            service: hour(it.service),
            track: hour(it.track),
            of_limit: f64::from(it.of_limit) / 100.0,
        },
        bus: Bus { wait_seconds: u32::from(it.wait_minutes) * 60, speed: bus },
        great_circle: GreatCircle { factor: f64::from(tuning.detour) / 100.0, walk, cycle, bus, car },
        snap_m: u32::from(it.snap),
        reach_seconds: u32::from(it.reach_minutes) * 60,
    }
}
