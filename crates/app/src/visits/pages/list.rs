//! The lists: visits, phones, calls for help.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
    table::List,
};
use maud::{Markup, html};

use crate::visits::{IMPORT, RESPOND, list};

pub async fn visits(ask: Ask) -> Result<Page> {
    let actions = html! {
        @if ask.may(IMPORT) { a.btn href="/visits/import" { (icon("upload")) (ask.t("导入其他系统的记录")) } }
    };
    answer(&ask, &list::VISITS, actions).await
}

pub async fn phones(ask: Ask) -> Result<Page> {
    let actions = html! { a.btn.btn-primary href="/visits/phones/new" { (icon("plus-lg")) (ask.t("登记手机")) } };
    answer(&ask, &list::PHONES, actions).await
}

pub async fn alarms(ask: Ask) -> Result<Page> {
    answer(&ask, &list::ALARMS, html! {}).await
}

async fn answer(ask: &Ask, list: &'static List, actions: Markup) -> Result<Page> {
    let head = Head::new(ask.t(list.title));
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place).actions(actions), html! { (tabs(ask)) (list.markup(ask, &page)) }))
}

/// The ways between the lists.
pub fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let all = [
        ("/visits", "全部上门", true),
        ("/visits/phones", "上门手机", ask.may(RESPOND)),
        ("/visits/alarms", "求助", ask.may(RESPOND)),
        ("/visits/desk", "待人处理的记录", ask.may(RESPOND)),
    ];
    html! {
        nav.tabs aria-label=(ask.t("上门服务")) {
            @for (to, title, _) in all.iter().filter(|it| it.2) {
                a href=(to) aria-current=[(path == *to).then_some("page")] { (ask.t(title)) }
            }
        }
    }
}
