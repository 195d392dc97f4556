//! What falls due in one week for several programmes, done in as few visits as can be.

use serde::{Deserialize, Serialize};

use super::{Place, Profession};
use crate::base::{Date, Text};

/// Something that is to be done within some days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// Whose and which: no two are the same.
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "可做自")]
    pub from: Date,
    #[serde(rename = "最迟")]
    pub by: Date,
    /// Who may do it, whoever does it mostly first.
    #[serde(rename = "人员")]
    pub can: Vec<Profession>,
    #[serde(rename = "地点")]
    pub place: Place,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    /// What is done: two times the same are never one visit. Nothing where it is the only one of its kind.
    #[serde(rename = "项目", default, skip_serializing_if = "String::is_empty")]
    pub item: String,
}

/// One visit that does several things.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// A day of the week that lies within the days of everything it does.
    #[serde(rename = "日期")]
    pub day: Date,
    /// Who can do all of it, whoever does the first thing mostly first.
    #[serde(rename = "人员")]
    pub by: Profession,
    #[serde(rename = "地点")]
    pub place: Place,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    /// The ids of what it does, in the order in which they were given.
    #[serde(rename = "事项")]
    pub dues: Vec<String>,
}

/// Why two visits of a week are not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Why {
    #[serde(rename = "地点不同")]
    Place,
    #[serde(rename = "没有人都能做")]
    Profession,
    #[serde(rename = "没有共同的日子")]
    Days,
    #[serde(rename = "时间太长")]
    Minutes,
    #[serde(rename = "同一项服务")]
    Same,
}

impl Why {
    pub fn text(self) -> Text {
        match self {
            Why::Place => Text::new("一个上门，一个到机构", "one is at home, the other at the centre"),
            Why::Profession => Text::new("没有一类人员两样都能做", "nobody may do both"),
            Why::Days => Text::new("没有都合适的日子", "no day fits both"),
            Why::Same => Text::new("同一项服务要分次做", "the same service is given another time"),
            Why::Minutes => Text::new("合在一起时间太长", "together they take too long"),
        }
    }
}

/// A week's visits, and what became of everything else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Joined {
    #[serde(rename = "上门")]
    pub visits: Vec<Visit>,
    /// For two visits, by their places in the list, why they are not one.
    #[serde(rename = "不能合并")]
    pub apart: Vec<(usize, usize, Why)>,
    /// What is not due this week, or cannot be done in it: over before it begins, or without anybody who may do it.
    #[serde(rename = "不在本周")]
    pub left: Vec<String>,
}

/// A visit that still grows.
struct Open {
    from: Date,
    by: Date,
    can: Vec<Profession>,
    place: Place,
    minutes: u32,
    items: Vec<String>,
    /// Places in the list of dues.
    dues: Vec<usize>,
}

impl Open {
    fn of(at: usize, due: &Due, monday: Date) -> Open {
        Open {
            from: due.from.max(monday),
            by: due.by.min(monday.add_days(6)),
            can: due.can.clone(),
            place: due.place,
            minutes: u32::from(due.minutes),
            items: Some(&due.item).filter(|it| !it.is_empty()).into_iter().cloned().collect(),
            dues: vec![at],
        }
    }

    /// Why another cannot be done with it.
    fn against(&self, other: &Open, longest: u16) -> Option<Why> {
        match () {
            () if self.place != other.place => Some(Why::Place),
            () if !self.can.iter().any(|it| other.can.contains(it)) => Some(Why::Profession),
            () if self.items.iter().any(|it| other.items.contains(it)) => Some(Why::Same),
            () if self.by.min(other.by) < self.from.max(other.from) => Some(Why::Days),
            () if u32::from(longest) < self.minutes + other.minutes => Some(Why::Minutes),
            () => None,
        }
    }

    fn take(&mut self, other: Open) {
        self.can.retain(|it| other.can.contains(it));
        (self.from, self.by) = (self.from.max(other.from), self.by.min(other.by));
        self.minutes += other.minutes;
        self.items.extend(other.items);
        self.dues.extend(other.dues);
    }

    /// The first day that is no weekend day; the first where all are.
    fn day(&self) -> Date {
        let days = (0..=self.from.days_until(self.by)).map(|it| self.from.add_days(it));
        days.into_iter().find(|it| !it.is_weekend()).unwrap_or(self.from)
    }
}

/// Groups what has its last day in the week of `day` into visits; what may be done in that week already and has time left goes along
/// where a visit is made anyway, and is left for a later week where none is. Every due is in exactly one visit or among those left.
///
/// Each begins with what has the least time, and joins the first visit it fits into. A visit only ever grows narrower, so that what
/// did not fit never would have: no two visits of the answer could have been one.
pub fn joined(dues: &[Due], day: Date, longest: u16) -> Joined {
    let (monday, sunday) = (day.monday(), day.monday().add_days(6));
    let can_be_done = |it: &Due| it.from <= sunday && monday <= it.by && it.from <= it.by && !it.can.is_empty();
    let mut order: Vec<usize> = (0..dues.len()).filter(|at| can_be_done(&dues[*at])).collect();
    // What has to be done first, then what may come along.
    order.sort_by_key(|at| (sunday < dues[*at].by, dues[*at].by, dues[*at].from, *at));
    let mut open: Vec<Open> = Vec::new();
    for at in order {
        let due = &dues[at];
        let one = Open::of(at, due, monday);
        match open.iter_mut().find(|it| it.against(&one, longest).is_none()) {
            Some(visit) => visit.take(one),
            None if due.by <= sunday => open.push(one),
            None => {}
        }
    }
    open.sort_by_key(|it| (it.day(), it.dues.iter().min().copied()));
    let mut apart = Vec::new();
    for (a, one) in open.iter().enumerate() {
        for (b, other) in open.iter().enumerate().skip(a + 1) {
            apart.extend(one.against(other, longest).map(|why| (a, b, why)));
        }
    }
    let done: Vec<usize> = open.iter().flat_map(|it| it.dues.iter().copied()).collect();
    let left = (0..dues.len()).filter(|at| !done.contains(at)).map(|at| dues[at].id.clone()).collect();
    let visits = open.into_iter().filter_map(|it| visit(it, dues)).collect();
    Joined { visits, apart, left }
}

fn visit(mut it: Open, dues: &[Due]) -> Option<Visit> {
    it.dues.sort_unstable();
    let first = &dues[*it.dues.first()?];
    let by = first.can.iter().find(|one| it.can.contains(one)).copied()?;
    let minutes = u16::try_from(it.minutes).unwrap_or(u16::MAX);
    let ids = it.dues.iter().map(|at| dues[*at].id.clone()).collect();
    Some(Visit { day: it.day(), by, place: it.place, minutes, dues: ids })
}
