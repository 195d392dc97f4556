//! A device of the home as witness of a visit: it measured, while the visit lasted, the same values as were recorded.

use std::collections::BTreeMap;

use kit::{Ask, Result, Tx};
use readings::Marks;

use super::{
    device,
    series::{self, Span},
    words,
};
use crate::elders::Key;

/// Kinds of devices that somebody has to put on to measure; a wearable is always there.
const HAND: &[&str] = &["cuff", "glucose", "oximeter", "thermometer", "scale"];
/// Milliseconds before the begin and after the end that still belong to a visit.
const AROUND: i64 = 5 * 60_000;

/// Pairs of fields that a visit records and measures of devices; a pressure is the same where both numbers are.
const TOGETHER: &[&[(&str, &str)]] = &[
    &[("systolic", "systolic"), ("diastolic", "diastolic")],
    &[("fasting", "glucose")],
    &[("glucose", "glucose")],
    &[("temperature", "temperature")],
    &[("weight", "weight")],
];

/// The device of the home that shows somebody measured there: which, in words; empty where none does. `recorded` are the values that
/// the visit recorded, by field; `from` and `until` are seconds since 1970 UTC.
pub fn witness(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Key,
    from: i64,
    until: i64,
    recorded: &BTreeMap<String, String>,
) -> Result<String> {
    if TOGETHER.iter().flat_map(|it| it.iter()).all(|it| !recorded.contains_key(it.0)) {
        return Ok(String::new());
    }
    let devices: Vec<device::Device> =
        device::of_elder(tx, elder)?.into_iter().filter(|it| HAND.contains(&&*it.kind)).collect();
    if devices.is_empty() {
        return Ok(String::new());
    }
    let span = Span { from: from * 1000 - AROUND, until: until * 1000 + AROUND };
    let all = series::of_elder(tx, elder)?;
    for one in &devices {
        let mut measured: BTreeMap<(i64, &str), String> = BTreeMap::new();
        for line in all.iter().filter(|it| it.device == one.key.id) {
            for it in series::points(tx, &elder.region, &[line.id], span)? {
                let told_by_device = !it.marks.has(Marks::CLOCK_AHEAD) && !it.marks.has(Marks::CLOCK_BEHIND);
                if told_by_device && !it.marks.has(Marks::IMPLAUSIBLE) {
                    measured.insert((it.at, line.measure.word()), series::text(line.measure, it.mean));
                }
            }
        }
        let instants: Vec<i64> = measured.keys().map(|it| it.0).collect();
        let same = |at: i64, pair: &(&str, &'static str)| {
            let told = recorded.get(pair.0).map(|it| number(it));
            told.is_some() && told == measured.get(&(at, pair.1)).map(|it| number(it))
        };
        if instants.iter().any(|at| TOGETHER.iter().any(|all| all.iter().all(|pair| same(*at, pair)))) {
            return Ok(ask.f("家中{kind}", &[("kind", &ask.t(words::title(words::KINDS, &one.kind)))]));
        }
    }
    Ok(String::new())
}

/// A number without zeros that say nothing, so that 36.50 is 36.5.
fn number(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    }
}
