//! The lists: institutions with an agreement, and who gives care for them.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
    table::List,
};
use maud::{Markup, html};

use crate::ltci::{HANDLE, provider::list};

pub async fn providers(ask: Ask) -> Result<Page> {
    let actions = html! { a.btn.btn-primary href="/institutions?q=" { (icon("plus-lg")) (ask.t("签订协议")) } };
    answer(&ask, &list::PROVIDERS, actions).await
}

pub async fn carers(ask: Ask) -> Result<Page> {
    let actions = html! { a.btn href="/ltci/carers/import" { (icon("upload")) (ask.t("导入")) } };
    answer(&ask, &list::CARERS, actions).await
}

async fn answer(ask: &Ask, list: &'static List, actions: Markup) -> Result<Page> {
    let head = Head::new(ask.t(list.title));
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    let actions = if ask.may(HANDLE) {
        actions
    } else {
        html! {}
    };
    Ok(ask.page(head.line(place).actions(actions), html! { (tabs(ask)) (list.markup(ask, &page)) }))
}

/// The ways between the pages of providers.
pub fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let all = [
        ("/ltci/providers", "定点机构"),
        ("/ltci/carers", "护理人员"),
        ("/ltci/handlers", "承办保险公司"),
        ("/ltci/services", "服务项目"),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("长护险定点机构")) {
            @for (to, title) in all { a href=(to) aria-current=[(path == to).then_some("page")] { (ask.t(title)) } }
        }
    }
}
