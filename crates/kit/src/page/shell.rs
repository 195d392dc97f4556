//! The shell: menu by role, search, language, large print, inbox.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use super::{Badge, alert, icon};
use crate::{
    Ask, Lang, asset,
    form::csrf,
    module::{self, Area, Menu},
};

pub const FLASH_COOKIE: &str = "said";

/// What stands above a page's content.
#[derive(Default)]
pub struct Head<'a> {
    pub title: &'a str,
    /// One line below the title.
    pub sub: String,
    /// Where the page lies, as `crumbs` makes it.
    pub crumbs: Option<Markup>,
    /// Buttons; one of them primary.
    pub actions: Option<Markup>,
}

impl<'a> Head<'a> {
    pub fn new(title: &'a str) -> Head<'a> {
        Head { title, ..Head::default() }
    }

    pub fn line(mut self, sub: impl Into<String>) -> Head<'a> {
        self.sub = sub.into();
        self
    }

    pub fn crumbs(mut self, crumbs: Markup) -> Head<'a> {
        self.crumbs = Some(crumbs);
        self
    }

    pub fn actions(mut self, actions: Markup) -> Head<'a> {
        self.actions = Some(actions);
        self
    }
}

pub fn redirect(to: &str, said: Option<&str>, secure: bool) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Addresses are ASCII here: everything else was escaped when it was made.
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    if let Some(said) = said {
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!(
            "{FLASH_COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}",
            crate::form::encoded(said)
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// A page without menu: sign-in, and errors of those who are not signed in.
pub fn bare(lang: Lang, large: bool, title: &str, error: Option<u16>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) data-size=[large.then_some("large")] {
            (document_head(lang, title, None, None))
            body.plain {
                a.skip href="#main" { (lang.t("跳到正文")) }
                main.main #main data-error=[error] {
                    div.plain-card.card {
                        p.brand { (icon("heart-pulse")) span.brand-name { (lang.t("医养")) small { (lang.t("医养结合平台")) } } }
                        (content)
                    }
                    p.plain-foot { (language_link(lang, "")) " " (size_link(lang, large, "")) }
                }
            }
        }
    }
}

pub fn whole(ask: &Ask, head: &Head<'_>, content: &Markup) -> Markup {
    let menus = module::menus(ask);
    let tree = ask.app.places.tree();
    let place = tree.name(&ask.who.scope.place);
    let unread = ask.unread;
    html! {
        (DOCTYPE)
        html lang=(ask.lang.code()) data-size=[ask.large.then_some("large")] {
            (document_head(ask.lang, head.title, Some(&ask.who.csrf), Some(&ask.who.account.to_string())))
            body.shell {
                a.skip href="#main" { (ask.t("跳到正文")) }
                aside.side #menu {
                    a.brand href="/" { (icon("heart-pulse")) span.brand-name { (ask.t("医养")) small { (place) } } }
                    a.side-close href="#main" aria-label=(ask.t("关闭菜单")) { (icon("x-lg")) }
                    nav aria-label=(ask.t("主菜单")) {
                        ul.menu {
                            (entry(ask, "/", "house", "工作台", 0))
                            (entry(ask, "/inbox", "inbox", "消息", unread))
                        }
                        @for area in Area::ALL {
                            @let here: Vec<&&Menu> = menus.iter().filter(|it| it.area == area).collect();
                            @if !here.is_empty() {
                                details.menu-group id=(format!("menu-{}", area.word())) open {
                                    summary { (ask.t(area.title())) }
                                    ul.menu { @for it in here { (entry(ask, it.path, it.icon, it.title, 0)) } }
                                }
                            }
                        }
                    }
                    p.side-foot {
                        @if ask.app.config.demo { span.part { (ask.t("演示数据")) " · " } }
                        span.part { (ask.today()) }
                    }
                }
                a.side-shade href="#main" tabindex="-1" aria-hidden="true" {}
                (top(ask, unread))
                main.main #main tabindex="-1" {
                    @if let Some(said) = &ask.flash { (alert(Badge::Ok, said, html! {})) }
                    @if let Some(crumbs) = &head.crumbs { (crumbs) }
                    header.page-head {
                        div { h1 { (head.title) } @if !head.sub.is_empty() { p.sub { (parts(&head.sub)) } } }
                        @if let Some(actions) = &head.actions { div.actions { (actions) } }
                    }
                    (content)
                }
                nav.bottom aria-label=(ask.t("常用")) {
                    (bottom(ask, "/", "house", "工作台"))
                    @for it in module::often(ask, 3) { (bottom(ask, it.path, it.icon, it.title)) }
                }
            }
        }
    }
}

/// A line of parts, broken between them rather than inside a day or a name.
fn parts(line: &str) -> Markup {
    html! {
        @for (i, part) in line.split(" · ").enumerate() {
            @if 0 < i { " · " }
            span.part { (part) }
        }
    }
}

fn document_head(lang: Lang, title: &str, csrf: Option<&str>, who: Option<&str>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            @if let Some(csrf) = csrf { meta name="csrf" content=(csrf); }
            @if let Some(who) = who { meta name="who" content=(who); }
            title { (title) " · " (lang.t("医养")) }
            link rel="icon" href=(asset::path("favicon.svg"));
            link rel="stylesheet" href=(asset::path("app.css"));
            script type="module" src=(asset::path("app.js")) {}
        }
    }
}

fn entry(ask: &Ask, path: &str, sign: &str, title: &str, count: i64) -> Markup {
    html! {
        li { a href=(path) aria-current=[is_here(ask, path).then_some("page")] {
            (icon(sign)) span { (ask.t(title)) }
            @if 0 < count { span.count { (count) } }
        } }
    }
}

fn bottom(ask: &Ask, path: &str, sign: &str, title: &str) -> Markup {
    html! {
        a href=(path) aria-current=[is_here(ask, path).then_some("page")] { (icon(sign)) span { (ask.t(title)) } }
    }
}

/// The longest menu path that leads to the page is the one that is marked.
fn is_here(ask: &Ask, path: &str) -> bool {
    let begins = |page: &str, it: &str| page == it || (it != "/" && page.starts_with(&format!("{it}/")));
    let mut under = ask.app.modules.iter().flat_map(|it| it.under);
    let page = under.find(|it| begins(&ask.path, it.0)).map_or(&*ask.path, |it| it.1);
    let leads = |it: &str| begins(page, it);
    let longest = ask
        .app
        .modules
        .iter()
        .flat_map(|it| it.menu)
        .map(|it| it.path)
        .filter(|it| leads(it))
        .max_by_key(|it| it.len());
    leads(path) && longest.is_none_or(|it| it.len() <= path.len())
}

fn top(ask: &Ask, unread: i64) -> Markup {
    let wanted = ask.param("q").filter(|_| &*ask.path == "/search");
    html! {
        header.top {
            a.top-menu href="#menu" aria-label=(ask.t("打开菜单")) { (icon("list")) }
            form.search role="search" action="/search" method="get" {
                (icon("search"))
                input #search name="q" type="search" value=[wanted] aria-label=(ask.t("搜索老人和功能"))
                      placeholder=(ask.t("姓名、拼音首字母、身份证号")) autocomplete="off"
                      hx-get="/search/suggest" hx-trigger="input changed delay:200ms" hx-target="#search-suggest"
                      hx-sync="this:replace";
                kbd aria-hidden="true" { "/" }
                div.suggest #search-suggest {}
            }
            nav.top-tools aria-label=(ask.t("工具")) {
                (language_link(ask.lang, "top-tool js-keep"))
                (size_link(ask.lang, ask.large, "top-tool js-keep"))
                a.top-tool href="/inbox" aria-label=(ask.f("消息,{n} 条未读", &[("n", &unread)])) {
                    (icon("bell")) @if 0 < unread { span.count { (unread) } }
                }
                details.drop {
                    summary.top-tool {
                        (icon("person-circle"))
                        span { (ask.who.name) small { (ask.t(ask.who.role.title())) } }
                    }
                    div.drop-list {
                        a href="/account" { (icon("gear")) (ask.t("账号与密码")) }
                        form method="post" action="/logout" {
                            (csrf(ask))
                            button { (icon("box-arrow-right")) (ask.t("退出登录")) }
                        }
                    }
                }
            }
        }
    }
}

fn language_link(lang: Lang, class: &str) -> Markup {
    let (to, code, name) = match lang {
        Lang::Zh => ("?lang=en", "en", "English"),
        Lang::En => ("?lang=zh", "zh-CN", "中文"),
    };
    html! { a class=(class) href=(to) lang=(code) hreflang=(code) { (icon("translate")) span { (name) } } }
}

fn size_link(lang: Lang, large: bool, class: &str) -> Markup {
    let (to, name) = if large { ("?size=normal", "标准字号") } else { ("?size=large", "大字版") };
    html! { a class=(class) href=(to) { (icon("type")) span { (lang.t(name)) } } }
}
