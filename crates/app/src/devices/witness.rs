//! A device of the home as witness of a visit: it measured, while the visit lasted, the same values as were recorded.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Id, Result, Tx, events};
use readings::Marks;
use serde_json::json;

use super::{
    MEASURED, device,
    memory::County,
    series::{self, Series, Span},
    watch::Value,
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
        let lines: Vec<Series> = all.iter().filter(|it| it.device == one.key.id).cloned().collect();
        let mut measured: BTreeMap<(i64, &str), String> = BTreeMap::new();
        for (measure, points) in series::points(tx, &elder.region, &lines, span)? {
            for it in points {
                let told_by_device = !it.marks.has(Marks::CLOCK_AHEAD) && !it.marks.has(Marks::CLOCK_BEHIND);
                if told_by_device && !it.marks.has(Marks::IMPLAUSIBLE) {
                    measured.insert((it.at, measure.word()), measure.written(it.mean));
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

/// Tells of whom somebody measured something, and when: a visit that was judged before the device was heard has a witness now.
pub fn tell(tx: &Tx<'_>, ask: &Ask, county: &County, region: &str, values: &[Value]) -> Result<()> {
    let mut all: HashMap<Id, (i64, i64)> = HashMap::new();
    for it in values {
        let by_hand = county.devices.get(&it.device).is_some_and(|one| HAND.contains(&&*one.kind));
        if let (true, Some(elder)) = (by_hand && !it.reading.marks.has(Marks::IMPLAUSIBLE), it.elder) {
            let (from, until) = all.entry(elder).or_insert((it.reading.at, it.reading.at));
            (*from, *until) = ((*from).min(it.reading.at), (*until).max(it.reading.at));
        }
    }
    for (id, (from, until)) in all {
        let elder = Key { region: region.to_string(), id };
        let body =
            json!({"elder": elder, "from": series::stored(from - AROUND), "until": series::stored(until + AROUND)});
        events::send(tx, region, MEASURED, &body, ask.now)?;
    }
    Ok(())
}

/// A number without zeros that say nothing, so that 36.50 is 36.5.
fn number(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    }
}
