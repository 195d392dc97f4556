//! Cases that were answered elsewhere or long ago: taken in with their times, telling nobody.

use jiff::{SignedDuration, Timestamp};
use kit::{Ask, Id, Result, Said, Tx, clock::stamp};
use rules::alarm::{self, Kind};

use super::{
    case::{self, Case},
    duty,
    entry::{self, New},
    marks, words,
};
use crate::elders::Elder;

/// A case of the past; times are seconds, each since the one before.
#[derive(Debug, Clone)]
pub struct Past<'a> {
    pub elder: &'a Elder,
    pub kind: Kind,
    pub urgent: bool,
    pub raised: Timestamp,
    pub raises: i64,
    pub device: Option<Id>,
    pub device_label: &'a str,
    /// After how long somebody took it, and who.
    pub acknowledged: Option<(i64, &'a str)>,
    pub departed: Option<(i64, &'a str)>,
    /// Whether it was proven.
    pub arrived: Option<(i64, bool)>,
    /// After how long, with which word of the verdicts, and what was found.
    pub closed: Option<(i64, &'a str, &'a str)>,
}

/// Keeps a case of the past; an open one goes on from now by its clock.
pub fn take_past(tx: &Tx<'_>, ask: &Ask, it: &Past<'_>) -> Result<()> {
    let elder = it.elder;
    let mut at = it.raised;
    let mut later = |seconds: i64| {
        at = at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at);
        at
    };
    let policy = ask.app.policy_in(&elder.key.region, kit::clock::day_of(it.raised));
    let plan = alarm::plan(it.kind, it.urgent, &policy).ok().flatten();
    let mut new = Case {
        street: elder.street.clone(),
        place: elder.place.clone(),
        organisation: duty::centre_of(tx, &ask.app, &elder.key.region, &elder.place)?,
        subject: format!("elder:{}", elder.key.id),
        elder: Some(elder.key.id),
        raises: it.raises,
        device: it.device,
        device_label: it.device_label.to_string(),
        allowed: plan.map(|it| i64::from(it.acknowledge)),
        ..Case::begun(it.raised, &elder.key.region, it.kind, it.urgent)
    };
    if !case::insert(tx, &new)? {
        return Ok(());
    }
    let said = Said::new("报警:{kind}").with("kind", it.kind.title());
    for nth in 0..it.raises {
        let raised = it.raised.checked_add(SignedDuration::from_secs(nth)).unwrap_or(it.raised);
        tx.run(
            "insert into alarm_raise (region, alarm, id, at, received, device_label, said, because)
             values ($1, $2, $3, $4, $4, $5, $6, '{}')",
            &[&new.key.region, &new.key.id, &Id::new(raised), &stamp(raised), &it.device_label, &said.stored()],
        )?;
    }
    entry::write(tx, it.raised, &new.key, &New::of("raised", "", said))?;
    if let Some((seconds, who)) = it.acknowledged {
        let when = later(seconds);
        (new.acknowledged, new.acknowledged_by) = (Some(stamp(when)), who.to_string());
        new.state = "acknowledged".into();
        entry::write(tx, when, &new.key, &New::of("acknowledged", who, "接警"))?;
    }
    if let Some((seconds, who)) = it.departed {
        let when = later(seconds);
        (new.departed, new.departed_by) = (Some(stamp(when)), who.to_string());
        new.state = "departed".into();
        entry::write(tx, when, &new.key, &New::of("departed", who, Said::new("{name} 出发").with("name", who)))?;
    }
    if let Some((seconds, proven)) = it.arrived {
        let when = later(seconds);
        (new.arrived, new.proven) = (Some(stamp(when)), proven);
        new.arrived_by.clone_from(&new.departed_by);
        new.state = "arrived".into();
        let said = match proven {
            true => Said::new("{name} 到达,手机记录和地点已核验"),
            false => Said::new("{name} 到达(口头说明,未核验)"),
        };
        entry::write(tx, when, &new.key, &New::of("arrived", "", said.with("name", &new.arrived_by)))?;
    }
    if let Some((seconds, verdict, found)) = it.closed {
        let when = later(seconds);
        (new.closed, new.closed_by) = (Some(stamp(when)), new.acknowledged_by.clone());
        (new.verdict, new.found) = (verdict.to_string(), found.to_string());
        new.state = "closed".into();
        let said = Said::new("结案:{verdict}").with("verdict", words::title(words::VERDICTS, verdict));
        entry::write(tx, when, &new.key, &New::of("closed", &new.closed_by, said).note(found))?;
    }
    new.next_at = match (plan, new.is_open()) {
        (Some(plan), true) => {
            let due = alarm::due(plan, &new.course(ask.now)?);
            if due.now.is_empty() {
                due.next.map(|seconds| new.after(seconds)).transpose()?
            } else {
                Some(stamp(ask.now))
            }
        }
        _ => None,
    };
    case::store(tx, ask.now, &mut new)?;
    marks::keep(tx, &ask.app, &elder.key)
}
