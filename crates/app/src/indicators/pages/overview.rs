//! The board (指标看板): every indicator of a place on a day, with its target and what is missing.

use kit::{
    Ask, Result,
    page::{Badge, Head, Page, badge, empty, icon},
    sheet::{ExportColumn, Exporter, Kind, Value},
    table::grouped,
    tally::{Indicator, Unit},
};
use maud::{Markup, html};
use rules::targets::Target;

use super::super::figure::{self, Asked, Figure, Shown};

/// One indicator with what stands beside it.
pub struct Line {
    pub indicator: &'static Indicator,
    pub figure: Figure,
    pub target: Option<Target>,
}

impl Line {
    pub fn lacking(&self) -> Option<i64> {
        self.target.as_ref().map(|it| figure::lacking(it, &self.figure))
    }
}

/// Every indicator that the place uses, read on the day.
pub async fn lines(ask: &Ask, asked: &Asked) -> Result<Vec<Line>> {
    let asked = asked.clone();
    ask.read(move |tx, ask| {
        let region = asked.region(&ask.app);
        let at = asked.at();
        let mut numbers = figure::Numbers::new(&at, asked.day);
        figure::all(&ask.app, &region, asked.day)
            .into_iter()
            .map(|indicator| {
                let figure = numbers.of(tx, indicator)?;
                Ok(Line { indicator, figure, target: figure::target(&ask.app, indicator, &region, asked.day) })
            })
            .collect()
    })
    .await
}

pub async fn page(ask: Ask) -> Result<Page> {
    let asked = Asked::of(&ask)?;
    let lines = lines(&ask, &asked).await?;
    if ask.param("format") == Some("xlsx") {
        return sheet(&ask, &asked, &lines);
    }
    let modules: Vec<_> = ask.app.modules.iter().filter(|it| !it.indicators.is_empty()).collect();
    let content = html! {
        (super::picker(&ask, &asked, "/indicators"))
        @if lines.is_empty() { (empty(ask.t("还没有指标"), ask.t("登记老人和服务后,指标随之产生。"), html! {})) }
        @for module in modules {
            @let own: Vec<&Line> = lines.iter().filter(|line| module.indicators.iter().any(|it| it.id == line.indicator.id)).collect();
            @if !own.is_empty() {
                section.card { header.card-head { h2 { (ask.t(module.title)) } } (table(&ask, &asked, &own)) }
            }
        }
        p.small.muted.gap-top { (ask.t("数字随业务即时变动,可回看任何一天;点开可看公式、依据、趋势、各地排名和名单。")) }
    };
    let sub = ask
        .f("{place} · 截至 {day}", &[("place", &ask.app.places.tree().full_name(&asked.place)), ("day", &asked.day)]);
    let actions = html! {
        a.btn href=(format!("/indicators?{}&format=xlsx", asked.query())) { (icon("download")) (ask.t("导出")) }
        button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    Ok(ask.page(Head::new(ask.t("指标看板")).line(sub).actions(actions), content))
}

fn table(ask: &Ask, asked: &Asked, lines: &[&Line]) -> Markup {
    html! {
        div.tablewrap { table.list {
            thead { tr {
                th scope="col" { (ask.t("指标")) }
                th.num scope="col" { (ask.t("数值")) }
                th.num scope="col" { (ask.t("分子")) }
                th.num scope="col" { (ask.t("分母")) }
                th scope="col" { (ask.t("目标")) }
            } }
            tbody { @for line in lines { (row(ask, asked, line)) } }
        } }
    }
}

fn row(ask: &Ask, asked: &Asked, line: &Line) -> Markup {
    let it = line.indicator;
    let shown = Shown::of(ask.lang, it, &line.figure);
    html! {
        tr {
            td data-label=(ask.t("指标")) {
                a.row-link href=(format!("/indicators/{}?{}", it.id, asked.query())) { (ask.t(it.title)) }
            }
            td.num data-label=(ask.t("数值")) { b { (shown.value) } " " small { (shown.unit) } }
            td.num data-label=(ask.t("分子")) { (part(it, line.figure.numerator)) }
            td.num data-label=(ask.t("分母")) { @match line.figure.denominator { Some(n) => (grouped(n)), None => "—" } }
            td data-label=(ask.t("目标")) { (target(ask, line)) }
        }
    }
}

/// A part of an indicator: money in yuan, everything else as it is counted.
pub fn part(it: &Indicator, n: i64) -> String {
    match it.unit {
        Unit::Money => format!("{}.{:02}", grouped(n / 100), n.rem_euclid(100)),
        _ => grouped(n),
    }
}

/// Whether the target is reached, and if not, by how many it is missed.
pub fn target(ask: &Ask, line: &Line) -> Markup {
    let (Some(target), Some(lacking)) = (&line.target, line.lacking()) else { return html! { span.muted { "—" } } };
    let wanted = ask.f("{by} 前不低于 {n}", &[("by", &target.by), ("n", &target.at_least)]);
    html! {
        @if lacking == 0 { (badge(Badge::Ok, ask.t("已达到"))) }
        @else { (badge(Badge::Warn, &ask.f("还差 {n}", &[("n", &grouped(lacking))]))) }
        " " small.muted { (wanted) }
    }
}

fn sheet(ask: &Ask, asked: &Asked, lines: &[Line]) -> Result<Page> {
    let columns = [
        ("编号", Kind::Text),
        ("指标", Kind::Text),
        ("数值", Kind::Text),
        ("单位", Kind::Text),
        ("分子", Kind::Int),
        ("分母", Kind::Text),
        ("目标", Kind::Text),
        ("公式", Kind::Text),
        ("依据", Kind::Text),
    ];
    let columns = columns.map(|(title, kind)| ExportColumn::new(ask.t(title), kind)).to_vec();
    let mut sheet = Exporter::new(ask.t("指标看板"), columns)?;
    for line in lines {
        let it = line.indicator;
        let shown = Shown::of(ask.lang, it, &line.figure);
        let denominator = line.figure.denominator.map_or(String::new(), |it| it.to_string());
        let target = line.target.as_ref().map_or(String::new(), |it| format!("{} ({})", it.at_least, it.by));
        let document = ask.app.policy.document(it.document).map_or("", |it| &it.title);
        sheet.push(&[
            Value::Text(it.id),
            Value::Text(ask.t(it.title)),
            Value::Text(&shown.value),
            Value::Text(&shown.unit),
            Value::Int(line.figure.numerator),
            Value::Text(&denominator),
            Value::Text(&target),
            Value::Text(ask.t(it.formula)),
            Value::Text(document),
        ])?;
    }
    Ok(kit::page::download(&format!("indicators-{}-{}.xlsx", asked.place, asked.day), sheet.finish()?))
}
