//! Bytes of Bluetooth health devices: the 16-bit and 32-bit floats of IEEE 11073-20601, and the characteristics that carry vital signs.

use crate::{measure::Measure, number::Number, unit::Unit};

/// A medical float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Float {
    /// `digits × 10^exponent`
    Value {
        digits: i32,
        exponent: i8,
    },
    NotANumber,
    NotAtThisResolution,
    Infinity,
    MinusInfinity,
    Reserved,
}

/// SFLOAT: four bits of exponent, twelve of digits, both with sign.
pub fn sfloat(raw: u16) -> Float {
    match raw & 0x0fff {
        0x07ff => return Float::NotANumber,
        0x0800 => return Float::NotAtThisResolution,
        0x07fe => return Float::Infinity,
        0x0802 => return Float::MinusInfinity,
        0x0801 => return Float::Reserved,
        _ => (),
    }
    let digits = i32::from((raw << 4).cast_signed() >> 4);
    Float::Value { digits, exponent: (raw >> 8).to_le_bytes()[0].cast_signed() >> 4 }
}

/// FLOAT: eight bits of exponent, twenty-four of digits, both with sign.
pub fn float(raw: u32) -> Float {
    match raw & 0x00ff_ffff {
        0x007f_ffff => return Float::NotANumber,
        0x0080_0000 => return Float::NotAtThisResolution,
        0x007f_fffe => return Float::Infinity,
        0x0080_0002 => return Float::MinusInfinity,
        0x0080_0001 => return Float::Reserved,
        _ => (),
    }
    Float::Value { digits: (raw << 8).cast_signed() >> 8, exponent: raw.to_le_bytes()[3].cast_signed() }
}

impl Float {
    fn number(self) -> Option<Number> {
        match self {
            Float::Value { digits, exponent } => Number::parse(&format!("{digits}e{exponent}")).map(|it| it.0),
            _ => None,
        }
    }
}

/// What a characteristic says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Measured {
    /// (measure, number, its unit); a value that the device says it has not is not there.
    pub(crate) values: Vec<(Measure, Number, Unit)>,
    /// Year, month, day, hour, minute, second of the device's clock, where it sends them.
    pub(crate) clock: Option<[i64; 6]>,
}

/// Bytes from the front, one thing after the other.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn u8(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn sfloat(&mut self) -> Option<Option<Number>> {
        Some(sfloat(self.u16()?).number())
    }

    fn clock(&mut self) -> Option<[i64; 6]> {
        let year = i64::from(self.u16()?);
        let mut rest = [0; 5];
        for it in &mut rest {
            *it = i64::from(self.u8()?);
        }
        Some([year, rest[0], rest[1], rest[2], rest[3], rest[4]])
    }
}

/// The characteristic of a UUID, short (`2A35`, `0x2a35`) or whole.
pub(crate) fn characteristic(uuid: &str) -> Option<u16> {
    let uuid = uuid.trim().trim_start_matches("0x").trim_start_matches("0X");
    let short = match uuid.len() {
        4 => uuid,
        36 if uuid.to_ascii_lowercase().ends_with("-0000-1000-8000-00805f9b34fb") => uuid.get(4..8)?,
        _ => return None,
    };
    u16::from_str_radix(short, 16).ok()
}

/// Hexadecimal digits as bytes; blanks, `:` and `-` between them are no fault.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_start_matches("0x");
    let digits: Vec<u8> = text.bytes().filter(|it| !matches!(it, b' ' | b':' | b'-')).collect();
    let half = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks_exact(2).map(|it| Some(half(it[0])? << 4 | half(it[1])?)).collect()
}

/// Reads a characteristic's bytes; nothing where it is none of those known or the bytes are too few.
pub(crate) fn read(characteristic: u16, bytes: &[u8]) -> Option<Measured> {
    let mut bytes = Bytes(bytes);
    match characteristic {
        0x2a35 => pressure(&mut bytes),
        0x2a37 => heart_rate(&mut bytes),
        0x2a5e => spot_oxygen(&mut bytes),
        0x2a5f => oxygen(&mut bytes),
        0x2a1c => temperature(&mut bytes),
        0x2a18 => glucose(&mut bytes),
        0x2a9d => weight(&mut bytes),
        0x2a19 => Some(one(Measure::Battery, Number::whole(i64::from(bytes.u8()?)))),
        _ => None,
    }
}

fn one(measure: Measure, number: Number) -> Measured {
    Measured { values: vec![(measure, number, Unit::own(measure))], clock: None }
}

fn keep(to: &mut Measured, measure: Measure, number: Option<Number>, unit: Unit) {
    if let Some(it) = number {
        to.values.push((measure, it, unit));
    }
}

fn unit(measure: Measure, written: &str) -> Unit {
    Unit::of(measure, written).expect("a unit of the measure's own table")
}

/// Blood Pressure Measurement: flags 0 kPa, 1 time, 2 pulse, 3 user, 4 status.
fn pressure(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let flags = bytes.u8()?;
    let unit = unit(Measure::Systolic, if flags & 1 == 0 { "mmHg" } else { "kPa" });
    let mut measured = Measured::default();
    for measure in [Measure::Systolic, Measure::Diastolic, Measure::MeanPressure] {
        let number = bytes.sfloat()?;
        keep(&mut measured, measure, number, unit);
    }
    if flags & 2 != 0 {
        measured.clock = Some(bytes.clock()?);
    }
    if flags & 4 != 0 {
        let pulse = bytes.sfloat()?;
        keep(&mut measured, Measure::HeartRate, pulse, Unit::own(Measure::HeartRate));
    }
    Some(measured)
}

/// Heart Rate Measurement: flag 0 two bytes.
fn heart_rate(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let rate = if bytes.u8()? & 1 == 0 { u16::from(bytes.u8()?) } else { bytes.u16()? };
    Some(one(Measure::HeartRate, Number::whole(i64::from(rate))))
}

fn saturation_and_pulse(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let mut measured = Measured::default();
    for measure in [Measure::Spo2, Measure::HeartRate] {
        let number = bytes.sfloat()?;
        keep(&mut measured, measure, number, Unit::own(measure));
    }
    Some(measured)
}

/// PLX Continuous Measurement.
fn oxygen(bytes: &mut Bytes<'_>) -> Option<Measured> {
    bytes.u8()?;
    saturation_and_pulse(bytes)
}

/// PLX Spot-check Measurement: flag 0 time.
fn spot_oxygen(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let flags = bytes.u8()?;
    let mut measured = saturation_and_pulse(bytes)?;
    if flags & 1 != 0 {
        measured.clock = Some(bytes.clock()?);
    }
    Some(measured)
}

/// Temperature Measurement: flags 0 ℉, 1 time.
fn temperature(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let flags = bytes.u8()?;
    let unit = unit(Measure::Temperature, if flags & 1 == 0 { "℃" } else { "℉" });
    let raw = u32::from(bytes.u16()?) | u32::from(bytes.u16()?) << 16;
    let mut measured = Measured::default();
    keep(&mut measured, Measure::Temperature, float(raw).number(), unit);
    if flags & 2 != 0 {
        measured.clock = Some(bytes.clock()?);
    }
    Some(measured)
}

/// Glucose Measurement: flags 0 offset, 1 concentration, 2 mol/L instead of kg/L.
fn glucose(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let flags = bytes.u8()?;
    bytes.u16()?;
    let mut measured = Measured { values: Vec::new(), clock: Some(bytes.clock()?) };
    if flags & 1 != 0 {
        let minutes = i64::from(bytes.u16()?.cast_signed());
        if let Some(clock) = &mut measured.clock {
            clock[4] += minutes;
        }
    }
    if flags & 2 != 0 {
        let raw = sfloat(bytes.u16()?);
        // kg/L are 100 000 mg/dL, mol/L are 1000 mmol/L.
        let (more, unit) =
            if flags & 4 == 0 { (5, unit(Measure::Glucose, "mg/dL")) } else { (3, unit(Measure::Glucose, "mmol/L")) };
        let number = match raw {
            Float::Value { digits, exponent } => Float::Value { digits, exponent: exponent + more }.number(),
            _ => None,
        };
        keep(&mut measured, Measure::Glucose, number, unit);
    }
    Some(measured)
}

/// Weight Measurement: flags 0 pounds, 1 time. Steps of 5 g or 0.01 lb.
fn weight(bytes: &mut Bytes<'_>) -> Option<Measured> {
    let flags = bytes.u8()?;
    let raw = i64::from(bytes.u16()?);
    let mut measured = Measured::default();
    // 0xFFFF says that the measurement did not succeed.
    if raw != 0xffff {
        let (number, unit) = if flags & 1 == 0 {
            (format!("{}e-3", raw * 5), unit(Measure::Weight, "kg"))
        } else {
            (format!("{raw}e-2"), unit(Measure::Weight, "lb"))
        };
        keep(&mut measured, Measure::Weight, Number::parse(&number).map(|it| it.0), unit);
    }
    if flags & 2 != 0 {
        measured.clock = Some(bytes.clock()?);
    }
    Some(measured)
}
