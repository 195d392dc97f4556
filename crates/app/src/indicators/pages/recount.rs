//! The recount: what a night's comparison with the facts found, and putting it right.

use kit::{
    Ask, Result,
    form::csrf,
    jobs::{self, New},
    page::{Badge, Head, Page, alert, crumbs, empty, icon, plain_table, time},
};
use maud::html;
use serde_json::Value;

use super::super::work::{RECOUNT, last};

/// So many differences are shown; the job's result holds as many.
const SHOWN: usize = 200;

pub async fn page(ask: Ask) -> Result<Page> {
    let found = ask.read(|tx, _| last(tx)).await?;
    let differences = |it: &Value| it["differences"].as_array().cloned().unwrap_or_default();
    let content = html! {
        @match &found {
            None => (empty(ask.t("还没有核对过"), ask.t("每夜自动核对一次,也可以现在就核对。"), html! {})),
            Some((at, result)) => {
                @let all = differences(result);
                @let looked = result["things"].as_i64().unwrap_or(0);
                @if all.is_empty() {
                    (alert(Badge::Ok, ask.t("没有差异"), html! { p { (ask.f("{n} 个对象与原始记录一致。", &[("n", &looked)])) } }))
                } @else {
                    (alert(Badge::Bad, &ask.f("有 {n} 处差异", &[("n", &result["wrong"])]),
                        html! { p { (ask.t("“核对并改正”会按原始记录重算,并把改正数记入任务。")) } }))
                }
                p.muted { (ask.t("最近一次")) " " (time(at)) }
                @if !all.is_empty() {
                    (plain_table(&[ask.t("地区"), ask.t("对象或数字"), ask.t("记为"), ask.t("应为")],
                        &all.iter().take(SHOWN).map(|it| {
                            let text = |name: &str| html! { (it[name].as_str().unwrap_or_default()) };
                            vec![text("region"), text("what"), text("kept"), text("counted")]
                        }).collect::<Vec<_>>()))
                }
            }
        }
    };
    let actions = html! {
        form.inline method="post" action="/indicators/recount" { (csrf(&ask)) button.btn { (icon("arrow-repeat")) (ask.t("现在核对")) } }
        form.inline method="post" action="/indicators/recount?repair=1" data-confirm=(ask.t("要按原始记录重算全部指标吗?")) {
            (csrf(&ask)) button.btn.btn-primary { (icon("check-circle")) (ask.t("核对并改正")) }
        }
    };
    let way = crumbs(&ask, &[("/indicators", ask.t("指标看板")), ("", ask.t("核对"))]);
    Ok(ask.page(Head::new(ask.t("指标核对")).crumbs(way).actions(actions), content))
}

pub async fn start(ask: Ask) -> Result<Page> {
    let is_repair = ask.param("repair").is_some();
    ask.write(move |tx, ask| {
        let body = serde_json::json!({"repair": is_repair});
        let new = New {
            region: kit::audit::HOUSE,
            kind: RECOUNT,
            unique_key: Some(if is_repair { "repair" } else { "asked" }),
            title: "核对指标",
            body: &body,
            account: Some(ask.who.account),
        };
        jobs::enqueue(tx, &new, ask.now)
    })
    .await?;
    Ok(ask.go("/indicators/recount", ask.t("已开始核对,完成后在本页查看")))
}
