//! What tags mean, and what is said where there is no way.

use super::drawn::{Drawing, at, pace};
use crate::{By, Kind, Leg, Place, Travel};

const STREET: &[(&str, &str)] = &[("highway", "residential")];

/// A square of streets, 1 2 / 4 3, with the side 1–2 as it is said.
fn square(side: &[(&str, &str)]) -> Drawing {
    let corners = Drawing::new().node(1, 0.0, 0.0).node(2, 10.0, 0.0).node(3, 10.0, 10.0).node(4, 0.0, 10.0);
    corners.way(&[1, 2], side).way(&[2, 3, 4, 1], STREET)
}

fn leg(travel: &Travel, from: Place, to: Place, kind: Kind) -> Leg {
    travel.legs(from, &[to], kind)[0]
}

/// Seconds from the first corner of the square to the second and back.
fn there_and_back(side: &[(&str, &str)], kind: Kind) -> (u32, u32) {
    let travel = square(side).travel();
    let (a, b) = (at(0.0, 0.0), at(10.0, 0.0));
    (leg(&travel, a, b, kind).seconds, leg(&travel, b, a, kind).seconds)
}

/// Metres of the side 1–2 of the square, and of the three others.
const SIDE: u32 = 840;
const ROUND: u32 = 3063;

#[test]
fn a_street_is_walked_at_the_speed_of_walking() {
    let (there, back) = there_and_back(STREET, Kind::Walk);
    assert!(there == back && there.abs_diff(SIDE) < 5, "{there} {back}");
    let metres = leg(&square(STREET).travel(), at(0.0, 0.0), at(10.0, 0.0), Kind::Walk).metres;
    assert!(metres.abs_diff(SIDE) < 5, "{metres}");
}

#[test]
fn a_one_way_street_binds_cars_and_cycles_and_nobody_on_foot() {
    let side = &[("highway", "residential"), ("oneway", "yes")];
    let (there, back) = there_and_back(side, Kind::Car);
    assert!(there.abs_diff(SIDE / 5) < 5 && back.abs_diff(ROUND / 5) < 5, "{there} {back}");
    let (there, back) = there_and_back(side, Kind::Cycle);
    assert!(there.abs_diff(SIDE / 4) < 5 && back.abs_diff(ROUND / 4) < 5, "{there} {back}");
    let (there, back) = there_and_back(side, Kind::Walk);
    assert!(there == back && there.abs_diff(SIDE) < 5, "{there} {back}");
}

#[test]
fn a_street_one_way_backwards_is_driven_backwards() {
    let (there, back) = there_and_back(&[("highway", "residential"), ("oneway", "-1")], Kind::Car);
    assert!(back < there);
}

#[test]
fn cycles_go_against_a_one_way_street_where_that_is_said() {
    let side = &[("highway", "residential"), ("oneway", "yes"), ("oneway:bicycle", "no")];
    let (there, back) = there_and_back(side, Kind::Cycle);
    assert_eq!(there, back);
    let (there, back) = there_and_back(side, Kind::Car);
    assert!(there < back);
}

#[test]
fn what_is_private_is_gone_round_unless_feet_are_named() {
    let (there, _) = there_and_back(&[("highway", "service"), ("access", "private")], Kind::Walk);
    assert!(there.abs_diff(ROUND) < 5, "{there}");
    let (there, _) = there_and_back(&[("highway", "service"), ("access", "private"), ("foot", "yes")], Kind::Walk);
    assert!(there.abs_diff(SIDE) < 5, "{there}");
}

#[test]
fn nobody_walks_on_a_motorway_or_drives_on_a_footway() {
    assert!(there_and_back(&[("highway", "motorway")], Kind::Walk).0.abs_diff(ROUND) < 5);
    assert!(there_and_back(&[("highway", "footway")], Kind::Car).0.abs_diff(ROUND / 5) < 5);
}

#[test]
fn steps_are_slower_than_a_street_and_cycles_go_round() {
    assert!(there_and_back(&[("highway", "steps")], Kind::Walk).0.abs_diff(2 * SIDE) < 5);
    assert!(there_and_back(&[("highway", "steps")], Kind::Cycle).0.abs_diff(ROUND / 4) < 5);
}

#[test]
fn a_speed_limit_is_driven_by_its_share_and_the_class_counts_without_one() {
    let at_72 = there_and_back(&[("highway", "primary"), ("maxspeed", "90")], Kind::Car).0;
    assert!(at_72.abs_diff(SIDE / 20) < 3, "{at_72}");
    let at_54 = there_and_back(&[("highway", "primary"), ("maxspeed", "CN:urban")], Kind::Car).0;
    assert!(at_54.abs_diff(SIDE / 15) < 3, "{at_54}");
    let at_51_5 = there_and_back(&[("highway", "primary"), ("maxspeed", "40 mph")], Kind::Car).0;
    assert!(at_51_5.abs_diff(59) < 3, "{at_51_5}");
}

#[test]
fn a_ferry_takes_as_long_as_it_says() {
    let said = there_and_back(&[("route", "ferry"), ("duration", "00:10")], Kind::Walk).0;
    assert!(said.abs_diff(600) < 40, "{said}");
    let unsaid = there_and_back(&[("route", "ferry")], Kind::Walk).0;
    assert!(unsaid.abs_diff(SIDE / 2) < 5, "{unsaid}");
}

#[test]
fn a_bollard_stops_cars_alone_and_a_wall_everybody() {
    let barred = |barrier| {
        let town = Drawing::new().node(1, 0.0, 0.0).node(2, 10.0, 0.0).node(3, 10.0, 10.0).node(4, 0.0, 10.0);
        town.tagged(5, 5.0, 0.0, barrier).way(&[1, 5, 2], STREET).way(&[2, 3, 4, 1], STREET).travel()
    };
    let seconds = |travel: &Travel, kind| leg(travel, at(0.0, 0.0), at(10.0, 0.0), kind).seconds;
    let bollard = barred(&[("barrier", "bollard")]);
    assert!(seconds(&bollard, Kind::Car).abs_diff(ROUND / 5) < 5);
    assert!(seconds(&bollard, Kind::Walk).abs_diff(SIDE) < 5);
    let wall = barred(&[("barrier", "wall")]);
    assert!(seconds(&wall, Kind::Walk).abs_diff(ROUND) < 5);
    let gate = barred(&[("barrier", "gate")]);
    assert!(seconds(&gate, Kind::Car).abs_diff(SIDE / 5) < 5);
    let locked = barred(&[("barrier", "gate"), ("access", "private")]);
    assert!(seconds(&locked, Kind::Walk).abs_diff(ROUND) < 5);
    // Of two houses at the two sides of the bollard neither is cut off.
    let round = leg(&bollard, at(4.9, 0.0), at(5.1, 0.0), Kind::Car);
    assert!(round.by == By::Road && round.seconds.abs_diff((ROUND + SIDE) / 5) < 10, "{round:?}");
}

#[test]
fn a_place_is_joined_to_the_middle_of_a_street_and_walked_to_from_there() {
    let travel = square(STREET).travel();
    // 111 metres north of the middle of the side, and on the side.
    let (a, b) = (at(5.0, 1.0), at(7.0, 0.0));
    assert_eq!(travel.snap(a, Kind::Car).map(|it| it.away_m()), Some(112));
    let found = leg(&travel, a, b, Kind::Car);
    let door = (111.2f64 * 1.5) as u32;
    assert!(found.seconds.abs_diff(door + 168 / 5) < 4 && found.metres.abs_diff(door + 168) < 4, "{found:?}");
}

#[test]
fn an_island_is_no_road_to_be_joined_to() {
    // A street nearer to the place than the square, which leads nowhere.
    let travel = square(STREET).node(8, 4.0, -1.0).node(9, 6.0, -1.0).way(&[8, 9], STREET).travel();
    assert_eq!(travel.snap(at(5.0, -1.0), Kind::Walk).map(|it| it.away_m()), Some(112));
}

#[test]
fn a_way_that_only_leads_in_is_no_road_to_be_joined_to() {
    let out = &[("highway", "residential"), ("oneway", "yes")];
    let travel = square(STREET).node(8, 0.0, -2.0).way(&[1, 8], out).travel();
    assert_eq!(travel.snap(at(0.0, -2.0), Kind::Car).map(|it| it.away_m() > 200), Some(true));
    assert_eq!(travel.snap(at(0.0, -2.0), Kind::Walk).map(|it| it.away_m()), Some(0));
}

#[test]
fn far_from_every_road_or_beyond_reach_the_crow_flies_and_it_is_said() {
    let travel = square(STREET).travel();
    let (home, far) = (at(0.0, 0.0), at(-5.0, 0.0));
    assert_eq!(travel.snap(far, Kind::Walk), None);
    let crow = leg(&travel, far, home, Kind::Cycle);
    let metres = (home.metres_to(far) * 1.5).ceil() as u32;
    assert_eq!(crow, Leg { seconds: metres.div_ceil(4), metres, by: By::Crow });
    let mut near = pace();
    near.reach_seconds = 100;
    let travel = Travel::new(Some(crate::Roads::read(&square(STREET).file()).unwrap()), near).unwrap();
    assert_eq!(leg(&travel, home, at(10.0, 0.0), Kind::Walk).by, By::Crow);
    assert_eq!(leg(&travel, home, at(1.0, 0.0), Kind::Walk).by, By::Road);
}

#[test]
fn neighbours_far_from_the_road_walk_across() {
    let travel = square(STREET).travel();
    let found = leg(&travel, at(5.0, 2.0), at(5.5, 2.0), Kind::Car);
    let metres = (at(5.0, 2.0).metres_to(at(5.5, 2.0)) * 1.5).ceil() as u32;
    assert_eq!(found, Leg { seconds: metres, metres, by: By::Crow });
}

#[test]
fn the_bus_is_waited_for_only_where_it_is_quicker() {
    let travel = square(STREET).travel();
    let near = leg(&travel, at(0.0, 0.0), at(1.0, 0.0), Kind::Bus);
    assert_eq!(near, leg(&travel, at(0.0, 0.0), at(1.0, 0.0), Kind::Walk));
    let far = leg(&travel, at(0.0, 0.0), at(10.0, 0.0), Kind::Bus);
    assert!(far.seconds.abs_diff(300 + SIDE / 5) < 5, "{far:?}");
}

#[test]
fn without_roads_everything_is_as_the_crow_flies() {
    let travel = Travel::new(None, pace()).unwrap();
    let places = [at(0.0, 0.0), at(10.0, 0.0)];
    let matrix = travel.matrix(&places, Kind::Walk, 2);
    assert_eq!(matrix.leg(0, 0), Leg { seconds: 0, metres: 0, by: By::Crow });
    assert_eq!(matrix.leg(0, 1).by, By::Crow);
    assert_eq!(travel.path(places[0], places[1], Kind::Walk), places);
}

#[test]
fn a_line_follows_the_street_in_the_direction_it_is_gone() {
    let side = &[("highway", "residential"), ("oneway", "yes")];
    let travel = square(side).travel();
    let line = travel.path(at(7.0, 0.0), at(3.0, 0.0), Kind::Car);
    let corners = [at(10.0, 0.0), at(10.0, 10.0), at(0.0, 10.0), at(0.0, 0.0)];
    let expected = [&[at(7.0, 0.0)][..], &corners, &[at(3.0, 0.0)]].concat();
    assert_eq!(line.len(), expected.len(), "{line:?}");
    assert!(line.iter().zip(&expected).all(|(a, b)| a.metres_to(*b) < 1.0), "{line:?}");
}

#[test]
fn speeds_nobody_has_are_refused_by_name() {
    let mut still = pace();
    still.car.track = 0.0;
    assert_eq!(Travel::new(None, still).err().map(|it| it.field), Some("car.track"));
    let mut short = pace();
    short.great_circle.factor = 0.9;
    assert_eq!(Travel::new(None, short).err().map(|it| it.field), Some("great_circle.factor"));
    let mut missing = pace();
    missing.walk = f64::NAN;
    assert_eq!(Travel::new(None, missing).err().map(|it| it.field), Some("walk"));
}
