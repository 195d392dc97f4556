//! What a transaction writes at its end, in one order: transactions beside each other never wait for one another in a circle,
//! what many of its statements touch is written once, and rows that everybody needs are locked for a moment only.

use std::collections::{BTreeMap, BTreeSet};

use super::Tx;
use crate::{Ask, Id, Result, audit, tally};

#[derive(Default)]
pub struct Late {
    pub entries: Vec<audit::Noted>,
    pub changes: Vec<tally::Change>,
    pub again: Vec<Again>,
}

/// Brings what is shown of some things of a county up to what was written of them.
pub type Bring = fn(&Tx<'_>, &Ask, &str, &[Id]) -> Result<()>;

/// A thing of which something was written.
pub struct Again {
    pub what: &'static str,
    pub region: String,
    pub id: Id,
    pub ask: Ask,
    pub bring: Bring,
}

impl Late {
    pub fn is_empty(&self) -> bool {
        self.mark() == (0, 0, 0)
    }

    /// How far it has come; see [`Late::back_to`].
    pub fn mark(&self) -> (usize, usize, usize) {
        (self.entries.len(), self.changes.len(), self.again.len())
    }

    /// Forgets what came after, as a failed attempt does.
    pub fn back_to(&mut self, (entries, changes, again): (usize, usize, usize)) {
        self.entries.truncate(entries);
        self.changes.truncate(changes);
        self.again.truncate(again);
    }
}

/// Brings things up to date, each once, county by county: as of whoever asked last.
fn bring_up(tx: &Tx<'_>) -> Result<()> {
    loop {
        let again = std::mem::take(&mut tx.late().again);
        if again.is_empty() {
            return Ok(());
        }
        let mut all: BTreeMap<(&str, String), (BTreeSet<Id>, Ask, Bring)> = BTreeMap::new();
        // Whoever asked last comes first, and stays.
        for it in again.into_iter().rev() {
            all.entry((it.what, it.region)).or_insert((BTreeSet::new(), it.ask, it.bring)).0.insert(it.id);
        }
        for ((_, region), (ids, ask, bring)) in all {
            bring(tx, &ask, &region, &Vec::from_iter(ids))?;
        }
    }
}

/// Writes it.
pub fn settle(tx: &Tx<'_>) -> Result<()> {
    bring_up(tx)?;
    let late = std::mem::take(&mut *tx.late());
    audit::settle(tx, late.entries)?;
    tally::settle(tx, &late.changes)
}
