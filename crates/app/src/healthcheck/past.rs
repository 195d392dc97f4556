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
use crate::elders::{self, Arrival, Elder, Key};

/// A check of the day of the `Ask` it is taken in with.
#[derive(Debug, Clone)]
pub struct Past<'a> {
    /// Fields, and the answers to the self-care scale by its item ids.
    pub values: &'a Values,
    pub doctor: &'a str,
    /// A check that was left half done stays open.
    pub finished: bool,
}

/// Takes a check in, judged anew by the rules of its day, and lets follow what follows from it; gives it as it stands.
///
/// # Errors
/// `Invalid` for a value that does not fit its field.
pub fn take(tx: &Tx<'_>, ask: &Ask, elder: &Elder, past: &Past<'_>) -> Result<Check> {
    let check = put(tx, ask, elder, past)?;
    if past.finished {
        course::follow(tx, &ask.app, elder)?;
        course::tell(tx, ask, &check, elder)?;
    } else {
        marks::keep(tx, &ask.app, &elder.key)?;
    }
    Ok(check)
}

/// As [`take`], for one whose whole past is taken over: what follows is kept once, by [`marks::keep`] and [`due::set`], and
/// no news of it goes out.
///
/// # Errors
/// As [`take`].
pub fn put(tx: &Tx<'_>, ask: &Ask, elder: &Elder, past: &Past<'_>) -> Result<Check> {
    let (mut check, is_new) = record::of_year_or_begun(tx, ask, elder, ask.today())?;
    let mut sections = if is_new { BTreeMap::new() } else { values::sections(tx, &check.key)? };
    let touched = fill(ask, &mut check, elder, past, &mut sections)?;
    if is_new {
        record::write_begun(tx, ask, &check, elder)?;
    } else {
        record::store(tx, &check)?;
    }
    for section in touched {
        values::write(tx, ask, &check, section, &sections[section.word()])?;
    }
    if past.finished {
        elders::report(tx, ask.now, &elder.key, &course::closed(&check))?;
    }
    Ok(check)
}

/// Gives a check its values, judges it, and lets the doctor sign; gives the sections that are to be written.
fn fill(
    ask: &Ask,
    check: &mut Check,
    elder: &Elder,
    past: &Past<'_>,
    sections: &mut BTreeMap<String, values::Kept>,
) -> Result<Vec<Section>> {
    let changes: values::Changes = past.values.iter().map(|(id, text)| (id.clone(), text.clone())).collect();
    let changed = values::change(ask, check, sections, &changes, None)?;
    if !changed.wrong.is_empty() {
        return Err(Error::Invalid(changed.wrong));
    }
    course::judge_by(ask, check, elder, sections)?;
    if past.finished {
        course::sign(ask, check, past.doctor);
    }
    Ok(changed.touched)
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
    let touched = fill(ask, &mut check, arrival.elder(), past, &mut sections)?;
    if past.finished {
        arrival.report(ask.now, course::closed(&check));
        if let Some(item) = due::next(&ask.app, arrival.elder(), Some(day))? {
            arrival.set_due(item);
        }
    }
    let said = record::said(&check.found)?;
    record::insert(to, &check, &said, &stamp(ask.now))?;
    given.said.extend(said);
    for section in Section::ALL.into_iter().filter(|it| touched.contains(it)) {
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
    let Some(newest) = record::last(tx, key)? else { return Ok(None) };
    let read = |check: &Check| -> Result<Option<Readings>> {
        let values = values::joined(&values::sections(tx, &check.key)?);
        Ok((!values.is_empty()).then(|| Readings { day: check.day, values, link: check.link() }))
    };
    if let Some(it) = read(&newest)? {
        return Ok(Some(it));
    }
    // It was begun and nobody has measured anything yet.
    for check in record::of_elder(tx, key)?.iter().skip(1) {
        if let Some(it) = read(check)? {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// The items that were out of order in the newest finished check.
pub fn findings(tx: &Tx<'_>, key: &Key) -> Result<Vec<String>> {
    let Some(it) = record::last_whole(tx, key)? else { return Ok(Vec::new()) };
    let mut items: Vec<String> = it.found.into_iter().map(|it| it.item).collect();
    items.dedup();
    Ok(items)
}
