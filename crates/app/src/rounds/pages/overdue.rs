//! Where visits are late: by village and by team.

use std::collections::BTreeMap;

use kit::{
    Ask, Id, Result,
    form::Options,
    page::{Head, Page, empty, plain_table},
};
use maud::{Markup, html};

use super::{choices, listed, narrowing, tabs, way};
use crate::rounds::calendar::{self, Part};

pub async fn page(ask: Ask) -> Result<Page> {
    let (part, options, all) = ask
        .read(|tx, ask| {
            let part = Part::asked(ask)?;
            let options = choices(tx, ask, &part)?;
            let all = calendar::overdue(tx, ask, &part)?;
            Ok((part, options, all))
        })
        .await?;
    let (mut villages, mut teams): (BTreeMap<&str, i64>, BTreeMap<Id, i64>) = Default::default();
    for (village, team, n) in &all {
        *villages.entry(village).or_default() += n;
        *teams.entry(*team).or_default() += n;
    }
    let content = html! {
        (tabs(&ask))
        (narrowing(&ask, &part, &options, &[]))
        @if all.is_empty() {
            section.card { (empty(ask.t("没有逾期的巡诊和探访"), ask.t("到期没做的会按村和团队列在这里。"), html! {})) }
        } @else {
            div.cols-2 {
                section.card { header.card-head { h2 { (ask.t("按村(社区)")) } } (by_village(&ask, &part, &options, villages)) }
                section.card { header.card-head { h2 { (ask.t("按团队")) } } (by_team(&ask, &part, &options, teams)) }
            }
        }
    };
    let title = ask.t("逾期的巡诊和探访");
    let place = ask.app.places.tree().full_name(&part.scope.place);
    Ok(ask.page(Head::new(title).line(place).crumbs(way(&ask, title)), content))
}

fn most<T>(all: BTreeMap<T, i64>) -> Vec<(T, i64)> {
    let mut all: Vec<(T, i64)> = all.into_iter().collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.1));
    all
}

fn by_village(ask: &Ask, part: &Part, options: &Options, all: BTreeMap<&str, i64>) -> Markup {
    let tree = ask.app.places.tree();
    let rows: Vec<Vec<Markup>> = most(all)
        .into_iter()
        .map(|(village, n)| {
            let at = Part { place: village.to_string(), ..part.clone() };
            let link = listed(&at, options, &[("state", "overdue")]);
            vec![html! { a href=(link) { (tree.words(village)) } }, html! { (n) }]
        })
        .collect();
    plain_table(&[ask.t("村(社区)"), ask.t("逾期")], &rows)
}

fn by_team(ask: &Ask, part: &Part, options: &Options, all: BTreeMap<Id, i64>) -> Markup {
    let known = options.get("team").map_or(&[][..], |it| it);
    let rows: Vec<Vec<Markup>> = most(all)
        .into_iter()
        .map(|(team, n)| {
            let name = known.iter().find(|it| it.0 == team.to_string()).map_or("—", |it| &it.1);
            let at = Part { team: Some(team), ..part.clone() };
            let link = listed(&at, options, &[("state", "overdue")]);
            vec![html! { @if team == Id(0) { (name) } @else { a href=(link) { (name) } } }, html! { (n) }]
        })
        .collect();
    plain_table(&[ask.t("团队"), ask.t("逾期")], &rows)
}
