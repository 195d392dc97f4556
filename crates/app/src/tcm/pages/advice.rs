//! The advice for the elder, printed large.

use axum::extract::Path;
use kit::{
    Ask, Error, Lang, Result,
    page::{Head, Page, crumbs, icon},
};
use maud::html;

use super::show::given;
use crate::{
    elders::Key,
    tcm::{course, record},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder) = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "advice")?;
            Ok((it, elder))
        })
        .await?;
    // Old eyes read it: large print on screen and paper, whatever the reader's own setting.
    let ask = Ask { large: true, ..ask };
    let current = match it.constitution.is_empty() {
        true => None,
        false => course::advice(&ask, &elder.key.region, &it.constitution)?.cloned(),
    };
    let advice = given(&it)?.or(current);
    let advice = advice.ok_or_else(|| Error::refused("not_settled", "还没有判定主要体质,不能给予指导"))?;
    let english = ask.lang == Lang::En;
    let lang = if english { rules::base::Lang::En } else { rules::base::Lang::Zh };
    let content = html! {
        section.card { div.card-body {
            p { (ask.f("{name},您的体质是", &[("name", &elder.name)])) " " b { @if english { (advice.constitution_en) } @else { (advice.constitution) } } (ask.t("。")) }
            p { @if english { (advice.looks_en) } @else { (advice.looks) } (ask.t("。")) }
        } }
        section.card.gap-top { header.card-head { h2 { (ask.t("平时这样调养")) } } div.card-body {
            @for (title, part) in advice.parts() { p { b { (ask.t(title)) } br; (part.in_lang(lang)) } }
            @if !it.advice_note.is_empty() { p { b { (ask.t("另外叮嘱")) } br; (it.advice_note) } }
        } }
        p.small.muted.gap-top { (ask.t("有病请看医生,调养不能代替吃药。")) " " @if !it.doctor.is_empty() { (ask.t("医生")) (ask.t(":")) (it.doctor) " · " } (it.day) }
    };
    let title = ask.t("中医药保健指导");
    let here = it.link();
    let way = crumbs(&ask, &[("/tcm", ask.t("中医药健康管理")), (&here, &elder.name), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let sub = ask.f("{name} · {age} 岁", &[("name", &elder.name), ("age", &elder.age_on(it.day))]);
    Ok(ask.page(Head::new(title).line(sub).crumbs(way).actions(actions), content))
}
