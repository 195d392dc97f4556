//! Kept decisions: the list, one with its reasons, and those that a later document has overtaken.

use axum::extract::Path;
use kit::{
    Ask, Result,
    page::{Badge, Head, Page, alert, crumbs, empty, icon, kv, plain_table, time},
};
use maud::{Markup, html};

use super::{print_button, shape, tabs};
use crate::policy::{
    Change, Now, compare,
    decisions::{self, Kept, Key, Reason},
    list, words,
};

/// The list of those to decide anew is shown up to here; the number is exact.
const MOST: usize = 200;

pub async fn page(ask: Ask) -> Result<Page> {
    let actions = html! { a.btn href="/policy/decisions/changed" { (icon("arrow-repeat")) (ask.t("取值已变的决定")) } };
    list::DECISIONS.answer(&ask, Head::new(ask.t("决定与理由")).actions(actions)).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let kept = ask
        .write(move |tx, ask| {
            let kept = decisions::decision(tx, &ask.who.scope, &key.region, key.id)?;
            decisions::note(tx, ask, &kept)?;
            Ok(kept)
        })
        .await?;
    let changes = compare::changes(&ask.app.policy, &kept);
    let subject = list::subject_title(&ask, &kept.subject);
    let content = html! {
        (verdict(&ask, &kept, &changes))
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("理由")) } }
                    div.card-body {
                        @if kept.because.is_empty() { p.muted { (ask.t("这项决定没有读取政策取值")) } }
                        ol.reasons { @for it in &kept.because { li { (reason(&ask, it)) } } }
                    }
                }
            }
            div.stack {
                section.card { header.card-head { h2 { (ask.t("决定")) } }
                    div.card-body { (kv(&[
                        (ask.t("事项"), html! { a href=(kept.link) { (subject) } }),
                        (ask.t("结论"), html! { (answer(&ask, &kept)) }),
                        (ask.t("政策主题"), html! { (words::topic(&ask, &kept.topic)) }),
                        (ask.t("适用地区"), html! { (ask.app.places.tree().full_name(&kept.policy_region)) }),
                        (ask.t("适用日期"), html! { time datetime=(kept.day) { (kept.day) } }),
                        (ask.t("决定时间"), time(&kept.created)),
                        (ask.t("政策库内容指纹"), html! { code { (kept.policy_digest) } }),
                    ])) }
                }
            }
        }
    };
    let title = ask.f("{subject}的决定", &[("subject", &subject)]);
    let way = crumbs(
        &ask,
        &[("/policy", ask.t("政策库")), ("/policy/decisions", ask.t("决定与理由")), ("", &kept.key.to_string())],
    );
    Ok(ask.page(Head::new(&title).line(kept.key.to_string()).crumbs(way).actions(print_button(&ask)), content))
}

fn verdict(ask: &Ask, kept: &Kept, changes: &[Change]) -> Markup {
    if kept.policy_digest == ask.app.policy.digest() {
        return alert(Badge::Ok, ask.t("按现行政策库作出"), html! {});
    }
    if changes.is_empty() {
        return alert(Badge::Info, ask.t("政策库其后有改动,但所依据的取值没有变"), html! {});
    }
    alert(
        Badge::Warn,
        ask.t("同一地区、同一天的取值现在不同,应当重新办理"),
        html! { ul { @for it in changes { li { (change(ask, it)) } } } },
    )
}

/// `最低失能等级:2 → 3(文件)`.
fn change(ask: &Ask, it: &Change) -> Markup {
    html! {
        (ask.t(&it.param)) ": " (shape::line(ask, &it.param, &it.was)) " → "
        @match &it.now {
            Now::Value(now) => { (shape::line(ask, &it.param, &now.value)) " " small { (words::source(ask, now.document.as_deref(), now.clause.as_deref())) } }
            Now::NoPolicy(_) => (ask.t("本地当日没有在行政策")),
            Now::Unknown => (ask.t("政策库里已没有这个参数")),
        }
    }
}

/// The answer in words; one of several parts as a list.
fn answer(ask: &Ask, kept: &Kept) -> Markup {
    match &kept.answer {
        serde_json::Value::Object(parts) => html! {
            dl.kv { @for (name, value) in parts { div { dt { (ask.word(name)) } dd { (words::value(ask, value)) } } } }
        },
        other => html! { (words::value(ask, other)) },
    }
}

fn reason(ask: &Ask, it: &Reason) -> Markup {
    let link = format!("/policy/{}/{}", it.topic, kit::form::encoded(&it.param));
    html! {
        p { a href=(link) { (ask.t(&it.param)) } " " b { (shape::line(ask, &it.param, &it.value)) } " "
            small.muted { (ask.f("{region},{day} 起", &[("region", &it.region_name), ("day", &it.from)])) }
            @if it.is_example() { " " (words::status(ask, rules::policy::Status::Example)) } }
        @if shape::is_long(ask, &it.value) { details data-paper { summary { (ask.t("全部内容")) } (shape::whole(ask, &it.value)) } }
        p.source { (words::source(ask, it.document.as_deref(), it.clause.as_deref())) " " (words::confirmed(ask, it.confirmed)) }
    }
}

pub async fn changed(ask: Ask) -> Result<Page> {
    let found = ask
        .read(|tx, ask| {
            let library = &ask.app.policy;
            compare::changed(tx, &ask.who.scope, |_| library, library.digest(), MOST)
        })
        .await?;
    let heads = ["决定", "适用日期", "变了的取值"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = found
        .decisions
        .iter()
        .map(|(kept, changes)| {
            let title = list::subject_title(&ask, &kept.subject);
            vec![
                html! { a href=(format!("/policy/decisions/{}", kept.key)) { (title) " " (kept.key) } },
                html! { (kept.day) },
                html! { @for it in changes { p { (change(&ask, it)) } } },
            ]
        })
        .collect();
    let content = html! {
        (tabs(&ask, "/policy/decisions"))
        @if rows.is_empty() {
            (empty(ask.t("没有需要重办的决定"), ask.t("所有决定依据的取值,按现行政策库都没有变。"), html! {}))
        } @else {
            (plain_table(&heads, &rows))
            @if (rows.len() as u64) < found.total { p.small { (ask.f("只列出前 {n} 项", &[("n", &rows.len())])) } }
        }
        p.small.muted { (ask.t("当时没有在行政策、因而没有作出决定的事项,不在此列。")) }
    };
    let sub = ask.f(
        "比对了 {compared} 项按其他政策库作出的决定,{total} 项的取值已变",
        &[("compared", &found.compared), ("total", &found.total)],
    );
    let way = crumbs(
        &ask,
        &[("/policy", ask.t("政策库")), ("/policy/decisions", ask.t("决定与理由")), ("", ask.t("取值已变的决定"))],
    );
    Ok(ask.page(Head::new(ask.t("取值已变的决定")).line(sub).crumbs(way).actions(print_button(&ask)), content))
}
