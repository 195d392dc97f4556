//! All devices, and what is wrong with those in use.

use axum::response::Response;
use kit::{
    Ask, Result,
    page::{Badge, Head, icon, stat},
};
use maud::html;

use crate::devices::{SET, WRITE, list};

pub async fn page(ask: Ask) -> Result<Response> {
    let counts = ask
        .read(|tx, ask| {
            let mut all = Vec::new();
            for (word, title) in list::FAULTS {
                all.push((*word, *title, list::DEVICES.count(tx, ask, &[("fault", word)])?));
            }
            Ok(all)
        })
        .await?;
    let actions = html! {
        a.btn.btn-ghost href="/devices/models" { (icon("cpu")) (ask.t("型号")) }
        @if ask.may(SET) { a.btn.btn-ghost href="/devices/messages?state=waiting" { (icon("question-octagon")) (ask.t("未识别的消息")) } }
        @if ask.may(WRITE) {
            a.btn href="/devices/import" { (icon("upload")) (ask.t("导入")) }
            a.btn.btn-primary href="/devices/new" { (icon("plus-lg")) (ask.t("登记设备")) }
        }
    };
    let tiles = html! {
        div.stats {
            @for (word, title, n) in &counts {
                @let kind = if *n == 0 { Badge::Ok } else { Badge::Warn };
                (stat(kind, ask.t(title), &n.to_string(), ask.t("台"), note(&ask, word), Some(&format!("/devices?fault={word}"))))
            }
        }
    };
    list::DEVICES.answer_below(&ask, Head::new(ask.t("设备台账")).actions(actions), tiles).await
}

/// What each tile counts.
fn note<'a>(ask: &'a Ask, word: &str) -> &'a str {
    ask.t(match word {
        "silent" => "使用中很久没有消息",
        "weak" => "要充电或换电池",
        "idle" => "很久没有测量",
        "gone" => "老人已故或迁出",
        _ => "发出后没有连上过",
    })
}
