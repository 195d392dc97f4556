//! Cases of readings and silence that raise an alarm. Times of day are those of the case's day in China.

use readings::{Alarm, Marks, Measure, Reading};
use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Tenths},
    dispatch::Clock,
    limits::{self, DeviceKind, Home, Item, Limits, Own, Raise, State, Trends, Why},
    policy::{InForce, NoPolicy},
};

/// China's zone in minutes.
const ZONE: i32 = 480;

/// Readings of a person, told to the rule one after the other in the order written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(rename = "本人限值", default)]
    own: Vec<Own>,
    #[serde(rename = "读数")]
    readings: Vec<Told>,
    /// Until when the case goes on; what waits through the night is told by then.
    #[serde(rename = "至", default)]
    until: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    #[serde(rename = "项目")]
    item: Item,
    #[serde(rename = "时刻")]
    at: Moment,
    #[serde(rename = "值")]
    value: Tenths,
    #[serde(rename = "标记", default)]
    marks: Vec<String>,
}

/// `08:00`, or `次日 07:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (days, clock) = match text.strip_prefix("次日") {
            Some(rest) => (1, rest),
            None => match text.strip_prefix("前日") {
                Some(rest) => (-1, rest),
                None => (0, text.as_str()),
            },
        };
        let clock: Clock = clock.parse().map_err(serde::de::Error::custom)?;
        Ok(Moment(days * 1440 + i64::from(clock.0)))
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let word = match self.0.div_euclid(1440) {
            0 => "",
            1.. => "次日 ",
            _ => "前日 ",
        };
        let minutes = self.0.rem_euclid(1440);
        serializer.collect_str(&format!("{word}{:02}:{:02}", minutes / 60, minutes % 60))
    }
}

impl Moment {
    fn instant(self, day: Date) -> i64 {
        midnight(day) + self.0 * 60_000
    }

    fn of(at: i64, day: Date) -> Moment {
        Moment((at - midnight(day)).div_euclid(60_000))
    }
}

fn midnight(day: Date) -> i64 {
    let since = Date::new(1970, 1, 1).expect("a day of the calendar").days_until(day);
    i64::from(since) * 86_400_000 - i64::from(ZONE) * 60_000
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Found {
    #[serde(rename = "报警", default)]
    raises: Vec<RaiseFound>,
    #[serde(rename = "解除", default)]
    overs: Vec<Moment>,
    #[serde(rename = "未采用", default)]
    unheeded: Vec<Why>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct RaiseFound {
    /// When somebody is told.
    #[serde(rename = "时刻")]
    told: Moment,
    #[serde(rename = "紧急")]
    urgent: bool,
    #[serde(rename = "事由")]
    reason: String,
}

impl RaiseFound {
    fn of(raise: &Raise, told: i64, day: Date) -> RaiseFound {
        RaiseFound { told: Moment::of(told, day), urgent: raise.urgent, reason: raise.reason.text.zh.clone() }
    }
}

pub fn judged(asked: &Asked, policy: &InForce<'_>) -> Result<Found, NoPolicy> {
    let day = policy.day();
    let limits = limits::limits(&asked.own, policy);
    let (mut state, mut waiting) = (State::default(), Vec::new());
    let mut found = Found { raises: Vec::new(), overs: Vec::new(), unheeded: Vec::new() };
    let mut again = None;
    for told in &asked.readings {
        let now = told.at.instant(day);
        morning(&limits, &mut waiting, &mut again, now, day, &mut found);
        let reading = Reading { at: now, value: told.item.kept(told.value), marks: marks(&told.marks) };
        let judged = limits::judge(&limits, &state, &[(told.item.0, reading)], now);
        state = judged.state;
        found.overs.extend(judged.overs.iter().map(|it| Moment::of(it.at, day)));
        found.unheeded.extend(judged.unheeded.iter().map(|it| it.why));
        let told = limits::tell(&limits, &waiting, judged.raises, now, ZONE);
        found.raises.extend(told.now.iter().map(|it| RaiseFound::of(it, now, day)));
        (waiting, again) = (told.waiting, told.again);
    }
    if let Some(until) = asked.until {
        morning(&limits, &mut waiting, &mut again, until.instant(day), day, &mut found);
    }
    Ok(found)
}

/// Tells what waited, where its time has come.
fn morning(limits: &Limits, waiting: &mut Vec<Raise>, again: &mut Option<i64>, now: i64, day: Date, found: &mut Found) {
    if let Some(at) = again.filter(|it| *it <= now) {
        let told = limits::tell(limits, waiting, Vec::new(), at, ZONE);
        found.raises.extend(told.now.iter().map(|it| RaiseFound::of(it, at, day)));
        (*waiting, *again) = (told.waiting, told.again);
    }
}

fn marks(titles: &[String]) -> Marks {
    let found = Marks::ALL.iter().filter(|it| titles.iter().any(|title| title == it.2));
    found.fold(Marks::NONE, |all, it| all.with(it.0))
}

/// The mean of each of some days before the case's day; 0 is that day itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysAsked {
    #[serde(rename = "项目")]
    item: Item,
    #[serde(rename = "日均")]
    days: Vec<DayAsked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayAsked {
    #[serde(rename = "前几天")]
    ago: u16,
    #[serde(rename = "值")]
    value: Tenths,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TrendsFound {
    #[serde(rename = "事由")]
    reasons: Vec<String>,
}

pub fn trends(asked: &DaysAsked, policy: &InForce<'_>) -> Result<TrendsFound, NoPolicy> {
    let limits = limits::limits(&[], policy);
    let day =
        |it: &DayAsked| limits::Day { day: policy.day().add_days(-i32::from(it.ago)), mean: asked.item.kept(it.value) };
    let days: Vec<limits::Day> = asked.days.iter().map(day).collect();
    let measure: Measure = asked.item.0;
    let (_, raises, _) =
        limits::trends(&limits, &Trends::default(), measure, &days, policy.day(), midnight(policy.day()));
    Ok(TrendsFound { reasons: raises.into_iter().map(|it| it.reason.text.zh).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeAsked {
    #[serde(rename = "最近活动", default)]
    moved: Option<Moment>,
    #[serde(rename = "设备最近消息", default)]
    alive: Option<Moment>,
    #[serde(rename = "已报", default)]
    told: Option<Moment>,
    #[serde(rename = "现在")]
    now: Moment,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct LookFound {
    #[serde(rename = "报警", default)]
    raise: Option<String>,
    #[serde(rename = "紧急", default)]
    urgent: Option<bool>,
    #[serde(rename = "解除", default)]
    over: bool,
    #[serde(rename = "下次看", default)]
    again: Option<Moment>,
}

impl LookFound {
    fn of(raise: Option<Raise>, over: bool, again: Option<i64>, day: Date) -> LookFound {
        let urgent = raise.as_ref().map(|it| it.urgent);
        let again = again.map(|it| Moment::of(it, day));
        LookFound { raise: raise.map(|it| it.reason.text.zh), urgent, over, again }
    }
}

pub fn still(asked: &HomeAsked, policy: &InForce<'_>) -> Result<LookFound, NoPolicy> {
    let day = policy.day();
    let at = |it: Option<Moment>| it.map(|it| it.instant(day));
    let home = Home { moved: at(asked.moved), alive: at(asked.alive), told: at(asked.told) };
    let found = limits::still(&limits::limits(&[], policy), &home, asked.now.instant(day), ZONE);
    Ok(LookFound::of(found.raise, found.over.is_some(), found.again, day))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceAsked {
    #[serde(rename = "设备")]
    kind: DeviceKind,
    #[serde(rename = "最近消息")]
    heard: Moment,
    #[serde(rename = "已报", default)]
    told: bool,
    #[serde(rename = "现在")]
    now: Moment,
}

pub fn silent(asked: &DeviceAsked, policy: &InForce<'_>) -> Result<LookFound, NoPolicy> {
    let day = policy.day();
    let (heard, now) = (asked.heard.instant(day), asked.now.instant(day));
    let found = limits::silent(&limits::limits(&[], policy), asked.kind, heard, asked.told, now);
    Ok(LookFound::of(found.raise, found.over.is_some(), found.again, day))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmAsked {
    #[serde(rename = "报警")]
    title: String,
    #[serde(rename = "标记", default)]
    marks: Vec<String>,
}

pub fn of_device(asked: &AlarmAsked, policy: &InForce<'_>) -> Result<LookFound, NoPolicy> {
    let alarm = Alarm::ALL.into_iter().find(|it| it.title() == asked.title);
    let day = policy.day();
    let raise = alarm.and_then(|it| limits::of_device(it, marks(&asked.marks), midnight(day)));
    Ok(LookFound::of(raise, false, None, day))
}
