//! One more visit put into a tour at each place it could stand, with what it costs there and what it breaks: for times that are
//! offered, and for the reason why nothing fits. Tours of others stay as they are.

use crate::{
    arrange::{Order, walk},
    model::{Money, Problem, Time},
    plan::{Plan, Route},
};

/// A part of a visit at a place of a tour.
#[derive(Clone, Debug)]
pub struct Offer {
    pub shift: usize,
    /// The visit it would stand before; nothing: at the end.
    pub before: Option<usize>,
    pub start: Time,
    /// What the tour costs more.
    pub cost: Money,
    pub broken: Vec<Broken>,
}

/// What an offer breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The visit itself begins after the last instant it may.
    Closed { start: Time, close: Time },
    /// Another visit would.
    Displaced { visit: usize, by: Time },
    /// The tour is back too late.
    Back { by: Time },
    Work { by: Time },
    Rest,
    /// A colleague who comes at the same time would have to wait.
    Partner { visit: usize },
}

/// The tours of a plan, ready to be asked.
pub struct Desk<'a> {
    problem: &'a Problem,
    orders: Vec<Order>,
    routes: Vec<Option<Route>>,
    costs: Vec<Money>,
    held: Vec<[Time; 2]>,
}

impl<'a> Desk<'a> {
    /// Without `visit`, where the plan has it.
    pub fn new(problem: &'a Problem, plan: &Plan, visit: Option<usize>) -> Self {
        let mut held = vec![[0, 0]; problem.visits.len()];
        for stop in plan.routes.iter().flat_map(|it| &it.stops) {
            let others = stop.parts.len() < problem.visits[stop.visit].parts.len();
            for part in stop.parts.iter().filter(|_| others) {
                held[stop.visit][*part] = stop.start;
            }
        }
        let mut orders: Vec<Order> = (0..problem.shifts.len()).map(|shift| (shift, Vec::new())).collect();
        for route in &plan.routes {
            let stops = route.stops.iter().filter(|it| Some(it.visit) != visit);
            orders[route.shift].1 = stops.map(|it| (it.visit, it.parts.clone())).collect();
        }
        let of = |order: &Order| match order.1.is_empty() {
            true => None,
            false => Some(walk(problem, order.0, &order.1, &held)),
        };
        let routes: Vec<Option<Route>> = orders.iter().map(of).collect();
        let costs = routes.iter().map(|it| it.as_ref().map_or(0, |it| cost(problem, it))).collect();
        Self { problem, orders, routes, costs, held }
    }

    /// Whether the people of a shift may do these parts of a visit.
    pub fn may(&self, shift: usize, visit: usize, parts: &[usize]) -> bool {
        self.is_able(shift, visit, parts) && self.is_allowed(shift, visit)
    }

    /// By their skills: one of them for one part, two different ones for two.
    pub fn is_able(&self, shift: usize, visit: usize, parts: &[usize]) -> bool {
        let workers = &self.problem.shifts[shift].workers;
        let can = |worker: usize, part: usize| {
            self.problem.workers[worker].skills.has(self.problem.visits[visit].parts[part].skills)
        };
        match *parts {
            [part] => workers.iter().any(|it| can(*it, part)),
            [first, second] => workers
                .iter()
                .any(|one| can(*one, first) && workers.iter().any(|other| other != one && can(*other, second))),
            _ => false,
        }
    }

    pub fn is_allowed(&self, shift: usize, visit: usize) -> bool {
        let visit = &self.problem.visits[visit];
        self.problem.shifts[shift].workers.iter().all(|it| {
            !visit.forbidden.contains(it) && (visit.only.is_empty() || visit.only.contains(it))
        })
    }

    /// Every place of parts of a visit in a tour, beginning no sooner than `least`.
    pub fn offers(&self, shift: usize, visit: usize, parts: &[usize], least: Time) -> Vec<Offer> {
        let stops = &self.orders[shift].1;
        let mut held = self.held.clone();
        for part in parts {
            held[visit][*part] = least;
        }
        let begun = |at: usize| self.problem.visits[stops[at].0].parts[stops[at].1[0]].begun.is_some();
        let first = (0..stops.len()).filter(|at| begun(*at)).map(|at| at + 1).max().unwrap_or(0);
        (first..=stops.len())
            .map(|at| {
                let mut with = stops.clone();
                with.insert(at, (visit, parts.to_vec()));
                let route = walk(self.problem, shift, &with, &held);
                Offer {
                    shift,
                    before: stops.get(at).map(|it| it.0),
                    start: route.stops[at].start,
                    cost: cost(self.problem, &route) - self.costs[shift],
                    broken: self.broken(&route, shift, visit),
                }
            })
            .collect()
    }

    /// What is broken in a tour that was not before.
    fn broken(&self, route: &Route, shift: usize, added: usize) -> Vec<Broken> {
        let given = &self.problem.shifts[shift];
        let before = self.routes[shift].as_ref();
        let mut all = Vec::new();
        for stop in &route.stops {
            let visit = &self.problem.visits[stop.visit];
            if visit.parts[stop.parts[0]].begun.is_some() {
                continue;
            }
            let was = before.and_then(|it| it.stops.iter().find(|it| it.visit == stop.visit)).map(|it| it.start);
            let close = visit.windows.last().map_or(Time::MAX, |it| it.close);
            if was.is_none_or(|was| was < stop.start) && close < stop.start {
                all.push(match stop.visit == added {
                    true => Broken::Closed { start: stop.start, close },
                    false => Broken::Displaced { visit: stop.visit, by: stop.start - close },
                });
            }
            let is_shared = stop.parts.len() < visit.parts.len() && stop.visit != added;
            if is_shared && was.is_some_and(|was| was != stop.start) {
                all.push(Broken::Partner { visit: stop.visit });
            }
        }
        let allowed = given.latest + given.overtime;
        if allowed.max(before.map_or(Time::MIN, |it| it.end)) < route.end {
            all.push(Broken::Back { by: route.end - allowed });
        }
        if let Some(most) = given.maximum_work
            && most.max(before.map_or(Time::MIN, |it| it.work)) < route.work
        {
            all.push(Broken::Work { by: route.work - most });
        }
        if route.breaks.iter().any(|it| given.breaks[it.index].latest < it.start) {
            all.push(Broken::Rest);
        }
        all
    }
}

/// What a tour alone costs; what only the whole plan has (greatest lateness, fairness) is left out.
fn cost(problem: &Problem, route: &Route) -> Money {
    let alone = Plan { routes: vec![route.clone()], ..Plan::default() };
    let of = crate::search::cost(problem, &alone);
    of.late + of.travel + of.distance + of.overtime + of.continuity + of.changes + of.shifts
}
