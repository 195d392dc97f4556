//! The pages of staff and teams.

pub mod edit;
pub mod gaps;
pub mod lists;
pub mod papers;
pub mod posts;
pub mod presence;
pub mod show;
pub mod team;
pub mod team_deeds;
pub mod team_edit;
pub mod team_places;

use axum::http::StatusCode;
use kit::{
    Ask,
    error::FieldError,
    page::{Head, Page},
};
use maud::Markup;

/// A form as a page: as it was typed where it was refused.
fn form_page(ask: &Ask, head: Head<'_>, content: Markup, errors: &[FieldError]) -> Page {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ask.page_with(status, head, content)
}

/// `2024-01-01 — 2024-12-31`, with the last day on which something held, or open.
fn days(ask: &Ask, from: rules::base::Date, until: Option<rules::base::Date>) -> String {
    match until {
        Some(it) => format!("{from} — {}", it.add_days(-1)),
        None => ask.f("{from} 起", &[("from", &from)]),
    }
}
