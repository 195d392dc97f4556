//! Numbers and units, exact.

use proptest::prelude::*;

use crate::{Measure, Unit, number::Number, plausible};

fn kept(measure: Measure, written: &str, unit: &str) -> Option<i64> {
    Number::parse(written)?.0.kept(measure, Unit::of(measure, unit)?)
}

#[test]
fn conversions_are_exact_and_round_half_up() {
    use Measure::*;
    assert_eq!(kept(Glucose, "108", "mg/dL"), Some(599));
    assert_eq!(kept(Glucose, "18.016", "mg/dL"), Some(100));
    assert_eq!(kept(Glucose, "5.595", "mmol/L"), Some(560));
    assert_eq!(kept(Glucose, "5.594999", "mmol/L"), Some(559));
    assert_eq!(kept(Cholesterol, "193.35", "mg/dL"), Some(500));
    assert_eq!(kept(UricAcid, "5.2", "mg/dl"), Some(309));
    assert_eq!(kept(Temperature, "98.6", "°F"), Some(3700));
    assert_eq!(kept(Temperature, "32", "F"), Some(0));
    assert_eq!(kept(RoomTemperature, "-40", "℉"), Some(-4000));
    assert_eq!(kept(RoomTemperature, "-0.005", "℃"), Some(0));
    assert_eq!(kept(RoomTemperature, "-0.006", "℃"), Some(-1));
    assert_eq!(kept(Weight, "150", "lb"), Some(6804));
    assert_eq!(kept(Systolic, "16", "kPa"), Some(120));
    assert_eq!(kept(Systolic, "120", "mg/dL"), None);
    assert_eq!(kept(HeartRate, "1e300", "bpm"), None);
    assert_eq!(kept(HeartRate, "1e-300", "bpm"), Some(0));
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(Measure::Glucose.written(599), "5.99");
    assert_eq!(Measure::Weight.written(7930), "79.3");
    assert_eq!(Measure::HeartRate.written(72), "72");
    assert_eq!(Measure::RoomTemperature.written(-5), "-0.05");
    assert_eq!(Measure::Glucose.kept("16.7"), Some(1670));
    assert_eq!(Measure::Glucose.kept("16.7 mmol/L"), None);
}

#[test]
fn every_measure_has_its_word_its_number_and_its_own_unit() {
    for (at, it) in Measure::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(it.number()), at);
        assert_eq!(Measure::numbered(it.number()), Some(it));
        assert_eq!(Measure::parse(it.word()), Some(it));
        assert!(it.unit().is_empty() || Unit::of(it, it.unit()) == Some(Unit::own(it)), "{it:?}");
        let (least, most) = it.plausible();
        assert!(plausible(it, least) && plausible(it, most) && !plausible(it, least - 1) && !plausible(it, most + 1));
    }
    assert_eq!(Measure::numbered(255), None);
}

proptest! {
    #[test]
    fn kept_values_are_written_and_read_without_loss(measure in 0..21_u8, value in -2_000_000_000..2_000_000_000_i64) {
        let measure = Measure::numbered(measure).unwrap();
        prop_assert_eq!(measure.kept(&measure.written(value)), Some(value));
    }

    #[test]
    fn a_binary_number_is_its_shortest_writing(value in -1_000_000_000..1_000_000_000_i64, scale in 0..6_i32) {
        let written = format!("{}e-{scale}", value);
        let float: f64 = written.parse().unwrap();
        let (exact, binary) = (Number::parse(&written).unwrap().0, Number::of_f64(float).unwrap());
        prop_assert_eq!(exact.millionths(), binary.millionths());
    }
}
