//! Deeds of a team: a member in or out, the end of the team, and the way back from a mistake.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Input, Options},
    page::Page,
};

use crate::{
    elders::Key,
    workforce::{form, member, team},
};

pub async fn set_member(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/teams/{key}");
    ask.write(move |tx, ask| {
        let team = team::find(tx, &ask.who.scope, &key)?;
        // The button that takes somebody out sends no role.
        let out = input.get("role").is_empty();
        let fields: Vec<_> = form::MEMBER.iter().filter(|it| !out || it.name != "role").copied().collect();
        let checked = kit_form::check(&fields, &input, &Options::new())?;
        let staff = member::chosen(tx, &team, checked.id("staff"))?;
        let (role, from) = (checked.optional("role"), form::day(&checked, "from")?);
        member::set(tx, ask, &team, &staff, &member::New { role: role.as_deref(), leads: checked.on("leads"), from })
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/teams/{key}");
    ask.write(move |tx, ask| {
        let team = team::find(tx, &ask.who.scope, &key)?;
        if team.closed.is_some() {
            return Err(Error::refused("team_closed", "团队已撤销"));
        }
        let checked = kit_form::check(form::CLOSE, &input, &Options::new())?;
        team::close(tx, ask, &team, form::day(&checked, "day")?, &checked.text("reason"))
    })
    .await?;
    Ok(ask.go(&here, ask.t("团队已撤销")))
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/teams/{key}");
    let reason: String = input.get("reason").chars().take(100).collect();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "请填写原因"));
    }
    ask.write(move |tx, ask| {
        let team = team::find(tx, &ask.who.scope, &key)?;
        if team.closed.is_none() {
            return Err(Error::refused("team_open", "团队没有撤销"));
        }
        team::reopen(tx, ask, &team, &reason)
    })
    .await?;
    Ok(ask.go(&here, ask.t("团队已恢复")))
}
