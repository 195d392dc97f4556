//! Services that, as elders say, did not happen: for those who check them.

use axum::extract::Path;
use kit::{
    Ask, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, badge, crumbs, kv, time},
};
use maud::html;

use crate::{
    elders::{self, Key},
    ltci::settle::{complaint, list, words},
};

pub async fn list(ask: Ask) -> Result<Page> {
    super::answer(&ask, &list::COMPLAINTS).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder) = ask
        .write(move |tx, ask| {
            let (it, elder) = complaint::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("complaint {}", key.id))?;
            Ok((it, elder))
        })
        .await?;
    let state = words::COMPLAINT_STATES.iter().find(|one| one.0 == it.state);
    let content = html! {
        section.card { div.card-body { (kv(&[
            (ask.t("状态"), html! { @if let Some(one) = state { (badge(one.2, ask.t(one.1))) } }),
            (ask.t("明细"), html! { a href=(format!("/ltci/claims/{}-{}", it.key.region, it.claim)) { (ask.t("查看申报明细")) } }),
            (ask.t("反映人"), html! { (it.caller) " " small.muted { (ask.t("不得告知机构")) } }),
            (ask.t("反映时间"), html! { (time(&it.created)) }),
            (ask.t("补充说明"), html! { (it.said) }),
            (ask.t("核查情况"), html! { (it.finding) " " (it.closed_by) }),
        ])) } }
        @if it.state == "open" {
            section.card.gap-top { header.card-head { h2 { (ask.t("核查")) } } div.card-body {
                form.form method="post" action=(format!("/ltci/complaints/{}/close", it.key)) data-confirm=(ask.t("保存核查结果?保存后不能再改。")) {
                    (csrf(&ask))
                    (kit_form::fields(&ask, complaint::CLOSE, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn.btn-primary { (ask.t("保存核查结果")) } }
                }
            } }
        }
    };
    let way = crumbs(&ask, &[("/ltci/complaints", ask.t("服务未发生的反映")), ("", &elder.name)]);
    Ok(ask.page(Head::new(&elder.name).line(elders::about(&ask, &elder)).crumbs(way), content))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/complaints/{key}");
    ask.write(move |tx, ask| complaint::close(tx, ask, &key, &input)).await?;
    Ok(ask.go(&here, ask.t("已保存核查结果")))
}
