//! A household: who lives there, and the visits to it and to each of them.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    page::{Head, Page, crumbs, plain_table},
};
use maud::{Markup, html};

use super::state;
use crate::{
    elders::{self, Elder, Key},
    rounds::{
        away, home,
        task::{self, Task},
    },
};

/// A household as its page shows it.
pub struct Household {
    pub members: Vec<(Elder, Vec<Task>)>,
    pub tasks: Vec<Task>,
}

/// Those of the reader's scope.
///
/// # Errors
/// `NotFound` where nobody of it is in the scope.
pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Household> {
    let mut members = Vec::new();
    for id in home::members(tx, &key.region, key.id)? {
        let elder = match elders::find(tx, &ask.who.scope, &Key { region: key.region.clone(), id }) {
            Ok(it) => it,
            Err(Error::NotFound) => continue,
            Err(other) => return Err(other),
        };
        elders::note(tx, ask, "look", &elder, "household")?;
        let tasks = task::open_of(tx, &elder.key, ask.today())?;
        members.push((elder, tasks));
    }
    if members.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Household { members, tasks: task::of(tx, &key.region, "household", &key.id.to_string())? })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let title = it.members.first().map_or(String::new(), |it| ask.f("{name}家", &[("name", &it.0.name)]));
    let tree = ask.app.places.tree();
    let line = it.members.first().map_or(String::new(), |it| tree.words(&it.0.place));
    let heads = ["姓名", "性别、年龄", "待做的巡访"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = it.members.iter().map(|(elder, tasks)| member(&ask, elder, tasks)).collect();
    let of_tasks = ["安排", "最迟", "状态", "完成人"].map(|it| ask.t(it));
    let tasks: Vec<Vec<Markup>> = it
        .tasks
        .iter()
        .map(|it| {
            vec![
                html! { a href=(it.link()) { (it.programme_name(&ask)) } },
                html! { (it.by) },
                state(&ask, it),
                html! { @if it.who.is_empty() { "—" } @else { (it.who) } },
            ]
        })
        .collect();
    let content = html! {
        div.stack.gap-top {
            section.card { header.card-head { h2 { (ask.t("同户老人")) } } (plain_table(&heads, &rows))
                div.card-body { p.small.muted { (ask.t("住在同一村同一门牌的老人算一户;住在机构的不算,地址不详的单独一户。")) } } }
            @if !tasks.is_empty() { section.card { header.card-head { h2 { (ask.t("走访")) } } (plain_table(&of_tasks, &tasks)) } }
        }
    };
    let way = crumbs(&ask, &[("/rounds", ask.t("巡诊和探访")), ("", &title)]);
    Ok(ask.page(Head::new(&title).line(line).crumbs(way), content))
}

fn member(ask: &Ask, elder: &Elder, tasks: &[Task]) -> Vec<Markup> {
    vec![
        html! { a href=(away::link(&elder.key)) { (elder.name) } },
        html! { (elders::about(ask, elder)) @if !elder.is_living() { " " (ask.t(elders::words::title(elders::words::STATES, &elder.state))) } },
        html! {
            @if tasks.is_empty() { "—" }
            @for it in tasks { div { a href=(format!("{}/record", it.link())) { (it.programme_name(ask)) } " " (state(ask, it)) } }
        },
    ]
}
