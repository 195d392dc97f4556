//! Whom to invite: for each vaccine that is free for a person, when the next dose is, and what stands in the way.

use kit::{App, Ask, Id, Result, Scope, Tx, Who};
use rules::{
    base::Date,
    vaccination::{State, free_from},
};

use super::{dose, marks, refusal, schedule};
use crate::elders::{self, Elder, Key};

/// The duty this module sets for an elder.
pub const DUE: &str = "vaccination";

/// Keeps anew what follows from the facts of a person: invitations, the duty, the numbers.
pub fn renew(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let key = &elder.key;
    let mut next_dose: Option<Date> = None;
    let refusals = refusal::of(tx, key)?;
    let today = ask.today();
    let policy = schedule::policy(ask, &key.region, today);
    for vaccine in schedule::offered(ask, &key.region) {
        let plan = schedule::next(tx, ask, elder, vaccine)?;
        // A course that was begun is a duty, whoever pays for it.
        if 1 < plan.number && refusals.iter().all(|it| it.vaccine != vaccine.id) {
            next_dose = next_dose.into_iter().chain(plan.from).min();
        }
        let free_since = free_from(&vaccine.id, &policy).map(|age| elder.birth.day.add_years(i32::from(age)));
        let Some(free_since) = free_since.filter(|it| *it <= today) else {
            clear(tx, key, &vaccine.id)?;
            continue;
        };
        let refused = refusals.iter().find(|it| it.vaccine == vaccine.id);
        let (state, day, said) = match (plan.state, refused) {
            (State::Complete, _) => ("complete", None, ""),
            (_, Some(it)) => (&*it.kind, it.until.map(|until| until.max(plan.from.unwrap_or(until))), &*it.reason),
            (_, None) => ("open", plan.from.map(|it| it.max(free_since)), ""),
        };
        tx.run(
            "insert into vaccination_invitation (region, elder, vaccine, id, day, number, free, state, said)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (region, elder, vaccine)
             do update set day = excluded.day, number = excluded.number, free = excluded.free, state = excluded.state,
                           said = excluded.said",
            &[
                &key.region,
                &key.id,
                &vaccine.id,
                &ask.new_id(),
                &day.map_or("9999-12-31".to_string(), |it| it.to_string()),
                &i64::from(plan.number),
                &true,
                &state,
                &said,
            ],
        )?;
    }
    match next_dose {
        Some(day) if elder.is_living() => {
            elders::set_due(tx, elder, DUE, day, "疫苗下一剂", &dose::link(key))?;
        }
        _ => elders::clear_due(tx, key, DUE)?,
    }
    marks::keep(tx, &ask.app, key)
}

fn clear(tx: &Tx<'_>, key: &Key, vaccine: &str) -> Result<()> {
    tx.run(
        "delete from vaccination_invitation where region = $1 and elder = $2 and vaccine = $3",
        &[&key.region, &key.id, &vaccine],
    )?;
    Ok(())
}

/// Death or moving away: nobody is invited any more.
pub fn end(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.run("delete from vaccination_invitation where region = $1 and elder = $2", &[&key.region, &key.id])?;
    elders::clear_due(tx, key, DUE)
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
    let ids = tx.rows(
        "select e.id from elder e
          where e.region = $1 and e.state = 'living' and e.birth <= $2 and e.id > $3
            and not exists (select 1 from vaccination_invitation v where v.region = e.region and v.elder = e.id)
          order by e.id limit 200",
        &[&region, &born, &after],
        |row| row.get::<Id>(0),
    )?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    for id in &ids {
        let key = Key { region: region.to_string(), id: *id };
        renew(tx, &ask, &elders::find(tx, &ask.who.scope, &key)?)?;
    }
    Ok(Some((last, ids.len() as u64)))
}
