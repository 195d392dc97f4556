//! Assessment scales: items with options and scores, bands, matrix, licence, and how well each part is confirmed.

use axum::extract::Path;
use kit::{
    Ask, Error, Lang, Result,
    page::{Badge, Head, Page, alert, badge, crumbs, kv, plain_table},
};
use maud::{Markup, html};
use rules::{
    assessment::{Code, Direction, FactUsed, Instrument, Item, PartConfirmed},
    cases::Outcome,
};

use super::{
    param::{failure, passed},
    print_button, tabs,
};
use crate::policy::{api::find, proof, words};

pub fn name<'a>(ask: &Ask, it: &'a Instrument) -> &'a str {
    ask.either(&it.name, &it.name_en)
}

pub async fn list(ask: Ask) -> Result<Page> {
    let all = ask.app.policy.instruments();
    let content = html! {
        (tabs(&ask, "/policy/instruments"))
        div.tablewrap { table.list {
            caption.sr { (ask.t("评估量表")) }
            thead { tr {
                th scope="col" { (ask.t("名称")) } th scope="col" { (ask.t("编号")) } th scope="col" { (ask.t("版本")) }
                th.num scope="col" { (ask.t("条目")) } th scope="col" { (ask.t("依据")) } th scope="col" { (ask.t("可信")) }
            } }
            tbody { @for it in all { tr {
                td data-label=(ask.t("名称")) {
                    a.row-link href=(format!("/policy/instruments/{}?edition={}", it.id, kit::form::encoded(&it.edition))) { (name(&ask, it)) }
                }
                td data-label=(ask.t("编号")) { code { (it.id) } }
                td data-label=(ask.t("版本")) { (it.edition) }
                td.num data-label=(ask.t("条目")) { (it.items.len()) }
                td data-label=(ask.t("依据")) { (words::citation(&ask, Some(it.basis.document()), None)) }
                td data-label=(ask.t("可信")) { @if is_doubtful(it) { (badge(Badge::Unconfirmed, ask.t("待核"))) } @else { (badge(Badge::Ok, ask.t("有来源"))) } }
            } } }
        } }
    };
    let sub = ask.f("共 {n} 份;一个版本一经使用就不再改", &[("n", &all.len())]);
    Ok(ask.page(Head::new(ask.t("评估量表")).line(sub).actions(print_button(&ask)), content))
}

fn parts_confirmed(it: &Instrument) -> Vec<(&'static str, &PartConfirmed)> {
    let parts = [
        ("条目", Some(&it.confirmed_items)),
        ("分值", Some(&it.confirmed_scores)),
        ("界值", Some(&it.confirmed_bands)),
        ("组合", it.confirmed_combination.as_ref()),
    ];
    parts.into_iter().filter_map(|(name, part)| Some((name, part?))).collect()
}

fn is_doubtful(it: &Instrument) -> bool {
    parts_confirmed(it).iter().any(|it| it.1.sources == 0)
}

pub async fn page(ask: Ask, Path(id): Path<String>) -> Result<Page> {
    let it = find(&ask, &id)?;
    let app = ask.app.clone();
    let outcomes = tokio::task::spawn_blocking(move || proof::run(&app)).await.map_err(Error::internal)?;
    let newest = ask.app.policy.instrument(&it.id).is_some_and(|newest| newest.edition == it.edition);
    let content = html! {
        div.cols {
            div.stack { (items(&ask, it)) (bands(&ask, it)) (matrix(&ask, it)) }
            div.stack {
                (about(&ask, it))
                @if newest { (cases(&ask, it, &outcomes)) }
            }
        }
    };
    let title = name(&ask, it);
    let way = crumbs(&ask, &[("/policy", ask.t("政策库")), ("/policy/instruments", ask.t("评估量表")), ("", title)]);
    let sub = ask.f("{id} · 版本 {edition}", &[("id", &it.id), ("edition", &it.edition)]);
    Ok(ask.page(Head::new(title).line(sub).crumbs(way).actions(print_button(&ask)), content))
}

fn about(ask: &Ask, it: &Instrument) -> Markup {
    let direction = match it.direction {
        Direction::HigherIsBetter => "分高为好",
        Direction::LowerIsBetter => "分低为好",
        Direction::Neither => "不分好坏",
    };
    let facts: Vec<&str> = it.facts_used().into_iter().map(|it| ask.t(fact(it))).collect();
    let facts = if facts.is_empty() { ask.t("无").to_string() } else { facts.join(ask.t("、")) };
    html! {
        section.card { header.card-head { h2 { (ask.t("出处与许可")) } }
            div.card-body {
                (kv(&[
                    (ask.t("依据"), words::source(ask, Some(it.basis.document()), Some(it.basis.clause()))),
                    (ask.t("许可"), html! { (it.licence) }),
                    (ask.t("计分方向"), html! { (ask.t(direction)) }),
                    (ask.t("另用的事实"), html! { (facts) }),
                    (ask.t("内容指纹"), html! { code { (it.digest()) } }),
                ]))
                @for note in &it.notes { p.small { (note) } }
            }
        }
        section.card { header.card-head { h2 { (ask.t("可信")) } }
            div.card-body { dl.kv { @for (name, part) in parts_confirmed(it) {
                div { dt { (ask.t(name)) } dd { (words::confirmed(ask, part.sources)) br; small.muted { (part.about) } } }
            } } }
        }
    }
}

fn fact(it: FactUsed) -> &'static str {
    match it {
        FactUsed::Coma => "昏迷",
        FactUsed::Diagnoses => "疾病诊断",
        FactUsed::RiskEvents => "照护风险事件",
        FactUsed::Education => "受教育程度",
    }
}

fn items(ask: &Ask, it: &Instrument) -> Markup {
    let heads = ["编号", "条目", "选项与分值"].map(|it| ask.t(it));
    let english = ask.lang == Lang::En;
    let rows: Vec<Vec<Markup>> = it
        .items
        .iter()
        .map(|item| {
            let name = if english { &item.name_en } else { &item.name };
            vec![html! { code { (item.id) } }, html! { (name) }, options(ask, item)]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("条目")) } } div.card-body { (plain_table(&heads, &rows)) } }
    }
}

/// The options; a long row of bare points is said by its ends.
fn options(ask: &Ask, item: &Item) -> Markup {
    let bare = item.choices.iter().all(|it| it.wording.is_empty());
    match (item.choices.first(), item.choices.last()) {
        (Some(first), Some(last)) if bare && 6 < item.choices.len() => {
            html! { (ask.f("{first} 至 {last} 分", &[("first", &first.score), ("last", &last.score)])) }
        }
        _ => html! {
            ul { @for it in &item.choices {
                li { b { (ask.f("{n} 分", &[("n", &it.score)])) } " " (it.wording) }
            } }
        },
    }
}

fn bands(ask: &Ask, it: &Instrument) -> Markup {
    let english = ask.lang == Lang::En;
    let heads = ["分数", "等级", "代码"].map(|it| ask.t(it));
    html! {
        section.card { header.card-head { h2 { (ask.t("合计与分段")) } }
            div.card-body { @for (part, total) in it.parts().iter().zip(it.totals()) {
                h3 { (if english { part.name_en } else { part.name })
                    " " small.muted { (ask.f("{n} 个条目,{low} 至 {high} 分", &[("n", &part.items.len()), ("low", &total.lowest), ("high", &total.highest)])) } }
                @if !part.bands.is_empty() {
                    (plain_table(&heads, &part.bands.iter().map(|band| vec![
                        html! { @if band.first == band.last { (band.first) } @else { (band.first) "–" (band.last) } },
                        html! { (if english { &band.level.name_en } else { &band.level.name }) },
                        html! { (band.level.code) },
                    ]).collect::<Vec<_>>()))
                }
            } }
        }
    }
}

fn matrix(ask: &Ask, it: &Instrument) -> Markup {
    let Some(grid) = it.grid() else { return html! {} };
    let (parts, levels, english) = (it.parts(), it.levels(), ask.lang == Lang::En);
    let part = |id: &str| parts.iter().find(|it| it.id == id);
    let (Some(rows), Some(columns)) = (part(grid.row), grid.columns.first().and_then(|it| part(it))) else {
        return html! {};
    };
    let level = |code: &Code| {
        let found = levels.iter().find(|it| it.code == *code);
        found.map_or(String::new(), |it| if english { it.name_en.clone() } else { it.name.clone() })
    };
    let names: Vec<&str> =
        grid.columns.iter().filter_map(|it| part(it)).map(|it| if english { it.name_en } else { it.name }).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("组合矩阵")) } }
            div.card-body {
                p.small { (ask.f("行:{row};列:{columns}中最重的一项", &[("row", &(if english { rows.name_en } else { rows.name })), ("columns", &names.join(ask.t("、")))])) }
                div.tablewrap { table.matrix {
                    caption.sr { (ask.t("组合矩阵")) }
                    thead { tr { td {} @for it in &columns.bands { th scope="col" { (if english { &it.level.name_en } else { &it.level.name }) } } } }
                    tbody { @for (band, cells) in rows.bands.iter().zip(grid.cells) { tr {
                        th scope="row" { (if english { &band.level.name_en } else { &band.level.name }) }
                        @for code in cells { td { (code) " " small { (level(code)) } } }
                    } } }
                } }
            }
        }
    }
}

fn cases(ask: &Ask, it: &Instrument, outcomes: &Result<std::sync::Arc<Vec<Outcome>>, rules::policy::Faults>) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("算例")) } }
            div.card-body { @match outcomes {
                Err(faults) => (alert(Badge::Bad, ask.t("算例文件有错误"), html! { p { (faults) } })),
                Ok(outcomes) => ul { @for case in outcomes.iter().filter(|case| case.rule == it.id) {
                    li { (passed(ask, case)) " " (case.name) @if !case.passed { (failure(ask, case)) } }
                } },
            } }
        }
    }
}
