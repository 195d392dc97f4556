//! The pages every product has: sign-in, workbench, search, own account, health.

mod account;
mod health;
mod setting;
mod sign_in;
mod workbench;

pub use setting::{remove_setting, set_setting, setting};

use axum::{
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Response},
};
use maud::html;

use crate::{
    App, Ask, Error,
    ask::Visitor,
    asset,
    module::Routes,
    page::{Badge, Head, alert, bare},
};

pub fn routes() -> Routes {
    Routes::default()
        .open(Method::GET, "/assets/{name}", asset::serve)
        .open(Method::GET, "/healthz", health::alive)
        .open(Method::GET, "/readyz", health::ready)
        .open(Method::GET, "/metrics", health::metrics)
        .open(Method::GET, "/api/openapi.json", health::openapi)
        .open(Method::GET, "/login", sign_in::page)
        .open(Method::POST, "/login", sign_in::sign_in)
        .open(Method::GET, "/login/code", sign_in::code_page)
        .open(Method::POST, "/login/code", sign_in::code)
        .open(Method::POST, "/logout", sign_in::sign_out)
        .signed_in(Method::GET, "/", workbench::page)
        .signed_in(Method::GET, "/search", workbench::search)
        .signed_in(Method::GET, "/search/suggest", workbench::suggest)
        .signed_in(Method::GET, "/inbox", workbench::inbox)
        .signed_in(Method::POST, "/inbox/read", workbench::read_all)
        .signed_in(Method::GET, "/account", account::page)
        .signed_in(Method::POST, "/account/password", account::change_password)
        .signed_in(Method::POST, "/account/second-factor", account::begin_second_factor)
        .signed_in(Method::POST, "/account/second-factor/confirm", account::confirm_second_factor)
        .signed_in(Method::POST, "/account/second-factor/remove", account::remove_second_factor)
        .signed_in(Method::GET, "/account/tokens", account::tokens)
        .signed_in(Method::POST, "/account/tokens", account::create_token)
        .signed_in(Method::POST, "/account/tokens/{id}/revoke", account::revoke_token)
}

/// An error as a page: in the shell for those who are signed in, else bare.
pub(crate) fn error_page(app: &App, visitor: Option<&Visitor>, error: &Error, reference: &str) -> Response {
    let lang = visitor.map(|it| it.lang).unwrap_or_default();
    let (status, _, said) = error.summary(lang);
    let content = html! {
        (alert(Badge::Bad, &said, html! {
            @match error {
                Error::Refused(refusal) => {
                    @if let Some(source) = &refusal.source { p.source { cite { (source) } } }
                    @if let Some(link) = &refusal.link { p { a href=(link) { (lang.t("查看")) } } }
                },
                Error::Internal(_) => p { (lang.f("请把编号 {reference} 告诉系统管理员。", &[("reference", &reference)])) },
                _ => {}
            }
        }))
        p.gap-top { a.btn.js-back href="/" { (lang.t("返回")) } }
    };
    let title = match status {
        404 => lang.t("没有找到"),
        403 => lang.t("没有权限"),
        500 => lang.t("系统出错"),
        _ => lang.t("不能办理"),
    };
    let page = match visitor.and_then(|it| it.who.clone().map(|who| (it, who))) {
        Some((visitor, who)) => {
            let ask = Ask {
                app: app.clone(),
                who,
                lang,
                now: visitor.now,
                large: visitor.large,
                unread: visitor.session.as_ref().map_or(0, |it| it.unread),
                flash: None,
                path: "".into(),
                query: Default::default(),
                partial: false,
            };
            let marked = html! { div data-error=(status) data-error-text=(said) { (content) } };
            return ask.page_with(
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                Head::new(title),
                marked,
            );
        }
        None => {
            bare(lang, visitor.is_some_and(|it| it.large), title, Some(status), &html! { h1 { (title) } (content) })
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Html(page.into_string())).into_response()
}
