//! Whom to invite: for each vaccine that is free for a person, when the next dose is, and what stands in the way.

use std::collections::{BTreeMap, HashMap};

use kit::{
    App, Ask, Id, Result, Scope, Tx, Who,
    db::{Put, Stream},
    tally::{self, Facts, Lot, PERSON},
};
use rules::{
    base::Date,
    vaccination::{State, free_from},
};

use super::{
    dose::{self, Dose},
    marks,
    refusal::{self, Refused},
    schedule,
};
use crate::elders::{self, Elder, Key};

/// The duty this module sets for an elder.
pub const DUE: &str = "vaccination";

/// What follows from the facts of a person.
#[derive(Default)]
struct Follows<'a> {
    invitations: Vec<Invitation<'a>>,
    /// When the next dose of a course that was begun is due.
    next_dose: Option<Date>,
}

/// One invitation for a vaccine that is free for a person.
struct Invitation<'a> {
    vaccine: &'a str,
    day: Date,
    number: i64,
    state: &'a str,
    said: &'a str,
}

fn follows<'a>(ask: &'a Ask, region: &str, born: Date, doses: &[Dose], refusals: &'a [Refused]) -> Follows<'a> {
    let today = ask.today();
    let policy = schedule::policy(ask, region, today);
    let mut found = Follows::default();
    for vaccine in schedule::offered(ask, region) {
        let plan = schedule::plan_of(ask, region, born, vaccine, doses);
        let refused = refusals.iter().find(|it| it.vaccine == vaccine.id);
        // A course that was begun is a duty, whoever pays for it.
        if 1 < plan.number && refused.is_none() {
            found.next_dose = found.next_dose.into_iter().chain(plan.from).min();
        }
        let free_since = free_from(&vaccine.id, &policy).map(|age| born.add_years(i32::from(age)));
        let Some(free_since) = free_since.filter(|it| *it <= today) else { continue };
        let (state, day, said) = match (plan.state, refused) {
            (State::Complete, _) => (COMPLETE, None, ""),
            (_, Some(it)) => (&*it.kind, it.until.map(|until| until.max(plan.from.unwrap_or(until))), &*it.reason),
            (_, None) => ("open", plan.from.map(|it| it.max(free_since)), ""),
        };
        found.invitations.push(Invitation {
            vaccine: &vaccine.id,
            day: day.unwrap_or_else(never),
            number: i64::from(plan.number),
            state,
            said,
        });
    }
    found
}

/// The day of an invitation for which there is none yet.
fn never() -> Date {
    Date::new(9999, 12, 31).expect("a day of the calendar")
}

/// Nothing more to be given.
pub const COMPLETE: &str = "complete";

/// Keeps anew what follows from the facts of a person: invitations, the duty, the numbers.
pub fn renew(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let key = &elder.key;
    let (doses, refusals) = (dose::of(tx, key)?, refusal::of(tx, key)?);
    let found = follows(ask, &key.region, elder.birth.day, &doses, &refusals);
    for vaccine in schedule::offered(ask, &key.region) {
        if found.invitations.iter().all(|it| it.vaccine != vaccine.id) {
            clear(tx, key, &vaccine.id)?;
        }
    }
    found.invitations.iter().try_for_each(|it| put(tx, ask, key, it))?;
    match found.next_dose {
        Some(day) if elder.is_living() => set_due(tx, elder, day)?,
        _ => elders::clear_due(tx, key, DUE)?,
    }
    marks::keep(tx, &ask.app, key)
}

fn put(to: &impl Put, ask: &Ask, key: &Key, it: &Invitation<'_>) -> Result<()> {
    to.put(
        "insert into vaccination_invitation (region, elder, vaccine, id, day, number, free, state, said)
         values ($1, $2, $3, $4, $5, $6, true, $7, $8)
         on conflict (region, elder, vaccine)
         do update set day = excluded.day, number = excluded.number, free = excluded.free, state = excluded.state,
                       said = excluded.said",
        &[&key.region, &key.id, &it.vaccine, &ask.new_id(), &it.day.to_string(), &it.number, &it.state, &it.said],
    )
}

fn set_due(tx: &Tx<'_>, elder: &Elder, day: Date) -> Result<()> {
    elders::set_due(tx, elder, DUE, day, "疫苗下一剂", &dose::link(&elder.key))
}

fn clear(tx: &Tx<'_>, key: &Key, vaccine: &str) -> Result<()> {
    tx.run(
        "delete from vaccination_invitation where region = $1 and elder = $2 and vaccine = $3",
        &[&key.region, &key.id, &vaccine],
    )?;
    Ok(())
}

/// Death or moving away: nobody is invited any more.
pub fn end(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tx.run("delete from vaccination_invitation where region = $1 and elder = $2", &[&key.region, &key.id])?;
    elders::clear_due(tx, key, DUE)?;
    marks::keep(tx, app, key)
}

/// Since when somebody waits for a vaccine: (day, state) of each invitation.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<(Date, String)>> {
    tx.rows(
        "select day, state from vaccination_invitation where region = $1 and elder = $2",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// As [`of`], of each person of a lot.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<(Date, String)>>> {
    lot.rows(
        tx,
        "select day, state, elder from vaccination_invitation where region = $1 and elder >= $2 and elder <= $3",
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Invites those of a county who are of an age and not yet in the list; gives how many. People come of age every day, and
/// new records come every hour.
pub async fn fill(app: &App, region: &str) -> Result<u64> {
    let (mut after, mut done) = (Id(0), 0);
    loop {
        let (app_too, county) = (app.clone(), region.to_string());
        let step = app.db.write(move |tx| step(tx, &app_too, &county, after)).await?;
        let Some((last, n)) = step else { return Ok(done) };
        (after, done) = (last, done + n);
    }
}

/// The next elders without a list of their own; gives the last one and how many were invited.
fn step(tx: &Tx<'_>, app: &App, region: &str, after: Id) -> Result<Option<(Id, u64)>> {
    let scope = Scope::of(&app.places.tree(), region);
    let ask = Ask::of(app, Who::system(scope), app.clock.now());
    let today = ask.today();
    let policy = schedule::policy(&ask, region, today);
    let ages = schedule::offered(&ask, region).iter().filter_map(|it| free_from(&it.id, &policy));
    let Some(youngest) = ages.min() else { return Ok(None) };
    let born = today.add_years(-i32::from(youngest)).to_string();
    let people: BTreeMap<Id, Date> = tx
        .rows(
            "select e.id, e.birth from elder e
              where e.region = $1 and e.state = 'living' and e.birth <= $2 and e.id > $3
                and not exists (select 1 from vaccination_invitation v where v.region = e.region and v.elder = e.id)
              order by e.id limit $4",
            &[&region, &born, &after, &LOT],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .collect();
    let Some(last) = people.keys().next_back().copied() else { return Ok(None) };
    if people.len() < FEW {
        for id in people.keys() {
            let key = Key { region: region.to_string(), id: *id };
            renew(tx, &ask, &elders::find(tx, &ask.who.scope, &key)?)?;
        }
    } else {
        invite(tx, &ask, region, &people)?;
    }
    Ok(Some((last, people.len() as u64)))
}

/// So many are invited in a transaction.
const LOT: i64 = 2_000;
/// Fewer are invited one by one: between them live many others.
const FEW: usize = 100;

/// Invites a lot of people, by birth date, who have no list of their own.
fn invite(tx: &Tx<'_>, ask: &Ask, region: &str, people: &BTreeMap<Id, Date>) -> Result<()> {
    let ids: Vec<Id> = people.keys().copied().collect();
    let lot = Lot { kind: PERSON, region, ids: &ids };
    let (doses, refusals) = (dose::of_lot(tx, &lot)?, refusal::of_lot(tx, &lot)?);
    let (to, mut said) = (Stream::new(tx), Facts::new());
    for (id, born) in people {
        let key = Key { region: region.to_string(), id: *id };
        let doses = doses.get(id).map_or(&[][..], |it| it);
        let refusals = refusals.get(id).map_or(&[][..], |it| it);
        let found = follows(ask, region, *born, doses, refusals);
        found.invitations.iter().try_for_each(|it| put(&to, ask, &key, it))?;
        if let Some(day) = found.next_dose {
            set_due(tx, &elders::find(tx, &ask.who.scope, &key)?, day)?;
        }
        let waits = found.invitations.iter().map(|it| (it.day, it.state));
        said.insert(*id, vec![marks::invited(waits)]);
    }
    to.end()?;
    tally::set_lot(tx, &ask.app, &lot, &said)
}
