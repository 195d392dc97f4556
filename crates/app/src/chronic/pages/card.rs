//! The follow-up card for paper: what the patient takes home.

use axum::extract::Path;
use kit::{
    Ask, Result,
    page::{Head, Page, icon, kv},
};
use maud::html;

use super::show;
use crate::{
    chronic::{medicine, words},
    elders::{self, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.write(move |tx, ask| show::load(tx, ask, &key)).await?;
    let open: Vec<&str> = it.diseases.iter().filter(|it| it.ended.is_none()).map(|it| &*it.kind).collect();
    let visits: Vec<_> = it.visits.iter().filter(|it| it.voided.is_none()).take(8).collect();
    let next = visits.first().map(|it| it.next_day.to_string()).unwrap_or_default();
    let content = html! {
        section.card { div.card-body {
            (kv(&[
                (ask.t("姓名"), html! { (it.elder.name) }),
                (ask.t("出生日期"), html! { (it.elder.birth) }),
                (ask.t("慢性病"), html! { (words::diseases(&ask, &open.join(" "))) }),
                (ask.t("下次随访"), html! { b { (next) } }),
            ]))
        } }
        section.card.gap-top { header.card-head { h2 { (ask.t("用药")) } } div.card-body { ul {
            @for one in it.medicines.iter().filter(|it| it.until.is_none()) {
                li { b { (one.name) } " " (one.dose) " " (ask.t(words::title(medicine::TIMES, &one.times))) }
            }
        } } }
        section.card.gap-top { header.card-head { h2 { (ask.t("随访记录")) } } div.tablewrap { table.plain {
            thead { tr { @for head in ["日期", "血压", "空腹血糖", "结果", "下次随访", "随访人"] { th scope="col" { (ask.t(head)) } } } }
            tbody { @for one in visits { tr {
                td { (one.day) }
                td { (one.values.text("systolic")) @if one.values.get("systolic").is_some() { "/" } (one.values.text("diastolic")) }
                td { (one.values.text("fasting")) }
                td { @for verdict in &one.judged { div { (ask.t(words::title(words::DISEASES, &verdict.disease))) " "
                    (words::badge(&ask, words::CLASSES, &verdict.class)) } } }
                td { (one.next_day) }
                td { (one.who) }
            } } }
        } } }
        p.muted { (ask.t("如有头痛剧烈、胸闷气促、视力突然下降、意识改变,或血糖过高过低的表现,请立即就医。")) }
    };
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let title = ask.t("慢病随访卡");
    let head = Head::new(title)
        .line(format!("{} · {}", it.elder.name, elders::about(&ask, &it.elder)))
        .crumbs(super::way(&ask, &it.elder, title))
        .actions(actions);
    Ok(ask.page(head, content))
}
