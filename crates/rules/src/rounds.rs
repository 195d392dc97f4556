//! Rounds (巡诊) and visits to those in hardship (探访): who is owed one in which week, month, quarter or year, by which day, and how
//! a task stands.

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    elder_groups::Group,
    policy::{InForce, NoPolicy, topic},
    working_days::WorkingDays,
};

topic! {
    /// What a region lays down about rounds and visits.
    "rounds", "巡诊与探访", "Rounds and visits" {
        programmes: Vec<Programme> = "巡访安排",
        /// Whoever comes into a programme with fewer days left than this is owed the first visit in the next period.
        first_days: u16 = "首访至少天数",
    }
}

/// One kind of rounds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "对象")]
    pub subject: Subject,
    /// Every one of these; everybody where it is left out.
    #[serde(rename = "人群", default)]
    pub groups: Vec<Group>,
    /// From this tier of care on.
    #[serde(rename = "档次起", default)]
    pub tier: u8,
    /// Once in each.
    #[serde(rename = "周期")]
    pub period: Period,
}

/// To whom a task belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Subject {
    #[serde(rename = "老人")]
    Elder,
    #[serde(rename = "户")]
    Household,
    #[serde(rename = "村")]
    Village,
}

/// A stretch of the calendar. A week begins on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Period {
    #[serde(rename = "周")]
    Week,
    #[serde(rename = "月")]
    Month,
    #[serde(rename = "季")]
    Quarter,
    #[serde(rename = "年")]
    Year,
}

impl Period {
    /// Its first day and the first day of the next one.
    pub fn around(self, day: Date) -> (Date, Date) {
        let back = |months: i8| day.first_of_month().add_months(-i32::from(months));
        match self {
            Period::Week => (day.monday(), day.monday().add_days(7)),
            Period::Month => (back(0), back(0).add_months(1)),
            Period::Quarter => {
                let first = back((day.month() - 1) % 3);
                (first, first.add_months(3))
            }
            Period::Year => {
                let first = back(day.month() - 1);
                (first, first.add_months(12))
            }
        }
    }
}

/// What is true of an elder, a household or a village from a day on. Days in no spell are days away: dead, moved, in hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spell {
    #[serde(rename = "起")]
    pub from: Date,
    /// The first day on which it is so no longer.
    #[serde(rename = "止", default)]
    pub until: Option<Date>,
    #[serde(rename = "人群", default)]
    pub groups: Vec<Group>,
    #[serde(rename = "档次", default)]
    pub tier: u8,
}

impl Programme {
    fn is_for(&self, it: &Spell) -> bool {
        self.tier <= it.tier && (self.groups.is_empty() || self.groups.iter().any(|group| it.groups.contains(group)))
    }

    /// The first day, from `first` on and before `beyond`, on which the programme is for them.
    fn first_day(&self, spells: &[Spell], first: Date, beyond: Date) -> Option<Date> {
        let within = |it: &&Spell| it.from < beyond && it.until.is_none_or(|until| first < until);
        spells.iter().filter(|it| self.is_for(it)).filter(within).map(|it| it.from.max(first)).min()
    }
}

/// One visit that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    #[serde(rename = "安排")]
    pub programme: String,
    /// From when it can be done.
    #[serde(rename = "可做自")]
    pub from: Date,
    /// The last working day on which it is in time; the last day where the period has none.
    #[serde(rename = "最迟")]
    pub by: Date,
}

/// The tasks of the periods in which a day lies. Which these are depends on the spells alone and not on the day within the period,
/// so that a task found once is found whenever one looks.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 定期巡诊; 探访的次数见政策库“巡访安排”
pub fn owed(subject: Subject, spells: &[Spell], day: Date, policy: &InForce<'_>) -> Result<Vec<Task>, NoPolicy> {
    let laid = Arrangements::of(policy)?;
    Ok(laid.programmes.iter().filter(|it| it.subject == subject).filter_map(|it| laid.task(it, spells, day)).collect())
}

/// What a region lays down, read once for whoever asks of a whole county.
#[derive(Debug, Clone, Copy)]
pub struct Arrangements<'a> {
    pub programmes: &'a [Programme],
    first_days: i32,
    working_days: &'a WorkingDays,
}

impl<'a> Arrangements<'a> {
    /// What is in force.
    pub fn of(policy: &InForce<'a>) -> Result<Arrangements<'a>, NoPolicy> {
        Ok(Arrangements {
            programmes: policy.read(|it| &it.rounds.programmes)?,
            first_days: i32::from(*policy.read(|it| &it.rounds.first_days)?),
            working_days: policy.working_days(),
        })
    }

    /// The task of one programme in its period around a day, where one is owed.
    pub fn task(&self, programme: &Programme, spells: &[Spell], day: Date) -> Option<Task> {
        let (first, beyond) = programme.period.around(day);
        let from = programme.first_day(spells, first, beyond)?;
        // Who was there before the period began has waited long enough already.
        let is_new = programme.first_day(spells, first.add_days(-1), first).is_none();
        let by = last_working(self.working_days, from, beyond.add_days(-1));
        let is_long_enough = !is_new || self.first_days <= from.days_until(by) + 1;
        is_long_enough.then(|| Task { programme: programme.id.clone(), from, by })
    }
}

/// A stretch of days: from, and the first day no longer in it.
pub type Stretch = (Date, Option<Date>);

/// What is known of an elder, a household or a village, fact by fact.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// In the register of the county.
    pub there: Vec<Stretch>,
    /// In hospital, with relatives, travelling.
    pub away: Vec<Stretch>,
    pub groups: Vec<(Group, Stretch)>,
    pub tiers: Vec<(u8, Stretch)>,
}

/// The spells of a life: each as long as nothing changes.
pub fn spells(life: &Life) -> Vec<Spell> {
    let holds = |it: &Stretch, day: Date| it.0 <= day && it.1.is_none_or(|until| day < until);
    let both = |it: &Stretch| [Some(it.0), it.1];
    let groups = life.groups.iter().map(|it| &it.1);
    let tiers = life.tiers.iter().map(|it| &it.1);
    let all = life.there.iter().chain(&life.away).chain(groups).chain(tiers);
    let mut cuts: Vec<Date> = all.flat_map(both).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut spells: Vec<Spell> = Vec::new();
    for (at, from) in cuts.iter().copied().enumerate() {
        let is_there = life.there.iter().any(|it| holds(it, from)) && !life.away.iter().any(|it| holds(it, from));
        if !is_there {
            continue;
        }
        let mut groups: Vec<Group> = life.groups.iter().filter(|it| holds(&it.1, from)).map(|it| it.0).collect();
        groups.sort_unstable();
        groups.dedup();
        let tier = life.tiers.iter().filter(|it| holds(&it.1, from)).map(|it| it.0).max().unwrap_or(0);
        let until = cuts.get(at + 1).copied();
        match spells.last_mut() {
            Some(last) if last.until == Some(from) && (&last.groups, last.tier) == (&groups, tier) => {
                last.until = until
            }
            _ => spells.push(Spell { from, until, groups, tier }),
        }
    }
    spells
}

fn last_working(days: &WorkingDays, from: Date, last: Date) -> Date {
    let mut day = last;
    while from < day && !days.is_working(day) {
        day = day.add_days(-1);
    }
    if days.is_working(day) { day } else { last }
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum State {
    #[serde(rename = "待做")]
    Waiting,
    #[serde(rename = "按期完成")]
    Done,
    #[serde(rename = "逾期完成")]
    Late,
    /// It can still be done, with the reason of the delay.
    #[serde(rename = "逾期")]
    Overdue,
    /// Nobody was there to be visited any more before it was late.
    #[serde(rename = "不再需要")]
    Lapsed,
    /// It was late already when nobody was there any more: it stays counted as not done.
    #[serde(rename = "逾期未做")]
    Missed,
}

/// How a task stands on a day, of which `done` tells when it was done.
pub fn state(task: &Task, spells: &[Spell], done: Option<Date>, today: Date) -> State {
    let is_there = |day: Date| spells.iter().any(|it| it.from <= day && it.until.is_none_or(|until| day < until));
    let is_gone = spells.iter().all(|it| it.until.is_some_and(|until| until <= today));
    match done {
        Some(day) if day <= task.by => State::Done,
        Some(_) => State::Late,
        None if today <= task.by && is_gone => State::Lapsed,
        None if today <= task.by => State::Waiting,
        None if !is_there(task.by) => State::Lapsed,
        None if is_gone => State::Missed,
        None => State::Overdue,
    }
}
