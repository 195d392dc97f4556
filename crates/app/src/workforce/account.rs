//! Who signs in is somebody of the staff: their record and their teams.

use kit::{Ask, Result, Tx};
use rules::base::Date;

use super::{
    member,
    staff::{self, Staff},
    team::Team,
};

/// The staff record of whoever asks.
pub fn staff_of_account(tx: &Tx<'_>, ask: &Ask) -> Result<Option<Staff>> {
    staff::by_account(tx, &ask.who.scope, ask.who.account)
}

/// The teams in which whoever asks is on a day, each with the role there.
pub fn teams_of_account(tx: &Tx<'_>, ask: &Ask, day: Date) -> Result<Vec<(Team, String)>> {
    match staff_of_account(tx, ask)? {
        Some(staff) => member::teams_of(tx, &staff.key, day),
        None => Ok(Vec::new()),
    }
}
