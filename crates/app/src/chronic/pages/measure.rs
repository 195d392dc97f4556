//! A measurement of somebody who may not be ill: pressure, glucose, weight, waist.

use axum::extract::Path;
use kit::{Ask, Result, form::Input, page::Page};

use super::sheet::Sheet;
use crate::chronic::screening;

const MEASURE: Sheet =
    Sheet { word: "measure", title: "筛查测量", fields: screening::FIELDS, button: "保存", said: "已保存" };

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    MEASURE.show(&ask, &key, &input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    MEASURE.save(&ask, &key, input, screening::add).await
}
