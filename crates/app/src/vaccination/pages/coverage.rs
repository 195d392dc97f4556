//! Coverage: of the elders of 65 and more, how many are vaccinated, by place, on any day.

use kit::{
    Ask, Result,
    page::{Head, Page},
    place::Level,
    tally::{self, Where},
};
use maud::html;
use rules::base::Date;

use crate::vaccination::indicators;

struct Line {
    code: String,
    name: String,
    elders: i64,
    /// One number for each indicator.
    vaccinated: Vec<i64>,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let day: Date = ask.param("on").and_then(|it| it.parse().ok()).unwrap_or(ask.today());
    let tree = ask.app.places.tree();
    let scope = ask.who.scope.clone();
    let place = ask.param("place").filter(|it| scope.covers(&tree, it)).unwrap_or(&scope.place).to_string();
    let (lines, total) = {
        let place = place.clone();
        ask.read(move |tx, ask| lines(tx, ask, &place, day)).await?
    };
    let share = |part: i64, whole: i64| match whole {
        0 => "—".to_string(),
        _ => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    };
    let titles: Vec<&str> = indicators::ALL.iter().map(|it| ask.t(it.title)).collect();
    let row = |it: &Line, link: bool| {
        html! {
            td { @if link { a href=(format!("/vaccination/coverage?place={}&on={day}", it.code)) { (it.name) } } @else { (it.name) } }
            td.num data-label=(ask.t("65岁及以上老年人")) { (it.elders) }
            @for (title, n) in titles.iter().zip(&it.vaccinated) {
                td.num data-label=(ask.t("已种")) { (n) } td.num data-label=(title) { (share(*n, it.elders)) }
            }
        }
    };
    let content = html! {
        (super::tabs(&ask))
        form.filters method="get" action="/vaccination/coverage" {
            input type="hidden" name="place" value=(place);
            div.field { label for="on" { (ask.t("日期")) } input #on type="date" name="on" value=(day) max=(ask.today()); }
            div.actions { button.btn { (ask.t("查看")) } }
        }
        div.tablewrap { table.plain.stacks {
            thead { tr {
                th scope="col" { (ask.t("地区")) } th.num scope="col" { (ask.t("65岁及以上老年人")) }
                @for title in &titles { th.num scope="col" { (ask.t("已种")) } th.num scope="col" { (title) } }
            } }
            tbody { @for it in &lines { tr { (row(it, tree.get(&it.code).is_some_and(|it| it.level != Level::Village))) } } }
            tfoot { tr { (row(&total, false)) } }
        } }
        p.muted { (ask.t("流感疫苗按当季计算,九月一日起重新计;名单见指标。")) }
    };
    Ok(ask.page(Head::new(ask.t("接种率")).line(format!("{} · {day}", tree.full_name(&place))), content))
}

/// The numbers of every place below one, and of the place itself.
fn lines(tx: &kit::Tx<'_>, ask: &Ask, place: &str, day: Date) -> Result<(Vec<Line>, Line)> {
    let tree = ask.app.places.tree();
    let of = |code: &str| -> Result<Line> {
        let at = at(ask, code);
        let mut vaccinated = Vec::new();
        for it in indicators::ALL {
            vaccinated.push(tally::amount(tx, &it.numerator, &at, day)?);
        }
        Ok(Line {
            code: code.to_string(),
            name: tree.name(code).to_string(),
            elders: tally::amount(tx, &crate::elders::AGED_65, &at, day)?,
            vaccinated,
        })
    };
    let below: Vec<String> =
        tree.children(place).filter(|it| ask.who.scope.covers(&tree, &it.code)).map(|it| it.code.clone()).collect();
    let lines: Result<Vec<Line>> = below.iter().map(|it| of(it)).collect();
    Ok((lines?, of(place)?))
}

/// Where in the tally a place is.
fn at(ask: &Ask, code: &str) -> Where {
    let tree = ask.app.places.tree();
    match tree.county_of(code) {
        Some(county) if county.code != code => Where::Place { county: county.code.clone(), place: code.to_string() },
        _ => Where::Counties(tree.counties(code)),
    }
}
