//! A time of day as policy files write it: `08:30`.

use std::{fmt, str::FromStr};

use crate::base::{Text, serde_as_text};

/// Minutes after midnight, 0 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(pub u16);

/// What is no time of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadClock(String);

impl BadClock {
    /// In both languages.
    pub fn text(&self) -> Text {
        Text::new(
            format!("“{}”不是时间，请写作 08:30", self.0),
            format!("“{}” is no time of day; write it as 08:30", self.0),
        )
    }
}

impl fmt::Display for BadClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().zh)
    }
}

impl FromStr for Clock {
    type Err = BadClock;

    fn from_str(text: &str) -> Result<Clock, BadClock> {
        let bad = || BadClock(text.to_string());
        let (hour, minute) = text.trim().split_once([':', '：']).ok_or_else(bad)?;
        let number = |it: &str, most: u16| it.parse::<u16>().ok().filter(|it| *it <= most).ok_or_else(bad);
        let all = number(hour, 24)? * 60 + number(minute, 59)?;
        if all <= 24 * 60 { Ok(Clock(all)) } else { Err(bad()) }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

serde_as_text!(Clock);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_reads_back_and_midnight_is_its_end() {
        for (text, minutes) in [("08:30", 510), ("0:00", 0), ("24:00", 1440), ("17:05", 1025)] {
            assert_eq!(text.parse(), Ok(Clock(minutes)));
        }
        assert_eq!(Clock(510).to_string(), "08:30");
        for wrong in ["24:01", "8", "08:60", "", "25:00", "-1:00"] {
            assert!(wrong.parse::<Clock>().is_err(), "{wrong}");
        }
    }
}
