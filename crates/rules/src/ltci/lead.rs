//! Leads (疑点线索): what in a month's claims deserves a question. A lead is never a verdict: it says what was seen, and somebody
//! asks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{Date, Tenths, Text};

/// From where on something is worth a question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Kilometres an hour as the crow flies that nobody exceeds between two homes.
    #[serde(rename = "最高时速公里")]
    pub fastest: u16,
    /// Metres within which two first fixes are one place.
    #[serde(rename = "同一定位米")]
    pub same_place: u16,
    /// Elders of different homes at one place, at least.
    #[serde(rename = "同一定位人数")]
    pub same_place_elders: u16,
    /// Part of a carer's visits that are full hours, percent …
    #[serde(rename = "整点占比")]
    pub full_hours: u16,
    /// … of so many visits a month, at least.
    #[serde(rename = "整点最少次数")]
    pub full_hours_of: u16,
    /// The grade from which somebody is not seen well: with an ability level of at most `可疑能力等级` it is asked after.
    #[serde(rename = "可疑失能等级")]
    pub grave_grade: u8,
    #[serde(rename = "可疑能力等级")]
    pub able_level: u8,
}

/// What is known of one claimed visit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "日期")]
    pub day: Date,
    /// Minutes from midnight.
    #[serde(rename = "开始分钟", default)]
    pub begin: Option<u16>,
    #[serde(rename = "分钟", default)]
    pub minutes: u16,
    #[serde(rename = "老人")]
    pub elder: String,
    #[serde(rename = "机构")]
    pub provider: String,
    /// Number of the carer; nothing where none was named.
    #[serde(rename = "人员", default)]
    pub carer: String,
    /// Digest of the photo; nothing without one.
    #[serde(rename = "照片", default)]
    pub photo: String,
    /// First fix: latitude and longitude in millionths of a degree.
    #[serde(rename = "定位", default)]
    pub fix: Option<(i64, i64)>,
    /// The least time of the service, minutes.
    #[serde(rename = "最短分钟", default)]
    pub least_minutes: Option<u16>,
    /// Why the elder was not where the visit says: a stay in hospital, away, dead.
    #[serde(rename = "不在家", default)]
    pub away: Option<String>,
}

/// What is known of a recipient beside the visits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    #[serde(rename = "老人")]
    pub elder: String,
    #[serde(rename = "机构")]
    pub provider: String,
    #[serde(rename = "失能等级")]
    pub grade: u8,
    /// Level of the ability assessment in force: 0 able to 4 wholly dependent.
    #[serde(rename = "能力等级", default)]
    pub ability: Option<u8>,
    /// Assessors who work for the provider.
    #[serde(rename = "机构的评估员", default)]
    pub linked: Vec<String>,
}

/// What a lead is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Kind {
    #[serde(rename = "一人两处")]
    TwoHomes,
    #[serde(rename = "行程过快")]
    TooFast,
    #[serde(rename = "老人不在")]
    NotThere,
    #[serde(rename = "照片重复")]
    SamePhoto,
    #[serde(rename = "定位雷同")]
    SamePlace,
    #[serde(rename = "时长过短")]
    TooShort,
    #[serde(rename = "总是整点")]
    FullHours,
    #[serde(rename = "评估与服务关联")]
    AssessorLinked,
    #[serde(rename = "等级与能力不符")]
    AbilityDiffers,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::TwoHomes,
        Kind::TooFast,
        Kind::NotThere,
        Kind::SamePhoto,
        Kind::SamePlace,
        Kind::TooShort,
        Kind::FullHours,
        Kind::AssessorLinked,
        Kind::AbilityDiffers,
    ];

    pub fn title(self) -> Text {
        match self {
            Kind::TwoHomes => Text::new("一人两处", "one carer in two homes"),
            Kind::TooFast => Text::new("行程过快", "travelled faster than possible"),
            Kind::NotThere => Text::new("老人不在", "visited while the elder was not there"),
            Kind::SamePhoto => Text::new("照片重复", "the same photo"),
            Kind::SamePlace => Text::new("定位雷同", "the same first fix"),
            Kind::TooShort => Text::new("时长过短", "too short"),
            Kind::FullHours => Text::new("总是整点", "only ever full hours"),
            Kind::AssessorLinked => Text::new("评估与服务关联", "assessor linked to the provider"),
            Kind::AbilityDiffers => Text::new("等级与能力不符", "grade against ability"),
        }
    }
}

/// One thing to ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lead {
    pub kind: Kind,
    pub provider: String,
    /// Nothing where it is about a carer or an institution as a whole.
    pub elder: String,
    pub carer: String,
    pub day: Option<Date>,
    /// The claims it was seen in, sorted.
    pub lines: Vec<String>,
    pub said: Text,
}

impl Lead {
    fn of(kind: Kind, visits: &[&Visit], said: Text) -> Lead {
        let mut lines: Vec<String> = visits.iter().map(|it| it.id.clone()).collect();
        lines.sort();
        lines.dedup();
        let (first, all) = (visits[0], |of: fn(&Visit) -> &String| visits.iter().all(|it| of(it) == of(visits[0])));
        let same = |of: fn(&Visit) -> &String| if all(of) { of(first).clone() } else { String::new() };
        Lead {
            kind,
            provider: same(|it| &it.provider),
            elder: same(|it| &it.elder),
            carer: same(|it| &it.carer),
            day: visits.iter().map(|it| it.day).min(),
            lines,
            said,
        }
    }

    /// What tells one lead from another, whatever order the visits came in.
    pub fn key(&self) -> String {
        format!("{}:{}:{}:{}", self.kind.title().zh, self.elder, self.carer, self.lines.join(","))
    }
}

/// Everything in a month's visits that deserves a question, in the order of kinds, days and numbers.
///
/// 依据: 上海市医保局通报的典型案例（2025）: 未提供服务结算、时长不足、冒用身份、虚假上传; 医保发〔2024〕13号 评照分离
pub fn leads(visits: &[Visit], known: &[Known], of: &Thresholds) -> Vec<Lead> {
    let mut ordered: Vec<&Visit> = visits.iter().collect();
    ordered.sort_by_key(|it| (it.day, it.begin, &it.id));
    let mut all = Vec::new();
    by_carer(&ordered, of, &mut all);
    by_visit(&ordered, &mut all);
    by_photo(&ordered, &mut all);
    by_place(&ordered, of, &mut all);
    by_recipient(known, of, &mut all);
    all.sort_by_key(|it| (it.kind, it.day, it.key()));
    all.dedup();
    all
}

fn by_carer(ordered: &[&Visit], of: &Thresholds, all: &mut Vec<Lead>) {
    let mut carers: BTreeMap<&str, Vec<&Visit>> = BTreeMap::new();
    for it in ordered.iter().filter(|it| !it.carer.is_empty()) {
        carers.entry(&it.carer).or_default().push(it);
    }
    for visits in carers.values() {
        for (at, one) in visits.iter().enumerate() {
            for next in visits[at + 1..].iter().take_while(|it| it.day == one.day) {
                between(one, next, of, all);
            }
        }
        let timed: Vec<&Visit> = visits.iter().copied().filter(|it| it.begin.is_some() && 0 < it.minutes).collect();
        let full = timed.iter().filter(|it| it.minutes % 60 == 0 && it.begin.is_some_and(|it| it % 30 == 0)).count();
        let enough = usize::from(of.full_hours_of) <= timed.len();
        if enough && usize::from(of.full_hours) * timed.len() <= full * 100 {
            let said = Text::new(
                format!("{} 次服务中 {full} 次整点开始、整小时结束", timed.len()),
                format!("{full} of {} visits begin on the half hour and last full hours", timed.len()),
            );
            all.push(Lead { lines: Vec::new(), day: None, ..Lead::of(Kind::FullHours, &timed, said) });
        }
    }
}

/// Two visits of one carer on one day, the earlier first.
fn between(one: &Visit, next: &Visit, of: &Thresholds, all: &mut Vec<Lead>) {
    let (Some(a), Some(b)) = (one.begin, next.begin) else { return };
    if one.elder == next.elder || one.minutes == 0 || next.minutes == 0 {
        return;
    }
    let end = u32::from(a) + u32::from(one.minutes);
    if u32::from(b) < end {
        let said = Text::new(
            format!("{} 在两位老人处的时间重叠 {} 分钟", one.day, end - u32::from(b)),
            format!("{}: {} minutes at two elders at once", one.day, end - u32::from(b)),
        );
        all.push(Lead::of(Kind::TwoHomes, &[one, next], said));
        return;
    }
    let (Some(from), Some(to)) = (one.fix, next.fix) else { return };
    let (metres, minutes) = (distance(from, to), u32::from(b) - end);
    // Within a minute's precision somebody may have had a minute more.
    if u64::from(of.fastest) * 1000 * u64::from(minutes + 1) < metres * 60 {
        let far = Tenths::new(i32::try_from(metres / 100).unwrap_or(i32::MAX));
        let said = Text::new(
            format!("{} 相隔 {far} 公里，路上只有 {minutes} 分钟", one.day),
            format!("{}: {far} km apart with {minutes} minutes between", one.day),
        );
        all.push(Lead::of(Kind::TooFast, &[one, next], said));
    }
}

fn by_visit(ordered: &[&Visit], all: &mut Vec<Lead>) {
    for it in ordered {
        if let Some(why) = &it.away {
            let said =
                Text::new(format!("{} 老人{why}", it.day), format!("{}: the elder was not there ({why})", it.day));
            all.push(Lead::of(Kind::NotThere, &[it], said));
        }
        if let Some(least) = it.least_minutes.filter(|least| it.begin.is_some() && it.minutes < *least) {
            let said = Text::new(
                format!("至少 {least} 分钟，记录 {} 分钟", it.minutes),
                format!("{} minutes recorded, at least {least} needed", it.minutes),
            );
            all.push(Lead::of(Kind::TooShort, &[it], said));
        }
    }
}

fn by_photo(ordered: &[&Visit], all: &mut Vec<Lead>) {
    let mut photos: BTreeMap<&str, Vec<&Visit>> = BTreeMap::new();
    for it in ordered.iter().filter(|it| !it.photo.is_empty()) {
        photos.entry(&it.photo).or_default().push(it);
    }
    for visits in photos.values().filter(|it| 1 < it.len()) {
        let moments: BTreeSet<_> = visits.iter().map(|it| (it.day, it.begin, &it.elder)).collect();
        if 1 < moments.len() {
            let said = Text::new(
                format!("同一张照片用于 {} 次服务", moments.len()),
                format!("one photo for {} visits", moments.len()),
            );
            all.push(Lead::of(Kind::SamePhoto, visits, said));
        }
    }
}

/// Places are the cells of a grid as wide as `same_place`.
fn by_place(ordered: &[&Visit], of: &Thresholds, all: &mut Vec<Lead>) {
    // A metre is nine millionths of a degree of latitude.
    let cell = i64::from(of.same_place.max(1)) * 9;
    let mut places: BTreeMap<(&str, i64, i64), Vec<&Visit>> = BTreeMap::new();
    for it in ordered {
        if let Some((latitude, longitude)) = it.fix {
            let key = (&*it.provider, latitude.div_euclid(cell), longitude.div_euclid(cell));
            places.entry(key).or_default().push(it);
        }
    }
    for visits in places.values() {
        let elders: BTreeSet<&str> = visits.iter().map(|it| &*it.elder).collect();
        if usize::from(of.same_place_elders) <= elders.len() {
            let said = Text::new(
                format!("{} 位老人的服务从同一地点（{} 米以内）开始", elders.len(), of.same_place),
                format!("visits of {} elders begin within {} m of one place", elders.len(), of.same_place),
            );
            all.push(Lead::of(Kind::SamePlace, visits, said));
        }
    }
}

fn by_recipient(known: &[Known], of: &Thresholds, all: &mut Vec<Lead>) {
    let lead = |kind: Kind, it: &Known, said: Text| Lead {
        kind,
        provider: it.provider.clone(),
        elder: it.elder.clone(),
        carer: String::new(),
        day: None,
        lines: Vec::new(),
        said,
    };
    for it in known {
        if !it.linked.is_empty() {
            let names = it.linked.join("、");
            let said =
                Text::new(format!("评估员{names}在服务机构任职"), format!("assessor {names} works for the provider"));
            all.push(lead(Kind::AssessorLinked, it, said));
        }
        if let Some(ability) = it.ability.filter(|level| *level <= of.able_level && of.grave_grade <= it.grade) {
            let said = Text::new(
                format!("失能等级 {} 级，能力评估等级为 {ability}", it.grade),
                format!("disability grade {}, ability level {ability}", it.grade),
            );
            all.push(lead(Kind::AbilityDiffers, it, said));
        }
    }
}

/// Metres between two places given in millionths of a degree, as the crow flies.
fn distance(one: (i64, i64), other: (i64, i64)) -> u64 {
    let radians = |it: i64| (it as f64 / 1e6).to_radians();
    let (a, b) = (radians(one.0), radians(other.0));
    let (north, east) = (b - a, radians(other.1) - radians(one.1));
    let chord = (north / 2.0).sin().powi(2) + a.cos() * b.cos() * (east / 2.0).sin().powi(2);
    (2.0 * 6_371_000.0 * chord.sqrt().min(1.0).asin()) as u64
}
