//! Values that somebody measured with a device go into the record as measured by it: the health record and chronic care read
//! them there. Estimates of wearables do not, and nothing a device says sets a grade of disability.

use std::collections::BTreeMap;

use kit::{Ask, Error, Id, Result, Tx, form::Input};
use readings::{Marks, Meal, Measure};

use super::{memory::County, series, watch::Value};
use crate::{
    chronic,
    elders::{self, Key},
};

/// Kinds of devices that measure when somebody wants to know.
const MEASURING: &[&str] = &["cuff", "glucose", "scale", "kiosk"];

/// The field of the record for a value.
fn field(it: &Value) -> Option<&'static str> {
    match it.measure {
        Measure::Systolic => Some("systolic"),
        Measure::Diastolic => Some("diastolic"),
        Measure::Glucose if it.meal == Some(Meal::Fasting) => Some("fasting"),
        Measure::Weight => Some("weight"),
        _ => None,
    }
}

/// Hands on what the record takes, one entry for what one message said at one instant.
pub fn hand_on(tx: &Tx<'_>, ask: &Ask, county: &County, region: &str, values: &[Value]) -> Result<()> {
    let mut together: BTreeMap<(usize, Id, i64), Vec<(&'static str, &Value)>> = BTreeMap::new();
    for it in values {
        let measures = county.devices.get(&it.device).is_some_and(|one| MEASURING.contains(&&*one.kind));
        let doubtful = it.reading.marks.has(Marks::IMPLAUSIBLE) || it.reading.marks.has(Marks::DISPUTED);
        if let (true, false, Some(elder), Some(field)) = (measures, doubtful, it.elder, field(it)) {
            together.entry((it.message, elder, it.reading.at)).or_default().push((field, it));
        }
    }
    for ((_, elder, at), fields) in together {
        let key = Key { region: region.to_string(), id: elder };
        let elder = match elders::find_living(tx, &ask.who.scope, &key) {
            Ok(it) => it,
            Err(Error::NotFound | Error::Refused(_)) => continue,
            Err(e) => return Err(e),
        };
        let mut input = Input::default();
        for (field, it) in fields {
            input.set(field, rounded(it.measure, it.reading.value));
        }
        match chronic::keep_measures(tx, ask, &elder, series::day(at), &input, "device") {
            Ok(_) => {}
            // A pressure without its second number is no entry of the record; the reading is kept all the same.
            Err(Error::Invalid(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// As the record takes it: whole numbers, or one decimal, half up.
fn rounded(measure: Measure, value: i64) -> String {
    let Some(more) = measure.scale().checked_sub(1).filter(|it| 0 < *it) else { return measure.written(value) };
    let step = 10_i64.pow(u32::from(more));
    let tenths = (value + step / 2).div_euclid(step);
    format!("{}.{}", tenths / 10, tenths % 10)
}
