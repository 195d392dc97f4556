//! All orders, and the applicants of the action for disabled elders.

use axum::response::Response;
use kit::{
    Ask, Result, Role,
    page::{Head, crumbs, icon},
};
use maud::html;

use crate::orders::{DO, list};

pub async fn all(ask: Ask) -> Result<Response> {
    let ask = super::for_family(ask);
    let own = match &ask.who.scope.persons {
        Some(all) if ask.who.role == Role::Family => all.to_vec(),
        _ => Vec::new(),
    };
    let county = ask.app.places.tree().county_of(&ask.who.scope.place).map(|it| it.code.clone()).unwrap_or_default();
    let one = (own.len() == 1).then(|| format!("/orders/new?elder={county}-{}", own[0]));
    let actions = html! {
        a.btn.btn-ghost href="/orders/services" { (icon("list-check")) (ask.t("服务目录")) }
        @if ask.may(DO) { a.btn.btn-ghost href="/orders/yearly" { (icon("person-badge")) (ask.t("失能老人健康服务")) } }
        @if let Some(to) = &one { a.btn.btn-primary href=(to) { (icon("house-heart")) (ask.t("预约上门服务")) } }
    };
    list::ORDERS.answer(&ask, Head::new(ask.t("上门服务")).actions(actions)).await
}

pub async fn yearly(ask: Ask) -> Result<Response> {
    let title = ask.t("失能老人健康服务申请");
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), ("", title)]);
    list::APPLICANTS.answer(&ask, Head::new(title).crumbs(way)).await
}
