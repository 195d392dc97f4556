//! What works over a whole county ask about many elders at once.

use std::collections::HashMap;

use kit::{Id, Result, Tx, db::Bind};
use rules::base::Date;

/// Persons one statement takes.
const STEP: usize = 500;

/// The first day on which each elder of a county who died or moved away is no longer there: the day after a death, since
/// care may still have been given that day, and the day of moving.
pub fn gone(tx: &Tx<'_>, region: &str) -> Result<HashMap<Id, Date>> {
    let rows = tx.rows(
        "select id, state, state_day from elder
          where region = $1 and state in ('died', 'moved') and state_day is not null order by id",
        &[&region],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Date>(2)?)),
    )?;
    Ok(rows.into_iter().map(|(id, state, day)| (id, if state == "died" { day.add_days(1) } else { day })).collect())
}

/// The names of elders of a county.
pub fn names(tx: &Tx<'_>, region: &str, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let mut all = HashMap::with_capacity(ids.len());
    for some in ids.chunks(STEP) {
        let places: Vec<String> = (0..some.len()).map(|nth| format!("${}", nth + 2)).collect();
        let values: Vec<&dyn Bind> =
            std::iter::once(&region as &dyn Bind).chain(some.iter().map(|it| it as _)).collect();
        let sql = format!("select id, name from elder where region = $1 and id in ({}) order by id", places.join(", "));
        all.extend(tx.rows(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    Ok(all)
}
