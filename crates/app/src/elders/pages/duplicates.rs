//! Pairs that may be one person: side by side, to be merged, kept apart, or taken apart again.

use axum::extract::Path;
use kit::{
    Ask, Id, Result,
    crypt::{mask_id_number, mask_phone},
    form::{Input, csrf},
    page::{Badge, Head, Page, badge, empty},
};
use maud::{Markup, html};

use crate::elders::{
    duplicates::{self, Pair},
    elder::{Elder, note},
    intake::{NUMBER_COLUMN, PHONE_COLUMN},
    list, words, work,
};

pub async fn page(ask: Ask) -> Result<Page> {
    let merged = ask.param("state") == Some("merged");
    let (open, pairs) = ask
        .write(move |tx, ask| {
            let mut values = Vec::new();
            let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
            let state = if merged { "merged" } else { "open" };
            let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
            let ids = tx.rows(
                &format!(
                    "select d.region, d.id from elder_duplicate d join elder e on e.region = d.region and e.id = d.kept
                      where d.state = '{state}' and {condition} order by d.id desc limit 30"
                ),
                &values,
                |row| Ok((row.get::<String>(0)?, row.get::<Id>(1)?)),
            )?;
            let mut pairs = Vec::new();
            for (region, id) in ids {
                match duplicates::pair(tx, ask, &region, id) {
                    Ok(pair) => {
                        note(tx, ask, "look", &pair.kept, "duplicates")?;
                        note(tx, ask, "look", &pair.other, "duplicates")?;
                        pairs.push(pair);
                    }
                    // One of the two lies outside the reader's scope.
                    Err(kit::Error::NotFound) => {}
                    Err(other) => return Err(other),
                }
            }
            Ok((work::duplicates_open(tx, ask)?, pairs))
        })
        .await?;
    let content = html! {
        nav.tabs aria-label=(ask.t("状态")) {
            a href="/elders/duplicates" aria-current=[(!merged).then_some("page")] { (ask.t("待判断")) span.count { (open) } }
            a href="/elders/duplicates?state=merged" aria-current=[merged.then_some("page")] { (ask.t("已合并")) }
        }
        @if pairs.is_empty() {
            (empty(ask.t("没有疑似重复的档案"), ask.t("登记和导入时,系统会比对姓名、出生日期和电话。"), html! {}))
        }
        div.stack { @for pair in &pairs { (card(&ask, pair)?) } }
    };
    Ok(ask.page(Head::new(ask.t("疑似重复")).line(ask.t("合并后两边的历史都保留,可以撤销。")), content))
}

fn card(ask: &Ask, pair: &Pair) -> Result<Markup> {
    let to = |deed: &str| format!("/elders/duplicates/{}/{}/{deed}", pair.kept.key.region, pair.id);
    let why: Vec<&str> = pair.why.split_whitespace().map(|it| ask.t(it)).collect();
    Ok(html! {
        section.card {
            header.card-head { h2 { (pair.kept.name) " / " (pair.other.name) } @for it in why { (badge(Badge::Warn, it)) } }
            div.card-body { div.cols-2 { (side(ask, &pair.kept)?) (side(ask, &pair.other)?) } }
            footer.card-foot {
                @if pair.state == "merged" {
                    form method="post" action=(to("undo")) data-confirm=(ask.t("要撤销合并吗?")) { (csrf(ask)) button.btn { (ask.t("撤销合并")) } }
                } @else {
                    form.actions method="post" action=(to("merge")) data-confirm=(ask.t("要合并成一份档案吗?")) {
                        (csrf(ask))
                        button.btn.btn-primary name="keep" value="left" { (ask.t("同一人,保留左边")) }
                        button.btn name="keep" value="right" { (ask.t("同一人,保留右边")) }
                    }
                    form method="post" action=(to("different")) { (csrf(ask)) button.btn { (ask.t("不是同一人")) } }
                }
            }
        }
    })
}

fn side(ask: &Ask, elder: &Elder) -> Result<Markup> {
    let open = |column: &str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map(|it| mask(&it)).map_err(kit::Error::internal),
        None => Ok("—".to_string()),
    };
    let number = open(NUMBER_COLUMN, &elder.id_number, mask_id_number)?;
    let phone = open(PHONE_COLUMN, &elder.phone, mask_phone)?;
    let text = |it: &str| html! { (it) };
    Ok(kit::page::kv(&[
        (ask.t("姓名"), html! { a href=(format!("/elders/{}", elder.key)) { (elder.name) } }),
        (ask.t("性别"), text(ask.t(words::title(words::SEXES, &elder.sex)))),
        (ask.t("出生日期"), html! { (elder.birth) }),
        (ask.t("证件号码"), text(&number)),
        (ask.t("电话"), text(&phone)),
        (ask.t("居住地"), text(&ask.app.places.tree().words(&elder.place))),
        (ask.t("登记于"), kit::page::time(&elder.created)),
    ]))
}

pub async fn merge(ask: Ask, Path((region, id)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let keep_other = input.get("keep") == "right";
    ask.write(move |tx, ask| {
        let pair = duplicates::pair(tx, ask, &region, id)?;
        duplicates::merge(tx, ask, &pair, keep_other)
    })
    .await?;
    Ok(ask.go("/elders/duplicates", ask.t("已合并,可在“已合并”中撤销")))
}

pub async fn different(ask: Ask, Path((region, id)): Path<(String, Id)>) -> Result<Page> {
    ask.write(move |tx, ask| {
        let pair = duplicates::pair(tx, ask, &region, id)?;
        duplicates::different(tx, ask, &pair)
    })
    .await?;
    Ok(ask.go("/elders/duplicates", ask.t("已记为不同的人")))
}

pub async fn undo(ask: Ask, Path((region, id)): Path<(String, Id)>) -> Result<Page> {
    ask.write(move |tx, ask| {
        let pair = duplicates::pair(tx, ask, &region, id)?;
        duplicates::undo(tx, ask, &pair)
    })
    .await?;
    Ok(ask.go("/elders/duplicates?state=merged", ask.t("已撤销合并")))
}
