//! A village: its own round, who is to be visited there, and noting at once all who were seen well.

use std::collections::HashMap;

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, empty, icon},
};
use maud::html;

use super::{about, state, status};
use crate::{
    elders,
    rounds::{
        WRITE, list,
        task::{self, Task},
        visit::{self, Draft},
    },
};

pub const SEEN: &[Field] = &[
    field("day", "巡访日期", Kind::Date).help("不填时为今天。"),
    field("reason", "逾期原因", Kind::Text(100)).help("勾选的有逾期时必填。"),
    field("note", "记录", Kind::Text(300)),
];

struct Shown {
    code: String,
    tasks: Vec<Task>,
    names: HashMap<Id, String>,
}

/// The county of a village within the reader's scope.
fn county(ask: &Ask, code: &str) -> Result<String> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(code).filter(|_| ask.who.scope.covers(&tree, code)).ok_or(Error::NotFound)?;
    Ok(county.code.clone())
}

fn load(tx: &Tx<'_>, ask: &Ask, code: &str) -> Result<Shown> {
    let region = county(ask, code)?;
    let tasks = task::open_in(tx, &ask.who.scope, &region, code, ask.today())?;
    let ids: Vec<Id> = tasks.iter().filter_map(|it| it.elder).collect();
    Ok(Shown { names: elders::names(tx, &region, &ids)?, code: code.to_string(), tasks })
}

pub async fn page(ask: Ask, Path(code): Path<String>) -> Result<Page> {
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &code)?;
            for it in shown.tasks.iter().filter(|it| it.subject == "elder") {
                task::note(tx, ask, "look", it, "village")?;
            }
            Ok(shown)
        })
        .await?;
    Ok(show(&ask, &shown, &Input::default(), &[]))
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let may_write = ask.may(WRITE) && !shown.tasks.is_empty();
    let name = |it: &Task| {
        let name = it.elder.and_then(|id| shown.names.get(&id)).map_or("", |it| it);
        list::called(ask, &it.subject, &it.spot.place, name)
    };
    let content = html! {
        section.card.gap-top {
            @if shown.tasks.is_empty() { (empty(ask.t("这个村没有待做的巡访"), ask.t("下一个周期开始时会再列出。"), html! {})) }
            @else {
                form.form method="post" action=(format!("/rounds/villages/{}", shown.code)) { (csrf(ask))
                    (kit_form::summary(ask, SEEN, errors))
                    div.tablewrap { table.plain.stacks {
                        thead { tr {
                            th scope="col" { (ask.t("见到")) } th scope="col" { (ask.t("巡访对象")) } th scope="col" { (ask.t("安排")) }
                            th scope="col" { (ask.t("最迟")) } th scope="col" { (ask.t("状态")) } th scope="col" { (ask.t("另记")) }
                        } }
                        tbody { @for it in &shown.tasks {
                            @let id = it.key.id.to_string();
                            tr {
                                td data-label=(ask.t("见到")) { label.option { input type="checkbox" name="seen" value=(id)
                                    aria-label=(ask.f("见到 {name}", &[("name", &name(it))])) checked[input.all("seen").contains(&id)]; } }
                                td data-label=(ask.t("巡访对象")) { a href=(about(it)) { (name(it)) } }
                                td data-label=(ask.t("安排")) { (it.programme_name(ask)) }
                                td data-label=(ask.t("最迟")) { (it.by) }
                                td data-label=(ask.t("状态")) { (state(ask, it)) }
                                td data-label=(ask.t("另记")) { a.btn.btn-sm href=(format!("{}/record", it.link())) { (ask.t("单独登记")) } }
                            }
                        } }
                    } }
                    @if may_write {
                        div.card-body {
                            div.grid { @for field in SEEN { (kit_form::one(ask, field, input, &Options::new(), errors)) } }
                            p.small.muted { (ask.t("勾选的都记为“情况良好”;身体不适、需要帮助或没有见到的,请单独登记。")) }
                            div.form-foot { button.btn.btn-primary { (icon("check-circle")) (ask.t("登记见到的")) } }
                        }
                    }
                }
            }
        }
    };
    let tree = ask.app.places.tree();
    let title = tree.name(&shown.code);
    let line = tree.full_name(&shown.code);
    let way = kit::page::crumbs(ask, &[("/rounds", ask.t("巡诊和探访")), ("", title)]);
    let sheet = format!("/rounds/week?place={}", shown.code);
    let actions = html! { a.btn href=(sheet) { (icon("printer")) (ask.t("打印本周路线单")) } };
    ask.page_with(status(!errors.is_empty()), Head::new(title).line(line).crumbs(way).actions(actions), content)
}

/// Notes all who were seen well; gives how many tasks that did.
///
/// # Errors
/// As [`visit::take`]; `Invalid` where nobody is chosen.
pub fn note_seen(tx: &Tx<'_>, ask: &Ask, code: &str, input: &Input) -> Result<usize> {
    let checked = kit_form::check(SEEN, input, &Options::new())?;
    let region = county(ask, code)?;
    let chosen: Vec<Id> = input.all("seen").iter().filter_map(|it| it.parse().ok()).collect();
    let day = checked.date("day").unwrap_or(ask.today());
    let open = task::open_in(tx, &ask.who.scope, &region, code, ask.today())?;
    let tasks: Vec<Task> = open.into_iter().filter(|it| chosen.contains(&it.key.id)).collect();
    if tasks.is_empty() {
        return Err(Error::invalid("seen", "请勾选见到的老人"));
    }
    let mut done = Vec::new();
    for it in &tasks {
        if done.contains(&it.key.id) {
            continue;
        }
        // One visit does all chosen tasks of one elder.
        let also: Vec<Id> =
            tasks.iter().filter(|one| one.elder == it.elder && it.elder.is_some()).map(|it| it.key.id).collect();
        let draft = Draft {
            day: Some(day),
            found: "well".to_string(),
            note: checked.text("note"),
            reason: checked.text("reason"),
            who: ask.who.name.to_string(),
            also: also.clone(),
            ..Draft::default()
        };
        visit::take(tx, ask, it, &draft)?;
        done.push(it.key.id);
        if it.subject == "elder" {
            done.extend(
                tasks
                    .iter()
                    .filter(|one| one.subject == "elder" && also.contains(&one.key.id) && one.key != it.key)
                    .map(|it| it.key.id),
            );
        }
    }
    Ok(done.len())
}

pub async fn seen(ask: Ask, Path(code): Path<String>, input: Input) -> Result<Page> {
    let (sent, of) = (input.clone(), code.clone());
    match ask.write(move |tx, ask| note_seen(tx, ask, &of, &sent)).await {
        Ok(n) => Ok(ask.go(&format!("/rounds/villages/{code}"), &ask.f("已登记 {n} 项", &[("n", &n)]))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &code)).await?;
            Ok(show(&ask, &shown, &input, &errors))
        }
        Err(other) => Err(other),
    }
}
