//! The best times for one more visit in what is planned: for a caller on the phone, and for a visit that a dispatcher looks at.

use dispatch::{Plan, Slot, Window};
use kit::{Ask, Error, Id, Result, Tx};
use rules::base::Date;

use super::{
    draft::{Draft, Move},
    gather::{self, Asked, DAY, Facts},
    invalid,
    problem::{self, Built},
    sight::Sight,
    what_if::WhatIf,
};
use crate::{
    elders::Elder,
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
    pub facts: Facts,
    pub built: Built,
    pub plan: Plan,
    pub visit: usize,
    pub slots: Vec<Slot>,
}

/// Times for one more visit to an elder in what is in force: on any of the days, at any time that was not excluded.
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
    let purposes = vec![visits::Purpose {
        programme: wish.programme.clone(),
        thing: String::new(),
        service: wish.service.clone(),
        payer: String::new(),
    }];
    facts.visits.push(Planned { visit, purposes, ..planned });
    let mut built = problem::build(ask, &facts, &WhatIf::default(), &Draft::default())?;
    let visit = built.visit(ASKED).ok_or(Error::NotFound)?;
    // What others were told stays, but for a few minutes.
    let tolerance = built.problem.weights.tolerance;
    for other in &mut built.problem.visits {
        if let Some(told) = other.parts.iter().find_map(|it| it.told) {
            other.windows = vec![Window { open: told.start, due: None, close: told.start + tolerance }];
        }
    }
    built.problem.visits[visit].windows = (0..wish.days)
        .map(|day| {
            let open = day * DAY + wish.from_minute.unwrap_or(0) * 60;
            let close = day * DAY + wish.until_minute.map_or(DAY - 1, |it| it * 60);
            Window { open, due: None, close }
        })
        .collect();
    let (plan, _) = Draft::current(&facts, &built).arrange(&built);
    let slots = find(&built, &plan, visit)?;
    Ok(Offered { facts, built, plan, visit, slots })
}
