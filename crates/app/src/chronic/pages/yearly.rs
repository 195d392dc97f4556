//! How far this year's management is by the norm, and what is missing.

use kit::{Ask, Lang};
use maud::{Markup, html};
use rules::chronic::{Care, by_norm};

use crate::chronic::{check::Check, disease::Disease, visit::Visit, words};

pub fn card(ask: &Ask, region: &str, diseases: &[Disease], visits: &[Visit], checks: &[Check]) -> Markup {
    let policy = ask.app.policy_in(region, ask.today());
    let open = diseases.iter().filter(|it| it.ended.is_none() && it.followed().is_some());
    let mut rows = Vec::new();
    for it in open {
        let said = |one: &&Visit| {
            let judged = one.judged.iter().any(|verdict| verdict.disease == it.kind && verdict.controlled.is_some());
            one.voided.is_none() && judged && matches!(&*one.mode, "clinic" | "home")
        };
        let care = Care {
            registered: it.registered,
            visits: visits.iter().filter(said).map(|it| it.day).collect(),
            checks: checks.iter().map(|it| it.day).collect(),
        };
        if let Ok(found) = by_norm(&care, &policy) {
            rows.push((it, found));
        }
    }
    if rows.is_empty() {
        return html! {};
    }
    let english = ask.lang == Lang::En;
    html! {
        section.card { header.card-head { h2 { (ask.f("{year} 年规范管理", &[("year", &ask.today().year())])) } }
            div.card-body.stack { @for (it, found) in &rows {
                div {
                    p { b { (ask.t(words::title(words::DISEASES, &it.kind))) } " "
                        @if let Some(day) = found.since { (kit::page::badge(kit::page::Badge::Ok, &ask.f("{day} 起达到规范", &[("day", &day)]))) }
                        @else { (kit::page::badge(kit::page::Badge::Warn, ask.t("尚未达到规范"))) } }
                    div.progress { progress max=(found.visits_needed) value=(found.visits.min(found.visits_needed)) aria-label=(ask.t("面对面随访")) {}
                        span { (ask.f("面对面随访 {n}/{needed} 次", &[("n", &found.visits), ("needed", &found.visits_needed)])) } }
                    @for reason in &found.reasons { p.small.muted { @if english { (reason.en) } @else { (reason.zh) } } }
                }
            } }
        }
    }
}
