//! Who may be sent: the staff of the institution, each with what speaks against them.

use kit::{Ask, Id, Result, Tx};
use rules::home_service::{self, Answer, May};

use super::{no_policy, record::Order};
use crate::workforce::{self, Staff};

/// One of the staff, and whether they may go.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: Id,
    pub name: String,
    /// A word of the workforce's kinds.
    pub kind: String,
    pub may: May,
}

/// Everybody of the institution who is at work, those who may go first.
pub fn candidates(tx: &Tx<'_>, ask: &Ask, it: &Order) -> Result<Vec<Candidate>> {
    let staff = workforce::staff_at(tx, &it.key.region, it.institution)?;
    let mut all = staff.iter().map(|one| weigh(tx, ask, it, one)).collect::<Result<Vec<Candidate>>>()?;
    all.sort_by_key(|it| match it.may.answer {
        Answer::Yes => 0,
        Answer::Open => 1,
        Answer::No => 2,
    });
    Ok(all)
}

/// Whether one of the staff may go on the day of an order.
pub fn weigh(tx: &Tx<'_>, ask: &Ask, it: &Order, one: &Staff) -> Result<Candidate> {
    let papers = workforce::certificates_of(tx, &one.key)?;
    let away = workforce::away(tx, &one.key, it.day)?.is_some();
    let is_there = one.is_active() && one.organisation == Some(it.institution) && !away;
    let posts = workforce::posts_of(tx, &one.key)?;
    let since = posts.iter().map(|it| it.from).min();
    let facts = workforce::at_home(one, &papers, since, is_there, it.day);
    let policy = ask.app.policy_in(&it.key.region, it.day);
    let may = home_service::may(&facts, &it.service, &policy).map_err(no_policy)?;
    Ok(Candidate { id: one.key.id, name: one.name.clone(), kind: one.kind.clone(), may })
}
