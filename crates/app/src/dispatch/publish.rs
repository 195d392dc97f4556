//! A plan becomes what is so: visits get who comes and when, phones hear of it, and whoever it changes something for is told.

use std::collections::BTreeMap;

use dispatch::Plan;
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    notify::{self, Message},
    who::account,
};
use rules::base::Date;

use super::{
    gather::{DAY, Facts},
    kept::{self, Kept},
    problem::Built,
    said::Told,
    sight::Sight,
};
use crate::{
    elders::Key,
    visits::{self, Assigned, Visit},
    workforce,
};

/// What publishing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Visits that are otherwise than before.
    pub changed: i64,
    pub told: i64,
}

/// What changes for one of the staff.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct News {
    more: i64,
    fewer: i64,
    moved: i64,
}

/// Gives every visit of the plan to those who are to make it.
///
/// # Errors
/// `Refused` for a plan that somebody only thought of, or in which something is broken: what it is.
pub fn publish(tx: &Tx<'_>, ask: &Ask, it: &Kept) -> Result<Done> {
    if !it.what_if.is_empty() {
        return Err(Error::refused("plan_thought_of", "这是试算方案,不能发布;人手和时间落实后按实际另排"));
    }
    let Sight { facts, built, plan, faults, .. } = Sight::of(tx, ask, it.clone())?;
    let told = Told { ask, facts: &facts, built: &built };
    if let Some(first) = faults.first() {
        let said = Said::new("还有 {n} 处排不通,不能发布。第一处:{what}")
            .with("n", faults.len())
            .with("what", told.fault(first));
        return Err(Error::refused("plan_broken", said));
    }
    let mut done = Done::default();
    let mut news: BTreeMap<Id, News> = BTreeMap::new();
    for (visit, to) in assignments(&facts, &built, &plan) {
        let planned = built.planned(&facts, visit);
        let Some(before) = visits::assign(tx, ask, &planned.visit.key, &to)? else { continue };
        let was = Assigned::of(&before);
        if was == to {
            continue;
        }
        done.changed += 1;
        for id in [to.staff, to.second].into_iter().flatten() {
            let had = before.at_minute.is_some() && before.staff_ids().any(|one| one == id);
            let one = news.entry(id).or_default();
            if had { one.moved += 1 } else { one.more += 1 }
        }
        for id in before.staff_ids().filter(|id| ![to.staff, to.second].contains(&Some(*id))) {
            if before.at_minute.is_some() {
                news.entry(id).or_default().fewer += 1;
            }
        }
        tell_family(tx, ask, &facts, &planned.visit, &to, before.at_minute.is_some())?;
    }
    for (id, news) in news {
        done.told += i64::from(tell_staff(tx, ask, it, id, &news)?);
    }
    kept::set_state(tx, ask, it, "published")?;
    Ok(done)
}

/// Who comes to each visit of the plan and when; a visit that was left out and had been told is told off.
fn assignments(facts: &Facts, built: &Built, plan: &Plan) -> Vec<(usize, Assigned)> {
    let mut all: BTreeMap<usize, Assigned> = BTreeMap::new();
    for route in &plan.routes {
        let tour = &built.tours[route.shift];
        for stop in &route.stops {
            let visit = &built.problem.visits[stop.visit];
            if visit.parts.iter().any(|it| it.begun.is_some()) {
                continue;
            }
            let day = stop.start.div_euclid(DAY);
            let to = all.entry(stop.visit).or_insert_with(|| Assigned {
                day: facts.asked.first.add_days(day as i32),
                staff: None,
                second: None,
                at_minute: Some((stop.start + 59).div_euclid(60) - day * DAY / 60),
            });
            match (&*tour.staff, &*stop.parts) {
                ([first, second], [_, _]) => (to.staff, to.second) = (Some(*first), Some(*second)),
                ([one, ..], [0]) => to.staff = Some(*one),
                ([one, ..], [1]) => to.second = Some(*one),
                ([one, ..], _) => to.staff = Some(*one),
                ([], _) => {}
            }
        }
    }
    for it in &plan.left {
        let visit = &built.planned(facts, it.visit).visit;
        if visit.at_minute.is_some() {
            all.insert(it.visit, Assigned { day: visit.day, staff: None, second: None, at_minute: None });
        }
    }
    all.into_iter().collect()
}

fn tell_family(tx: &Tx<'_>, ask: &Ask, facts: &Facts, visit: &Visit, to: &Assigned, was_told: bool) -> Result<()> {
    let accounts = account::families_of(tx, &visit.key.region, visit.elder)?;
    if accounts.is_empty() {
        return Ok(());
    }
    let when = |minute: i64| format!("{} {}", to.day, visits::clock(minute));
    let (title, body) = match (to.staff, to.at_minute) {
        (Some(staff), Some(minute)) => {
            let one = facts.team.iter().flatten().find(|it| it.staff.key.id == staff);
            let name = one.map_or(String::new(), |it| it.staff.name.clone());
            let title = if was_told { "上门时间或人员有变" } else { "上门已安排" };
            (title, ask.f("{name} {when} 左右上门", &[("name", &name), ("when", &when(minute))]))
        }
        _ => ("上门要另约时间", ask.f("{day} 的上门排不上,会另约时间", &[("day", &to.day)])),
    };
    for account in accounts {
        let message = Message {
            account,
            title: ask.t(title),
            body: &body,
            link: None,
            unique_key: &format!("dispatch {} {}", visit.key, stamp(ask.now)),
        };
        notify::inbox(tx, &message, ask.now)?;
    }
    Ok(())
}

fn tell_staff(tx: &Tx<'_>, ask: &Ask, it: &Kept, id: Id, news: &News) -> Result<bool> {
    let staff = workforce::staff_by_key(tx, &Key { region: it.key.region.clone(), id })?;
    let Some(account) = staff.account.filter(|account| *account != ask.who.account) else { return Ok(false) };
    let title = ask.f("{day} 的上门安排", &[("day", &days(it.asked.first, it.last()))]);
    let body = ask.f(
        "新增 {more} 户,取消 {fewer} 户,改时间 {moved} 户;打开上门手机即更新",
        &[("more", &news.more), ("fewer", &news.fewer), ("moved", &news.moved)],
    );
    let link = format!("/visits/day?on={}", it.asked.first);
    let message = Message {
        account,
        title: &title,
        body: &body,
        link: Some(&link),
        unique_key: &format!("dispatch {} {id} {}", it.key, stamp(ask.now)),
    };
    notify::inbox(tx, &message, ask.now)?;
    Ok(true)
}

/// `2026-12-01`, or the first and the last of several.
pub fn days(first: Date, last: Date) -> String {
    if first == last { first.to_string() } else { format!("{first} – {last}") }
}
