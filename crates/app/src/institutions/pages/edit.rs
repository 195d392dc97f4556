//! Writing down an institution and changing what is known of it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, csrf},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::{Markup, html};

use super::{form_page, map};
use crate::{
    elders::Key,
    institutions::{form, institution},
};

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("place", ask.param("place").unwrap_or(&ask.who.scope.place));
    if let Some(kind) = ask.param("kind") {
        input.set("kind", kind);
    }
    Ok(show(&ask, None, true, &input, &[]))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let typed = input.clone();
    let made = match form::draft(&input, &form::options(&ask, &input), "form") {
        Ok(draft) => ask.write(move |tx, ask| institution::create(tx, ask, &draft)).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("机构已新增,请登记证照和服务能力"))),
        Err(Error::Invalid(errors)) => Ok(show(&ask, None, true, &typed, &errors)),
        Err(other) => Err(other),
    }
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.read(move |tx, ask| institution::find(tx, &ask.who.scope, &key)).await?;
    Ok(show(&ask, Some((&it.key, &it.name)), it.known.is_some(), &form::filled(&it), &[]))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let changed = match form::draft(&input, &form::options(&ask, &input), "form") {
        Ok(draft) => {
            ask.write(move |tx, ask| {
                let before = institution::find(tx, &ask.who.scope, &for_query)?;
                institution::change(tx, ask, &before, &draft)
            })
            .await
        }
        Err(e) => Err(e),
    };
    match changed {
        Ok(()) => Ok(ask.go(&format!("/institutions/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => Ok(show(&ask, Some((&key, typed.get("name"))), true, &typed, &errors)),
        Err(other) => Err(other),
    }
}

fn show(ask: &Ask, known: Option<(&Key, &str)>, complete: bool, input: &Input, errors: &[FieldError]) -> Page {
    let title = ask.t(if known.is_some() { "修改机构" } else { "新增机构" });
    let here = known.map_or("/institutions".to_string(), |it| format!("/institutions/{}", it.0));
    let action = known.map_or("/institutions/new".to_string(), |it| format!("/institutions/{}/edit", it.0));
    let content = html! {
        @if !complete {
            (alert(Badge::Info, ask.t("目前只有名称、类别和所在地"), html! { p { (ask.t("补充后计入统计,并可登记证照和服务能力。")) } }))
        }
        form.form method="post" action=(action) data-guard {
            (csrf(ask))
            (kit_form::summary(ask, form::INSTITUTION, errors))
            @for (part, fields) in form::PARTS { (one_part(ask, part, fields, input, errors)) }
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let list = ("/institutions", ask.t("医养机构"));
    let way = match known {
        Some((_, name)) => crumbs(ask, &[list, (&here, name), ("", title)]),
        None => crumbs(ask, &[list, ("", title)]),
    };
    form_page(ask, Head::new(title).crumbs(way), content, errors)
}

fn one_part(ask: &Ask, part: &str, fields: &[&str], input: &Input, errors: &[FieldError]) -> Markup {
    let options = form::options(ask, input);
    html! {
        fieldset.grid { legend { (ask.t(part)) }
            @for field in form::INSTITUTION.iter().filter(|it| fields.contains(&it.name)) {
                (kit_form::one(ask, field, input, &options, errors))
            }
        }
        @if fields.contains(&"position") { (map::picker(ask, "position")) }
    }
}
