//! What several pages of a plan show alike: problems with goals, services by who pays, states.

use kit::{
    Ask,
    page::{Badge, badge},
};
use maud::{Markup, html};

use crate::careplan::{
    line::Line,
    record::Plan,
    words::{self, Payer, Phase},
};

pub fn state(ask: &Ask, it: &Plan) -> Markup {
    let kind = words::STATE_BADGES.iter().find(|one| one.0 == it.state).map_or(Badge::Muted, |one| one.2);
    badge(kind, ask.t(words::title(words::STATES, &it.state)))
}

pub fn phase(ask: &Ask, it: Phase) -> Markup {
    let kind = words::PHASE_BADGES.iter().find(|one| one.0 == it.word()).map_or(Badge::Muted, |one| one.2);
    badge(kind, ask.t(it.title()))
}

/// Problems, each with why and its goals; what people added stands among them.
pub fn problems(ask: &Ask, lines: &[Line], edit: Option<&str>) -> Markup {
    let of = |kind: &'static str| lines.iter().filter(move |it| it.kind == kind);
    let is_free = |it: &&Line| of("problem").all(|one| one.code.is_empty() || one.code != it.problem);
    html! {
        @if of("problem").next().is_none() { p.muted { (ask.t("没有发现需要写进计划的问题。")) } }
        @for it in of("problem") {
            section.plan-problem {
                h3 { (it.title_in(ask)) (pencil(ask, edit, it)) }
                @if !it.why.is_empty() { p.small.muted { (it.why_in(ask)) } }
                ul { @for goal in of("goal").filter(|one| !it.code.is_empty() && one.problem == it.code) {
                    li { (ask.t("照护目标")) (ask.t(":")) (goal.title_in(ask)) (pencil(ask, edit, goal)) }
                } }
            }
        }
        @if of("goal").any(|it| is_free(&it)) {
            h3 { (ask.t("其他目标")) }
            ul { @for goal in of("goal").filter(is_free) { li { (goal.title_in(ask)) (pencil(ask, edit, goal)) } } }
        }
    }
}

/// The services of each programme that pays, in the order of payers.
pub fn services(ask: &Ask, lines: &[Line], edit: Option<&str>, with_why: bool) -> Markup {
    let of = |payer: Payer| lines.iter().filter(move |it| it.is_service() && it.payer == payer);
    html! {
        div.tablewrap { table.plain.stacks {
            thead { tr {
                th scope="col" { (ask.t("服务")) } th scope="col" { (ask.t("频次")) } th scope="col" { (ask.t("谁来做")) }
                th scope="col" { (ask.t("地点")) } th scope="col" { (ask.t("谁付费")) }
                @if with_why { th scope="col" { (ask.t("为什么")) } }
            } }
            tbody { @for payer in Payer::ALL { @for it in of(*payer) { tr {
                td { b { (it.title_in(ask)) } (pencil(ask, edit, it)) }
                td data-label=(ask.t("频次")) { (it.often(ask)) " · " (ask.f("{n} 分钟", &[("n", &it.minutes)])) }
                td data-label=(ask.t("谁来做")) { (words::professions_title(ask, &it.by)) }
                td data-label=(ask.t("地点")) { (ask.t(it.place.title())) }
                td data-label=(ask.t("谁付费")) { (ask.t(it.payer.title())) }
                @if with_why { td data-label=(ask.t("为什么")) { span.small.muted { (it.why_in(ask)) } } }
            } } } }
        } }
    }
}

/// The way to change a line, where it may be.
fn pencil(ask: &Ask, edit: Option<&str>, it: &Line) -> Markup {
    html! { @if let Some(here) = edit {
        " " a.small href=(format!("{here}/lines/{}", it.number)) aria-label=(ask.f("修改{what}", &[("what", &it.title_in(ask))])) { (ask.t("修改")) }
    } }
}

/// The wishes of the elder, in words.
pub fn wishes(ask: &Ask, it: &Plan) -> String {
    let titles: Vec<&str> = it.wishes.iter().map(|one| ask.t(words::title(words::WISHES, one))).collect();
    if titles.is_empty() { "—".to_string() } else { titles.join(ask.t("、")) }
}
