//! Home hospital beds (家庭病床): who may have one, by when the doctor comes, how often rounds and checks are, how long a course
//! lasts, and why a bed is closed.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Listed},
    policy::{InForce, NoPolicy, topic},
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
