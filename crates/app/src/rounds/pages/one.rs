//! One visit: what was found, what is followed up, and taking it back.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, icon, kv, time},
};
use maud::{Markup, html};

use super::{found, status, whom};
use crate::{
    elders::Key,
    rounds::{
        WRITE,
        task::{self, Task},
        visit::{self, CLOSE, VOID, Visit},
        words,
    },
};

struct Shown {
    it: Visit,
    task: Task,
    called: String,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = visit::find(tx, &ask.who.scope, key)?;
    let task = task::by_key(tx, &Key { region: key.region.clone(), id: it.task })?.ok_or(Error::NotFound)?;
    Ok(Shown { called: whom(tx, ask, &task)?, it, task })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            task::note(tx, ask, "look", &shown.task, "visit")?;
            Ok(shown)
        })
        .await?;
    Ok(show(&ask, &shown, &Input::default(), &[]))
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let it = &shown.it;
    let stands = it.voided.is_none();
    let may_write = ask.may(WRITE) && stands;
    let content = html! {
        @if let Some(at) = &it.voided {
            (alert(Badge::Warn, ask.t("这次巡访已经撤销"), html! { p { (it.void_reason) " · " (time(at)) } }))
        }
        div.cols.gap-top {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("看到的情况")) } (found(ask, &it.found)) } div.card-body {
                    (kv(&[
                        (ask.t("巡访日期"), html! { (it.day) }),
                        (ask.t("巡访人"), html! { (it.who) }),
                        (ask.t("巡访任务"), html! { a href=(shown.task.link()) { (shown.task.programme_name(ask)) } }),
                        (ask.t("血压"), html! { @match it.pressure { Some((systolic, diastolic)) => { (systolic) "/" (diastolic) " mmHg" }, None => "—" } }),
                    ]))
                    @if !it.note.is_empty() { p { (it.note) } }
                    p.small.muted { (ask.t("登记时间")) " " (time(&it.created)) }
                } }
                @if !it.follow.is_empty() { (following(ask, it, may_write, input, errors)) }
            }
            @if may_write { div.stack { (voiding(ask, it, input, errors)) } }
        }
    };
    let title = ask.t("巡访记录");
    let task = shown.task.link();
    let way = kit::page::crumbs(ask, &[("/rounds", ask.t("巡诊和探访")), (&task, &shown.called), ("", title)]);
    let actions = html! {
        @if let Some(elder) = shown.task.visited() { a.btn href=(format!("/elders/{elder}")) { (icon("person")) (ask.t("老人档案")) } }
    };
    let head = Head::new(title).line(format!("{} · {}", shown.called, it.day)).crumbs(way).actions(actions);
    ask.page_with(status(!errors.is_empty()), head, content)
}

fn following(ask: &Ask, it: &Visit, may_write: bool, input: &Input, errors: &[FieldError]) -> Markup {
    let (title, kind) = words::badge(words::FOLLOWS, &it.follow);
    html! {
        section.card { header.card-head { h2 { (ask.t("跟进")) } (badge(kind, ask.t(title))) } div.card-body {
            @if !it.follow_text.is_empty() { p { (it.follow_text) } }
            @if let Some(day) = it.follow_day { p { (ask.t("最迟跟进日")) " " (day) } }
            @if it.follow == "closed" { p { b { (it.follow_who) } " " (it.follow_result) } }
            @else if may_write {
                form.form method="post" action=(format!("{}/follow", visit::link(&it.key))) { (csrf(ask))
                    (kit_form::fields(ask, CLOSE, input, &Options::new(), errors))
                    div.form-foot { button.btn.btn-primary { (icon("check-circle")) (ask.t("已跟进")) } }
                }
            }
        } }
    }
}

fn voiding(ask: &Ask, it: &Visit, input: &Input, errors: &[FieldError]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("撤销这次巡访")) } } div.card-body {
            p { (ask.t("登记错了才撤销;它完成的任务又变成待做。")) }
            form.form method="post" action=(format!("{}/void", visit::link(&it.key))) data-confirm=(ask.t("撤销这次巡访?")) { (csrf(ask))
                (kit_form::fields(ask, VOID, input, &Options::new(), errors))
                div.form-foot { button.btn.btn-danger { (ask.t("撤销")) } }
            }
        } }
    }
}

pub async fn follow(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, &key, input, "已记下跟进结果", |tx, ask, it, input| {
        let result = kit_form::check(CLOSE, input, &Options::new())?.text("result");
        visit::close(tx, ask, it, &result)
    })
    .await
}

pub async fn void(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, &key, input, "已撤销", |tx, ask, it, input| {
        let reason = kit_form::check(VOID, input, &Options::new())?.text("reason");
        visit::void(tx, ask, it, &reason)
    })
    .await
}

async fn deed(
    ask: Ask,
    key: &str,
    input: Input,
    said: &str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Visit, &Input) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let it = visit::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it, &sent)?;
            Ok(it)
        })
        .await;
    match done {
        Ok(it) => Ok(ask.go(&visit::link(&it.key), ask.t(said))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &for_error)).await?;
            Ok(show(&ask, &shown, &input, &errors))
        }
        Err(other) => Err(other),
    }
}
