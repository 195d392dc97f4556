//! A plan as the board and the map of a page draw it, and as words beside them.

use dispatch::{Plan, Stop};
use kit::{Ask, Result};
use maud::{Markup, html};
use rules::{dispatch::Travel, visit::Point};
use serde_json::{Value, json};

use super::{figures, gather::DAY, kept::Kept, problem::Tour, said::Told, sight::Sight, ways};
use crate::visits::{self, clock};

/// Minutes of a day that the board shows at least.
const SHOWN: (i64, i64) = (8 * 60, 18 * 60);

impl Sight {
    pub fn told<'a>(&'a self, ask: &'a Ask) -> Told<'a> {
        Told { ask, facts: &self.facts, built: &self.built }
    }

    /// The tours of a day, used or not, in the order of the team.
    pub fn lanes(&self, day: i64) -> Vec<(usize, &Tour)> {
        self.built.tours.iter().enumerate().filter(|it| it.1.day == day).collect()
    }

    pub fn stops(&self, shift: usize) -> &[Stop] {
        self.plan.routes.iter().find(|it| it.shift == shift).map_or(&[], |it| &it.stops)
    }

    pub fn link(&self, visit: usize) -> String {
        format!("{}/visits/{}", self.kept.link(), self.built.planned(&self.facts, visit).visit.key.id)
    }

    /// What a visit is for, in words.
    pub fn services(&self, ask: &Ask, visit: usize) -> String {
        let planned = self.built.planned(&self.facts, visit);
        let names: Vec<String> = planned
            .purposes
            .iter()
            .map(|it| {
                let service =
                    visits::service(ask, &self.facts.asked.region, planned.visit.day, &it.service, &it.programme);
                ask.either(&service.title, &service.title_en).to_string()
            })
            .collect();
        names.join(ask.t("、"))
    }
}

/// The minute of the day of an instant of the plan.
fn minute(at: i64, day: i64) -> i64 {
    (at - day * DAY + 30).div_euclid(60)
}

/// The data of the board for a day.
pub fn data(ask: &Ask, it: &Sight, day: i64, may_move: bool) -> Value {
    let told = it.told(ask);
    let lanes = it.lanes(day);
    let mut shown = SHOWN;
    let rows: Vec<Value> = lanes
        .iter()
        .map(|(nth, tour)| {
            let shift = &it.built.problem.shifts[*nth];
            let (from, until) = (minute(shift.earliest, day), minute(shift.latest, day));
            shown = (shown.0.min(from), shown.1.max(until));
            let route = it.plan.routes.iter().find(|one| one.shift == *nth);
            let stops = it.stops(*nth);
            if let Some(route) = route {
                shown.1 = shown.1.max(minute(route.end, day));
            }
            let pauses: Vec<Value> = route
                .map_or(&[][..], |it| &it.breaks)
                .iter()
                .map(|rest| json!([minute(rest.start, day), minute(rest.end, day)]))
                .collect();
            json!({
                "id": tour.name, "name": told.tour(*nth), "note": note(ask, it, *nth, tour),
                "shift": [[from, until]], "pauses": pauses, "ways": ways(it, *nth, day),
                "stops": stops.iter().flat_map(|stop| blocks(ask, it, *nth, stop, day)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let now = it.facts.now.filter(|now| now.div_euclid(DAY) == day).map(|now| minute(now, day));
    let mut data = json!({
        "from": shown.0 / 60 * 60, "until": (shown.1 + 59) / 60 * 60, "lanes": rows, "may_move": may_move,
        "left": left(ask, it).into_iter().map(|one| one.data).collect::<Vec<_>>(),
    });
    if let Some(now) = now {
        data["now"] = json!(now);
    }
    data
}

/// `护士 · 电动车 · 6 户 · 320 分`.
fn note(ask: &Ask, it: &Sight, shift: usize, tour: &Tour) -> String {
    let kind = crate::workforce::KINDS.iter().find(|one| one.0 == tour.kind).map_or("", |one| one.1);
    let travel = Travel::WORDS[tour.travel as usize].1;
    let route = it.plan.routes.iter().find(|one| one.shift == shift);
    let (stops, work) = route.map_or((0, 0), |one| (one.stops.len(), one.work / 60));
    let households = ask.f("{n} 户", &[("n", &stops)]);
    let minutes = ask.f("{n} 分", &[("n", &work)]);
    [ask.t(kind), ask.t(travel), &households, &minutes].join(" · ")
}

/// When somebody is on the way.
fn ways(it: &Sight, shift: usize, day: i64) -> Vec<Value> {
    let Some(route) = it.plan.routes.iter().find(|one| one.shift == shift) else { return Vec::new() };
    let given = &it.built.problem.shifts[shift];
    let table = &it.built.problem.travel[given.travel];
    let (mut at, mut all) = (given.start, Vec::new());
    for stop in &route.stops {
        let place = it.built.problem.visits[stop.visit].place;
        let leg = at.map_or(0, |from| table.time.get(from, place));
        all.push(json!([minute(stop.arrival - leg, day), minute(stop.arrival, day)]));
        at = Some(place);
    }
    let home = at.zip(given.end).map_or(0, |(from, to)| table.time.get(from, to));
    all.push(json!([minute(route.end - home, day), minute(route.end, day)]));
    all
}

/// The blocks of a stop: one for each person there.
fn blocks(ask: &Ask, it: &Sight, shift: usize, stop: &Stop, day: i64) -> Vec<Value> {
    let visit = &it.built.problem.visits[stop.visit];
    let planned = it.built.planned(&it.facts, stop.visit);
    let (from, until) = (minute(stop.start, day), minute(stop.end, day));
    let window = visit.windows.iter().find(|one| one.open.div_euclid(DAY) == day).copied();
    let other = it
        .plan
        .routes
        .iter()
        .filter(|one| one.shift != shift)
        .find(|one| one.stops.iter().any(|other| other.visit == stop.visit));
    let title = format!("{} · {}–{}", it.services(ask, stop.visit), clock(from), clock(until));
    let one = |part: usize| {
        let fixed = it
            .kept
            .draft
            .stops
            .iter()
            .any(|one| one.fixed && one.visit == planned.visit.key.id && usize::from(one.part) == part);
        let mut block = json!({
            "visit": planned.visit.key.id.to_string(), "part": part, "name": planned.name, "title": title,
            "from": from, "until": until, "late": (stop.late + 59) / 60, "state": planned.visit.state,
            "fixed": fixed, "second": other.map_or(String::new(), |one| it.built.tours[one.shift].name.clone()),
            "changed": figures::is_changed(&it.built, shift, stop), "href": it.link(stop.visit),
        });
        if let Some(window) = window {
            block["window"] = json!([minute(window.open, day), minute(window.due.unwrap_or(window.close), day)]);
        }
        block
    };
    // Of a crew one block stands for both.
    stop.parts.first().map(|part| one(*part)).into_iter().collect()
}

/// A visit that is left out, with its reason.
pub struct LeftOut {
    pub visit: usize,
    pub data: Value,
    pub why: Vec<(String, String)>,
}

pub fn left(ask: &Ask, it: &Sight) -> Vec<LeftOut> {
    let told = it.told(ask);
    it.plan
        .left
        .iter()
        .map(|one| {
            let planned = it.built.planned(&it.facts, one.visit);
            let why: Vec<(String, String)> = one.why.iter().map(|why| told.why(why)).collect();
            let first = why.first().map_or_else(|| ask.t("还没有排").to_string(), |it| it.0.clone());
            let data = json!({
                "visit": planned.visit.key.id.to_string(), "part": 0, "name": planned.name, "minutes": planned.visit.minutes,
                "why": first, "href": it.link(one.visit),
            });
            LeftOut { visit: one.visit, data, why }
        })
        .collect()
}

/// The same as the board, in words.
pub fn table(ask: &Ask, it: &Sight, day: i64) -> Markup {
    let told = it.told(ask);
    html! {
        div.tablewrap { table.plain.stacks {
            thead { tr {
                th scope="col" { (ask.t("服务人员")) } th scope="col" { (ask.t("时间")) } th scope="col" { (ask.t("老人")) }
                th scope="col" { (ask.t("服务")) } th scope="col" { (ask.t("约定")) } th scope="col" { (ask.t("情况")) }
            } }
            tbody {
                @for (nth, _) in it.lanes(day) {
                    @for stop in it.stops(nth) {
                        @let planned = it.built.planned(&it.facts, stop.visit);
                        tr {
                            td { (told.tour(nth)) }
                            td { (clock(minute(stop.start, day))) "–" (clock(minute(stop.end, day))) }
                            td { a href=(it.link(stop.visit)) { (planned.name) } }
                            td { (it.services(ask, stop.visit)) }
                            td { (visits::window(ask, &planned.visit)) }
                            td { (status(ask, it, nth, stop)) }
                        }
                    }
                }
            }
        } }
    }
}

/// What is to be noticed of a stop, in words.
fn status(ask: &Ask, it: &Sight, shift: usize, stop: &Stop) -> String {
    let mut all = Vec::new();
    if 0 < stop.late {
        all.push(ask.f("晚 {n} 分", &[("n", &((stop.late + 59) / 60))]));
    }
    if figures::is_changed(&it.built, shift, stop) {
        all.push(ask.t("与已通知的不同").to_string());
    }
    if is_fixed(&it.kept, it.built.planned(&it.facts, stop.visit).visit.key.id) {
        all.push(ask.t("手工固定").to_string());
    }
    all.join(ask.t("、"))
}

pub fn is_fixed(it: &Kept, visit: kit::Id) -> bool {
    it.draft.stops.iter().any(|one| one.visit == visit && one.fixed)
}

/// The places of a route in their order, from the start of the tour to its end.
fn places(it: &Sight, route: &dispatch::Route) -> Vec<usize> {
    let shift = &it.built.problem.shifts[route.shift];
    let homes = route.stops.iter().map(|stop| it.built.problem.visits[stop.visit].place);
    shift.start.into_iter().chain(homes).chain(shift.end).collect()
}

/// The same routes as [`lines`] along the roads of the operator's map, each as latitudes and longitudes.
///
/// # Errors
/// `Refused` where the file of roads cannot be read.
pub fn along_roads(ask: &Ask, it: &Sight, day: i64) -> Result<Vec<Vec<[f64; 2]>>> {
    let routes = it.plan.routes.iter().filter(|one| it.built.tours[one.shift].day == day);
    routes
        .map(|route| {
            let known: Vec<Point> = places(it, route).iter().filter_map(|place| it.built.places[*place].at).collect();
            ways::line(ask, &it.facts.tuning, it.built.tours[route.shift].travel, &known)
        })
        .collect()
}

/// The routes of a day for the map.
pub fn lines(ask: &Ask, it: &Sight, plan: &Plan, day: i64) -> Value {
    let told = it.told(ask);
    let point =
        |place: usize| it.built.places[place].at.map(|at| (at.latitude as f64 / 1e6, at.longitude as f64 / 1e6));
    let routes = plan.routes.iter().filter(|one| it.built.tours[one.shift].day == day);
    let all: Vec<Value> = routes
        .map(|route| {
            let points: Vec<Value> =
                places(it, route).iter().filter_map(|place| point(*place)).map(|(lat, lon)| json!([lat, lon])).collect();
            let stops: Vec<Value> = route
                .stops
                .iter()
                .enumerate()
                .filter_map(|(nth, stop)| {
                    let (lat, lon) = point(it.built.problem.visits[stop.visit].place)?;
                    let text = format!("{}–{}", clock(minute(stop.start, day)), clock(minute(stop.end, day)));
                    Some(json!({"lat": lat, "lon": lon, "n": nth + 1, "name": told.elder(stop.visit), "text": text,
                                "href": it.link(stop.visit)}))
                })
                .collect();
            json!({"name": told.tour(route.shift), "group": it.built.tours[route.shift].name, "points": points, "stops": stops})
        })
        .collect();
    json!(all)
}
