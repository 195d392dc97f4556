//! The document behind a sentence: its number and title, the clause, its day, and how well it is confirmed.

use kit::{Ask, Error, Refusal, Result, Said};
use maud::{Markup, html};
use rules::policy::{Because, NoPolicy, Status};

use kit::page::{Badge, badge};

/// The document in one line: number, title and clause.
pub fn citation(ask: &Ask, document: &str, clause: &str) -> String {
    let name = match ask.app.policy.document(document) {
        None => document.to_string(),
        Some(it) => {
            let title = ask.either(&it.title, &it.title_en);
            match &it.number {
                Some(number) if !title.contains(&**number) => format!("{number} {title}"),
                _ => title.clone(),
            }
        }
    };
    if clause.is_empty() { name } else { format!("{name} {clause}") }
}

/// The document's name, leading to its page in the policy library.
pub fn linked(ask: &Ask, document: &str) -> Markup {
    let name = citation(ask, document, "");
    let known = ask.app.policy.document(document).is_some();
    html! {
        cite {
            @if known { a href=(format!("/policy/documents/{document}")) { (name) } } @else { (name) }
        }
    }
}

/// A source line below a reason. `sources` is how many independent sources confirm it, `about` which they are.
pub fn line(ask: &Ask, document: &str, clause: &str, sources: u8, about: &str) -> Markup {
    let registered = ask.app.policy.document(document);
    let issued = registered.and_then(|it| it.issued);
    html! {
        p.source {
            (linked(ask, document)) " " (clause)
            @if let Some(day) = issued { " · " time datetime=(day) { (day) } }
            " · " (confirmed(ask, sources, about))
        }
    }
}

/// How many independent sources confirm something, and `about` which they are.
pub fn confirmed(ask: &Ask, sources: u8, about: &str) -> Markup {
    html! {
        @if sources == 0 { span.badge.badge-unconfirmed title=(about) { (ask.t("待核")) } }
        @else { span.muted title=(about) { (ask.f("{n} 个独立来源", &[("n", &sources)])) } }
    }
}

/// The source line of a policy value.
pub fn of_value(ask: &Ask, because: &Because) -> Markup {
    html! {
        p {
            (because.param) " " b { (rules::policy::shown(&because.value)) }
            " " small.muted { (ask.f("{region},{day} 起", &[("region", &because.region_name), ("day", &because.from)])) }
            @if because.status == Status::Example { " " (badge(Badge::Example, ask.t("示例"))) }
        }
        (basis(ask, because.document.as_deref(), because.clause.as_deref(), because.confirmed, because.note.as_deref()))
    }
}

/// What a policy value rests on: its document, with how well it is confirmed, or what is noted where there is none.
pub fn basis(ask: &Ask, document: Option<&str>, clause: Option<&str>, sources: u8, note: Option<&str>) -> Markup {
    let note = note.unwrap_or_default();
    match document {
        Some(document) => line(ask, document, clause.unwrap_or_default(), sources, note),
        None => html! { p.source { (note) } },
    }
}

/// A refusal that rests on a document.
pub fn refused(ask: &Ask, code: &'static str, why: impl Into<Said>, document: &str, clause: &str) -> Error {
    Error::Refused(Refusal { code, why: why.into(), source: Some(citation(ask, document, clause)), link: None })
}

/// A refusal that rests on a policy value.
pub fn refused_by(ask: &Ask, code: &'static str, why: impl Into<Said>, because: Option<&Because>) -> Error {
    let source = because.map(|it| {
        let document = it.document.as_deref().map(|id| citation(ask, id, it.clause.as_deref().unwrap_or_default()));
        let doubt = if it.confirmed == 0 { ask.t("(待核)") } else { "" };
        format!("{} {} = {}{doubt}", document.unwrap_or_default(), it.param, rules::policy::shown(&it.value))
    });
    Error::Refused(Refusal { code, why: why.into(), source, link: None })
}

/// A value that a deed cannot do without.
pub fn needed<T>(found: Result<T, NoPolicy>) -> Result<T> {
    found.map_err(|it| Error::refused("no_policy", it.text()))
}
