//! What death or leaving ends of an elder, kept beside the record so that it can be taken back with nothing lost.

use kit::{Ask, Result, Tx};
use rules::base::Date;
use serde::{Deserialize, Serialize};

use super::{
    due::{self, DueItem},
    elder::Elder,
    groups::{self, Membership},
};

#[derive(Debug, Default, Serialize, Deserialize)]
struct Ended {
    /// (group, day of entry).
    groups: Vec<(String, String)>,
    due: Vec<DueItem>,
}

/// Ends the groups on a day and all that is due.
pub fn close(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<()> {
    let ended = closed(groups::leave_all(tx, &ask.app, elder, day)?, due::of(tx, &elder.key)?)?;
    due::clear_all(tx, &elder.key)?;
    tx.run("update elder set ended = $3 where region = $1 and id = $2", &[&elder.key.region, &elder.key.id, &ended])?;
    Ok(())
}

/// What an end closes, as it is kept: (group, day of entry), and what was due.
pub(super) fn closed(groups: Vec<(String, String)>, due: Vec<DueItem>) -> Result<String> {
    Ok(serde_json::to_string(&Ended { groups, due })?)
}

fn kept(tx: &Tx<'_>, elder: &Elder) -> Result<Ended> {
    let sql = "select ended from elder where region = $1 and id = $2";
    let kept = tx.one(sql, &[&elder.key.region, &elder.key.id], |row| row.get::<Option<String>>(0))?;
    Ok(kept.map_or(Ok(Ended::default()), |it| serde_json::from_str(&it))?)
}

/// The stays in groups that the end closed.
pub fn stays(tx: &Tx<'_>, elder: &Elder) -> Result<Vec<Membership>> {
    let closed = kept(tx, elder)?.groups;
    let is_closed = |it: &Membership| closed.iter().any(|(kind, from)| (kind, from) == (&it.kind, &it.from));
    Ok(groups::of(tx, &elder.key)?.into_iter().filter(is_closed).collect())
}

/// Takes the end back: groups are open again since the day they were entered, and what was due is due.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let ended = kept(tx, elder)?;
    groups::reopen(tx, &ask.app, elder, &ended.groups)?;
    for item in &ended.due {
        due::put_back(tx, elder, item)?;
    }
    forget(tx, elder)
}

/// The end stands for good: somebody who comes back begins anew.
pub fn forget(tx: &Tx<'_>, elder: &Elder) -> Result<()> {
    tx.run("update elder set ended = null where region = $1 and id = $2", &[&elder.key.region, &elder.key.id])?;
    Ok(())
}
