//! The managed rate, place by place, down to the village.

use kit::{
    Ask, Error, Result, Said, Tx,
    page::{Badge, Head, Page, crumbs, icon, stat},
    place::Level,
    sheet::{ExportColumn, Exporter, Kind, Value},
    table::grouped,
    tally::{self, Where},
};
use maud::{Markup, html};
use rules::base::Date;

use crate::{
    elders::AGED_65,
    healthcheck::{
        indicators::{COMPLETE_65, MANAGED_65},
        work::share,
    },
};

/// The numbers of one place.
pub struct Rate {
    pub place: String,
    pub name: String,
    pub all: i64,
    pub managed: i64,
    pub complete: i64,
}

pub struct Rates {
    pub place: String,
    pub rows: Vec<Rate>,
    pub sum: Rate,
}

/// The places directly below the one asked for, on a day.
///
/// # Errors
/// `NotFound` for a place outside of the reader's scope.
pub fn load(tx: &Tx<'_>, ask: &Ask, day: Date) -> Result<Rates> {
    let tree = ask.app.places.tree();
    let place = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
    let scope = ask.who.scope.narrowed(&tree, &place).ok_or(Error::NotFound)?;
    let at = Where::of(&scope);
    let level = tree.get(&place).map_or(Level::Nation, |it| it.level);
    let length = match level {
        Level::County => 9,
        level if Level::County < level => 12,
        _ => 6,
    };
    let count = |count| tally::by_place(tx, count, &at, length, day);
    let (all, managed, complete) = (count(&AGED_65)?, count(&MANAGED_65)?, count(&COMPLETE_65)?);
    let of = |numbers: &std::collections::BTreeMap<String, i64>, code: &str| numbers.get(code).copied().unwrap_or(0);
    let rows: Vec<Rate> = all
        .iter()
        .filter(|it| 0 < *it.1)
        .map(|(code, n)| Rate {
            place: code.clone(),
            name: tree.name(code).to_string(),
            all: *n,
            managed: of(&managed, code),
            complete: of(&complete, code),
        })
        .collect();
    let sum = Rate {
        place: place.clone(),
        name: tree.name(&place).to_string(),
        all: rows.iter().map(|it| it.all).sum(),
        managed: rows.iter().map(|it| it.managed).sum(),
        complete: rows.iter().map(|it| it.complete).sum(),
    };
    Ok(Rates { place, rows, sum })
}

pub async fn page(ask: Ask) -> Result<Page> {
    let day = match ask.param("on") {
        None => ask.today(),
        Some(text) => {
            text.parse().map_err(|_| Error::invalid("on", Said::new("“{value}”不是日期").with("value", text)))?
        }
    };
    let rates = ask.read(move |tx, ask| load(tx, ask, day)).await?;
    if ask.param("format") == Some("xlsx") {
        return sheet(&ask, &rates, day).await;
    }
    let sum = &rates.sum;
    let content = html! {
        form.filters method="get" action="/healthcheck/rates" {
            @if let Some(place) = ask.param("place") { input type="hidden" name="place" value=(place); }
            div.field { label for="on" { (ask.t("截至")) } input #on name="on" type="date" value=(day); }
            div.actions { button.btn { (ask.t("查看")) } }
        }
        div.stats {
            (stat(Badge::Muted, ask.t("65 岁及以上"), &grouped(sum.all), ask.t("人"), "", None))
            (stat(Badge::Muted, ask.t("已健康管理"), &grouped(sum.managed), ask.t("人"), &ask.f("管理率 {share}", &[("share", &share(sum.managed, sum.all))]), None))
            (stat(Badge::Muted, ask.t("体检完整"), &grouped(sum.complete), ask.t("人"), &ask.f("完整率 {share}", &[("share", &share(sum.complete, sum.managed))]), None))
            (stat(if sum.all == sum.managed { Badge::Ok } else { Badge::Warn }, ask.t("还没有管理"), &grouped(sum.all - sum.managed), ask.t("人"), "", Some(&format!("/healthcheck/due?place={}", rates.place))))
        }
        (table(&ask, &rates, day))
        p.small.muted { (ask.t("管理率 = 年内接受健康管理的 65 岁及以上常住居民 ÷ 辖区 65 岁及以上常住居民。完成体检、且主要项目不缺的才计入;每年 1 月 1 日重新算起。")) }
    };
    let title = ask.t("健康管理率");
    let mut way: Vec<(String, String)> = vec![("/healthcheck".into(), ask.t("健康体检").into())];
    let tree = ask.app.places.tree();
    let mut chain = tree.chain(&rates.place);
    chain.reverse();
    for it in chain.iter().filter(|it| ask.who.scope.covers(&tree, &it.code)) {
        way.push((format!("/healthcheck/rates?place={}", it.code), it.name.clone()));
    }
    let way: Vec<(&str, &str)> = way.iter().map(|it| (&*it.0, &*it.1)).collect();
    let export = format!("/healthcheck/rates?place={}&on={day}&format=xlsx", rates.place);
    let actions = html! {
        a.btn href=(export) { (icon("download")) (ask.t("导出")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    Ok(ask
        .page(Head::new(title).line(tree.full_name(&rates.place)).crumbs(crumbs(&ask, &way)).actions(actions), content))
}

fn table(ask: &Ask, rates: &Rates, day: Date) -> Markup {
    let row = |it: &Rate, link: bool| {
        html! {
            tr {
                td data-label=(ask.t("地区")) { @if link { a.row-link href=(format!("/healthcheck/rates?place={}&on={day}", it.place)) { (it.name) } } @else { b { (it.name) } } }
                td.num data-label=(ask.t("65 岁及以上")) { (grouped(it.all)) }
                td.num data-label=(ask.t("已健康管理")) { (grouped(it.managed)) }
                td.num data-label=(ask.t("管理率")) { (share(it.managed, it.all)) " "
                    meter min="0" max="100" value=(if it.all == 0 { 0 } else { it.managed * 100 / it.all }) { (share(it.managed, it.all)) } }
                td.num data-label=(ask.t("体检完整")) { (grouped(it.complete)) }
                td.num data-label=(ask.t("完整率")) { (share(it.complete, it.managed)) }
            }
        }
    };
    let tree = ask.app.places.tree();
    let is_lowest = |code: &str| {
        tree.children(code).next().is_none() || tree.get(code).is_some_and(|it| it.level == Level::Village)
    };
    html! {
        div.tablewrap.gap-top { table.list {
            caption.sr { (ask.t("各地健康管理率")) }
            thead { tr {
                th scope="col" { (ask.t("地区")) } th.num scope="col" { (ask.t("65 岁及以上")) } th.num scope="col" { (ask.t("已健康管理")) }
                th.num scope="col" { (ask.t("管理率")) } th.num scope="col" { (ask.t("体检完整")) } th.num scope="col" { (ask.t("完整率")) }
            } }
            tbody { @for it in &rates.rows { (row(it, !is_lowest(&it.place))) } }
            tfoot { (row(&rates.sum, false)) }
        } }
    }
}

async fn sheet(ask: &Ask, rates: &Rates, day: Date) -> Result<Page> {
    let kinds = [Kind::Text, Kind::Int, Kind::Int, Kind::Text, Kind::Int, Kind::Text];
    let heads = ["地区", "65 岁及以上", "已健康管理", "管理率", "体检完整", "完整率"];
    let columns = heads.iter().zip(kinds).map(|(head, kind)| ExportColumn::new(ask.t(head), kind)).collect();
    let mut sheet = Exporter::new(ask.t("健康管理率"), columns)?;
    for it in rates.rows.iter().chain([&rates.sum]) {
        let (managed, complete) = (share(it.managed, it.all), share(it.complete, it.managed));
        sheet.push(&[
            Value::Text(&it.name),
            Value::Int(it.all),
            Value::Int(it.managed),
            Value::Text(&managed),
            Value::Int(it.complete),
            Value::Text(&complete),
        ])?;
    }
    Ok(kit::page::download(&format!("healthcheck-rates-{day}.xlsx"), sheet.finish()?))
}
