//! Small pieces of text and markup: a document in one line, the state of a value, how well it is confirmed.

use kit::{
    Ask, Lang,
    page::{Badge, badge},
};
use maud::{Markup, html};
use rules::{
    base::Text,
    policy::{Confirmation, Document, Status, shown},
};
use serde_json::Value;

/// A sentence of the rules in the reader's language.
pub fn text<'a>(ask: &Ask, text: &'a Text) -> &'a str {
    text.in_lang(ask.lang.into())
}

/// A value as people read it: `60 元`, `是`.
pub fn value(ask: &Ask, value: &Value) -> String {
    ask.t(&shown(value)).to_string()
}

/// The same with the unit that the parameter's name says; a scale by its title, with the way to it.
pub fn measured(ask: &Ask, param: &str, it: &Value) -> Markup {
    let unit = UNITS.iter().find(|unit| param.ends_with(unit.0)).map(|unit| unit.1).filter(|_| it.is_number());
    let scale = it.as_str().and_then(|id| Some((id, ask.app.policy.instrument(id)?)));
    html! {
        @match scale {
            Some((id, scale)) => a href=(format!("/policy/instruments/{id}")) { (if ask.lang == Lang::En { &scale.name_en } else { &scale.name }) },
            None => (value(ask, it)),
        }
        @if let Some(unit) = unit { " " small { (ask.t(unit)) } }
    }
}

/// Units by the end of a parameter's name.
const UNITS: &[(&str, &str)] =
    &[("天数", "天"), ("月数", "个月"), ("工作日", "个工作日"), ("年龄", "岁"), ("人员", "人"), ("起算数", "种")];

/// The title in the reader's language.
pub fn title<'a>(ask: &Ask, document: &'a Document) -> &'a str {
    if ask.lang == Lang::En { &document.title_en } else { &document.title }
}

/// Number, title and clause of a document in one line; its id where the register does not have it.
pub fn citation(ask: &Ask, document: Option<&str>, clause: Option<&str>) -> String {
    let Some(id) = document else { return String::new() };
    let mut parts = Vec::new();
    match ask.app.policy.document(id) {
        None => parts.push(id),
        Some(it) => {
            parts.extend(it.number.as_deref().filter(|number| !it.title.contains(*number)));
            parts.push(title(ask, it));
        }
    }
    parts.extend(clause);
    parts.join(" ")
}

/// The same with a link to the register.
pub fn source(ask: &Ask, document: Option<&str>, clause: Option<&str>) -> Markup {
    html! {
        @match document {
            Some(id) => { a href=(format!("/policy/documents/{id}")) { (citation(ask, document, None)) } @if let Some(it) = clause { " " (it) } }
            None => span.muted { (ask.t("没有依据")) },
        }
    }
}

/// 示例 and 拟行 stand out; what is in force needs no word on the page.
pub fn status(ask: &Ask, status: Status) -> Markup {
    match status {
        Status::InForce => badge(Badge::Ok, ask.t("执行")),
        Status::Planned => badge(Badge::Info, ask.t("拟行")),
        Status::Example => badge(Badge::Example, ask.t("示例")),
    }
}

pub fn status_word(ask: &Ask, status: Status) -> &str {
    match status {
        Status::InForce => ask.t("执行"),
        Status::Planned => ask.t("拟行"),
        Status::Example => ask.t("示例"),
    }
}

/// How many independent sources confirm something; 待核 where it is from memory.
pub fn confirmed(ask: &Ask, sources: u8) -> Markup {
    match sources {
        0 => html! { (badge(Badge::Unconfirmed, ask.t("待核"))) " " small.muted { (ask.t("凭记忆,没有来源证实")) } },
        n => html! { small { (ask.f("{n} 个独立来源", &[("n", &n)])) } },
    }
}

pub fn confirmation(ask: &Ask, it: Confirmation) -> Markup {
    match it {
        Confirmation::TextRead => badge(Badge::Ok, ask.t("已读原文")),
        Confirmation::SeenElsewhere => badge(Badge::Warn, ask.t("旁证")),
        Confirmation::FromMemory => badge(Badge::Unconfirmed, ask.t("待核")),
    }
}

/// The title of a topic; its word where there is none of that name.
pub fn topic<'a>(ask: &Ask, name: &'a str) -> std::borrow::Cow<'a, str> {
    let found = ask.app.policy.topics().into_iter().find(|it| it.name == name);
    found.map_or(name.into(), |it| text(ask, &it.title).to_string().into())
}
