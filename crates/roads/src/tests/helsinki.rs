//! A real extract: part of Helsinki, (c) OpenStreetMap contributors, ODbL. Where the folder of cases is not beside
//! the repository, these tests say so and pass.

use std::{fs, path::Path};

use super::drawn::pace;
use crate::{
    By, Kind, Matrix, Place, Roads, Snap, Travel, hierarchy::Hierarchy, many::Many, network::Network, search::Search,
};

fn extract(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/osm").join(name);
    // A working tree beside the repository lies one folder deeper.
    let deeper = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/bench/osm").join(name);
    let found = fs::read(path).or_else(|_| fs::read(deeper)).ok();
    if found.is_none() {
        println!("skipped: {name} of the third-party cases is not beside the repository");
    }
    found
}

fn helsinki() -> Option<Travel> {
    extract("Helsinki.osm.pbf").map(|file| Travel::new(Some(Roads::read(&file).unwrap()), pace()).unwrap())
}

/// Places all over the extract, by its crossings.
fn places(travel: &Travel, count: usize) -> Vec<Place> {
    let roads = &travel.roads().unwrap();
    let step = (roads.crossings.len() / count).max(1);
    roads.crossings.iter().step_by(step).map(|it| Place::of_steps(it.at)).take(count).collect()
}

fn matrix(travel: &Travel, kind: Kind) -> (Vec<Place>, Matrix) {
    let places = places(travel, 60);
    let matrix = travel.matrix(&places, kind, 2);
    (places, matrix)
}

/// Asks everything of roads whatever they are.
pub fn asked_of(roads: Roads) {
    let travel = Travel::new(Some(roads), pace()).unwrap();
    let mut places = places(&travel, 4);
    places.push(Place { lat: 41.0, lon: 122.0 });
    for kind in Kind::ALL {
        travel.matrix(&places, kind, 1);
        places.iter().for_each(|it| drop(travel.path(places[0], *it, kind)));
    }
}

#[test]
fn both_extracts_are_read_and_kept() {
    for name in ["Helsinki.osm.pbf", "test.osm.pbf"] {
        let Some(file) = extract(name) else { return };
        let roads = Roads::read(&file).unwrap();
        let kept = roads.to_bytes();
        println!("{name}: {:?} crossings and pieces, {} bytes of {}", roads.size(), kept.len(), file.len());
        assert_eq!(Roads::load(&kept), Ok(roads));
    }
}

#[test]
fn walking_takes_as_long_there_as_back() {
    let Some(travel) = helsinki() else { return };
    let (places, matrix) = matrix(&travel, Kind::Walk);
    let by_road = (0..places.len()).filter(|it| matrix.leg(0, *it).by == By::Road).count();
    assert!(by_road * 10 > places.len() * 8, "{by_road} of {} by road", places.len());
    for a in 0..places.len() {
        (0..a).for_each(|b| assert_eq!(matrix.leg(a, b), matrix.leg(b, a)));
    }
}

#[test]
fn no_way_is_shorter_than_the_great_circle() {
    let Some(travel) = helsinki() else { return };
    for kind in Kind::ALL {
        let (places, matrix) = matrix(&travel, kind);
        for (a, from) in places.iter().enumerate() {
            for (b, to) in places.iter().enumerate() {
                // Joining a place to the road moves it by less than a decimetre.
                assert!(f64::from(matrix.leg(a, b).metres) + 1.0 >= from.metres_to(*to), "{kind:?} {from:?} {to:?}");
            }
        }
    }
}

#[test]
fn no_detour_is_quicker_than_the_way() {
    let Some(travel) = helsinki() else { return };
    for kind in [Kind::Walk, Kind::Cycle, Kind::Car] {
        let (places, matrix) = matrix(&travel, kind);
        let count = places.len();
        for (a, b, c) in (0..count * count * count).map(|it| (it % count, it / count % count, it / count / count)) {
            let legs = [matrix.leg(a, c), matrix.leg(a, b), matrix.leg(b, c)];
            if legs.iter().all(|it| it.by == By::Road) {
                assert!(legs[0].seconds <= legs[1].seconds + legs[2].seconds, "{kind:?} {a} {b} {c}");
            }
        }
    }
}

#[test]
fn a_car_meets_one_way_streets() {
    let Some(travel) = helsinki() else { return };
    let (places, matrix) = matrix(&travel, Kind::Car);
    let pairs = (0..places.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    assert!(pairs.filter(|(a, b)| matrix.leg(*a, *b).seconds != matrix.leg(*b, *a).seconds).count() > 100);
}

#[test]
fn one_place_to_many_and_any_number_of_threads_say_the_same() {
    let Some(travel) = helsinki() else { return };
    let places = places(&travel, 30);
    let one = travel.matrix(&places, Kind::Cycle, 1);
    assert_eq!(one, travel.matrix(&places, Kind::Cycle, 7));
    assert_eq!(one.row(3), travel.legs(places[3], &places, Kind::Cycle));
}

#[test]
fn a_place_is_joined_to_the_nearest_road_there_is() {
    let Some(travel) = helsinki() else { return };
    let roads = travel.roads().unwrap();
    let network = Network::of(roads, travel.pace(), Kind::Car);
    let beside = |it: &Place| {
        [(0.0007, -0.0021), (-0.0023, 0.0004)].map(|(lat, lon)| Place { lat: it.lat + lat, lon: it.lon + lon })
    };
    for place in places(&travel, 60).iter().flat_map(beside) {
        let joined = roads.pieces.iter().zip(&network.joined).filter(|(_, joined)| **joined);
        let bits = joined.flat_map(|(piece, _)| roads.shape(piece).zip(roads.shape(piece).skip(1)));
        let least = bits.map(|(a, b)| crate::sphere::nearest(place, a, b).1).fold(f64::INFINITY, f64::min);
        let found = travel.snap(place, Kind::Car).map(|it| it.away_m());
        assert_eq!(found, (least <= 300.0).then(|| least.ceil() as u32), "{place:?}");
    }
}

#[test]
fn a_hierarchy_says_what_single_searches_say() {
    let Some(travel) = helsinki() else { return };
    for kind in Kind::ALL {
        let places = places(&travel, 250);
        let matrix = travel.matrix(&places, kind, 2);
        for (from, place) in places.iter().enumerate().step_by(7) {
            assert_eq!(matrix.row(from), travel.legs(*place, &places, kind), "{kind:?} from {from}");
        }
    }
}

#[test]
fn a_hierarchy_with_a_core_says_the_same() {
    let Some(travel) = helsinki() else { return };
    let roads = travel.roads().unwrap();
    for kind in Kind::ALL {
        let network = Network::of(roads, travel.pace(), kind);
        let hierarchy = Hierarchy::of(&network, 6);
        let snaps = places(&travel, 120).iter().map(|it| travel.snap(*it, kind)).collect::<Vec<_>>();
        for limit_ms in [300_000, 7_200_000] {
            let many = Many::of(roads, &network, &hierarchy, &snaps, limit_ms);
            let (mut climber, mut search) = (many.climber(), Search::new(&network));
            for from in snaps.iter().flatten().step_by(5) {
                search.run(roads, &network, *from, &snaps.iter().flatten().copied().collect::<Vec<_>>(), limit_ms);
                let single =
                    |to: &Option<Snap>| to.and_then(|to| search.found(roads, &network, *from, to)).map(|it| it.0);
                assert_eq!(many.costs(*from, &mut climber), snaps.iter().map(single).collect::<Vec<_>>(), "{kind:?}");
            }
        }
    }
}

#[test]
fn lines_are_as_long_as_the_ways_they_show() {
    let Some(travel) = helsinki() else { return };
    for kind in Kind::ALL {
        let (places, matrix) = matrix(&travel, kind);
        for (to, place) in places.iter().enumerate().filter(|(it, _)| matrix.leg(0, *it).by == By::Road && *it != 0) {
            let line = travel.path(places[0], *place, kind);
            let length = line.windows(2).map(|it| it[0].metres_to(it[1])).sum::<f64>();
            let told = f64::from(matrix.leg(0, to).metres);
            // From doors to the road a line is straight, and told is half as much again.
            let doors = [places[0], *place].map(|it| travel.snap(it, kind).unwrap().away_m()).iter().sum::<u32>();
            let told = told - 0.5 * f64::from(doors);
            assert!((length - told).abs() < 5.0 + told * 0.01, "{kind:?} to {to}: {length} m drawn, {told} told");
        }
    }
}
