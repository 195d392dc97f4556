//! Taking somebody in and changing a record.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, crumbs},
};
use maud::{Markup, html};

use super::form_page;
use crate::{
    elders::Key,
    workforce::{
        form, organisation,
        staff::{self, Taken},
    },
};

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("title", "none");
    input.set("post", "employed");
    input.set("from", ask.today().to_string());
    if let Some(organisation) = ask.param("organisation") {
        input.set("organisation", organisation);
    }
    show_new(&ask, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let options = options(&ask).await?;
    let typed = input.clone();
    let taken = ask
        .write(move |tx, ask| {
            let mut errors = Vec::new();
            let draft = kept(form::draft(tx, &input, "form"), &mut errors)?;
            let first = kept(form::first(&input, &options), &mut errors)?;
            match (draft, first) {
                (Some(draft), Some(first)) => staff::take(tx, ask, &draft, &first),
                _ => Err(Error::Invalid(errors)),
            }
        })
        .await;
    match taken {
        Ok(Taken::New(key)) => Ok(ask.go(&format!("/workforce/{key}"), ask.t("已登记"))),
        Ok(Taken::Known(key)) => {
            Ok(ask.go(&format!("/workforce/{key}"), ask.t("这个身份证号已登记,已打开原有记录;可在这里添加执业地点")))
        }
        Err(Error::Invalid(errors)) => show_new(&ask, &typed, &errors).await,
        Err(other) => Err(other),
    }
}

/// What is wrong is gathered, so that all of it is said at once.
fn kept<T>(checked: Result<T>, errors: &mut Vec<FieldError>) -> Result<Option<T>> {
    match checked {
        Ok(it) => Ok(Some(it)),
        Err(Error::Invalid(more)) => {
            errors.extend(more);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

async fn options(ask: &Ask) -> Result<Options> {
    let organisations = ask.read(organisation::options).await?;
    Ok(Options::from([("organisation", organisations)]))
}

async fn show_new(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let options = options(ask).await?;
    let title = ask.t("新增人员");
    let content = html! {
        form.form method="post" action="/workforce/new" data-draft="staff-new" data-guard {
            (csrf(ask))
            (kit_form::summary(ask, form::STAFF, errors))
            (parts(ask, input, errors))
            fieldset.grid { legend { (ask.t("主要执业机构")) }
                @for field in form::FIRST { (kit_form::one(ask, field, input, &options, errors)) }
            }
            div.form-foot {
                button.btn.btn-primary { (ask.t("登记")) }
                a.btn.btn-ghost href="/workforce" { (ask.t("取消")) }
            }
        }
    };
    let way = crumbs(ask, &[("/workforce", ask.t("从业人员")), ("", title)]);
    Ok(form_page(ask, Head::new(title).crumbs(way), content, errors))
}

fn parts(ask: &Ask, input: &Input, errors: &[FieldError]) -> Markup {
    let none = Options::new();
    html! {
        @for (title, fields) in form::PARTS {
            fieldset.grid { legend { (ask.t(title)) }
                @for field in form::STAFF.iter().filter(|it| fields.contains(&it.name)) {
                    (kit_form::one(ask, field, input, &none, errors))
                }
            }
        }
    }
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let (input, name) = ask
        .write(move |tx, ask| {
            let it = staff::find(tx, &ask.who.scope, &for_query)?;
            staff::note(tx, ask, "look", &it, "edit")?;
            Ok((form::filled(tx, ask, &it)?, it.name))
        })
        .await?;
    Ok(show_edit(&ask, &key, &name, &input, &[]))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let changed = ask
        .write(move |tx, ask| {
            let before = staff::find(tx, &ask.who.scope, &for_query)?;
            staff::change(tx, ask, &before, &form::draft(tx, &input, "form")?)
        })
        .await;
    match changed {
        Ok(()) => Ok(ask.go(&format!("/workforce/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => Ok(show_edit(&ask, &key, typed.get("name"), &typed, &errors)),
        Err(other) => Err(other),
    }
}

fn show_edit(ask: &Ask, key: &Key, name: &str, input: &Input, errors: &[FieldError]) -> Page {
    let here = format!("/workforce/{key}");
    let content = html! {
        form.form method="post" action=(format!("{here}/edit")) data-guard {
            (csrf(ask))
            (kit_form::summary(ask, form::STAFF, errors))
            (parts(ask, input, errors))
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let title = ask.t("修改人员");
    let way = crumbs(ask, &[("/workforce", ask.t("从业人员")), (&here, name), ("", title)]);
    form_page(ask, Head::new(title).line(name).crumbs(way), content, errors)
}
