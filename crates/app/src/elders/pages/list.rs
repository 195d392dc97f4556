//! The register and its archive.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
};
use maud::html;

use crate::elders::{WRITE, list};

pub async fn register(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/elders/archive" { (icon("archive")) (ask.t("已故、迁出")) }
        @if ask.may(WRITE) {
            a.btn href="/elders/import" { (icon("upload")) (ask.t("导入台账")) }
            a.btn.btn-primary href="/elders/new" { (icon("person-plus")) (ask.t("新增老人")) }
        }
    };
    list::ELDERS.answer(&ask, Head::new(ask.t("老人名册")).actions(actions)).await
}

pub async fn archive(ask: Ask) -> Result<Page> {
    let crumbs = kit::page::crumbs(&ask, &[("/elders", ask.t("老人名册")), ("", ask.t("已故、迁出与合并"))]);
    list::ARCHIVE.answer(&ask, Head::new(ask.t("已故、迁出与合并")).crumbs(crumbs)).await
}
