//! The pages of chronic diseases.

pub mod card;
pub mod deeds;
pub mod list;
pub mod measure;
pub mod one;
pub mod register;
mod sheet;
pub mod show;
mod trend;
pub mod visit;
mod yearly;

use kit::{
    Ask, Lang, Result,
    page::{crumbs, icon},
};
use maud::{Markup, html};

use super::{care, visit::Verdict, words};
use crate::elders::Elder;

/// The way from the list over the person to a page.
fn way(ask: &Ask, elder: &Elder, title: &str) -> Markup {
    let here = care::link(&elder.key);
    if title.is_empty() {
        return crumbs(ask, &[("/chronic", ask.t("慢病随访")), ("", &elder.name)]);
    }
    crumbs(ask, &[("/chronic", ask.t("慢病随访")), (&here, &elder.name), ("", title)])
}

/// What a visit said of each disease: class, what to do, the next day, and why.
fn outcome(ask: &Ask, judged: &[Verdict], open: bool) -> Markup {
    let english = ask.lang == Lang::En;
    html! {
        @for it in judged {
            @let disease = ask.t(words::title(words::DISEASES, &it.disease));
            details.why open[open] {
                summary { (disease) (ask.t(":")) (words::badge(ask, words::CLASSES, &it.class)) " "
                    (words::badge(ask, words::STEPS, &it.step)) }
                ol.reasons { @for (zh, en) in &it.reasons { li { p { @if english { (en) } @else { (zh) } } } } }
            }
        }
        @if let Some(next) = judged.iter().map(|it| it.next).min() {
            p.strong { (icon("calendar-check")) " " (ask.f("下次随访不晚于 {day}", &[("day", &next)])) }
        }
    }
}

/// The status of a page that shows what is wrong with a form.
fn status(is_refused: bool) -> Result<axum::http::StatusCode> {
    axum::http::StatusCode::from_u16(if is_refused { 422 } else { 200 }).map_err(kit::Error::internal)
}
