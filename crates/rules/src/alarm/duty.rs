//! The duty roster (值班表) of a centre: shifts that follow each other round the clock, ranks within a shift, a week that repeats and
//! days that differ. Two persons cannot stand in one rank of one shift, since a shift has one slot for each rank.

use serde::{Deserialize, Serialize};

use crate::base::Date;

const DAY: u16 = 24 * 60;

/// One rank of one shift of a day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// 1 Monday … 7 Sunday.
    #[serde(rename = "星期")]
    pub weekday: u8,
    /// Minutes after midnight.
    #[serde(rename = "始")]
    pub begins: u16,
    #[serde(rename = "顺位")]
    pub rank: u8,
    /// The number of somebody of the staff.
    #[serde(rename = "谁")]
    pub who: i64,
}

/// What holds for one day instead of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    #[serde(rename = "日期")]
    pub day: Date,
    #[serde(rename = "始")]
    pub begins: u16,
    #[serde(rename = "顺位")]
    pub rank: u8,
    /// Nobody where it is left out.
    #[serde(rename = "谁", default)]
    pub who: Option<i64>,
}

/// Somebody who is away from a day until before another; open where no end is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    #[serde(rename = "谁")]
    pub who: i64,
    #[serde(rename = "自")]
    pub from: Date,
    #[serde(rename = "至前", default)]
    pub until: Option<Date>,
}

/// The roster of one centre.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rota {
    /// Minutes after midnight at which shifts begin, in order; each lasts until the next, the last past midnight.
    #[serde(rename = "班次")]
    pub begins: Vec<u16>,
    #[serde(rename = "顺位数")]
    pub ranks: u8,
    #[serde(rename = "每周")]
    pub week: Vec<Slot>,
    #[serde(rename = "当日")]
    pub dated: Vec<Dated>,
    #[serde(rename = "离岗")]
    pub away: Vec<Away>,
}

/// A shift of a day, in minutes after its midnight; one that goes past midnight ends beyond 1,440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    pub day: Date,
    pub begins: u16,
    pub ends: u16,
}

/// What is wrong with a rank of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Lack {
    #[serde(rename = "无人")]
    Nobody,
    #[serde(rename = "离岗")]
    Away,
    /// The same person stands in an earlier rank of the shift.
    #[serde(rename = "重复")]
    Twice,
}

/// A rank of a shift that nobody can answer for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub shift: Shift,
    pub rank: u8,
    pub lack: Lack,
    pub who: Option<i64>,
}

impl Rota {
    /// The shifts that begin on a day.
    pub fn shifts(&self, day: Date) -> Vec<Shift> {
        let ends =
            |nth: usize| self.begins.get(nth + 1).copied().unwrap_or(DAY + self.begins.first().copied().unwrap_or(0));
        self.begins.iter().enumerate().map(|(nth, begins)| Shift { day, begins: *begins, ends: ends(nth) }).collect()
    }

    /// The shift that runs at a minute of a day: before the first of the day it is the last of the day before.
    pub fn shift_at(&self, day: Date, minute: u16) -> Option<Shift> {
        let today = self.shifts(day).into_iter().rev().find(|it| it.begins <= minute);
        today.or_else(|| self.shifts(day.add_days(-1)).into_iter().next_back())
    }

    /// Who stands in a rank of a shift, there or away.
    pub fn written(&self, shift: Shift, rank: u8) -> Option<i64> {
        let is_it = |it: &&Dated| it.day == shift.day && it.begins == shift.begins && it.rank == rank;
        if let Some(it) = self.dated.iter().find(is_it) {
            return it.who;
        }
        let weekday = weekday(shift.day);
        let slot = self.week.iter().find(|it| it.weekday == weekday && it.begins == shift.begins && it.rank == rank);
        slot.map(|it| it.who)
    }

    /// Whether a day differs from the week in a rank of a shift.
    pub fn is_dated(&self, shift: Shift, rank: u8) -> bool {
        self.dated.iter().any(|it| it.day == shift.day && it.begins == shift.begins && it.rank == rank)
    }

    /// Who can be called at a minute of a day, by rank, each once; those who are away are left out.
    pub fn on_duty(&self, day: Date, minute: u16) -> Vec<(u8, i64)> {
        let Some(shift) = self.shift_at(day, minute) else { return Vec::new() };
        let mut all: Vec<(u8, i64)> = Vec::new();
        for rank in 1..=self.ranks {
            let Some(who) = self.written(shift, rank) else { continue };
            if !self.is_away(who, day) && all.iter().all(|it| it.1 != who) {
                all.push((rank, who));
            }
        }
        all
    }

    /// What is missing from a day on, for so many days, in order.
    pub fn gaps(&self, from: Date, days: u16) -> Vec<Gap> {
        let mut all = Vec::new();
        for nth in 0..i32::from(days) {
            for shift in self.shifts(from.add_days(nth)) {
                let mut before: Vec<i64> = Vec::new();
                for rank in 1..=self.ranks {
                    let who = self.written(shift, rank);
                    let lack = match who {
                        None => Some(Lack::Nobody),
                        Some(who) if self.is_away(who, shift.day) => Some(Lack::Away),
                        Some(who) if before.contains(&who) => Some(Lack::Twice),
                        Some(_) => None,
                    };
                    before.extend(who);
                    all.extend(lack.map(|lack| Gap { shift, rank, lack, who }));
                }
            }
        }
        all
    }

    fn is_away(&self, who: i64, day: Date) -> bool {
        self.away.iter().any(|it| it.who == who && it.from <= day && it.until.is_none_or(|until| day < until))
    }
}

/// 1 Monday … 7 Sunday.
fn weekday(day: Date) -> u8 {
    u8::try_from(day.monday().days_until(day) + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Day and night, two ranks; 7 by day, 8 by night, 9 behind both.
    fn rota() -> Rota {
        let week = (1..=7).flat_map(|weekday| {
            [(480, 1, 7), (1_200, 1, 8), (480, 2, 9), (1_200, 2, 9)].map(|(begins, rank, who)| Slot {
                weekday,
                begins,
                rank,
                who,
            })
        });
        Rota { begins: vec![480, 1_200], ranks: 2, week: week.collect(), ..Rota::default() }
    }

    #[test]
    fn before_the_first_shift_of_a_day_the_night_of_yesterday_runs_on() {
        let it = rota();
        assert_eq!(it.on_duty(day("2026-03-02"), 479), [(1, 8), (2, 9)]);
        assert_eq!(it.on_duty(day("2026-03-02"), 480), [(1, 7), (2, 9)]);
        assert_eq!(
            it.shift_at(day("2026-03-02"), 0).unwrap(),
            Shift { day: day("2026-03-01"), begins: 1_200, ends: 1_920 }
        );
    }

    #[test]
    fn a_full_roster_has_no_gaps_and_an_empty_one_only_gaps() {
        assert_eq!(rota().gaps(day("2026-03-02"), 14), []);
        let empty = Rota { week: vec![], ..rota() };
        assert_eq!(empty.gaps(day("2026-03-02"), 14).len(), 14 * 2 * 2);
        assert_eq!(Rota::default().on_duty(day("2026-03-02"), 600), []);
    }

    #[test]
    fn who_is_away_leaves_a_gap_and_is_not_called() {
        let mut it = rota();
        it.away = vec![Away { who: 7, from: day("2026-03-03"), until: Some(day("2026-03-04")) }];
        let gaps = it.gaps(day("2026-03-02"), 3);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].shift.day, gaps[0].lack, gaps[0].who), (day("2026-03-03"), Lack::Away, Some(7)));
        assert_eq!(it.on_duty(day("2026-03-03"), 600), [(2, 9)]);
        assert_eq!(it.on_duty(day("2026-03-04"), 600), [(1, 7), (2, 9)]);
    }

    #[test]
    fn a_day_of_its_own_goes_before_the_week() {
        let mut it = rota();
        let dated = |rank, who| Dated { day: day("2026-03-02"), begins: 480, rank, who };
        it.dated = vec![dated(1, Some(9)), dated(2, Some(9))];
        assert_eq!(it.on_duty(day("2026-03-02"), 600), [(1, 9)]);
        assert_eq!(it.gaps(day("2026-03-02"), 1)[0].lack, Lack::Twice);
        it.dated = vec![dated(1, None)];
        assert_eq!(it.gaps(day("2026-03-02"), 1)[0].lack, Lack::Nobody);
        assert_eq!(it.on_duty(day("2026-03-09"), 600), [(1, 7), (2, 9)]);
    }
}
