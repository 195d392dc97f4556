//! One task: whose it is, by when, how it stands, what was noted for it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, empty, icon, kv},
};
use maud::{Markup, html};

use super::{about, found, state, status, whom};
use crate::{
    elders::{self, Key},
    rounds::{
        WRITE,
        task::{self, Task},
        visit::{self, DELAY, Visit},
    },
    visits, workforce,
};

struct Shown {
    it: Task,
    called: String,
    team: String,
    visits: Vec<Visit>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = task::find(tx, &ask.who.scope, key)?;
    let team = it.spot.team.map(|id| workforce::team_by_key(tx, &Key { region: key.region.clone(), id }));
    let called = whom(tx, ask, &it)?;
    Ok(Shown {
        called,
        team: team.transpose()?.map_or(String::new(), |it| it.name),
        visits: visit::of_task(tx, &it)?,
        it,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            task::note(tx, ask, "look", &shown.it, "")?;
            Ok(shown)
        })
        .await?;
    Ok(show(&ask, &shown, &Input::default(), &[]))
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let it = &shown.it;
    let may_write = ask.may(WRITE) && it.open;
    let is_overdue = it.state(ask.today()) == "overdue";
    let content = html! {
        div.cols.gap-top {
            div.stack {
                section.card { header.card-head { h2 { (it.programme_name(ask)) } (state(ask, it)) } div.card-body {
                    (kv(&[
                        (ask.t("巡访对象"), html! { a href=(about(it)) { (shown.called) } }),
                        (ask.t("所在地"), html! { (ask.app.places.tree().words(&it.spot.place)) }),
                        (ask.t("可做自"), html! { (it.from) }),
                        (ask.t("最迟"), html! { (it.by) }),
                        (ask.t("团队"), html! { @if shown.team.is_empty() { "—" } @else { (shown.team) } }),
                    ]))
                    @if let Some(day) = it.done { p { (ask.f("{day} 由 {who} 完成", &[("day", &day), ("who", &it.who)])) } }
                    @if !it.reason.is_empty() { p { b { (ask.t("逾期原因")) } " " (it.reason) } }
                    p.small.muted { (ask.t("谁该在什么时候被巡访,由政策库的巡访安排和老人的情况得出;最迟日是周期里最后一个工作日。")) }
                } }
                section.card { header.card-head { h2 { (ask.t("巡访记录")) } } div.card-body { (made(ask, &shown.visits)) } }
            }
            @if may_write && is_overdue {
                div.stack {
                    section.card { header.card-head { h2 { (ask.t("写明逾期原因")) } } div.card-body {
                        form.form method="post" action=(format!("{}/reason", it.link())) { (csrf(ask))
                            (kit_form::fields(ask, DELAY, input, &Options::new(), errors))
                            div.form-foot { button.btn { (ask.t("保存")) } }
                        }
                    } }
                }
            }
        }
    };
    let actions = html! {
        @if may_write && it.elder_key().is_some() {
            form.inline method="post" action=(format!("{}/plan", it.link())) { (csrf(ask))
                label.visually-hidden for="day" { (ask.t("日期")) }
                input #day type="date" name="day" required min=(ask.today()) value=(ask.today().max(it.from));
                button.btn { (icon("calendar-check")) (ask.t("计划上门")) }
            }
        }
        @if may_write { a.btn.btn-primary href=(format!("{}/record", it.link())) { (icon("check-circle")) (ask.t("登记巡访")) } }
    };
    let way = kit::page::crumbs(
        ask,
        &[("/rounds", ask.t("巡诊和探访")), ("/rounds/list", ask.t("巡访任务")), ("", &shown.called)],
    );
    ask.page_with(
        status(!errors.is_empty()),
        Head::new(&shown.called).line(it.programme_name(ask)).crumbs(way).actions(actions),
        content,
    )
}

/// The task becomes a purpose of a visit of that day.
pub async fn plan(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let visit = ask
        .write(move |tx, ask| {
            let day = input.get("day").parse().map_err(|_| Error::invalid("day", "日期请写作 2026-01-31"))?;
            let it = task::find_held(tx, &ask.who.scope, &key)?;
            let elder =
                it.elder_key().ok_or_else(|| Error::refused("not_an_elder", "只有到老人家的任务可以计划上门"))?;
            let elder = elders::find_living(tx, &ask.who.scope, &elder)?;
            let thing = format!("rounds:{}", it.key.id);
            visits::want(
                tx,
                ask,
                &visits::Wanted {
                    elder: &elder,
                    day,
                    from_minute: None,
                    until_minute: None,
                    minutes: 20,
                    organisation: it.spot.organisation,
                    staff: None,
                    second: None,
                    people: 1,
                    note: "",
                    purpose: visits::For { programme: "rounds", thing: &thing, service: &it.programme, payer: "" },
                },
            )
        })
        .await?;
    Ok(ask.go(&format!("/visits/{visit}"), ask.t("已计划上门")))
}

/// Visits, newest first.
pub fn made(ask: &Ask, all: &[Visit]) -> Markup {
    html! {
        @if all.is_empty() { (empty(ask.t("还没有巡访记录"), ask.t("上门后在这里登记。"), html! {})) }
        @else { ul.tasks { @for it in all { li.task {
            (icon("house-heart"))
            div {
                a.row-link href=(visit::link(&it.key)) { (it.day) " " (it.who) }
                small { @if let Some((systolic, diastolic)) = it.pressure { (systolic) "/" (diastolic) " mmHg " } (it.note) }
            }
            @if it.voided.is_some() { (kit::page::badge(kit::page::Badge::Muted, ask.t("已撤销"))) } @else { (found(ask, &it.found)) }
        } } } }
    }
}

pub async fn reason(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let reason = kit_form::check(DELAY, &sent, &Options::new())?.text("reason");
            let it = task::find_held(tx, &ask.who.scope, &key)?;
            task::delayed(tx, ask, &it, &reason)?;
            Ok(it)
        })
        .await;
    match done {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("逾期原因已记下"))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &for_error)).await?;
            Ok(show(&ask, &shown, &input, &errors))
        }
        Err(other) => Err(other),
    }
}
