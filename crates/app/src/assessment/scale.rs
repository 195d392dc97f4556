//! A scale inside the page of another module: begun, answered and finished by the same functions as on the page of
//! assessments.

use kit::{Ask, Result, Tx, form::Input, who::account};
use rules::assessment::Instrument;
use serde_json::json;

use super::{
    answers::{self, Given},
    apply::{self, Application},
    course, onsite,
    record::{self, Assessment, Programme},
    result::Outcome,
};
use crate::elders::Elder;

/// Begins a public-health scale, or goes on with the one that this account or a colleague left open.
pub fn begin(tx: &Tx<'_>, ask: &Ask, elder: &Elder, instrument: &str) -> Result<Assessment> {
    let mut open = record::of_elder(tx, &elder.key)?;
    open.retain(|it| {
        it.instrument == instrument && it.is_open_to_answers() && it.instrument_used(&ask.app.policy).is_some()
    });
    open.sort_by_key(|it| it.place_of(ask.who.account).is_none());
    for mut it in open {
        if may_go_on(tx, ask, &it)? {
            take_over(tx, ask, &mut it, elder)?;
            return Ok(it);
        }
    }
    let application = Application {
        programme: Some(Programme::PublicHealth),
        instrument: instrument.to_string(),
        applicant: "self".into(),
        site: "home".into(),
        ..Application::default()
    };
    apply::create(tx, ask, elder, &application)
}

/// Whether this account may go on: it is the one that asks, or works where that one works.
fn may_go_on(tx: &Tx<'_>, ask: &Ask, it: &Assessment) -> Result<bool> {
    if it.place_of(ask.who.account).is_some() {
        return Ok(true);
    }
    let Some(asker) = it.assessors[0].account.filter(|_| it.programme == Programme::PublicHealth) else {
        return Ok(false);
    };
    let (asker, me) = (account::by_id(tx, asker)?, account::by_id(tx, ask.who.account)?);
    Ok(asker.zip(me).is_some_and(|(asker, me)| match (asker.organisation, me.organisation) {
        (None, None) => asker.place == me.place,
        (one, other) => one == other,
    }))
}

/// Makes whoever goes on the one that asks; the course and the audit trail say from whom.
fn take_over(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    if it.place_of(ask.who.account).is_some() {
        return Ok(());
    }
    let before = std::mem::replace(&mut it.assessors[0].name, ask.who.name.clone());
    it.assessors[0].account = Some(ask.who.account);
    tx.run(
        "update assessment set assessor_1 = $3, assessor_1_name = $4 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &ask.who.account, &ask.who.name],
    )?;
    course::remark(tx, ask, it, "由同事接着作答", &before)?;
    record::note(tx, ask, "change", it, elder, &json!({"taken over from": before}).to_string())
}

/// The answers so far.
pub fn given(tx: &Tx<'_>, it: &Assessment) -> Result<Given> {
    answers::read(tx, it)
}

/// The scale an unfinished assessment was begun with.
///
/// # Errors
/// `Refused` where the policy folder now holds other content.
pub fn instrument<'a>(ask: &'a Ask, it: &Assessment) -> Result<&'a Instrument> {
    onsite::instrument(ask, it)
}

/// Keeps one answer.
///
/// # Errors
/// `Invalid` for an item or a score that the scale does not have, `Refused` for another account and after the end.
pub fn answer(tx: &Tx<'_>, ask: &Ask, it: &Assessment, item: &str, score: &str) -> Result<()> {
    onsite::check_open(ask, it)?;
    answers::save(tx, ask, it, onsite::instrument(ask, it)?, item, score)
}

/// Keeps the answers a questionnaire sent, of whoever began it or a colleague; gives how many changed.
pub fn keep(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input) -> Result<usize> {
    if it.is_open_to_answers() && may_go_on(tx, ask, it)? {
        take_over(tx, ask, it, elder)?;
    }
    onsite::check_open(ask, it)?;
    answers::save_sent(tx, ask, it, onsite::instrument(ask, it)?, input)
}

/// Finishes the scale: scored and in effect at once. Gives its result.
///
/// # Errors
/// `Invalid` for every item that is not answered.
pub fn finish(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<Option<Outcome>> {
    onsite::finish(tx, ask, it, elder)?;
    Ok(it.result.clone())
}
