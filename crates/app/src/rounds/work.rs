//! What rounds put on the workbench and beside an elder, do by night, and hear from others.

use kit::{
    App, Ask, Error, Id, Result, Tx,
    events::Event,
    jobs::{Job, Running, Work},
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use rules::base::Date;
use serde_json::{Value, json};

use super::{READ, WRITE, away, calendar, indicators, list, settle, task, visit, words};
use crate::{
    assessment,
    elders::{self, Key},
    visits,
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let sunday = ask.today().monday().add_days(6);
    let follow = calendar::follow_ups(tx, ask)?;
    let late = calendar::open(tx, ask, "overdue", sunday)?;
    let week = calendar::open(tx, ask, "week", sunday)?;
    let this_week = format!("/rounds/list?state=waiting&by_until={sunday}");
    let lines = [
        (Urgency::Wrong, ["巡访后要跟进", "看到身体不适、需要帮助的老人"], "/rounds/follow?follow=open", follow),
        (Urgency::Late, ["逾期的巡诊和探访", "尽快上门,写明原因"], "/rounds/list?state=overdue", late),
        (Urgency::Soon, ["本周到期的巡诊和探访", "安排上门"], &*this_week, week),
    ];
    let due = |(urgency, said, link, n)| Due::counted(ask, urgency, said, link, "house-heart", n);
    Ok(lines.into_iter().filter_map(due).collect())
}

/// Who of those in hardship was visited in time in the present period.
pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.scope.persons.is_some() {
        return Ok(Vec::new());
    }
    let at = Where::of(&ask.who.scope);
    let all = tally::amount(tx, &indicators::OWED, &at, ask.today())?;
    if all == 0 {
        return Ok(Vec::new());
    }
    let done = tally::amount(tx, &indicators::IN_TIME, &at, ask.today())?;
    Ok(vec![Figure {
        label: ask.t("本月已探访").to_string(),
        value: done,
        unit: ask.t("人").to_string(),
        note: ask.f("应探访 {n} 人", &[("n", &all)]),
        link: "/rounds".into(),
    }])
}

/// The last visit and the next task at a glance, and the way to note a visit.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    let open = task::open_of(tx, &key, ask.today())?;
    if let Some(it) = open.first().filter(|_| ask.may(WRITE)) {
        let (title, link) = (ask.t("登记巡访").to_string(), format!("{}/record", it.link()));
        all.push(Beside::Action { title, icon: "house-heart", link });
    }
    let last = visit::of_elder(tx, &key, 10)?.into_iter().find(|it| it.voided.is_none());
    let text = match open.first() {
        Some(it) => list::in_words(ask, it.state(ask.today()), it.by, None, ""),
        None if last.is_none() => return Ok(all),
        None => ask.t("没有待做的").to_string(),
    };
    let note = last
        .map_or(String::new(), |it| format!("{} {}", it.day, ask.t(words::badge(words::FOUND_BADGES, &it.found).0)));
    all.push(Beside::Fact { title: ask.t("巡诊和探访").to_string(), text, note, link: away::link(&key) });
    Ok(all)
}

pub const JOBS: &[Work] =
    &[Work { kind: "rounds.owed", title: "列出并核对巡访任务", run: night, every_minutes: Some(24 * 60) }];

/// County by county, so that nobody waits long to write; what was not as owed is put right, and the result says it.
fn night(app: App, _: Job) -> Running {
    Box::pin(async move {
        let mut all = settle::Outcome::default();
        for county in app.places.tree().counties(kit::place::NATION) {
            let for_county = app.clone();
            let region = county.clone();
            let found = app.db.write(move |tx| settle::county(tx, &for_county, &region)).await?;
            if 0 < found.missing + found.superfluous {
                tracing::warn!("rounds {county}: {found:?}");
            }
            all.add(&found);
        }
        Ok::<Value, Error>(json!(all))
    })
}

pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let key = |name: &str| news.body[name].as_str().and_then(|it| it.parse::<Key>().ok());
    let ask = |region: &str| Ask::system(app, region);
    match &*news.kind {
        elders::CHANGED => match key("elder") {
            Some(key) if news.body["what"] == "record" => settle::elder_and_home(tx, &ask(&key.region), &key),
            Some(key) => settle::elder(tx, app, &key),
            None => Ok(()),
        },
        elders::DIED | elders::MOVED | elders::RETURNED => {
            let both = [key("elder"), key("to")].into_iter().flatten();
            both.into_iter().try_for_each(|it| settle::elder_and_home(tx, &ask(&it.region), &it))
        }
        elders::MERGED | elders::UNMERGED => {
            // The record that is no more ends its tasks first.
            let both = [key("lost"), key("kept")].into_iter().flatten();
            both.into_iter().try_for_each(|it| settle::elder_and_home(tx, &ask(&it.region), &it))
        }
        assessment::EFFECTIVE | assessment::EXPIRED => key("elder").map_or(Ok(()), |it| settle::elder(tx, app, &it)),
        visits::DONE => visited(tx, app, news),
        visits::UNDONE => match key("elder").map_or_else(|| news.region.clone(), |it| it.region) {
            region if !tasks_in(&news.body).is_empty() => {
                let reason = news.body["reason"].as_str().unwrap_or("上门记录已撤销");
                visit::taken_back(tx, &ask(&region), &region, &source(&news.body), reason)
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn source(body: &Value) -> String {
    format!("visits:{}", body["visit"].as_str().unwrap_or_default())
}

/// The tasks that a visit was for: `rounds:17`.
fn tasks_in(body: &Value) -> Vec<Id> {
    let purposes = body["purposes"].as_array().map_or(&[][..], |it| it);
    let of = purposes.iter().filter(|it| it["programme"] == "rounds");
    of.filter_map(|it| it["thing"].as_str()?.strip_prefix("rounds:")?.parse().ok()).collect()
}

/// A visit that was made: whoever came and did something has done the task. Whether it is proved is a matter of its own.
fn visited(tx: &Tx<'_>, app: &App, news: &Event) -> Result<()> {
    let body = &news.body;
    let tasks = tasks_in(body);
    let done = body["tasks"].as_array().map_or(&[][..], |it| it);
    if tasks.is_empty() || !done.iter().any(|it| it["done"] == true) {
        return Ok(());
    }
    let elder: Option<Key> = body["elder"].as_str().and_then(|it| it.parse().ok());
    let region = elder.map_or_else(|| news.region.clone(), |it| it.region);
    let value = |name: &str| done.iter().find_map(|it| it["values"][name].as_str()).unwrap_or_default().to_string();
    let (systolic, diastolic) = (value("systolic"), value("diastolic"));
    let is_pressure = !systolic.is_empty() && !diastolic.is_empty();
    let found = words::FOUND.iter().map(|it| it.0).find(|it| *it == value("found")).unwrap_or(words::UNSAID);
    let notes: Vec<&str> = done.iter().filter_map(|it| it["note"].as_str()).filter(|it| !it.is_empty()).collect();
    let day: Option<Date> = body["day"].as_str().and_then(|it| it.parse().ok());
    let draft = visit::Draft {
        day,
        found: found.to_string(),
        pressure: is_pressure.then_some((systolic, diastolic)),
        note: notes.join("; "),
        who: body["carer"].as_str().unwrap_or_default().to_string(),
        source: source(body),
        ..visit::Draft::default()
    };
    let ask = Ask::system(app, &region);
    match tx.attempt(|tx| visit::taken_from(tx, &ask, &region, &tasks, &draft)) {
        // A pressure that cannot be one does not undo the visit; it stands in its note.
        Err(Error::Invalid(_)) => {
            let (systolic, diastolic) = draft.pressure.clone().unwrap_or_default();
            let note = format!("{} {systolic}/{diastolic}", draft.note);
            let draft = visit::Draft { pressure: None, note: note.trim().to_string(), ..draft };
            visit::taken_from(tx, &ask, &region, &tasks, &draft)
        }
        other => other,
    }
}
