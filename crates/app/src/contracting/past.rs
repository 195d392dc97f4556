//! Contracts of former days, from another system or a generated county, through the same checks; with what was done under them.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Tx, clock::stamp, db::Put, tally::Family};
use rules::{
    base::Date,
    contracting::{self, Package, Person},
    elder_groups::Group,
};

use super::{
    contract::{self, Contract, needed},
    course, marks,
    promise::{self, Done},
    renew, sign,
};
use crate::{
    elders::{self, Arrival, Elder, Membership},
    workforce::Team,
};

/// A contract that began on the day of the `Ask` it is taken in with.
pub struct Past<'a> {
    pub team: &'a Team,
    /// The ids of its packages, of those that were offered to the elder on that day, the best first.
    pub choose: &'a dyn Fn(&[&Package]) -> Vec<String>,
    pub way: &'a str,
    pub signer: &'a str,
    pub signer_name: &'a str,
    /// What modules can tell of services to the elder; those within its days count.
    pub done: &'a [Done<'a>],
}

/// Takes a contract over with what was done under it, written once rather than piece by piece.
///
/// # Errors
/// As [`sign::sign`]; and `Invalid` where the team was not there on the day.
pub fn take(tx: &Tx<'_>, ask: &Ask, elder: &Elder, past: &Past<'_>) -> Result<Contract> {
    let groups = elders::groups_of(tx, &elder.key)?;
    let drawn = draw_up(ask, elder, &groups, past, contract::of_elder(tx, &elder.key)?)?;
    contract::put_reasons(tx, &elder.key.region, &drawn.signed.contract.reasons, &drawn.signed.because)?;
    drawn.put(tx, ask)?;
    for it in &drawn.done {
        promise::put(tx, &drawn.signed.contract.key, it, &stamp(ask.now))?;
    }
    let Drawn { signed, .. } = drawn;
    let all: Vec<Contract> = std::iter::once(&signed.contract).chain(&signed.before).cloned().collect();
    marks::keep_of(tx, &ask.app, &elder.key, &all)?;
    if is_renewable(ask, &signed.contract) {
        signed.set_due(tx, elder)?;
    }
    signed.tell(tx, ask, elder, past.team)?;
    Ok(signed.contract)
}

/// What the contracts of a county rest on, while it is loaded: by digest.
#[derive(Debug, Default)]
pub struct Reasons(BTreeMap<String, String>);

impl Reasons {
    /// Writes each once, when all contracts of the county are there.
    pub fn end(self, to: &impl Put, region: &str) -> Result<()> {
        self.0.iter().try_for_each(|(digest, because)| contract::put_reasons(to, region, digest, because))
    }
}

/// As [`take`], for the first contract of an elder who is being loaded; one that death or moving ended before its time
/// says when and why.
///
/// # Errors
/// As [`take`].
pub fn load(
    to: &impl Put,
    ask: &Ask,
    arrival: &mut Arrival<'_>,
    past: &Past<'_>,
    end: Option<(&Ask, &'static str)>,
    reasons: &mut Reasons,
) -> Result<()> {
    let mut drawn = draw_up(ask, arrival.elder(), arrival.groups(), past, Vec::new())?;
    arrival.report(ask.now, drawn.signed.report(past.team));
    if is_renewable(ask, &drawn.signed.contract) {
        arrival.set_due(drawn.signed.due());
    }
    let it = &mut drawn.signed.contract;
    if let Some((end, reason)) = end.filter(|(end, _)| it.runs_on(end.today()) && it.from < end.today()) {
        it.until = end.today();
        it.ended_reason = reason.to_string();
        arrival.clear_due(sign::RENEWAL);
        arrival.report(end.now, course::ended(reason).link(it.link()));
    }
    drawn.put(to, ask)?;
    let it = &drawn.signed.contract;
    if !reasons.0.contains_key(&it.reasons) {
        reasons.0.insert(it.reasons.clone(), drawn.signed.because.clone());
    }
    for one in &drawn.done {
        promise::put_new(to, &it.key, one, &stamp(ask.now))?;
    }
    arrival.say(marks::spans(&ask.app, &it.key.region, std::slice::from_ref(it), &[]));
    arrival.of_teams(vec![(Family::Team.unit(it.team), it.from, Some(it.until))]);
    Ok(())
}

/// A contract of former days with what was done under it, not written yet.
struct Drawn<'a> {
    signed: sign::Drawn,
    done: Vec<&'a Done<'a>>,
    /// The days on which each promised service was given.
    given: Vec<Vec<Date>>,
}

fn draw_up<'a>(
    ask: &Ask,
    elder: &Elder,
    groups: &[Membership],
    past: &Past<'a>,
    before: Vec<Contract>,
) -> Result<Drawn<'a>> {
    let from = ask.today();
    if !past.team.is_open(from) || past.team.key.region != elder.key.region {
        return Err(Error::invalid("team", "这个团队当日不在"));
    }
    let policy = ask.app.policy_in(&elder.key.region, from);
    let offered = needed(contracting::fitting(&person(elder, groups, from), &policy))?;
    let signing = sign::Signing {
        team: past.team.clone(),
        packages: (past.choose)(&offered),
        from,
        way: past.way.to_string(),
        signer: past.signer.to_string(),
        signer_name: past.signer_name.to_string(),
        signature: None,
        paper: None,
    };
    let mut signed = sign::draw_up(ask, elder, &signing, offered, before)?;
    let done: Vec<&Done<'a>> = past.done.iter().filter(|it| signed.contract.runs_on(it.day)).collect();
    let given: Vec<Vec<Date>> = signed
        .items
        .iter()
        .map(|(service, _)| done.iter().filter(|it| it.service == *service).map(|it| it.day).collect())
        .collect();
    let it = &mut signed.contract;
    it.done = signed.items.iter().zip(&given).map(|((_, times), given)| (*times).min(given.len() as i64)).sum();
    it.served = done.iter().map(|it| it.day).max();
    it.idle = needed(contracting::idle_from(from, it.served, &policy))?;
    Ok(Drawn { signed, done, given })
}

impl Drawn<'_> {
    /// Writes the contract and what it promises.
    fn put(&self, to: &impl Put, ask: &Ask) -> Result<()> {
        self.signed.insert(to, ask)?;
        for ((service, times), given) in self.signed.items.iter().zip(&self.given) {
            promise::write(to, ask, &self.signed.contract.key, *service, *times, given)?;
        }
        Ok(())
    }
}

/// Nobody renews what ran out long ago.
fn is_renewable(ask: &Ask, it: &Contract) -> bool {
    renew::earliest(ask.app.clock.today()) <= it.until
}

/// Who the elder was on a day.
fn person(elder: &Elder, groups: &[Membership], day: Date) -> Person {
    let text = day.to_string();
    let then = groups.iter().filter(|it| it.from <= text && it.until.as_ref().is_none_or(|until| text < *until));
    Person { age: elder.age_on(day), groups: then.filter_map(|it| Group::from_word(&it.kind)).collect() }
}
