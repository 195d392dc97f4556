//! Ledgers (台账): each group in each street, with the way to the list behind every number.

use kit::{
    Ask, Result,
    page::{Head, Page, icon},
    table::grouped,
};
use maud::html;

use crate::elders::{counts, words};

pub async fn page(ask: Ask) -> Result<Page> {
    let rows = ask
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
            Ok(rows)
        })
        .await?;
    let tree = ask.app.places.tree();
    let totals: Vec<i64> = (0..facets().len()).map(|at| rows.iter().map(|it| it.1[at]).sum()).collect();
    let link = |place: Option<&str>, at: usize| {
        let place = place.map(|it| format!("place={it}&")).unwrap_or_default();
        let group = if at == 0 { String::new() } else { format!("group={}", words::GROUPS[at - 1].0) };
        format!("/elders?{place}{group}")
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
        p.small.muted.gap-top { (ask.t("点数字打开名单,可筛选、导出和打印。列入、退出人群在老人档案中办理,每次都记日期和依据。")) }
    };
    let sub = ask.f("{place} · {day}", &[("place", &tree.full_name(&ask.who.scope.place)), ("day", &ask.today())]);
    Ok(ask.page(Head::new(ask.t("人群台账")).line(sub).actions(actions), content))
}

fn facets() -> Vec<String> {
    std::iter::once("all".to_string()).chain(words::GROUPS.iter().map(|it| format!("group:{}", it.0))).collect()
}

fn title_of(at: usize) -> &'static str {
    if at == 0 { "在册老人" } else { words::GROUPS[at - 1].1 }
}
