//! What checks put on the workbench and beside an elder, and do by night.

use kit::{
    App, Ask, Error, Id, Result, Tx,
    db::Bind,
    jobs::{Job, Running, Work},
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use serde_json::{Value, json};

use super::{INVITE, READ, WRITE, due, indicators, record};
use crate::elders::{self, AGED_65, Key};

pub fn due_lines(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    let today = ask.today().to_string();
    let mut add = |count: i64, urgency, title: &'static str, note: &'static str, link: String, icon| {
        if 0 < count {
            let (title, note) = (ask.t(title).to_string(), ask.t(note).to_string());
            all.push(Due { urgency, title, note, link, icon, count });
        }
    };
    if ask.may(INVITE) {
        let late = elders::count_due(tx, &ask.who.scope, due::KIND, "", &today)?;
        let link = "/healthcheck/due?when=late".to_string();
        add(late, Urgency::Late, "逾期未体检的老人", "打电话约来体检", link, "telephone");
        let month_ends = ask.today().last_of_month();
        let soon = elders::count_due(tx, &ask.who.scope, due::KIND, &today, &month_ends.add_days(1).to_string())?;
        let link = "/healthcheck/due?when=month".to_string();
        add(soon, Urgency::Soon, "本月到期的年度体检", "打电话约来体检", link, "calendar-event");
    }
    if ask.may(WRITE) {
        let urgent = count(tx, ask, "h.urgent = $? and h.state = 'open'", Box::new(true))?;
        let link = "/healthcheck?state=open&finding=urgent".to_string();
        add(urgent, Urgency::Wrong, "体检发现危急情况", "处理后转诊,并完成体检", link, "exclamation-triangle");
        let open = count(tx, ask, "h.state = $?", Box::new("open".to_string()))?;
        let link = "/healthcheck?state=open".to_string();
        add(open, Urgency::Today, "做了一半的体检", "补上缺的分项,完成体检", link, "clipboard2-pulse");
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
            "select count(*) from healthcheck h join elder e on e.region = h.region and e.id = h.elder
              where {scope} and e.state = 'living' and {condition}"
        ),
        &values,
    )
}

/// The managed rate of the scope.
pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.scope.persons.is_some() {
        return Ok(Vec::new());
    }
    let at = Where::of(&ask.who.scope);
    let managed = tally::amount(tx, &indicators::MANAGED_65, &at, ask.today())?;
    let all = tally::amount(tx, &AGED_65, &at, ask.today())?;
    Ok(vec![Figure {
        label: ask.t("本年度已健康管理").to_string(),
        value: managed,
        unit: ask.t("人").to_string(),
        note: ask.f("65 岁及以上 {n} 人的 {share}", &[("n", &all), ("share", &share(managed, all))]),
        link: "/healthcheck/rates".into(),
    }])
}

/// `67.1 %`; a dash where there is nobody.
pub fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_string();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// The last check at a glance, and the way to this year's.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    let last = record::last(tx, &key)?;
    if ask.may(WRITE) {
        let open = last.as_ref().filter(|it| !it.is_finished);
        let (title, link) = match open {
            Some(it) => ("继续体检", it.link()),
            None => ("健康体检", format!("/healthcheck/due/{key}")),
        };
        all.push(Beside::Action { title: ask.t(title).to_string(), icon: "clipboard2-pulse", link });
    }
    if let Some(it) = last {
        let text = match (it.is_finished, it.abnormal) {
            (false, _) => ask.t("进行中").to_string(),
            (true, 0) => ask.t("未见异常").to_string(),
            (true, n) => ask.f("{n} 项异常", &[("n", &n)]),
        };
        all.push(Beside::Fact {
            title: ask.t("年度体检").to_string(),
            text,
            note: it.day.to_string(),
            link: it.link(),
        });
    }
    Ok(all)
}

pub const JOBS: &[Work] =
    &[Work { kind: "healthcheck.due", title: "找出该体检的老人", run: night, every_minutes: Some(24 * 60) }];

fn night(app: App, _: Job) -> Running {
    Box::pin(async move {
        let counties = app.places.tree().counties(kit::place::NATION);
        let mut set = 0;
        for county in counties {
            set += elders::catch_up_due(&app, &county, &due::OF_AGE).await?;
        }
        Ok::<Value, Error>(json!({"set": set}))
    })
}
