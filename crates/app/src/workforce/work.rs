//! What the workforce puts on the workbench and into the search.

use kit::{
    Ask, Id, Result, Tx,
    db::Bind,
    module::{Due, Found, Named, Urgency},
    place::Level,
    table,
};
use rules::base::Date;

use super::{
    TEAMS, WRITE, area, certificate, list,
    marks::{STAFF, TEAM},
    team, words,
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if ask.may(WRITE) {
        let today = ask.today();
        let region = ask.who.scope.counties.first().map_or("", |it| it);
        let ahead = certificate::warned_from(ask, region, today).days_until(today);
        // From the first day that counts to the last: what ran out long ago is still to be renewed.
        let expired = (Date::new(1900, 1, 1).unwrap_or(today), today.add_days(-1));
        let soon = (today, today.add_days(ahead));
        for (word, urgency, title, days) in
            [("expired", Urgency::Late, "人员证书已过期", expired), ("soon", Urgency::Soon, "人员证书将到期", soon)]
        {
            let count = papers_that_end(tx, ask, days)?;
            let link = format!("/workforce?papers={word}");
            all.extend(Due::counted(ask, urgency, [title, "换证后登记新证书"], link, "person-badge", count));
        }
    }
    if !ask.may(TEAMS) {
        return Ok(all);
    }
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = ask.who.scope.sql(&team::SCOPE, &mut values);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let lacking = tx.count(
        &format!("select count(*) from team t where {condition} and t.closed is null and t.lacks <> ''"),
        &values,
    )?;
    let gaps = places_without_team(tx, ask)?.len() as i64;
    for (said, link, icon, n) in [
        (["家庭医生团队缺人", "按 3+2+X 补齐成员"], "/workforce/teams?state=lacking", "people-fill", lacking),
        (["没有家庭医生团队负责的村(社区)", "指定负责的团队"], "/workforce/teams/gaps", "geo-alt", gaps),
    ] {
        all.extend(Due::counted(ask, Urgency::Soon, said, link, icon, n));
    }
    Ok(all)
}

/// How many of the staff have a certificate that ends within these days without another of its kind in its place; found along
/// the ends of certificates, which are few, instead of through all staff.
fn papers_that_end(tx: &Tx<'_>, ask: &Ask, (from, to): (Date, Date)) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    values.push(Box::new(from.to_string()));
    values.push(Box::new(to.to_string()));
    let n = values.len();
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select count(*) from (
           select distinct c.region, c.staff
             from staff_certificate c join staff s on s.region = c.region and s.id = c.staff
            where {condition} and s.state = 'active' and c.until_day >= ${} and c.until_day <= ${n}
              and not exists (select 1 from staff_certificate x
                    where x.region = c.region and x.staff = c.staff and x.kind = c.kind
                      and (x.until_day is null or x.until_day > c.until_day))) as found",
        n - 1
    );
    tx.count(&sql, &values)
}

/// Villages of the scope, in counties that have teams, for which no team is responsible today.
pub fn places_without_team(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<String>> {
    let tree = ask.app.places.tree();
    let mut gaps = Vec::new();
    for county in ask.who.scope.counties.iter() {
        let with_team = area::of_county(tx, county, ask.today())?;
        if with_team.is_empty() {
            continue;
        }
        for street in tree.children(county).filter(|it| it.level == Level::Street) {
            for village in tree.children(&street.code).filter(|it| it.level == Level::Village) {
                // A village cut into grids is covered where each grid is.
                let grids: Vec<&str> = tree.children(&village.code).map(|it| &*it.code).collect();
                let has = |code: &str| with_team.binary_search_by(|it| (*it.0).cmp(code)).is_ok();
                let covered = has(&village.code) || (!grids.is_empty() && grids.iter().all(|it| has(it)));
                if !covered && ask.who.scope.covers(&tree, &village.code) {
                    gaps.push(village.code.clone());
                }
            }
        }
    }
    Ok(gaps)
}

pub fn search(tx: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Found>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let mut all = table::found(&list::TEAMS, tx, ask, wanted, 5, |row| Found {
        group: "家庭医生团队",
        title: row.get("shown_name").text(),
        note: row.get("organisation").text(),
        link: (list::TEAMS.link)(row).unwrap_or_default(),
    })?;
    all.extend(table::found(&list::STAFF, tx, ask, wanted, 10, |row| {
        let kind = ask.t(words::title(words::KINDS, &row.get("kind").text())).to_string();
        Found {
            group: "从业人员",
            title: row.get("shown_name").text(),
            note: format!("{kind} · {}", row.get("organisation").text()),
            link: (list::STAFF.link)(row).unwrap_or_default(),
        }
    })?);
    Ok(all)
}

/// Staff and teams in a list of things counted; who lies outside the reader's scope is not named.
pub fn named(tx: &Tx<'_>, ask: &Ask, kind: &str, region: &str, ids: &[Id]) -> Result<Vec<Named>> {
    if !matches!(kind, STAFF | TEAM) || !ask.may(super::READ) || ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let columns = if kind == STAFF { &list::SCOPE } else { &team::SCOPE };
    let condition = ask.who.scope.sql(columns, &mut values);
    values.push(Box::new(region.to_string()));
    let region = format!("${}", values.len());
    let places = table::bound(&mut values, ids);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = if kind == STAFF {
        format!(
            "select s.id, s.name, s.kind, s.place, s.region from staff s
              where s.region = {region} and s.id in ({places}) and {condition} order by s.id"
        )
    } else {
        format!(
            "select t.id, t.name, t.leader, t.place, t.region from team t
              where t.region = {region} and t.id in ({places}) and {condition} order by t.id"
        )
    };
    let tree = ask.app.places.tree();
    tx.rows(&sql, &values, |row| {
        let (id, note, place, region): (Id, String, String, String) =
            (row.get(0)?, row.get(2)?, row.get(3)?, row.get(4)?);
        Ok(Named {
            id,
            title: row.get(1)?,
            note: if kind == STAFF { ask.t(words::title(words::KINDS, &note)).to_string() } else { note },
            place: tree.words(&place),
            link: format!("/workforce/{}{region}-{id}", if kind == STAFF { "" } else { "teams/" }),
        })
    })
}
