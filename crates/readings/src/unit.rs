//! Units that makers use, and how each becomes the one that is kept. Factors are exact fractions.

use crate::{measure::Measure, name};

/// A unit of a measure. The conversions and their sources:
/// - glucose mg/dL ÷ 18.016 = mmol/L (molar mass of glucose 180.16 g/mol)
/// - cholesterol mg/dL ÷ 38.67 = mmol/L (molar mass of cholesterol 386.7 g/mol)
/// - uric acid mg/dL × 59.48 = μmol/L (molar mass of uric acid 168.1 g/mol)
/// - (℉ − 32) × 5 ÷ 9 = ℃; lb × 0.45359237 = kg; 斤 ÷ 2 = kg; kPa × 7.50062 = mmHg
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// (added before, times, divided by)
    factor: (i64, i64, i64),
}

type Named = (&'static [&'static str], (i64, i64, i64));

const AS_IT_IS: (i64, i64, i64) = (0, 1, 1);
const TENTH: (i64, i64, i64) = (0, 1, 10);
const HUNDREDTH: (i64, i64, i64) = (0, 1, 100);

const PRESSURE: &[Named] = &[(&["mmHg", "毫米汞柱"], AS_IT_IS), (&["kPa", "千帕"], (0, 750_062, 100_000))];
const RATE: &[Named] =
    &[(&["/min", "bpm", "次/分", "次/分钟", "times/min", "rpm", "brpm", "次", "count/min"], AS_IT_IS)];
const PERCENT: &[Named] = &[(&["%", "percent"], AS_IT_IS), (&["0.1%", "‰"], TENTH), (&["0.01%"], HUNDREDTH)];
const DEGREES: &[Named] = &[
    (&["℃", "°C", "C", "cel", "celsius", "摄氏度", "度"], AS_IT_IS),
    (&["℉", "°F", "F", "fahrenheit", "华氏度"], (-32, 5, 9)),
    (&["0.1℃"], TENTH),
    (&["0.01℃"], HUNDREDTH),
];
const GLUCOSE: &[Named] =
    &[(&["mmol/L", "mmol"], AS_IT_IS), (&["mg/dL", "mg"], (0, 1000, 18_016)), (&["0.1 mmol/L"], TENTH)];
const CHOLESTEROL: &[Named] = &[(&["mmol/L", "mmol"], AS_IT_IS), (&["mg/dL", "mg"], (0, 100, 3867))];
const URIC_ACID: &[Named] =
    &[(&["μmol/L", "µmol/L", "umol/L", "umol"], AS_IT_IS), (&["mg/dL"], (0, 5948, 100)), (&["mmol/L"], (0, 1000, 1))];
const WEIGHT: &[Named] = &[
    (&["kg", "公斤", "千克"], AS_IT_IS),
    (&["斤", "jin", "市斤"], (0, 1, 2)),
    (&["lb", "lbs", "磅"], (0, 45_359_237, 100_000_000)),
    (&["g", "克"], (0, 1, 1000)),
    (&["0.1 kg"], TENTH),
    (&["0.01 kg"], HUNDREDTH),
];
const COUNT: &[Named] = &[(&["步", "steps", "step", "count"], AS_IT_IS)];

fn units(measure: Measure) -> &'static [Named] {
    use Measure::*;
    match measure {
        Systolic | Diastolic | MeanPressure => PRESSURE,
        HeartRate | Respiration => RATE,
        Spo2 | Perfusion | BodyFat | Humidity | Battery | Signal => PERCENT,
        Temperature | RoomTemperature => DEGREES,
        Glucose => GLUCOSE,
        Cholesterol => CHOLESTEROL,
        UricAcid => URIC_ACID,
        Weight => WEIGHT,
        Steps => COUNT,
        Motion | Bed | Door => &[],
    }
}

impl Unit {
    /// The one a measure is kept in.
    pub fn own(_: Measure) -> Unit {
        Unit { factor: AS_IT_IS }
    }

    /// A maker's writing of a unit, whatever its case: `mg/dl`, `°F`, `次/分`. Nothing where the measure has no such unit.
    pub fn of(measure: Measure, written: &str) -> Option<Unit> {
        let written = written.trim();
        let found = units(measure).iter().find(|it| it.0.iter().any(|one| name::same(one, written)))?;
        Some(Unit { factor: found.1 })
    }

    /// How its names are written, for what to say to somebody who wrote another.
    pub fn names(measure: Measure) -> Vec<&'static str> {
        units(measure).iter().filter_map(|it| it.0.first().copied()).collect()
    }

    pub(crate) fn factor(self) -> (i64, i64, i64) {
        self.factor
    }
}
