//! The response to an alarm (报警处置): who is told when, how long each part may take, what is said on the phone. All times are
//! whole seconds since the alarm was raised, so that a case goes the same way whenever it is looked at.
//!
//! 依据: 政策库“报警处置”. No national document lays down the steps; those we ship are examples.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::{
    base::YesNo,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about answering alarms.
    "monitoring", "报警处置", "Response to alarms" {
        /// Who is told when, by kind and urgency.
        plans: Vec<Plan> = "处置步骤",
        /// What an operator asks and says, by kind.
        scripts: Vec<Script> = "接警话术",
        /// Days after a true alarm within which somebody looks after the person again.
        follow_up_days: u16 = "回访天数",
        /// Days ahead for which gaps of a roster are shown.
        roster_days: u16 = "值班预查天数",
        /// Minutes around now within which a planned visit keeps somebody from being sent.
        busy_minutes: u16 = "有约分钟",
    }
}

/// Whom a step tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum To {
    #[serde(rename = "值班人员")]
    OnDuty,
    /// The next rank of the roster; said again, the one after.
    #[serde(rename = "下一顺位")]
    Next,
    #[serde(rename = "团队长")]
    Lead,
    #[serde(rename = "家属")]
    Family,
    #[serde(rename = "主管")]
    Supervisor,
    /// The operator is told to call 120.
    #[serde(rename = "提示拨打120")]
    Ambulance,
}

impl To {
    pub const ALL: [To; 6] = [To::OnDuty, To::Next, To::Lead, To::Family, To::Supervisor, To::Ambulance];

    /// (word as kept, title).
    pub const WORDS: [(&str, &str); 6] = [
        ("on_duty", "值班人员"),
        ("next", "下一顺位"),
        ("lead", "团队长"),
        ("family", "家属"),
        ("supervisor", "主管"),
        ("ambulance", "提示拨打120"),
    ];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        To::WORDS[self as usize].0
    }

    pub fn title(self) -> &'static str {
        To::WORDS[self as usize].1
    }
}

/// One step: whom, and how many seconds after the alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(rename = "找")]
    pub to: To,
    #[serde(rename = "秒")]
    pub after: u32,
}

/// How alarms of some kinds are answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    #[serde(rename = "报警")]
    pub kinds: Vec<Kind>,
    /// Only of urgent ones or only of others; both where it is left out.
    #[serde(rename = "紧急", default)]
    pub urgent: Option<YesNo>,
    /// In the order of their seconds.
    #[serde(rename = "步骤")]
    pub steps: Vec<Step>,
    /// Seconds from the alarm until somebody has taken it.
    #[serde(rename = "接警秒")]
    pub acknowledge: u32,
    /// Seconds from then until somebody is on the way.
    #[serde(rename = "出发秒")]
    pub leave: u32,
    /// Seconds from then until somebody is at the door.
    #[serde(rename = "到达秒")]
    pub arrive: u32,
}

/// One line of a script, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(rename = "说")]
    pub zh: String,
    #[serde(rename = "英文")]
    pub en: String,
}

/// What is asked and said on the phone about alarms of some kinds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    #[serde(rename = "报警")]
    pub kinds: Vec<Kind>,
    #[serde(rename = "话术")]
    pub lines: Vec<Line>,
}

/// How far a case has come. Instants are seconds since the alarm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Course {
    pub now: i64,
    /// Steps that were taken already.
    pub taken: usize,
    pub acknowledged: Option<i64>,
    pub left: Option<i64>,
    pub arrived: Option<i64>,
    pub is_closed: bool,
    /// It was said already that nobody left, that nobody arrived.
    pub told_leave: bool,
    pub told_arrive: bool,
}

/// What takes longer than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Late {
    #[serde(rename = "催出发")]
    Leave,
    #[serde(rename = "催到达")]
    Arrive,
}

/// One thing to be done of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Step(Step),
    Remind(Late),
}

/// What is due of a case, and after how many seconds it is to be looked at again; nothing where no clock runs any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    pub now: Vec<Doing>,
    pub next: Option<i64>,
}

/// How a kind of alarm is answered here; nothing where the region says nothing of it.
///
/// 依据: 政策库“处置步骤”
pub fn plan<'a>(kind: Kind, is_urgent: bool, policy: &InForce<'a>) -> Result<Option<&'a Plan>, NoPolicy> {
    let fits = |it: &&Plan| it.kinds.contains(&kind) && it.urgent.is_none_or(|urgent| urgent.is_yes() == is_urgent);
    Ok(policy.read(|it| &it.monitoring.plans)?.iter().find(fits))
}

/// What is asked and said about a kind of alarm; empty where the region says nothing of it.
///
/// 依据: 政策库“接警话术”
pub fn script<'a>(kind: Kind, policy: &InForce<'a>) -> Result<&'a [Line], NoPolicy> {
    let all = policy.read(|it| &it.monitoring.scripts)?;
    Ok(all.iter().find(|it| it.kinds.contains(&kind)).map_or(&[], |it| &it.lines))
}

/// What is due at this moment, the earliest first, and when the next is. Until somebody takes the alarm it goes from step to step;
/// after that it is watched that somebody leaves, and then that somebody arrives.
///
/// 依据: 政策库“处置步骤”
pub fn due(plan: &Plan, it: &Course) -> Due {
    if it.is_closed || it.arrived.is_some() {
        return Due::default();
    }
    let since = |from: i64, seconds: u32, told: bool, late: Late| match from + i64::from(seconds) {
        _ if told => Due::default(),
        at if at <= it.now => Due { now: vec![Doing::Remind(late)], next: None },
        at => Due { now: Vec::new(), next: Some(at) },
    };
    match (it.acknowledged, it.left) {
        (_, Some(left)) => since(left, plan.arrive, it.told_arrive, Late::Arrive),
        (Some(acknowledged), None) => since(acknowledged, plan.leave, it.told_leave, Late::Leave),
        (None, None) => {
            let (now, later): (Vec<Step>, Vec<Step>) =
                plan.steps.iter().skip(it.taken).partition(|step| i64::from(step.after) <= it.now);
            let next = later.iter().map(|step| i64::from(step.after)).min();
            Due { now: now.into_iter().map(Doing::Step).collect(), next }
        }
    }
}

/// How long the parts of a case took, in seconds, and whether it was acknowledged in time; nothing of what has not happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// From the alarm.
    pub acknowledge: Option<i64>,
    /// From the acknowledgement, or from the alarm where somebody left before.
    pub leave: Option<i64>,
    /// From the alarm: what counts for whoever lies on the floor.
    pub arrive: Option<i64>,
    pub in_time: Option<bool>,
}

/// How long the parts of a case took. `acknowledge` are the seconds that were allowed; nothing where none were laid down.
pub fn times(it: &Course, acknowledge: Option<i64>) -> Times {
    let open_and_late = |allowed: i64| (allowed < it.now && !it.is_closed).then_some(false);
    Times {
        acknowledge: it.acknowledged.map(|at| at.max(0)),
        leave: it.left.map(|at| (at - it.acknowledged.unwrap_or(0)).max(0)),
        arrive: it.arrived.map(|at| at.max(0)),
        in_time: acknowledge
            .and_then(|allowed| it.acknowledged.map(|at| at <= allowed).or_else(|| open_and_late(allowed))),
    }
}

/// The middle one, of an even number the mean of both in the middle; nothing of nothing.
pub fn median(mut all: Vec<i64>) -> Option<f64> {
    all.sort_unstable();
    let middle = all.len() / 2;
    let upper = *all.get(middle)?;
    match all.len() % 2 {
        0 => Some((all[middle - 1] as f64 + upper as f64) / 2.0),
        _ => Some(upper as f64),
    }
}

/// The mean; nothing of nothing.
pub fn mean(all: &[i64]) -> Option<f64> {
    (!all.is_empty()).then(|| all.iter().sum::<i64>() as f64 / all.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ladder() -> Plan {
        let step = |to, after| Step { to, after };
        Plan {
            kinds: vec![Kind::Sos],
            urgent: None,
            steps: vec![step(To::OnDuty, 0), step(To::Next, 60), step(To::Family, 120), step(To::Ambulance, 300)],
            acknowledge: 60,
            leave: 300,
            arrive: 1_800,
        }
    }

    #[test]
    fn after_a_standstill_all_that_is_overdue_is_due_at_once() {
        let at = due(&ladder(), &Course { now: 130, taken: 1, ..Course::default() });
        let to: Vec<To> =
            at.now.iter().filter_map(|it| if let Doing::Step(it) = it { Some(it.to) } else { None }).collect();
        assert_eq!((to, at.next), (vec![To::Next, To::Family], Some(300)));
    }

    #[test]
    fn who_has_taken_it_is_watched_until_somebody_is_at_the_door() {
        let taken = Course { now: 200, taken: 2, acknowledged: Some(70), ..Course::default() };
        assert_eq!(due(&ladder(), &taken), Due { now: vec![], next: Some(370) });
        let late = Course { now: 370, ..taken };
        assert_eq!(due(&ladder(), &late).now, [Doing::Remind(Late::Leave)]);
        assert_eq!(due(&ladder(), &Course { told_leave: true, ..late }), Due::default());
        let on_the_way = Course { now: 400, left: Some(390), ..late };
        assert_eq!(due(&ladder(), &on_the_way).next, Some(390 + 1_800));
        assert_eq!(due(&ladder(), &Course { arrived: Some(1_000), ..on_the_way }), Due::default());
    }

    #[test]
    fn one_that_nobody_took_is_late_as_soon_as_the_time_is_over() {
        let it = Course { now: 61, ..Course::default() };
        assert_eq!(times(&it, Some(60)).in_time, Some(false));
        assert_eq!(times(&Course { now: 60, ..it }, Some(60)).in_time, None);
        assert_eq!(times(&Course { acknowledged: Some(60), ..it }, Some(60)).in_time, Some(true));
        assert_eq!(times(&it, None).in_time, None);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![9, 1, 5]), Some(5.0));
        assert_eq!(median(vec![4, 1, 9, 2]), Some(3.0));
        assert_eq!(mean(&[1, 2]), Some(1.5));
    }

    proptest! {
        // However often the clock looks, each step is taken once and none is left out.
        #[test]
        fn every_step_is_taken_once(looks in proptest::collection::vec(0_i64..90, 1..40)) {
            let (plan, mut now, mut taken) = (ladder(), 0, 0);
            for wait in looks {
                now += wait;
                let found = due(&plan, &Course { now, taken, ..Course::default() });
                taken += found.now.len();
                prop_assert_eq!(taken, plan.steps.iter().filter(|it| i64::from(it.after) <= now).count());
                prop_assert!(found.next.is_none_or(|next| now < next));
                prop_assert_eq!(found.next.is_none(), taken == plan.steps.len());
            }
        }
    }
}
