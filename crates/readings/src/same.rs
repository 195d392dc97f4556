//! What was said twice.

use crate::said::{Marks, Said, Source, What};

/// A key under which the same thing said again is found: the device, what it said and when. What carries no time of its own (an emergency
/// call sent again and again) is the same within a window of its arrival; such a thing has two keys, of its window and of the one before,
/// and is a repetition where either is known and its arrival is within the window.
///
/// For readings of a series, (series, at, value) is the key, and this is not needed.
pub fn twin_key(said: &Said, window_ms: i64) -> [String; 2] {
    let device = said.device.as_deref().unwrap_or("");
    let what = match &said.what {
        What::Value(measure, value) => format!("{}={value}", measure.word()),
        What::Alarm(it) => it.word().to_owned(),
        What::Status(it) => format!("status={:?},{:?},{:?},{:?}", it.battery, it.voltage, it.signal, it.online),
        What::Position(it) => format!("position={},{}", it.latitude, it.longitude),
    };
    if said.source == Source::Device && !said.marks.has(Marks::NO_TIME) {
        let key = format!("{device}|{what}|{}", said.at);
        return [key.clone(), key];
    }
    let window = said.at.div_euclid(window_ms.max(1));
    [format!("{device}|{what}|~{window}"), format!("{device}|{what}|~{}", window.wrapping_sub(1))]
}
