//! Ledgers (台账): each group in each street, with the way to the list behind every number.

use axum::response::IntoResponse;
use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, icon},
    table::grouped,
};
use maud::html;

use crate::elders::{counts, ledgers, sights, words};

pub async fn page(ask: Ask) -> Result<Page> {
    let (rows, ages) = ask
        .read(|tx, ask| {
            let mut rows: Vec<(String, Vec<i64>)> = Vec::new();
            for (at, facet) in facets().iter().enumerate() {
                for (region, street, n) in counts::by_street(tx, &ask.who.scope, facet)? {
                    // Those who live in a county without a known street stand under the county.
                    let place = if street.len() == 9 { street } else { region };
                    match rows.iter_mut().find(|it| it.0 == place) {
                        Some(row) => row.1[at] += n,
                        None => {
                            let mut numbers = vec![0; facets().len()];
                            numbers[at] = n;
                            rows.push((place, numbers));
                        }
                    }
                }
            }
            rows.sort();
            Ok((rows, sights::by_age(tx, ask)?))
        })
        .await?;
    let tree = ask.app.places.tree();
    let totals: Vec<i64> = (0..facets().len()).map(|at| rows.iter().map(|it| it.1[at]).sum()).collect();
    let link = |place: Option<&str>, at: usize| {
        let place = place.map(|it| format!("place={it}&")).unwrap_or_default();
        match at.checked_sub(1) {
            None => format!("/elders?{place}"),
            Some(group) => format!("/elders/ledgers/list?{place}group={}&state=open", words::GROUPS[group].0),
        }
    };
    let cell = |place: Option<&str>, at: usize, n: i64| {
        html! { @if n == 0 { span.muted { "0" } } @else { a href=(link(place, at)) { (grouped(n)) } } }
    };
    let actions = html! { button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let content = html! {
        div.tablewrap { table.list.ledger {
            caption.sr { (ask.t("人群台账")) }
            thead { tr {
                th scope="col" { (ask.t("地区")) }
                th.num scope="col" { (ask.t("在册老人")) }
                @for (_, title) in words::GROUPS { th.num scope="col" { (ask.t(title)) } }
            } }
            tbody {
                @for (place, numbers) in &rows { tr {
                    td data-label=(ask.t("地区")) { a href=(link(Some(place), 0)) { (tree.words(place)) } }
                    @for (at, n) in numbers.iter().enumerate() {
                        td.num data-label=(ask.t(title_of(at))) { (cell(Some(place), at, *n)) }
                    }
                } }
            }
            tfoot { tr {
                th scope="row" { (ask.t("合计")) }
                @for (at, n) in totals.iter().enumerate() { td.num data-label=(ask.t(title_of(at))) { (cell(None, at, *n)) } }
            } }
        } }
        p.small.muted.gap-top { (ask.t("点数字打开台账,可筛选、导出和打印;台账上写明列入、退出的规则,每次列入、退出都记日期和依据。")) }
        @if 0 < totals[0] {
            div.cols-2.gap-top {
                section.card { div.card-body { (sights::by_group(&ask, &totals[1..])) } }
                @if let Some(ages) = &ages { section.card { div.card-body { (ages) } } }
            }
        }
    };
    let sub = ask.f("{place} · {day}", &[("place", &tree.full_name(&ask.who.scope.place)), ("day", &ask.today())]);
    Ok(ask.page(Head::new(ask.t("人群台账")).line(sub).actions(actions), content))
}

/// The ledger of one group: the rule of entry and exit, and who is in it.
pub async fn list(ask: Ask) -> Result<Page> {
    let group = ask.param("group").filter(|it| words::GROUPS.iter().any(|known| known.0 == *it));
    let Some(group) = group else {
        // Without a group a person stands in several ledgers at once.
        return Ok(axum::response::Redirect::to("/elders/ledgers/list?group=disabled&state=open").into_response());
    };
    if ask.param("format") == Some("xlsx") {
        return ledgers::LEDGER.answer(&ask, Head::new("")).await;
    }
    let page = ask.read(|tx, ask| ledgers::LEDGER.page(tx, ask, 25)).await?;
    let region = ask.who.scope.counties.first().cloned().unwrap_or_default();
    let [enters, leaves] = ledgers::rule(&ask, &region, group);
    let content = html! {
        (kit::page::kv(&[(ask.t("列入"), html! { (enters) }), (ask.t("退出"), html! { (leaves) })]))
        (ledgers::LEDGER.markup(&ask, &page))
    };
    let title = ask.f("{group}老人台账", &[("group", &ask.t(words::title(words::GROUPS, group)))]);
    let way = crumbs(&ask, &[("/elders/ledgers", ask.t("人群台账")), ("", &title)]);
    let place = ask.app.places.tree().full_name(ask.param("place").unwrap_or(&ask.who.scope.place));
    let sub = ask.f("{place} · {day}", &[("place", &place), ("day", &ask.today())]);
    Ok(ask.page(Head::new(&title).line(sub).crumbs(way), content))
}

fn facets() -> Vec<String> {
    std::iter::once("all".to_string()).chain(words::GROUPS.iter().map(|it| format!("group:{}", it.0))).collect()
}

fn title_of(at: usize) -> &'static str {
    if at == 0 { "在册老人" } else { words::GROUPS[at - 1].1 }
}
