//! Readings thinned to hours: how many, the least, the most and the sum, packed into about ten bytes an hour.

use std::collections::BTreeMap;

use crate::{
    said::Marks,
    tail::{Damaged, Reading, pack},
};

/// What is left of an hour of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Readings that count.
    pub number: u32,
    /// Readings marked as implausible; they are in no other number.
    pub implausible: u32,
    pub least: i64,
    pub most: i64,
    pub sum: i64,
}

const HOUR_MS: i64 = 3_600_000;

impl Hour {
    /// Rounded half up to the scale of the measure; nothing where no reading counts.
    pub fn mean(&self) -> Option<i64> {
        let number = i64::from(self.number);
        (number > 0).then(|| (self.sum.saturating_mul(2).saturating_add(number)).div_euclid(number * 2))
    }

    /// Of two parts of one hour.
    #[must_use]
    pub fn joined(self, other: Hour) -> Hour {
        let (least, most) = match (self.number, other.number) {
            (0, _) => (other.least, other.most),
            (_, 0) => (self.least, self.most),
            _ => (self.least.min(other.least), self.most.max(other.most)),
        };
        Hour {
            hour: self.hour,
            number: self.number.saturating_add(other.number),
            implausible: self.implausible.saturating_add(other.implausible),
            least,
            most,
            sum: self.sum.saturating_add(other.sum),
        }
    }

    fn of(reading: Reading) -> Hour {
        let counts = !reading.marks.has(Marks::IMPLAUSIBLE);
        let value = if counts { reading.value } else { 0 };
        Hour {
            hour: reading.at.div_euclid(HOUR_MS),
            number: u32::from(counts),
            implausible: u32::from(!counts),
            least: value,
            most: value,
            sum: value,
        }
    }
}

/// The hours of some readings, whatever their order.
pub fn hours(readings: impl IntoIterator<Item = Reading>) -> Vec<Hour> {
    let mut hours: BTreeMap<i64, Hour> = BTreeMap::new();
    for reading in readings {
        let one = Hour::of(reading);
        hours.entry(one.hour).and_modify(|it| *it = it.joined(one)).or_insert(one);
    }
    hours.into_values().collect()
}

/// Hours as bytes, in the order given.
pub fn packed(hours: &[Hour]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(hours.len() * 8);
    let (mut hour, mut least) = (0_i64, 0_i64);
    for it in hours {
        pack::signed(&mut bytes, it.hour.wrapping_sub(hour));
        // The lowest bit says whether implausible readings follow; an hour seldom has any.
        pack::unsigned(&mut bytes, u64::from(it.number) << 1 | u64::from(it.implausible > 0));
        if it.implausible > 0 {
            pack::unsigned(&mut bytes, u64::from(it.implausible));
        }
        if it.number > 0 {
            pack::signed(&mut bytes, it.least.wrapping_sub(least));
            pack::signed(&mut bytes, it.most.wrapping_sub(it.least));
            pack::signed(&mut bytes, it.sum.wrapping_sub(it.least.wrapping_mul(i64::from(it.number))));
            least = it.least;
        }
        hour = it.hour;
    }
    bytes
}

/// The hours of some bytes; an error where they end within an hour or are none of ours.
pub fn unpacked(bytes: &[u8]) -> Result<Vec<Hour>, Damaged> {
    let (mut hours, mut from, mut hour, mut least) = (Vec::new(), 0, 0_i64, 0_i64);
    while from < bytes.len() {
        let start = from;
        let one = one(bytes, &mut from, hour, least).ok_or(Damaged { from: start })?;
        hour = one.hour;
        if one.number > 0 {
            least = one.least;
        }
        hours.push(one);
    }
    Ok(hours)
}

fn one(bytes: &[u8], from: &mut usize, hour: i64, least: i64) -> Option<Hour> {
    let hour = hour.wrapping_add(pack::read_signed(bytes, from)?);
    let head = pack::read_unsigned(bytes, from)?;
    let number = u32::try_from(head >> 1).ok()?;
    let implausible = if head & 1 == 1 { u32::try_from(pack::read_unsigned(bytes, from)?).ok()? } else { 0 };
    if number == 0 {
        return Some(Hour { hour, number, implausible, least: 0, most: 0, sum: 0 });
    }
    let least = least.wrapping_add(pack::read_signed(bytes, from)?);
    let most = least.wrapping_add(pack::read_signed(bytes, from)?);
    let sum = pack::read_signed(bytes, from)?.wrapping_add(least.wrapping_mul(i64::from(number)));
    Some(Hour { hour, number, implausible, least, most, sum })
}
