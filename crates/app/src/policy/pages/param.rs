//! One parameter: what holds, its history over time and regions, its document, the cases that prove it, who asks it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    page::{Badge, Head, Page, alert, badge, crumbs, kv, plain_table},
};
use maud::{Markup, html};
use rules::{
    cases::{self, Outcome},
    policy::{Because, History, Step},
};

use super::{print_button, shape, values::no_policy};
use crate::policy::{
    asked::{self, Asked},
    proof,
    values::{self, Param},
    words,
};

pub async fn page(ask: Ask, Path((topic, name)): Path<(String, String)>) -> Result<Page> {
    let asked = Asked::of(&ask)?;
    let library = &ask.app.policy;
    let param = values::one(library, &asked, &topic, &name).ok_or(Error::NotFound)?;
    let histories = library.histories(&topic, &name);
    let app = ask.app.clone();
    let outcomes = tokio::task::spawn_blocking(move || proof::run(&app)).await.map_err(Error::internal)?;
    let proved = match &outcomes {
        Ok(outcomes) => html! {
            (proving(&ask, &cases::proving(outcomes, &topic, &name)))
            (asked_from(&ask, &proof::rules_that_read(outcomes, &topic, &name)))
        },
        Err(faults) => alert(Badge::Bad, ask.t("算例文件有错误"), html! { p { (faults) } }),
    };
    let content = html! {
        div.cols {
            div.stack {
                @if let Ok(it) = &param.found && shape::is_long(&ask, &it.value) {
                    section.card { header.card-head { h2 { (ask.t("全部内容")) } }
                        div.card-body { (shape::whole(&ask, &it.value)) } }
                }
                section.card { header.card-head { h2 { (ask.t("沿革")) } }
                    div.card-body {
                        @if histories.is_empty() { p.muted { (ask.t("没有任何地区规定过这个参数")) } }
                        @for it in &histories { (history(&ask, &asked, param.name, it)) }
                    }
                }
                (proved)
            }
            div.stack { (holds(&ask, &asked, &param)) }
        }
    };
    let title = ask.t(param.name);
    let topic_title = words::topic(&ask, &topic);
    let way = format!("/policy?{}", asked.query());
    let way = crumbs(&ask, &[(&way, ask.t("政策库")), (&format!("{way}&topic={topic}"), &topic_title), ("", title)]);
    Ok(ask.page(Head::new(title).line(ask.t(&param.about)).crumbs(way).actions(print_button(&ask)), content))
}

fn holds(ask: &Ask, asked: &Asked, param: &Param) -> Markup {
    let title = ask.f("{region} {day}", &[("region", &asked.region_name), ("day", &asked.day)]);
    html! {
        section.card { header.card-head { h2 { (title) } }
            div.card-body {
                @match &param.found { Ok(it) => (value(ask, it)), Err(none) => (no_policy(ask, none)) }
                form.form method="get" action=(asked.link(param.topic, param.name)) {
                    div.field { label for="region" { (ask.t("地区")) }
                        select #region name="region" {
                            @for (region, name) in asked::choices(ask, &ask.app.policy, asked.region) {
                                option value=(region) selected[region == asked.region] { (name) }
                            }
                        } }
                    div.field { label for="on" { (ask.t("日期")) } input #on name="on" type="date" value=(asked.day); }
                    button.btn { (ask.t("查看")) }
                }
            }
        }
    }
}

fn value(ask: &Ask, it: &Because) -> Markup {
    kv(&[
        (ask.t("取值"), html! { b { (shape::line(ask, it.param, &it.value)) } " " (words::status(ask, it.status)) }),
        (ask.t("起"), html! { time datetime=(it.from) { (it.from) } }),
        (ask.t("规定者"), html! { (asked::name(ask, it.region)) }),
        (ask.t("依据"), words::source(ask, it.document.as_deref(), it.clause.as_deref())),
        (ask.t("可信"), words::confirmed(ask, it.confirmed)),
        (
            ask.t("核对日期"),
            html! {
                @match it.checked { Some(day) => time datetime=(day) { (day) }, None => span.muted { (ask.t("未核对")) } }
            },
        ),
        (ask.t("备注"), html! { (it.note.as_deref().unwrap_or("—")) }),
    ])
}

fn history(ask: &Ask, asked: &Asked, param: &str, it: &History) -> Markup {
    let heads = ["起", "止", "取值", "依据", "状态", "可信"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = it.steps.iter().map(|step| cells(ask, asked, param, step)).collect();
    html! { h3 { (asked::name(ask, it.region)) } (plain_table(&heads, &rows)) }
}

fn cells(ask: &Ask, asked: &Asked, param: &str, step: &Step) -> Vec<Markup> {
    let entry = &step.entry;
    let ended = step.until.is_some_and(|it| it < asked.day);
    vec![
        html! { time datetime=(entry.from) { (entry.from) } },
        html! { @match step.until { Some(it) => time datetime=(it) { (it) }, None => "—" } },
        html! { @match &entry.value { Some(it) => (shape::folded(ask, param, it)), None => (badge(Badge::Muted, ask.t("废止"))) } },
        html! {
            (words::source(ask, entry.document.as_deref(), entry.clause.as_deref()))
            @if let Some(note) = &entry.note { br; small.muted { (note) } }
        },
        html! { @if ended { (badge(Badge::Muted, ask.t("已被替代"))) } @else { (words::status(ask, entry.status)) } },
        words::confirmed(ask, entry.confirmed),
    ]
}

fn proving(ask: &Ask, outcomes: &[&Outcome]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("证明它的算例")) } }
            div.card-body {
                @if outcomes.is_empty() { p.muted { (ask.t("还没有算例读到这个参数")) } }
                @else {
                    ul { @for it in outcomes { li { (passed(ask, it)) " " (it.rule) " · " (it.name) } } }
                    p.small.muted { (ask.t("算例按本系统现用的政策库运行。")) " " a href="/policy/cases" { (ask.t("全部算例")) } }
                }
            }
        }
    }
}

fn asked_from(ask: &Ask, rules: &[String]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("哪些规则读取它")) } }
            div.card-body {
                @if rules.is_empty() { p.muted { (ask.t("没有算例读到它,因此不能列出读取它的规则。")) } }
                @else { ul { @for it in rules { li { (it) } } } }
            }
        }
    }
}

/// Whether a case holds, in words.
pub fn passed(ask: &Ask, it: &Outcome) -> Markup {
    if it.passed { badge(Badge::Ok, ask.t("通过")) } else { badge(Badge::Bad, ask.t("不符")) }
}

/// The failure of a case: what was expected, what came, and the reasons.
pub fn failure(ask: &Ask, it: &Outcome) -> Markup {
    html! {
        dl.kv {
            div { dt { (ask.t("应得")) } dd { code { (it.expected) } } }
            div { dt { (ask.t("实得")) } dd { code { (it.got) } } }
        }
        ul { @for because in &it.because { li { (words::text(ask, &because.text())) } }
             @for step in &it.steps { li { (ask.either(&step.zh, &step.en)) } } }
    }
}
