//! One page to print and sign, in large print.

use axum::extract::Path;
use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, icon, kv},
};
use maud::html;

use super::{pieces, show};
use crate::{
    careplan::{record, words},
    elders::{self, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = show::load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.it, &shown.elder, "print")?;
            Ok(shown)
        })
        .await?;
    // Old eyes read it: large print on screen and paper, whatever the reader's own setting.
    let ask = Ask { large: true, ..ask };
    let (it, elder) = (&shown.it, &shown.elder);
    let signed = |role: &str| {
        let found = shown.signatures.iter().find(|one| one.version == it.version && one.role == role);
        found.map_or(String::new(), |one| format!("{} {}", one.name, kit::clock::minute(&one.at)))
    };
    let content = html! {
        section.card { div.card-body { (kv(&[
            (ask.t("姓名"), html! { b { (elder.name) } }),
            (ask.t("阶段"), html! { (ask.t(it.phase.title())) }),
            (ask.t("执行自"), html! { @match it.from { Some(day) => (day), None => "—" } }),
            (ask.t("复评日"), html! { (it.review) }),
            (ask.t("情况与意愿"), html! { (pieces::wishes(&ask, it)) }),
            (ask.t("版次"), html! { (ask.f("第 {n} 版", &[("n", &it.version)])) }),
        ])) } }
        section.card.gap-top { header.card-head { h2 { (ask.t("问题与目标")) } } div.card-body.stack { (pieces::problems(&ask, &shown.lines, None)) } }
        section.card.gap-top { header.card-head { h2 { (ask.t("服务")) } } (pieces::services(&ask, &shown.lines, None, false)) }
        section.card.gap-top { div.card-body {
            p { (ask.t("以上内容已向我说明,我同意按此执行;有变化时会重新商量。")) }
            (kv(&[
                (ask.t("老人本人"), html! { (signed("self")) " ____________________" }),
                (ask.t("家属或监护人"), html! { (signed("family")) (signed("guardian")) " ____________________" }),
                (ask.t(words::SIGNERS[0].1), html! { (signed("doctor")) " ____________________" }),
                (ask.t("日期"), html! { "____________________" }),
            ]))
        } }
    };
    let (here, title) = (it.link(), ask.t("照护计划"));
    let way = crumbs(&ask, &[("/careplan", title), (&here, &elder.name), ("", ask.t("打印签字页"))]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(
        Head::new(title).line(format!("{} · {}", elder.name, elders::about(&ask, elder))).crumbs(way).actions(actions),
        content,
    ))
}
