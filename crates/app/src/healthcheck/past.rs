//! Checks of former days, from another system or a generated county, through the same rules; and what other modules ask.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Tx, clock::stamp, db::Put};
use rules::{
    base::Date,
    healthcheck::{Section, Values},
};

use super::{
    course, due, marks,
    record::{self, Check},
    values,
};
use crate::elders::{Arrival, Elder, Key};

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

/// What the checks of a county have in common, while it is loaded.
#[derive(Debug, Default)]
pub struct Given {
    /// Numbers given out, by year.
    numbers: BTreeMap<i64, i64>,
    /// What is said of findings, by digest.
    said: BTreeMap<String, String>,
}

impl Given {
    /// Writes it, when all checks of the county are there.
    pub fn end(self, to: &impl Put, region: &str) -> Result<()> {
        self.numbers.iter().try_for_each(|(year, n)| record::put_number(to, region, *year, *n))?;
        self.said.iter().try_for_each(|(digest, said)| record::put_said(to, region, digest, said))
    }
}

/// As [`take`], for the first check of an elder who is being loaded.
///
/// # Errors
/// As [`take`].
pub fn load(to: &impl Put, ask: &Ask, arrival: &mut Arrival<'_>, past: &Past<'_>, given: &mut Given) -> Result<Check> {
    let day = ask.today();
    let n = given.numbers.entry(i64::from(day.year())).or_default();
    *n += 1;
    let mut check = record::begun(ask, arrival.elder(), day, *n);
    let mut sections = BTreeMap::new();
    let changes: values::Changes = past.values.iter().map(|(id, text)| (id.clone(), text.clone())).collect();
    let changed = values::change(ask, &check, &mut sections, &changes, None)?;
    if !changed.wrong.is_empty() {
        return Err(Error::Invalid(changed.wrong));
    }
    course::judge_by(ask, &mut check, arrival.elder(), &sections)?;
    if past.finished {
        course::sign(ask, &mut check, past.doctor);
        arrival.report(ask.now, course::closed(&check));
        if let Some(item) = due::next(&ask.app, arrival.elder(), Some(day))? {
            arrival.set_due(item);
        }
    }
    let said = record::said(&check.found)?;
    record::insert(to, &check, &said, &stamp(ask.now))?;
    given.said.extend(said);
    for section in Section::ALL.into_iter().filter(|it| changed.touched.contains(it)) {
        values::write(to, ask, &check, section, &sections[section.word()])?;
    }
    arrival.say(marks::spans_of(std::slice::from_ref(&check)));
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
