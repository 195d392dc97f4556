//! Finished assessments of former days, from another system or a generated county, through the same rules.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp};
use rules::{
    assessment::Facts,
    assessment_course::{Event, Term, deadline},
};

use super::{
    answers::{self, Given},
    apply, course, effect, onsite,
    record::{Assessment, Programme},
    sources,
};
use crate::elders::Elder;

/// An assessment that was finished on the day of the `Ask` it is taken in with.
#[derive(Debug, Clone)]
pub struct Past<'a> {
    pub programme: Programme,
    /// For a scale: which. The others use what the region lays down.
    pub instrument: &'a str,
    pub reason: &'a str,
    pub site: &'a str,
    pub answers: &'a Given,
    pub facts: &'a Facts,
    /// (account, name); the second is not there for a simple scale.
    pub assessors: [Option<(Id, &'a str)>; 2],
}

/// Takes a finished assessment in, scored anew; gives it as it stands. One that is put on notice takes effect by night.
/// Answers and result are much to write, and so come when the rest of the row is as it stays.
///
/// # Errors
/// As scoring and the course of an assessment do.
pub fn take(tx: &Tx<'_>, ask: &Ask, elder: &Elder, past: &Past<'_>) -> Result<Assessment> {
    let instrument = apply::instrument_of(ask, &elder.key.region, past.programme, past.instrument)?;
    let mut it = apply::blank(ask, elder, past.programme, instrument);
    it.reason = past.reason.to_string();
    it.site = past.site.to_string();
    it.applicant = "on_behalf".into();
    it.facts = serde_json::to_string(past.facts)?;
    apply::insert(tx, &it)?;
    for (item, score) in past.answers {
        answers::save(tx, ask, &it, instrument, item, score)?;
    }
    let (now, today) = (stamp(ask.now), ask.today());
    let [first, second] = past.assessors;
    let name = |it: Option<(Id, &str)>| it.map_or(String::new(), |it| it.1.to_string());
    tx.run(
        "update assessment set assessor_1 = $3, assessor_1_name = $4, assessor_2 = $5, assessor_2_name = $6, signed_1 = $7,
                signed_2 = $8, accepted = $9, planned_day = $9, concluded = $9
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &first.map(|it| it.0),
            &name(first),
            &second.map(|it| it.0),
            &name(second),
            &first.map(|_| now.clone()),
            &second.map(|_| now.clone()),
            &today.to_string(),
        ],
    )?;
    it.concluded = Some(today);
    let mut events = vec![
        Event::Submit,
        Event::TakeUp,
        Event::AcceptMaterials,
        Event::Dispatch,
        Event::FinishAssessing,
        Event::Sign,
    ];
    if !past.programme.has_notice() {
        events.push(Event::EndNotice);
        course::advance(tx, ask, &mut it, &events, "补录")?;
        onsite::freeze(tx, ask, &mut it)?;
        effect::take_effect(tx, ask, &mut it, elder, today)?;
        return Ok(it);
    }
    let policy = it.policy(&ask.app, today);
    let until = sources::needed(deadline(Term::NoticeEnds, today, &policy))?.day;
    let objection = deadline(Term::ObjectionUntil, until, &policy).map_or(until, |it| it.day);
    it.because = serde_json::to_string(&policy.because()).map_err(Error::from)?;
    (it.notice_from, it.notice_until, it.objection_until) = (Some(today), Some(until), Some(objection));
    tx.run(
        "update assessment set notice_from = $3, notice_until = $4, objection_until = $5, because = $6
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &today.to_string(), &until.to_string(), &objection.to_string(), &it.because],
    )?;
    course::advance(tx, ask, &mut it, &events, "补录")?;
    onsite::freeze(tx, ask, &mut it)?;
    Ok(it)
}
