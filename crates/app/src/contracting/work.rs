//! What contracting puts on the workbench and beside an elder, and what it hears from others.

use kit::{
    App, Ask, Id, Result, Tx,
    db::Bind,
    events::Event,
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Count, Where},
};
use rules::{base::Date, contracting::Service};

use super::{
    READ, SIGN, contract, course, list, marks,
    promise::{self, Done},
};
use crate::{
    assessment::{self, Programme},
    elders::{self, Key},
    healthcheck, workforce,
};

/// What any module may send when a service was given: `{elder, service, day, source, who, note}`.
pub const SERVED: &str = "contracting.served";

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if !ask.may(SIGN) || ask.who.role == kit::Role::Family {
        return Ok(all);
    }
    let lines = [
        (
            Urgency::Late,
            "签而不约",
            "签约后很久没有任何服务",
            "/contracting?state=idle",
            "clock-history",
            count(tx, ask, "idle", &marks::NOT_KEPT)?,
        ),
        (
            Urgency::Soon,
            "可以续签",
            "到期前续签,不断档",
            "/contracting?state=renewable",
            "arrow-repeat",
            count(tx, ask, "renewable", &marks::TO_RENEW)?,
        ),
        (
            Urgency::Soon,
            "应签未签",
            "应签尽签人群里还没有签约的老人",
            "/contracting/unsigned",
            "person-plus",
            unsigned(tx, ask)?,
        ),
    ];
    for (urgency, title, note, link, icon, n) in lines {
        all.extend(Due::counted(ask, urgency, [title, note], link, icon, n));
    }
    Ok(all)
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.role == kit::Role::Family {
        return Ok(Vec::new());
    }
    Ok(vec![Figure {
        label: ask.t("签约老人").to_string(),
        value: count(tx, ask, "running", &marks::RUNNING)?,
        unit: ask.t("人").to_string(),
        note: ask.t("今天签约有效").to_string(),
        link: "/contracting?state=running".into(),
    }])
}

/// How many contracts of the reader's scope stand so: as kept, or where that is finer than what is kept, counted.
fn count(tx: &Tx<'_>, ask: &Ask, state: &str, kept: &Count) -> Result<i64> {
    if let Some(at) = Where::of_people(&ask.who.scope) {
        return tally::amount(tx, kept, &at, ask.today());
    }
    let Some((condition, value)) = list::standing(ask, state) else { return Ok(0) };
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    values.push(value);
    let condition = condition.replace("$?", &format!("${}", values.len()));
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from contract c join elder e on e.region = c.region and e.id = c.elder where {scope} and ({condition})"
        ),
        &values,
    )
}

fn unsigned(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    match Where::of_people(&ask.who.scope) {
        Some(at) => marks::unsigned(tx, &at, ask.today()),
        None => Ok(list::UNSIGNED.page(tx, &list::unsigned_asked(ask), 1)?.total),
    }
}

/// What stands beside an elder: the contract that runs, or the way to sign.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let contracts = contract::of_elder(tx, &key)?;
    let Some(it) = contracts.iter().rev().find(|it| ask.today() < it.until) else {
        let may = ask.may(SIGN) && elders::find(tx, &ask.who.scope, &key)?.is_living();
        let (title, link) = (ask.t("签约").to_string(), format!("/contracting/new?elder={key}"));
        return Ok(if may { vec![Beside::Action { title, icon: "pen", link }] } else { Vec::new() });
    };
    let team = workforce::team_by_key(tx, &it.team_key())?.name;
    let kept = ask.f("已履约 {done}/{promised} 次", &[("done", &it.done), ("promised", &it.promised)]);
    let until = ask.f("有效至 {day}", &[("day", &it.last_day())]);
    Ok(vec![Beside::Fact {
        title: ask.t("家庭医生").to_string(),
        text: team,
        note: format!("{} · {until} · {kept}", it.package_titles(ask)),
        link: it.link(),
    }])
}

/// Death and moving away end contracts; services of other modules count.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    let day = |name: &str| text(name).parse::<Date>();
    match &*news.kind {
        elders::DIED | elders::MOVED => {
            let reason = if news.kind == elders::DIED { "died" } else { "moved" };
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            let day = day("day").unwrap_or(ask.today());
            course::end_all(tx, &ask, &key, day, reason)
        }
        // Self-care and constitution are parts of services that their own modules tell of.
        assessment::EFFECTIVE if text("programme") == Programme::PublicHealth.word() => Ok(()),
        assessment::EFFECTIVE => {
            let Ok(day) = day("valid_from") else { return Ok(()) };
            let key: Key = text("elder").parse()?;
            let source = format!("assessment:{}", text("assessment"));
            let served = Done { service: Service::Assessment, day, source: &source, who: "", note: text("level_name") };
            promise::done(tx, app, &key, &served).map(|_| ())
        }
        healthcheck::FINISHED => {
            let Ok(day) = day("day") else { return Ok(()) };
            let key: Key = text("elder").parse()?;
            let source = format!("healthcheck:{}", text("healthcheck"));
            let served = Done { service: Service::HealthCheck, day, source: &source, who: "", note: "" };
            promise::done(tx, app, &key, &served).map(|_| ())
        }
        SERVED => {
            let (Ok(day), Some(service)) = (day("day"), Service::parse(text("service"))) else { return Ok(()) };
            let key: Key = text("elder").parse()?;
            let served = Done { service, day, source: text("source"), who: text("who"), note: text("note") };
            promise::done(tx, app, &key, &served).map(|_| ())
        }
        _ => Ok(()),
    }
}
