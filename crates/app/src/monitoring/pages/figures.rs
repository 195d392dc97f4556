//! How alarms were answered: by month, kind and place.

use std::collections::BTreeMap;

use kit::{
    Ask, Result,
    page::{Badge, Chart, Head, Page, Series, chart, crumbs, empty, plain_table, stat},
    table::grouped,
};
use maud::{Markup, html};
use rules::base::Date;

use super::lasting;
use crate::monitoring::{
    figures::{self, Figures, Year},
    words,
};

pub async fn page(ask: Ask) -> Result<Page> {
    let until = ask.today().add_days(1);
    let today = ask.today();
    let from = Date::new(today.year() - 1, today.month(), 1).unwrap_or(today);
    let year = ask.read(move |tx, ask| figures::of(tx, ask, from, until)).await?;
    let title = ask.t("接警统计");
    let content = if year.all.raised == 0 {
        empty(ask.t("一年内没有报警"), ask.t("有了报警,这里会有接警、出发、到达的用时。"), html! {})
    } else {
        whole(&ask, &year)
    };
    let way = crumbs(&ask, &[("/monitoring", ask.t("报警处置")), ("", title)]);
    let line = ask.f("{from} 到 {until}", &[("from", &from), ("until", &today)]);
    Ok(ask.page(Head::new(title).line(line).crumbs(way), content))
}

fn whole(ask: &Ask, year: &Year) -> Markup {
    let it = &year.all;
    let percent = |share: Option<f64>| share.map_or("—".to_string(), |it| format!("{it:.1}"));
    let long = |seconds: Option<f64>| seconds.map_or("—".to_string(), |it| lasting(ask, it.round() as i64));
    let mean = |all: &[i64]| ask.f("平均 {t}", &[("t", &long(Figures::mean(all)))]);
    html! {
        @if year.is_cut { p.muted { (ask.f("只统计了最早的 {n} 件。", &[("n", &grouped(it.raised))])) } }
        div.stats {
            (stat(Badge::Plain, ask.t("报警"), &grouped(it.raised), ask.t("件"), "", Some("/monitoring/history")))
            (stat(Badge::Plain, ask.t("及时接警"), &percent(Figures::share(it.in_time, it.judged)), "%", "", Some("/monitoring/history?state=late")))
            (stat(Badge::Plain, ask.t("接警用时中位数"), &long(Figures::median(&it.acknowledge)), "", &mean(&it.acknowledge), None))
            (stat(Badge::Plain, ask.t("出发用时中位数"), &long(Figures::median(&it.leave)), "", &mean(&it.leave), None))
            (stat(Badge::Plain, ask.t("到达用时中位数"), &long(Figures::median(&it.arrive)), "", &mean(&it.arrive), None))
            (stat(Badge::Plain, ask.t("不实率"), &percent(Figures::share(it.untrue, it.closed)), "%", "", None))
        }
        div.cols-2 {
            section.card { div.card-body { (chart(ask, &months(ask, year, "每月报警", "件", |it| Some(it.raised as f64)))) } }
            section.card { div.card-body { (chart(ask, &months(ask, year, "每月接警用时中位数", "秒", |it| Figures::median(&it.acknowledge)))) } }
        }
        section.card.gap-top { header.card-head { h2 { (ask.t("按报警类别")) } } (table(ask, &year.kinds, "报警类别", &|kind| ask.t(words::badge_of(words::KINDS, kind).0).to_string())) }
        section.card.gap-top { header.card-head { h2 { (ask.t("按街道(乡镇)")) } } (table(ask, &year.places, "地区", &|place| ask.app.places.tree().words(place))) }
        section.card.gap-top { header.card-head { h2 { (ask.t("按月")) } } (table(ask, &year.months, "月份", &str::to_string)) }
        p.help { (ask.t("用时从报警(或转为紧急)算起,出发从接警算起;中位数是一半报警不超过的用时。")) }
    }
}

fn months<'a>(
    ask: &'a Ask,
    year: &Year,
    title: &'static str,
    unit: &'static str,
    value: impl Fn(&Figures) -> Option<f64>,
) -> Chart<'a> {
    Chart {
        kind: "bar",
        title: ask.t(title),
        unit: ask.t(unit),
        x: year.months.keys().cloned().collect(),
        series: vec![Series { name: ask.t(title).to_string(), data: year.months.values().map(value).collect() }],
    }
}

fn table(ask: &Ask, all: &BTreeMap<String, Figures>, first: &'static str, name: &dyn Fn(&str) -> String) -> Markup {
    let heads: Vec<&str> =
        [first, "件数", "及时接警 %", "接警中位数(秒)", "出发中位数(秒)", "到达中位数(秒)", "到达已核验", "不实率 %"]
            .iter()
            .map(|it| ask.t(it))
            .collect();
    let number = |it: Option<f64>| html! { (it.map_or("—".to_string(), |it| format!("{it:.1}"))) };
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|(key, it)| {
            vec![
                html! { (name(key)) },
                html! { (grouped(it.raised)) },
                number(Figures::share(it.in_time, it.judged)),
                number(Figures::median(&it.acknowledge)),
                number(Figures::median(&it.leave)),
                number(Figures::median(&it.arrive)),
                html! { (grouped(it.proven)) },
                number(Figures::share(it.untrue, it.closed)),
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}
