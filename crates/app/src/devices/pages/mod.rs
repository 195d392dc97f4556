//! Pages of devices and of what they measured.

pub mod adapters;
pub mod deeds;
pub mod edit;
pub mod list;
pub mod messages;
pub mod models;
pub mod people;
pub mod show;

use axum::http::StatusCode;
use kit::{
    Ask,
    error::FieldError,
    page::{Head, Page, crumbs},
};
use maud::Markup;

/// The way to a page below the list.
fn way(ask: &Ask, last: &str) -> Markup {
    crumbs(ask, &[("/devices", ask.t("设备台账")), ("", last)])
}

fn form_page(ask: &Ask, title: &str, content: Markup, errors: &[FieldError]) -> Page {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ask.page_with(status, Head::new(title).crumbs(way(ask, title)), content)
}
