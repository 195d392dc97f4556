//! A series of readings in few bytes, to which one can append: 2 to 3 bytes a reading at regular intervals.
//!
//! A reading is a head, a mark where it changes, and the value. The head is a varint: bit 0, a byte of marks follows; bit 1, the time is
//! in milliseconds and not in seconds; above them the interval less the interval before (zigzag). The value is the difference to the value
//! before (zigzag varint). Readings may come in any order of time. Nothing in the bytes can make the reader panic.

use crate::said::Marks;

/// One reading of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// In 1/10^scale of the measure's unit.
    pub value: i64,
    pub marks: Marks,
}

/// What appending needs to know of the bytes before: the last reading and its distance from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Last {
    pub reading: Reading,
    /// Milliseconds.
    pub step: i64,
}

impl Last {
    /// Of some bytes; those behind damage do not count.
    pub fn of(bytes: &[u8]) -> Last {
        let mut readings = read(bytes);
        while let Some(Ok(_)) = readings.next() {}
        readings.last
    }
}

/// The bytes end within a reading, or are none of ours, from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged {
    /// The first byte that could not be read.
    pub from: usize,
}

const MARKS: u64 = 1;
const FINE: u64 = 2;

/// Appends a reading; `last` is what stands at the end of `tail`, and is so again afterwards.
pub fn append(tail: &mut Vec<u8>, last: &mut Last, new: Reading) {
    let step = new.at.wrapping_sub(last.reading.at);
    let change = step.wrapping_sub(last.step);
    let whole = change % 1000 == 0;
    let time = zigzag(if whole { change / 1000 } else { change });
    let marks_change = new.marks != last.reading.marks;
    let head = u128::from(time) << 2 | u128::from(if whole { 0 } else { FINE }) | u128::from(u64::from(marks_change));
    write(tail, head);
    if marks_change {
        tail.push(new.marks.0);
    }
    write(tail, u128::from(zigzag(new.value.wrapping_sub(last.reading.value))));
    *last = Last { reading: new, step };
}

/// The readings of some bytes, in the order in which they were appended; damage is told once, and ends them.
pub fn read(bytes: &[u8]) -> Readings<'_> {
    Readings { bytes, from: 0, last: Last::default() }
}

#[derive(Debug, Clone)]
pub struct Readings<'a> {
    bytes: &'a [u8],
    from: usize,
    last: Last,
}

impl Iterator for Readings<'_> {
    type Item = Result<Reading, Damaged>;

    fn next(&mut self) -> Option<Result<Reading, Damaged>> {
        if self.from >= self.bytes.len() {
            return None;
        }
        let start = self.from;
        let found = self.one();
        if found.is_none() {
            self.from = self.bytes.len();
        }
        Some(found.ok_or(Damaged { from: start }))
    }
}

impl Readings<'_> {
    fn one(&mut self) -> Option<Reading> {
        let mut from = self.from;
        let head = varint(self.bytes, &mut from)?;
        let time = u64::try_from(head >> 2).ok()?;
        let flags = u64::try_from(head & 3).ok()?;
        let change = if flags & FINE == 0 { back(time).checked_mul(1000)? } else { back(time) };
        let marks = if flags & MARKS == 0 {
            self.last.reading.marks
        } else {
            let it = *self.bytes.get(from)?;
            from += 1;
            Marks(it)
        };
        let value = back(u64::try_from(varint(self.bytes, &mut from)?).ok()?);
        let step = self.last.step.wrapping_add(change);
        let reading = Reading {
            at: self.last.reading.at.wrapping_add(step),
            value: self.last.reading.value.wrapping_add(value),
            marks,
        };
        self.last = Last { reading, step };
        self.from = from;
        Some(reading)
    }
}

fn zigzag(it: i64) -> u64 {
    (it << 1 ^ it >> 63).cast_unsigned()
}

fn back(it: u64) -> i64 {
    (it >> 1).cast_signed() ^ -(it & 1).cast_signed()
}

fn write(to: &mut Vec<u8>, mut it: u128) {
    while it >= 0x80 {
        to.push((it & 0x7f) as u8 | 0x80);
        it >>= 7;
    }
    to.push(it as u8);
}

/// Seven bits a byte, the lowest first; ten bytes at most.
fn varint(bytes: &[u8], from: &mut usize) -> Option<u128> {
    let mut sum = 0;
    for shift in 0..10 {
        let byte = *bytes.get(*from)?;
        *from += 1;
        sum |= u128::from(byte & 0x7f) << (7 * shift);
        if byte < 0x80 {
            return Some(sum);
        }
    }
    None
}

pub(crate) mod pack {
    //! The same numbers for others who pack.

    pub(crate) fn signed(to: &mut Vec<u8>, it: i64) {
        super::write(to, u128::from(super::zigzag(it)));
    }

    pub(crate) fn unsigned(to: &mut Vec<u8>, it: u64) {
        super::write(to, u128::from(it));
    }

    pub(crate) fn read_signed(bytes: &[u8], from: &mut usize) -> Option<i64> {
        read_unsigned(bytes, from).map(super::back)
    }

    pub(crate) fn read_unsigned(bytes: &[u8], from: &mut usize) -> Option<u64> {
        super::varint(bytes, from).and_then(|it| u64::try_from(it).ok())
    }
}
