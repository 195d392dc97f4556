//! What follows from the evidence of a visit: its state, its checks, and what it writes elsewhere, each once and with one payer.

use kit::{Ask, Error, Id, Result, Tx, digest, events, form::Input};
use rules::{
    contracting::Service,
    visit::{Check, Verdict},
};
use serde_json::{Value, json};

use super::{
    BEGUN, DONE, MISSED, UNDONE, correction,
    event::{self, Event},
    forms, proof,
    record::{self, Purpose, Task, Visit},
    told::Told,
    words,
};
use crate::{
    chronic, contracting,
    elders::{self, Elder, Report, Tone},
    tariff, workforce,
};

/// Judges visits anew, each held.
pub fn judge_all(tx: &Tx<'_>, ask: &Ask, region: &str, ids: Vec<Id>) -> Result<()> {
    for id in ids {
        let key = elders::Key { region: region.to_string(), id };
        record::hold(tx, &key)?;
        let mut it = record::by_key(tx, &key)?;
        judge(tx, ask, &mut it)?;
    }
    Ok(())
}

/// Judges a visit anew by all its events, and brings what depends on it up to that. Whoever calls it holds the visit.
pub fn judge(tx: &Tx<'_>, ask: &Ask, it: &mut Visit) -> Result<()> {
    let events = event::of_visit(tx, ask, &it.key)?;
    let told = Told::of(&events);
    if it.state == "cancelled" && told.began.is_none() && told.missed.is_none() {
        return Ok(());
    }
    it.began = told.began.clone();
    it.ended = told.ended.clone();
    for one in correction::confirmed(tx, &it.key)? {
        match Check::parse(&one.field) {
            Some(Check::Begin) if !one.after.is_empty() => it.began = Some(one.after),
            Some(Check::End) if !one.after.is_empty() => it.ended = Some(one.after),
            _ => {}
        }
    }
    it.next_day = told.next;
    keep_tasks(tx, it, &told.tasks)?;
    let was_planned = it.state == "planned";
    match (&told.missed, it.ended.is_some()) {
        (Some(reason), false) => {
            it.state = "missed".into();
            it.reason = [words::title(words::MISSED, reason), &told.note].join(" ").trim().to_string();
        }
        (_, true) => it.state = "done".into(),
        (None, false) if it.began.is_some() => it.state = "under_way".into(),
        _ => {}
    }
    if it.state == "under_way" && was_planned {
        begun(tx, ask, it, &told)?;
    }
    if it.state != "done" {
        take_back(tx, ask, it)?;
        if it.state == "missed" && it.outcome != "missed" {
            it.outcome = "missed".into();
            let report =
                Report::new("visits", "上门未服务成:{why}").with("why", &it.reason).link(it.link()).tone(Tone::Warn);
            elders::report(tx, ask.now, &it.elder_key(), &report)?;
            let body = json!({"visit": it.key, "elder": it.elder_key(), "reason": it.reason});
            events::send(tx, &it.key.region, MISSED, &body, ask.now)?;
        }
        return record::store(tx, ask, it);
    }
    let purposes = record::purposes(tx, &it.key)?;
    it.verdict = match proof::of(tx, ask, it, &told, &purposes)? {
        Ok(outcome) => {
            keep_checks(tx, it, &outcome)?;
            outcome.verdict.word().to_string()
        }
        // Without limits nothing can be said to be proved.
        Err(_) => Verdict::Incomplete.word().to_string(),
    };
    let outcome = digest::of(
        json!({
            "began": it.began, "ended": it.ended, "verdict": it.verdict, "staff": [it.staff, it.second],
            "tasks": told.tasks.iter().map(|it| json!([it.service, it.done, it.reason, it.answers, it.note])).collect::<Vec<_>>(),
        })
        .to_string(),
    );
    if it.outcome != outcome {
        take_back(tx, ask, it)?;
        it.outcome = outcome;
        write(tx, ask, it, &told.tasks, &purposes)?;
    }
    record::store(tx, ask, it)
}

/// News that somebody is at the door, with what the place checks say so far.
fn begun(tx: &Tx<'_>, ask: &Ask, it: &Visit, told: &Told) -> Result<()> {
    let found = proof::of(tx, ask, it, told, &record::purposes(tx, &it.key)?)?;
    let place = found.ok().and_then(|it| it.checks.iter().find(|one| one.0 == Check::Place).map(|one| one.1.word()));
    let body = json!({"visit": it.key, "elder": it.elder_key(), "began": it.began, "staff": it.staff,
                      "by_phone": told.by_phone, "place": place.unwrap_or("unknown")});
    events::send(tx, &it.key.region, BEGUN, &body, ask.now)?;
    Ok(())
}

fn keep_tasks(tx: &Tx<'_>, it: &Visit, tasks: &[Task]) -> Result<()> {
    tx.run("delete from visit_task where region = $1 and visit = $2", &[&it.key.region, &it.key.id])?;
    for one in tasks {
        tx.run(
            "insert into visit_task (region, visit, service, done, reason, answers, note) values ($1, $2, $3, $4, $5, $6, $7)",
            &[
                &it.key.region,
                &it.key.id,
                &one.service,
                &one.done,
                &one.reason,
                &Value::Object(one.answers.clone()).to_string(),
                &one.note,
            ],
        )?;
    }
    Ok(())
}

fn keep_checks(tx: &Tx<'_>, it: &Visit, outcome: &rules::visit::Outcome) -> Result<()> {
    tx.run("delete from visit_check where region = $1 and visit = $2", &[&it.key.region, &it.key.id])?;
    for (check, finding, text) in &outcome.checks {
        tx.run(
            "insert into visit_check (region, visit, name, finding, zh, en) values ($1, $2, $3, $4, $5, $6)",
            &[&it.key.region, &it.key.id, &check.word(), &finding.word(), &text.zh, &text.en],
        )?;
    }
    Ok(())
}

/// Writes what a visit is for: health record, contract, payers; and tells the other modules.
fn write(tx: &Tx<'_>, ask: &Ask, it: &Visit, tasks: &[Task], purposes: &[Purpose]) -> Result<()> {
    let scope = kit::Scope::of(&ask.app.places.tree(), &it.key.region);
    let elder = elders::find(tx, &scope, &it.elder_key())?;
    let carer = carers(tx, it)?;
    for task in tasks.iter().filter(|it| it.done) {
        let written = tx.attempt(|tx| health(tx, ask, it, &elder, task));
        match written {
            Ok(Some((kind, id))) => put_written(tx, it, kind, &id.to_string(), "")?,
            Ok(None) => {}
            Err(e) => put_written(tx, it, "refused", &task.service, &said(ask, e)?)?,
        }
        if let Some(service) = Service::parse(&task.service).filter(|one| *one != Service::FollowUp) {
            let source = served(it, &task.service);
            let served = contracting::Done { service, day: it.day, source: &source, who: &carer, note: &task.note };
            if contracting::done(tx, &ask.app, &elder.key, &served)?.is_some() {
                put_written(tx, it, "contract", &task.service, "")?;
            }
        }
    }
    for one in purposes.iter().filter(|one| !one.payer.is_empty() && one.payer != "self") {
        if !tasks.iter().any(|task| task.done && task.service == one.service) {
            continue;
        }
        let event = source(it);
        let basis = words::title(words::PROGRAMMES, &one.programme);
        let claim = tariff::Claim { event: &event, service: &one.service, payer: &one.payer, day: it.day, basis };
        match tx.attempt(|tx| tariff::claim_payer(tx, ask, &elder.key, &claim)) {
            Ok(()) => put_written(tx, it, "payer", &one.service, &one.payer)?,
            Err(e) => put_written(tx, it, "refused", &one.service, &said(ask, e)?)?,
        }
    }
    let report = Report::new("visits", "上门服务 {minutes} 分钟:{carer}")
        .with("minutes", minutes(it))
        .with("carer", &carer)
        .link(it.link())
        .tone(if it.verdict == "verified" { Tone::Ok } else { Tone::Warn });
    elders::report(tx, ask.now, &elder.key, &report)?;
    let mut body = news(ask, it, &carer, tasks, purposes);
    let proved: Vec<String> = checks(tx, it)?.into_iter().filter(|it| it.1 == "passed").map(|it| it.0).collect();
    let home = super::home::of(tx, &it.elder_key())?;
    body["proved"] = json!(proved);
    body["place"] = json!(home.at.map(|at| json!({"latitude": at.latitude, "longitude": at.longitude})));
    events::send(tx, &it.key.region, DONE, &body, ask.now)?;
    Ok(())
}

/// A refusal in words; what is our own fault stays an error.
fn said(ask: &Ask, e: Error) -> Result<String> {
    match e {
        Error::Invalid(all) => Ok(all.iter().map(|it| it.said.in_lang(kit::Lang::Zh)).collect::<Vec<_>>().join("；")),
        Error::Refused(it) => Ok(it.why.in_lang(kit::Lang::Zh)),
        Error::NotFound => Ok(ask.t("没有找到").to_string()),
        other => Err(other),
    }
}

/// `visit:42`: by what other records know this visit.
pub fn source(it: &Visit) -> String {
    format!("visit:{}", it.key.id)
}

/// By what a contract knows one service of this visit.
fn served(it: &Visit, service: &str) -> String {
    format!("{}:{service}", source(it))
}

/// What was measured goes to the health record: as a follow-up where one is due of this service, else as measurements.
fn health(tx: &Tx<'_>, ask: &Ask, it: &Visit, elder: &Elder, task: &Task) -> Result<Option<(&'static str, Id)>> {
    let form = forms::form("follow_up").expect("the form of follow-ups");
    let names = form.fields.iter().map(|it| it.name).chain(["temperature", "height", "waist"]);
    let pairs = names.filter_map(|name| {
        let text = task.answers.get(name).map(forms::plain)?;
        (!text.is_empty()).then(|| (name.to_string(), text))
    });
    let mut input = Input::from_pairs(pairs);
    if input.names().next().is_none() {
        return Ok(None);
    }
    if task.service == Service::FollowUp.word() && chronic::is_followed_on(tx, &elder.key, it.day)? {
        input.set("day", it.day.to_string());
        input.set("mode", "home");
        let taken = chronic::take_visit(tx, ask, elder, &input)?;
        return Ok(Some(("follow_up", taken.id)));
    }
    let kept = chronic::keep_measures(tx, ask, elder, it.day, &input, "visit")?;
    Ok(kept.map(|id| ("measure", id)))
}

fn put_written(tx: &Tx<'_>, it: &Visit, kind: &str, thing: &str, said: &str) -> Result<()> {
    tx.run(
        "insert into visit_written (region, visit, kind, thing, said) values ($1, $2, $3, $4, $5)
         on conflict (region, visit, kind, thing) do update set said = excluded.said",
        &[&it.key.region, &it.key.id, &kind, &thing, &said],
    )?;
    Ok(())
}

/// What a visit wrote: (kind, thing, what was said).
pub fn written(tx: &Tx<'_>, it: &Visit) -> Result<Vec<(String, String, String)>> {
    tx.rows(
        "select kind, thing, said from visit_written where region = $1 and visit = $2 order by kind, thing",
        &[&it.key.region, &it.key.id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Takes back what was written for an outcome that is no longer so.
fn take_back(tx: &Tx<'_>, ask: &Ask, it: &mut Visit) -> Result<()> {
    if it.outcome.is_empty() || it.outcome == "missed" {
        return Ok(());
    }
    let scope = kit::Scope::of(&ask.app.places.tree(), &it.key.region);
    let elder = elders::find(tx, &scope, &it.elder_key())?;
    let reason = ask.t("上门记录已更正").to_string();
    for (kind, thing, _) in written(tx, it)? {
        match &*kind {
            "follow_up" => {
                let input = Input::from_pairs([("reason".to_string(), reason.clone())]);
                let id: Id = thing.parse().map_err(Error::internal)?;
                // Somebody may have made it void by hand already.
                match tx.attempt(|tx| chronic::void_visit(tx, ask, &elder, id, &input)) {
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(other) => return Err(other),
                }
            }
            "measure" => chronic::take_measures_back(tx, ask, &elder, thing.parse().map_err(Error::internal)?)?,
            "payer" => {
                tariff::release_payer(tx, ask, &elder.key, &source(it), &thing, it.day, &reason)?;
            }
            "contract" => contracting::undone(tx, &ask.app, &elder.key, &served(it, &thing))?,
            _ => {}
        }
    }
    tx.run("delete from visit_written where region = $1 and visit = $2", &[&it.key.region, &it.key.id])?;
    let purposes = record::purposes(tx, &it.key)?;
    let body = json!({
        "visit": it.key, "elder": it.elder_key(), "day": it.day.to_string(), "organisation": it.organisation,
        "outcome": short(it), "purposes": purposes_json(&purposes),
    });
    events::send(tx, &it.key.region, UNDONE, &body, ask.now)?;
    it.outcome = String::new();
    Ok(())
}

fn purposes_json(all: &[Purpose]) -> Vec<Value> {
    all.iter()
        .map(|it| json!({"programme": it.programme, "thing": it.thing, "service": it.service, "payer": it.payer}))
        .collect()
}

/// Whole minutes from begin to end.
pub fn minutes(it: &Visit) -> i64 {
    let at = |stored: &Option<String>| stored.as_deref().and_then(|it| it.parse::<jiff::Timestamp>().ok());
    at(&it.began).zip(at(&it.ended)).map_or(0, |(began, ended)| ended.duration_since(began).as_mins().max(0))
}

fn carers(tx: &Tx<'_>, it: &Visit) -> Result<String> {
    let mut names = Vec::new();
    for id in it.staff_ids() {
        names.push(workforce::staff_by_key(tx, &elders::Key { region: it.key.region.clone(), id })?.name);
    }
    Ok(names.join("、"))
}

fn news(ask: &Ask, it: &Visit, carer: &str, tasks: &[Task], purposes: &[Purpose]) -> Value {
    let title = |service: &str| {
        let programme = purposes.iter().find(|one| one.service == service).map_or("visit", |one| &*one.programme);
        forms::service(ask, &it.key.region, it.day, service, programme).title
    };
    let tasks: Vec<Value> = tasks
        .iter()
        .map(|one| {
            json!({"service": one.service, "title": title(&one.service), "done": one.done, "reason": one.reason,
                   "values": one.answers, "note": one.note})
        })
        .collect();
    json!({
        "visit": it.key, "elder": it.elder_key(), "day": it.day.to_string(), "began": it.began, "ended": it.ended,
        "minutes": minutes(it), "staff": it.staff_ids().collect::<Vec<_>>(), "carer": carer, "organisation": it.organisation,
        "verdict": it.verdict, "outcome": short(it), "purposes": purposes_json(purposes), "tasks": tasks,
    })
}

/// By what one outcome of a visit differs from another.
fn short(it: &Visit) -> String {
    it.outcome.chars().take(6).collect()
}

/// What the events of a visit tell, for its page.
pub fn told(tx: &Tx<'_>, ask: &Ask, it: &Visit) -> Result<(Vec<Event>, Told)> {
    let events = event::of_visit(tx, ask, &it.key)?;
    let told = Told::of(&events);
    Ok((events, told))
}

/// The checks of a visit in the order of pages: (word, finding, Chinese, English).
pub fn checks(tx: &Tx<'_>, it: &Visit) -> Result<Vec<(String, String, String, String)>> {
    let mut all = tx.rows(
        "select name, finding, zh, en from visit_check where region = $1 and visit = $2 order by name",
        &[&it.key.region, &it.key.id],
        |row| Ok((row.get::<String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    all.sort_by_key(|it| Check::WORDS.iter().position(|one| one.0 == it.0));
    Ok(all)
}
