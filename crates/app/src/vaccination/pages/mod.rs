//! The pages of vaccination.

pub mod batch;
pub mod coverage;
pub mod dose;
pub mod list;
pub mod show;

use kit::{Ask, page::crumbs};
use maud::{Markup, html};

use crate::elders::Elder;

/// The way from the list over the person to a page.
fn way(ask: &Ask, elder: &Elder, title: &str) -> Markup {
    let here = super::dose::link(&elder.key);
    if title.is_empty() {
        return crumbs(ask, &[("/vaccination", ask.t("老年人接种")), ("", &elder.name)]);
    }
    crumbs(ask, &[("/vaccination", ask.t("老年人接种")), (&here, &elder.name), ("", title)])
}

/// From one list to the other.
fn tabs(ask: &Ask) -> Markup {
    let all = [
        ("/vaccination?work=now", "/vaccination", "邀请名单"),
        ("/vaccination/doses", "/vaccination/doses", "接种记录"),
        ("/vaccination/batches", "/vaccination/batches", "疫苗批次"),
        ("/vaccination/reactions", "/vaccination/reactions", "接种后反应"),
        ("/vaccination/coverage", "/vaccination/coverage", "接种率"),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("老年人接种")) {
            @for (to, path, title) in all { a href=(to) aria-current=[(*ask.path == *path).then_some("page")] { (ask.t(title)) } }
        }
    }
}
