//! The lists: who has a benefit, who asked for one.

use kit::{
    Ask, Result,
    page::{Head, Page},
    table::List,
};
use maud::{Markup, html};

use crate::ltci::{HANDLE, benefit::list};

pub async fn recipients(ask: Ask) -> Result<Page> {
    answer(&ask, &list::RECIPIENTS).await
}

pub async fn applications(ask: Ask) -> Result<Page> {
    answer(&ask, &list::APPLICATIONS).await
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
fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let state = ask.param("state");
    let all = [
        ("/ltci", "享受待遇", path == "/ltci" && state.is_none()),
        ("/ltci?state=expiring", "评估将到期", path == "/ltci" && state == Some("expiring")),
        ("/ltci/applications", "全部申请", path == "/ltci/applications" && state.is_none()),
        ("/ltci/applications?state=deciding", "待决定", path == "/ltci/applications" && state == Some("deciding")),
    ];
    html! {
        @if ask.may(HANDLE) {
            nav.tabs.no-print aria-label=(ask.t("长护险待遇")) {
                @for (to, title, here) in all { a href=(to) aria-current=[here.then_some("page")] { (ask.t(title)) } }
            }
        }
    }
}
