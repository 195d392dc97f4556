//! Registering a device and putting right what is said of it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, csrf},
    page::Page,
};
use maud::html;

use super::{form_page, show};
use crate::{
    devices::{device, form, model},
    elders::Key,
};

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = form::fresh();
    input.set("organisation", ask.param("organisation").unwrap_or_default());
    shown(&ask, ask.t("登记设备"), "/devices/new", input, &[]).await
}

async fn shown(ask: &Ask, title: &str, to: &str, input: Input, errors: &[FieldError]) -> Result<Page> {
    let options = ask.read(form::options).await?;
    let content = html! {
        form.form.grid method="post" action=(to) data-guard { (csrf(ask))
            (kit_form::fields(ask, form::FIELDS, &input, &options, errors))
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href="/devices" { (ask.t("取消")) }
            }
        }
    };
    Ok(form_page(ask, title, content, errors))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    let added = ask
        .write(move |tx, ask| {
            let (draft, standing) = form::draft(tx, ask, &sent)?;
            let (key, secret) = device::add(tx, ask, &standing.region, &standing.place, &draft)?;
            Ok((device::by_key(tx, &key)?, secret))
        })
        .await;
    match added {
        Ok((it, secret)) => Ok(show::secret_page(&ask, &it, &secret)),
        Err(Error::Invalid(errors)) => shown(&ask, ask.t("登记设备"), "/devices/new", input, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = format!("/devices/{key}/edit");
    let input = ask
        .read(move |tx, ask| {
            let it = device::find(tx, &ask.who.scope, &key)?;
            Ok(form::filled(&it, &model::by_id(tx, &key.region, it.model)?, &form::gateway_serial(tx, &it)?))
        })
        .await?;
    shown(&ask, ask.t("修改设备"), &to, input, &[]).await
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let before = device::find_to_change(tx, &ask.who.scope, &for_query)?;
            let (draft, standing) = form::draft(tx, ask, &sent)?;
            if standing.region != before.key.region {
                return Err(Error::invalid("organisation", "设备不能换到别的县(区),请报废后重新登记"));
            }
            device::change(tx, ask, &before, &draft)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/devices/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => {
            shown(&ask, ask.t("修改设备"), &format!("/devices/{key}/edit"), input, &errors).await
        }
        Err(other) => Err(other),
    }
}
