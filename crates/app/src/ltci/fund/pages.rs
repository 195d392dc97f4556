//! The fund as pages: what came in and was paid, and what is to be expected.

use kit::{
    Ask, Result, audit,
    house::region_of,
    page::{Badge, Chart, Head, Page, Series, badge, chart, download, icon, plain_table, stat},
    table::grouped,
};
use maud::{Markup, html};
use serde_json::json;

use super::{
    ask::{self as asking, Asked, KNOBS, Said},
    before, file,
};
use crate::ltci::{HANDLE, settle::words::yuan, words};

fn tabs(ask: &Ask) -> Markup {
    let all = [("/ltci/fund", "收支与结余"), ("/ltci/fund/forecast", "预测")];
    html! {
        nav.tabs.no-print aria-label=(ask.t("长护险基金")) {
            @for (to, title) in all { a href=(to) aria-current=[(*ask.path == *to).then_some("page")] { (ask.t(title)) } }
        }
    }
}

fn picker(ask: &Ask, asked: &Asked, with_month: bool, more: &Markup) -> Markup {
    let tree = ask.app.places.tree();
    let root = &*ask.who.scope.place;
    let below = tree.counties(root).into_iter().filter(|it| it != root);
    let places: Vec<String> = std::iter::once(root.to_string()).chain(below).collect();
    html! {
        form.filters method="get" action=(ask.path) {
            div.field { label for="place" { (ask.t("地区")) } select #place name="place" {
                @for code in &places { option value=(code) selected[*code == asked.place] { (tree.name(code)) } }
            } }
            div.field.field-number { label for="year" { (ask.t("年份")) } input #year name="year" inputmode="numeric" value=(asked.year); }
            @if with_month {
                div.field { label for="month" { (ask.t("月份")) } select #month name="month" {
                    option value="" { (ask.t("全年")) }
                    @for month in 1..=12_i8 { option value=(month) selected[asked.month == Some(month)] { (month) } }
                } }
            }
            (more)
            div.actions { button.btn { (ask.t("查看")) } }
        }
    }
}

pub async fn book(ask: Ask) -> Result<Page> {
    let asked = Asked::of(&ask)?;
    let for_query = asked.clone();
    let format = ask.param("format").and_then(|it| ["xlsx", "csv"].into_iter().find(|one| *one == it));
    if let Some(format) = format {
        return export(&ask, asked, format).await;
    }
    let said = ask.read(move |tx, _| asking::read(tx, &for_query)).await?;
    let mean = |fen: Option<i64>| fen.map_or("—".to_string(), yuan);
    let content = html! {
        (tabs(&ask))
        (picker(&ask, &asked, true, &html! {}))
        div.stats {
            (stat(Badge::Muted, ask.t("收入"), &yuan(said.income), ask.t("元"), "", None))
            (stat(Badge::Muted, ask.t("支出"), &yuan(said.spending), ask.t("元"), "", None))
            (stat(if said.balance() < 0 { Badge::Bad } else { Badge::Ok }, ask.t("累计结余"), &yuan(said.balance()), ask.t("元"), "", None))
            (stat(Badge::Muted, ask.t("人均每月支付"), &mean(said.mean()), ask.t("元"), ask.t("享受待遇的每人每月"), None))
            (stat(Badge::Muted, ask.t("参保人均支出"), &mean(said.per_insured()), ask.t("元"), ask.t("按今天的参保人数"), None))
        }
        @if said.course.is_empty() { p.muted { (ask.t("账上还没有收支;导入缴费文件或拨付后记在这里。")) } }
        @else { (tables(&ask, &said)) (course(&ask, &said)) }
    };
    let line = ask.app.places.tree().full_name(&asked.place);
    let month = asked.month.map_or(String::new(), |it| format!("&month={it}"));
    let export = format!("/ltci/fund?place={}&year={}{month}&format=", asked.place, asked.year);
    let actions = html! {
        a.btn href=(format!("{export}xlsx")) { (icon("download")) (ask.t("导出")) }
        a.btn.btn-ghost href=(format!("{export}csv")) { (icon("download")) (ask.t("导出 CSV")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if ask.may(HANDLE) { a.btn.btn-ghost href=(before::BEFORE.path) { (icon("upload")) (ask.t("导入接续前的收支")) } }
    };
    Ok(ask.page(Head::new(ask.t("长护险基金")).line(line).actions(actions), content))
}

fn tables(ask: &Ask, said: &Said) -> Markup {
    let purses: Vec<Vec<Markup>> = said
        .by_purse
        .iter()
        .map(|(purse, fen)| vec![html! { (ask.t(words::title(words::PURSES, purse))) }, html! { (yuan(*fen)) }])
        .collect();
    let modes: Vec<Vec<Markup>> = said
        .by_mode
        .iter()
        .map(|((mode, grade), (fen, months))| {
            vec![
                html! { (ask.t(mode_title(mode))) },
                html! { @if mode.is_empty() { "—" } @else { (grade) } },
                html! { (yuan(*fen)) },
                html! { (grouped(*months)) },
                html! { (asking::mean(*fen, *months).map_or("—".to_string(), yuan)) },
            ]
        })
        .collect();
    let of_purse = ["来源", "金额(元)"].map(|it| ask.t(it));
    let of_mode = ["服务方式", "失能等级", "金额(元)", "人月", "人均每月(元)"].map(|it| ask.t(it));
    html! {
        div.cols-2 {
            section.card { header.card-head { h2 { (ask.t("收入来源")) } } (plain_table(&of_purse, &purses)) }
            section.card { header.card-head { h2 { (ask.t("支出构成")) } } (plain_table(&of_mode, &modes)) }
        }
    }
}

/// The way of care, or that nobody knows for which the money was that came back.
pub fn mode_title(mode: &str) -> &str {
    if mode.is_empty() { "不明(追回)" } else { words::title(words::MODES, mode) }
}

/// The same as a file; that it was taken along is in the audit trail.
async fn export(ask: &Ask, asked: Asked, format: &'static str) -> Result<Page> {
    let for_query = asked.clone();
    let said = ask
        .write(move |tx, ask| {
            let detail = json!({"place": for_query.place, "year": for_query.year, "month": for_query.month});
            let entry = audit::Entry {
                action: "export",
                subject: "ltci_fund",
                subject_id: None,
                region: &region_of(ask, &for_query.place),
                place: &for_query.place,
                detail: &detail.to_string(),
            };
            ask.note(tx, &entry)?;
            asking::read(tx, &for_query)
        })
        .await?;
    let month = asked.month.map_or(String::new(), |it| format!("-{it:02}"));
    let name = format!("ltci-fund-{}-{}{month}.{format}", asked.place, asked.year);
    let title = format!("{} {}{month}", ask.t("长护险基金"), asked.year);
    let bytes = if format == "csv" { file::csv(ask, &said).into_bytes() } else { file::sheet(ask, &title, &said)? };
    Ok(download(&name, bytes))
}

/// Tens of thousands of yuan for a chart.
fn wan(fen: i64) -> Option<f64> {
    Some((fen as f64 / 10_000.0).round() / 100.0)
}

fn course(ask: &Ask, said: &Said) -> Markup {
    let series = |name: &str, data: Vec<Option<f64>>| Series { name: ask.t(name).to_string(), data };
    let it = Chart {
        kind: "line",
        title: ask.t("各月收支与累计结余"),
        unit: ask.t("万元"),
        x: said.course.iter().map(|it| it.0.clone()).collect(),
        series: vec![
            series("收入", said.course.iter().map(|it| wan(it.1)).collect()),
            series("支出", said.course.iter().map(|it| wan(it.2)).collect()),
            series("累计结余", said.course.iter().map(|it| wan(it.3)).collect()),
        ],
    };
    html! { section.card.gap-top { div.card-body { (chart(ask, &it)) } } }
}

pub async fn forecast(ask: Ask) -> Result<Page> {
    let (asked, values) = (Asked::of(&ask)?, asking::assumptions(&ask)?);
    let for_query = asked.clone();
    let said = ask.read(move |tx, _| asking::read(tx, &for_query)).await?;
    let years = asking::years(&asking::books(&asked, &said)?, &values);
    let knobs = html! {
        @for (knob, value) in KNOBS.iter().zip(&values) {
            div.field {
                label for=(knob.0) { (ask.t(knob.1)) }
                input id=(knob.0) name=(knob.0) type="number" min=(knob.3) max=(knob.4) value=(value);
            }
        }
    };
    let series = |name: &str, data: Vec<Option<f64>>| Series { name: ask.t(name).to_string(), data };
    let it = Chart {
        kind: "line",
        title: ask.t("收入、支出与累计结余预测"),
        unit: ask.t("万元"),
        x: years.iter().map(|it| it.year.to_string()).collect(),
        series: vec![
            series("收入", years.iter().map(|it| wan(it.income.fen())).collect()),
            series("支出", years.iter().map(|it| wan(it.spending.fen())).collect()),
            series("累计结余", years.iter().map(|it| wan(it.balance.fen())).collect()),
        ],
    };
    let heads = ["年份", "享受人数", "收入(元)", "支出(元)", "累计结余(元)"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = years
        .iter()
        .map(|it| {
            let balance = yuan(it.balance.fen());
            vec![
                html! { (it.year) },
                html! { (grouped(it.recipients)) },
                html! { (yuan(it.income.fen())) },
                html! { (yuan(it.spending.fen())) },
                html! { (balance) @if it.balance.fen() < 0 { " " (badge(Badge::Bad, ask.t("出险"))) } },
            ]
        })
        .collect();
    let content = html! {
        (tabs(&ask))
        (picker(&ask, &asked, false, &knobs))
        p { (badge(Badge::Example, ask.t("示例"))) " " (ask.t("这是本系统自己的测算模型,没有文件依据:以所选年份的账为起点,按上面的假定逐年推算;地址即方案,可以分享。")) }
        section.card { div.card-body { (chart(&ask, &it)) } }
        section.card.gap-top { (plain_table(&heads, &rows)) }
    };
    let line = ask.app.places.tree().full_name(&asked.place);
    let actions = html! { button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(ask.t("长护险基金预测")).line(line).actions(actions), content))
}
