//! What assessments put on the workbench and beside an elder, do by night, and hear from others.

use kit::{
    App, Ask, Id, Result, Tx,
    db::Bind,
    events::Event as News,
    jobs::{Job, Running, Work},
    module::{Beside, Due, Urgency},
};
use rules::assessment_course::{Event, State};
use serde_json::{Value, json};

use super::{
    APPLY, ASSESS, HANDLE, READ, REVIEW, Tier, apply, course, effect,
    record::{self, Assessment, Programme, find_held},
};
use crate::elders::{self, Key};

/// One line: how many assessments of the reader's scope fit a condition, where `$?` is the value.
struct Line {
    urgency: Urgency,
    title: &'static str,
    note: &'static str,
    link: &'static str,
    icon: &'static str,
    condition: &'static str,
    value: Box<dyn Bind + Send>,
}

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let today = ask.today().to_string();
    let text = |it: &str| -> Box<dyn Bind + Send> { Box::new(it.to_string()) };
    let mut lines = Vec::new();
    let mut add = |may: bool, urgency, title, note, link, icon, condition, value| {
        if may {
            lines.push(Line { urgency, title, note, link, icon, condition, value });
        }
    };
    let handles = ask.may(HANDLE);
    add(
        handles,
        Urgency::Today,
        "待审核的评估申请",
        "核对材料,受理、退补或不予受理",
        "/assessment?state=submitted",
        "list-check",
        "a.state = $?",
        text("submitted"),
    );
    add(
        handles,
        Urgency::Today,
        "待派单的评估",
        "指派两名评估员",
        "/assessment?state=awaiting_dispatch",
        "send",
        "a.state = $?",
        text("awaiting_dispatch"),
    );
    add(
        handles,
        Urgency::Today,
        "待处理的异议",
        "安排复评或维持原结论",
        "/assessment?state=objected",
        "flag",
        "a.state = $?",
        text("objected"),
    );
    add(
        handles,
        Urgency::Late,
        "超过办结期限的评估",
        "请尽快办结",
        "/assessment?work=overdue",
        "stopwatch",
        "a.due_day < $? and a.state in ('awaiting_dispatch', 'assessing', 'awaiting_second_signature')",
        text(&today),
    );
    add(
        ask.may(REVIEW),
        Urgency::Today,
        "待复核的评估",
        "核对结果和签名",
        "/assessment?state=awaiting_second_signature",
        "clipboard-check",
        "a.state = $?",
        text("awaiting_second_signature"),
    );
    add(
        handles,
        Urgency::Soon,
        "公示中的结论",
        "公示期满自动生效",
        "/assessment?state=on_notice",
        "megaphone",
        "a.state = $?",
        text("on_notice"),
    );
    let soon = ask.today().add_days(60).to_string();
    add(
        handles,
        Urgency::Soon,
        "两个月内到期的评估结论",
        "安排重新评估",
        "/assessment/due?within=60",
        "calendar-event",
        "a.state = 'effective' and a.superseded_by is null and a.valid_until < $? and e.state = 'living'",
        text(&soon),
    );
    add(
        handles,
        Urgency::Late,
        "已到期未重评的结论",
        "安排重新评估",
        "/assessment/due?within=0",
        "calendar-event",
        "a.state = $? and a.superseded_by is null and e.state = 'living'",
        text("expired"),
    );
    let mut all = Vec::new();
    for line in lines {
        let count = count(tx, ask, line.condition, line.value)?;
        if 0 < count {
            all.push(Due {
                urgency: line.urgency,
                title: ask.t(line.title).to_string(),
                note: ask.t(line.note).to_string(),
                link: line.link.to_string(),
                icon: line.icon,
                count,
            });
        }
    }
    if ask.may(ASSESS) {
        all.extend(mine(tx, ask)?);
    }
    Ok(all)
}

fn count(tx: &Tx<'_>, ask: &Ask, condition: &str, value: Box<dyn Bind + Send>) -> Result<i64> {
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    values.push(value);
    let condition = condition.replace("$?", &format!("${}", values.len()));
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from assessment a join elder e on e.region = a.region and e.id = a.elder
              where {scope} and ({condition})"
        ),
        &values,
    )
}

/// The assessments somebody is sent to, one line each.
fn mine(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let today = ask.today().to_string();
    let mut values: Vec<Box<dyn Bind + Send>> = vec![Box::new(ask.who.account)];
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = |assessor: &str| {
        format!(
            "select a.region, a.id, e.name, coalesce(a.planned_day, ''), a.planned_time, a.programme, e.place, a.applied
               from assessment a join elder e on e.region = a.region and e.id = a.elder
              where a.{assessor} = $1 and a.state = 'assessing' and {scope} order by a.planned_day, a.id limit 50"
        )
    };
    let mut all = Vec::new();
    for assessor in ["assessor_1", "assessor_2"] {
        all.extend(tx.rows(&sql(assessor), &values, |row| {
            let key = Key { region: row.get(0)?, id: row.get(1)? };
            let (name, day, time): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let (programme, place): (String, String) = (row.get(5)?, row.get(6)?);
            let urgency = match (&*day, &*today) {
                ("", _) => Urgency::Today,
                (day, today) if day < today => Urgency::Late,
                (day, today) if day == today => Urgency::Today,
                _ => Urgency::Soon,
            };
            let title = Programme::parse(&programme).map_or("", apply::title_of);
            Ok(Due {
                urgency,
                title: format!("{name} {}", ask.t(title)),
                note: format!("{} · {day} {time}", ask.app.places.tree().words(&place)),
                link: format!("/assessment/{key}/answers"),
                icon: "clipboard2-pulse",
                count: 1,
            })
        })?);
    }
    Ok(all)
}

/// What stands beside an elder: the conclusions in force, and the way to a new assessment.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let mut all = Vec::new();
    let key = Key { region: region.to_string(), id: person };
    if ask.may(APPLY) {
        let (title, link) = (ask.t("新建评估").to_string(), format!("/assessment/new?elder={key}"));
        all.push(Beside::Action { title, icon: "clipboard-check", link });
    }
    if !ask.may(READ) {
        return Ok(all);
    }
    for it in record::of_elder(tx, &key)? {
        let counts = it.programme.is_formal() && it.is_in_force() && it.superseded_by.is_none();
        if !counts {
            continue;
        }
        let until = it.valid_until.map(|it| it.to_string()).unwrap_or_default();
        all.push(Beside::Fact {
            title: ask.t(apply::title_of(it.programme)).to_string(),
            text: level_in(ask, &it),
            note: ask.f("有效至 {day}", &[("day", &until)]),
            link: it.link(),
        });
        if let Some(tier) = it.tier.as_deref().and_then(|it| serde_json::from_str::<Tier>(it).ok()) {
            let english = ask.lang == kit::Lang::En;
            let reasons: Vec<&str> = tier.reasons.iter().map(|it| if english { &*it.1 } else { &*it.0 }).collect();
            all.push(Beside::Fact {
                title: ask.t("照护档次").to_string(),
                text: ask.t(&tier.name).to_string(),
                note: reasons.join(ask.t(";")),
                link: it.link(),
            });
        }
    }
    Ok(all)
}

/// The result in the reader's language.
pub fn level_in(ask: &Ask, it: &Assessment) -> String {
    match it.result.as_ref().and_then(|it| it.level.as_ref()) {
        Some(level) => level.name_in(ask.lang).to_string(),
        None => ask.t(&it.level_name).to_string(),
    }
}

pub const JOBS: &[Work] =
    &[Work { kind: "assessment.night", title: "推进评估公示与有效期", run: night, every_minutes: Some(60) }];

/// Lets notices that have ended take effect, and validities that have ended expire.
fn night(app: App, _: Job) -> Running {
    Box::pin(async move {
        let today = app.clock.today().to_string();
        let ended = due_for(&app, "state = 'on_notice' and notice_until < $1", &today).await?;
        let expired = due_for(&app, "state = 'effective' and valid_until < $1", &today).await?;
        let (mut done, mut failed) = (0, Vec::new());
        for key in ended.into_iter().chain(expired) {
            let (app_too, for_write) = (app.clone(), key.clone());
            // One that cannot go on, for want of a policy for instance, does not hold up the others.
            match app.db.write(move |tx| step(tx, &app_too, &for_write)).await {
                Ok(()) => done += 1,
                Err(e) => {
                    tracing::error!("assessment {key}: {e}");
                    failed.push(json!({"assessment": key, "why": e.to_string()}));
                }
            }
        }
        Ok::<Value, kit::Error>(json!({"done": done, "failed": failed}))
    })
}

async fn due_for(app: &App, condition: &'static str, today: &str) -> Result<Vec<Key>> {
    let today = today.to_string();
    app.db
        .read(move |tx| {
            tx.rows(
                &format!("select region, id from assessment where {condition} order by region, id limit 20000"),
                &[&today],
                |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }),
            )
        })
        .await
}

fn step(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let ask = Ask::system(app, &key.region);
    let (mut it, elder) = find_held(tx, &ask.who.scope, key)?;
    let today = ask.today();
    match (it.state, it.notice_until, it.valid_until) {
        (State::OnNotice, Some(until), _) if until < today => {
            course::advance(tx, &ask, &mut it, &[Event::EndNotice], "")?;
            effect::take_effect(tx, &ask, &mut it, &elder, until.add_days(1))
        }
        (State::Effective, _, Some(until)) if until < today => effect::expire(tx, &ask, &mut it, &elder),
        _ => Ok(()),
    }
}

/// Death and moving away end what is under way and what is in force.
pub fn listen(app: &App, tx: &Tx<'_>, news: &News) -> Result<()> {
    let why = match &*news.kind {
        elders::DIED => "老人去世",
        elders::MOVED => "老人迁出",
        _ => return Ok(()),
    };
    let key: Key = news.body["elder"].as_str().unwrap_or_default().parse()?;
    effect::end_all(tx, &Ask::system(app, &key.region), &key, why)
}
