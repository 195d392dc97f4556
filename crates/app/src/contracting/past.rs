//! Contracts of former days, from another system or a generated county, through the same checks; with what was done under them.

use kit::{Ask, Error, Result, Tx, clock::stamp};
use rules::{
    base::Date,
    contracting::{self, Package, Person},
    elder_groups::Group,
};

use super::{
    contract::{Contract, needed},
    marks,
    promise::{self, Done},
    renew, sign,
};
use crate::{
    elders::{self, Elder},
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
    let from = ask.today();
    if !past.team.is_open(from) || past.team.key.region != elder.key.region {
        return Err(Error::invalid("team", "这个团队当日不在"));
    }
    let policy = ask.app.policy_in(&elder.key.region, from);
    let offered = needed(contracting::fitting(&person(tx, elder, from)?, &policy))?;
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
    let mut drawn = sign::draw_up(tx, ask, elder, &signing, offered)?;
    let done: Vec<&Done<'_>> = past.done.iter().filter(|it| drawn.contract.runs_on(it.day)).collect();
    let given: Vec<Vec<Date>> = drawn
        .items
        .iter()
        .map(|(service, _)| done.iter().filter(|it| it.service == *service).map(|it| it.day).collect())
        .collect();
    let it = &mut drawn.contract;
    it.done = drawn.items.iter().zip(&given).map(|((_, times), given)| (*times).min(given.len() as i64)).sum();
    it.served = done.iter().map(|it| it.day).max();
    it.idle = needed(contracting::idle_from(from, it.served, &policy))?;
    drawn.insert(tx, ask)?;
    for ((service, times), given) in drawn.items.iter().zip(&given) {
        promise::write(tx, ask, &drawn.contract.key, *service, *times, given)?;
    }
    for it in done {
        promise::put(tx, &drawn.contract.key, it, &stamp(ask.now))?;
    }
    let all: Vec<Contract> = std::iter::once(&drawn.contract).chain(&drawn.before).cloned().collect();
    marks::keep_of(tx, &ask.app, &elder.key, &all)?;
    // Nobody renews what ran out long ago.
    if renew::earliest(ask.app.clock.today()) <= drawn.contract.until {
        drawn.set_due(tx, elder)?;
    }
    drawn.tell(tx, ask, elder, past.team)?;
    Ok(drawn.contract)
}

/// Who the elder was on a day.
fn person(tx: &Tx<'_>, elder: &Elder, day: Date) -> Result<Person> {
    let text = day.to_string();
    let groups = elders::groups_of(tx, &elder.key)?;
    let then = groups.iter().filter(|it| it.from <= text && it.until.as_ref().is_none_or(|until| text < *until));
    Ok(Person { age: elder.age_on(day), groups: then.filter_map(|it| Group::from_word(&it.kind)).collect() })
}
