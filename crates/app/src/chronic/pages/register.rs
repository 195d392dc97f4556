//! Registering a disease, and ending its management.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page},
};
use maud::html;

use crate::{
    chronic::{care, disease},
    elders::{self, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("registered", ask.today().to_string());
    for name in ["kind", "diagnosed"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    show(&ask, &key.parse()?, &input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (sent, for_write) = (input.clone(), key.clone());
    let made = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &for_write)?;
            disease::register_from(tx, ask, &elder, &input)
        })
        .await;
    match made {
        Ok(_) => Ok(ask.go(&care::link(&key), ask.t("已登记"))),
        Err(Error::Invalid(errors)) => show(&ask, &key, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn end(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let link = care::link(&key);
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        disease::end_from(tx, ask, &elder, id, &input)
    })
    .await?;
    Ok(ask.go(&link, ask.t("已终止管理")))
}

async fn show(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let for_read = key.clone();
    let elder = ask.read(move |tx, ask| elders::find_living(tx, &ask.who.scope, &for_read)).await?;
    let here = care::link(key);
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(format!("{here}/register")) data-draft=(format!("chronic-register-{key}")) data-guard {
                (csrf(ask))
                (kit_form::fields(ask, disease::FIELDS, input, &Options::new(), errors))
                div.form-foot {
                    button.btn.btn-primary { (ask.t("登记")) }
                    a.btn.btn-ghost href=(here) { (ask.t("取消")) }
                }
            }
        } }
    };
    let title = ask.t("登记慢病");
    let head = Head::new(title)
        .line(format!("{} · {}", elder.name, super::about(ask, &elder)))
        .crumbs(super::way(ask, &elder, title));
    Ok(ask.page_with(super::status(!errors.is_empty())?, head, content))
}
