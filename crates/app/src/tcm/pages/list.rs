//! Constitutions and advice, and who is due.

use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, icon},
};
use maud::html;

use crate::tcm::{WRITE, list};

pub async fn all(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/tcm/techniques" { (icon("list-check")) (ask.t("中医技术")) }
        @if ask.may(WRITE) { a.btn.btn-primary href="/tcm/due" { (icon("calendar-event")) (ask.t("该做的老人")) } }
    };
    list::RECORDS.answer(&ask, Head::new(ask.t("中医药健康管理")).actions(actions)).await
}

pub async fn due(ask: Ask) -> Result<Page> {
    let title = ask.t("该做中医药健康管理的老人");
    let way = crumbs(&ask, &[("/tcm", ask.t("中医药健康管理")), ("", title)]);
    list::DUE.answer(&ask, Head::new(title).crumbs(way)).await
}
