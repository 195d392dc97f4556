//! Pages: the shell around every page, and the small pieces they are made of (`web/README.md` is their catalogue).

mod links;
mod piece;
mod shell;

pub(crate) use links::Guarded;
pub use piece::{Badge, Chart, Series, alert, apart, badge, chart, crumbs, empty, icon, kv, plain_table, stat, time};
pub use shell::{FLASH_COOKIE, Head, bare, redirect};

use axum::{
    http::{HeaderValue, StatusCode},
    response::{Html, IntoResponse, Response},
};
use maud::Markup;

use crate::Ask;

/// An answer with a page in it.
pub type Page = Response;

impl Ask {
    /// A page in the shell: its head and its content.
    pub fn page(&self, head: Head<'_>, content: Markup) -> Page {
        self.page_with(StatusCode::OK, head, content)
    }

    pub fn page_with(&self, status: StatusCode, head: Head<'_>, content: Markup) -> Page {
        let mut response =
            (status, Html(self.without_closed_links(&shell::whole(self, &head, &content).0))).into_response();
        response.headers_mut().insert("vary", HeaderValue::from_static("hx-request, cookie"));
        if self.flash.is_some() {
            response.headers_mut().append("set-cookie", HeaderValue::from_static("said=; Path=/; Max-Age=0"));
        }
        response
    }

    /// A part of a page, for htmx.
    pub fn part(&self, content: Markup) -> Page {
        Html(self.without_closed_links(&content.0)).into_response()
    }

    /// On to another page after a deed; `said` is shown there once.
    pub fn go(&self, to: &str, said: &str) -> Page {
        let flash = (!said.is_empty()).then_some(said);
        redirect(to, flash, self.app.config.secure_cookies())
    }
}

/// A file to be saved. The name is ASCII.
pub fn download(name: &str, bytes: Vec<u8>) -> Page {
    let media_type = match name.rsplit_once('.').map_or("", |it| it.1) {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    };
    let mut response = ([("content-type", media_type)], bytes).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert("content-disposition", value);
    }
    response
}
