//! Closing an institution, and the way back from a mistake.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Input, Options},
    page::Page,
};

use crate::{
    elders::Key,
    institutions::{
        form,
        institution::{self, Institution},
        words,
    },
};

/// Closes the institution as a form says.
pub fn close_one(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(form::CLOSE, input, &Options::new())?;
    let title = ask.t(words::title(words::ENDINGS, &checked.text("reason"))).to_string();
    let reason = match checked.optional("note") {
        Some(note) => format!("{title}({note})"),
        None => title,
    };
    institution::close(tx, ask, it, form::day(&checked, "day")?, &reason)
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/institutions/{key}");
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        close_one(tx, ask, &it, &input)
    })
    .await?;
    Ok(ask.go(&here, ask.t("机构已停用")))
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/institutions/{key}");
    let reason: String = input.get("reason").chars().take(100).collect();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "请填写原因"));
    }
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        institution::reopen(tx, ask, &it, &reason)
    })
    .await?;
    Ok(ask.go(&here, ask.t("机构已恢复")))
}
