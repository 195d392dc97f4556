//! What beds at home put on the workbench and beside an elder, and what they hear of visits.

use kit::{
    App, Ask, Id, Perm, Result, Tx,
    events::Event,
    module::{Beside, Due, Figure, Urgency},
    tally::{self, Where},
};
use serde_json::Value;

use super::{
    CARE, READ, WRITE,
    bed::{self, Bed},
    chart::{self, Readings, Record},
    course, list, marks, promise, words,
};
use crate::{
    elders::{self, Key},
    visits,
};

const PROGRAMME: &str = "home_bed";

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let lines: &[(Perm, Urgency, &str, &str, [&'static str; 2])] = &[
        (WRITE, Urgency::Late, "visit", "late", ["逾期的家庭病床上门评估", "责任医师应在申请后按时上门"]),
        (WRITE, Urgency::Late, "round", "late", ["逾期的家庭病床巡诊", "尽快上门巡诊"]),
        (WRITE, Urgency::Late, "superior", "late", ["逾期的家庭病床上级查床", "请上级医师查床"]),
        (WRITE, Urgency::Late, "course", "late", ["家庭病床疗程已届满", "评估后续建或撤床"]),
        (CARE, Urgency::Late, "service", "late", ["逾期的家庭养老床位服务", "提供服务并登记"]),
        (CARE, Urgency::Late, "check", "late", ["逾期的家庭养老床位回访", "问问老人服务得怎么样"]),
        (CARE, Urgency::Late, "photo", "late", ["适老化改造缺改造后照片", "补上照片"]),
        (CARE, Urgency::Soon, "contract", "month", ["家庭养老床位合同 30 天内到期", "续签或结束服务"]),
    ];
    let mut all = Vec::new();
    for (perm, urgency, what, when, words) in lines {
        if ask.may(*perm) {
            let n = list::DUE.count(tx, ask, &[("what", what), ("when", when)])?;
            let link = format!("/homebed/due?what={what}&when={when}");
            all.extend(Due::counted(ask, *urgency, *words, link, "house", n));
        }
    }
    Ok(all)
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    let Some(at) = Where::of_people(&ask.who.scope).filter(|_| ask.may(READ)) else { return Ok(Vec::new()) };
    let hospital = tally::amount(tx, &marks::HOSPITAL_BEDS, &at, ask.today())?;
    let care = tally::amount(tx, &marks::CARE_BEDS, &at, ask.today())?;
    Ok(vec![Figure {
        label: ask.t("家庭病床").to_string(),
        value: hospital,
        unit: ask.t("张").to_string(),
        note: ask.f("另有家庭养老床位 {n} 张", &[("n", &care)]),
        link: "/homebed".into(),
    }])
}

/// Beside an elder: the beds that are wanted or kept, and the way to one.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let key = Key { region: region.to_string(), id: person };
    let own = ask.who.scope.organisation;
    let beds = bed::of_elder(tx, &key)?;
    let mut all = Vec::new();
    for it in beds.iter().filter(|it| !it.is_over() && own.is_none_or(|own| own == it.institution)) {
        all.push(Beside::Fact {
            title: ask.t(words::title(words::KINDS, &it.kind)).to_string(),
            text: ask.t(words::title(words::STATES, &it.state)).to_string(),
            note: note_of(ask, it),
            link: it.link(),
        });
    }
    let is_living = elders::find(tx, &ask.who.scope, &key)?.is_living();
    for (kind, title) in [(bed::HOSPITAL, "申请家庭病床"), (bed::CARE, "建家庭养老床位")] {
        let is_taken = beds.iter().any(|it| it.kind == kind && !it.is_over());
        let may = if kind == bed::CARE { ask.may(CARE) } else { super::apply::may_apply(ask) };
        if is_living && may && !is_taken {
            let link = format!("/homebed/new?elder={key}&kind={kind}");
            all.push(Beside::Action { title: ask.t(title).to_string(), icon: "house", link });
        }
    }
    Ok(all)
}

fn note_of(ask: &Ask, it: &Bed) -> String {
    match (it.opened, it.round_by, it.contract_until) {
        (Some(_), Some(day), _) => ask.f("{day} 前巡诊", &[("day", &day)]),
        (Some(_), _, Some(day)) => ask.f("合同至 {day}", &[("day", &day)]),
        (Some(day), _, _) => ask.f("{day} 建床", &[("day", &day)]),
        _ => match it.visit_by.filter(|_| it.visited.is_none()) {
            Some(day) => ask.f("{day} 前上门评估", &[("day", &day)]),
            None => String::new(),
        },
    }
}

/// The register's events end and move beds; a visit that was done for a bed is a round, and none when it is taken back.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    match &*news.kind {
        visits::DONE | visits::UNDONE => visited(app, tx, news),
        _ => course::listen(app, tx, news),
    }
}

fn visited(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let body = &news.body;
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_string();
    let purposes = body["purposes"].as_array().map_or(&[][..], |it| it);
    let ours = purposes.iter().filter(|it| text(it, "programme") == PROGRAMME);
    let (visit, elder) = (text(body, "visit"), text(body, "elder"));
    let source = format!("visit:{visit}");
    for (thing, service) in ours.map(|it| (text(it, "thing"), text(it, "service"))) {
        // The bed stands in the county of the event; a thing that is not there any more is nobody's round.
        let region = elder.parse::<Key>().map_or(news.region.clone(), |it| it.region);
        let ask = Ask::system(app, &region);
        let kind = promise::SERVICES.iter().find(|it| it.0 == service).map_or("round", |it| it.1);
        let Some(key) = bed_of(tx, &thing, &elder, kind, &region)? else { continue };
        let Ok((mut it, elder)) = bed::find(tx, &ask.who.scope, &key) else { continue };
        // A round is known by the visit alone, what else it did by its kind as well.
        let source = if kind == "round" { source.clone() } else { format!("{source}:{kind}") };
        if news.kind == visits::UNDONE {
            chart::void_source(tx, &it, &source, "上门服务已撤销")?;
            course::follow(tx, &ask, &mut it, &elder)?;
            continue;
        }
        let Ok(day) = text(body, "day").parse() else { continue };
        // What was broken off was no round, and before the opening there are none.
        if !was_done(body) || it.opened.is_none_or(|opened| day < opened) {
            continue;
        }
        let record = Record { kind: kind.to_string(), source: Some(source), ..told(&ask, day, body) };
        super::hospital::write(tx, &ask, &mut it, &elder, &record)?;
    }
    Ok(())
}

/// The bed for which a visit was wanted: by the bed itself, or by the care plan that joined what it promised.
fn bed_of(tx: &Tx<'_>, thing: &str, elder: &str, kind: &str, region: &str) -> Result<Option<Key>> {
    if let Some(id) = thing.strip_prefix("homebed:").and_then(|it| it.parse().ok()) {
        return Ok(Some(Key { region: region.to_string(), id }));
    }
    let (true, Ok(elder)) = (thing.starts_with("careplan:"), elder.parse::<Key>()) else { return Ok(None) };
    let wanted = if kind == "check" { bed::CARE } else { bed::HOSPITAL };
    let beds = bed::of_elder(tx, &elder)?;
    // What was told late belongs to the bed of then, and where that was closed, to the last one.
    let found = beds.iter().find(|it| it.kind == wanted && it.is_lying());
    Ok(found.or(beds.iter().find(|it| it.kind == wanted && it.opened.is_some())).map(|it| it.key.clone()))
}

/// Whether anything was done at a visit.
fn was_done(body: &Value) -> bool {
    body["tasks"].as_array().is_some_and(|all| all.iter().any(|it| it["done"] == true))
}

/// The round as the visit told it: values that are known, notes of tasks, and what was left out with its reason.
fn told(ask: &Ask, day: rules::base::Date, body: &Value) -> Record {
    let mut record = Record::new(ask, "round", day, body["carer"].as_str().unwrap_or_default());
    let (mut findings, mut treatment) = (Vec::new(), Vec::new());
    let mut readings = Readings::new();
    for task in body["tasks"].as_array().map_or(&[][..], |it| it) {
        let title = task["title"].as_str().or(task["service"].as_str()).unwrap_or_default();
        let note = task["note"].as_str().unwrap_or_default();
        // That there was a round the record says itself.
        if task["done"].as_bool() == Some(true) {
            let is_ours = promise::SERVICES.iter().any(|it| task["service"] == it.0);
            treatment.extend((!is_ours).then(|| title.to_string()));
        } else {
            let reason = task["reason"].as_str().unwrap_or_default();
            treatment.push(format!("{title}:{reason}"));
        }
        if !note.is_empty() {
            findings.push(note.to_string());
        }
        for (name, value) in task["values"].as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            match &**name {
                "findings" => findings.insert(0, value.clone()),
                "treatment" => treatment.push(value.clone()),
                _ => {}
            }
            let name = if name == "heart_rate" { "pulse" } else { name };
            if words::READINGS.iter().any(|it| it.0 == name) && !value.is_empty() {
                readings.insert(name.to_string(), value);
            }
        }
    }
    record.findings = findings.join("；");
    record.treatment = treatment.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("、");
    record.readings = readings;
    record
}
