//! The visits of some days as dispatch wants them: with homes, purposes and who came before; and what dispatch decides of them.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, db::Bind, events};
use rules::{base::Date, visit::Point};
use serde_json::json;

use super::{
    ASSIGNED,
    plan::{self, Change},
    record::{self, Purpose, Visit},
};
use crate::elders::{Elder, Key};

/// A visit that is planned, under way or done.
#[derive(Debug, Clone)]
pub struct Planned {
    pub visit: Visit,
    /// The elder's name.
    pub name: String,
    pub home: Option<Point>,
    pub purposes: Vec<Purpose>,
    /// Who of the staff came to this elder before, and how often.
    pub known: Vec<(Id, i64)>,
}

/// So many visits are planned together at most.
const MOST: usize = 5_000;

/// Visits of a county, or of one of its institutions, from a day until before another; whoever came since `known_since` counts
/// as known.
pub fn planned(
    tx: &Tx<'_>,
    region: &str,
    organisation: Option<Id>,
    days: (Date, Date),
    known_since: Date,
) -> Result<Vec<Planned>> {
    let (from, until, since) = (days.0.to_string(), days.1.to_string(), known_since.to_string());
    let ours = if organisation.is_some() { " and v.organisation = $4" } else { "" };
    let them = format!("v.day >= $2 and v.day < $3 and v.state in ('planned', 'under_way', 'done'){ours}");
    let mut values: Vec<&dyn Bind> = vec![&region, &from, &until];
    if let Some(id) = &organisation {
        values.push(id);
    }
    let columns: Vec<String> = record::COLUMNS.split(',').map(|it| format!("v.{}", it.trim())).collect();
    let (columns, next) = (columns.join(", "), record::COLUMNS.split(',').count());
    let mut all = tx.rows(
        &format!(
            "select {columns}, e.name, h.latitude, h.longitude from visit v
               join elder e on e.region = v.region and e.id = v.elder
               left join visit_home h on h.region = v.region and h.elder = v.elder
              where v.region = $1 and {them} order by v.day, v.id limit {MOST}"
        ),
        &values,
        |row| {
            let at: (Option<i64>, Option<i64>) = (row.get(next + 1)?, row.get(next + 2)?);
            Ok(Planned {
                visit: record::read(row)?,
                name: row.get(next)?,
                home: at.0.zip(at.1).map(|(latitude, longitude)| Point { latitude, longitude }),
                purposes: Vec::new(),
                known: Vec::new(),
            })
        },
    )?;
    let mut purposes: HashMap<Id, Vec<Purpose>> = HashMap::new();
    let rows = tx.rows(
        &format!(
            "select p.visit, p.programme, p.thing, p.service, p.payer from visit v
               join visit_purpose p on p.region = v.region and p.visit = v.id
              where v.region = $1 and {them} order by p.visit, p.programme, p.thing, p.service"
        ),
        &values,
        |row| {
            let id: Id = row.get(0)?;
            Ok((id, Purpose { programme: row.get(1)?, thing: row.get(2)?, service: row.get(3)?, payer: row.get(4)? }))
        },
    )?;
    for (id, purpose) in rows {
        purposes.entry(id).or_default().push(purpose);
    }
    let known = known(tx, &them, &values, &since)?;
    for it in &mut all {
        it.purposes = purposes.remove(&it.visit.key.id).unwrap_or_default();
        it.known = known.get(&it.visit.elder).cloned().unwrap_or_default();
    }
    Ok(all)
}

/// Who came to each elder of the visits asked for before their first day.
fn known(tx: &Tx<'_>, them: &str, values: &[&dyn Bind], since: &str) -> Result<HashMap<Id, Vec<(Id, i64)>>> {
    let mut values = values.to_vec();
    values.push(&since);
    let nth = values.len();
    let mut all: HashMap<Id, Vec<(Id, i64)>> = HashMap::new();
    let rows = tx.rows(
        &format!(
            "select d.elder, d.staff, count(*) from visit d
              where d.region = $1 and d.day >= ${nth} and d.day < $2 and d.state = 'done' and d.staff is not null
                and d.elder in (select v.elder from visit v where v.region = $1 and {them})
              group by d.elder, d.staff order by d.elder, d.staff"
        ),
        &values,
        |row| Ok((row.get::<Id>(0)?, (row.get::<Id>(1)?, row.get::<i64>(2)?))),
    )?;
    for (elder, one) in rows {
        all.entry(elder).or_default().push(one);
    }
    Ok(all)
}

/// What dispatch decides of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    pub day: Date,
    pub staff: Option<Id>,
    pub second: Option<Id>,
    /// Minutes after midnight at which they are to be there.
    pub at_minute: Option<i64>,
}

impl Assigned {
    /// What is decided of a visit now.
    pub fn of(it: &Visit) -> Assigned {
        Assigned { day: it.day, staff: it.staff, second: it.second, at_minute: it.at_minute }
    }
}

/// Gives a visit to those who are to make it. Gives the visit as it was, or nothing where it has begun or was called off since.
///
/// # Errors
/// As of planning a visit otherwise.
pub fn assign(tx: &Tx<'_>, ask: &Ask, key: &Key, to: &Assigned) -> Result<Option<Visit>> {
    record::hold(tx, key)?;
    let mut it = record::by_key(tx, key)?;
    if it.state != "planned" {
        return Ok(None);
    }
    let before = it.clone();
    if Assigned::of(&before) != *to {
        let new = Change {
            day: to.day,
            from_minute: it.from_minute,
            until_minute: it.until_minute,
            at_minute: to.at_minute,
            minutes: it.minutes,
            people: it.people,
            staff: to.staff,
            second: to.second,
            note: it.note.clone(),
        };
        plan::change(tx, ask, &mut it, new)?;
        let things: Vec<String> = record::purposes(tx, key)?.into_iter().map(|it| it.thing).collect();
        let body = json!({"visit": key, "elder": it.elder_key(), "day": it.day, "staff": it.staff, "second": it.second,
                          "at": it.at_minute, "things": things});
        events::send(tx, &key.region, ASSIGNED, &body, ask.now)?;
    }
    Ok(Some(before))
}

/// A visit that is only thought of, with the home and who came before.
pub fn thought_of(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<Planned> {
    let known = tx.rows(
        "select staff, count(*) from visit
          where region = $1 and elder = $2 and day < $3 and state = 'done' and staff is not null
          group by staff order by staff limit 200",
        &[&elder.key.region, &elder.key.id, &day.to_string()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Planned {
        visit: record::new(ask, elder, day),
        name: elder.name.clone(),
        home: super::home::of(tx, &elder.key)?.at,
        purposes: Vec::new(),
        known,
    })
}

/// Visits of the reader's scope on a day to which nobody is sent yet.
pub fn undispatched(tx: &Tx<'_>, ask: &Ask, day: Date) -> Result<i64> {
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&record::SCOPE, &mut values);
    values.push(Box::new(day.to_string()));
    let nth = values.len();
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from visit v where {scope} and v.day = ${nth} and v.state = 'planned' and v.staff is null"
        ),
        &values,
    )
}
