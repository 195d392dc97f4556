//! Working days: weekdays, with the yearly holiday notices where we have them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    base::{Date, Text},
    policy::Basis,
};

/// Which days are worked. Years without a notice fall back to weekdays, and answers say so.
#[derive(Debug, Clone, Default)]
pub struct WorkingDays(BTreeMap<i16, YearOff>);

/// One year's notice of the State Council.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearOff {
    #[serde(rename = "年")]
    pub year: i16,
    #[serde(rename = "依据")]
    pub basis: Basis,
    /// How many independent sources confirm the list; 0 is from memory.
    #[serde(rename = "可信")]
    pub confirmed: u8,
    #[serde(rename = "核对")]
    pub checked: Date,
    /// Free days, weekends among them or not.
    #[serde(rename = "放假")]
    pub free: Vec<Date>,
    /// Saturdays and Sundays that are worked instead.
    #[serde(rename = "上班")]
    pub worked: Vec<Date>,
}

/// A day found by counting working days.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    pub day: Date,
    /// Set where a year without a holiday notice was counted by weekdays alone.
    pub note: Option<Text>,
}

impl WorkingDays {
    /// Takes notices in; a later one for the same year replaces the earlier.
    pub(crate) fn take(&mut self, years: Vec<YearOff>) -> Result<(), Text> {
        for it in years {
            let stray = it.free.iter().chain(&it.worked).find(|day| day.year() != it.year);
            let both = it.worked.iter().find(|day| it.free.contains(day) || !day.is_weekend());
            if let Some(day) = stray.or(both) {
                let zh = format!("{} 年的 {day} 有误：应在当年，上班日应是周末且不在放假日里", it.year);
                return Err(Text::new(zh, format!("{day} in the notice of {} is out of place", it.year)));
            }
            self.0.insert(it.year, it);
        }
        Ok(())
    }

    /// Whether people work on that day.
    pub fn is_working(&self, day: Date) -> bool {
        match self.0.get(&day.year()) {
            Some(year) if year.free.contains(&day) => false,
            Some(year) if year.worked.contains(&day) => true,
            _ => !day.is_weekend(),
        }
    }

    /// Whether the holiday notice of the year is known.
    pub fn knows(&self, year: i16) -> bool {
        self.0.contains_key(&year)
    }

    /// The last day of a time limit of so many working days, counted from the day after `start`.
    ///
    /// 依据: 民法典 第二百零一条, 第二百零三条 (the first day does not count; a limit ends on a working day)
    pub fn after(&self, start: Date, count: u16) -> Counted {
        let mut day = start;
        let mut left = count;
        while 0 < left {
            day = day.add_days(1);
            left -= u16::from(self.is_working(day));
        }
        let unknown: Vec<String> =
            (start.year()..=day.year()).filter(|it| !self.knows(*it)).map(|it| it.to_string()).collect();
        let note = (!unknown.is_empty()).then(|| {
            Text::new(
                format!("{} 年放假安排尚未录入，按周一至周五计算", unknown.join("、")),
                format!("the holiday notice of {} is not entered; weekdays were counted", unknown.join(", ")),
            )
        });
        Counted { day, note }
    }
}
