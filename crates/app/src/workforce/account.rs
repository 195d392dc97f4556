//! Who signs in is somebody of the staff: their record and their teams.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx};
use rules::{base::Date, steps::Steps};

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

/// The institutions of a county in which whoever has an account practises on a day, by account.
pub fn institutions_of_accounts(tx: &Tx<'_>, region: &str, day: Date) -> Result<HashMap<Id, Vec<Id>>> {
    let rows = tx.rows(
        "select s.account, p.line, p.from_day, p.organisation from staff s
           join staff_post p on p.region = s.region and p.staff = s.id
          where s.region = $1 and s.account is not null order by s.account, p.line, p.from_day",
        &[&region],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Date>(2)?, row.get::<Option<Id>>(3)?)),
    )?;
    let mut all: HashMap<Id, Vec<Id>> = HashMap::new();
    for line in rows.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
        let steps = Steps::new(line.iter().map(|it| (it.2, it.3)));
        all.entry(line[0].0).or_default().extend(steps.on(day));
    }
    Ok(all)
}
