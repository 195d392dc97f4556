//! Home hospital beds (家庭病床): who may have one, by when the doctor comes, how often rounds and checks are, how long a course
//! lasts, and why a bed is closed; for home elderly-care beds (家庭养老床位), how many days they served.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Listed, YesNo},
    policy::{InForce, NoPolicy, topic},
    workforce::Certificate,
};

topic! {
    /// What a region lays down about home hospital beds.
    "home_bed", "家庭病床", "Home hospital beds" {
        /// One of these has to hold.
        conditions: Vec<Listed> = "建床条件",
        /// None of these may hold.
        obstacles: Vec<Listed> = "不予建床情形",
        /// Hours after the application within which the responsible doctor sees the elder.
        visit_hours: u16 = "建床评估时限小时",
        /// Rounds in seven days, at least.
        rounds_a_week: u16 = "每周巡诊次数",
        /// Days between two checks of a superior doctor, at most.
        superior_days: u16 = "上级查床间隔天数",
        /// Days of a course.
        course_days: u16 = "疗程天数",
        /// Why a bed is closed.
        endings: Vec<Listed> = "撤床原因",
        /// Whether an elder may lie in a home hospital bed and in a home elderly-care bed on one day.
        both_kinds: YesNo = "两床并存",
        /// The licences of which a responsible doctor holds one.
        doctor_licences: Vec<Certificate> = "责任医师证书",
        /// Days between two checks of how an elderly-care bed serves, at most.
        check_days: u16 = "养老床位回访间隔天数",
        /// The price item that opening a bed is charged by.
        opening_item: String = "建床费项目",
        /// The price item that a round is charged by.
        round_item: String = "巡诊费项目",
    }
}

/// What the doctor has found of conditions and obstacles, by their ids; of the others nothing is known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Findings {
    #[serde(rename = "有")]
    pub present: Vec<String>,
    #[serde(rename = "无")]
    pub absent: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Verdict {
    #[serde(rename = "可以建床")]
    Eligible,
    #[serde(rename = "不予建床")]
    Refused,
    #[serde(rename = "待定")]
    Undecided,
}

/// Whether a bed may be opened, and the ids of what that rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    #[serde(rename = "结论")]
    pub verdict: Verdict,
    #[serde(rename = "符合", default)]
    pub conditions: Vec<String>,
    #[serde(rename = "情形", default)]
    pub obstacles: Vec<String>,
    /// What has to be found out before it can be decided.
    #[serde(rename = "待核", default)]
    pub open: Vec<String>,
}

/// One condition and no obstacle; an obstacle that nobody has looked for leaves it undecided.
///
/// 依据: 四川省家庭病床管理（2020）、北京市家庭病床管理（2007）收治对象，见政策库“建床条件”
pub fn eligibility(found: &Findings, policy: &InForce<'_>) -> Result<Eligibility, NoPolicy> {
    let (conditions, obstacles) =
        (policy.read(|it| &it.home_bed.conditions)?, policy.read(|it| &it.home_bed.obstacles)?);
    let among = |all: &[Listed], said: &[String]| -> Vec<String> {
        all.iter().filter(|it| said.contains(&it.id)).map(|it| it.id.clone()).collect()
    };
    let unknown = |all: &[Listed]| -> Vec<String> {
        let is_open = |it: &&Listed| !found.present.contains(&it.id) && !found.absent.contains(&it.id);
        all.iter().filter(is_open).map(|it| it.id.clone()).collect()
    };
    let (met, against) = (among(conditions, &found.present), among(obstacles, &found.present));
    // Once one condition holds nobody asks for the others.
    let open_conditions = if met.is_empty() { unknown(conditions) } else { Vec::new() };
    let is_refused = !against.is_empty() || (met.is_empty() && open_conditions.is_empty());
    let open = if is_refused { Vec::new() } else { [unknown(obstacles), open_conditions].concat() };
    let verdict = match (is_refused, open.is_empty()) {
        (true, _) => Verdict::Refused,
        (false, true) => Verdict::Eligible,
        (false, false) => Verdict::Undecided,
    };
    Ok(Eligibility { verdict, conditions: met, obstacles: against, open })
}

/// The last day on which the responsible doctor's visit after an application is in time.
///
/// 依据: 家庭病床管理办法通行做法 责任医师 24 至 48 小时内上门评估，见政策库“建床评估时限小时”
pub fn visit_by(applied: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let hours = *policy.read(|it| &it.home_bed.visit_hours)?;
    Ok(applied.add_days(i32::from(hours.div_ceil(24))))
}

/// A bed as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bed {
    #[serde(rename = "建床日")]
    pub opened: Date,
    /// The first day of the present course, where the bed was extended.
    #[serde(rename = "续建日", default)]
    pub extended: Option<Date>,
    /// The day on which it went on after a suspension.
    #[serde(rename = "恢复日", default)]
    pub resumed: Option<Date>,
    #[serde(rename = "上次巡诊", default)]
    pub last_round: Option<Date>,
    #[serde(rename = "上次查床", default)]
    pub last_superior: Option<Date>,
}

/// What is due at a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dues {
    /// The last day of the next round.
    #[serde(rename = "巡诊最迟")]
    pub round: Date,
    /// The last day of the superior doctor's next check.
    #[serde(rename = "查床最迟")]
    pub superior: Date,
    /// The last day of the course: until then it is decided whether the bed goes on.
    #[serde(rename = "疗程末日")]
    pub last_day: Date,
}

/// What is due at a bed that is not suspended. A round counts from the last one, from the opening or from the end of a suspension,
/// whichever was last; more rounds a week than days between them allow are a round a day.
///
/// 依据: 家庭病床管理办法通行做法 每周至少巡诊一次、疗程届满重新评估，见政策库“每周巡诊次数”“疗程天数”
pub fn dues(bed: &Bed, policy: &InForce<'_>) -> Result<Dues, NoPolicy> {
    let rounds = *policy.read(|it| &it.home_bed.rounds_a_week)?;
    let superior = *policy.read(|it| &it.home_bed.superior_days)?;
    let course = *policy.read(|it| &it.home_bed.course_days)?;
    let begun = bed.opened.max(bed.resumed.unwrap_or(bed.opened));
    let after = |last: Option<Date>, days: u16| last.unwrap_or(begun).max(begun).add_days(i32::from(days));
    Ok(Dues {
        round: after(bed.last_round, (7 / rounds.max(1)).max(1)),
        superior: after(bed.last_superior, superior),
        last_day: bed.extended.unwrap_or(bed.opened).add_days(i32::from(course) - 1),
    })
}

/// The first day of the course that follows: the day after the last one, or the day of the review where that is late.
pub fn extended_from(last_day: Date, reviewed: Date) -> Date {
    reviewed.max(last_day.add_days(1))
}

/// The last day on which an elderly-care bed is checked next: after the last check, the beginning or the end of a suspension.
///
/// 依据: 没有全国规定，各地自定，见政策库“养老床位回访间隔天数”
pub fn check_by(begun: Date, last: Option<Date>, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let days = *policy.read(|it| &it.home_bed.check_days)?;
    Ok(last.unwrap_or(begun).max(begun).add_days(i32::from(days)))
}

/// How often a service was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Per {
    #[serde(rename = "每天")]
    Day,
    #[serde(rename = "每周")]
    Week,
    #[serde(rename = "每月")]
    Month,
}

/// The last day on which a service is given next: so many times a period lie evenly in it, a day apart at least, counted from when
/// it was last given, from its beginning or from the end of a suspension, whichever was last.
pub fn service_by(begun: Date, last: Option<Date>, times: u16, per: Per) -> Date {
    let days = match per {
        Per::Day => 1,
        Per::Week => 7,
        Per::Month => 30,
    };
    last.unwrap_or(begun).max(begun).add_days((days / i32::from(times.max(1))).max(1))
}

/// By which price items a bed is charged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    #[serde(rename = "建床")]
    pub opening: String,
    #[serde(rename = "巡诊")]
    pub round: String,
}

/// The price items of opening and rounds.
///
/// 依据: 家庭病床收费按各地医疗服务价格目录，见政策库“建床费项目”“巡诊费项目”
pub fn items(policy: &InForce<'_>) -> Result<Items, NoPolicy> {
    let opening = policy.read(|it| &it.home_bed.opening_item)?.clone();
    Ok(Items { opening, round: policy.read(|it| &it.home_bed.round_item)?.clone() })
}

/// Whether an elder may lie in beds of both kinds on one day.
///
/// 依据: 没有全国规定，各地自定，见政策库“两床并存”
pub fn both_kinds(policy: &InForce<'_>) -> Result<YesNo, NoPolicy> {
    policy.read(|it| &it.home_bed.both_kinds).copied()
}

/// A stretch in which a bed was suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    #[serde(rename = "自")]
    pub from: Date,
    /// The day on which it went on; none while it is suspended.
    #[serde(rename = "恢复", default)]
    pub until: Option<Date>,
}

/// A bed over time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Stay {
    #[serde(rename = "建床日")]
    pub opened: Date,
    /// The day of its end, which counts no more.
    #[serde(rename = "撤床日", default)]
    pub ended: Option<Date>,
    #[serde(rename = "暂停", default)]
    pub pauses: Vec<Pause>,
}

/// On how many days from one to another, both included, a bed served: from its opening to the day before its end, without the
/// days of suspension.
pub fn days_served(stay: &Stay, from: Date, to: Date) -> u32 {
    let serves = |day: Date| {
        let paused = stay.pauses.iter().any(|it| it.from <= day && it.until.is_none_or(|until| day < until));
        stay.ended.is_none_or(|ended| day < ended) && !paused
    };
    let (mut day, mut days) = (from.max(stay.opened), 0);
    while day <= to {
        days += u32::from(serves(day));
        day = day.add_days(1);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_lie_evenly_in_their_period_and_a_day_apart_at_least() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let begun = day("2026-03-01");
        assert_eq!(service_by(begun, None, 1, Per::Day), day("2026-03-02"));
        assert_eq!(service_by(begun, None, 1, Per::Week), day("2026-03-08"));
        assert_eq!(service_by(begun, Some(day("2026-03-05")), 2, Per::Week), day("2026-03-08"));
        assert_eq!(service_by(begun, Some(day("2026-02-20")), 1, Per::Month), day("2026-03-31"), "a pause counts anew");
        assert_eq!(service_by(begun, None, 3, Per::Day), day("2026-03-02"));
        assert_eq!(service_by(begun, None, 0, Per::Week), day("2026-03-08"));
    }

    #[test]
    fn a_course_follows_on_the_last_one_and_a_late_review_begins_it_on_its_own_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(extended_from(day("2026-05-29"), day("2026-05-20")), day("2026-05-30"));
        assert_eq!(extended_from(day("2026-05-29"), day("2026-05-30")), day("2026-05-30"));
        assert_eq!(extended_from(day("2026-05-29"), day("2026-06-02")), day("2026-06-02"));
    }
}
