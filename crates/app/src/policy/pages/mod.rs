//! The pages of the policy library, side by side under tabs.

pub mod cases;
pub mod decisions;
pub mod documents;
pub mod instruments;
pub mod overview;
pub mod param;
pub mod shape;
pub mod values;

use kit::{Ask, page::icon};
use maud::{Markup, html};

use super::DECISIONS;

const TABS: &[(&str, &str)] = &[
    ("/policy", "在行取值"),
    ("/policy/documents", "文件登记册"),
    ("/policy/instruments", "评估量表"),
    ("/policy/cases", "算例"),
    ("/policy/decisions", "决定与理由"),
];

/// The library's rooms; `here` is the address of the one shown.
fn tabs(ask: &Ask, here: &str) -> Markup {
    html! {
        nav.tabs aria-label=(ask.t("政策库")) {
            @for (path, title) in TABS {
                @if *path != "/policy/decisions" || ask.may(DECISIONS) {
                    a href=(path) aria-current=[(*path == here).then_some("page")] { (ask.t(title)) }
                }
            }
        }
    }
}

fn print_button(ask: &Ask) -> Markup {
    html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } }
}

/// The fingerprint of the folder that this server works by.
fn digest_line(ask: &Ask) -> Markup {
    let digest = ask.app.policy.digest();
    html! { p.small.muted { (ask.t("政策库内容指纹")) " " code { (digest) } } }
}
