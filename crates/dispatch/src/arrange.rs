//! Tours in an order somebody chose, with the earliest times that follow, broken or not: for a plan that is read again from what
//! was kept, and for a dispatcher who moves a visit by hand.

use crate::{
    check::check,
    fault::Fault,
    model::{Money, Problem, Time},
    moves::{NEVER, pass, retime},
    plan::{Left, Plan, Rest, Route, Stop},
    search::cost,
};

/// The stops of one shift in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub shift: usize,
    /// Each a visit with the parts that are done there.
    pub stops: Vec<(usize, Vec<usize>)>,
    /// After how many stops each of its breaks is taken; none: where they are best taken.
    pub breaks: Vec<(usize, usize)>,
}

/// Breaks settle where the others' times are known, which breaks of others change: so often is looked.
const ROUNDS: usize = 2;

/// A plan of these tours with its cost and everything that is broken in it. Every shift, visit and part has to be one of the
/// problem, and each part stands once at most.
pub fn arrange(problem: &Problem, orders: &[Order]) -> (Plan, Vec<Fault>) {
    let mut plan = Plan::default();
    let used: Vec<&Order> = orders.iter().filter(|it| !it.stops.is_empty()).collect();
    let mut is_there = vec![false; problem.visits.len()];
    for order in &used {
        let stop =
            |(visit, parts): &(usize, Vec<usize>)| Stop { visit: *visit, parts: parts.clone(), ..Stop::default() };
        order.stops.iter().for_each(|it| is_there[it.0] = true);
        plan.routes.push(Route {
            shift: order.shift,
            stops: order.stops.iter().map(stop).collect(),
            breaks: rests(&order.breaks),
            ..Route::default()
        });
    }
    let left = is_there.iter().enumerate().filter(|it| !it.1);
    plan.left = left.map(|(visit, _)| Left { visit, why: Vec::new() }).collect();
    retime(problem, &mut plan);
    for _ in 0..ROUNDS {
        let others = plan.routes.clone();
        for (route, _) in plan.routes.iter_mut().zip(&used).filter(|it| it.1.breaks.is_empty()) {
            let ways = places(problem.shifts[route.shift].breaks.len(), route.stops.len());
            let best = ways.iter().min_by_key(|way| measure(problem, &others, route, way));
            route.breaks = best.map_or_else(Vec::new, |way| rests(way));
        }
        retime(problem, &mut plan);
    }
    plan.cost = cost(problem, &plan);
    // The cost is not stated by anybody whom it could contradict.
    let faults = check(problem, &plan).err().unwrap_or_default();
    (plan, faults.into_iter().filter(|it| !matches!(it, Fault::Cost { .. })).collect())
}

/// Every way to take so many breaks in their order between so many stops: after how many stops each.
fn places(breaks: usize, stops: usize) -> Vec<Vec<(usize, usize)>> {
    let mut ways = vec![Vec::new()];
    for index in 0..breaks {
        let longer = |way: &Vec<(usize, usize)>| {
            let first = way.last().map_or(0, |it| it.1);
            (first..=stops).map(|after| [&way[..], &[(index, after)]].concat()).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways
}

fn rests(way: &[(usize, usize)]) -> Vec<Rest> {
    way.iter().map(|(index, after)| Rest { index: *index, after: *after, start: 0, end: 0 }).collect()
}

/// What a tour with its breaks so breaks and costs, how long colleagues who come along wait, and when it is back.
fn measure(problem: &Problem, others: &[Route], route: &Route, way: &[(usize, usize)]) -> (usize, Money, Time, Time) {
    let given = &problem.shifts[route.shift];
    let mut tried = Route { breaks: rests(way), ..route.clone() };
    tried.stops.iter_mut().for_each(|it| it.start = NEVER);
    pass(problem, others, &mut tried);
    let closed = |stop: &&Stop| {
        let visit = &problem.visits[stop.visit];
        let is_open = visit.windows.iter().any(|it| it.open <= stop.start && stop.start <= it.close);
        let is_free = visit.windows.is_empty() || stop.parts.iter().any(|it| visit.parts[*it].begun.is_some());
        !is_open && !is_free
    };
    let late = tried.breaks.iter().filter(|it| given.breaks[it.index].latest < it.start).count();
    let broken = tried.stops.iter().filter(closed).count() + late + usize::from(given.overtime < tried.overtime);
    let is_shared = |it: &&Stop| it.parts.len() < problem.visits[it.visit].parts.len();
    let (shared, end) = (tried.stops.iter().filter(is_shared).map(|it| it.start).sum(), tried.end);
    (broken, cost(problem, &Plan { routes: vec![tried], ..Plan::default() }).total(), shared, end)
}
