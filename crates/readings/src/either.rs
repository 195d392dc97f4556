//! Values without their unit: which of two units it must be, where only one is possible in a living person.

use crate::{measure::Measure, number::Number, unit::Unit};

/// (measure, unit up to a value, that value; unit from a value, that value). Between the two values both are possible and neither is taken.
const SIZES: [(Measure, &str, i64, &str, i64); 4] = [
    (Measure::Glucose, "mmol/L", 20, "mg/dL", 36),
    (Measure::Cholesterol, "mmol/L", 20, "mg/dL", 50),
    (Measure::UricAcid, "mg/dL", 25, "μmol/L", 50),
    (Measure::Temperature, "℃", 45, "℉", 86),
];

/// The unit that a value without one must have; nothing where two are possible.
pub(crate) fn unit(measure: Measure, value: Number) -> Option<Unit> {
    let Some((_, low, below, high, from)) = SIZES.iter().find(|it| it.0 == measure) else {
        return Some(Unit::own(measure));
    };
    let millionths = value.millionths()?;
    if millionths <= below * 1_000_000 {
        // A body is not colder than 30 ℃: such a temperature is a room's.
        let room = measure == Measure::Temperature && millionths < 30_000_000;
        return if room { None } else { Unit::of(measure, low) };
    }
    if millionths >= from * 1_000_000 { Unit::of(measure, high) } else { None }
}

/// Whether a measure has to be told by size.
pub(crate) fn told_by_size(measure: Measure) -> bool {
    SIZES.iter().any(|it| it.0 == measure)
}
