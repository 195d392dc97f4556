//! All plans.

use axum::response::Response;
use kit::{
    Ask, Result,
    page::{Head, icon},
};
use maud::html;

use crate::dispatch::{PLAN, SET, list};

pub async fn page(ask: Ask) -> Result<Response> {
    let actions = html! {
        @if ask.may(SET) { a.btn.btn-ghost href="/dispatch/setting" { (icon("gear")) (ask.t("派单设置")) } }
        @if ask.may(PLAN) {
            a.btn href="/dispatch/slots" { (icon("telephone")) (ask.t("约时间")) }
            a.btn.btn-primary href="/dispatch/new" { (icon("plus-lg")) (ask.t("新建派单方案")) }
        }
    };
    list::PLANS.answer(&ask, Head::new(ask.t("上门派单")).actions(actions)).await
}
