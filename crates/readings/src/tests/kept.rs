//! Series kept small: what was appended is read again, whatever it was; damage is told and never a panic.

use proptest::prelude::*;

use crate::{
    Marks, Reading,
    hourly::{Hour, hours, packed, unpacked},
    tail::{Damaged, Last, append, read},
};

fn tail(readings: &[Reading]) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), Last::default());
    for it in readings {
        append(&mut bytes, &mut last, *it);
    }
    assert_eq!(Last::of(&bytes), last);
    bytes
}

/// A heart rate every five minutes with a few seconds of unrest, as a wearable sends it.
fn wearable(number: i64) -> Vec<Reading> {
    let noise = |it: i64| (it.wrapping_mul(2_654_435_761) >> 7) % 7 - 3;
    let one = |it: i64| Reading {
        at: 1_772_409_600_000 + it * 300_000 + noise(it) * 1000,
        value: 72 + noise(it * 3),
        marks: Marks::NONE,
    };
    (0..number).map(one).collect()
}

#[test]
fn a_reading_takes_two_bytes_at_regular_intervals() {
    let bytes = tail(&wearable(10_000));
    println!("bytes a reading: {:.2}", bytes.len() as f64 / 10_000.0);
    assert!(bytes.len() < 25_000);
}

#[test]
fn an_hour_takes_few_bytes() {
    let all = hours(wearable(10_000));
    let bytes = packed(&all);
    println!("bytes an hour: {:.2}", bytes.len() as f64 / all.len() as f64);
    assert!(bytes.len() < all.len() * 8);
}

#[test]
fn an_hour_counts_what_is_plausible_and_how_much_is_not() {
    let one = |at, value, marks| Reading { at, value, marks };
    let all = hours([
        one(7_200_000, 70, Marks::NONE),
        one(7_200_001, 0, Marks::IMPLAUSIBLE),
        one(10_799_999, 73, Marks::LATE),
        one(3_599_999, 60, Marks::NONE),
        one(-1, 50, Marks::NONE),
    ]);
    assert_eq!(all.iter().map(|it| it.hour).collect::<Vec<_>>(), [-1, 0, 2]);
    assert_eq!(all[2], Hour { hour: 2, number: 2, implausible: 1, least: 70, most: 73, sum: 143 });
    assert_eq!(all[2].mean(), Some(72));
    assert_eq!(hours([one(0, 9, Marks::IMPLAUSIBLE)])[0].mean(), None);
}

fn any_reading() -> impl Strategy<Value = Reading> {
    (any::<i64>(), any::<i64>(), any::<u8>()).prop_map(|(at, value, marks)| Reading { at, value, marks: Marks(marks) })
}

fn usual_reading() -> impl Strategy<Value = Reading> {
    (0..2_000_000_000_000_i64, -100_000..100_000_i64, any::<u8>()).prop_map(|(at, value, marks)| Reading {
        at,
        value,
        marks: Marks(marks),
    })
}

proptest! {
    #[test]
    fn what_was_appended_is_read(readings in prop::collection::vec(usual_reading(), 0..60)) {
        let bytes = tail(&readings);
        let again: Result<Vec<Reading>, Damaged> = read(&bytes).collect();
        prop_assert_eq!(again.unwrap(), readings);
    }

    #[test]
    fn even_the_strangest_times_and_values_are_read_or_told(readings in prop::collection::vec(any_reading(), 0..20)) {
        let (mut bytes, mut last) = (Vec::new(), Last::default());
        for it in &readings {
            append(&mut bytes, &mut last, *it);
        }
        let again: Result<Vec<Reading>, Damaged> = read(&bytes).collect();
        prop_assert_eq!(again.unwrap(), readings);
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let found: Vec<Result<Reading, Damaged>> = read(&bytes).collect();
        prop_assert!(found.len() <= bytes.len());
        prop_assert!(found.iter().rev().skip(1).all(Result::is_ok));
        let _ = unpacked(&bytes).map(|it| packed(&it));
    }

    #[test]
    fn cut_bytes_lose_the_last_reading_alone(readings in prop::collection::vec(usual_reading(), 1..20)) {
        let bytes = tail(&readings);
        let again: Vec<Result<Reading, Damaged>> = read(&bytes[..bytes.len() - 1]).collect();
        let sound: Vec<Reading> = again.iter().filter_map(|it| it.ok()).collect();
        prop_assert_eq!(&sound[..], &readings[..readings.len() - 1]);
    }

    #[test]
    fn hours_are_the_same_in_any_order_and_in_parts(mut readings in prop::collection::vec(usual_reading(), 0..60), at in 0..60_usize) {
        let whole = hours(readings.clone());
        prop_assert_eq!(unpacked(&packed(&whole)).unwrap(), whole.clone());
        readings.reverse();
        prop_assert_eq!(hours(readings.clone()), whole.clone());
        let (one, other) = readings.split_at(at.min(readings.len()));
        let mut joined = hours(one.to_vec());
        for it in hours(other.to_vec()) {
            match joined.iter_mut().find(|have| have.hour == it.hour) {
                Some(have) => *have = have.joined(it),
                None => joined.push(it),
            }
        }
        joined.sort_by_key(|it| it.hour);
        prop_assert_eq!(joined, whole);
    }
}
