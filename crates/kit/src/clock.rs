//! The only place that asks what time it is. The business day is Asia/Shanghai; instants are UTC.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, tz::TimeZone};
use rules::base::Date;

/// The clock of one running server. A demonstration can be moved forward by whole days.
#[derive(Debug, Default)]
pub struct Clock {
    days_ahead: AtomicI64,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Timestamp {
        let ahead = jiff::SignedDuration::from_hours(24 * self.days_ahead.load(Ordering::Relaxed));
        Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Today's business day.
    pub fn today(&self) -> Date {
        day_of(self.now())
    }

    /// Moves a demonstration's clock; never called by a server that keeps real people.
    pub fn advance_days(&self, days: i64) {
        self.days_ahead.fetch_add(days, Ordering::Relaxed);
    }
}

/// The business day (Asia/Shanghai) of an instant.
pub fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(shanghai()).date().into()
}

/// The instant at which a business day begins.
pub fn begin_of(day: Date) -> Timestamp {
    day.civil().to_zoned(shanghai()).map_or(Timestamp::MAX, |it| it.timestamp())
}

/// China has kept UTC+8 without daylight saving since 1991; a fixed offset needs no zone database.
fn shanghai() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// An instant as it is stored: `2026-11-21T08:30:00.000Z`, which sorts as text.
pub fn stamp(instant: Timestamp) -> String {
    format!("{instant:.3}")
}

/// The business day of an instant as it is stored.
pub fn day_of_stamp(stored: &str) -> Option<Date> {
    stored.parse().ok().map(day_of)
}

/// Date and minute for people, in Shanghai time: `2026-11-21 16:30`. Text that is no instant is given back as it is.
pub fn minute(stored: &str) -> String {
    match stored.parse::<Timestamp>() {
        Ok(it) => it.to_zoned(shanghai()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => stored.to_string(),
    }
}

/// Date and second for people, in Shanghai time: `2026-11-21 16:30:05`.
pub fn second(instant: Timestamp) -> String {
    instant.to_zoned(shanghai()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_day_begins_at_midnight_in_shanghai() {
        let before: Timestamp = "2026-11-20T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-11-20T16:00:00Z".parse().unwrap();
        assert_eq!(day_of(before).to_string(), "2026-11-20");
        assert_eq!(day_of(after).to_string(), "2026-11-21");
    }

    #[test]
    fn stored_instants_sort_as_text() {
        let early: Timestamp = "2026-11-20T15:59:59.5Z".parse().unwrap();
        assert_eq!(stamp(early), "2026-11-20T15:59:59.500Z");
        assert_eq!(minute(&stamp(early)), "2026-11-20 23:59");
    }
}
