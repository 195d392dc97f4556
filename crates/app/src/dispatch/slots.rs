//! The best times for one more visit in what is planned: for a caller on the phone, and for a visit that a dispatcher looks at.

use dispatch::{Plan, Slot};
use kit::{Ask, Id, Result, Tx};
use rules::base::Date;

use super::{
    draft::{Draft, Move},
    figures::Figures,
    gather::{self, Asked, Facts},
    invalid,
    kept::{Kept, Progress},
    pages::Sight,
    problem::{self, Built},
    what_if::WhatIf,
};
use crate::{
    elders::{Elder, Key},
    visits::{self, Planned},
};

/// So many times are offered.
const MOST: usize = 5;
/// Seconds between two of them at least.
const APART: i64 = 30 * 60;

/// The number of a visit that is only asked for.
const ASKED: Id = Id(0);

/// Times for a visit of a plan as it stands, the best first.
pub fn places(sight: &Sight, visit: usize) -> Result<Vec<Slot>> {
    find(&sight.built, &sight.plan, visit)
}

fn find(built: &Built, plan: &Plan, visit: usize) -> Result<Vec<Slot>> {
    let parts = &built.problem.visits[visit].parts;
    let apart = parts.iter().map(|it| it.duration).max().unwrap_or(0).max(APART);
    dispatch::slots(&built.problem, plan, visit, MOST, apart).map_err(invalid)
}

/// Where one person would come in a slot, by names: the tour, and before whom.
pub fn seats(sight: &Sight, visit: usize, slot: &Slot) -> Vec<Move> {
    let id = |visit: usize| sight.built.planned(&sight.facts, visit).visit.key.id;
    slot.parts
        .iter()
        .map(|seat| {
            let others = sight.stops(seat.shift).iter().filter(|it| it.visit != visit);
            Move {
                visit: id(visit),
                part: seat.part as u8,
                tour: Some(sight.built.tours[seat.shift].name.clone()),
                before: others.skip(seat.position).map(|it| id(it.visit)).next(),
            }
        })
        .collect()
}

/// One more visit, as a caller wants it.
#[derive(Debug, Clone)]
pub struct Wish {
    pub organisation: Id,
    pub first: Date,
    pub days: i64,
    pub service: String,
    pub programme: String,
    pub minutes: i64,
    pub people: i64,
    pub from_minute: Option<i64>,
    pub until_minute: Option<i64>,
}

/// Times offered, with what they were found in.
pub struct Offered {
    pub sight: Sight,
    pub visit: usize,
    pub slots: Vec<Slot>,
}

/// Times for one more visit to an elder.
pub fn for_elder(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wish: &Wish) -> Result<Offered> {
    let asked = Asked {
        region: elder.key.region.clone(),
        organisation: Some(wish.organisation),
        first: wish.first,
        days: wish.days,
        flexible_days: 0,
    };
    let mut facts = gather::facts(tx, ask, &asked)?;
    let planned = visits::thought_of(tx, ask, elder, wish.first)?;
    let mut visit = planned.visit;
    visit.key.id = ASKED;
    visit.organisation = Some(wish.organisation);
    (visit.minutes, visit.people) = (wish.minutes, wish.people);
    (visit.from_minute, visit.until_minute) = (wish.from_minute, wish.until_minute);
    let purposes = vec![visits::Purpose {
        programme: wish.programme.clone(),
        thing: String::new(),
        service: wish.service.clone(),
        payer: String::new(),
    }];
    facts.visits.push(Planned { visit, purposes, ..planned });
    offered(ask, facts, ASKED)
}

/// What is in force, without the visit asked for, and where that fits in.
fn offered(ask: &Ask, facts: Facts, id: Id) -> Result<Offered> {
    let what_if = WhatIf::default();
    let mut built = problem::build(ask, &facts, &what_if, &Draft::default())?;
    let visit = built.visit(&facts, id).ok_or(kit::Error::NotFound)?;
    let planned = facts.visits[built.visits[visit]].visit.clone();
    // On any of the days, at any time that was not excluded; what it was told before does not count.
    built.problem.visits[visit].windows = (0..facts.asked.days)
        .map(|day| {
            let open = day * gather::DAY + planned.from_minute.unwrap_or(0) * 60;
            let close = day * gather::DAY + planned.until_minute.map_or(gather::DAY - 1, |it| it * 60);
            dispatch::Window { open, due: None, close }
        })
        .collect();
    for part in &mut built.problem.visits[visit].parts {
        part.told = None;
    }
    // What others were told stays, but for a few minutes.
    let tolerance = built.problem.weights.tolerance;
    for (_, other) in built.problem.visits.iter_mut().enumerate().filter(|it| it.0 != visit) {
        if let Some(told) = other.parts.iter().find_map(|it| it.told) {
            other.windows = vec![dispatch::Window { open: told.start, due: None, close: told.start + tolerance }];
        }
    }
    let mut draft = Draft::current(&facts, &built);
    draft.stops.retain(|it| it.visit != id);
    let (plan, faults) = draft.arrange(&facts, &built);
    let slots = find(&built, &plan, visit)?;
    let figures = super::figures::of(&plan, &facts, &built);
    let kept = Kept {
        key: Key { region: facts.asked.region.clone(), id: ASKED },
        place: String::new(),
        name: String::new(),
        asked: facts.asked.clone(),
        state: String::new(),
        asks_of: None,
        what_if,
        draft,
        steps: 0,
        before: Figures::default(),
        progress: Progress::default(),
        stop: false,
        who: String::new(),
        published: None,
        published_who: String::new(),
    };
    Ok(Offered { sight: Sight { kept, facts, built, plan, faults, figures }, visit, slots })
}
