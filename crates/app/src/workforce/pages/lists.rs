//! Staff, those who left, and teams.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
};
use maud::html;

use crate::workforce::{TEAMS, WRITE, list};

pub async fn staff(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/workforce/former" { (icon("archive")) (ask.t("已离职")) }
        @if ask.may(WRITE) { a.btn href="/workforce/import" { (icon("upload")) (ask.t("导入人员")) }
            a.btn.btn-primary href="/workforce/new" { (icon("person-plus")) (ask.t("新增人员")) } }
    };
    list::STAFF.answer(&ask, Head::new(ask.t("从业人员")).actions(actions)).await
}

pub async fn former(ask: Ask) -> Result<Page> {
    let crumbs = kit::page::crumbs(&ask, &[("/workforce", ask.t("从业人员")), ("", ask.t("已离职人员"))]);
    list::FORMER.answer(&ask, Head::new(ask.t("已离职人员")).crumbs(crumbs)).await
}

pub async fn teams(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/workforce/teams/gaps" { (icon("geo-alt")) (ask.t("无团队的村(社区)")) }
        @if ask.may(TEAMS) {
            a.btn.btn-primary href="/workforce/teams/new" { (icon("plus-lg")) (ask.t("组建团队")) }
        }
    };
    list::TEAMS.answer(&ask, Head::new(ask.t("家庭医生团队")).actions(actions)).await
}
