//! What a plan is made by: numbers of policy for a day, and what an institution and its staff set for themselves.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, clock::stamp};
use rules::{
    base::Date,
    dispatch::{self as rule, Goal, Hours, Pause, Travel},
};
use serde_json::{Value, json};

use super::no_policy;
use crate::{elders::Key, workforce::Staff};

/// What policy lays down for a day.
#[derive(Debug, Clone)]
pub struct Tuning {
    /// Kilometres an hour of each kind of travel, in their order.
    pub speeds: [u16; Travel::ALL.len()],
    pub detour: u16,
    pub roads: rule::Roads,
    pub door_minutes: u16,
    pub unknown_minutes: u16,
    pub hours: Hours,
    pub pause: Pause,
    pub overtime_minutes: u16,
    pub late_minutes: u16,
    pub continuity_days: u16,
    pub weights: Weights,
}

/// How staff travel of whom nothing is set.
pub const USUAL: Travel = Travel::EBike;

/// Minutes on the way that each goal weighs, by its place in [`GOALS`].
pub type Weights = [u16; GOALS.len()];

/// (goal, word under which it is stored, title, of what).
pub const GOALS: [(Goal, &str, &str, &str); 7] = [
    (Goal::Left, "left", "未排上", "每次"),
    (Goal::Late, "late", "迟到", "每分钟"),
    (Goal::Way, "way", "路程", "每分钟"),
    (Goal::Overtime, "overtime", "加班", "每分钟"),
    (Goal::Continuity, "continuity", "换人", "每次"),
    (Goal::Fairness, "fairness", "不均", "每分钟"),
    (Goal::Change, "change", "改动", "每次"),
];

/// What is laid down for a county on a day.
///
/// # Errors
/// `Refused` where something is not laid down.
pub fn of(ask: &Ask, region: &str, day: Date) -> Result<Tuning> {
    let policy = ask.app.policy_in(region, day);
    let read = || -> std::result::Result<Tuning, rules::policy::NoPolicy> {
        let mut speeds = [0; Travel::ALL.len()];
        for (speed, travel) in speeds.iter_mut().zip(Travel::ALL) {
            *speed = rule::speed(travel, &policy)?;
        }
        let mut weights = [0; GOALS.len()];
        for (weight, goal) in weights.iter_mut().zip(GOALS) {
            *weight = rule::weight(goal.0, &policy)?;
        }
        Ok(Tuning {
            speeds,
            weights,
            roads: *policy.read(|it| &it.dispatch.roads)?,
            detour: *policy.read(|it| &it.dispatch.detour)?,
            door_minutes: *policy.read(|it| &it.dispatch.door_minutes)?,
            unknown_minutes: *policy.read(|it| &it.dispatch.unknown_minutes)?,
            hours: *policy.read(|it| &it.dispatch.hours)?,
            pause: *policy.read(|it| &it.dispatch.pause)?,
            overtime_minutes: *policy.read(|it| &it.dispatch.overtime_minutes)?,
            late_minutes: *policy.read(|it| &it.dispatch.late_minutes)?,
            continuity_days: *policy.read(|it| &it.dispatch.continuity_days)?,
        })
    };
    read().map_err(no_policy)
}

/// What an institution sets for itself.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    pub travel: Option<Travel>,
    /// Minutes of the goals that weigh otherwise here.
    pub weights: [Option<u16>; GOALS.len()],
}

/// What is set for one of the staff.
#[derive(Debug, Clone)]
pub struct Own {
    pub travel: Option<Travel>,
    pub visits: bool,
    pub overtime_minutes: Option<i64>,
    pub longest_minutes: Option<i64>,
}

impl Default for Own {
    fn default() -> Own {
        Own { travel: None, visits: true, overtime_minutes: None, longest_minutes: None }
    }
}

/// Two who travel together.
#[derive(Debug, Clone)]
pub struct Crew {
    pub id: Id,
    pub organisation: Id,
    pub name: String,
    pub first: Id,
    pub second: Id,
}

pub fn setting(tx: &Tx<'_>, region: &str, organisation: Id) -> Result<Setting> {
    let found = tx.row(
        "select travel, weights from dispatch_setting where region = $1 and organisation = $2",
        &[&region, &organisation],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let Some((travel, weights)) = found else { return Ok(Setting::default()) };
    let weights: Value = serde_json::from_str(&weights)?;
    let of = |it: (Goal, &str, &str, &str)| weights[it.1].as_u64().and_then(|it| u16::try_from(it).ok());
    Ok(Setting { travel: Travel::parse(&travel), weights: GOALS.map(of) })
}

pub fn set(tx: &Tx<'_>, ask: &Ask, key: &Key, place: &str, it: &Setting) -> Result<()> {
    let mut weights = json!({});
    for (goal, minutes) in GOALS.iter().zip(it.weights) {
        if let Some(minutes) = minutes {
            weights[goal.1] = json!(minutes);
        }
    }
    tx.run(
        "insert into dispatch_setting (region, organisation, travel, weights, who, changed) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, organisation) do update set travel = excluded.travel, weights = excluded.weights,
                who = excluded.who, changed = excluded.changed",
        &[
            &key.region,
            &key.id,
            &it.travel.map_or("", Travel::word),
            &weights.to_string(),
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    let detail = format!("dispatch setting {weights}");
    let entry = kit::audit::Entry {
        action: "change",
        subject: "organisation",
        subject_id: Some(key.id),
        region: &key.region,
        place,
        detail: &detail,
    };
    ask.note(tx, &entry)
}

/// What is set for the staff of a county, of whom anything is.
pub fn owns(tx: &Tx<'_>, region: &str) -> Result<HashMap<Id, Own>> {
    let rows = tx.rows(
        "select staff, travel, visits, overtime_minutes, longest_minutes from dispatch_staff where region = $1 order by staff",
        &[&region],
        |row| {
            let travel: String = row.get(1)?;
            let own = Own {
                travel: Travel::parse(&travel),
                visits: row.get(2)?,
                overtime_minutes: row.get(3)?,
                longest_minutes: row.get(4)?,
            };
            Ok((row.get(0)?, own))
        },
    )?;
    Ok(rows.into_iter().collect())
}

pub fn set_own(tx: &Tx<'_>, ask: &Ask, staff: &Staff, it: &Own) -> Result<()> {
    tx.run(
        "insert into dispatch_staff (region, staff, travel, visits, overtime_minutes, longest_minutes, who, changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (region, staff) do update set travel = excluded.travel, visits = excluded.visits,
                overtime_minutes = excluded.overtime_minutes, longest_minutes = excluded.longest_minutes,
                who = excluded.who, changed = excluded.changed",
        &[
            &staff.key.region,
            &staff.key.id,
            &it.travel.map_or("", Travel::word),
            &it.visits,
            &it.overtime_minutes,
            &it.longest_minutes,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    crate::workforce::note(tx, ask, "change", staff, "dispatch")
}

/// Who travels together, at one institution or in the whole county.
pub fn crews(tx: &Tx<'_>, region: &str, organisation: Option<Id>) -> Result<Vec<Crew>> {
    let read = |row: &kit::db::Row<'_>| {
        Ok(Crew {
            id: row.get(0)?,
            organisation: row.get(1)?,
            name: row.get(2)?,
            first: row.get(3)?,
            second: row.get(4)?,
        })
    };
    match organisation {
        Some(id) => tx.rows(
            "select id, organisation, name, first, second from dispatch_crew where region = $1 and organisation = $2 order by id",
            &[&region, &id],
            read,
        ),
        None => tx.rows(
            "select id, organisation, name, first, second from dispatch_crew where region = $1 order by id limit 2000",
            &[&region],
            read,
        ),
    }
}

pub fn add_crew(tx: &Tx<'_>, ask: &Ask, region: &str, it: &Crew) -> Result<()> {
    tx.run(
        "insert into dispatch_crew (region, id, organisation, name, first, second, created) values ($1, $2, $3, $4, $5, $6, $7)",
        &[&region, &it.id, &it.organisation, &it.name, &it.first, &it.second, &stamp(ask.now)],
    )?;
    Ok(())
}

pub fn drop_crew(tx: &Tx<'_>, region: &str, organisation: Id, id: Id) -> Result<()> {
    tx.run(
        "delete from dispatch_crew where region = $1 and organisation = $2 and id = $3",
        &[&region, &organisation, &id],
    )?;
    Ok(())
}
