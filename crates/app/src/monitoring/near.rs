//! Who of the staff could be there soonest: who is free at this moment, and how far they are by where they were last.

use std::collections::HashMap;

use jiff::Timestamp;
use kit::{Ask, Id, Result, Tx};
use rules::visit::{Point, metres};

use super::duty;
use crate::{
    institutions,
    visits::{self, Planned},
    workforce::{self, Staff},
};

/// Somebody who could be sent.
#[derive(Debug, Clone)]
pub struct Near {
    pub staff: Staff,
    /// The rank in the roster of the centre at this moment.
    pub rank: Option<u8>,
    pub metres: Option<u32>,
    pub from: From,
    pub busy: Option<Busy>,
}

/// By what it is known where somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// The last visit of today, by whose home: name and time.
    Visit(String, String),
    Institution(String),
    Unknown,
}

/// What keeps somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Busy {
    /// At a home, by name.
    At(String),
    /// Promised for a minute of the day.
    Promised(i64, String),
}

/// So many are proposed.
const MOST: usize = 8;

/// Staff at work or on duty at this moment whom the reader may see: the free ones first, the nearest of them on top.
pub fn nearest(tx: &Tx<'_>, ask: &Ask, region: &str, centre: Option<Id>, to: Option<Point>) -> Result<Vec<Near>> {
    let (day, minute) = duty::moment(ask.now);
    let ranks: HashMap<Id, u8> = match centre {
        Some(id) => duty::on_duty(tx, region, id, ask.now)?.into_iter().map(|(rank, it)| (it.key.id, rank)).collect(),
        None => HashMap::new(),
    };
    let policy = ask.app.policy_in(region, day);
    let window = i64::from(policy.read(|it| &it.monitoring.busy_minutes).copied().unwrap_or(0));
    let visits = visits::planned(tx, region, None, (day, day.add_days(1)), day)?;
    let mut of_staff: HashMap<Id, Vec<&Planned>> = HashMap::new();
    for it in &visits {
        for id in it.visit.staff_ids() {
            of_staff.entry(id).or_default().push(it);
        }
    }
    let bases: HashMap<Id, (String, Option<Point>)> = institutions::positions(tx, region)?
        .into_iter()
        .map(|it| {
            let at = it.position.map(|at| Point { latitude: at.latitude, longitude: at.longitude });
            (it.id, (it.name, at))
        })
        .collect();
    let mut all = Vec::new();
    for it in workforce::on_day(tx, region, None, day)? {
        let rank = ranks.get(&it.staff.key.id).copied();
        let works =
            it.hours.as_ref().is_none_or(|hours| hours.iter().any(|(from, until)| (*from..*until).contains(&minute)));
        let is_there = it.away.is_none() && (works || rank.is_some());
        let is_seen = ask.who.scope.holds(region, &it.staff.place, it.staff.organisation, None);
        if !is_there || !is_seen {
            continue;
        }
        let theirs = of_staff.get(&it.staff.key.id).map_or(&[][..], |all| all);
        let base = it.staff.organisation.and_then(|id| bases.get(&id));
        let (from, at) = last_seen(theirs, base);
        all.push(Near {
            metres: at.zip(to).map(|(a, b)| metres(a, b)),
            busy: busy(theirs, i64::from(minute), window),
            from,
            rank,
            staff: it.staff,
        });
    }
    all.sort_by_cached_key(|it| {
        (it.busy.is_some(), it.metres.is_none(), it.metres, it.rank.unwrap_or(u8::MAX), it.staff.key.id)
    });
    all.truncate(MOST);
    Ok(all)
}

/// Where the last visit of today was that has begun; else the institution.
fn last_seen(theirs: &[&Planned], base: Option<&(String, Option<Point>)>) -> (From, Option<Point>) {
    let began = |it: &&&Planned| it.visit.began.clone();
    let last = theirs.iter().filter(|it| it.visit.began.is_some() && it.home.is_some()).max_by_key(began);
    if let Some(it) = last {
        let at = it.visit.ended.as_ref().or(it.visit.began.as_ref());
        let clock = at.and_then(|at| at.parse::<Timestamp>().ok()).map(|at| i64::from(duty::moment(at).1));
        return (From::Visit(it.name.clone(), clock.map(visits::clock).unwrap_or_default()), it.home);
    }
    match base {
        Some((name, at)) => (From::Institution(name.clone()), *at),
        None => (From::Unknown, None),
    }
}

fn busy(theirs: &[&Planned], minute: i64, window: i64) -> Option<Busy> {
    if let Some(it) = theirs.iter().find(|it| it.visit.state == "under_way") {
        return Some(Busy::At(it.name.clone()));
    }
    let promised = theirs.iter().filter(|it| it.visit.state == "planned").filter_map(|it| {
        let at = it.visit.at_minute.or(it.visit.from_minute)?;
        (minute - window..=minute + window).contains(&at).then(|| Busy::Promised(at, it.name.clone()))
    });
    promised.min_by_key(|it| if let Busy::Promised(at, _) = it { *at } else { 0 })
}
