//! The clock of cases: what is due of each, done once whichever server looks, and gone on with after a standstill.

use jiff::{SignedDuration, Timestamp};
use kit::{App, Ask, Result, Said, Scope, Tx, Who, clock::stamp};
use rules::alarm::{self, Doing, Late, Step, To};

use super::{
    case::{self, Case},
    entry::{self, New},
    tell::{self, Target, Told, Waiting},
};
use crate::elders::{self, Elder, Key};

/// Cases one round looks at.
const ROUND: usize = 100;
/// A case that could not be gone on with is tried again after so many seconds.
const AGAIN: i64 = 30;

/// One round: steps that are due at this instant, and what became of messages. Gives whether there was something to do.
///
/// # Errors
/// Those of the database; a case that fails is put off and does not hold up the others.
pub async fn tick(app: &App, now: Timestamp) -> Result<bool> {
    let due = app.db.read(move |tx| due(tx, now)).await?;
    let any = !due.is_empty();
    for key in due {
        let (for_case, failed) = (app.clone(), key.clone());
        if let Err(e) = app.db.write(move |tx| go_on(tx, &for_case, now, &key)).await {
            tracing::error!(case = %failed, "the clock of an alarm: {e}");
            app.db.write(move |tx| put_off(tx, now, &failed)).await?;
        }
    }
    let waiting = app.db.read(waiting).await?;
    let settled = match waiting.is_empty() {
        true => 0,
        false => app.db.write(move |tx| tell::settle(tx, now, &waiting)).await?,
    };
    Ok(any || 0 < settled)
}

fn due(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Key>> {
    let sql =
        format!("select region, id from alarm_case where next_at <= $1 order by next_at, region, id limit {ROUND}");
    tx.rows(&sql, &[&stamp(now)], |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }))
}

fn waiting(tx: &Tx<'_>) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select region, alarm, id, message from alarm_entry where sending = 'waiting' order by sending, region, alarm, id limit {ROUND}"
    );
    tx.rows(&sql, &[], |row| {
        Ok(Waiting { case: Key { region: row.get(0)?, id: row.get(1)? }, id: row.get(2)?, message: row.get(3)? })
    })
}

/// Takes the steps of a case that are due, unless another server did since it was looked for.
fn go_on(tx: &Tx<'_>, app: &App, now: Timestamp, key: &Key) -> Result<()> {
    case::hold(tx, key)?;
    let mut it = case::by_key(tx, key)?;
    if it.next_at.as_ref().is_some_and(|at| *at <= stamp(now)) { advance(tx, app, now, &mut it) } else { Ok(()) }
}

fn put_off(tx: &Tx<'_>, now: Timestamp, key: &Key) -> Result<()> {
    case::hold(tx, key)?;
    let mut it = case::by_key(tx, key)?;
    it.next_at = Some(stamp(now + SignedDuration::from_secs(AGAIN)));
    case::store(tx, now, &mut it)?;
    let said = Said::new("系统出错,{n} 秒后再试").with("n", AGAIN);
    entry::write(tx, now, key, &New::of("unsent", "", said))
}

/// What is due at once of a case that was just raised. Should it fail the case stands all the same, and the clock tries again.
pub fn begin(tx: &Tx<'_>, app: &App, now: Timestamp, it: &mut Case) -> Result<()> {
    let mut tried = it.clone();
    match tx.attempt(|tx| advance(tx, app, now, &mut tried)) {
        Ok(()) => *it = tried,
        Err(e) => tracing::error!(case = %it.key, "the first step of an alarm: {e}"),
    }
    Ok(())
}

/// Takes the steps that are due of a case that is held, and says when it is to be looked at again.
pub fn advance(tx: &Tx<'_>, app: &App, now: Timestamp, it: &mut Case) -> Result<()> {
    let ask = system(app, &it.key.region, now);
    let policy = app.policy_in(&it.key.region, it.day()?);
    let Some(plan) = alarm::plan(it.kind, it.urgent, &policy).ok().flatten() else {
        it.next_at = None;
        return case::store(tx, now, it);
    };
    let due = alarm::due(plan, &it.course(now)?);
    let elder = elder_of(tx, &ask, it)?;
    for doing in &due.now {
        match doing {
            Doing::Step(step) => {
                take(tx, &ask, it, elder.as_ref(), plan, *step)?;
                it.steps += 1;
            }
            Doing::Remind(late) => remind(tx, &ask, it, elder.as_ref(), *late)?,
        }
    }
    it.next_at = due.next.map(|seconds| it.after(seconds)).transpose()?;
    case::store(tx, now, it)
}

/// Says when a case that somebody changed is to be looked at again.
pub fn set_next(ask: &Ask, it: &mut Case) -> Result<()> {
    let policy = ask.app.policy_in(&it.key.region, it.day()?);
    let Some(plan) = alarm::plan(it.kind, it.urgent, &policy).ok().flatten() else {
        it.next_at = None;
        return Ok(());
    };
    let due = alarm::due(plan, &it.course(ask.now)?);
    it.next_at = match due.now.is_empty() {
        true => due.next.map(|seconds| it.after(seconds)).transpose()?,
        false => Some(stamp(ask.now)),
    };
    Ok(())
}

/// A case that was handed back after its last step begins anew, or nobody would be told of it any more.
pub fn begin_anew(ask: &Ask, it: &mut Case) -> Result<()> {
    let policy = ask.app.policy_in(&it.key.region, it.day()?);
    let plan = alarm::plan(it.kind, it.urgent, &policy).ok().flatten();
    if plan.is_some_and(|plan| plan.steps.len() <= usize::try_from(it.steps).unwrap_or(0)) {
        (it.steps, it.since) = (0, stamp(ask.now));
    }
    Ok(())
}

/// The system as it works in a county at an instant.
fn system(app: &App, region: &str, now: Timestamp) -> Ask {
    Ask::of(app, Who::system(Scope::of(&app.places.tree(), region)), now)
}

pub fn elder_of(tx: &Tx<'_>, ask: &Ask, it: &Case) -> Result<Option<Elder>> {
    let scope = Scope::of(&ask.app.places.tree(), &it.key.region);
    it.elder_key().map(|key| elders::find(tx, &scope, &key)).transpose()
}

fn take(tx: &Tx<'_>, ask: &Ask, it: &Case, elder: Option<&Elder>, plan: &alarm::Plan, step: Step) -> Result<()> {
    let before = usize::try_from(it.steps).unwrap_or(0);
    let of_roster = |step: &&Step| matches!(step.to, To::OnDuty | To::Next);
    let nth = plan.steps.iter().take(before).filter(of_roster).count();
    let all = tell::targets(tx, ask, it, elder, step.to, nth)?;
    if step.to == To::Ambulance {
        let said = Said::new("{n} 秒没有人接警,请拨打120").with("n", step.after);
        entry::write(tx, ask.now, &it.key, &New::of("step", "", said))?;
    } else if all.is_empty() {
        entry::write(tx, ask.now, &it.key, &New::of("unsent", "", nobody(it, step.to, nth)))?;
    }
    for (which, target) in all.iter().enumerate() {
        let told = Told {
            key: format!("step {before}.{which} {}", it.since),
            to: step.to.title(),
            entry: "step",
            title: if step.to == To::Ambulance { "报警无人接警,请拨打120" } else { "报警" },
            body: tell::body(ask, it, elder, target.is_family),
        };
        tell::tell(tx, ask, it, target, &told)?;
    }
    Ok(())
}

/// Why a step found nobody.
fn nobody(it: &Case, to: To, nth: usize) -> Said {
    match to {
        To::OnDuty | To::Next if it.organisation.is_none() => Said::new("{to}:这里没有处置中心").with("to", to.title()),
        To::OnDuty | To::Next => {
            Said::new("{to}:值班表上此时没有第 {n} 个人").with("to", to.title()).with("n", nth + 1)
        }
        To::Family if it.elder.is_none() => Said::new("{to}:不知道是哪位老人").with("to", to.title()),
        To::Family => Said::new("{to}:没有登记联系人电话").with("to", to.title()),
        To::Lead | To::Supervisor | To::Ambulance => Said::new("{to}:没有登记").with("to", to.title()),
    }
}

/// Says to who was called first, to the lead and to operators that nobody left or arrived.
fn remind(tx: &Tx<'_>, ask: &Ask, it: &mut Case, elder: Option<&Elder>, late: Late) -> Result<()> {
    let (title, said) = match late {
        Late::Leave => ("报警已接,还没有人出发", Said::new("已接警,到时限还没有人出发")),
        Late::Arrive => ("派出的人还没有到", Said::new("已出发,到时限还没有到达")),
    };
    match late {
        Late::Leave => it.told_leave = true,
        Late::Arrive => it.told_arrive = true,
    }
    entry::write(tx, ask.now, &it.key, &New::of("late", "", said))?;
    let mut all: Vec<(To, Target)> = Vec::new();
    for to in [To::OnDuty, To::Lead] {
        all.extend(tell::targets(tx, ask, it, elder, to, 0)?.into_iter().map(|one| (to, one)));
    }
    let mut told_already: Vec<String> = Vec::new();
    for (to, target) in all {
        if told_already.contains(&target.name) {
            continue;
        }
        let told = Told {
            key: format!("{late:?} {}", it.since),
            to: to.title(),
            entry: "late",
            title,
            body: tell::body(ask, it, elder, false),
        };
        tell::tell(tx, ask, it, &target, &told)?;
        told_already.push(target.name);
    }
    Ok(())
}
