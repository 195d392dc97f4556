//! The pages of rounds.

pub mod calendar;
pub mod elder;
pub mod household;
pub mod lists;
pub mod months;
pub mod one;
pub mod overdue;
pub mod record;
pub mod show;
pub mod village;
pub mod week;

use axum::http::StatusCode;
use kit::{
    Ask, Result, Tx,
    form::{Options, encoded},
    page::{badge, crumbs},
};
use maud::{Markup, html};

use super::{calendar::Part, list, task::Task, words};
use crate::{elders, workforce};

/// From one view of the same to the others.
fn tabs(ask: &Ask) -> Markup {
    let all = [
        ("/rounds", "日历"),
        ("/rounds/list?state=waiting", "巡访任务"),
        ("/rounds/overdue", "逾期"),
        ("/rounds/follow?follow=open", "跟进"),
        ("/rounds/months", "各月"),
    ];
    let here = |to: &str| to.split('?').next() == Some(&*ask.path);
    html! {
        nav.tabs.no-print aria-label=(ask.t("巡诊和探访")) {
            @for (to, title) in all { a href=(to) aria-current=[here(to).then_some("page")] { (ask.t(title)) } }
        }
    }
}

/// The way to a page below the calendar.
fn way(ask: &Ask, title: &str) -> Markup {
    crumbs(ask, &[("/rounds", ask.t("巡诊和探访")), ("", title)])
}

/// How a task stands, as a badge.
fn state(ask: &Ask, it: &Task) -> Markup {
    let word = it.state(ask.today());
    let (_, kind) = words::badge(words::STATES, word);
    badge(kind, &list::in_words(ask, word, it.by, it.done, &it.ended))
}

/// What was found, as a badge.
fn found(ask: &Ask, word: &str) -> Markup {
    let (title, kind) = words::badge(words::FOUND_BADGES, word);
    badge(kind, ask.t(title))
}

/// Who or what a task is about.
fn whom(tx: &Tx<'_>, ask: &Ask, it: &Task) -> Result<String> {
    let ids: Vec<kit::Id> = it.elder.into_iter().collect();
    let name = elders::names(tx, &it.key.region, &ids)?.into_values().next().unwrap_or_default();
    Ok(list::called(ask, &it.subject, &it.spot.place, &name))
}

/// Where the page about whom a task is leads.
fn about(it: &Task) -> String {
    match &*it.subject {
        "elder" => format!("/rounds/of/{}-{}", it.key.region, it.thing),
        "household" => format!("/rounds/households/{}-{}", it.key.region, it.thing),
        _ => format!("/rounds/villages/{}", it.thing),
    }
}

/// The places and teams to choose from.
fn choices(tx: &Tx<'_>, ask: &Ask, part: &Part) -> Result<Options> {
    let places = kit::house::options_of_places(ask, &part.place);
    let teams = workforce::teams(tx, &ask.who.scope, ask.today())?;
    let mut teams: Vec<(String, String)> = teams.into_iter().map(|it| (it.key.id.to_string(), it.name)).collect();
    teams.push(("0".to_string(), ask.t("没有团队负责").to_string()));
    Ok(Options::from([("place", places), ("team", teams)]))
}

/// A form that narrows a page to a place and a team; `kept` goes along.
fn narrowing(ask: &Ask, part: &Part, options: &Options, kept: &[(&str, &str)]) -> Markup {
    let team = part.team.map_or(String::new(), |it| it.to_string());
    let select = |name: &'static str, title: &str, chosen: &str| {
        html! {
            div.field {
                label for=(format!("f-{name}")) { (ask.t(title)) }
                select id=(format!("f-{name}")) name=(name) {
                    option value="" { (ask.t("全部")) }
                    @for (value, shown) in options.get(name).into_iter().flatten() {
                        option value=(value) selected[value == chosen] { (shown) }
                    }
                }
            }
        }
    };
    html! {
        form.filters.no-print method="get" action=(ask.path) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            (select("place", "地区", &part.place))
            (select("team", "团队", &team))
            div.actions { button.btn { (ask.t("筛选")) } }
        }
    }
}

/// The list of the tasks of a part, with further conditions.
fn listed(part: &Part, options: &Options, more: &[(&str, &str)]) -> String {
    let team = part.team.map(|it| it.to_string());
    let named =
        team.and_then(|id| options.get("team")?.iter().find(|it| it.0 == id && id != "0").map(|it| it.1.clone()));
    let mut all: Vec<String> = more.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if !part.place.is_empty() {
        all.push(format!("place={}", part.place));
    }
    all.extend(named.map(|it| format!("team={}", encoded(&it))));
    format!("/rounds/list?{}", all.join("&"))
}

/// The status of a page that shows what is wrong with a form.
fn status(is_refused: bool) -> StatusCode {
    if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}
