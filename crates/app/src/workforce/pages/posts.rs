//! Where somebody practises: a place more, another main institution, an end; and leaving for good.

use axum::extract::Path;
use kit::{
    Ask, Result,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};

use crate::{
    elders::Key,
    workforce::{form, post, staff},
};

pub const LEAVE: &[Field] = &[field("from", "离职日", Kind::Date).required().help("这天起不再在岗。")];

pub async fn set(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}");
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        form::set_post(tx, ask, &it, &input)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

pub async fn leave(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}");
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        let checked = kit_form::check(LEAVE, &input, &Options::new())?;
        let from = form::day(&checked, "from")?;
        post::set(
            tx,
            ask,
            &it,
            &post::New { line: post::Line::Main, from, kind: None, organisation: None, outside: "" },
        )
    })
    .await?;
    Ok(ask.go(&here, ask.t("已办理离职")))
}
