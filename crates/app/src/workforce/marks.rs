//! What staff and teams tell the tally: who is at work where, seconded, certified, trained; which teams there are and whether
//! each is complete.

use kit::{
    App, Error, Result, Said, Tx,
    tally::{self, Facts, Family, Lot, Marks, Span, Thing},
};
use rules::{
    base::{Date, Region},
    workforce::{Certificate, Members, Role, completeness},
};

use super::{certificate, member, organisation, post, staff, team, training};
use crate::elders::Key;

pub const STAFF: &str = "staff";
pub const TEAM: &str = "team";

/// (post, mark).
const POSTS: &[(&str, &str)] = &[
    ("seconded", "workforce.seconded"),
    ("multi_site", "workforce.multi_site"),
    ("rehired", "workforce.rehired"),
    ("county_hired", "workforce.county_hired"),
];

/// (certificate, mark).
const PAPERS: &[(Certificate, &str)] = &[
    (Certificate::CareWorker, "workforce.care_worker_certified"),
    (Certificate::DirectedTitle, "workforce.directed_title"),
    (Certificate::GeneralPractice, "workforce.general_practice"),
];

/// What the facts say of staff and teams, who are few.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<Facts> {
    let key = |it: &Thing<'_>| Key { region: it.region.to_string(), id: it.id };
    match lot.kind {
        STAFF => lot.each(|it| of_staff(tx, &key(it))),
        TEAM => lot.each(|it| of_team(tx, app, &key(it))),
        _ => Ok(Facts::new()),
    }
}

/// Says anew what holds of somebody, and where they work.
pub fn keep_staff(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let thing = Thing::new(STAFF, &key.region, key.id);
    tally::set_all(tx, app, &thing, &of_staff(tx, key)?)?;
    let (mut places, mut institutions) = (Vec::new(), Vec::new());
    for it in post::posts_of(tx, key)?.into_iter().filter(|it| it.main) {
        let Some(id) = it.organisation else { continue };
        if let Some(organisation) = organisation::by_id(tx, id)? {
            places.push((organisation.place, it.from, it.until));
            institutions.push((Family::Organisation.unit(id), it.from, it.until));
        }
    }
    tally::set_units(tx, app, &thing, Family::Place, &places)?;
    tally::set_units(tx, app, &thing, Family::Organisation, &institutions)
}

/// Says anew what holds of a team, and where it belongs.
pub fn keep_team(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let thing = Thing::new(TEAM, &key.region, key.id);
    tally::set_all(tx, app, &thing, &of_team(tx, app, key)?)?;
    let it = team::by_key(tx, key)?;
    let stay = |unit: String| [(unit, it.opened, it.closed)];
    tally::set_units(tx, app, &thing, Family::Place, &stay(it.place.clone()))?;
    tally::set_units(tx, app, &thing, Family::Organisation, &stay(Family::Organisation.unit(it.organisation)))?;
    tally::set_units(tx, app, &thing, Family::Team, &stay(Family::Team.unit(key.id)))
}

fn of_staff(tx: &Tx<'_>, key: &Key) -> Result<Marks> {
    let it = staff::by_key(tx, key)?;
    let posts = post::posts_of(tx, key)?;
    let span = |it: &post::Post| Span::new(it.from).until(it.until);
    let main: Vec<Span> = posts.iter().filter(|it| it.main).map(span).collect();
    // Somebody from outside the county is not of its staff.
    let own: Vec<Span> = posts.iter().filter(|it| it.main && it.kind != "outside").map(span).collect();
    let mut all: Marks = vec![("workforce.staff", own.clone())];
    all.push(("workforce.care_worker", if it.kind == "care_worker" { own.clone() } else { Vec::new() }));
    for (kind, mark) in POSTS {
        all.push((mark, posts.iter().filter(|it| it.kind == *kind).map(span).collect()));
    }
    let first = posts.iter().filter(|it| it.main && matches!(&*it.kind, "employed" | "contract" | "county_hired"));
    let hired = first.map(|it| it.from).min();
    let year = hired.and_then(|day| Some(Span::new(day).until(Date::new(day.year() + 1, 1, 1)?)));
    all.push(("workforce.hired_this_year", year.into_iter().collect()));
    let papers = certificate::of(tx, key)?;
    for (kind, mark) in PAPERS {
        let held = papers.iter().filter(|it| it.kind == *kind);
        let spans = held.map(|it| Span::new(it.from).until(it.until.map(|end| end.add_days(1)))).collect::<Vec<_>>();
        all.push((mark, common(&spans, &main)));
    }
    let trained = training::of(tx, key)?.into_iter().filter(|it| it.topic == "geriatrics" && it.passed);
    let spans: Vec<Span> = trained.map(|it| Span::new(it.until)).collect();
    all.push(("workforce.geriatrics_trained", common(&spans, &main)));
    Ok(all)
}

/// The days that lie in a stretch of either list.
fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut all = Vec::new();
    for one in a {
        for other in b {
            let from = one.from.max(other.from);
            let until = match (one.until, other.until) {
                (Some(x), Some(y)) => Some(x.min(y)),
                (x, y) => x.or(y),
            };
            if until.is_none_or(|it| from < it) {
                all.push(Span::new(from).until(until));
            }
        }
    }
    all
}

/// Between the days on which a member comes or goes, or policy changes, a team stays as complete as it is.
fn of_team(tx: &Tx<'_>, app: &App, key: &Key) -> Result<Marks> {
    let it = team::by_key(tx, key)?;
    let stays = member::stays(tx, key)?;
    let region: Region = key.region.parse().map_err(Error::internal)?;
    let mut days = vec![it.opened];
    days.extend(stays.iter().flat_map(|it| [Some(it.from), it.until]).flatten());
    days.extend(app.policy.days_of(|it| &it.workforce.core_roles));
    days.extend(app.policy.days_of(|it| &it.workforce.specialist_roles));
    days.retain(|day| it.is_open(*day));
    days.sort_unstable();
    days.dedup();
    let (mut complete, mut short): (Vec<Span>, Vec<Span>) = (Vec::new(), Vec::new());
    for (at, day) in days.iter().enumerate() {
        let until = days.get(at + 1).copied().or(it.closed);
        let there = stays.iter().filter(|it| it.from <= *day && it.until.is_none_or(|end| *day < end));
        let roles = there.filter_map(|it| Role::parse(&it.role)).collect();
        let Ok(found) = completeness(&Members { roles }, &app.policy.at(region, *day)) else { continue };
        let span = Span::new(*day).until(until);
        if found.is_complete() {
            complete.push(span);
        } else {
            let missing: Vec<&str> =
                found.core_missing.iter().chain(&found.specialists_missing).map(|it| it.title()).collect();
            short.push(span.note(Said::new("缺{roles}").with("roles", missing.join("、")).stored()));
        }
    }
    let life = Span::new(it.opened).until(it.closed);
    Ok(vec![("workforce.team", vec![life]), ("workforce.team_complete", complete), ("workforce.team_short", short)])
}
