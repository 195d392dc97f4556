//! All orders, and the applicants of the action for disabled elders.

use axum::response::Response;
use kit::{
    Ask, Error, Result, Role,
    page::{Head, crumbs, icon},
};
use maud::html;

use crate::{
    elders::{self, Elder, Key},
    orders::{DO, list},
};

pub async fn all(ask: Ask) -> Result<Response> {
    let ask = super::for_family(ask);
    let own = if ask.who.role == Role::Family { own(&ask).await? } else { Vec::new() };
    let actions = html! {
        a.btn.btn-ghost href="/orders/services" { (icon("list-check")) (ask.t("服务目录")) }
        @if ask.may(DO) { a.btn.btn-ghost href="/orders/yearly" { (icon("person-badge")) (ask.t("失能老人健康服务")) } }
        @for (nth, elder) in own.iter().enumerate() {
            a.btn.btn-primary[nth == 0] href=(format!("/orders/new?elder={}", elder.key)) {
                (icon("house-heart")) (ask.f("为{name}预约", &[("name", &elder.name)])) }
        }
    };
    list::ORDERS.answer(&ask, Head::new(ask.t("上门服务")).actions(actions)).await
}

/// The living elders of a family.
async fn own(ask: &Ask) -> Result<Vec<Elder>> {
    let all = ask.read(|tx, ask| {
        let scope = &ask.who.scope;
        let mut all = Vec::new();
        for id in scope.persons.iter().flat_map(|it| it.iter()) {
            for region in scope.counties.iter() {
                match elders::find(tx, scope, &Key { region: region.clone(), id: *id }) {
                    Ok(it) if it.is_living() => all.push(it),
                    Ok(_) | Err(Error::NotFound) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(all)
    });
    all.await
}

pub async fn yearly(ask: Ask) -> Result<Response> {
    let title = ask.t("失能老人健康服务申请");
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), ("", title)]);
    list::APPLICANTS.answer(&ask, Head::new(title).crumbs(way)).await
}
