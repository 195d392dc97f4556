//! Rounds for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Id, Result,
    api::{ApiDoc, READ, list_answer},
    form::{self as kit_form, Input, Options},
};
use serde_json::{Value, json};

use super::{
    away,
    calendar::{self, Part},
    home, list,
    pages::{elder::days, household, village},
    task::{self, Task},
    visit::{self, Draft, Visit},
};
use crate::elders::{self, Key};

const PLACE: (&str, &str) = ("place", "region code within your scope");
const TEAM: (&str, &str) = ("team", "number of a team; 0 for places without one");

pub const LIST: ApiDoc = ApiDoc {
    summary: "Tasks of your scope",
    query: &[
        ("state", "waiting, overdue, done, late, missed or lapsed"),
        ("programme", "id of a programme of the region's policy"),
        ("subject", "elder, household or village"),
        ("team", "part of a team's name"),
        ("by", "the last day in time"),
        ("by_from", "day"),
        ("by_until", "day"),
        ("done_on", "day"),
        ("q", "part of the name, or pinyin initials"),
        PLACE,
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const FOLLOW: ApiDoc = ApiDoc {
    summary: "Visits after which somebody has to follow up",
    query: &[
        ("follow", "open or closed"),
        ("found", "well, unwell, help or absent"),
        PLACE,
        ("after", "`next` of the page before"),
    ],
    answer: list_answer,
    ..READ
};
pub const CALENDAR: ApiDoc = ApiDoc {
    summary: "How many tasks are due on each day of the month of `on`, how they stand, and how many visits were made",
    query: &[("on", "a day of the month"), PLACE, TEAM],
    ..READ
};
pub const MONTHS: ApiDoc = ApiDoc {
    summary: "Done in time, late and overdue by month, the last twelve",
    query: &[PLACE, TEAM],
    answer: list_answer,
    ..READ
};
pub const OVERDUE: ApiDoc =
    ApiDoc { summary: "Overdue tasks by village and team", query: &[PLACE, TEAM], answer: list_answer, ..READ };
pub const OF: ApiDoc =
    ApiDoc { summary: "Tasks, visits, days away and household of one elder; the look is noted", ..READ };
pub const AWAY: ApiDoc = ApiDoc { summary: "Note that an elder is not at home", body: away::FIELDS, ..READ };
pub const BACK: ApiDoc = ApiDoc { summary: "Note that an elder is at home again", body: away::BACK, ..READ };
pub const HOUSEHOLD: ApiDoc = ApiDoc { summary: "Elders of a household and its tasks", ..READ };
pub const SEEN: ApiDoc = ApiDoc {
    summary: "Note at once who was seen well in a village: `seen` is a list of tasks by their numbers",
    body: village::SEEN,
    ..READ
};
pub const VISIT: ApiDoc = ApiDoc { summary: "One visit; the look is noted", ..READ };
pub const CLOSE: ApiDoc = ApiDoc { summary: "Note what came of following up", body: visit::CLOSE, ..READ };
pub const VOID: ApiDoc = ApiDoc { summary: "Take a visit back; its tasks are open again", body: visit::VOID, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One task with its visits; the look is noted", ..READ };
pub const RECORD: ApiDoc = ApiDoc {
    summary: "Note a visit; `also` lists further tasks of the same elder that it does",
    body: visit::FIELDS,
    ..READ
};
pub const REASON: ApiDoc = ApiDoc { summary: "Say why a task is late", body: visit::DELAY, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::TASKS.json(&ask).await
}

pub async fn follow(ask: Ask) -> Result<Response> {
    list::FOLLOW.json(&ask).await
}

pub async fn calendar(ask: Ask) -> Result<Json<Value>> {
    let first = ask.day_asked()?.first_of_month();
    let answer = ask
        .read(move |tx, ask| {
            let part = Part::asked(ask)?;
            let days = calendar::by_day(tx, ask, &part, first, first.add_months(1))?;
            let made = calendar::done_by_day(tx, &part, first, first.add_months(1))?;
            let days: Vec<Value> =
                days.iter().map(|(day, it)| json!({"day": day, "counts": it, "all": it.all()})).collect();
            let made: Vec<Value> = made.iter().map(|(day, n)| json!({"day": day, "visits": n})).collect();
            Ok(json!({"days": days, "made": made}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn months(ask: Ask) -> Result<Json<Value>> {
    let beyond = ask.today().first_of_month().add_months(1);
    let items = ask
        .read(move |tx, ask| {
            let found = calendar::by_month(tx, ask, &Part::asked(ask)?, beyond.add_months(-12), beyond)?;
            Ok(found.iter().map(|(month, it)| json!({"month": month, "counts": it})).collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(json!({"total": items.len(), "items": items, "next": null})))
}

pub async fn overdue(ask: Ask) -> Result<Json<Value>> {
    let items = ask
        .read(|tx, ask| {
            let all = calendar::overdue(tx, ask, &Part::asked(ask)?)?;
            let item = |(village, team, n): &(String, Id, i64)| {
                json!({"village": village, "team": (*team != Id(0)).then_some(team), "overdue": n})
            };
            Ok(all.iter().map(item).collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(json!({"total": items.len(), "items": items, "next": null})))
}

pub async fn of(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "rounds")?;
            let tasks = task::of(tx, &key.region, "elder", &key.id.to_string())?;
            let aways = away::of(tx, &key)?;
            let aways = aways.iter().map(|it| {
                json!({"id": it.key.id, "kind": it.kind, "from": it.from, "until": it.until, "note": it.note, "who": it.who})
            });
            let household = home::of(tx, &key)?.map(|id| Key { region: key.region.clone(), id });
            Ok(json!({
                "elder": key, "household": household,
                "tasks": tasks.iter().map(|it| task_json(ask, it)).collect::<Vec<_>>(),
                "visits": visit::of_elder(tx, &key, 100)?.iter().map(visit_json).collect::<Vec<_>>(),
                "away": aways.collect::<Vec<_>>(),
            }))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn away(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let id = elders::deed(&ask, &key, move |tx, ask, elder| {
        let checked = kit_form::check(away::FIELDS, &input, &Options::new())?;
        away::add(tx, ask, elder, &checked.text("kind"), days(ask, &checked), &checked.text("note"))
    })
    .await?;
    Ok(Json(json!({"id": id})))
}

pub async fn back(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Json<Value>> {
    elders::deed(&ask, &key, move |tx, ask, elder| {
        let id: Id = id.parse().map_err(|_| Error::NotFound)?;
        let checked = kit_form::check(away::BACK, &input, &Options::new())?;
        away::back(tx, ask, elder, id, checked.date("until").unwrap_or(ask.today()))
    })
    .await?;
    Ok(Json(json!({})))
}

pub async fn household(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = household::load(tx, ask, &key)?;
            let members = it.members.iter().map(|(elder, tasks)| {
                json!({"elder": elder.key, "name": elder.name, "open": tasks.iter().map(|it| task_json(ask, it)).collect::<Vec<_>>()})
            });
            let tasks = it.tasks.iter().map(|it| task_json(ask, it));
            Ok(json!({"household": key, "members": members.collect::<Vec<_>>(), "tasks": tasks.collect::<Vec<_>>()}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn seen(ask: Ask, Path(code): Path<String>, input: Input) -> Result<Json<Value>> {
    let done = ask.write(move |tx, ask| village::note_seen(tx, ask, &code, &input)).await?;
    Ok(Json(json!({"done": done})))
}

pub async fn visit(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = visit::find(tx, &ask.who.scope, &key)?;
            let of = Key { region: key.region.clone(), id: it.task };
            let task = task::by_key(tx, &of)?.ok_or(Error::NotFound)?;
            task::note(tx, ask, "look", &task, "visit")?;
            Ok(visit_json(&it))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let result = kit_form::check(visit::CLOSE, &input, &Options::new())?.text("result");
    let answer = ask
        .write(move |tx, ask| {
            let it = visit::find(tx, &ask.who.scope, &key)?;
            visit::close(tx, ask, &it, &result)?;
            Ok(visit_json(&visit::find(tx, &ask.who.scope, &key)?))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn void(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let reason = kit_form::check(visit::VOID, &input, &Options::new())?.text("reason");
    let answer = ask
        .write(move |tx, ask| {
            let it = visit::find(tx, &ask.who.scope, &key)?;
            visit::void(tx, ask, &it, &reason)?;
            Ok(visit_json(&visit::find(tx, &ask.who.scope, &key)?))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = task::find(tx, &ask.who.scope, &key)?;
            task::note(tx, ask, "look", &it, "")?;
            let mut answer = task_json(ask, &it);
            answer["visits"] = visit::of_task(tx, &it)?.iter().map(visit_json).collect();
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn record(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let draft = Draft::of(ask, &input)?;
            let it = task::find_held(tx, &ask.who.scope, &key)?;
            let visit = visit::take(tx, ask, &it, &draft)?;
            Ok(json!({"visit": visit, "task": task_json(ask, &task::find(tx, &ask.who.scope, &key)?)}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn reason(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let reason = kit_form::check(visit::DELAY, &input, &Options::new())?.text("reason");
    let answer = ask
        .write(move |tx, ask| {
            let it = task::find_held(tx, &ask.who.scope, &key)?;
            task::delayed(tx, ask, &it, &reason)?;
            Ok(task_json(ask, &task::find(tx, &ask.who.scope, &key)?))
        })
        .await?;
    Ok(Json(answer))
}

fn task_json(ask: &Ask, it: &Task) -> Value {
    json!({
        "id": it.key, "subject": it.subject, "thing": it.thing, "elder": it.elder_key(), "place": it.spot.place,
        "team": it.spot.team, "programme": it.programme, "from": it.from, "by": it.by, "state": it.state(ask.today()),
        "ended": it.ended, "done": it.done, "who": it.who, "reason": it.reason,
        "visit": it.visit.map(|id| Key { region: it.key.region.clone(), id }),
    })
}

fn visit_json(it: &Visit) -> Value {
    json!({
        "id": it.key, "task": Key { region: it.key.region.clone(), id: it.task }, "day": it.day, "found": it.found,
        "systolic": it.pressure.map(|it| it.0), "diastolic": it.pressure.map(|it| it.1), "note": it.note, "follow": it.follow,
        "follow_text": it.follow_text, "follow_day": it.follow_day, "follow_result": it.follow_result, "who": it.who,
        "voided": it.voided, "void_reason": it.void_reason,
    })
}
