//! Broken files give an error and never stop the server.

use proptest::prelude::*;

use super::{
    drawn::{Drawing, blob},
    helsinki,
};
use crate::{Bad, Roads, messages::Header};

fn town() -> Vec<u8> {
    let town = Drawing::new().node(1, 0.0, 0.0).node(2, 10.0, 0.0).node(3, 10.0, 10.0).node(4, 0.0, 10.0);
    town.way(&[1, 2, 3, 4, 1], &[("highway", "residential"), ("name", "医养路")])
        .way(&[1, 3], &[("highway", "steps")])
        .file()
}

#[test]
fn what_is_written_is_read_again() {
    let roads = Roads::read(&town()).unwrap();
    assert_eq!(Roads::load(&roads.to_bytes()), Ok(roads));
}

#[test]
fn an_extract_without_a_road_says_so() {
    let file = Drawing::new().node(1, 0.0, 0.0).node(2, 1.0, 0.0).way(&[1, 2], &[("waterway", "river")]).file();
    assert_eq!(Roads::read(&file), Err(Bad::NoRoad));
    assert_eq!(Roads::read(&[]), Err(Bad::NoRoad));
}

#[test]
fn a_file_for_other_readers_says_what_it_needs() {
    let header = Header { required: vec!["HistoricalInformation".to_owned()] };
    let file = blob("OSMHeader", &prost::Message::encode_to_vec(&header));
    assert_eq!(Roads::read(&file), Err(Bad::Needs("HistoricalInformation".to_owned())));
}

#[test]
fn a_node_beyond_the_extract_ends_the_way_there() {
    let town = Drawing::new().node(1, 0.0, 0.0).node(2, 1.0, 0.0).node(4, 3.0, 0.0).node(5, 4.0, 0.0);
    let roads = Roads::read(&town.way(&[1, 2, 3, 4, 5], &[("highway", "path")]).file()).unwrap_err();
    // Neither 2 nor 4 is a crossing, so nothing is known to be whole.
    assert_eq!(roads, Bad::NoRoad);
    let town = Drawing::new().node(1, 0.0, 0.0).node(2, 1.0, 0.0);
    let town = town.way(&[1, 2, 3], &[("highway", "path")]).way(&[2, 1], &[("highway", "path")]);
    assert_eq!(Roads::read(&town.file()).unwrap().size(), (2, 2));
}

#[test]
fn a_file_cut_anywhere_gives_an_error_or_fewer_roads() {
    let file = town();
    for length in 0..file.len() {
        assert!(Roads::read(&file[..length]).is_err(), "cut after {length}");
    }
    let ours = Roads::read(&file).unwrap().to_bytes();
    for length in 0..ours.len() {
        assert!(Roads::load(&ours[..length]).is_err(), "cut after {length}");
    }
}

#[test]
fn a_flipped_bit_in_our_file_is_noticed() {
    let ours = Roads::read(&town()).unwrap().to_bytes();
    for at in 0..ours.len() {
        let mut broken = ours.clone();
        broken[at] ^= 0x10;
        assert!(Roads::load(&broken).is_err(), "byte {at}");
    }
}

/// Puts the right digest on a wrong file of ours.
fn signed(mut ours: Vec<u8>) -> Vec<u8> {
    ours.truncate(ours.len().saturating_sub(32));
    let end = crate::file::digest(&ours);
    ours.extend(end);
    ours
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn flipped_bytes_never_stop_a_reader(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut file = town();
        let mut ours = Roads::read(&file).unwrap().to_bytes();
        for (at, byte) in flips {
            let place = at.index(file.len());
            file[place] ^= byte;
            let place = at.index(ours.len());
            ours[place] = byte;
        }
        for roads in [Roads::read(&file), Roads::load(&signed(ours))].into_iter().flatten() {
            helsinki::asked_of(roads);
        }
    }

    #[test]
    fn any_bytes_never_stop_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Roads::read(&bytes);
        let _ = Roads::load(&bytes);
        let _ = Roads::load(&signed([&b"yiroads1"[..], &bytes, &[0; 32]].concat()));
        // A block of data that is anything at all, rightly packed.
        if let Ok(roads) = Roads::read(&blob("OSMData", &bytes)) {
            helsinki::asked_of(roads);
        }
    }
}
