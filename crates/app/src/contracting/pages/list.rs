//! The lists: all contracts, what is owed, who should be signed, who dropped out.

use kit::{
    Ask, Result,
    page::{Head, Page},
    table::List,
};
use maud::{Markup, html};

use crate::contracting::{MANAGE, list};

pub async fn all(ask: Ask) -> Result<Page> {
    answer(&ask, &list::CONTRACTS).await
}

pub async fn work(ask: Ask) -> Result<Page> {
    answer(&list::owed_asked(&ask), &list::OWED).await
}

pub async fn unsigned(ask: Ask) -> Result<Page> {
    answer(&list::unsigned_asked(&ask), &list::UNSIGNED).await
}

pub async fn dropped(ask: Ask) -> Result<Page> {
    answer(&ask, &list::DROPPED).await
}

async fn answer(ask: &Ask, list: &'static List) -> Result<Page> {
    let head = Head::new(ask.t(list.title));
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place), html! { (tabs(ask)) (list.markup(ask, &page)) }))
}

/// The ways between the lists.
pub fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let state = ask.param("state");
    let all = [
        ("/contracting", "全部签约", path == "/contracting" && !matches!(state, Some("idle"))),
        ("/contracting/work", "待履约服务", path == "/contracting/work"),
        ("/contracting/unsigned", "应签未签", path == "/contracting/unsigned"),
        ("/contracting/renewals", "续签", path == "/contracting/renewals"),
        ("/contracting?state=idle", "签而不约", path == "/contracting" && state == Some("idle")),
        ("/contracting/dropped", "未能续签", path == "/contracting/dropped"),
    ];
    html! {
        @if ask.may(MANAGE) {
            nav.tabs.no-print aria-label=(ask.t("家庭医生签约")) {
                @for (to, title, here) in all {
                    a href=(to) aria-current=[here.then_some("page")] { (ask.t(title)) }
                }
            }
        }
    }
}
