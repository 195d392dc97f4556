//! The facts as the solver takes them, and the names behind its numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use dispatch::{
    Begun, Break, Known, Part, Pin, Problem, Series, Shift, Skills, Together, Told, Visit, Weights, Window, Worker,
};
use jiff::Timestamp;
use kit::{Ask, Error, Id, Result};
use rules::{
    dispatch::{self as rule, Purpose, Travel},
    home_service::Answer,
    visit::Point,
};

use super::{
    draft::Draft,
    gather::{DAY, Facts, seconds},
    no_policy,
    tuning::{self, Own, Weights as Minutes},
    ways::{self, Place},
    what_if::WhatIf,
};
use crate::{visits::Planned, workforce::OnDay};

/// One tour that may be made, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tour {
    /// `41-0`: number of the staff and of the day; `c7-0` of a crew, `x41-0` of somebody who is only thought of.
    pub name: String,
    pub staff: Vec<Id>,
    pub titles: Vec<String>,
    pub kind: String,
    pub day: i64,
    pub travel: Travel,
    /// Whether there is no such person.
    pub is_thought_of: bool,
}

/// A problem with the names behind its numbers.
#[derive(Debug, Clone)]
pub struct Built {
    pub problem: Problem,
    /// Of each visit of the problem, its place in the facts.
    pub visits: Vec<usize>,
    pub tours: Vec<Tour>,
    pub workers: Vec<Id>,
    /// What each skill is for.
    pub skills: Vec<Purpose>,
    pub places: Vec<Place>,
    by_tour: HashMap<String, usize>,
    by_visit: HashMap<Id, usize>,
}

/// So many kinds of services a plan tells apart.
const MOST_SKILLS: usize = 120;
/// A start may move by so much without being a change of what was told.
const TOLERANCE: i64 = 15 * 60;
/// What it gains to send whoever was chosen by hand, and at most whoever came before.
const CHOSEN: i64 = 200;
const KNOWN: i64 = 100;

pub fn build(ask: &Ask, facts: &Facts, what_if: &WhatIf, draft: &Draft) -> Result<Built> {
    let mut all = Building { places: Vec::new(), by_place: HashMap::new(), workers: Vec::new(), tours: Vec::new() };
    let skills = skills(facts)?;
    let (workers, shifts, travels) = all.shifts(ask, facts, what_if, &skills)?;
    let by_tour: HashMap<String, usize> =
        all.tours.iter().enumerate().map(|(nth, it)| (it.name.clone(), nth)).collect();
    let fixed: HashMap<(Id, u8), &str> =
        draft.stops.iter().filter(|it| it.fixed).map(|it| ((it.visit, it.part), &*it.tour)).collect();
    let (mut visits, mut taken, mut by_visit) = (Vec::new(), Vec::new(), HashMap::new());
    for (nth, it) in facts.visits.iter().enumerate() {
        if let Some(visit) = all.visit(facts, it, &skills, &fixed, &by_tour) {
            by_visit.insert(it.visit.key.id, visits.len());
            visits.push(visit);
            taken.push(nth);
        }
    }
    let problem = Problem {
        travel: ways::tables(ask, &all.places, &travels, &facts.tuning)?,
        workers,
        shifts,
        series: series(facts, &taken),
        visits,
        weights: weigh(&minutes(facts)),
        now: facts.now,
    };
    Ok(Built {
        problem,
        visits: taken,
        tours: all.tours,
        workers: all.workers,
        skills: skills.into_keys().collect(),
        places: all.places,
        by_tour,
        by_visit,
    })
}

impl Built {
    pub fn tour(&self, name: &str) -> Option<usize> {
        self.by_tour.get(name).copied()
    }

    /// The number of a visit in the problem.
    pub fn visit(&self, id: Id) -> Option<usize> {
        self.by_visit.get(&id).copied()
    }

    pub fn planned<'a>(&self, facts: &'a Facts, visit: usize) -> &'a Planned {
        &facts.visits[self.visits[visit]]
    }
}

/// What the goals weigh where there is one institution: as it set them, else as policy says.
fn minutes(facts: &Facts) -> Minutes {
    let mut all = facts.tuning.weights;
    if let Some(own) = facts.asked.organisation.and_then(|id| facts.settings.get(&id)) {
        for (weight, own) in all.iter_mut().zip(own.weights) {
            *weight = own.unwrap_or(*weight);
        }
    }
    all
}

/// The measure in seconds on the way.
fn weigh(minutes: &Minutes) -> Weights {
    let [left, late, way, overtime, continuity, fairness, change] = minutes.map(i64::from);
    Weights {
        left: left * 60,
        late,
        latest: late,
        travel: way,
        distance: 0,
        overtime,
        continuity: (continuity * 60 + KNOWN / 2) / KNOWN,
        fairness,
        fair_unit: 3_600,
        change_worker: change * 60,
        change_time: change * 30,
        tolerance: TOLERANCE,
    }
}

/// A number for everything somebody may have to be able to do.
fn skills(facts: &Facts) -> Result<BTreeMap<Purpose, u8>> {
    let mut all: BTreeMap<Purpose, u8> = facts.visits.iter().flat_map(purposes).map(|it| (it, 0)).collect();
    if MOST_SKILLS < all.len() {
        return Err(Error::refused("too_many_services", "服务种类太多,请按机构或按天分开派单"));
    }
    for (nth, number) in all.values_mut().enumerate() {
        *number = nth as u8;
    }
    Ok(all)
}

fn purposes(it: &Planned) -> impl Iterator<Item = Purpose> {
    it.purposes.iter().map(|it| Purpose { programme: it.programme.clone(), service: it.service.clone() })
}

/// Visits of one elder for the same thing are not made on one day, where they may move.
fn series(facts: &Facts, taken: &[usize]) -> Vec<Series> {
    if facts.asked.flexible_days == 0 {
        return Vec::new();
    }
    let mut all: BTreeMap<(Id, Vec<Purpose>), Vec<usize>> = BTreeMap::new();
    for (visit, nth) in taken.iter().enumerate() {
        let it = &facts.visits[*nth];
        all.entry((it.visit.elder, purposes(it).collect())).or_default().push(visit);
    }
    let several = all.into_values().filter(|it| 1 < it.len());
    several.map(|visits| Series { visits, minimum_days: 1, maximum_days: facts.asked.days }).collect()
}

struct Building {
    places: Vec<Place>,
    by_place: HashMap<(Place, Option<Id>), usize>,
    workers: Vec<Id>,
    tours: Vec<Tour>,
}

impl Building {
    /// The number of a place; homes that are not on the map are told apart by their elder.
    fn place(&mut self, at: Option<Point>, elder: Option<Id>) -> usize {
        let place = Place { at, is_home: elder.is_some() };
        let next = self.places.len();
        let nth = *self.by_place.entry((place, elder)).or_insert(next);
        if nth == next {
            self.places.push(place);
        }
        nth
    }

    /// Everybody who may be sent, their tours day by day, and the kinds of travel they use.
    fn shifts(
        &mut self,
        ask: &Ask,
        facts: &Facts,
        what_if: &WhatIf,
        skills: &BTreeMap<Purpose, u8>,
    ) -> Result<(Vec<Worker>, Vec<Shift>, Vec<Travel>)> {
        let (mut workers, mut shifts, mut travels): (Vec<Worker>, Vec<Shift>, Vec<Travel>) = Default::default();
        let mut numbers: HashMap<(Id, usize), usize> = HashMap::new();
        for (day, team) in facts.team.iter().enumerate() {
            let date = facts.asked.first.add_days(day as i32);
            let policy = ask.app.policy_in(&facts.asked.region, date);
            let mut of_day: HashMap<Id, (usize, &OnDay)> = HashMap::new();
            for one in team {
                let id = one.staff.key.id;
                let own = facts.owns.get(&id).cloned().unwrap_or_default();
                if one.away.is_some() || !own.visits || what_if.away.contains(&id) {
                    continue;
                }
                let Some(hours) = hours(facts, one, what_if) else { continue };
                let mut able = Vec::new();
                for (purpose, number) in skills {
                    if rule::may(&one.facts, purpose, &policy).map_err(no_policy)?.answer == Answer::Yes {
                        able.push(*number);
                    }
                }
                // Whoever can do nothing of what is asked only makes the page long.
                if able.is_empty() {
                    continue;
                }
                let able = Skills::of(&able).map_err(Error::internal)?;
                let copies = 1 + what_if.more.iter().filter(|it| **it == id).count();
                for copy in 0..copies {
                    let worker = *numbers.entry((id, copy)).or_insert_with(|| {
                        workers.push(Worker { skills: Skills::default(), load_before: 0 });
                        self.workers.push(id);
                        workers.len() - 1
                    });
                    workers[worker].skills = workers[worker].skills.or(able);
                    if copy == 0 {
                        of_day.insert(id, (worker, one));
                    }
                    let name = if copy == 0 { format!("{id}-{day}") } else { format!("x{copy}.{id}-{day}") };
                    let tour = Tour {
                        name,
                        staff: vec![id],
                        titles: vec![one.staff.name.clone()],
                        kind: one.staff.kind.clone(),
                        day: day as i64,
                        travel: travel(facts, one, &own),
                        is_thought_of: 0 < copy,
                    };
                    let shift = self.shift(facts, one, &own, &hours, vec![worker], &tour, &mut travels);
                    shifts.push(shift);
                    self.tours.push(tour);
                }
            }
            for crew in &facts.crews {
                let both = of_day.get(&crew.first).zip(of_day.get(&crew.second));
                let Some((first, second)) = both else { continue };
                let own = facts.owns.get(&crew.first).cloned().unwrap_or_default();
                let Some(hours) = hours(facts, first.1, what_if) else { continue };
                let tour = Tour {
                    name: format!("c{}-{day}", crew.id),
                    staff: vec![crew.first, crew.second],
                    titles: vec![first.1.staff.name.clone(), second.1.staff.name.clone()],
                    kind: first.1.staff.kind.clone(),
                    day: day as i64,
                    travel: travel(facts, first.1, &own),
                    is_thought_of: false,
                };
                let shift = self.shift(facts, first.1, &own, &hours, vec![first.0, second.0], &tour, &mut travels);
                shifts.push(shift);
                self.tours.push(tour);
            }
        }
        Ok((workers, shifts, travels))
    }

    #[expect(clippy::too_many_arguments, reason = "a tour is what all of them say together")]
    fn shift(
        &mut self,
        facts: &Facts,
        one: &OnDay,
        own: &Own,
        hours: &Working,
        workers: Vec<usize>,
        tour: &Tour,
        travels: &mut Vec<Travel>,
    ) -> Shift {
        let base = one.staff.organisation.and_then(|id| facts.bases.get(&id)).and_then(|it| it.1);
        let at = self.place(base, None);
        let midnight = tour.day * DAY;
        let travel = travels.iter().position(|it| *it == tour.travel).unwrap_or_else(|| {
            travels.push(tour.travel);
            travels.len() - 1
        });
        let minute = |it: u16| midnight + i64::from(it) * 60;
        let overtime = own.overtime_minutes.unwrap_or_else(|| i64::from(facts.tuning.overtime_minutes));
        Shift {
            workers,
            day: tour.day,
            earliest: minute(hours.from),
            latest: minute(hours.until),
            overtime: overtime * 60,
            maximum_work: own.longest_minutes.map(|it| it * 60),
            start: Some(at),
            end: Some(at),
            travel,
            cost: 0,
            breaks: hours
                .breaks
                .iter()
                .map(|it| Break { earliest: minute(it.0), latest: minute(it.1), length: i64::from(it.2) * 60 })
                .collect(),
        }
    }

    /// A visit as the solver takes it; nothing for one that nobody of these days can make any more.
    fn visit(
        &mut self,
        facts: &Facts,
        it: &Planned,
        skills: &BTreeMap<Purpose, u8>,
        fixed: &HashMap<(Id, u8), &str>,
        by_tour: &HashMap<String, usize>,
    ) -> Option<Visit> {
        let visit = &it.visit;
        let place = self.place(it.home, Some(visit.elder));
        let day = i64::from(facts.asked.first.days_until(visit.day));
        let numbers: Vec<u8> = purposes(it).filter_map(|it| skills.get(&it).copied()).collect();
        let needed = Skills::of(&numbers).unwrap_or_default();
        let people = visit.people.clamp(1, 2) as usize;
        let begun = begun(facts, it, day);
        if visit.state != "planned" {
            // What is done or under way stands where it was; by whom nobody knows is of no matter to the others.
            let known = visit.staff_ids().filter_map(|id| by_tour.get(&format!("{id}-{day}"))).count();
            begun.as_ref().filter(|_| 0 < known)?;
        }
        let of_staff =
            |nth: usize| visit.staff_ids().nth(nth).and_then(|id| by_tour.get(&format!("{id}-{day}")).copied());
        let parts = (0..people)
            .filter(|nth| visit.state == "planned" || of_staff(*nth).is_some())
            .map(|nth| {
                let told = visit
                    .at_minute
                    .filter(|_| visit.state == "planned")
                    .and_then(|minute| of_staff(nth).map(|shift| Told { shift, start: day * DAY + minute * 60 }));
                let placed = fixed.get(&(visit.key.id, nth as u8)).filter(|_| visit.state == "planned");
                let pin =
                    placed.and_then(|tour| by_tour.get(*tour)).map(|shift| Pin { shift: Some(*shift), start: None });
                Part {
                    // The second person helps the first: what has to be known is known by one.
                    skills: if nth == 0 { needed } else { Skills::default() },
                    duration: visit.minutes * 60,
                    pin,
                    begun: begun.zip(of_staff(nth)).map(|((start, end), shift)| Begun { shift, start, end }),
                    told,
                }
            })
            .collect();
        let mut known: Vec<Known> = Vec::new();
        let most = it.known.iter().map(|it| it.1).max().unwrap_or(0).max(1);
        for (worker, id) in self.workers.iter().enumerate() {
            let before = it.known.iter().find(|one| one.0 == *id).map_or(0, |one| KNOWN * one.1 / most);
            let chosen = visit.at_minute.is_none() && visit.staff_ids().any(|one| one == *id);
            let gain = if chosen { CHOSEN } else { before };
            if 0 < gain {
                known.push(Known { worker, gain });
            }
        }
        // Another institution's staff do not come.
        let forbidden = match (facts.asked.organisation, visit.organisation) {
            (None, Some(organisation)) => self.not_of(facts, organisation),
            _ => Vec::new(),
        };
        Some(Visit {
            place,
            parts,
            together: Together::Same,
            windows: windows(facts, it, day),
            priority: it.purposes.len().max(1) as u32,
            may_leave: None,
            known,
            only: Vec::new(),
            forbidden,
        })
    }

    fn not_of(&self, facts: &Facts, organisation: Id) -> Vec<usize> {
        let ours: HashSet<Id> = facts
            .team
            .iter()
            .flatten()
            .filter(|it| it.staff.organisation == Some(organisation))
            .map(|it| it.staff.key.id)
            .collect();
        self.workers.iter().enumerate().filter(|(_, id)| !ours.contains(id)).map(|it| it.0).collect()
    }
}

/// When a visit may begin: on its day between what was agreed, or on the days around it where nothing was.
fn windows(facts: &Facts, it: &Planned, day: i64) -> Vec<Window> {
    let visit = &it.visit;
    let late = i64::from(facts.tuning.late_minutes) * 60;
    let is_free = visit.from_minute.is_none() && visit.until_minute.is_none() && visit.at_minute.is_none();
    let around = if is_free { facts.asked.flexible_days } else { 0 };
    ((day - around).max(0)..=(day + around).min(facts.asked.days - 1))
        .map(|day| {
            let open = day * DAY + visit.from_minute.unwrap_or(0) * 60;
            let due = visit.until_minute.map(|it| day * DAY + it * 60);
            Window { open, due, close: due.map_or((day + 1) * DAY - 1, |it| it + late) }
        })
        .collect()
}

/// From when to when a visit that began takes: until it ended, or as long as was planned, and no shorter than until now.
fn begun(facts: &Facts, it: &Planned, day: i64) -> Option<(i64, i64)> {
    if it.visit.state == "planned" {
        return None;
    }
    let at = |stamp: &Option<String>| {
        stamp.as_ref().and_then(|it| it.parse::<Timestamp>().ok()).map(|it| seconds(facts.asked.first, it))
    };
    let start =
        at(&it.visit.began).unwrap_or(day * DAY + it.visit.at_minute.or(it.visit.from_minute).unwrap_or(480) * 60);
    let expected = (start + it.visit.minutes * 60).max(facts.now.unwrap_or(0));
    let end =
        if it.visit.state == "done" { at(&it.visit.ended).unwrap_or(start + it.visit.minutes * 60) } else { expected };
    Some((start, end.max(start)))
}

/// When somebody works: minutes of the day, and breaks as (earliest, latest start, minutes).
struct Working {
    from: u16,
    until: u16,
    breaks: Vec<(u16, u16, u16)>,
}

fn hours(facts: &Facts, one: &OnDay, what_if: &WhatIf) -> Option<Working> {
    let pause = facts.tuning.pause;
    let pause = what_if.pause.unwrap_or((pause.from.0, pause.until.0, pause.minutes));
    let mut it = match &one.hours {
        None => {
            let hours = facts.tuning.hours;
            Working { from: hours.from.0, until: hours.until.0, breaks: vec![pause] }
        }
        Some(stretches) => {
            let (first, last) = stretches.first().zip(stretches.last())?;
            // Between two stretches of their hours they are not at work.
            let gaps = stretches.windows(2).map(|it| (it[0].1, it[0].1, it[1].0 - it[0].1));
            Working { from: first.0, until: last.1, breaks: gaps.filter(|it| 0 < it.2).collect() }
        }
    };
    if what_if.pause.is_some() {
        it.breaks = vec![pause];
    }
    if let Some((from, until)) = what_if.hours {
        (it.from, it.until) = (from, until);
    }
    // A break outside the hours is none.
    it.breaks.retain(|one| it.from <= one.0 && one.1 + one.2 <= it.until && 0 < one.2);
    (it.from < it.until).then_some(it)
}

fn travel(facts: &Facts, one: &OnDay, own: &Own) -> Travel {
    let of_house = one.staff.organisation.and_then(|id| facts.settings.get(&id)).and_then(|it| it.travel);
    own.travel.or(of_house).unwrap_or(tuning::USUAL)
}
