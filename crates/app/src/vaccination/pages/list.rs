//! The lists of persons: whom to invite, doses, adverse events.

use kit::{
    Ask, Result,
    form::csrf,
    jobs,
    page::{Head, Page, icon},
    table::List,
};
use maud::html;
use serde_json::json;

use crate::vaccination::{WRITE, list};

pub async fn invitations(ask: Ask) -> Result<Page> {
    let actions = html! {
        @if ask.may(WRITE) {
            form method="post" action="/vaccination/invite" { (csrf(&ask)) button.btn { (icon("arrow-repeat")) (ask.t("更新名单")) } }
        }
    };
    let head = Head::new(ask.t("接种邀请")).actions(actions);
    answer(&ask, &list::INVITATIONS, head).await
}

pub async fn doses(ask: Ask) -> Result<Page> {
    let actions = html! {
        @if ask.may(WRITE) { a.btn href="/vaccination/import" { (icon("upload")) (ask.t("导入")) } }
    };
    answer(&ask, &list::DOSES, Head::new(ask.t("接种记录")).actions(actions)).await
}

pub async fn reactions(ask: Ask) -> Result<Page> {
    answer(&ask, &list::REACTIONS, Head::new(ask.t("接种后反应"))).await
}

/// Lets the list be brought up to date now instead of at night.
pub async fn renew(ask: Ask) -> Result<Page> {
    ask.write(|tx, ask| {
        let new = jobs::New {
            region: &ask.who.scope.place,
            kind: "vaccination.invite",
            unique_key: Some("now"),
            title: "更新接种邀请名单",
            body: &json!({}),
            account: Some(ask.who.account),
        };
        jobs::enqueue(tx, &new, ask.now)
    })
    .await?;
    Ok(ask.go("/vaccination?work=now", ask.t("正在更新名单,稍后刷新")))
}

async fn answer(ask: &Ask, list: &'static List, head: Head<'_>) -> Result<Page> {
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let content = html! { (super::tabs(ask)) (list.markup(ask, &page)) };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place), content))
}
