//! The pages of institutions.

pub mod abilities;
pub mod area;
pub mod edit;
pub mod history;
pub mod licences;
pub mod life;
pub mod list;
pub mod map;
pub mod show;

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
