//! Limits: what must hold of any readings.

use std::sync::LazyLock;

use proptest::prelude::*;
use readings::{Marks, Measure, Reading};
use rules::{
    base::{Date, Region, Tenths},
    limits::{Item, Judged, Limits, Own, Raise, Side, State, judge, limits, tell},
};

use crate::policy::shipped;

static LIMITS: LazyLock<Limits> = LazyLock::new(|| limits(&[], &shipped().at(region("500103"), day("2026-03-02"))));

/// 2026-03-02 08:00 in China.
const MORNING: i64 = 1_772_409_600_000;
const MINUTE: i64 = 60_000;
const ZONE: i32 = 480;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn region(text: &str) -> Region {
    text.parse().unwrap()
}

fn reading(at: i64, value: i64) -> Reading {
    Reading { at, value, marks: Marks::NONE }
}

/// Everything told when readings come in one after the other, each judged at `now`.
fn told(readings: &[(Measure, Reading)], now: i64) -> (State, Vec<Raise>, usize) {
    let (mut state, mut raises, mut overs) = (State::default(), Vec::new(), 0);
    for one in readings {
        let judged = judge(&LIMITS, &state, &[*one], now);
        state = judged.state;
        raises.extend(judged.raises);
        overs += judged.overs.len();
    }
    (state, raises, overs)
}

/// What was raised and how often, without the readings that did it.
fn kinds(raises: &[Raise]) -> Vec<(Option<String>, Option<i64>, bool, usize)> {
    let mut all: Vec<_> = raises.iter().map(|it| (it.reason.measure.clone(), it.reason.limit, it.urgent)).collect();
    all.sort();
    let mut counted: Vec<(Option<String>, Option<i64>, bool, usize)> = Vec::new();
    for (measure, limit, urgent) in all {
        match counted.last_mut() {
            Some(it) if (&it.0, it.1, it.2) == (&measure, limit, urgent) => it.3 += 1,
            _ => counted.push((measure, limit, urgent, 1)),
        }
    }
    counted
}

#[test]
fn limits_of_urgent_referral_rest_on_their_document_and_the_rest_is_an_example() {
    let systolic = LIMITS.of(Measure::Systolic).unwrap();
    let urgent = systolic.urgent_high.as_ref().unwrap();
    assert_eq!((urgent.at, urgent.policy[0].document.as_deref()), (180, Some("phs-third-edition")));
    assert!(!urgent.policy[0].example && urgent.policy[0].confirmed == 2);
    assert!(systolic.high.as_ref().unwrap().policy[0].example);
    let glucose = LIMITS.of(Measure::Glucose).unwrap();
    assert_eq!(glucose.urgent_low.as_ref().map(|it| it.at), Some(390));
    assert_eq!(glucose.urgent_high.as_ref().map(|it| it.at), Some(1670));
    assert!(LIMITS.missing.is_empty());
}

#[test]
fn without_policy_the_doctors_limits_stand_and_what_is_missing_is_said() {
    let own = Own {
        item: Item(Measure::HeartRate),
        urgent_low: None,
        low: None,
        high: Some(Tenths::new(1000)),
        urgent_high: None,
        by: "李医生".to_owned(),
        day: day("2009-01-01"),
    };
    let bare = limits(&[own], &shipped().at(region("500103"), day("2009-01-02")));
    assert_eq!(bare.measures.len(), 1);
    assert!(bare.missing.iter().any(|it| it.param == "报警限值"));
    let judged = judge(&bare, &State::default(), &[(Measure::HeartRate, reading(MORNING, 100))], MORNING);
    assert_eq!(judged.raises[0].reason.own.as_ref().unwrap().by, "李医生");
    assert!(judged.raises[0].reason.policy.is_empty());
}

#[test]
fn a_reason_names_both_the_doctors_limit_and_the_policy_it_replaced() {
    let own = Own {
        item: Item(Measure::Systolic),
        urgent_low: None,
        low: None,
        high: None,
        urgent_high: Some(Tenths::new(2000)),
        by: "李医生".to_owned(),
        day: day("2026-01-05"),
    };
    let limits = limits(&[own], &shipped().at(region("500103"), day("2026-03-02")));
    let at = |value| judge(&limits, &State::default(), &[(Measure::Systolic, reading(MORNING, value))], MORNING);
    assert!(at(199).raises.is_empty());
    let raise = &at(200).raises[0];
    assert_eq!((raise.urgent, raise.reason.limit), (true, Some(200)));
    assert_eq!(raise.reason.policy[0].param, "高血压紧急转诊收缩压");
    let kept = serde_json::to_string(raise).unwrap();
    assert_eq!(&serde_json::from_str::<Raise>(&kept).unwrap(), raise);
}

#[test]
fn what_is_long_settled_stays_open_until_a_value_is_back_inside() {
    let mut state = judge(&LIMITS, &State::default(), &[(Measure::Systolic, reading(MORNING, 185))], MORNING).state;
    for hour in 1..48 {
        let at = MORNING + hour * 60 * MINUTE;
        let judged = judge(&LIMITS, &state, &[(Measure::Systolic, reading(at, 185))], at);
        assert!(judged.raises.is_empty() && judged.overs.is_empty());
        state = judged.state;
    }
    let at = MORNING + 48 * 60 * MINUTE;
    let judged = judge(&LIMITS, &state, &[(Measure::Systolic, reading(at, 120))], at);
    assert_eq!((judged.raises.len(), judged.overs.len()), (0, 1));
}

#[test]
fn a_limit_between_two_values_is_the_one_that_reaches_it() {
    let rate = Item(Measure::HeartRate);
    assert_eq!((rate.limit(Side::Low, Tenths::new(505)), rate.limit(Side::High, Tenths::new(505))), (50, 51));
    assert_eq!((rate.limit(Side::Low, Tenths::new(500)), rate.limit(Side::High, Tenths::new(500))), (50, 50));
    assert_eq!(Item(Measure::Glucose).limit(Side::Low, Tenths::new(39)), 390);
    assert_eq!(Item(Measure::Spo2).limit(Side::Low, Tenths::new(900)), 900);
}

/// How long one reading takes; printed for whoever runs it in release, asserted of nobody.
#[test]
fn a_reading_is_judged_fast() {
    let (mut state, rounds) = (State::default(), if cfg!(debug_assertions) { 300 } else { 30_000 });
    let began = std::time::Instant::now();
    for round in 0..rounds {
        let now = MORNING + round * 30_000;
        let measure = [Measure::HeartRate, Measure::Spo2][usize::from(round % 2 == 1)];
        let value = if measure == Measure::HeartRate { 100 + round % 17 } else { 915 + round % 23 };
        state = judge(&LIMITS, &state, &[(measure, reading(now, value))], now).state;
    }
    let micros = began.elapsed().as_secs_f64() * 1e6 / f64::from(i32::try_from(rounds).unwrap());
    println!("{micros:.2} μs a reading, {} bytes kept", serde_json::to_string(&state).unwrap().len());
}

fn any_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(vec![
        Measure::Systolic,
        Measure::HeartRate,
        Measure::Spo2,
        Measure::Glucose,
        Measure::Temperature,
    ])
}

/// Values round the limits of each measure.
fn any_value() -> impl Strategy<Value = (Measure, i64)> {
    (any_measure(), 0..100_i64).prop_map(|(measure, part)| {
        let (from, until) = match measure {
            Measure::Systolic => (80, 200),
            Measure::HeartRate => (35, 140),
            Measure::Spo2 => (820, 1000),
            Measure::Glucose => (300, 1800),
            _ => (3350, 4000),
        };
        (measure, from + (until - from) * part / 100)
    })
}

proptest! {
    #[test]
    fn a_value_that_oscillates_round_a_limit_is_raised_once(steps in prop::collection::vec(156..=165_i64, 3..40)) {
        let mut readings: Vec<(Measure, Reading)> = vec![];
        for (index, value) in [160, 160].into_iter().chain(steps).enumerate() {
            let at = MORNING + i64::try_from(index).unwrap() * MINUTE;
            readings.push((Measure::Systolic, reading(at, value)));
        }
        let mut state = State::default();
        let mut raises = 0;
        for (measure, one) in readings {
            let judged = judge(&LIMITS, &state, &[(measure, one)], one.at);
            raises += judged.raises.len();
            prop_assert!(judged.overs.is_empty());
            state = judged.state;
        }
        prop_assert_eq!(raises, 1);
    }

    #[test]
    fn the_order_of_arrival_does_not_matter_for_what_is_told(
        (sorted, shuffled) in prop::collection::vec((any_value(), 0..10_i64 * 60), 0..25).prop_flat_map(|all| {
            let mut all: Vec<(Measure, Reading)> =
                all.into_iter().map(|((measure, value), second)| (measure, reading(MORNING + second * 1000, value))).collect();
            all.sort_by_key(|it| (it.1.at, it.1.value));
            (Just(all.clone()), Just(all).prop_shuffle())
        })
    ) {
        let now = MORNING + 10 * MINUTE;
        let (one, other) = (told(&sorted, now), told(&shuffled, now));
        prop_assert_eq!(kinds(&one.1), kinds(&other.1));
        prop_assert_eq!(one.2, other.2);
        prop_assert_eq!(told(&shuffled, now).0, judge(&LIMITS, &other.0, &[], now).state);
        // All at once as one after the other.
        let Judged { raises, overs, .. } = judge(&LIMITS, &State::default(), &shuffled, now);
        prop_assert_eq!(kinds(&raises), kinds(&other.1));
        prop_assert_eq!(overs.len(), other.2);
    }

    #[test]
    fn the_same_reading_again_tells_nothing(all in prop::collection::vec((any_value(), 0..600_i64), 1..20)) {
        let all: Vec<(Measure, Reading)> =
            all.into_iter().map(|((measure, value), second)| (measure, reading(MORNING + second * 1000, value))).collect();
        let now = MORNING + 10 * MINUTE;
        let (state, ..) = told(&all, now);
        let again = judge(&LIMITS, &state, &all, now);
        prop_assert!(again.raises.is_empty() && again.overs.is_empty());
        prop_assert_eq!(again.state, state);
    }

    #[test]
    fn quiet_times_lose_nothing_and_tell_nothing_twice(all in prop::collection::vec((any_value(), 1..40_i64), 1..60)) {
        let (mut state, mut now, mut waiting, mut again) = (State::default(), MORNING, Vec::new(), None::<i64>);
        let (mut raised, mut told) = (Vec::new(), Vec::new());
        for ((measure, value), minutes) in all {
            now += minutes * MINUTE;
            if let Some(at) = again.filter(|it| *it <= now) {
                let out = tell(&LIMITS, &waiting, Vec::new(), at, ZONE);
                prop_assert!(out.waiting.is_empty());
                told.extend(out.now);
                waiting = out.waiting;
            }
            let judged = judge(&LIMITS, &state, &[(measure, reading(now, value))], now);
            state = judged.state;
            raised.extend(judged.raises.clone());
            let out = tell(&LIMITS, &waiting, judged.raises, now, ZONE);
            prop_assert_eq!(out.again.is_some(), !out.waiting.is_empty());
            prop_assert!(out.waiting.iter().all(|it| !it.urgent));
            told.extend(out.now);
            (waiting, again) = (out.waiting, out.again);
        }
        told.extend(waiting);
        let key = |it: &Raise| (it.at, it.reason.text.zh.clone());
        let sorted = |mut all: Vec<Raise>| { all.sort_by_key(key); all };
        prop_assert_eq!(sorted(told), sorted(raised));
    }

    #[test]
    fn what_is_kept_stays_small_and_is_read_again(all in prop::collection::vec((any_value(), 0..30_i64), 0..400)) {
        let (mut state, mut now) = (State::default(), MORNING);
        for ((measure, value), seconds) in all {
            now += seconds * 1000;
            state = judge(&LIMITS, &state, &[(measure, reading(now, value))], now).state;
        }
        let kept = serde_json::to_string(&state).unwrap();
        prop_assert!(kept.len() < 10_000, "{}", kept.len());
        prop_assert_eq!(serde_json::from_str::<State>(&kept).unwrap(), state);
    }

    #[test]
    fn no_reading_makes_it_panic(measure in 0..21_u8, at in any::<i64>(), value in any::<i64>(), marks in any::<u8>(), now in any::<i64>()) {
        let one = Reading { at, value, marks: Marks(marks) };
        let judged = judge(&LIMITS, &State::default(), &[(Measure::numbered(measure).unwrap(), one)], now);
        // What is late and nothing else may be looked after, and is never urgent.
        if !Marks(marks & !Marks::LATE.0).live() {
            prop_assert!(judged.raises.is_empty());
        } else if !Marks(marks).live() {
            prop_assert!(judged.raises.iter().all(|it| !it.urgent));
        }
    }
}
