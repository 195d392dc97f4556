//! One row against the registry: somebody new, somebody known, or a row that cannot come in.
//!
//! What is to happen is decided by reading alone, so that a dry run says exactly what the import does.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use kit::{Ask, Error, Result, Tx};
use rules::base::Date;

use super::said::Said;
use super::update;
use crate::elders::{
    Birth, Draft, Elder, Key, NewContact, Taken, contacts, elder,
    intake::{self, NUMBER_COLUMN},
    ledger::Reason,
    life, moving,
};

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody new, or somebody known of whom the row says something newer.
    Accepted,
    /// Somebody whom a row above is about.
    Again,
    /// Somebody whom the registry has exactly so.
    Unchanged,
    /// With the field at fault.
    Refused(Reason, &'static str),
}

/// A row that was settled.
#[derive(Debug)]
pub struct Settled {
    pub verdict: Verdict,
    /// Each with the field it stands in.
    pub warnings: Vec<(Reason, &'static str)>,
    pub died_some_day: bool,
    pub moved_some_day: bool,
}

/// What the rows above have said.
#[derive(Default)]
pub struct Seen {
    /// Name, birth and place of everybody met, to know those again who have no number.
    people: HashSet<u64>,
    refused: HashMap<String, (Reason, &'static str)>,
}

/// How a row is settled.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub source: &'a str,
    pub dry_run: bool,
    /// The same number stood further up.
    pub again: bool,
}

enum Known {
    Nobody,
    /// In this run, further up.
    Above,
    Here(Box<Elder>),
    Not(Reason),
}

/// What happens to somebody besides their record.
pub(super) struct End {
    pub died: Option<Date>,
    pub left: Option<Date>,
}

pub fn settle(tx: &Tx<'_>, ask: &Ask, said: &Said, how: How<'_>, seen: &mut Seen) -> Result<Settled> {
    let mut settled =
        Settled { verdict: Verdict::Accepted, warnings: Vec::new(), died_some_day: false, moved_some_day: false };
    settled.verdict = verdict(tx, ask, said, how, seen, &mut settled)?;
    if let Verdict::Refused(reason, field) = settled.verdict {
        settled.warnings.clear();
        if let Some(number) = &said.document.number {
            seen.refused.entry(number.clone()).or_insert((reason, field));
        }
    }
    Ok(settled)
}

fn verdict(
    tx: &Tx<'_>,
    ask: &Ask,
    said: &Said,
    how: How<'_>,
    seen: &mut Seen,
    settled: &mut Settled,
) -> Result<Verdict> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(&said.place.code).filter(|_| ask.who.scope.covers(&tree, &said.place.code));
    let Some(region) = county.map(|it| it.code.clone()) else {
        return Ok(Verdict::Refused(Reason::PlaceOutside, "village"));
    };
    if how.again
        && let Some((reason, field)) = said.document.number.as_ref().and_then(|it| seen.refused.get(it))
    {
        return Ok(Verdict::Refused(*reason, field));
    }
    if how.again && how.dry_run {
        return Ok(Verdict::Again);
    }
    let known = find(tx, ask, said, &region, seen)?;
    if let Some(birth) = said.birth {
        seen.people.insert(fingerprint(said, birth));
    }
    match known {
        Known::Not(reason) => Ok(Verdict::Refused(reason, if reason == Reason::BirthMissing { "birth" } else { "id" })),
        Known::Above => Ok(Verdict::Again),
        Known::Here(elder) if how.again => {
            if elder.is_living() {
                let end = end(ask, said, elder.birth, settled);
                update::bring_up_to_date(tx, ask, &elder, said, &end, how, true)?;
            }
            Ok(Verdict::Again)
        }
        Known::Here(elder) => known_person(tx, ask, &elder, said, how, settled),
        Known::Nobody => new_person(tx, ask, said, how, settled),
    }
}

fn fingerprint(said: &Said, birth: Birth) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&said.name, birth.to_string(), &said.place.code).hash(&mut hasher);
    hasher.finish()
}

fn find(tx: &Tx<'_>, ask: &Ask, said: &Said, region: &str, seen: &Seen) -> Result<Known> {
    let Some(number) = &said.document.number else { return find_without_number(tx, ask, said, region, seen) };
    let blind = ask.app.crypt.blind(NUMBER_COLUMN, number);
    let key = tx.row("select region, elder from person_index where blind = $1", &[&blind], |row| {
        Ok(Key { region: row.get(0)?, id: row.get(1)? })
    })?;
    let Some(key) = key else { return Ok(Known::Nobody) };
    if key.region != region {
        return Ok(Known::Not(Reason::KnownElsewhere));
    }
    match elder::find(tx, &ask.who.scope, &key) {
        Ok(elder) => Ok(Known::Here(Box::new(elder))),
        Err(Error::NotFound) => Ok(Known::Not(Reason::KnownOutside)),
        Err(other) => Err(other),
    }
}

/// Without a number somebody is known again by the very same name, birth and place.
fn find_without_number(tx: &Tx<'_>, ask: &Ask, said: &Said, region: &str, seen: &Seen) -> Result<Known> {
    let Some(birth) = said.birth else { return Ok(Known::Not(Reason::BirthMissing)) };
    if seen.people.contains(&fingerprint(said, birth)) {
        return Ok(Known::Above);
    }
    let sql = format!(
        "select {} from elder where region = $1 and name = $2 and state in ('living', 'died', 'moved') and birth = $3
            and birth_precision = $4 and place = $5
          order by case state when 'living' then 0 else 1 end, case when id_number is null then 0 else 1 end, id limit 1",
        elder::COLUMNS
    );
    let precision = if birth.exact { "day" } else { "year" };
    let values: [&dyn kit::db::Bind; 5] = [&region, &said.name, &birth.day.to_string(), &precision, &said.place.code];
    let found = tx.row(&sql, &values, elder::read)?;
    let held = |it: &Elder| ask.who.scope.holds(region, &it.place, it.organisation, Some(it.key.id));
    Ok(match found {
        Some(elder) if held(&elder) => Known::Here(Box::new(elder)),
        Some(_) => Known::Not(Reason::KnownOutside),
        None => Known::Nobody,
    })
}

fn new_person(tx: &Tx<'_>, ask: &Ask, said: &Said, how: How<'_>, settled: &mut Settled) -> Result<Verdict> {
    let Some(birth) = said.birth else { return Ok(Verdict::Refused(Reason::BirthMissing, "birth")) };
    let end = end(ask, said, birth, settled);
    if how.dry_run {
        return Ok(Verdict::Accepted);
    }
    let draft = said.draft(ask, birth, how.source);
    or_refused(tx.attempt(|tx| take_in(tx, ask, said, &draft, &end)))
}

fn take_in(tx: &Tx<'_>, ask: &Ask, said: &Said, draft: &Draft, end: &End) -> Result<()> {
    // A number that somebody else has taken since it was looked for is no new person; the next import brings it up to date.
    let Taken::New(key) = intake::take(tx, ask, draft)? else { return Ok(()) };
    if said.contacts.is_empty() && end.is_none() {
        return Ok(());
    }
    let elder = elder::find(tx, &ask.who.scope, &key)?;
    for contact in &said.contacts {
        let new = NewContact {
            name: &contact.name,
            relation: contact.relation,
            phone: contact.phone.as_ref(),
            is_carer: contact.is_carer,
            lives_together: false,
        };
        contacts::add(tx, ask, &elder, &new)?;
    }
    end.happen(tx, ask, &elder)
}

fn known_person(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    said: &Said,
    how: How<'_>,
    settled: &mut Settled,
) -> Result<Verdict> {
    let is_said_so = match &*elder.state {
        "died" => said.death.is_some(),
        "moved" => said.left.is_some(),
        _ => true,
    };
    if elder.name != said.name {
        settled.warnings.push((Reason::NameDiffers, "name"));
    }
    if !elder.is_living() {
        if !is_said_so {
            let reason = if elder.state == "died" { Reason::KnownAsDied } else { Reason::KnownAsMoved };
            settled.warnings.push((reason, "name"));
        }
        return Ok(Verdict::Unchanged);
    }
    let end = end(ask, said, elder.birth, settled);
    let mut changed = false;
    let verdict = or_refused(tx.attempt(|tx| {
        changed = update::bring_up_to_date(tx, ask, elder, said, &end, how, false)?;
        Ok(())
    }))?;
    Ok(if verdict == Verdict::Accepted && !changed { Verdict::Unchanged } else { verdict })
}

/// What the registry itself refuses costs the row and not the file.
fn or_refused(done: Result<()>) -> Result<Verdict> {
    match done {
        Ok(()) => Ok(Verdict::Accepted),
        Err(Error::Invalid(_) | Error::Refused(_)) => Ok(Verdict::Refused(Reason::NotTaken, "name")),
        Err(other) => Err(other),
    }
}

/// The death or leaving that a row tells of, on the day of the import where it names none.
fn end(ask: &Ask, said: &Said, birth: Birth, settled: &mut Settled) -> End {
    let today = ask.today();
    let mut end = End { died: None, left: None };
    match (said.death, said.left) {
        (Some(Some(day)), _) if today < day || day < birth.day.add_years(-1) => {
            settled.warnings.push((Reason::DeathUnreadable, "death"));
        }
        (Some(day), _) => {
            settled.died_some_day = day.is_none();
            end.died = Some(day.unwrap_or(today));
        }
        (None, Some(Some(day))) if today < day => settled.warnings.push((Reason::MovedUnreadable, "moved_out")),
        (None, Some(day)) => {
            settled.moved_some_day = day.is_none();
            end.left = Some(day.unwrap_or(today));
        }
        (None, None) => {}
    }
    end
}

impl End {
    pub(super) fn is_none(&self) -> bool {
        self.died.is_none() && self.left.is_none()
    }

    pub(super) fn happen(&self, tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
        match (self.died, self.left) {
            (Some(day), _) => life::died(tx, ask, elder, day, ""),
            (None, Some(day)) => moving::moved(tx, ask, elder, day, None).map(drop),
            (None, None) => Ok(()),
        }
    }
}
