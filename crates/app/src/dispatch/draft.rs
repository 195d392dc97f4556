//! A draft: who goes where and when, by names that outlive a look at the facts; and the change of it by hand.

use dispatch::{Fault, Plan};
use kit::{Error, Id, Result};
use serde::{Deserialize, Serialize};

use super::{
    gather::{DAY, Facts},
    problem::Built,
};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub stops: Vec<Placed>,
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

/// The stops of each tour in their order: (tour, (visit, parts)).
type Orders = Vec<(usize, Vec<(usize, Vec<usize>)>)>;

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
        Draft { stops }
    }

    /// Without what is only half planned, for the solver to begin with.
    pub fn whole(&self, facts: &Facts, built: &Built) -> Draft {
        let needed = |id: Id| built.visit(facts, id).map_or(0, |nth| built.problem.visits[nth].parts.len());
        let is_whole = |it: &Placed| self.stops.iter().filter(|one| one.visit == it.visit).count() == needed(it.visit);
        Draft { stops: self.stops.iter().filter(|it| is_whole(it)).cloned().collect() }
    }

    /// A draft as a plan with times and costs, and what is broken in it. What is no longer there falls out of it.
    pub fn arrange(&self, facts: &Facts, built: &Built) -> (Plan, Vec<Fault>) {
        dispatch::arrange(&built.problem, &self.orders(facts, built))
    }

    fn orders(&self, facts: &Facts, built: &Built) -> Orders {
        let mut placed: Vec<&Placed> = self.stops.iter().collect();
        placed.sort_by_key(|it| it.at);
        let mut orders: Orders = built.tours.iter().enumerate().map(|(nth, _)| (nth, Vec::new())).collect();
        for it in placed {
            let (Some(visit), Some(tour)) = (built.visit(facts, it.visit), built.tour(&it.tour)) else { continue };
            let stops = &mut orders[tour].1;
            match stops.iter_mut().find(|(known, _)| *known == visit) {
                Some((_, parts)) => parts.push(usize::from(it.part)),
                None => stops.push((visit, vec![usize::from(it.part)])),
            }
        }
        orders.retain(|it| !it.1.is_empty());
        orders
    }

    /// A plan as a draft; what was fixed by hand stays fixed.
    pub fn of(plan: &Plan, facts: &Facts, built: &Built, before: &Draft) -> Draft {
        let mut stops = Vec::new();
        for route in &plan.routes {
            let tour = &built.tours[route.shift].name;
            for stop in &route.stops {
                let visit = built.planned(facts, stop.visit).visit.key.id;
                for part in &stop.parts {
                    let part = *part as u8;
                    let fixed = before.stops.iter().any(|it| it.visit == visit && it.part == part && it.fixed);
                    stops.push(Placed { visit, part, tour: tour.clone(), at: stop.start, fixed });
                }
            }
        }
        Draft { stops }
    }

    /// The draft after a change by hand. The other person of a visit of two stays where they are, or follows out of the plan; one
    /// who has none yet is the same crew's, or is still to be found.
    ///
    /// # Errors
    /// `NotFound` for a visit or tour that is not there.
    pub fn moved(&self, facts: &Facts, built: &Built, it: &Move) -> Result<Draft> {
        let visit = built.visit(facts, it.visit).ok_or(Error::NotFound)?;
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
