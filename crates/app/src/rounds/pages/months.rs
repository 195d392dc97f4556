//! Done in time, late and not done, month by month.

use kit::{
    Ask, Result,
    page::{Chart, Head, Page, Series, chart, plain_table},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{choices, narrowing, tabs, way};
use crate::rounds::calendar::{self, Counts, Part};

/// So many months up to the present one.
const MONTHS: i32 = 12;

pub async fn page(ask: Ask) -> Result<Page> {
    let first = ask.today().first_of_month().add_months(1 - MONTHS);
    let (part, options, found) = ask
        .read(move |tx, ask| {
            let part = Part::asked(ask)?;
            let options = choices(tx, ask, &part)?;
            let found = calendar::by_month(tx, ask, &part, first, first.add_months(MONTHS))?;
            Ok((part, options, found))
        })
        .await?;
    let month = |nth: i32| -> Date { first.add_months(nth) };
    let all: Vec<(String, Counts)> = (0..MONTHS)
        .map(|nth| calendar::month(month(nth)))
        .map(|it| (it.clone(), found.get(&it).copied().unwrap_or_default()))
        .collect();
    let series = |name: &str, of: fn(&Counts) -> i64| Series {
        name: ask.t(name).to_string(),
        data: all.iter().map(|it| Some(of(&it.1) as f64)).collect(),
    };
    let shown = Chart {
        kind: "bar stacked",
        title: ask.t("巡诊和探访完成情况"),
        unit: ask.t("项"),
        x: all.iter().map(|it| it.0.clone()).collect(),
        series: vec![
            series("按期完成", |it| it.done),
            series("逾期完成", |it| it.late),
            series("逾期", Counts::not_done),
        ],
    };
    let heads = ["月份", "应做", "按期完成", "逾期完成", "逾期", "待做", "按期率"].map(|it| ask.t(it));
    let content = html! {
        (tabs(&ask))
        (narrowing(&ask, &part, &options, &[]))
        section.card { div.card-body { (chart(&ask, &shown)) } }
        section.card.gap-top {
            (plain_table(&heads, &rows(&all)))
            div.card-body { p.small.muted { (ask.t("按最迟日所在月份计;不再需要的不计。按期率 = 按期完成 ÷ 已到期的。")) } }
        }
    };
    let title = ask.t("各月巡诊和探访");
    let place = ask.app.places.tree().full_name(&part.scope.place);
    Ok(ask.page(Head::new(title).line(place).crumbs(way(&ask, title)), content))
}

fn rows(all: &[(String, Counts)]) -> Vec<Vec<Markup>> {
    let share = |it: &Counts| it.in_time().map_or("—".to_string(), |it| format!("{}.{} %", it / 10, it % 10));
    all.iter()
        .rev()
        .filter(|it| 0 < it.1.all())
        .map(|(month, it)| {
            let numbers = [it.all(), it.done, it.late, it.not_done(), it.waiting];
            let mut row = vec![html! { (month) }];
            row.extend(numbers.iter().map(|n| html! { (n) }));
            row.push(html! { (share(it)) });
            row
        })
        .collect()
}
