//! For which villages and grids a team is responsible. A place has one team on any day: the table holds one step a place
//! and day.

use kit::{Ask, Error, Id, Result, Said, Tx, changes::Values, place::Level};
use rules::base::Date;

use super::team::{self, Team};
use crate::elders::Key;

/// The team responsible for a village or grid on a day. A grid that has no team of its own has its village's.
pub fn team_of_place(tx: &Tx<'_>, region: &str, place: &str, day: Date) -> Result<Option<Team>> {
    let mut code = place;
    loop {
        if let Some(id) = own_team(tx, region, code, day)? {
            return team::by_key(tx, &Key { region: region.to_string(), id }).map(Some);
        }
        // A grid's code begins with its village's.
        match code.len() {
            15 => code = &code[..12],
            _ => return Ok(None),
        }
    }
}

/// The team that a place has itself on a day.
pub fn own_team(tx: &Tx<'_>, region: &str, place: &str, day: Date) -> Result<Option<Id>> {
    let found = tx.row(
        "select team from team_place where region = $1 and place = $2 and from_day <= $3 order by from_day desc limit 1",
        &[&region, &place, &day.to_string()],
        |row| row.get::<Option<Id>>(0),
    )?;
    Ok(found.flatten())
}

/// The villages and grids of a team on a day, by code.
pub fn places_of(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Vec<String>> {
    tx.rows(
        "select p.place from team_place p
          where p.region = $1 and p.team = $2 and p.from_day =
                (select max(x.from_day) from team_place x
                  where x.region = p.region and x.place = p.place and x.from_day <= $3)
          order by p.place",
        &[&key.region, &key.id, &day.to_string()],
        |row| row.get(0),
    )
}

/// Every place of a county with the team it has on a day.
pub fn of_county(tx: &Tx<'_>, region: &str, day: Date) -> Result<Vec<(String, Id)>> {
    tx.rows(
        "select p.place, p.team from team_place p
          where p.region = $1 and p.team is not null and p.from_day =
                (select max(x.from_day) from team_place x
                  where x.region = p.region and x.place = p.place and x.from_day <= $2)
          order by p.place",
        &[&region, &day.to_string()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// What a team was ever responsible for: place, from, the first day on which it no longer was.
pub fn stays(tx: &Tx<'_>, key: &Key) -> Result<Vec<(String, Date, Option<Date>)>> {
    tx.rows(
        "select p.place, p.from_day,
                (select min(x.from_day) from team_place x
                  where x.region = p.region and x.place = p.place and x.from_day > p.from_day)
           from team_place p where p.region = $1 and p.team = $2 order by p.place, p.from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Makes a team responsible for exactly these places from a day on. Places of another team go over to this one; those left
/// out are without a team. Gives the names of teams that lost a place.
///
/// # Errors
/// `Invalid` for what is no village or grid of the team's county within the reader's scope, and for a day on which the team
/// is not there.
pub fn set(tx: &Tx<'_>, ask: &Ask, team: &Team, places: &[String], from: Date) -> Result<Vec<String>> {
    if !team.is_open(from) {
        return Err(Error::invalid("from", Said::new("团队在 {day} 不存在").with("day", from)));
    }
    let tree = ask.app.places.tree();
    for code in places {
        let place = tree.get(code).filter(|it| matches!(it.level, Level::Village | Level::Grid));
        let in_county = tree.county_of(code).is_some_and(|it| it.code == team.key.region);
        if place.is_none() || !in_county || !ask.who.scope.covers(&tree, code) {
            let said = Said::new("“{value}”不是您管理范围内的村(社区)或网格").with("value", code);
            return Err(Error::invalid("places", said));
        }
    }
    let before = places_of(tx, &team.key, from)?;
    let mut losers: Vec<Team> = Vec::new();
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    for code in places.iter().filter(|it| !before.contains(it)) {
        if let Some(other) = own_team(tx, &team.key.region, code, from)?
            && losers.iter().all(|it| it.key.id != other)
        {
            losers.push(team::by_key(tx, &Key { region: team.key.region.clone(), id: other })?);
        }
        write(tx, &team.key.region, code, from, Some(team.key.id))?;
        gained.push(tree.words(code));
    }
    // Those the reader may not see are not theirs to take away.
    for code in before.iter().filter(|it| !places.contains(it) && ask.who.scope.covers(&tree, it)) {
        write(tx, &team.key.region, code, from, None)?;
        lost.push(tree.words(code));
    }
    team::today(tx, ask, team, ask.today())?;
    let mut said = Vec::new();
    if !gained.is_empty() {
        said.push(ask.f("{day} 起负责 {places}", &[("day", &from), ("places", &gained.join("、"))]));
    }
    if !lost.is_empty() {
        said.push(ask.f("{day} 起不再负责 {places}", &[("day", &from), ("places", &lost.join("、"))]));
    }
    team.subject().note(tx, ask, "change", &said.join(";"), &Values::new(), &Values::new())?;
    for it in &losers {
        team::today(tx, ask, it, ask.today())?;
        let said = ask.f("{day} 起部分地区改由{name}负责", &[("day", &from), ("name", &team.name)]);
        it.subject().note(tx, ask, "change", &said, &Values::new(), &Values::new())?;
    }
    Ok(losers.into_iter().map(|it| it.name).collect())
}

pub fn write(tx: &Tx<'_>, region: &str, place: &str, from: Date, team: Option<Id>) -> Result<()> {
    tx.run(
        "insert into team_place (region, place, from_day, team) values ($1, $2, $3, $4)
         on conflict (region, place, from_day) do update set team = excluded.team",
        &[&region, &place, &from.to_string(), &team],
    )?;
    Ok(())
}
