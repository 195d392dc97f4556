//! Pairs that may be one person: side by side, to be merged, kept apart, or taken apart again.

use axum::extract::Path;
use kit::{
    Ask, Id, Result,
    crypt::{mask_address, mask_id_number, mask_phone},
    form::{Input, csrf},
    page::{Badge, Head, Page, badge, crumbs, icon},
};
use maud::{Markup, html};

use crate::elders::{
    duplicates::{self, Pair},
    elder::{Elder, note},
    intake::{ADDRESS_COLUMN, NUMBER_COLUMN, PHONE_COLUMN},
    merging, pairs, words,
};

pub async fn open(ask: Ask) -> Result<Page> {
    let actions = html! { a.btn.btn-ghost href="/elders/duplicates/judged" { (icon("archive")) (ask.t("已判断")) } };
    pairs::OPEN.answer(&ask, Head::new(ask.t("疑似重复")).actions(actions)).await
}

pub async fn judged(ask: Ask) -> Result<Page> {
    let title = ask.t("已判断的重复档案");
    let way = crumbs(&ask, &[("/elders/duplicates", ask.t("疑似重复")), ("", title)]);
    pairs::JUDGED.answer(&ask, Head::new(title).crumbs(way)).await
}

/// One pair side by side; both are looked at.
pub async fn show(ask: Ask, Path((region, id)): Path<(String, Id)>) -> Result<Page> {
    let pair = ask
        .write(move |tx, ask| {
            let pair = duplicates::pair(tx, ask, &region, id)?;
            note(tx, ask, "look", &pair.kept, "duplicates")?;
            note(tx, ask, "look", &pair.other, "duplicates")?;
            Ok(pair)
        })
        .await?;
    let list = if pair.state == "open" { "/elders/duplicates" } else { "/elders/duplicates/judged" };
    let title = format!("{} / {}", pair.kept.name, pair.other.name);
    let way = crumbs(&ask, &[(list, ask.t("疑似重复")), ("", &title)]);
    let content = card(&ask, &pair)?;
    Ok(ask.page(Head::new(&title).line(ask.t("合并后两边的历史都保留,可以撤销。")).crumbs(way), content))
}

fn card(ask: &Ask, pair: &Pair) -> Result<Markup> {
    let to = |deed: &str| format!("/elders/duplicates/{}/{}/{deed}", pair.kept.key.region, pair.id);
    let why: Vec<&str> = pair.why.split_whitespace().map(|it| ask.t(it)).collect();
    let both = [&pair.kept, &pair.other];
    let rows = compared(ask, both)?;
    let can_merge = matches!(&*pair.state, "open" | "undone") && both.iter().all(|it| it.is_living());
    Ok(html! {
        section.card {
            header.card-head { h2 { (ask.t("逐项对照")) } div.actions { @for it in why { (badge(Badge::Warn, it)) } } }
            div.tablewrap { table.list {
                caption.sr { (ask.t("逐项对照")) }
                thead { tr {
                    th scope="col" { (ask.t("项目")) }
                    th scope="col" { (ask.t("左边")) }
                    th scope="col" { (ask.t("右边")) }
                    th scope="col" { (ask.t("是否相同")) }
                } }
                tbody { @for (title, [left, right], same) in &rows { tr {
                    th scope="row" { (title) }
                    td data-label=(ask.t("左边")) { (left) }
                    td data-label=(ask.t("右边")) { (right) }
                    td data-label=(ask.t("是否相同")) {
                        @if *same { (badge(Badge::Muted, ask.t("相同"))) } @else { (badge(Badge::Warn, ask.t("不同"))) }
                    }
                } } }
            } }
            footer.card-foot {
                @if pair.state == "merged" {
                    form method="post" action=(to("undo")) data-confirm=(ask.t("要撤销合并吗?")) { (csrf(ask)) button.btn { (ask.t("撤销合并")) } }
                } @else if can_merge {
                    div.actions {
                        form.actions method="post" action=(to("merge")) data-confirm=(ask.t("要合并成一份档案吗?")) {
                            (csrf(ask))
                            button.btn.btn-primary name="keep" value="left" { (ask.t("同一人,保留左边")) }
                            button.btn name="keep" value="right" { (ask.t("同一人,保留右边")) }
                        }
                        @if pair.state == "open" {
                            form method="post" action=(to("different")) { (csrf(ask)) button.btn { (ask.t("不是同一人")) } }
                        }
                    }
                } @else { p.muted { (ask.t("其中一份档案已不在册或已判断,不能再合并。")) } }
            }
        }
    })
}

/// A field, what the two say, and whether it is the same.
type Compared<'a> = (&'a str, [Markup; 2], bool);

/// Each field of the two, and whether they say the same.
fn compared<'a>(ask: &'a Ask, both: [&Elder; 2]) -> Result<Vec<Compared<'a>>> {
    let open = |column: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map_err(kit::Error::internal),
        None => Ok(String::new()),
    };
    type Of = fn(&Elder) -> &Option<Vec<u8>>;
    let sealed = |title: &'static str, column: &str, of: Of, mask: fn(&str) -> String| -> Result<Compared<'a>> {
        let [left, right] = [open(column, of(both[0]))?, open(column, of(both[1]))?];
        let shown = |it: &str| {
            if it.is_empty() {
                html! { span.muted { "—" } }
            } else {
                html! { (mask(it)) }
            }
        };
        Ok((ask.t(title), [shown(&left), shown(&right)], left == right))
    };
    let plain = |title: &'static str, of: &dyn Fn(&Elder) -> String| {
        let [left, right] = [of(both[0]), of(both[1])];
        let same = left == right;
        (ask.t(title), [html! { (left) }, html! { (right) }], same)
    };
    let tree = ask.app.places.tree();
    let mut name = plain("姓名", &|it| it.name.clone());
    name.1 = both.map(|it| html! { a href=(format!("/elders/{}", it.key)) { (it.name) } });
    let mut created = plain("登记于", &|it| it.created.clone());
    created.1 = both.map(|it| kit::page::time(&it.created));
    Ok(vec![
        name,
        plain("性别", &|it| ask.t(words::title(words::SEXES, &it.sex)).to_string()),
        plain("出生日期", &|it| it.birth.to_string()),
        sealed("证件号码", NUMBER_COLUMN, |it| &it.id_number, mask_id_number)?,
        sealed("电话", PHONE_COLUMN, |it| &it.phone, mask_phone)?,
        plain("居住地", &|it| tree.words(&it.place)),
        sealed("住址", ADDRESS_COLUMN, |it| &it.address, mask_address)?,
        plain("居住情况", &|it| ask.t(words::title(words::LIVING, &it.living)).to_string()),
        plain("状态", &|it| ask.t(words::title(words::STATES, &it.state)).to_string()),
        created,
    ])
}

pub async fn merge(ask: Ask, Path((region, id)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let keep_other = input.get("keep") == "right";
    ask.write(move |tx, ask| {
        let pair = duplicates::pair(tx, ask, &region, id)?;
        merging::merge(tx, ask, &pair, keep_other)
    })
    .await?;
    Ok(ask.go("/elders/duplicates", ask.t("已合并,可在“已判断”中撤销")))
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
        merging::undo(tx, ask, &pair)
    })
    .await?;
    Ok(ask.go("/elders/duplicates/judged", ask.t("已撤销合并")))
}
