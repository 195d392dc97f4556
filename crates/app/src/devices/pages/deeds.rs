//! What is done with a device: handed out, taken back, lost, given a new secret.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::Page,
};
use maud::html;

use super::{form_page, show};
use crate::{
    devices::{device, ear, form, hold, secret, words},
    elders::Key,
};

const STATE: &[Field] = &[
    field("state", "状态", Kind::Choice(&[("stock", "在库"), ("lost", "遗失"), ("retired", "报废")])).required(),
    field("why", "说明", Kind::Text(100)).required(),
];

pub async fn hand_out_form(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("elder", ask.param("elder").unwrap_or_default());
    input.set("by", ask.who.name.clone());
    hand_out_page(&ask, &key.parse()?, &input, &[]).await
}

async fn hand_out_page(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let for_query = key.clone();
    let it = ask.read(move |tx, ask| device::find(tx, &ask.who.scope, &for_query)).await?;
    let content = html! {
        form.form.grid method="post" action=(format!("{}/hand-out", it.link())) { (csrf(ask))
            p { (ask.t(words::title(words::KINDS, &it.kind))) " " code { (it.serial) } }
            (kit_form::fields(ask, form::HAND_OUT, input, &Options::new(), errors))
            div.form-foot { button.btn.btn-primary { (ask.t("发给老人")) } a.btn.btn-ghost href=(it.link()) { (ask.t("取消")) } }
        }
    };
    Ok(form_page(ask, ask.t("发给老人"), content, errors))
}

pub async fn hand_out(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, sent) = (key.clone(), input.clone());
    let done = ask.write(move |tx, ask| form::hand_out(tx, ask, &for_query, &sent)).await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/devices/{key}"), ask.t("已登记安装"))),
        Err(Error::Invalid(errors)) => hand_out_page(&ask, &key, &input, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/devices/{key}");
    let gone = key.clone();
    ask.write(move |tx, ask| form::take_back(tx, ask, &key, &input)).await?;
    ear::hang_up(&ask.app, &gone);
    Ok(ask.go(&link, ask.t("已收回")))
}

pub async fn state(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/devices/{key}");
    let gone = key.clone();
    ask.write(move |tx, ask| {
        let checked = kit_form::check(STATE, &input, &Options::new())?;
        let it = device::find_to_change(tx, &ask.who.scope, &key)?;
        hold::set_state(tx, ask, &it, &checked.text("state"), &checked.text("why"))
    })
    .await?;
    ear::hang_up(&ask.app, &gone);
    Ok(ask.go(&link, ask.t("已保存")))
}

/// The form of a state, for the page of a device.
pub fn state_form(ask: &Ask, link: &str) -> maud::Markup {
    html! {
        form.form method="post" action=(format!("{link}/state")) { (csrf(ask))
            (kit_form::fields(ask, STATE, &Input::default(), &Options::new(), &[]))
            div.form-foot { button.btn { (ask.t("保存")) } }
        }
    }
}

pub async fn rotate(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let at_once = !input.get("at_once").is_empty();
    let (it, shown) = ask
        .write(move |tx, ask| {
            let it = device::find_to_change(tx, &ask.who.scope, &key)?;
            let shown = secret::rotate(tx, ask, &it, at_once)?;
            Ok((it, shown))
        })
        .await?;
    if at_once {
        ear::hang_up(&ask.app, &it.key);
    }
    Ok(show::secret_page(&ask, &it, &shown))
}
