//! The list of institutions.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
};
use maud::html;

use crate::institutions::{ESTABLISH, list};

pub async fn page(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/institutions/map" { (icon("map")) (ask.t("地图")) }
        @if ask.may(ESTABLISH) {
            a.btn href="/institutions/import" { (icon("upload")) (ask.t("导入机构")) }
            a.btn.btn-primary href="/institutions/new" { (icon("plus-lg")) (ask.t("新增机构")) }
        }
    };
    list::INSTITUTIONS.answer(&ask, Head::new(ask.t("医养机构")).actions(actions)).await
}
