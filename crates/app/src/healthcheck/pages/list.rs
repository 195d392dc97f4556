//! Checks, and who is due.

use kit::{
    Ask, Result, audit,
    page::{Head, Page, icon},
};
use maud::html;

use crate::{
    elders::REVEAL,
    healthcheck::{IMPORT, INVITE, list},
};

pub async fn all(ask: Ask) -> Result<Page> {
    let actions = html! {
        a.btn.btn-ghost href="/healthcheck/rates" { (icon("bar-chart")) (ask.t("管理率")) }
        @if ask.may(IMPORT) { a.btn href="/healthcheck/labs" { (icon("upload")) (ask.t("导入化验")) } }
        @if ask.may(INVITE) { a.btn.btn-primary href="/healthcheck/due" { (icon("telephone")) (ask.t("该体检的老人")) } }
    };
    list::CHECKS.answer(&ask, Head::new(ask.t("健康体检")).actions(actions)).await
}

pub async fn due(ask: Ask) -> Result<Page> {
    // Who may reveal phones sees them here whole; that is a look at all of them.
    if ask.may(REVEAL) && !ask.partial {
        ask.write(|tx, ask| {
            let detail = serde_json::json!({"list": "healthchecks-due", "query": *ask.query}).to_string();
            let entry = audit::Entry {
                action: "reveal",
                subject: "healthcheck",
                subject_id: None,
                region: &kit::house::region_of(ask, &ask.who.scope.place),
                place: &ask.who.scope.place,
                detail: &detail,
            };
            ask.note(tx, &entry)
        })
        .await?;
    }
    let actions = html! { a.btn href="/healthcheck" { (icon("clipboard2-pulse")) (ask.t("健康体检")) } };
    list::DUE.answer(&ask, Head::new(ask.t("该体检的老人")).actions(actions)).await
}
