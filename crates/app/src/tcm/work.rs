//! What Chinese medicine puts on the workbench and beside an elder, and does by night.

use kit::{
    App, Ask, Error, Id, Result, Tx,
    db::Bind,
    jobs::{Job, Running, Work},
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use serde_json::{Value, json};

use super::{READ, WRITE, due, indicators, record};
use crate::elders::{self, Key};

pub fn due_lines(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(WRITE) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    let mut add = |count: i64, urgency, title: &'static str, note: &'static str, link: &str, icon| {
        if 0 < count {
            let (title, note) = (ask.t(title).to_string(), ask.t(note).to_string());
            all.push(Due { urgency, title, note, link: link.to_string(), icon, count });
        }
    };
    let tie = count(tx, ask, "tie")?;
    add(tie, Urgency::Today, "体质得分并列", "由中医师判定主次", "/tcm?state=tie", "flower1");
    let odd = count(tx, ask, "contradictory")?;
    add(odd, Urgency::Wrong, "体质结果矛盾", "与老人核对答案后重做", "/tcm?state=contradictory", "flower1");
    let today = ask.today().to_string();
    let late = elders::count_due(tx, &ask.who.scope, due::KIND, "", &today)?;
    let note = "辨识体质、给予保健指导";
    add(late, Urgency::Late, "逾期的中医药健康管理", note, "/tcm/due?when=late", "flower1");
    Ok(all)
}

/// Records of this year in a state that wait for somebody.
fn count(tx: &Tx<'_>, ask: &Ask, state: &str) -> Result<i64> {
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    values.push(Box::new(state.to_string()));
    values.push(Box::new(format!("{}-01-01", ask.today().year())));
    let n = values.len();
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from tcm_record t join elder e on e.region = t.region and e.id = t.elder
              where {scope} and e.state = 'living' and t.state = ${} and t.day >= ${n}
                and not exists (select 1 from tcm_record later where later.region = t.region and later.elder = t.elder
                                   and later.id > t.id)",
            n - 1
        ),
        &values,
    )
}

/// The managed rate of the scope, by the denominator its region uses.
pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.scope.persons.is_some() {
        return Ok(Vec::new());
    }
    let at = Where::of(&ask.who.scope);
    let region = ask.who.scope.counties.first().map_or("", |it| &**it);
    let (part, whole) = indicators::counted(&ask.app, region, ask.today());
    let managed = tally::amount(tx, &part, &at, ask.today())?;
    let all = tally::amount(tx, &whole, &at, ask.today())?;
    let tenths = if all == 0 { 0 } else { (managed * 1000 + all / 2) / all };
    let share = format!("{}.{}", tenths / 10, tenths % 10);
    Ok(vec![Figure {
        label: ask.t("本年度中医药健康管理").to_string(),
        value: managed,
        unit: ask.t("人").to_string(),
        note: ask.f("{n} 人的 {share} %", &[("n", &all), ("share", &share)]),
        link: "/tcm".into(),
    }])
}

/// The constitution at a glance, and the way to the questionnaire.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    if ask.may(WRITE) {
        let (title, link) = (ask.t("体质辨识").to_string(), format!("/tcm/of/{key}"));
        all.push(Beside::Action { title, icon: "flower1", link });
    }
    if let Some(it) = record::last(tx, &key)? {
        let title = super::words::title(super::words::STATES, record::word_of(it.state));
        all.push(Beside::Fact {
            title: ask.t("中医体质").to_string(),
            text: if it.constitution.is_empty() {
                ask.t(title).to_string()
            } else {
                ask.t(&it.constitution).to_string()
            },
            note: it.day.to_string(),
            link: it.link(),
        });
    }
    Ok(all)
}

pub const JOBS: &[Work] =
    &[Work {
        kind: "tcm.due", title: "找出该做中医药健康管理的老人", run: night, every_minutes: Some(24 * 60)
    }];

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
