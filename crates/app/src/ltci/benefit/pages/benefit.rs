//! What benefit an elder has: from when, which grade, way of care and institution, pauses, and what can be done.

use axum::extract::Path;
use kit::{
    Ask, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, badge, crumbs, empty, icon, kv},
};
use maud::{Markup, html};
use rules::base::Date;

use super::apply;
use crate::{
    elders::{self, Elder, Key},
    institutions,
    ltci::{
        APPLY, HANDLE,
        benefit::{
            application::{self, Application},
            course::{self, Change},
            decide, pause,
            step::{self, Step},
        },
        words,
    },
};

pub const CHANGE: &[Field] = &[
    field("mode", "服务方式", Kind::Pick).required(),
    field("provider", "服务机构", Kind::Pick).help("居家自主护理不选。"),
    field("bonus", "连续护理加成", Kind::Choice(words::BONUSES)),
    field("from", "从哪天起", Kind::Date).help("不填为下月 1 日。"),
    field("note", "说明", Kind::Text(200)),
];
pub const PAUSE: &[Field] = &[
    field("reason", "暂停原因", Kind::Choice(words::PAUSES)).required(),
    field("from", "暂停日", Kind::Date).required(),
    field("until", "恢复日", Kind::Date).help("还不知道的不填,恢复时再办理。"),
    field("note", "说明", Kind::Text(200)),
];
pub const RESUME: &[Field] = &[field("day", "恢复日", Kind::Date).help("不填为今天。")];
pub const END: &[Field] = &[
    field("reason", "停止原因", Kind::Choice(words::ENDS)).required(),
    field("from", "从哪天起", Kind::Date).help("不填为今天;从这天起不再享受。"),
    field("note", "说明", Kind::Text(200)),
];

struct Shown {
    elder: Elder,
    steps: Vec<Named>,
    pauses: Vec<pause::Pause>,
    applications: Vec<Application>,
    options: Options,
}

struct Named {
    step: Step,
    provider: String,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let elder = find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, "ltci benefit")?;
            let named = |step: Step| -> Result<Named> {
                let provider = match step.provider {
                    Some(id) => institutions::by_key(tx, &Key { region: key.region.clone(), id })?.name,
                    None => String::new(),
                };
                Ok(Named { step, provider })
            };
            Ok(Shown {
                steps: step::of_elder(tx, &key)?.into_iter().map(named).collect::<Result<_>>()?,
                pauses: pause::of_elder(tx, &key)?,
                applications: application::of_elder(tx, &key)?,
                options: if ask.may(HANDLE) { apply::options(tx, ask, &key)? } else { Options::new() },
                elder,
            })
        })
        .await?;
    let today = ask.today();
    let now = shown.steps.iter().rev().find(|it| it.step.from <= today).filter(|it| it.step.grade.is_some());
    let content = html! {
        @if shown.steps.is_empty() {
            (empty(ask.t("没有享受过长护险待遇"), "", apply_link(&ask, &shown)))
        } @else {
            div.cols {
                div.stack { (current(&ask, &shown, now)) (history(&ask, &shown)) }
                div.stack { (deeds(&ask, &shown, now)) (pauses(&ask, &shown)) (applications(&ask, &shown)) }
            }
        }
    };
    let to_elder = format!("/elders/{}", shown.elder.key);
    let way = crumbs(&ask, &[("/ltci", ask.t("长护险待遇")), (&to_elder, &shown.elder.name), ("", ask.t("待遇"))]);
    let actions = html! {
        a.btn href=(format!("/ltci/benefits/{}/plan", shown.elder.key)) { (icon("list-check")) (ask.t("照护计划")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let head = Head::new(&shown.elder.name).line(elders::about(&ask, &shown.elder)).crumbs(way).actions(actions);
    Ok(ask.page(head, content))
}

/// The elder, for whoever may see them and for the institution that serves them today.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Elder> {
    let serving = step::on(tx, key, ask.today())?.and_then(|it| it.provider);
    elders::find_served(tx, &ask.who.scope, key, serving)
}

fn apply_link(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        @if ask.may(APPLY) && shown.elder.is_living() && shown.applications.iter().all(|it| !it.is_open()) {
            a.btn.btn-primary href=(format!("/ltci/apply?elder={}", shown.elder.key)) { (ask.t("申请待遇")) }
        }
    }
}

fn current(ask: &Ask, shown: &Shown, now: Option<&Named>) -> Markup {
    let today = ask.today();
    let paused = shown.pauses.iter().find(|it| it.holds(today));
    html! {
        section.card { header.card-head { h2 { (ask.t("现在的待遇")) } } div.card-body.stack {
            @match now {
                None => { p.muted { (ask.t("现在没有享受待遇")) } (apply_link(ask, shown)) },
                Some(it) => {
                    (kv(&[
                        (ask.t("状态"), html! {
                            @match paused {
                                Some(it) => { (badge(Badge::Warn, ask.t("暂停"))) " " (ask.t(words::title(words::PAUSES, &it.reason))) },
                                None => (badge(Badge::Ok, ask.t("享受中"))),
                            }
                        }),
                        (ask.t("失能等级"), html! { @if let Some(grade) = it.step.grade { (ask.f("{n} 级", &[("n", &u8::from(grade))])) } }),
                        (ask.t("服务方式"), html! { (ask.t(words::title(words::MODES, &it.step.mode))) }),
                        (ask.t("服务机构"), html! { @if it.provider.is_empty() { "—" } @else { (it.provider) } }),
                        (ask.t("从哪天起"), html! { (it.step.from) }),
                    ]))
                    @if let Some(next) = shown.steps.iter().find(|it| today < it.step.from) {
                        p { (ask.f("{day} 起:{what}", &[("day", &next.step.from), ("what", &ask.t(words::title(words::REASONS, &next.step.reason)))])) }
                    }
                },
            }
        } }
    }
}

fn history(ask: &Ask, shown: &Shown) -> Markup {
    let may_read = ask.may(crate::policy::DECISIONS);
    html! {
        section.card { header.card-head { h2 { (ask.t("历次变化")) } } div.tablewrap { table.plain.stacks {
            thead { tr {
                th scope="col" { (ask.t("从哪天起")) } th scope="col" { (ask.t("原因")) } th scope="col" { (ask.t("失能等级")) }
                th scope="col" { (ask.t("服务方式")) } th scope="col" { (ask.t("服务机构")) } th scope="col" { (ask.t("办理人")) }
            } }
            tbody { @for it in shown.steps.iter().rev() {
                @let step = &it.step;
                tr {
                    td { (step.from) }
                    td data-label=(ask.t("原因")) {
                        @let why = ask.t(words::title(words::REASONS, &step.reason));
                        @if may_read && !step.decision.is_empty() { a href=(format!("/policy/decisions/{}", step.decision)) { (why) } } @else { (why) }
                        " " (step.note)
                    }
                    td data-label=(ask.t("失能等级")) { @match step.grade { Some(grade) => (ask.f("{n} 级", &[("n", &u8::from(grade))])), None => span.muted { (ask.t("不享受")) } } }
                    td data-label=(ask.t("服务方式")) { (ask.t(words::title(words::MODES, &step.mode))) }
                    td data-label=(ask.t("服务机构")) { (it.provider) }
                    td data-label=(ask.t("办理人")) { (step.who) }
                }
            } }
        } } }
    }
}

fn pauses(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("暂停")) } } div.card-body {
            @if shown.pauses.is_empty() { p.muted { (ask.t("没有暂停过")) } }
            ul { @for it in shown.pauses.iter().rev() {
                li { (it.from) " – " @match it.until { Some(day) => (day.add_days(-1)), None => "…" } " "
                    (ask.t(words::title(words::PAUSES, &it.reason))) }
            } }
        } }
    }
}

fn applications(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        @if !shown.applications.is_empty() {
            section.card { header.card-head { h2 { (ask.t("申请")) } } div.card-body { ul {
                @for it in &shown.applications {
                    @let (title, kind) = words::shown(words::STATES, &it.state);
                    li { a href=(it.link()) { (kit::page::time(&it.applied)) } " " (badge(kind, ask.t(title))) }
                }
            } } }
        }
    }
}

fn deeds(ask: &Ask, shown: &Shown, now: Option<&Named>) -> Markup {
    let Some(now) = now.filter(|_| ask.may(HANDLE) && shown.elder.is_living()) else { return html! {} };
    let here = format!("/ltci/benefits/{}", shown.elder.key);
    let today = ask.today();
    let mut as_it_is = Input::default();
    as_it_is.set("mode", &*now.step.mode);
    as_it_is.set("provider", now.step.provider.map_or(String::new(), |it| it.to_string()));
    as_it_is.set("bonus", &*now.step.bonus);
    as_it_is.set("from", today.to_string());
    as_it_is.set("day", today.to_string());
    let mut to_change = as_it_is.clone();
    to_change.set("from", today.first_of_month().add_months(1).to_string());
    let form = |to: &str, title: &str, fields: &[Field], input: &Input, confirm: &str| {
        html! {
            details { summary { (ask.t(title)) }
                form.form method="post" action=(format!("{here}/{to}")) data-confirm=(ask.t(confirm)) {
                    (csrf(ask)) (kit_form::fields(ask, fields, input, &shown.options, &[]))
                    button.btn { (ask.t(title)) }
                }
            }
        }
    };
    let paused = shown.pauses.iter().any(|it| it.holds(today));
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            (form("change", "变更方式或机构", CHANGE, &to_change, "变更服务方式或机构?"))
            @if paused { (form("resume", "恢复待遇", RESUME, &as_it_is, "恢复待遇?")) }
            (form("pause", "暂停待遇", PAUSE, &as_it_is, "暂停待遇?"))
            (form("end", "停止待遇", END, &as_it_is, "停止待遇?停止后要重新申请。"))
        } }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = format!("/ltci/benefits/{key}");
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        work(tx, ask, &elder)
    })
    .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已变更", move |tx, ask, elder| change_by(tx, ask, elder, &input)).await
}

pub async fn pause(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已暂停", move |tx, ask, elder| pause_by(tx, ask, elder, &input)).await
}

pub async fn resume(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已恢复", move |tx, ask, elder| resume_by(tx, ask, elder, &input)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已停止", move |tx, ask, elder| end_by(tx, ask, elder, &input)).await
}

pub fn change_by(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(CHANGE, input, &apply::options(tx, ask, &elder.key)?)?;
    let next_month: Date = ask.today().first_of_month().add_months(1);
    let change = Change {
        from: checked.date("from").unwrap_or(next_month),
        mode: checked.text("mode"),
        provider: checked.id("provider"),
        bonus: checked.optional("bonus").unwrap_or_else(|| "hours".into()),
        note: checked.text("note"),
    };
    course::change(tx, ask, elder, &change)
}

pub fn pause_by(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(PAUSE, input, &Options::new())?;
    let from = checked.date("from").unwrap_or(ask.today());
    let (until, reason, note) = (checked.date("until"), checked.text("reason"), checked.text("note"));
    course::stop(tx, ask, elder, from, until, &reason, &note)
}

pub fn resume_by(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(RESUME, input, &Options::new())?;
    course::resume(tx, ask, elder, checked.date("day").unwrap_or(ask.today()))
}

pub fn end_by(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(END, input, &Options::new())?;
    let reason = words::ENDS.iter().find(|it| it.0 == checked.text("reason"));
    let (reason, _) = reason.ok_or_else(|| kit::Error::invalid("reason", "请选择停止原因"))?;
    decide::end(tx, ask, elder, checked.date("from").unwrap_or(ask.today()), reason, &checked.text("note"))
}
