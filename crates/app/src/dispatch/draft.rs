//! A draft: who goes where and when, by names that outlive a look at the facts; and the change of it by hand.

use std::collections::{HashMap, HashSet};

use dispatch::{Fault, Order, Plan};
use kit::{Error, Id, Result};
use serde::{Deserialize, Serialize};

use super::{
    gather::{DAY, Facts},
    problem::Built,
};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub stops: Vec<Placed>,
    /// Where breaks are taken; of tours without any here, where they are best taken.
    #[serde(default)]
    pub breaks: Vec<Taken>,
}

/// A break of a tour, before somebody is visited; nobody: after the last visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub tour: String,
    pub index: usize,
    pub before: Option<Id>,
}

/// One person's part of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub visit: Id,
    pub part: u8,
    /// The name of a tour.
    pub tour: String,
    /// Seconds since midnight of the first day.
    pub at: i64,
    /// Put there by hand: the solver leaves it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
}

/// A change by hand: a part of a visit goes to a tour before another visit, or at its end; without a tour out of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub visit: Id,
    pub part: u8,
    pub tour: Option<String>,
    pub before: Option<Id>,
}

impl Draft {
    /// What is assigned now: what dispatch told, what was chosen by hand, what has begun.
    pub fn current(facts: &Facts, built: &Built) -> Draft {
        let mut stops = Vec::new();
        for (visit, nth) in built.visits.iter().enumerate() {
            let it = &facts.visits[*nth].visit;
            let day = i64::from(facts.asked.first.days_until(it.day));
            let minute = it.at_minute.or(it.from_minute).unwrap_or(12 * 60);
            for (part, staff) in it.staff_ids().enumerate().take(built.problem.visits[visit].parts.len()) {
                let tour = format!("{staff}-{day}");
                if built.tour(&tour).is_some() {
                    let begun = built.problem.visits[visit].parts[part].begun.map(|it| it.start);
                    let at = begun.unwrap_or(day * DAY + minute * 60);
                    stops.push(Placed { visit: it.key.id, part: part as u8, tour, at, fixed: false });
                }
            }
        }
        Draft { stops, breaks: Vec::new() }
    }

    /// Without what is only half planned, for the solver to begin with.
    pub fn whole(&self, built: &Built) -> Draft {
        let needed = |id: Id| built.visit(id).map_or(0, |nth| built.problem.visits[nth].parts.len());
        let mut there: HashMap<Id, usize> = HashMap::new();
        for it in &self.stops {
            *there.entry(it.visit).or_default() += 1;
        }
        let is_whole = |it: &Placed| there[&it.visit] == needed(it.visit);
        let stops = self.stops.iter().filter(|it| is_whole(it)).cloned().collect();
        Draft { stops, breaks: self.breaks.clone() }
    }

    /// A draft as a plan with times and costs, and what is broken in it. What is no longer there falls out of it.
    pub fn arrange(&self, built: &Built) -> (Plan, Vec<Fault>) {
        dispatch::arrange(&built.problem, &self.orders(built))
    }

    fn orders(&self, built: &Built) -> Vec<Order> {
        let mut placed: Vec<&Placed> = self.stops.iter().collect();
        placed.sort_by_key(|it| it.at);
        let mut orders: Vec<Order> = (0..built.tours.len()).map(|shift| Order { shift, ..Order::default() }).collect();
        for it in placed {
            let (Some(visit), Some(tour)) = (built.visit(it.visit), built.tour(&it.tour)) else { continue };
            let stops = &mut orders[tour].stops;
            match stops.iter_mut().find(|(known, _)| *known == visit) {
                Some((_, parts)) => parts.push(usize::from(it.part)),
                None => stops.push((visit, vec![usize::from(it.part)])),
            }
        }
        let mut unknown: HashSet<usize> = HashSet::new();
        for it in &self.breaks {
            let Some(tour) = built.tour(&it.tour) else { continue };
            let Order { stops, breaks, .. } = &mut orders[tour];
            let before = it.before.map(|id| stops.iter().position(|one| Some(one.0) == built.visit(id)));
            match before {
                None => breaks.push((it.index, stops.len())),
                Some(Some(after)) => breaks.push((it.index, after)),
                // Whom it stood before is not visited any more: it is looked for anew.
                Some(None) => {
                    unknown.insert(tour);
                }
            }
        }
        unknown.iter().for_each(|tour| orders[*tour].breaks.clear());
        orders.retain(|it| !it.stops.is_empty());
        orders
    }

    /// A plan as a draft; what was fixed by hand stays fixed.
    pub fn of(plan: &Plan, facts: &Facts, built: &Built, before: &Draft) -> Draft {
        let fixed: HashSet<(Id, u8)> =
            before.stops.iter().filter(|it| it.fixed).map(|it| (it.visit, it.part)).collect();
        let (mut stops, mut breaks) = (Vec::new(), Vec::new());
        for route in &plan.routes {
            let tour = &built.tours[route.shift].name;
            breaks.extend(route.breaks.iter().map(|it| Taken {
                tour: tour.clone(),
                index: it.index,
                before: route.stops.get(it.after).map(|it| built.planned(facts, it.visit).visit.key.id),
            }));
            for stop in &route.stops {
                let visit = built.planned(facts, stop.visit).visit.key.id;
                for part in &stop.parts {
                    let part = *part as u8;
                    let fixed = fixed.contains(&(visit, part));
                    stops.push(Placed { visit, part, tour: tour.clone(), at: stop.start, fixed });
                }
            }
        }
        Draft { stops, breaks }
    }

    /// The draft after a change by hand. The other person of a visit of two stays where they are, or follows out of the plan; one
    /// who has none yet is the same crew's, or is still to be found.
    ///
    /// # Errors
    /// `NotFound` for a visit or tour that is not there.
    pub fn moved(&self, built: &Built, it: &Move) -> Result<Draft> {
        let visit = built.visit(it.visit).ok_or(Error::NotFound)?;
        let parts = built.problem.visits[visit].parts.len();
        if usize::from(it.part) >= parts {
            return Err(Error::NotFound);
        }
        if built.problem.visits[visit].parts.iter().any(|part| part.begun.is_some()) {
            return Err(Error::refused("visit_begun", "上门已经开始或结束,不能再移动"));
        }
        let mut draft = self.clone();
        let Some(tour) = &it.tour else {
            draft.stops.retain(|one| one.visit != it.visit);
            return Ok(draft);
        };
        let shift = built.tour(tour).ok_or(Error::NotFound)?;
        draft.stops.retain(|one| one.visit != it.visit || one.part != it.part);
        // The day of whoever gets it is another one: so is the best place of the break.
        draft.breaks.retain(|one| one.tour != *tour);
        let is_crew = 1 < built.tours[shift].staff.len();
        if is_crew {
            draft.stops.retain(|one| one.visit != it.visit);
        }
        // Order is by time: it stands just before the other, or after the last one.
        let of_tour = |one: &&Placed| one.tour == *tour && one.visit != it.visit;
        let before = it.before.and_then(|id| draft.stops.iter().filter(of_tour).find(|one| one.visit == id));
        let last = draft.stops.iter().filter(of_tour).map(|one| one.at).max();
        let day = built.tours[shift].day;
        let at = before.map(|one| one.at - 1).or(last.map(|it| it + 1)).unwrap_or(day * DAY + DAY / 2);
        let taking = if is_crew { (0..parts as u8).collect() } else { vec![it.part] };
        for part in taking {
            draft.stops.push(Placed { visit: it.visit, part, tour: tour.clone(), at, fixed: true });
        }
        Ok(draft)
    }

    /// Fixes a visit where it is, or lets the solver move it again.
    pub fn fix(&mut self, visit: Id, fixed: bool) {
        for it in self.stops.iter_mut().filter(|it| it.visit == visit) {
            it.fixed = fixed;
        }
    }
}
