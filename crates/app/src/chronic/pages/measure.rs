//! A measurement of somebody who may not be ill: pressure, glucose, weight, waist.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page},
};
use maud::html;

use crate::{
    chronic::{care, screening},
    elders::{self, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    show(&ask, &key.parse()?, &input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (sent, for_write) = (input.clone(), key.clone());
    let taken = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &for_write)?;
            screening::add(tx, ask, &elder, &input)
        })
        .await;
    match taken {
        Ok(_) => Ok(ask.go(&care::link(&key), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => show(&ask, &key, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

async fn show(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let for_read = key.clone();
    let elder = ask.read(move |tx, ask| elders::find_living(tx, &ask.who.scope, &for_read)).await?;
    let here = care::link(key);
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(format!("{here}/measure")) data-draft=(format!("chronic-measure-{key}")) data-guard {
                (csrf(ask))
                (kit_form::fields(ask, screening::FIELDS, input, &Options::new(), errors))
                div.form-foot {
                    button.btn.btn-primary { (ask.t("保存")) }
                    a.btn.btn-ghost href=(here) { (ask.t("取消")) }
                }
            }
        } }
    };
    let title = ask.t("筛查测量");
    let head = Head::new(title)
        .line(format!("{} · {}", elder.name, super::about(ask, &elder)))
        .crumbs(super::way(ask, &elder, title));
    Ok(ask.page_with(super::status(!errors.is_empty())?, head, content))
}
