//! What happens to a plan: drafted, changed line by line, agreed, begun, looked at again, ended. Each change makes a version with its
//! reason.

use kit::{Ask, Error, Result, Tx, clock::stamp};
use rules::{
    base::Date,
    care_plan::{self, Phase},
};

use super::{
    facts,
    line::{self, NewLine},
    marks,
    record::{self, Plan},
    words,
};
use crate::{
    assessment::needed,
    elders::{self, Elder, Key, Report, Tone},
};

/// The duty this module sets for an elder.
pub const DUE: &str = "careplan";

/// What a plan is drafted with besides what is known.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Words of [`words::WISHES`].
    pub wishes: Vec<String>,
    /// As the doctor judges; otherwise the rules do.
    pub phase: Option<Phase>,
}

/// A new plan and the draft it holds.
#[derive(Debug, Clone)]
pub struct New {
    pub plan: Plan,
    pub draft: care_plan::Draft,
}

/// What the rules would plan today.
///
/// # Errors
/// `Refused` where no policy is in force.
pub fn drafted(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wish: &Wish) -> Result<New> {
    let facts = facts::gather(tx, ask, elder, &wish.wishes, wish.phase)?;
    let policy = ask.app.policy_in(&elder.key.region, ask.today());
    let draft = needed(care_plan::draft(&facts, &policy))?;
    let plan = Plan {
        key: Key { region: elder.key.region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        made_for: elder.key.id,
        state: "draft".to_string(),
        phase: draft.phase,
        version: 1,
        from: None,
        until: None,
        review: draft.review,
        wishes: wish.wishes.clone(),
        facts,
        because: serde_json::to_string(&policy.because())?,
        ended_reason: String::new(),
        ended_note: String::new(),
        who: ask.who.name.clone(),
        created: stamp(ask.now),
    };
    Ok(New { plan, draft })
}

/// Drafts a plan and keeps it.
///
/// # Errors
/// `Refused` where the elder has an open plan; the database would refuse it too.
pub fn create(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wish: &Wish) -> Result<Plan> {
    let taken = || Error::refused("has_plan", "这位老人已有照护计划,请在原计划上修改");
    if record::open(tx, &elder.key)?.is_some() {
        return Err(taken());
    }
    let New { plan, draft } = drafted(tx, ask, elder, wish)?;
    match tx.attempt(|tx| record::insert(tx, &plan)) {
        Err(e) if e.is_duplicate() => return Err(taken()),
        other => other?,
    };
    record::put_version(tx, ask, &plan, "draft", &draft.phase_why.zh)?;
    for (at, it) in line::of_draft(&draft).iter().enumerate() {
        line::put(tx, &plan.key, at as i64 + 1, 1, it)?;
    }
    elders::report(tx, ask.now, &elder.key, &Report::new("careplan", "拟订照护计划").link(plan.link()))?;
    record::note(tx, ask, "create", &plan, elder, "")?;
    Ok(plan)
}

/// The next version of a plan: what was signed before is signed for the one before.
fn next(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, kind: &str, reason: &str) -> Result<()> {
    plan.changeable()?;
    if !elder.is_living() {
        return Err(Error::refused("elder_gone", "老人已不在册,不能再修改照护计划"));
    }
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "请写明原因"));
    }
    plan.version += 1;
    if plan.state == "agreed" {
        plan.state = "draft".to_string();
    }
    record::store(tx, plan)?;
    record::put_version(tx, ask, plan, kind, reason)?;
    record::note(tx, ask, "change", plan, elder, &format!("version {} {kind}", plan.version))
}

/// Somebody adds a line; gives its number.
pub fn add(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, it: &NewLine, reason: &str) -> Result<i64> {
    let number = line::next_number(tx, &plan.key)?;
    next(tx, ask, plan, elder, "change", reason)?;
    let why = if it.why.is_empty() { reason } else { &it.why };
    line::put(tx, &plan.key, number, plan.version, &NewLine { why: why.to_string(), ..it.clone() })?;
    Ok(number)
}

/// Somebody changes a line.
pub fn change(
    tx: &Tx<'_>,
    ask: &Ask,
    plan: &mut Plan,
    elder: &Elder,
    number: i64,
    it: &NewLine,
    reason: &str,
) -> Result<()> {
    line::find(tx, plan, number)?;
    next(tx, ask, plan, elder, "change", reason)?;
    line::stop(tx, &plan.key, number, plan.version)?;
    line::put(tx, &plan.key, number, plan.version, it)
}

/// Somebody drops a line.
pub fn drop(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, number: i64, reason: &str) -> Result<()> {
    line::find(tx, plan, number)?;
    next(tx, ask, plan, elder, "change", reason)?;
    line::stop(tx, &plan.key, number, plan.version)
}

/// Another phase from today on; the plan is looked at again by the new one's term.
pub fn phase_to(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, phase: Phase, reason: &str) -> Result<()> {
    if phase == plan.phase {
        return Err(Error::invalid("phase", "现在就是这个阶段"));
    }
    plan.phase = phase;
    plan.review = plan.review.min(review_by(ask, plan)?);
    next(tx, ask, plan, elder, "phase", reason)?;
    let report = Report::new("careplan", "照护计划阶段变更为{phase}").with("phase", phase.title()).link(plan.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    set_due(tx, plan, elder)
}

fn review_by(ask: &Ask, plan: &Plan) -> Result<Date> {
    let policy = ask.app.policy_in(&plan.key.region, ask.today());
    needed(care_plan::review_by(ask.today(), plan.phase, &policy))
}

/// The plan was looked at with what is known today.
pub fn review(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, conclusion: &str) -> Result<()> {
    plan.facts = facts::gather(tx, ask, elder, &plan.wishes, Some(plan.phase))?;
    plan.review = review_by(ask, plan)?;
    next(tx, ask, plan, elder, "review", conclusion)?;
    let report = Report::new("careplan", "复评照护计划,下次 {day}").with("day", plan.review).link(plan.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    set_due(tx, plan, elder)
}

/// What was found out makes the next look due at once.
pub fn review_at_once(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder) -> Result<()> {
    if ask.today() < plan.review {
        plan.review = ask.today();
        record::store(tx, plan)?;
    }
    let report = Report::new("careplan", "评估有新结论,照护计划应复评").tone(Tone::Warn).link(plan.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    set_due(tx, plan, elder)
}

/// An agreed plan is carried out from today on.
pub fn start(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder) -> Result<()> {
    if plan.state != "agreed" {
        return Err(Error::refused("not_agreed", "医生和老人(或家属)都签署后才能执行"));
    }
    plan.state = "in_force".to_string();
    plan.from = Some(ask.today());
    plan.review = review_by(ask, plan)?;
    record::store(tx, plan)?;
    marks::keep(tx, &ask.app, &elder.key)?;
    let report = Report::new("careplan", "照护计划开始执行").tone(Tone::Ok).link(plan.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    set_due(tx, plan, elder)?;
    record::note(tx, ask, "change", plan, elder, "in force")
}

/// How a plan ends.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    pub day: Date,
    /// A word of [`words::ENDS`].
    pub reason: &'static str,
    pub note: &'a str,
}

/// Ends a plan, whatever it has come to.
pub fn end(tx: &Tx<'_>, ask: &Ask, plan: &mut Plan, elder: &Elder, it: &Ending<'_>) -> Result<()> {
    plan.changeable()?;
    plan.state = "ended".to_string();
    // Who died before the plan began had none on that day.
    plan.until = plan.from.map(|from| from.max(it.day));
    plan.ended_reason = it.reason.to_string();
    plan.ended_note = it.note.to_string();
    record::store(tx, plan)?;
    for planned in super::given::planned(tx, &plan.key)?.iter().filter(|it| !it.visit.is_empty()) {
        let thing = format!("careplan:{}/{}", plan.key.id, planned.due);
        crate::visits::unwant(tx, ask, &plan.key.region, &thing, "照护计划已结束")?;
    }
    tx.run("delete from care_plan_planned where region = $1 and plan = $2", &[&plan.key.region, &plan.key.id])?;
    marks::keep(tx, &ask.app, &elder.key)?;
    elders::clear_due(tx, &elder.key, DUE)?;
    let report = Report::new("careplan", "照护计划终止:{why}")
        .with("why", words::title(words::ENDS, it.reason))
        .tone(Tone::Warn)
        .link(plan.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "change", plan, elder, &format!("ended {}", it.reason))
}

/// Sets the day on which a plan in force is looked at again.
pub fn set_due(tx: &Tx<'_>, plan: &Plan, elder: &Elder) -> Result<()> {
    if plan.is_in_force() && elder.is_living() {
        elders::set_due(tx, elder, DUE, plan.review, "复评照护计划", &plan.link())
    } else {
        elders::clear_due(tx, &elder.key, DUE)
    }
}
