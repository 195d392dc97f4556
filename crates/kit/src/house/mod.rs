//! The pages every product has: sign-in, workbench, search, own account, health.

mod account;
mod accounts;
mod api;
mod borders;
mod demo;
mod health;
mod module;
mod organisations;
mod places;
mod queues;
mod setting;
mod sign_in;
mod state;
mod trail;
mod workbench;

pub use borders::{bounds_of, lies_in};
pub use module::{ACCOUNTS, MODULE, ORGANISATIONS, PLACES, PLACES_WRITE, QUEUES, STATE, TRAIL};
pub use organisations::KINDS as ORGANISATION_KINDS;
pub use setting::{set_setting, setting};

use axum::{
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    App, Ask, Error, Lang,
    ask::Visitor,
    asset,
    error::FieldError,
    module::Routes,
    page::{Badge, Head, Page, alert, bare, icon},
    place::{Level, NATION},
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

/// The region whose trail tells of a place: its county, or the house where it lies above the counties.
pub fn region_of(ask: &Ask, place: &str) -> String {
    let tree = ask.app.places.tree();
    tree.county_of(place).map_or(crate::audit::HOUSE.to_string(), |it| it.code.clone())
}

/// Most places a form offers; a larger part of the country is offered less deeply.
const OFFERED: usize = 700;

/// The places of the reader's scope for a form, as deep as fits; the chosen one and what lies in it always.
pub fn options_of_places(ask: &Ask, chosen: &str) -> Vec<(String, String)> {
    let tree = ask.app.places.tree();
    let root = &*ask.who.scope.place;
    let below = |from: &str, deepest: Level| {
        let mut all = Vec::new();
        let mut open: Vec<(String, usize)> = vec![(from.to_string(), 0)];
        while let Some((code, depth)) = open.pop() {
            let mut lower: Vec<(String, usize)> = tree
                .children(&code)
                .filter(|it| it.code != code && it.level <= deepest)
                .map(|it| (it.code.clone(), depth + 1))
                .collect();
            lower.reverse();
            let name = if code == NATION { ask.t("全国") } else { tree.name(&code) };
            all.push((code.clone(), format!("{}{name}", "\u{3000}".repeat(depth))));
            open.extend(lower);
        }
        all
    };
    let depths = [Level::Village, Level::Street, Level::County, Level::City];
    let mut all = depths
        .into_iter()
        .map(|it| below(root, it))
        .find(|it| it.len() <= OFFERED)
        .unwrap_or_else(|| vec![(root.to_string(), tree.name(root).to_string())]);
    // Where streets are not offered, those of the county chosen are.
    let county = tree.county_of(chosen).filter(|it| ask.who.scope.covers(&tree, &it.code));
    if let Some(county) = county
        && let Some(at) = all.iter().position(|it| it.0 == county.code)
        && !all.iter().any(|it| tree.get(&it.0).is_some_and(|it| it.parent == county.code))
    {
        let indent = all[at].1.chars().take_while(|it| *it == '\u{3000}').count();
        let deeper = below(&county.code, Level::Village).into_iter().skip(1);
        let deeper = deeper.map(|(code, name)| (code, format!("{}{name}", "\u{3000}".repeat(indent))));
        let rest = all.split_off(at + 1);
        all.extend(deeper);
        all.extend(rest);
    }
    all
}

/// A form as a page: as it was typed where it was refused.
fn form_page(ask: &Ask, head: Head<'_>, content: Markup, errors: &[FieldError]) -> Page {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ask.page_with(status, head, content)
}

/// An error as a page: in the shell for those who are signed in, else bare.
pub(crate) fn error_page(app: &App, visitor: Option<&Visitor>, lang: Lang, error: &Error, reference: &str) -> Response {
    let (status, _, said) = error.summary(lang);
    let content = html! {
        (alert(Badge::Bad, &said, html! {
            @match error {
                Error::Refused(refusal) => {
                    @if let Some(source) = &refusal.source { p.source { cite { (source) } } }
                    @if let Some(link) = &refusal.link { p { a.btn href=(link) { (lang.t("查看")) } } }
                },
                Error::Internal(_) => p { (lang.f("请把编号 {reference} 告诉系统管理员。", &[("reference", &reference)])) },
                Error::NotFound => p { (lang.t("地址可能写错,或这份资料已合并、迁出;可以用姓名、拼音首字母或身份证号搜索。")) },
                Error::Forbidden => p { (lang.t("工作需要这项权限的,请系统管理员调整您的角色。")) },
                _ => {}
            }
        }))
        div.actions.gap-top {
            a.btn.js-back href="/" { (icon("chevron-left")) (lang.t("返回")) }
            a.btn.btn-ghost href="/" { (icon("house")) (lang.t("工作台")) }
        }
    };
    let title = match status {
        404 | 405 => lang.t("没有找到"),
        403 => lang.t("没有权限"),
        500 => lang.t("系统出错"),
        503 => lang.t("暂时不能使用"),
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
                once: None,
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
