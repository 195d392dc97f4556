//! Checks of former days, from another system or a generated county, through the same rules; and what other modules ask.

use kit::{Ask, Error, Result, Tx};
use rules::{base::Date, healthcheck::Values};

use super::{
    course,
    record::{self, Check},
    values,
};
use crate::elders::{Elder, Key};

/// A check of the day of the `Ask` it is taken in with.
#[derive(Debug, Clone)]
pub struct Past<'a> {
    /// Fields, and the answers to the self-care scale by its item ids.
    pub values: &'a Values,
    pub doctor: &'a str,
    /// A check that was left half done stays open.
    pub finished: bool,
}

/// Takes a check in, judged anew by the rules of its day; gives it as it stands.
///
/// # Errors
/// `Invalid` for a value that does not fit its field.
pub fn take(tx: &Tx<'_>, ask: &Ask, elder: &Elder, past: &Past<'_>) -> Result<Check> {
    let (mut check, _) = record::of_year(tx, ask, elder, ask.today())?;
    let changes: values::Changes = past.values.iter().map(|(id, text)| (id.clone(), text.clone())).collect();
    let (_, wrong) = values::save(tx, ask, &check, &changes, None)?;
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    if past.finished {
        course::judge(tx, ask, &mut check, elder)?;
        course::close(tx, ask, &mut check, elder, past.doctor)?;
    } else {
        course::settle(tx, ask, &mut check, elder)?;
    }
    Ok(check)
}

/// What the newest check with something in it measured.
#[derive(Debug, Clone)]
pub struct Readings {
    pub day: Date,
    pub values: Values,
    pub link: String,
}

/// The newest values of an elder's checks, such as `sbp`, `dbp` and `glucose`.
pub fn latest(tx: &Tx<'_>, key: &Key) -> Result<Option<Readings>> {
    for check in record::of_elder(tx, key)? {
        let values = values::joined(&values::sections(tx, &check.key)?);
        if !values.is_empty() {
            return Ok(Some(Readings { day: check.day, values, link: check.link() }));
        }
    }
    Ok(None)
}
