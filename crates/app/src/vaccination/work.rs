//! What vaccination puts on the workbench and beside an elder, does by night, and hears from others.

use kit::{
    App, Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::Bind,
    events::Event,
    jobs::{Job, Running, Work},
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use serde_json::{Value, json};

use super::{READ, WRITE, dose, invitation, marks, schedule};
use crate::elders::{self, Key};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    let mut add = |n: i64, urgency, title: &str, note: &str, link: &str| {
        all.extend(Due::counted(ask, urgency, [title, note], link, "bandaid", n));
    };
    let now = stamp(ask.now);
    let open =
        "select count(*) from vaccination_event v join elder e on e.region = v.region and e.id = v.elder where {scope}";
    let late = count(tx, ask, open, "v.reported is null and v.report_until < $?", &now)?;
    add(late, Urgency::Wrong, "超过时限未报告的接种反应", "立即报告", "/vaccination/reactions?state=open");
    let waiting = count(tx, ask, open, "v.reported is null and v.report_until >= $?", &now)?;
    add(waiting, Urgency::Today, "待报告的接种反应", "在时限内报告", "/vaccination/reactions?state=open");
    let invited = invited(tx, ask)?;
    add(invited, Urgency::Soon, "免费疫苗应种未种", "邀请老人接种", "/vaccination?work=now");
    Ok(all)
}

fn invited(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    if let Some(at) = Where::of_people(&ask.who.scope) {
        return tally::amount(tx, &marks::TO_VACCINATE, &at, ask.today());
    }
    count(
        tx,
        ask,
        "select count(*) from vaccination_invitation v join elder e on e.region = v.region and e.id = v.elder where {scope}",
        "e.state = 'living' and v.day <= $? and v.state not in ('forbidden', 'complete')",
        &ask.today().to_string(),
    )
}

/// How many rows of the reader's scope fit a condition, where `$?` is the value; `counting` has a gap for the scope.
fn count(tx: &Tx<'_>, ask: &Ask, counting: &str, condition: &str, value: &str) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    values.push(Box::new(value.to_string()));
    let condition = condition.replace("$?", &format!("${}", values.len()));
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(&format!("{} and {condition}", counting.replace("{scope}", &scope)), &values)
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    Ok(vec![Figure {
        label: ask.t("免费疫苗待接种").to_string(),
        value: invited(tx, ask)?,
        unit: ask.t("人次").to_string(),
        note: String::new(),
        link: "/vaccination?work=now".into(),
    }])
}

/// Beside an elder: the last dose, and the way to the next.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) || schedule::offered(ask, region).is_empty() {
        return Ok(all);
    }
    if ask.may(WRITE) {
        all.push(Beside::Action { title: ask.t("接种").to_string(), icon: "bandaid", link: dose::link(&key) });
    }
    if let Some(last) = dose::last(tx, &key)? {
        all.push(Beside::Fact {
            title: ask.t("最近接种").to_string(),
            text: schedule::name(ask, region, &last.vaccine),
            note: last.day.to_string(),
            link: dose::link(&key),
        });
    }
    Ok(all)
}

pub const JOBS: &[Work] =
    &[Work {
        kind: "vaccination.invite", title: "更新接种邀请名单", run: invite, every_minutes: Some(24 * 60)
    }];

/// Invites who came of age or into the register since the last night, in every county.
fn invite(app: App, _: Job) -> Running {
    Box::pin(async move {
        let counties = app.places.tree().counties(kit::place::NATION);
        let mut invited = 0;
        for county in &counties {
            invited += invitation::fill(&app, county).await?;
        }
        Ok::<Value, Error>(json!({"invited": invited}))
    })
}

/// Death and moving away end what is due.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    if news.kind != elders::DIED && news.kind != elders::MOVED {
        return Ok(());
    }
    let key: Key = news.body["elder"].as_str().unwrap_or_default().parse()?;
    invitation::end(tx, app, &key)
}
