//! The rounds of one elder: tasks, visits, and days away from home.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, badge, empty, icon, plain_table},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{show::made, state, status};
use crate::{
    elders::{self, Elder, Key},
    rounds::{
        WRITE,
        away::{self, Away, BACK, FIELDS},
        home,
        task::{self, Task},
        visit::{self, Visit},
        words,
    },
};

struct Shown {
    elder: Elder,
    tasks: Vec<Task>,
    visits: Vec<Visit>,
    aways: Vec<Away>,
    household: Option<Id>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    Ok(Shown {
        tasks: task::of(tx, &key.region, "elder", &key.id.to_string())?,
        visits: visit::of_elder(tx, key, 30)?,
        aways: away::of(tx, key)?,
        household: home::of(tx, key)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            elders::note(tx, ask, "look", &shown.elder, "rounds")?;
            Ok(shown)
        })
        .await?;
    Ok(show(&ask, &shown, &Input::default(), &[]))
}

/// So many of the newest tasks are shown.
const SHOWN: usize = 40;

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let elder = &shown.elder;
    let may_write = ask.may(WRITE) && elder.is_living();
    let heads = ["安排", "最迟", "状态", "完成日期", "完成人"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .tasks
        .iter()
        .take(SHOWN)
        .map(|it| {
            let done = it.done.map_or("—".to_string(), |it| it.to_string());
            let who = if it.who.is_empty() { "—" } else { &it.who };
            vec![
                html! { a href=(it.link()) { (it.programme_name(ask)) } },
                html! { (it.by) },
                state(ask, it),
                html! { (done) },
                html! { (who) },
            ]
        })
        .collect();
    let open = shown.tasks.iter().rev().find(|it| it.open && it.from <= ask.today());
    let content = html! {
        div.cols.gap-top {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("巡访任务")) } }
                    @if rows.is_empty() { (empty(ask.t("没有巡访任务"), ask.t("老人列入人群、评定照护档次后,按巡访安排列出。"), html! {})) }
                    @else { (plain_table(&heads, &rows)) } }
                section.card { header.card-head { h2 { (ask.t("巡访记录")) } } div.card-body { (made(ask, &shown.visits)) } }
            }
            div.stack {
                section.card { header.card-head { h2 { (ask.t("不在家")) } } div.card-body {
                    p.small.muted { (ask.t("住院、投亲、外出的日子没有巡访任务;登记后马上改,回来后再列出。")) }
                    @for it in &shown.aways { (one_away(ask, elder, it, may_write)) }
                    @if may_write && !shown.aways.iter().any(|it| it.is_on(ask.today())) { (going(ask, elder, input, errors)) }
                } }
            }
        }
    };
    let title = ask.t("巡诊和探访");
    let of = format!("/elders/{}", elder.key);
    let way = kit::page::crumbs(ask, &[("/rounds", ask.t("巡诊和探访")), (&of, &elder.name), ("", title)]);
    let actions = html! {
        a.btn href=(of) { (icon("person")) (ask.t("老人档案")) }
        @if let Some(id) = shown.household { a.btn href=(format!("/rounds/households/{}-{id}", elder.key.region)) { (icon("house")) (ask.t("同户")) } }
        @if let Some(it) = open.filter(|_| may_write) { a.btn.btn-primary href=(format!("{}/record", it.link())) { (icon("check-circle")) (ask.t("登记巡访")) } }
    };
    let line = format!("{} · {}", elder.name, elders::about(ask, elder));
    ask.page_with(status(!errors.is_empty()), Head::new(title).line(line).crumbs(way).actions(actions), content)
}

fn one_away(ask: &Ask, elder: &Elder, it: &Away, may_write: bool) -> Markup {
    let is_on = it.is_on(ask.today());
    html! {
        div.contact {
            p {
                span.strong { (ask.t(words::title(words::AWAY, &it.kind))) } " " (it.from) " – " @if let Some(until) = it.until { (until) }
                @if is_on { " " (badge(Badge::Warn, ask.t("不在家"))) }
                @if !it.note.is_empty() { " " (it.note) }
            }
            @if is_on && may_write {
                form.inline method="post" action=(format!("/rounds/of/{}/away/{}/back", elder.key, it.key.id)) { (csrf(ask))
                    button.btn.btn-sm { (ask.t("今天回来了")) }
                }
            }
        }
    }
}

fn going(ask: &Ask, elder: &Elder, input: &Input, errors: &[FieldError]) -> Markup {
    html! {
        form.form method="post" action=(format!("/rounds/of/{}/away", elder.key)) { (csrf(ask))
            (kit_form::fields(ask, FIELDS, input, &Options::new(), errors))
            div.form-foot { button.btn { (ask.t("登记不在家")) } }
        }
    }
}

/// The days a form says somebody is away.
pub fn days(ask: &Ask, checked: &kit_form::Checked) -> (Date, Option<Date>) {
    (checked.date("from").unwrap_or(ask.today()), checked.date("until"))
}

pub async fn away(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let sent = input.clone();
    let done = elders::deed(&ask, &key, move |tx, ask, elder| {
        let checked = kit_form::check(FIELDS, &sent, &Options::new())?;
        away::add(tx, ask, elder, &checked.text("kind"), days(ask, &checked), &checked.text("note"))
    })
    .await;
    after(&ask, &key, done.map(drop), &input, "已登记不在家").await
}

pub async fn back(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let sent = input.clone();
    let done = elders::deed(&ask, &key, move |tx, ask, elder| {
        let id: Id = id.parse().map_err(|_| Error::NotFound)?;
        let checked = kit_form::check(BACK, &sent, &Options::new())?;
        away::back(tx, ask, elder, id, checked.date("until").unwrap_or(ask.today()))
    })
    .await;
    after(&ask, &key, done, &input, "已登记回来").await
}

async fn after(ask: &Ask, key: &str, done: Result<()>, input: &Input, said: &str) -> Result<Page> {
    let key: Key = key.parse()?;
    match done {
        Ok(()) => Ok(ask.go(&away::link(&key), ask.t(said))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
            Ok(show(ask, &shown, input, &errors))
        }
        Err(other) => Err(other),
    }
}
