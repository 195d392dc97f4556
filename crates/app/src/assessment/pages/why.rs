//! Why the result is what it is: each step with its document, the matrix with its cell, the policy values behind the days.

use kit::{
    Ask, Lang, Result,
    page::{Badge, badge},
};
use maud::{Markup, html};
use rules::assessment::{Code, Instrument, Part, PartConfirmed};

use crate::assessment::{
    Tier,
    record::Assessment,
    result::{Outcome, Step},
    sources,
};

pub fn card(ask: &Ask, it: &Assessment, outcome: &Outcome) -> Markup {
    let instrument = it.instrument_used(&ask.app.policy);
    let english = ask.lang == Lang::En;
    html! {
        details.why open {
            summary { (ask.t("为什么是这个结果")) }
            @if instrument.is_none() {
                p.small.muted { (ask.t("量表文件其后有改动;结果和理由按评估时的内容保留。")) }
            }
            ol.reasons {
                @for (at, step) in outcome.reasons.iter().enumerate() {
                    @let before = at.checked_sub(1).map(|it| &outcome.reasons[it]);
                    @let again = before.is_some_and(|it| it.document == step.document && it.clause == step.clause);
                    li {
                        p { (step.in_lang(ask.lang)) }
                        (source(ask, instrument, at, step, again))
                    }
                }
            }
        }
        @if let Some(instrument) = instrument { (grid(ask, instrument, outcome)) }
        p.small.muted { (ask.t("可信度")) (ask.t(":")) @if english { (outcome.confirmed.en) } @else { (outcome.confirmed.zh) } }
    }
}

/// The document behind a step; where it is the one of the step before, only how well this step is confirmed.
fn source(ask: &Ask, instrument: Option<&Instrument>, at: usize, step: &Step, again: bool) -> Markup {
    match instrument.and_then(|it| confirmed(it, at)) {
        Some(part) if again => {
            html! { p.source { (ask.t("同上")) " · " (sources::confirmed(ask, part.sources, &part.about)) } }
        }
        None if again => html! {},
        Some(part) => sources::line(ask, &step.document, &step.clause, part.sources, &part.about),
        None => html! { p.source { cite { (sources::citation(ask, &step.document, &step.clause)) } } },
    }
}

/// How well a step is confirmed, by its place: first each total, with its band where it has bands, then what combines them.
fn confirmed(instrument: &Instrument, at: usize) -> Option<&PartConfirmed> {
    let mut place = 0;
    for part in instrument.parts() {
        if at == place {
            return Some(&instrument.confirmed_scores);
        }
        if !part.bands.is_empty() {
            place += 1;
            if at == place {
                return Some(&instrument.confirmed_bands);
            }
        }
        place += 1;
    }
    instrument.confirmed_combination.as_ref().or(Some(&instrument.confirmed_bands))
}

/// The matrix, the cell that applies marked.
pub fn grid(ask: &Ask, instrument: &Instrument, outcome: &Outcome) -> Markup {
    let Some(grid) = instrument.grid() else { return html! {} };
    let parts = instrument.parts();
    let part = |id: &str| parts.iter().find(|it| it.id == id);
    let (Some(rows), Some(columns)) = (part(grid.row), grid.columns.first().and_then(|it| part(it))) else {
        return html! {};
    };
    let row = outcome.bands.get(grid.row).copied();
    let column = grid.columns.iter().filter_map(|it| outcome.bands.get(*it)).max().copied();
    let english = ask.lang == Lang::En;
    let name = |part: &Part<'_>, at: usize| {
        part.bands
            .get(at)
            .map_or(String::new(), |it| if english { it.level.name_en.clone() } else { it.level.name.clone() })
    };
    let names: Vec<&str> =
        grid.columns.iter().filter_map(|it| part(it)).map(|it| if english { it.name_en } else { it.name }).collect();
    let levels = instrument.levels();
    let title = |code: &Code| {
        let found = levels.iter().find(|it| it.code == *code);
        found.map_or(String::new(), |it| if english { it.name_en.clone() } else { it.name.clone() })
    };
    let doubtful = instrument.confirmed_combination.as_ref().is_some_and(|it| it.sources == 0);
    html! {
        div.tablewrap { table.matrix {
            caption { (if english { rows.name_en } else { rows.name }) " × " (names.join(ask.t("、")))
                @if doubtful { " " (badge(Badge::Unconfirmed, ask.t("待核"))) } }
            thead { tr { td {} @for at in 0..columns.bands.len() { th scope="col" { (name(columns, at)) } } } }
            tbody { @for (r, cells) in grid.cells.iter().enumerate() { tr {
                th scope="row" { (name(rows, r)) }
                @for (c, code) in cells.iter().enumerate() {
                    @let here = Some(r) == row && Some(c) == column;
                    td class=[here.then_some("here")] aria-current=[here.then_some("true")] title=(title(code)) { (code) }
                }
            } } }
        } }
    }
}

/// The days of the course and the policy values they rest on.
pub fn terms(ask: &Ask, it: &Assessment) -> Result<Markup> {
    let values: Vec<serde_json::Value> = serde_json::from_str(&it.because)?;
    if values.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        details.why {
            summary { (ask.t("公示、异议和有效期的依据")) }
            ol.reasons { @for value in &values { li { (kept_value(ask, value)) } } }
        }
    })
}

/// A policy value as it was kept with the decision.
fn kept_value(ask: &Ask, value: &serde_json::Value) -> Markup {
    let text = |name: &str| value[name].as_str().unwrap_or_default();
    let sources_count = value["confirmed"].as_u64().and_then(|it| u8::try_from(it).ok()).unwrap_or(0);
    html! {
        p {
            (ask.t(text("param"))) " " b { (rules::policy::shown(&value["value"])) }
            " " small.muted { (ask.f("{region},{day} 起", &[("region", &text("region_name")), ("day", &text("from"))])) }
            @if text("status") == "示例" { " " (badge(Badge::Example, ask.t("示例"))) }
        }
        @if text("document").is_empty() { p.source { (text("note")) } }
        @else { (sources::line(ask, text("document"), text("clause"), sources_count, text("note"))) }
    }
}

/// The tier of care with its reasons.
pub fn tier(ask: &Ask, it: &Assessment) -> Markup {
    let Some(tier) = it.tier.as_deref().and_then(|it| serde_json::from_str::<Tier>(it).ok()) else { return html! {} };
    let english = ask.lang == Lang::En;
    let because: Vec<_> = {
        let policy = it.policy(&ask.app, it.valid_from.unwrap_or(ask.today()));
        ["能力等级对应档次", "多病起算数", "上调的居住情况"]
            .iter()
            .filter_map(|name| policy.look_up("tier", name)?.ok())
            .collect()
    };
    html! {
        details.why {
            summary { (ask.t("照护档次")) (ask.t(":")) (ask.t(&tier.name)) }
            ol.reasons { @for (zh, en) in &tier.reasons { li { p { @if english { (en) } @else { (zh) } } } } }
            @for value in &because { (sources::of_value(ask, value)) }
        }
    }
}
