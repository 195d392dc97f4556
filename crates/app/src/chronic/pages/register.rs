//! Registering a disease, and ending its management.

use axum::extract::Path;
use kit::{Ask, Error, Result, form::Input, page::Page};

use super::sheet::Sheet;
use crate::{
    chronic::{care, disease},
    elders,
};

const REGISTER: Sheet =
    Sheet { word: "register", title: "登记慢病", fields: disease::FIELDS, button: "登记", said: "已登记" };

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("registered", ask.today().to_string());
    for name in ["kind", "diagnosed"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    REGISTER.show(&ask, &key, &input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    REGISTER.save(&ask, &key, input, disease::register_from).await
}

pub async fn end(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    elders::deed(&ask, &key, move |tx, ask, elder| disease::end_from(tx, ask, elder, id, &input)).await?;
    Ok(ask.go(&care::link(&key.parse()?), ask.t("已终止管理")))
}
