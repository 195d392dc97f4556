//! What chronic diseases put on the workbench and beside an elder, and hear from others.

use kit::{
    App, Ask, Id, Result, Scope, Tx, Who,
    db::Bind,
    events::Event,
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Count, Where},
};
use rules::base::Date;

use super::{READ, WRITE, care, check, disease, marks, screening, visit, words};
use crate::{
    elders::{self, Key},
    healthcheck,
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let today = ask.today();
    let late = count(tx, ask, &marks::LATE, "c.due_day < $?", today)?;
    // Within a week it will be too late for as many more.
    let soon = count(tx, ask, &marks::LATE, "c.due_day < $?", today.add_days(7))? - late;
    let referrals = count(tx, ask, &marks::REFERRALS_LATE, "c.referral_until < $?", today)?;
    let lines = [
        (
            Urgency::Wrong,
            ["转诊后两周未随访", "写下转诊的结果"],
            "/chronic/referrals?state=late",
            "hospital",
            referrals,
        ),
        (Urgency::Late, ["逾期的慢病随访", "尽快随访"], "/chronic?work=overdue", "activity", late),
        (Urgency::Soon, ["七天内到期的慢病随访", "安排随访"], "/chronic?work=week", "activity", soon),
    ];
    let due = |(urgency, said, link, icon, n)| Due::counted(ask, urgency, said, link, icon, n);
    Ok(lines.into_iter().filter_map(due).collect())
}

/// How many patients of the reader's scope there are on a day: as kept, or where that is finer than what is kept, by a
/// condition in which `$?` is the day.
fn count(tx: &Tx<'_>, ask: &Ask, kept: &Count, condition: &str, day: Date) -> Result<i64> {
    if let Some(at) = Where::of_people(&ask.who.scope) {
        return tally::amount(tx, kept, &at, day);
    }
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    let mut condition = condition.to_string();
    if condition.contains("$?") {
        values.push(Box::new(day.to_string()));
        condition = condition.replace("$?", &format!("${}", values.len()));
    }
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from chronic_care c join elder e on e.region = c.region and e.id = c.elder
              where {scope} and e.state = 'living' and {condition}"
        ),
        &values,
    )
}

/// The patients of the two diseases that are followed up.
pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let kinds = [
        ("hypertension", "在管高血压", "c.hypertension = true", marks::HYPERTENSION, marks::HYPERTENSION_LATE),
        ("diabetes", "在管糖尿病", "c.diabetes = true", marks::DIABETES, marks::DIABETES_LATE),
    ];
    let mut all = Vec::new();
    for (word, label, condition, kept, kept_late) in kinds {
        let value = count(tx, ask, &kept, condition, ask.today())?;
        let late = count(tx, ask, &kept_late, &format!("{condition} and c.due_day < $?"), ask.today())?;
        all.push(Figure {
            label: ask.t(label).to_string(),
            value,
            unit: ask.t("人").to_string(),
            note: ask.f("逾期 {n} 人", &[("n", &late)]),
            link: format!("/chronic?disease={word}"),
        });
    }
    Ok(all)
}

/// Beside an elder: the diseases with the last values, and the way to a visit.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    let diseases = disease::of(tx, &key)?;
    let open: Vec<_> = diseases.iter().filter(|it| it.ended.is_none()).collect();
    let followed = open.iter().any(|it| it.followed().is_some());
    if ask.may(WRITE) {
        let (title, link) = match followed {
            true => ("慢病随访", format!("/chronic/{key}/visit")),
            false => ("登记慢病", format!("/chronic/{key}/register")),
        };
        all.push(Beside::Action { title: ask.t(title).to_string(), icon: "activity", link });
    }
    if !open.is_empty() {
        let kinds: Vec<&str> = open.iter().map(|it| &*it.kind).collect();
        let last = visit::of(tx, &key, 1)?.into_iter().find(|it| it.voided.is_none());
        let note = last.map_or(String::new(), |it| {
            let pressure = match it.values.get("systolic") {
                Some(_) => format!(" {}/{} mmHg", it.values.text("systolic"), it.values.text("diastolic")),
                None => String::new(),
            };
            format!("{}{pressure}", it.day)
        });
        all.push(Beside::Fact {
            title: ask.t("慢性病").to_string(),
            text: words::diseases(ask, &kinds.join(" ")),
            note,
            link: care::link(&key),
        });
    }
    Ok(all)
}

/// Death and moving away end what is due; a yearly check counts.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    if ![elders::DIED, elders::MOVED, healthcheck::FINISHED].contains(&&*news.kind) {
        return Ok(());
    }
    let key: Key = news.body["elder"].as_str().unwrap_or_default().parse()?;
    if news.kind != healthcheck::FINISHED {
        return care::end(tx, app, &key);
    }
    let Ok(day) = news.body["day"].as_str().unwrap_or_default().parse() else { return Ok(()) };
    let ask = Ask::of(app, Who::system(Scope::of(&app.places.tree(), &key.region)), app.clock.now());
    let elder = elders::find(tx, &ask.who.scope, &key)?;
    check::put(tx, &ask, &elder, day, "")?;
    // Of somebody without a disease nothing follows from it.
    if disease::of(tx, &key)?.is_empty() {
        return Ok(());
    }
    // A check of a former year says nothing of what is to be measured next.
    if healthcheck::last_finished(tx, &key)? == Some(day) {
        screening::renew(tx, &ask, &elder, &visit::standing(tx, &key)?)?;
    }
    marks::keep(tx, app, &key)
}
