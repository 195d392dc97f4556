//! A family-doctor team (家庭医生团队): of one institution, with members and places that change from day to day.

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    changes::{Subject, Values},
    clock::stamp,
    db::{Bind, Row},
    place::ScopeColumns,
};
use rules::{
    base::{Date, Region},
    workforce::{Completeness, Members, Role},
};

use super::{area, marks, member, organisation};
use crate::elders::Key;

pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "t.region",
    street: Some("t.street"),
    place: "t.place",
    organisation: Some("t.organisation"),
    person: None,
};

/// A team as other modules know it.
#[derive(Debug, Clone)]
pub struct Team {
    pub key: Key,
    pub street: String,
    pub place: String,
    pub organisation: Id,
    pub name: String,
    pub phone: String,
    /// Its first day.
    pub opened: Date,
    /// The first day on which it is no more.
    pub closed: Option<Date>,
    pub closed_reason: String,
}

/// What is known of a team before it is there.
#[derive(Debug, Clone)]
pub struct NewTeam {
    pub organisation: Id,
    pub name: String,
    pub phone: String,
    pub opened: Date,
}

const COLUMNS: &str =
    "t.region, t.id, t.street, t.place, t.organisation, t.name, t.phone, t.opened, t.closed, t.closed_reason";

fn read(row: &Row<'_>) -> Result<Team> {
    Ok(Team {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        street: row.get(2)?,
        place: row.get(3)?,
        organisation: row.get(4)?,
        name: row.get(5)?,
        phone: row.get(6)?,
        opened: row.get(7)?,
        closed: row.get(8)?,
        closed_reason: row.get(9)?,
    })
}

impl Team {
    pub fn link(&self) -> String {
        format!("/workforce/teams/{}", self.key)
    }

    /// Whether a reader's scope holds it.
    pub fn is_in(&self, scope: &Scope) -> bool {
        scope.holds(&self.key.region, &self.place, Some(self.organisation), None)
    }

    /// Whether it is there on a day.
    pub fn is_open(&self, day: Date) -> bool {
        self.opened <= day && self.closed.is_none_or(|it| day < it)
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { word: "team", region: &self.key.region, id: self.key.id, place: &self.place }
    }

    fn values(&self, tx: &Tx<'_>) -> Result<Values> {
        Ok(vec![
            ("organisation", organisation::name(tx, self.organisation)?),
            ("name", self.name.clone()),
            ("phone", self.phone.clone()),
            ("opened", self.opened.to_string()),
        ])
    }
}

/// The team, if the scope holds it.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Team> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&key.region, &it.place, Some(it.organisation), None);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// Whichever team it is, in any scope: for its name beside an elder.
pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Team> {
    tx.one(&format!("select {COLUMNS} from team t where t.region = $1 and t.id = $2"), &[&key.region, &key.id], read)
}

/// The teams of a scope that are there on a day, by place and name.
pub fn teams(tx: &Tx<'_>, scope: &Scope, day: Date) -> Result<Vec<Team>> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = scope.sql(&SCOPE, &mut values);
    values.push(Box::new(day.to_string()));
    let at = values.len();
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select {COLUMNS} from team t
          where {condition} and t.opened <= ${at} and (t.closed is null or t.closed > ${at})
          order by t.region, t.street, t.initials, t.id"
    );
    tx.rows(&sql, &values, read)
}

/// Sets up a team.
///
/// # Errors
/// `Invalid` where the institution is not in the scope, or has an open team of that name.
pub fn create(tx: &Tx<'_>, ask: &Ask, new: &NewTeam) -> Result<Team> {
    let organisation = organisation::within(tx, ask, new.organisation, "organisation")?;
    let key = Key { region: organisation.region.clone(), id: ask.new_id() };
    let street = ask.app.places.tree().street_code(&organisation.place, &key.region);
    let now = stamp(ask.now);
    let written = tx.attempt(|tx| {
        tx.run(
            "insert into team (region, id, street, place, organisation, name, initials, phone, opened, closed_reason, leader,
                               members, places, lacks, created, changed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', 0, 0, '', $10, $10)",
            &[
                &key.region,
                &key.id,
                &street,
                &organisation.place,
                &organisation.id,
                &new.name,
                &kit::initials(&new.name),
                &new.phone,
                &new.opened.to_string(),
                &now,
            ],
        )
    });
    written.map_err(name_taken)?;
    let team = by_key(tx, &key)?;
    team.subject().note(tx, ask, "create", "", &Values::new(), &team.values(tx)?)?;
    today(tx, ask, &team, ask.today())?;
    Ok(team)
}

fn name_taken(error: Error) -> Error {
    if error.is_duplicate() { Error::invalid("name", "这家机构已有同名团队") } else { error }
}

/// Changes name, phone and first day.
pub fn change(tx: &Tx<'_>, ask: &Ask, before: &Team, name: &str, phone: &str, opened: Date) -> Result<()> {
    let earliest = tx.row(
        "select min(from_day) from team_member where region = $1 and team = $2",
        &[&before.key.region, &before.key.id],
        |row| row.get::<Option<Date>>(0),
    )?;
    if earliest.flatten().is_some_and(|it| it < opened) {
        return Err(Error::invalid("opened", "已有成员在此之前加入,组建日不能更晚"));
    }
    let written = tx.attempt(|tx| {
        tx.run(
            "update team set name = $3, initials = $4, phone = $5, opened = $6, changed = $7 where region = $1 and id = $2",
            &[
                &before.key.region,
                &before.key.id,
                &name,
                &kit::initials(name),
                &phone,
                &opened.to_string(),
                &stamp(ask.now),
            ],
        )
    });
    written.map_err(name_taken)?;
    let after = by_key(tx, &before.key)?;
    before.subject().note(tx, ask, "change", "", &before.values(tx)?, &after.values(tx)?)
}

/// Ends a team on a day: its places and members are free from then on.
///
/// # Errors
/// `Invalid` for a day before the team began.
pub fn close(tx: &Tx<'_>, ask: &Ask, team: &Team, day: Date, reason: &str) -> Result<()> {
    if day <= team.opened {
        return Err(Error::invalid("day", "撤销日应晚于组建日"));
    }
    for place in area::places_of(tx, &team.key, day)? {
        area::write(tx, &team.key.region, &place, day, None)?;
    }
    for it in member::members(tx, &team.key, day)? {
        member::write(tx, &team.key, it.staff.id, day, None, false)?;
    }
    tx.run(
        "update team set closed = $3, closed_reason = $4, changed = $5 where region = $1 and id = $2",
        &[&team.key.region, &team.key.id, &day.to_string(), &reason, &stamp(ask.now)],
    )?;
    let after = by_key(tx, &team.key)?;
    today(tx, ask, &after, ask.today())?;
    let said = ask.f("{day} 撤销:{reason}", &[("day", &day), ("reason", &reason)]);
    team.subject().note(tx, ask, "close", &said, &Values::new(), &Values::new())
}

/// Takes back that a team was closed; members and places have to be given anew.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, team: &Team, reason: &str) -> Result<()> {
    let written = tx.attempt(|tx| {
        tx.run(
            "update team set closed = null, closed_reason = '', changed = $3 where region = $1 and id = $2",
            &[&team.key.region, &team.key.id, &stamp(ask.now)],
        )
    });
    written.map_err(name_taken)?;
    let after = by_key(tx, &team.key)?;
    today(tx, ask, &after, ask.today())?;
    team.subject().note(tx, ask, "reopen", reason, &Values::new(), &Values::new())
}

/// What a team has and lacks of 3+2+X on a day; `None` where the region has laid nothing down.
pub fn completeness(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date) -> Result<Option<Completeness>> {
    let roles = member::members(tx, key, day)?.iter().filter_map(|it| Role::parse(&it.role)).collect();
    Ok(rules::workforce::completeness(&Members { roles }, &ask.app.policy.at(region(key)?, day)).ok())
}

/// The region by which policy is asked.
pub fn region(key: &Key) -> Result<Region> {
    key.region.parse().map_err(Error::internal)
}

/// Brings what the list shows up to a day.
pub fn today(tx: &Tx<'_>, ask: &Ask, team: &Team, day: Date) -> Result<()> {
    let key = &team.key;
    let members = member::members(tx, key, day)?;
    let leader = members.iter().find(|it| it.leads).map_or(String::new(), |it| it.name.clone());
    let places = area::places_of(tx, key, day)?.len() as i64;
    let lacks = match completeness(tx, ask, key, day)? {
        Some(it) if team.is_open(day) => {
            let all: Vec<&str> =
                it.core_missing.iter().chain(&it.specialists_missing).map(|role| role.word()).collect();
            all.join(" ")
        }
        _ => String::new(),
    };
    tx.run(
        "update team set leader = $3, members = $4, places = $5, lacks = $6 where region = $1 and id = $2",
        &[&key.region, &key.id, &leader, &(members.len() as i64), &places, &lacks],
    )?;
    marks::keep_team(tx, &ask.app, key)
}
