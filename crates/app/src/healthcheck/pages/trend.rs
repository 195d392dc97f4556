//! Values over the years as charts: what belongs together stands in one.

use kit::{
    Ask,
    page::{Chart, Series, chart},
};
use maud::{Markup, html};
use rules::healthcheck::{Form, Measure, Values};

use super::field;
use crate::healthcheck::record::Check;

/// (title, items of one unit).
const CHARTS: &[(&str, &[&str])] = &[
    ("历年血压", &["sbp", "dbp"]),
    ("历年空腹血糖", &["glucose"]),
    ("历年体重", &["weight"]),
    ("历年体质指数", &["bmi"]),
    ("历年血脂", &["cholesterol", "triglycerides", "ldl", "hdl"]),
    ("历年血红蛋白", &["hemoglobin"]),
    ("历年肌酐", &["creatinine"]),
];

/// A chart for every group that was measured in two years or more.
pub fn charts(ask: &Ask, form: &Form<'_>, years: &[(Check, Values)]) -> Markup {
    let number = |values: &Values, id: &str| values.get(id)?.parse::<Measure>().ok().map(Measure::as_f64);
    let drawn: Vec<Markup> = CHARTS
        .iter()
        .filter_map(|(title, ids)| {
            let measured: Vec<&(Check, Values)> =
                years.iter().filter(|it| ids.iter().any(|id| number(&it.1, id).is_some())).collect();
            if measured.len() < 2 {
                return None;
            }
            let items: Vec<_> = ids.iter().filter_map(|id| form.item(id)).collect();
            let series = items.iter().map(|item| Series {
                name: item.name_in(field::lang(ask)).to_string(),
                data: measured.iter().map(|it| number(&it.1, &item.id)).collect(),
            });
            Some(chart(
                ask,
                &Chart {
                    kind: "line",
                    title: ask.t(title),
                    unit: items.first().map_or("", |it| ask.t(&it.unit)),
                    x: measured.iter().map(|it| it.0.year.to_string()).collect(),
                    series: series.collect(),
                },
            ))
        })
        .collect();
    html! {
        @if !drawn.is_empty() {
            section.card { header.card-head { h2 { (ask.t("历年变化")) } }
                div.card-body.stack { @for it in drawn { (it) } } }
        }
    }
}
