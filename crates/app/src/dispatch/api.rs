//! Dispatch for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Result,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    kept, list,
    pages::{deeds, new, slots as slots_page},
    publish, run,
    sight::Sight,
    slots,
};
use crate::{
    elders::{self, Key},
    visits::clock,
};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Plans of your scope",
    query: &[
        ("state", "draft, published or dropped"),
        ("from", "first day"),
        ("until", "last day"),
        ("place", "region code within your scope"),
        ("sort", "day or changed, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc = ApiDoc {
    summary: "Begin a plan with what is assigned now; `organisation` may be all-COUNTY",
    body: new::FIELDS,
    ..READ
};
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One plan: tours with times, what is left out and why, what it comes to", ..READ };
pub const SOLVE: ApiDoc =
    ApiDoc { summary: "Let the solver work on it for so many seconds", body: deeds::SOLVE, ..READ };
pub const STOP: ApiDoc = ApiDoc { summary: "Stop the solver with the best so far", ..READ };
pub const PUBLISH: ApiDoc = ApiDoc { summary: "Publish it to phones; refused while something in it is broken", ..READ };
pub const SLOTS: ApiDoc = ApiDoc {
    summary: "The five best times for one more visit to an elder",
    query: &[
        ("elder", "the elder's id"),
        ("organisation", "number of the institution"),
        ("service", "a service of the family-doctor contract"),
        ("day", "from which day"),
        ("days", "1 to 5"),
        ("minutes", "how long it takes"),
        ("people", "1 or 2"),
        ("from", "not before, as 09:00"),
        ("until", "not after, as 11:00"),
    ],
    ..READ
};

pub async fn list(ask: Ask) -> Result<Response> {
    list::PLANS.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Json<Value>> {
    let key = ask.write(move |tx, ask| new::begin(tx, ask, &input)).await?;
    Ok(Json(json!({"plan": key})))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let sight = ask
        .write(move |tx, ask| {
            let sight = Sight::find(tx, ask, &key)?;
            sight.kept.note(tx, ask, "look", "")?;
            Ok(sight.explained())
        })
        .await?;
    Ok(Json(said(&ask, &sight)))
}

fn said(ask: &Ask, it: &Sight) -> Value {
    let told = it.told(ask);
    let visit = |nth: usize| it.built.planned(&it.facts, nth).visit.key.to_string();
    let tours: Vec<Value> = it
        .plan
        .routes
        .iter()
        .map(|route| {
            let tour = &it.built.tours[route.shift];
            let stops: Vec<Value> = route
                .stops
                .iter()
                .map(|stop| {
                    json!({"visit": visit(stop.visit), "parts": stop.parts, "start": told.time(stop.start),
                           "end": told.time(stop.end), "late_minutes": (stop.late + 59) / 60})
                })
                .collect();
            json!({"staff": tour.staff, "names": tour.titles, "day": it.kept.asked.first.add_days(tour.day as i32),
                   "back": told.time(route.end), "stops": stops})
        })
        .collect();
    let left: Vec<Value> = it
        .plan
        .left
        .iter()
        .map(|left| {
            let why: Vec<Value> =
                left.why.iter().map(|why| told.why(why)).map(|(why, help)| json!({"why": why, "help": help})).collect();
            json!({"visit": visit(left.visit), "reasons": why})
        })
        .collect();
    let faults: Vec<String> = it.faults.iter().map(|one| told.fault(one)).collect();
    json!({"plan": it.kept.key, "name": it.kept.name, "state": it.kept.state, "first": it.kept.asked.first,
           "days": it.kept.asked.days, "progress": it.kept.progress, "figures": it.figures, "before": it.kept.before,
           "tours": tours, "left": left, "faults": faults})
}

pub async fn solve(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let checked = kit::form::check(deeds::SOLVE, &input, &kit::form::Options::new())?;
    let seconds = checked.int("seconds").unwrap_or(run::SECONDS[0]);
    let job = ask
        .write(move |tx, ask| {
            let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
            run::begin(tx, ask, &it, seconds)
        })
        .await?;
    Ok(Json(json!({"job": job})))
}

pub async fn stop(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| {
        let it = kept::find(tx, &ask.who.scope, &key)?;
        kept::ask_to_stop(tx, &it.key, true)
    })
    .await?;
    Ok(Json(json!({})))
}

pub async fn publish(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let done = ask
        .write(move |tx, ask| {
            let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
            publish::publish(tx, ask, &it)
        })
        .await?;
    Ok(Json(json!({"changed": done.changed, "told": done.told})))
}

pub async fn slots(ask: Ask) -> Result<Json<Value>> {
    let key: Key = ask.param("elder").unwrap_or_default().parse()?;
    let mut input = Input::default();
    for field in slots_page::FIELDS {
        input.set(field.name, ask.param(field.name).unwrap_or_default());
    }
    let offered = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "times for a visit")?;
            let wish = slots_page::wish(tx, ask, &input)?;
            slots::for_elder(tx, ask, &elder, &wish)
        })
        .await?;
    let all: Vec<Value> = offered
        .slots
        .iter()
        .map(|it| {
            let tour = &offered.built.tours[it.parts[0].shift];
            let day = offered.facts.asked.first.add_days(tour.day as i32);
            json!({"day": day, "time": clock(it.start.rem_euclid(super::gather::DAY) / 60), "staff": tour.staff,
                   "names": tour.titles, "cost_minutes": it.cost / 60})
        })
        .collect();
    Ok(Json(json!({"slots": all})))
}
