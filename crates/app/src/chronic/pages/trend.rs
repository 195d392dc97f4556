//! Pressure and glucose over time, as charts.

use kit::{
    Ask,
    page::{Chart, Series, chart},
};
use maud::{Markup, html};
use rules::base::Date;

use crate::chronic::{measure::Values, screening::Taken, visit::Visit};

/// Visits and other measurements, oldest first.
pub fn points(visits: &[Visit], taken: &[Taken]) -> Vec<(Date, Values)> {
    let mut all: Vec<(Date, Values)> =
        visits.iter().filter(|it| it.voided.is_none()).map(|it| (it.day, it.values)).collect();
    all.extend(taken.iter().map(|it| (it.day, it.values)));
    all.sort_by_key(|it| it.0);
    all
}

/// A chart of each that was measured twice or more.
pub fn charts(ask: &Ask, points: &[(Date, Values)]) -> Markup {
    let of = |names: &[&str]| -> Vec<&(Date, Values)> {
        points.iter().filter(|it| names.iter().any(|name| it.1.get(name).is_some())).collect()
    };
    let draw = |title: &str, unit: &str, lines: &[(&str, &str)]| -> Markup {
        let names: Vec<&str> = lines.iter().map(|it| it.0).collect();
        let points = of(&names);
        if points.len() < 2 {
            return html! {};
        }
        let series = lines
            .iter()
            .map(|(name, label)| Series {
                name: ask.t(label).to_string(),
                data: points.iter().map(|it| it.1.text(name).parse().ok()).collect(),
            })
            .collect();
        let x = points.iter().map(|it| it.0.to_string()).collect();
        chart(ask, &Chart { kind: "line", title: ask.t(title), unit, x, series })
    };
    html! {
        (draw("血压变化", "mmHg", &[("systolic", "收缩压"), ("diastolic", "舒张压")]))
        (draw("血糖变化", "mmol/L", &[("fasting", "空腹血糖"), ("glucose", "餐后或随机血糖")]))
    }
}
