//! What a transaction writes at its end, in one order: transactions beside each other never wait for one another in a circle,
//! what many of its statements touch is written once, and rows that everybody needs are locked for a moment only.

use super::Tx;
use crate::{Result, audit, tally};

#[derive(Default)]
pub struct Late {
    pub entries: Vec<audit::Noted>,
    pub changes: Vec<tally::Change>,
}

impl Late {
    pub fn is_empty(&self) -> bool {
        self.mark() == (0, 0)
    }

    /// How far it has come; see [`Late::back_to`].
    pub fn mark(&self) -> (usize, usize) {
        (self.entries.len(), self.changes.len())
    }

    /// Forgets what came after, as a failed attempt does.
    pub fn back_to(&mut self, (entries, changes): (usize, usize)) {
        self.entries.truncate(entries);
        self.changes.truncate(changes);
    }
}

/// Writes it.
pub fn settle(tx: &Tx<'_>) -> Result<()> {
    let late = std::mem::take(&mut *tx.late());
    audit::settle(tx, late.entries)?;
    tally::settle(tx, late.changes)
}
