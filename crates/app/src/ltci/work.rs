//! What long-term-care insurance puts on the workbench and beside an elder.

use kit::{
    Ask, Id, Result, Role, Tx,
    db::Bind,
    module::{Beside, Due, Figure, Urgency},
    place::ScopeColumns,
};

use super::{
    ANSWER, APPLY, AUDIT, HANDLE, READ,
    benefit::{application, list, pause, step},
    lead, provider, words,
};
use crate::elders::{self, Key};

const DECIDING: &str =
    "select count(*) from ltci_application a join elder e on e.region = a.region and e.id = a.elder where {scope}";
const RECIPIENTS: &str =
    "select count(*) from ltci_recipient r join elder e on e.region = r.region and e.id = r.elder where {scope}";
const LEADS: &str =
    "select count(*) from ltci_lead l join organisation o on o.region = l.region and o.id = l.provider where {scope}";
const PROVIDERS: &str = "select count(*) from ltci_provider p where {scope}";

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = leads(tx, ask)?;
    if !ask.may(HANDLE) {
        return Ok(all);
    }
    let (today, soon) = (ask.today().to_string(), ask.today().add_days(60).to_string());
    let lines = [
        (
            Urgency::Late,
            ["超过办结期限的待遇申请", "尽快作出决定"],
            "/ltci/applications?state=overdue",
            "stopwatch",
            count(tx, ask, DECIDING, &list::OF_APPLICATION, "a.state = 'deciding' and a.due_day < $?", &today)?,
        ),
        (
            Urgency::Today,
            ["待决定的待遇申请", "评估已有结论,按政策决定"],
            "/ltci/applications?state=deciding",
            "shield-check",
            count(tx, ask, DECIDING, &list::OF_APPLICATION, "a.state = $?", "deciding")?,
        ),
        (
            Urgency::Soon,
            ["定点协议将期满", "两个月内期满,续签或安置老人"],
            "/ltci/providers?state=ending",
            "calendar-event",
            count(
                tx,
                ask,
                PROVIDERS,
                &provider::list::SCOPE,
                "p.state in ('running', 'suspended') and p.until_day < $?",
                &soon,
            )?,
        ),
    ];
    for (urgency, texts, link, icon, n) in lines {
        all.extend(Due::counted(ask, urgency, texts, link, icon, n));
    }
    Ok(all)
}

/// Leads for whoever asks, answers or takes money back.
fn leads(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let today = ask.today().to_string();
    let of = |condition: &str, value: &str| count(tx, ask, LEADS, &lead::list::SCOPE, condition, value);
    let mut all = Vec::new();
    if ask.may(AUDIT) {
        let late = of("l.state = 'asked' and l.due_day < $?", &today)?;
        let open = of("l.state = $?", "open")?;
        let answered = of("l.state = $?", "answered")?;
        let lines = [
            (Urgency::Late, ["超过答复期限的线索", "催促机构或直接认定"], "/ltci/leads?state=overdue", late),
            (Urgency::Today, ["机构已说明的线索", "作出认定"], "/ltci/leads?state=answered", answered),
            (Urgency::Soon, ["待核实的线索", "看到了什么,由人核实"], "/ltci/leads?state=open", open),
        ];
        for (urgency, texts, link, n) in lines {
            all.extend(Due::counted(ask, urgency, texts, link, "search", n));
        }
    }
    if ask.may(ANSWER) {
        let asked = of("l.state = $?", "asked")?;
        all.extend(Due::counted(
            ask,
            Urgency::Today,
            ["要您说明的线索", "在期限内向稽核说明"],
            "/ltci/leads?state=asked",
            "search",
            asked,
        ));
    }
    Ok(all)
}

/// How many rows of the reader's scope fit a condition, where `$?` is the value; `counting` has a gap for the scope.
fn count(tx: &Tx<'_>, ask: &Ask, counting: &str, columns: &ScopeColumns, condition: &str, value: &str) -> Result<i64> {
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(columns, &mut values);
    values.push(Box::new(value.to_string()));
    let condition = condition.replace("$?", &format!("${}", values.len()));
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(&format!("{} and {condition}", counting.replace("{scope}", &scope)), &values)
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !matches!(ask.who.role, Role::Clerk | Role::Auditor | Role::Manager) {
        return Ok(Vec::new());
    }
    let value = count(tx, ask, RECIPIENTS, &list::OF_RECIPIENT, "r.mode <> $?", "")?;
    Ok(vec![Figure {
        label: ask.t("享受长护险待遇").to_string(),
        value,
        unit: ask.t("人").to_string(),
        note: ask.t("今天").to_string(),
        link: "/ltci".into(),
    }])
}

/// What stands beside an elder: the benefit that runs, the application under way, or the way to apply.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let key = Key { region: region.to_string(), id: person };
    let title = ask.t("长护险").to_string();
    if let Some(it) = step::on(tx, &key, ask.today())?.filter(|it| it.grade.is_some()) {
        let grade = it.grade.map_or(0, u8::from);
        let mode = ask.t(words::title(words::MODES, &it.mode));
        let paused = pause::of_elder(tx, &key)?.into_iter().any(|it| it.holds(ask.today()));
        let state = ask.t(if paused { "暂停" } else { "享受中" });
        let text = ask.f("{n} 级", &[("n", &grade)]);
        return Ok(vec![Beside::Fact {
            title,
            text: format!("{text} · {mode}"),
            note: format!("{state} · {}", ask.f("{day} 起", &[("day", &it.from)])),
            link: format!("/ltci/benefits/{key}"),
        }]);
    }
    if let Some(open) = application::open(tx, &key)? {
        let (state, _) = words::shown(words::STATES, &open.state);
        let mode = ask.t(words::title(words::MODES, &open.mode)).to_string();
        return Ok(vec![Beside::Fact { title, text: ask.t(state).to_string(), note: mode, link: open.link() }]);
    }
    let may = ask.may(APPLY) && elders::find(tx, &ask.who.scope, &key)?.is_living();
    let action = Beside::Action {
        title: ask.t("申请长护险").to_string(),
        icon: "shield-check",
        link: format!("/ltci/apply?elder={key}"),
    };
    Ok(if may { vec![action] } else { Vec::new() })
}
