//! The search: ruin and recreate under simulated annealing, from a plan or from nothing.

mod able;
mod beside;
mod cross;
mod facts;
mod insert;
mod load;
mod outcome;
mod pair;
mod push;
mod random;
mod ruin;
mod settle;
mod slots;
mod state;
mod why;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{fault::Invalid, model::Problem, plan::Plan, validate::validate};
pub use outcome::cost;
pub use slots::{Seat, Slot, slots};

use beside::{Beside, beside};
use cross::alike;
use facts::{Facts, NONE};
use insert::Offer;
use push::Push;
use random::{Random, exp, ln};
use settle::Desk;
use state::State;

/// What can be tuned. Lengths are numbers of stops.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many stops a ruin takes out on average.
    pub removed: f64,
    /// The longest string.
    pub string: f64,
    /// Of a hundred ruins, how many go by nearness in place and time instead of place alone.
    pub timely: usize,
    /// Of a hundred ruins, how many take out something else than strings.
    pub others: usize,
    /// One position in so many is overlooked.
    pub blink: f64,
    /// How many positions of each part of a visit of two persons are tried together.
    pub offers: usize,
    /// Beside how many of the nearest visits a visit is tried, where there are many.
    pub near: usize,
    /// Beside how many of those two tours may cross.
    pub cross: usize,
    /// Of a hundred ruins, before how many two tours change workers.
    pub change: usize,
    /// Tours cross in plans that are no dearer than allowed by more than this share of what a stop costs on average.
    pub hope: f64,
    /// The temperature at the beginning and at the end, as a share of what a stop costs on average.
    pub hot: f64,
    pub cold: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            removed: 10.0,
            string: 10.0,
            timely: 0,
            others: 14,
            blink: 100.0,
            offers: 12,
            near: 50,
            cross: 20,
            change: 100,
            hope: 0.5,
            hot: 1.0,
            cold: 0.02,
        }
    }
}

/// How long, and by what chance.
#[derive(Clone, Debug)]
pub struct Limits {
    pub seed: u64,
    /// At most so many; with no other limit the plan depends on nothing but problem, seed and this.
    pub iterations: u64,
    /// How many searches run beside each other; the best plan counts.
    pub threads: usize,
    pub settings: Settings,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seed: 1, iterations: 100_000, threads: 1, settings: Settings::default() }
    }
}

/// Plans a problem, from the plan given or from nothing, and says on the way how far it is. `share` answers which share
/// of the time allowed is used; from 1.0 on the search ends. What has begun and what is fixed stays.
pub fn solve(
    problem: &Problem,
    from: Option<&Plan>,
    limits: &Limits,
    share: &mut dyn FnMut(&Progress) -> f64,
) -> Result<Plan, Vec<Invalid>> {
    let invalid = validate(problem);
    if !invalid.is_empty() {
        return Err(invalid);
    }
    let facts = Facts::new(problem);
    let best = if limits.threads > 1 {
        together(&facts, from, limits, share)
    } else {
        alone(&facts, from, limits, limits.seed, share)
    };
    let mut search = Search::new(&facts, Settings { blink: 0.0, ..limits.settings.clone() }, limits.seed);
    search.trial = best;
    for visit in search.trial.absent.clone() {
        search.insert(visit, 1);
    }
    let mut plan = outcome::plan(problem, &facts, &search.trial);
    for it in &mut plan.left {
        it.why = search.reasons(problem, it.visit as u32);
    }
    Ok(plan)
}

/// Writes to every visit that a plan leaves out why it stands nowhere. What is broken in the plan counts as left out as well.
pub fn explain(problem: &Problem, plan: &mut Plan) {
    if plan.left.is_empty() || !validate(problem).is_empty() {
        return;
    }
    let facts = Facts::new(problem);
    let mut search = Search::new(&facts, Settings { blink: 0.0, ..Settings::default() }, 0);
    search.load(plan);
    for it in &mut plan.left {
        it.why = search.reasons(problem, it.visit as u32);
    }
}

fn alone(
    facts: &Facts,
    from: Option<&Plan>,
    limits: &Limits,
    seed: u64,
    share: &mut dyn FnMut(&Progress) -> f64,
) -> State {
    let mut search = Search::new(facts, limits.settings.clone(), seed);
    if let Some(plan) = from {
        search.load(plan);
    }
    search.run(limits.iterations, share);
    search.best
}

/// Several searches with seeds of their own; the caller's question is asked by the first of them. With iterations as the
/// only limit each is what it would be alone.
fn together(facts: &Facts, from: Option<&Plan>, limits: &Limits, share: &mut dyn FnMut(&Progress) -> f64) -> State {
    let used = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..limits.threads as u64)
            .map(|it| {
                let used = &used;
                let seed = limits.seed.wrapping_add(it << 32);
                scope.spawn(move || {
                    alone(facts, from, limits, seed, &mut |_| f64::from_bits(used.load(Ordering::Relaxed)))
                })
            })
            .collect();
        let mut best = alone(facts, from, limits, limits.seed, &mut |it| {
            let share = share(it);
            used.store(share.to_bits(), Ordering::Relaxed);
            share
        });
        for it in others {
            let other = it.join().expect("a search does not panic");
            if other.total < best.total {
                best = other;
            }
        }
        best
    })
}

/// How far the search is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub iteration: u64,
    pub best: i64,
}

/// One search with all it needs at hand.
pub struct Search<'a> {
    facts: &'a Facts,
    settings: Settings,
    random: Random,
    /// For each visit the others, nearest first.
    near: Vec<Vec<u32>>,
    /// For each visit the others, nearest in place and time first.
    timely: Vec<Vec<u32>>,
    /// For each visit the positions beside others, the best first.
    beside: Vec<Vec<Beside>>,
    /// Whether visits are so many that not all positions are looked at.
    many: bool,
    /// The shifts that were unused when the absent began to be put back.
    idle: Vec<u32>,
    trial: State,
    current: State,
    best: State,
    desk: Desk,
    push: Push,
    touched: Vec<u32>,
    ruined: Vec<u32>,
    string: Vec<u32>,
    classes: Vec<(u32, i64)>,
    offers: [Vec<Offer>; 2],
    queue: Vec<u32>,
    /// What two tours that cross exchange.
    tails: [Vec<u32>; 2],
    /// Shifts alike in everything have the same number; empty if all are.
    alike: Vec<u32>,
    /// Positions until one is overlooked.
    sight: u32,
}

impl<'a> Search<'a> {
    pub fn new(facts: &'a Facts, settings: Settings, seed: u64) -> Self {
        let state = State::new(facts);
        let mut search = Self {
            facts,
            settings,
            random: Random::new(seed),
            near: Vec::new(),
            timely: Vec::new(),
            beside: Vec::new(),
            many: false,
            idle: Vec::new(),
            trial: state.clone(),
            current: state.clone(),
            best: state,
            desk: Desk::default(),
            push: Push::new(facts),
            touched: Vec::new(),
            ruined: Vec::new(),
            string: Vec::new(),
            classes: Vec::new(),
            offers: [Vec::new(), Vec::new()],
            queue: Vec::new(),
            tails: [Vec::new(), Vec::new()],
            alike: Vec::new(),
            sight: 1,
        };
        search.sight = search.until_blink();
        let all: Vec<u32> = (0..facts.tours.len() as u32).collect();
        search.trial.settle(facts, &mut search.desk, &all);
        search
    }

    /// Searches for `iterations`, or until `share` says that all the time (1.0) is used.
    pub fn run(&mut self, iterations: u64, share: &mut dyn FnMut(&Progress) -> f64) {
        let facts = self.facts;
        self.near = neighbours(facts, false);
        self.timely = neighbours(facts, true);
        self.alike = alike(facts);
        self.beside = beside(facts, &self.near, self.settings.near);
        self.many = facts.calls.len() > 2 * self.settings.near;
        self.best.copy_from(&self.trial);
        self.recreate(1);
        self.current.copy_from(&self.trial);
        if self.trial.total < self.best.total {
            self.best.copy_from(&self.trial);
        }
        let stops: u32 = self.trial.tours.iter().map(|it| it.count).sum();
        let left: i64 = self.trial.absent.iter().map(|it| self.facts.calls[*it as usize].leaving).sum();
        let usual = (self.trial.total - left).max(1) as f64 / f64::from(stops.max(1));
        let (hot, cold) = (usual * self.settings.hot, usual * self.settings.cold);
        let mut heat = hot;
        for iteration in 0..iterations {
            if iteration % 64 == 0 {
                let mine = iteration as f64 / iterations as f64;
                let done = share(&Progress { iteration, best: self.best.total }).max(mine);
                if done >= 1.0 {
                    break;
                }
                heat = hot * exp(ln(cold / hot) * done);
            }
            self.trial.follow(facts, &self.current);
            if !self.ruin() {
                continue;
            }
            let generous = if self.random.one_in(4) { 4 } else { 1 };
            self.recreate(generous);
            let allowed = self.current.total as f64 - heat * ln(1.0 - self.random.unit());
            if (self.trial.total as f64) < allowed + usual * self.settings.hope {
                self.cross_changed();
            }
            if (self.trial.total as f64) < allowed {
                self.current.follow(facts, &self.trial);
                if self.trial.total < self.best.total {
                    self.best.follow(facts, &self.trial);
                }
            }
        }
    }

    /// Puts the absent visits back, in an order that changes.
    fn recreate(&mut self, generous: i64) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        queue.extend_from_slice(&self.trial.absent);
        self.random.shuffle(&mut queue);
        let facts = self.facts;
        let node = |it: &u32| &facts.nodes[facts.calls[*it as usize].nodes[0] as usize];
        match self.random.below(12) {
            0..3 => (),
            3..5 => queue.sort_by_key(|it| std::cmp::Reverse(facts.calls[*it as usize].count)),
            5..7 => queue.sort_by_key(|it| node(it).span.due.min(node(it).span.close)),
            7..8 => queue.sort_by_key(|it| node(it).span.due.min(node(it).span.close) - node(it).span.open),
            8..10 => queue.sort_by_key(|it| self.choices(*it)),
            _ => queue.sort_by_key(|it| std::cmp::Reverse(self.reach(*it))),
        }
        self.idle.clear();
        self.idle.extend((0..facts.tours.len() as u32).filter(|it| self.trial.tours[*it as usize].count == 0));
        for visit in &queue {
            self.insert(*visit, generous);
        }
        self.queue = queue;
    }

    /// How many shifts could serve the part that fewest can.
    fn choices(&self, visit: u32) -> usize {
        let call = &self.facts.calls[visit as usize];
        call.nodes.iter().filter(|it| **it != NONE).map(|it| self.facts.able[*it as usize].len()).min().unwrap_or(0)
    }

    /// How far a visit is from the start of the first shift that could serve it.
    fn reach(&self, visit: u32) -> i32 {
        let call = &self.facts.calls[visit as usize];
        let Some((tour, _)) = self.facts.able[call.nodes[0] as usize].first() else { return 0 };
        let tour = &self.facts.tours[*tour as usize];
        self.facts.leg(tour.travel, self.facts.nodes[tour.start as usize].place, call.place)
    }

    /// How many positions are looked at before one is overlooked.
    fn until_blink(&mut self) -> u32 {
        if self.settings.blink <= 1.0 {
            return u32::MAX;
        }
        let drawn = ln(1.0 - self.random.unit()) / ln(1.0 - 1.0 / self.settings.blink);
        1 + drawn.min(1e6) as u32
    }
}

/// For each visit the others by travel there, and in `timely` by the waiting or lateness that going there means as well.
fn neighbours(facts: &Facts, timely: bool) -> Vec<Vec<u32>> {
    let count = facts.calls.len();
    let most = if count > 2_000 { 200 } else { 500 };
    let node = |it: usize| &facts.nodes[facts.calls[it].nodes[0] as usize];
    let apart = |one: usize, two: usize| -> i64 {
        let (a, b) = (facts.calls[one].place, facts.calls[two].place);
        let there = i64::from(facts.leg(0, a, b)) + i64::from(facts.leg(0, b, a));
        if !timely || facts.legs.is_empty() {
            return there;
        }
        let gap = |from: usize, to: usize| {
            let (from, to) = (node(from), node(to));
            let arrives = |at: i32| i64::from(at) + i64::from(from.duration) + there / 2;
            let wait = (i64::from(to.span.open) - arrives(from.span.due.min(from.span.close))).max(0);
            let late = (arrives(from.span.open) - i64::from(to.span.due.min(to.span.close))).max(0);
            wait + 2 * late
        };
        there + gap(one, two).min(gap(two, one))
    };
    (0..count)
        .map(|one| {
            let mut all: Vec<(i64, u32)> = (0..count).map(|two| (apart(one, two), two as u32)).collect();
            if let Some(own) = all.iter_mut().find(|it| it.1 == one as u32) {
                own.0 = -1;
            }
            if all.len() > most {
                all.select_nth_unstable(most);
                all.truncate(most);
            }
            all.sort_unstable();
            all.into_iter().map(|it| it.1).collect()
        })
        .collect()
}
