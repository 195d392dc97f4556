//! Contracts with family doctors: everybody whom the published figures count as signed has one that runs on their day, with
//! the team of the village; what was done under it is what checks, visits and questionnaires tell.

use std::collections::HashMap;

use kit::{App, Ask, Error, Result, Tx};
use rules::{
    base::Date,
    contracting::{Package, Service},
};

use super::{
    chance::Chance,
    people::{Days, Person},
};
use crate::{
    contracting::{self, Done, Past},
    elders::Elder,
    workforce::{self, Team},
};

/// Who takes the free package although one for the own group costs something.
const THRIFTY: f64 = 0.15;
/// Who takes a second package for another of their groups, where there is one.
const SECOND: f64 = 0.3;
/// Of people with a disability or dementia who have a child, those for whom the child signs.
const BY_CHILD: f64 = 0.6;
const ON_PAPER: f64 = 0.35;

/// A service that a module tells of.
#[derive(Debug, Clone)]
pub struct Served {
    pub service: Service,
    pub day: Date,
    /// The word of the module and its own number.
    pub source: String,
}

/// The team of each village, as looked up.
pub type Teams = HashMap<String, Option<Team>>;

/// A contract that a person is to have.
pub struct Drawn<'a> {
    pub day: Date,
    thrifty: bool,
    second: bool,
    way: &'static str,
    child: Option<&'a str>,
}

/// Draws the contract of a person who is to be signed; none where no rules of contracts are in force.
pub fn draw<'a>(app: &App, region: &str, person: &'a Person, days: Days) -> Option<Drawn<'a>> {
    if !person.standing.signed {
        return None;
    }
    let mut chance = Chance::new(person.seed() ^ 0x7369_676e);
    let day = signed_on(&mut chance, app, region, person, days)?;
    let (thrifty, second) = (chance.happens(THRIFTY), chance.happens(SECOND));
    let is_frail = person.draft.groups.iter().any(|it| it.0 == "disabled" || it.0 == "demented");
    let child = person.child.as_ref().filter(|_| is_frail && chance.happens(BY_CHILD));
    let way = if chance.happens(ON_PAPER) { "paper" } else { "onsite" };
    Some(Drawn { day, thrifty, second, way, child: child.map(|it| &*it.0) })
}

impl Drawn<'_> {
    /// Lets `with` take the contract in, of a team and with what was done.
    pub fn with<T>(
        &self,
        team: Option<&Team>,
        place: &str,
        served: &[Served],
        with: impl FnOnce(&Past<'_>) -> Result<T>,
    ) -> Result<T> {
        let team = team.ok_or_else(|| Error::internal(format!("no team for {place}")))?;
        let done: Vec<Done<'_>> = served
            .iter()
            .map(|it| Done { service: it.service, day: it.day, source: &it.source, who: "", note: "" })
            .collect();
        with(&Past {
            team,
            choose: &|offered| choose(offered, self.thrifty, self.second),
            way: self.way,
            signer: if self.child.is_some() { "family" } else { "self" },
            signer_name: self.child.unwrap_or_default(),
            done: &done,
        })
    }
}

/// Signs one person who is to be signed; `on` gives the `Ask` of a day.
pub fn write(
    tx: &Tx<'_>,
    on: &dyn Fn(Date) -> Ask,
    elder: &Elder,
    person: &Person,
    days: Days,
    served: &[Served],
    teams: &mut Teams,
) -> Result<()> {
    let Some(drawn) = draw(&on(days.today).app, &elder.key.region, person, days) else { return Ok(()) };
    let team = match teams.get(&elder.place) {
        Some(known) => known.clone(),
        None => {
            let found = workforce::team_of_place(tx, &elder.key.region, &elder.place, days.managed)?;
            teams.entry(elder.place.clone()).insert_entry(found).get().clone()
        }
    };
    let ask = on(drawn.day);
    let take = |past: &Past<'_>| contracting::take_past(tx, &ask, elder, past);
    let contract = drawn.with(team.as_ref(), &elder.place, served, take)?;
    match (person.died, person.moved) {
        (Some(day), _) if day < contract.until => contracting::end_all(tx, &on(day), &elder.key, day, "died"),
        (_, Some(day)) if day < contract.until => contracting::end_all(tx, &on(day), &elder.key, day, "moved"),
        _ => Ok(()),
    }
}

/// A day from which a contract still runs on the day of the figures; none where no rules of contracts are in force.
fn signed_on(chance: &mut Chance, app: &App, region: &str, person: &Person, days: Days) -> Option<Date> {
    let policy = app.policy_in(region, days.managed);
    let months = *policy.read(|it| &it.contracting.term_months).ok()?;
    let first = days.managed.add_months(-i32::from(months)).add_days(2).max(person.since);
    let span = first.days_until(days.managed).max(0) as usize;
    let day = first.add_days(chance.below(span + 1) as i32);
    let policy = app.policy_in(region, day);
    policy.read(|it| &it.contracting.packages).ok().map(|_| day)
}

/// The best package for the person's groups, for some another one with it, and for the thrifty one that costs nothing.
fn choose(offered: &[&Package], thrifty: bool, second: bool) -> Vec<String> {
    let costs = |it: &Package| 0 < it.fee.person.fen();
    let Some(best) = offered.first() else { return Vec::new() };
    let mut all = vec![best.id.clone()];
    if let Some(free) = offered.iter().find(|it| thrifty && costs(best) && !costs(it)) {
        all = vec![free.id.clone()];
    } else if let Some(other) = offered.get(1).filter(|it| second && !it.groups.is_empty()) {
        all.push(other.id.clone());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(id: &str, yuan: i64, for_group: bool) -> Package {
        let json = serde_json::json!({
            "编号": id, "名称": id, "英文": id, "适用人群": if for_group { vec!["慢性病"] } else { vec![] },
            "费用": {"个人": format!("{yuan} 元")}, "项目": []
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_thrifty_take_what_is_free() {
        let (paid, free) = (package("chronic", 10, true), package("basic", 0, false));
        assert_eq!(choose(&[&paid, &free], false, true), ["chronic"]);
        assert_eq!(choose(&[&paid, &free], true, true), ["basic"]);
        let other = package("disabled", 0, true);
        assert_eq!(choose(&[&paid, &other, &free], false, true), ["chronic", "disabled"]);
        assert_eq!(choose(&[&paid, &other, &free], false, false), ["chronic"]);
        assert!(choose(&[], true, true).is_empty());
    }
}
