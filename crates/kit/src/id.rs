//! Ids: 63-bit whole numbers that grow with time, made without asking the database.
//!
//! 42 bits milliseconds since 2020, 10 bits drawn by each process, 11 bits counter. Eight bytes where a UUID takes
//! sixteen (or thirty-six as text) keep the indexes of millions of elders small; see docs/adr/0003-ids.md.

use std::{
    fmt,
    str::FromStr,
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

const EPOCH_MS: i64 = 1_577_836_800_000;
const COUNTER_BITS: u32 = 11;
const PROCESS_BITS: u32 = 10;

static LAST_TICK: AtomicI64 = AtomicI64::new(0);
static PROCESS: OnceLock<i64> = OnceLock::new();

impl Id {
    /// A new id, greater than every id this process made before.
    pub fn new(now: Timestamp) -> Id {
        let wanted = (now.as_millisecond() - EPOCH_MS).max(0) << COUNTER_BITS;
        let last = LAST_TICK
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(wanted.max(last + 1)))
            .expect("the closure always gives a value");
        let tick = wanted.max(last + 1);
        let process = *PROCESS.get_or_init(|| i64::from(rand::random::<u16>() & ((1 << PROCESS_BITS) - 1)));
        let (ms, counter) = (tick >> COUNTER_BITS, tick & ((1 << COUNTER_BITS) - 1));
        Id((ms << (COUNTER_BITS + PROCESS_BITS)) | (process << COUNTER_BITS) | counter)
    }
}

impl Id {
    /// The least id that could have been made at an instant: all made before are smaller.
    pub fn first_at(instant: Timestamp) -> Id {
        Id((instant.as_millisecond() - EPOCH_MS).max(0) << (COUNTER_BITS + PROCESS_BITS))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Id, Self::Err> {
        text.parse().map(Id)
    }
}

/// In JSON an id is text: JavaScript's numbers end at 53 bits.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Id, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still_or_goes_back() {
        let now: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let mut last = Id::new(now);
        for i in 0..10_000 {
            let next = Id::new(now - jiff::SignedDuration::from_millis(i));
            assert!(last < next);
            last = next;
        }
        assert!(0 < last.0);
    }
}
