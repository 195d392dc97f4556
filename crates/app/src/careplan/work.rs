//! What plans put on the workbench and beside an elder, and what they hear from others.

use kit::{
    App, Ask, Id, Result, Role, Tx,
    events::Event,
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use rules::base::Date;
use serde_json::Value;

use super::{
    READ, WRITE, course, facts, given, list, marks,
    record::{self, Plan},
    words,
};
use crate::{
    assessment::{self, Programme},
    elders::{self, Key},
    visits,
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(WRITE) {
        return Ok(Vec::new());
    }
    let today = ask.today();
    let day = |it: Date| it.to_string();
    let count = |from: &str, to: &str| elders::count_due(tx, &ask.who.scope, course::DUE, from, to);
    let late = count("", &day(today))?;
    let soon = count(&day(today), &day(today.add_days(15)))?;
    let unsigned = list::PLANS.count(tx, ask, &[("state", "draft")])?;
    let without = list::WITHOUT.count(tx, ask, &[("tier", "1")])?;
    let lines = [
        (
            Urgency::Late,
            ["逾期未复评的照护计划", "看看目标达到没有,要不要改"],
            "/careplan?review=late",
            "clipboard2-pulse",
            late,
        ),
        (Urgency::Today, ["待签署的照护计划", "医生和老人或家属签署"], "/careplan?state=draft", "pen", unsigned),
        (Urgency::Soon, ["两周内该复评的照护计划", "安排复评"], "/careplan?review=month", "clipboard2-pulse", soon),
        (Urgency::Soon, ["有照护档次、还没有计划", "拟订照护计划"], "/careplan/without?tier=1", "person-plus", without),
    ];
    let due = |(urgency, said, link, icon, n)| Due::counted(ask, urgency, said, link, icon, n);
    Ok(lines.into_iter().filter_map(due).collect())
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.role == Role::Family {
        return Ok(Vec::new());
    }
    let value = match Where::of_people(&ask.who.scope) {
        Some(at) => tally::amount(tx, &marks::PLANNED, &at, ask.today())?,
        None => list::PLANS.count(tx, ask, &[("state", "in_force")])?,
    };
    Ok(vec![Figure {
        label: ask.t("有照护计划").to_string(),
        value,
        unit: ask.t("人").to_string(),
        note: ask.t("正在执行").to_string(),
        link: "/careplan?state=in_force".into(),
    }])
}

/// The plan at a glance, or the way to one.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let Some(it) = record::open(tx, &key)? else {
        let may = ask.may(WRITE) && elders::find(tx, &ask.who.scope, &key)?.is_living();
        let (title, link) = (ask.t("拟订照护计划").to_string(), format!("/careplan/new?elder={key}"));
        return Ok(if may { vec![Beside::Action { title, icon: "clipboard2-pulse", link }] } else { Vec::new() });
    };
    let state = ask.t(words::title(words::STATES, &it.state));
    let review = ask.f("复评日 {day}", &[("day", &it.review)]);
    Ok(vec![Beside::Fact {
        title: ask.t("照护计划").to_string(),
        text: ask.t(it.phase.title()).to_string(),
        note: format!("{state} · {review}"),
        link: it.link(),
    }])
}

/// A new level makes the next look due; death and moving end plans; of merged records one plan stays; visits count.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    match &*news.kind {
        assessment::EFFECTIVE => {
            let formal = Programme::parse(text("programme")).is_some_and(Programme::is_formal);
            if formal { assessed(app, tx, &text("elder").parse()?, text("valid_from")) } else { Ok(()) }
        }
        elders::DIED | elders::MOVED => {
            let reason = if news.kind == elders::DIED { "died" } else { "moved" };
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            end_of(tx, &ask, &key, text("day").parse().unwrap_or(ask.today()), reason)
        }
        elders::RETURNED if text("after") == "died" => not_died(app, tx, &text("elder").parse()?),
        elders::MERGED => merged(app, tx, &text("kept").parse()?, &text("lost").parse()?),
        elders::UNMERGED => unmerged(app, tx, &text("kept").parse()?, &text("lost").parse()?),
        visits::DONE | visits::UNDONE => visited(tx, news),
        _ => Ok(()),
    }
}

/// Keeps who has a tier, and makes the next look at a plan due where the level is another one than it rested on.
fn assessed(app: &App, tx: &Tx<'_>, key: &Key, since: &str) -> Result<()> {
    let ask = Ask::system(app, &key.region);
    let elder = elders::find(tx, &ask.who.scope, key)?;
    if let Some(it) = assessment::current(tx, key, Programme::Ability)?
        && let Some(tier) = facts::tier(&it)
    {
        tx.run(
            "insert into care_plan_subject (region, elder, tier, tier_name, level_name, since) values ($1, $2, $3, $4, $5, $6)
             on conflict (region, elder) do update set tier = excluded.tier, tier_name = excluded.tier_name,
               level_name = excluded.level_name, since = excluded.since",
            &[&key.region, &key.id, &i64::from(tier.code), &tier.name, &it.level_name, &since],
        )?;
    }
    let Some(mut plan) = record::open(tx, key)?.filter(Plan::is_in_force) else { return Ok(()) };
    let now = facts::gather(tx, &ask, &elder, &plan.wishes, Some(plan.phase))?;
    if (now.level, now.grade) == (plan.facts.level, plan.facts.grade) {
        return Ok(());
    }
    course::review_at_once(tx, &ask, &mut plan, &elder)
}

fn end_of(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date, reason: &'static str) -> Result<()> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    super::outside::promise(tx, key, "ltci", &[])?;
    let Some(mut plan) = record::open(tx, key)? else { return Ok(()) };
    course::end(tx, ask, &mut plan, &elder, &course::Ending { day, reason, note: "" })
}

/// A death that was noted by mistake: the plan it ended goes on.
fn not_died(app: &App, tx: &Tx<'_>, key: &Key) -> Result<()> {
    let ask = Ask::system(app, &key.region);
    let elder = elders::find(tx, &ask.who.scope, key)?;
    let last = record::of_elder(tx, key)?.into_iter().next();
    let Some(mut plan) = last.filter(|it| it.ended_reason == "died") else { return Ok(()) };
    reopen(&mut plan);
    record::store(tx, &plan)?;
    course::set_due(tx, &plan, &elder)?;
    marks::keep(tx, app, key)
}

/// As it was before it ended.
fn reopen(plan: &mut Plan) {
    plan.state = if plan.from.is_some() { "in_force" } else { "draft" }.to_string();
    (plan.until, plan.ended_reason) = (None, String::new());
}

/// The record that stays takes the other's plan over; where it has one of its own, that one stays.
fn merged(app: &App, tx: &Tx<'_>, kept: &Key, lost: &Key) -> Result<()> {
    let ask = Ask::system(app, &kept.region);
    if let Some(mut plan) = record::open(tx, lost)? {
        let elder = elders::find(tx, &ask.who.scope, kept)?;
        if record::open(tx, kept)?.is_some() {
            course::end(tx, &ask, &mut plan, &elder, &course::Ending { day: ask.today(), reason: "merged", note: "" })?;
        } else {
            plan.elder = kept.id;
            record::store(tx, &plan)?;
            course::set_due(tx, &plan, &elder)?;
        }
    }
    if let Some(plan) = record::open(tx, kept)? {
        course::set_due(tx, &plan, &elders::find(tx, &ask.who.scope, kept)?)?;
    }
    marks::keep(tx, app, lost)?;
    marks::keep(tx, app, kept)
}

/// What the merging moved or ended goes back.
fn unmerged(app: &App, tx: &Tx<'_>, kept: &Key, lost: &Key) -> Result<()> {
    let ask = Ask::system(app, &kept.region);
    let elder = elders::find(tx, &ask.who.scope, lost)?;
    let plans = record::of_elder(tx, kept)?.into_iter().chain(record::of_elder(tx, lost)?);
    for mut plan in plans.filter(|it| it.made_for == lost.id) {
        plan.elder = lost.id;
        if plan.ended_reason == "merged" {
            reopen(&mut plan);
        }
        record::store(tx, &plan)?;
        if plan.is_open() {
            course::set_due(tx, &plan, &elder)?;
        }
    }
    if record::open(tx, kept)?.is_none() {
        elders::clear_due(tx, kept, course::DUE)?;
    }
    marks::keep(tx, app, lost)?;
    marks::keep(tx, app, kept)
}

/// The purposes of a visit that are ours: `careplan:42/line:3@2026-03-02.1`.
fn visited(tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_string();
    let (visit, carer) = (text(&news.body, "visit"), text(&news.body, "carer"));
    for it in news.body["purposes"].as_array().into_iter().flatten() {
        let thing = text(it, "thing");
        let Some((plan, due)) = thing.strip_prefix("careplan:").and_then(|it| it.split_once('/')) else { continue };
        let Ok(id) = plan.parse() else { continue };
        let plan = record::by_key(tx, &Key { region: news.region.clone(), id })?;
        match (&*news.kind, text(&news.body, "day").parse()) {
            (visits::DONE, Ok(day)) => given::done(tx, &plan, due, &visit, day, &carer)?,
            (visits::DONE, Err(_)) => {}
            _ => given::undone(tx, &plan, due, &visit)?,
        }
    }
    Ok(())
}
