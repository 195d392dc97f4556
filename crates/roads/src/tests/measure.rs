//! What a county of a thousand places costs: `cargo test -p roads -- --ignored --nocapture county`.

use std::fs;

use super::drawn::{Drawing, at, pace};
use crate::{By, Kind, Place, Roads, Travel};

/// Crossings along each side of a drawn county: 90,000 of them, a block of some 100 metres, as dense as a city.
const SIDE: i64 = 300;

/// Numbers that look like chance and are the same every time.
fn chance(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

fn county() -> Vec<u8> {
    let mut chance = chance(1);
    let mut town = Drawing::new();
    for it in 0..SIDE * SIDE {
        let (dx, dy) = (chance(40) as f64 / 100.0, chance(40) as f64 / 100.0);
        town = town.node(it, (it % SIDE) as f64 + dx, (it / SIDE) as f64 + dy);
    }
    let mut bend = SIDE * SIDE;
    for it in 0..SIDE * SIDE {
        let (column, row) = (it % SIDE, it / SIDE);
        for (next, class) in
            [(column + 1 < SIDE).then_some((it + 1, row)), (row + 1 < SIDE).then_some((it + SIDE, column))]
                .into_iter()
                .flatten()
        {
            let (end_column, end_row) = (next % SIDE, next / SIDE);
            let street = if class % 10 == 0 { "secondary" } else { "residential" };
            let one_way = if class % 10 != 0 && chance(5) == 0 { "yes" } else { "no" };
            // A tenth of the streets are missing, and each has two bends.
            if class % 10 != 0 && chance(10) == 0 {
                continue;
            }
            let middle = |share: f64| {
                (
                    column as f64 + (end_column - column) as f64 * share + 0.2,
                    row as f64 + (end_row - row) as f64 * share + 0.2,
                )
            };
            let ((ax, ay), (bx, by)) = (middle(0.3), middle(0.7));
            town = town.node(bend, ax, ay).node(bend + 1, bx, by);
            town = town.way(&[it, bend, bend + 1, next], &[("highway", street), ("oneway", one_way)]);
            bend += 2;
        }
    }
    town.file()
}

/// Bytes this process holds now; 0 where the system does not say.
fn held() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// Processor seconds of this process, which other work on the machine does not lengthen much; 0 where the system does
/// not say.
fn worked() -> f64 {
    let line = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = line.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    after.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

#[test]
#[ignore = "a measurement: a thousand places of a county with 90,000 crossings"]
fn county_of_a_thousand_places() {
    let file = county();
    let timed = |what: &str, began: f64| println!("{what}: {:.2} CPU-s", worked() - began);
    let began = worked();
    let read = Roads::read(&file).unwrap();
    timed(&format!("extract of {} bytes read, {:?} crossings and pieces", file.len(), read.size()), began);
    let kept = read.to_bytes();
    let began = worked();
    let roads = Roads::load(&kept).unwrap();
    timed(&format!("file of {} bytes loaded", kept.len()), began);
    let before = held();
    let began = worked();
    let travel = Travel::new(Some(roads), pace()).unwrap();
    timed("prepared for three ways of moving", began);
    // What was let go before is used again first: the second and third one show what one holds.
    let more = [0, 1].map(|_| Travel::new(Some(Roads::load(&kept).unwrap()), pace()).unwrap());
    println!("{} MB held by each of the next two", (held().saturating_sub(before)) >> 21);
    drop(more);
    let mut chance = chance(7);
    let places =
        (0..1000).map(|_| at(chance(29_900) as f64 / 100.0, chance(29_900) as f64 / 100.0)).collect::<Vec<Place>>();
    let began = worked();
    let joined = places.iter().filter(|it| travel.snap(**it, Kind::Walk).is_some()).count();
    timed(&format!("{joined} places joined to the road"), began);
    for kind in [Kind::Walk, Kind::Cycle, Kind::Car, Kind::Walk, Kind::Cycle, Kind::Car] {
        let began = worked();
        let matrix = travel.matrix(&places, kind, 1);
        let by_road = (0..1000).flat_map(|it| matrix.row(it)).filter(|it| it.by == By::Road).count();
        timed(&format!("{kind:?}: a thousand places each to each, {by_road} by road, one thread"), began);
    }
    let began = worked();
    travel.legs(places[0], &places, Kind::Car);
    timed("one place to a thousand", began);
    let began = worked();
    travel.path(places[0], places[1], Kind::Car);
    timed("a line on the map", began);
}
