//! Earlier results with the same instrument, as a chart and a table.

use std::collections::BTreeMap;

use kit::{
    Ask,
    page::{Chart, Series, chart},
};
use maud::{Markup, html};

use crate::assessment::{record::Assessment, work::level_in};

/// Assessments a comparison goes back to.
const MOST: usize = 12;

/// Compares an assessment with others of its instrument; nothing where it is the only one.
pub fn card(ask: &Ask, all: &[Assessment]) -> Markup {
    let mut done: Vec<&Assessment> = all.iter().filter(|it| it.result.is_some()).collect();
    done.sort_by_key(|it| (it.concluded, it.key.id));
    if done.len() < 2 {
        return html! {};
    }
    let done = &done[done.len().saturating_sub(MOST)..];
    let day = |it: &Assessment| it.concluded.map_or(String::new(), |it| it.to_string());
    let series = series(ask, done);
    html! {
        section.card { header.card-head { h2 { (ask.t("与以前比较")) } }
            div.card-body {
                (chart(ask, &Chart {
                    kind: "line",
                    title: ask.t("各次得分"),
                    unit: ask.t("分"),
                    x: done.iter().map(|it| day(it)).collect(),
                    series: series.iter().map(|(name, data)| Series { name: name.clone(), data: data.clone() }).collect(),
                }))
                div.tablewrap { table.plain {
                    thead { tr {
                        th scope="col" { (ask.t("日期")) }
                        th scope="col" { (ask.t("结果")) }
                        @for (name, _) in &series { th.num scope="col" { (name) } }
                    } }
                    tbody { @for (at, it) in done.iter().enumerate() { tr {
                        td { a href=(it.link()) { (day(it)) } }
                        td { (level_in(ask, it)) }
                        @for (_, data) in &series { td.num { (data[at].map_or(String::new(), |it| it.to_string())) } }
                    } } }
                } }
            }
        }
    }
}

/// The totals, one line each; the one overall total alone where there is one.
fn series(ask: &Ask, done: &[&Assessment]) -> Vec<(String, Vec<Option<f64>>)> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for it in done {
        let instrument = ask.app.policy.instrument_edition(&it.instrument, &it.edition);
        for id in it.result.iter().flat_map(|it| it.totals.keys()) {
            let part = instrument.and_then(|it| it.parts().into_iter().find(|part| part.id == id));
            let name = part.map_or(id.clone(), |it| ask.either(it.name, it.name_en).into());
            names.insert(id.clone(), name);
        }
    }
    let value = |it: &&Assessment, id: &str| it.result.as_ref()?.totals.get(id)?.as_f64();
    names.into_iter().map(|(id, name)| (name, done.iter().map(|it| value(it, &id)).collect())).collect()
}
