//! The report of a finished assessment, made for paper.

use axum::extract::Path;
use kit::{
    Ask, Error, Lang, Result,
    page::{Badge, Head, Page, badge, crumbs, icon, kv},
};
use maud::html;

use super::{show, why};
use crate::{
    assessment::{apply, list::instrument_name, sources, words, work::level_in},
    elders::{self, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask.write(move |tx, ask| show::load(tx, ask, &key)).await?;
    let (it, elder) = (&shown.it, &shown.elder);
    let outcome = it.result.as_ref().ok_or_else(|| Error::refused("not_finished", "评估还没有完成,没有报告"))?;
    let instrument = it.instrument_used(&ask.app.policy);
    let english = ask.lang == Lang::En;
    let date = |it: Option<rules::base::Date>| it.map_or("—".to_string(), |it| it.to_string());
    let title = ask.f("{programme}报告", &[("programme", &ask.t(apply::title_of(it.programme)))]);
    let names: Vec<&str> = it.assessors.iter().map(|it| &*it.name).filter(|it| !it.is_empty()).collect();
    let basis =
        instrument.map(|it| sources::citation(&ask, it.basis.document(), it.basis.clause())).unwrap_or_default();
    let content = html! {
        section.card { div.card-body {
            (kv(&[
                (ask.t("姓名"), html! { (elder.name) }),
                (ask.t("性别"), html! { (ask.t(words::title(elders::words::SEXES, &elder.sex))) }),
                (ask.t("出生日期"), html! { (elder.birth) }),
                (ask.t("居住地"), html! { (ask.app.places.tree().full_name(&elder.place)) }),
                (ask.t("评估原因"), html! { (ask.t(words::title(words::REASONS, &it.reason))) }),
                (ask.t("评估地点"), html! { (it.place_in_words(&ask)) }),
                (ask.t("信息提供者"), html! { (if it.informant.is_empty() { "—" } else { &it.informant }) }),
                (ask.t("评估时间"), html! { @if let Some(ended) = &it.ended { (kit::page::time(ended)) } }),
                (ask.t("量表"), html! { (instrument_name(&ask, &it.instrument)) " " (it.edition) " · " (basis) }),
            ]))
        } }
        section.card.gap-top { header.card-head {
                h2 { (ask.t("评估结果")) (ask.t(":")) (level_in(&ask, it)) }
                @if outcome.confirmed.is_doubtful() { (badge(Badge::Unconfirmed, ask.t("待核"))) } }
            div.tablewrap { table.plain {
                thead { tr { th scope="col" { (ask.t("条目")) } th scope="col" { (ask.t("答案")) } th.num scope="col" { (ask.t("分值")) } } }
                tbody { @for one in &shown.answers { tr {
                    td { @if english { (one.name_en) } @else { (one.name) } } td { (one.wording) } td.num { (one.score) }
                } } }
            } }
            div.card-body.stack { (show::facts(&ask, it)) (why::card(&ask, it, outcome)) (why::tier(&ask, it)) (why::terms(&ask, it)?) }
        }
        section.card.gap-top { div.card-body {
            (kv(&[
                (ask.t("评估员"), html! { (names.join("、")) }),
                (ask.t("复核"), html! { (if it.reviewer_name.is_empty() { "—" } else { &it.reviewer_name }) }),
                (ask.t("结论日期"), html! { (date(it.concluded)) }),
                (ask.t("有效期"), html! { (date(it.valid_from)) @if it.valid_until.is_some() { " — " (date(it.valid_until)) } }),
            ]))
            @for one in &it.assessors {
                @if let Some(file) = one.signature {
                    p { (one.name) (ask.t(":")) img.signature src=(format!("{}/files/{file}", it.link())) alt=(ask.t("签名")) height="60"; }
                }
            }
        } }
    };
    let here = it.link();
    let way = crumbs(&ask, &[("/assessment", ask.t("评估")), (&here, &elder.name), ("", ask.t("评估报告"))]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(&title).line(format!("{} · {}", elder.name, it.key)).crumbs(way).actions(actions), content))
}
