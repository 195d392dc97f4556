//! A scale inside the page of another module: begun, answered and finished by the same functions as on the page of
//! assessments.

use kit::{Ask, Result, Tx, form::Input};
use rules::assessment::Instrument;

use super::{
    answers::{self, Given},
    apply::{self, Application},
    onsite,
    record::{self, Assessment, Programme},
    result::Outcome,
};
use crate::elders::Elder;

/// Begins a public-health scale, or goes on with the one this account left open.
pub fn begin(tx: &Tx<'_>, ask: &Ask, elder: &Elder, instrument: &str) -> Result<Assessment> {
    let open = record::of_elder(tx, &elder.key)?.into_iter().find(|it| {
        it.instrument == instrument
            && it.is_open_to_answers()
            && it.place_of(ask.who.account).is_some()
            && it.instrument_used(&ask.app.policy).is_some()
    });
    if let Some(open) = open {
        return Ok(open);
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

/// Keeps the answers a questionnaire sent; gives how many changed.
pub fn keep(tx: &Tx<'_>, ask: &Ask, it: &Assessment, input: &Input) -> Result<usize> {
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
