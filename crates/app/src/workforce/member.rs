//! Who is in a team: staff with a role, from day to day.

use kit::{Ask, Error, Id, Result, Said, Tx, changes::Values};
use rules::base::Date;

use super::{
    post,
    staff::{self, Staff},
    team::{self, Team},
    words,
};
use crate::elders::Key;

/// A member on a day.
#[derive(Debug, Clone)]
pub struct Member {
    pub staff: Key,
    pub name: String,
    /// The kind of staff, a word of `words::KINDS`.
    pub kind: String,
    /// The role in the team, a word of `rules::workforce::Role`.
    pub role: String,
    pub leads: bool,
    pub from: Date,
}

/// A stretch in which somebody was a member.
#[derive(Debug, Clone)]
pub struct Stay {
    pub name: String,
    pub role: String,
    pub leads: bool,
    pub from: Date,
    pub until: Option<Date>,
}

/// Everybody who ever was a member, by name and day.
pub fn stays(tx: &Tx<'_>, key: &Key) -> Result<Vec<Stay>> {
    type Step = (Id, String, Date, Option<String>, bool);
    let steps: Vec<Step> = tx.rows(
        "select m.staff, s.name, m.from_day, m.role, m.leads
           from team_member m join staff s on s.region = m.region and s.id = m.staff
          where m.region = $1 and m.team = $2 order by s.initials, m.staff, m.from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let mut all = Vec::new();
    for (at, (id, name, from, role, leads)) in steps.iter().enumerate() {
        let Some(role) = role else { continue };
        all.push(Stay {
            name: name.clone(),
            role: role.clone(),
            leads: *leads,
            from: *from,
            until: steps.get(at + 1).filter(|it| it.0 == *id).map(|it| it.2),
        });
    }
    Ok(all)
}

/// The members of a team on a day: the leader first, then by role.
pub fn members(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Vec<Member>> {
    let mut all = tx.rows(
        "select m.staff, s.name, s.kind, m.role, m.leads, m.from_day
           from team_member m join staff s on s.region = m.region and s.id = m.staff
          where m.region = $1 and m.team = $2 and m.role is not null and m.from_day =
                (select max(x.from_day) from team_member x
                  where x.region = m.region and x.team = m.team and x.staff = m.staff and x.from_day <= $3)
          order by s.initials, m.staff",
        &[&key.region, &key.id, &day.to_string()],
        |row| {
            Ok(Member {
                staff: Key { region: key.region.clone(), id: row.get(0)? },
                name: row.get(1)?,
                kind: row.get(2)?,
                role: row.get(3)?,
                leads: row.get(4)?,
                from: row.get(5)?,
            })
        },
    )?;
    let rank = |role: &str| rules::workforce::Role::ALL.iter().position(|it| it.word() == role);
    all.sort_by_key(|it| (!it.leads, rank(&it.role)));
    Ok(all)
}

/// The teams somebody is in on a day.
pub fn teams_of(tx: &Tx<'_>, staff: &Key, day: Date) -> Result<Vec<(Team, String)>> {
    let keys = tx.rows(
        "select m.team, m.role from team_member m
          where m.region = $1 and m.staff = $2 and m.role is not null and m.from_day =
                (select max(x.from_day) from team_member x
                  where x.region = m.region and x.team = m.team and x.staff = m.staff and x.from_day <= $3)
          order by m.team",
        &[&staff.region, &staff.id, &day.to_string()],
        |row| Ok((Key { region: staff.region.clone(), id: row.get(0)? }, row.get::<String>(1)?)),
    )?;
    keys.into_iter().map(|(key, role)| Ok((team::by_key(tx, &key)?, role))).collect()
}

/// What is to hold of somebody in a team from a day on; `role` `None` takes them out.
#[derive(Debug, Clone)]
pub struct New<'a> {
    pub role: Option<&'a str>,
    pub leads: bool,
    pub from: Date,
}

/// Puts somebody into a team, gives them another role, or takes them out, from a day on.
///
/// # Errors
/// `Invalid` for somebody who has no post on that day, for a day outside the team's life, and for the end of a membership
/// that is not there.
pub fn set(tx: &Tx<'_>, ask: &Ask, team: &Team, staff: &Staff, new: &New<'_>) -> Result<()> {
    if !team.is_open(new.from) {
        return Err(Error::invalid("from", Said::new("团队在 {day} 不存在").with("day", new.from)));
    }
    let before = members(tx, &team.key, new.from)?;
    let was = before.iter().find(|it| it.staff == staff.key);
    if new.role.is_none() && was.is_none() {
        return Err(Error::invalid("staff", Said::new("{name} 当日不是团队成员").with("name", &staff.name)));
    }
    if new.role.is_some() && !post::posts_of(tx, &staff.key)?.iter().any(|it| it.main && it.holds(new.from)) {
        return Err(Error::invalid("staff", Said::new("{name} 当日不在岗").with("name", &staff.name)));
    }
    if new.leads {
        // A team has one leader: the one before stays as a member.
        for it in before.iter().filter(|it| it.leads && it.staff != staff.key) {
            write(tx, &team.key, it.staff.id, new.from, Some(&it.role), false)?;
        }
    }
    write(tx, &team.key, staff.key.id, new.from, new.role, new.leads && new.role.is_some())?;
    team::today(tx, ask, team, ask.today())?;
    let said = match new.role {
        Some(role) => ask.f(
            "{day} 起 {name}:{role}",
            &[("day", &new.from), ("name", &staff.name), ("role", &ask.t(words::role_title(role)))],
        ),
        None => ask.f("{day} 起 {name} 不再是成员", &[("day", &new.from), ("name", &staff.name)]),
    };
    team.subject().note(tx, ask, "change", &said, &Values::new(), &Values::new())
}

/// Who leaves for good leaves every team.
pub fn leave_all(tx: &Tx<'_>, ask: &Ask, staff: &Staff, new: &post::New<'_>) -> Result<()> {
    if new.line != post::Line::Main || new.kind.is_some() {
        return Ok(());
    }
    for (team, _) in teams_of(tx, &staff.key, new.from)? {
        write(tx, &team.key, staff.key.id, new.from, None, false)?;
        team::today(tx, ask, &team, ask.today())?;
        let said = ask.f("{day} 起 {name} 不再是成员", &[("day", &new.from), ("name", &staff.name)]);
        team.subject().note(tx, ask, "change", &said, &Values::new(), &Values::new())?;
    }
    Ok(())
}

pub fn write(tx: &Tx<'_>, team: &Key, staff: Id, from: Date, role: Option<&str>, leads: bool) -> Result<()> {
    tx.run(
        "insert into team_member (region, team, staff, from_day, role, leads) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, team, staff, from_day) do update set role = excluded.role, leads = excluded.leads",
        &[&team.region, &team.id, &staff, &from.to_string(), &role, &leads],
    )?;
    Ok(())
}

/// Somebody of the county by the number a form sends.
pub fn chosen(tx: &Tx<'_>, team: &Team, id: Option<Id>) -> Result<Staff> {
    let id = id.ok_or_else(|| Error::invalid("staff", "请选择人员"))?;
    match staff::by_key(tx, &Key { region: team.key.region.clone(), id }) {
        Err(Error::NotFound) => Err(Error::invalid("staff", "请选择人员")),
        other => other,
    }
}
