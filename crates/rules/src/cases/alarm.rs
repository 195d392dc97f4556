//! Cases of alarms: the steps of a response, and the gaps of a duty roster.

use serde::{Deserialize, Serialize};

use crate::{
    alarm::{self, Course, Doing, Kind, Lack, Rota},
    base::{Date, YesNo},
    policy::{InForce, NoPolicy},
};

/// A case at a moment; seconds since the alarm.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourseAsked {
    #[serde(rename = "报警")]
    kind: Kind,
    #[serde(rename = "紧急")]
    urgent: YesNo,
    #[serde(rename = "过秒")]
    now: i64,
    #[serde(rename = "已办", default)]
    taken: usize,
    #[serde(rename = "接警", default)]
    acknowledged: Option<i64>,
    #[serde(rename = "出发", default)]
    left: Option<i64>,
    #[serde(rename = "到达", default)]
    arrived: Option<i64>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct DueFound {
    #[serde(rename = "现在")]
    now: Vec<String>,
    #[serde(rename = "下次", default)]
    next: Option<i64>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct GapsFound {
    #[serde(rename = "空档")]
    gaps: Vec<GapFound>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct GapFound {
    #[serde(rename = "日期")]
    day: Date,
    #[serde(rename = "始")]
    begins: u16,
    #[serde(rename = "顺位")]
    rank: u8,
    #[serde(rename = "缺")]
    lack: Lack,
}

pub(super) fn due(asked: &CourseAsked, policy: &InForce<'_>) -> Result<DueFound, NoPolicy> {
    let course = Course {
        now: asked.now,
        taken: asked.taken,
        acknowledged: asked.acknowledged,
        left: asked.left,
        arrived: asked.arrived,
        ..Course::default()
    };
    let plan = alarm::plan(asked.kind, asked.urgent.is_yes(), policy)?;
    let due = plan.map(|plan| alarm::due(plan, &course)).unwrap_or_default();
    let said = |it: &Doing| match it {
        Doing::Step(it) => it.to.title().to_string(),
        Doing::Remind(alarm::Late::Leave) => "催出发".to_string(),
        Doing::Remind(alarm::Late::Arrive) => "催到达".to_string(),
    };
    Ok(DueFound { now: due.now.iter().map(said).collect(), next: due.next })
}

pub(super) fn gaps(rota: &Rota, policy: &InForce<'_>) -> Result<GapsFound, NoPolicy> {
    let days = *policy.read(|it| &it.monitoring.roster_days)?;
    let found = rota.gaps(policy.day(), days).into_iter();
    let gaps = found.map(|it| GapFound { day: it.shift.day, begins: it.shift.begins, rank: it.rank, lack: it.lack });
    Ok(GapsFound { gaps: gaps.collect() })
}
