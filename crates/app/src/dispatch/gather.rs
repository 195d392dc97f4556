//! The facts of the days that are planned: visits, who works when, where everything lies. Read anew each time, so that a plan
//! always stands on what is so now.

use std::collections::{HashMap, hash_map::Entry};

use jiff::Timestamp;
use kit::{Ask, Id, Result, Tx, clock::begin_of};
use rules::{base::Date, visit::Point};

use super::tuning::{self, Crew, Own, Setting, Tuning};
use crate::{
    institutions,
    visits::{self, Planned},
    workforce::{self, OnDay},
};

/// For whom and when is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub region: String,
    /// Nothing: all institutions of the county.
    pub organisation: Option<Id>,
    pub first: Date,
    pub days: i64,
    /// By how many days a visit without an agreed time may move.
    pub flexible_days: i64,
}

#[derive(Debug, Clone)]
pub struct Facts {
    pub asked: Asked,
    pub visits: Vec<Planned>,
    /// Everybody, day by day.
    pub team: Vec<Vec<OnDay>>,
    pub owns: HashMap<Id, Own>,
    pub crews: Vec<Crew>,
    pub settings: HashMap<Id, Setting>,
    /// Where each institution lies, as far as it is known, and its name.
    pub bases: HashMap<Id, (String, Option<Point>)>,
    pub tuning: Tuning,
    /// Seconds since midnight of the first day, where the days have begun.
    pub now: Option<i64>,
}

pub const DAY: i64 = 24 * 3_600;

/// Seconds from midnight of a day to an instant.
pub fn seconds(first: Date, instant: Timestamp) -> i64 {
    instant.as_second() - begin_of(first).as_second()
}

pub fn facts(tx: &Tx<'_>, ask: &Ask, asked: &Asked) -> Result<Facts> {
    let tuning = tuning::of(ask, &asked.region, asked.first)?;
    let end = asked.first.add_days(asked.days as i32);
    let since = asked.first.add_days(-i32::from(tuning.continuity_days));
    let visits = visits::planned(tx, &asked.region, asked.organisation, (asked.first, end), since)?;
    let team = (0..asked.days)
        .map(|nth| workforce::on_day(tx, &asked.region, asked.organisation, asked.first.add_days(nth as i32)))
        .collect::<Result<Vec<_>>>()?;
    let bases: HashMap<Id, (String, Option<Point>)> = institutions::positions(tx, &asked.region)?
        .into_iter()
        .map(|it| {
            let at = it.position.map(|at| Point { latitude: at.latitude, longitude: at.longitude });
            (it.id, (it.name, at))
        })
        .collect();
    let mut settings = HashMap::new();
    for id in team.iter().flatten().filter_map(|it| it.staff.organisation) {
        if let Entry::Vacant(free) = settings.entry(id) {
            free.insert(tuning::setting(tx, &asked.region, id)?);
        }
    }
    let now = Some(seconds(asked.first, ask.now)).filter(|it| (0..asked.days * DAY).contains(it));
    Ok(Facts {
        visits,
        team,
        owns: tuning::owns(tx, &asked.region)?,
        crews: tuning::crews(tx, &asked.region, asked.organisation)?,
        settings,
        bases,
        tuning,
        now,
        asked: asked.clone(),
    })
}
