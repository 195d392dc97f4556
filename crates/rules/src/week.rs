//! Hours of a week: when an institution is open, when somebody works.

use std::{fmt, str::FromStr};

use crate::base::{Text, half_width};

/// Hours of a week, written `周一至周五 08:00-12:00,14:00-17:30;周六 08:00-12:00` or `全天` for always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Week {
    /// For each day, Monday first: (from, to) in minutes of the day, in order, apart from each other.
    days: [Vec<(u16, u16)>; 7],
}

/// What is wrong with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadWeek {
    Days(String),
    Hours(String),
    /// Two stretches of one day overlap.
    Overlap(String),
}

const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const DAY: u16 = 24 * 60;

impl Week {
    /// The stretches of a day, Monday is 0: minutes of the day.
    pub fn on(&self, weekday: usize) -> &[(u16, u16)] {
        self.days.get(weekday).map_or(&[], |it| it)
    }

    /// Whether it is within the hours.
    pub fn holds(&self, weekday: usize, minute: u16) -> bool {
        self.on(weekday).iter().any(|(from, to)| (*from..*to).contains(&minute))
    }

    /// Minutes of the whole week.
    pub fn minutes(&self) -> u32 {
        self.days.iter().flatten().map(|(from, to)| u32::from(to - from)).sum()
    }

    fn add(&mut self, days: &str, hours: &[(u16, u16)]) -> Result<(), BadWeek> {
        for day in days_of(days)? {
            let all = &mut self.days[day];
            all.extend_from_slice(hours);
            all.sort_unstable();
            if all.windows(2).any(|it| it[1].0 < it[0].1) {
                return Err(BadWeek::Overlap(NAMES[day].to_string()));
            }
        }
        Ok(())
    }
}

fn day_of(name: &str) -> Result<usize, BadWeek> {
    let name = name.trim();
    let last = name.trim_start_matches(['周', '星', '期']);
    let at = match last {
        "一" | "1" => 0,
        "二" | "2" => 1,
        "三" | "3" => 2,
        "四" | "4" => 3,
        "五" | "5" => 4,
        "六" | "6" => 5,
        "日" | "天" | "7" => 6,
        _ => return Err(BadWeek::Days(name.to_string())),
    };
    Ok(at)
}

fn days_of(text: &str) -> Result<Vec<usize>, BadWeek> {
    if matches!(text.trim(), "每天" | "每日" | "") {
        return Ok((0..7).collect());
    }
    let mut all = Vec::new();
    for part in text.split(['、', ',']) {
        match part.split_once(['至', '到', '-', '~']) {
            Some((from, to)) => {
                let (from, to) = (day_of(from)?, day_of(to)?);
                if to < from {
                    return Err(BadWeek::Days(part.trim().to_string()));
                }
                all.extend(from..=to);
            }
            None => all.push(day_of(part)?),
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && at <= DAY).then_some(at)
}

fn hours_of(text: &str) -> Result<Vec<(u16, u16)>, BadWeek> {
    let text = text.trim();
    if text == "全天" {
        return Ok(vec![(0, DAY)]);
    }
    let bad = || BadWeek::Hours(text.to_string());
    let stretch = |it: &str| {
        let (from, to) = it.split_once(['-', '~', '至'])?;
        let (from, to) = (minute_of(from)?, minute_of(to)?);
        (from < to).then_some((from, to))
    };
    let all: Option<Vec<(u16, u16)>> = text.split([',', '、']).map(stretch).collect();
    all.filter(|it| !it.is_empty()).ok_or_else(bad)
}

impl FromStr for Week {
    type Err = BadWeek;

    fn from_str(text: &str) -> Result<Week, BadWeek> {
        let text = half_width(text).replace(['—', '–'], "-");
        let mut week = Week::default();
        for line in text.split([';', '\n']).map(str::trim).filter(|it| !it.is_empty()) {
            // The hours begin with the first digit before a colon, or with the word for all day.
            let at = match line.find(':') {
                Some(colon) => line[..colon]
                    .rfind(|it: char| !it.is_ascii_digit())
                    .map_or(0, |it| it + line[it..].chars().next().map_or(1, char::len_utf8)),
                None => line.find("全天").ok_or_else(|| BadWeek::Hours(line.to_string()))?,
            };
            week.add(&line[..at], &hours_of(&line[at..])?)?;
        }
        Ok(week)
    }
}

/// How a language says the days and hours of a week.
struct Words {
    days: [&'static str; 7],
    through: &'static str,
    every_day: &'static str,
    all_day: &'static str,
}

const CHINESE: Words = Words { days: NAMES, through: "至", every_day: "每天", all_day: "全天" };
const ENGLISH: Words = Words {
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    through: "–",
    every_day: "Every day",
    all_day: "all day",
};

impl Week {
    /// As people read it, days with the same hours together.
    pub fn text(&self) -> Text {
        Text::new(self.in_words(&CHINESE), self.in_words(&ENGLISH))
    }

    fn in_words(&self, words: &Words) -> String {
        let mut lines = Vec::new();
        let mut day = 0;
        while day < 7 {
            let mut last = day;
            while last + 1 < 7 && self.days[last + 1] == self.days[day] {
                last += 1;
            }
            if !self.days[day].is_empty() {
                let days = match last - day {
                    6 => words.every_day.to_string(),
                    0 => words.days[day].to_string(),
                    _ => [words.days[day], words.through, words.days[last]].concat(),
                };
                let hours: Vec<String> = self.days[day]
                    .iter()
                    .map(|(from, to)| match (from, to) {
                        (0, &DAY) => words.all_day.to_string(),
                        _ => format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60),
                    })
                    .collect();
                lines.push(format!("{days} {}", hours.join(",")));
            }
            day = last + 1;
        }
        lines.join(";")
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(&CHINESE))
    }
}

impl BadWeek {
    /// What is wrong and what to do, in one sentence.
    pub fn text(&self) -> Text {
        match self {
            BadWeek::Days(it) => Text::new(
                format!("“{it}”不是星期，请写作 周一至周五"),
                format!("“{it}” is no day of the week; write 周一至周五"),
            ),
            BadWeek::Hours(it) => Text::new(
                format!("“{it}”不是时段，请写作 08:00-12:00,14:00-17:30 或 全天"),
                format!("“{it}” are no hours; write 08:00-12:00,14:00-17:30 or 全天"),
            ),
            BadWeek::Overlap(it) => {
                Text::new(format!("{it}的时段互相重叠，请核对"), format!("the hours of {it} overlap; check them"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_back_as_they_are_shown() {
        for text in ["周一至周五 08:00-12:00,14:00-17:30;周六 08:00-12:00", "每天 全天", "周日 22:00-24:00", ""]
        {
            assert_eq!(text.parse::<Week>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn hours_are_read_in_english_too() {
        let week: Week = "周一至周五 08:00-12:00,14:00-17:30;周六 全天".parse().unwrap();
        assert_eq!(week.text().en, "Mon–Fri 08:00-12:00,14:00-17:30;Sat all day");
        assert_eq!("每天 全天".parse::<Week>().unwrap().text().en, "Every day all day");
    }

    #[test]
    fn hours_are_understood_as_people_write_them() {
        let week: Week = "星期一到星期五 8:00－12:00、14:00～17:30；周六、周日 9:00-11:00".parse().unwrap();
        assert_eq!(week.to_string(), "周一至周五 08:00-12:00,14:00-17:30;周六至周日 09:00-11:00");
        assert_eq!(week.minutes(), 5 * (240 + 210) + 2 * 120);
        assert!(week.holds(0, 8 * 60) && !week.holds(0, 12 * 60) && !week.holds(6, 8 * 60));
        assert_eq!("08:00-09:00".parse::<Week>().unwrap().to_string(), "每天 08:00-09:00");
    }

    #[test]
    fn what_is_no_week_is_refused() {
        for text in [
            "周八 08:00-12:00",
            "周五至周一 08:00-12:00",
            "周一 12:00-08:00",
            "周一 08:00-25:00",
            "周一 8点",
            "周一 08:60-09:00",
        ] {
            assert!(text.parse::<Week>().is_err(), "{text}");
        }
        assert!(matches!("周一 08:00-12:00;周一 11:00-13:00".parse::<Week>(), Err(BadWeek::Overlap(_))));
    }
}
