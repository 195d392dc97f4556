//! What a person has to look at: events that could not be used, and fields with two values.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Said,
    form::{Input, csrf},
    page::{Head, Page, empty, time},
};
use maud::{Markup, html};

use super::list::tabs;
use crate::{
    elders::{Elder, Key},
    visits::{
        conflict::{self, Conflict},
        event, words,
    },
};

struct Aside {
    region: String,
    id: String,
    kind: String,
    staff: String,
    received: String,
    reason: String,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let (aside, conflicts) = ask
        .read(|tx, ask| {
            let (mut aside, mut conflicts) = (Vec::new(), Vec::new());
            for region in ask.who.scope.counties.iter() {
                aside.extend(event::aside(tx, ask, region)?.into_iter().map(|it| Aside {
                    region: region.to_string(),
                    id: it.0,
                    kind: it.1,
                    staff: it.2,
                    received: it.3,
                    reason: it.4,
                }));
                conflicts.extend(conflict::open(tx, ask, region)?);
            }
            Ok((aside, conflicts))
        })
        .await?;
    let content = html! {
        (tabs(&ask))
        @if aside.is_empty() && conflicts.is_empty() {
            (empty(ask.t("没有要人处理的记录"), ask.t("手机送来的记录都用上了。"), html! {}))
        }
        @for (it, elder) in &conflicts { (two_values(&ask, it, elder)) }
        @for it in &aside { (set_aside(&ask, it)) }
    };
    Ok(ask.page(Head::new(ask.t("待人处理的记录")), content))
}

fn two_values(ask: &Ask, it: &Conflict, elder: &Elder) -> Markup {
    let field = if it.field == "phone" { "电话" } else { "备注" };
    html! {
        section.card { header.card-head { h2 { (elder.name) " · " (ask.t(field)) } } div.card-body {
            p { (ask.t("现在的")) (ask.t(":")) (it.here) }
            p { (ask.f("{who} 在上门时改的", &[("who", &it.who)])) (ask.t(":")) (it.theirs) }
            p.small.muted { (ask.t("改之前手机上的")) (ask.t(":")) (it.before) " · " (time(&it.at)) }
            form.form method="post" action=(format!("/visits/desk/conflicts/{}", it.key)) { (csrf(ask))
                div.form-foot {
                    button.btn name="which" value="here" { (ask.t("保留现在的")) } " "
                    button.btn.btn-primary name="which" value="theirs" { (ask.t("用上门时改的")) }
                }
            }
        } }
    }
}

fn set_aside(ask: &Ask, it: &Aside) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t(words::title(words::EVENTS, &it.kind))) " · " (it.staff) } } div.card-body {
            p { (Said::shown(&it.reason, ask.lang)) }
            p.small.muted { (ask.t("收到")) " " (time(&it.received)) }
            form.form method="post" action=(format!("/visits/desk/aside/{}/{}", it.region, it.id)) data-confirm=(ask.t("看过以后不再列在这里,记录仍然保留。")) { (csrf(ask))
                div.form-foot { button.btn { (ask.t("已看过")) } }
            }
        } }
    }
}

pub async fn settle(ask: Ask, Path((region, id)): Path<(String, String)>) -> Result<Page> {
    ask.write(move |tx, ask| {
        let is_theirs = ask.who.scope.counties.contains(&region);
        let known = event::aside(tx, ask, &region)?.into_iter().find(|it| is_theirs && it.0 == id);
        let known = known.ok_or(Error::NotFound)?;
        event::seen(tx, &region, &known.0)?;
        let entry = kit::audit::Entry {
            action: "change",
            subject: "visit",
            subject_id: None,
            region: &region,
            place: &region,
            detail: &known.0,
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(ask.go("/visits/desk", ask.t("已处理")))
}

pub async fn decide(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let theirs = match input.get("which") {
        "theirs" => true,
        "here" => false,
        _ => return Err(Error::invalid("which", "请选择用哪一个")),
    };
    ask.write(move |tx, ask| conflict::decide(tx, ask, &key, theirs)).await?;
    Ok(ask.go("/visits/desk", ask.t("已处理")))
}
