//! Values that no living person has, or no working device.

use crate::measure::Measure;

/// Whether a value of a measure can be true by itself.
pub fn plausible(measure: Measure, value: i64) -> bool {
    let (least, most) = measure.plausible();
    (least..=most).contains(&value)
}
