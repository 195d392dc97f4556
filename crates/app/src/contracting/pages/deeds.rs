//! What is done with one contract: renewed, given to another team, ended, served.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};

use crate::{
    contracting::{
        contract::{self, Contract},
        course, promise, renew as renewal, sign, words,
    },
    elders::{Elder, Key},
};

pub const TEAM: &[Field] = &[field("team", "家庭医生团队", Kind::Pick).required()];
pub const END: &[Field] = &[
    field("reason", "终止原因", Kind::Choice(words::ENDS_GIVEN)).required(),
    field("note", "说明", Kind::Text(200)),
    field("day", "终止日", Kind::Date).help("从这天起不再有效;不填为今天。不晚于起日的,整份撤销。"),
];
pub const SERVICE: &[Field] = &[
    field("service", "服务", Kind::Choice(words::Service::WORDS)).required(),
    field("day", "日期", Kind::Date).help("不填为今天。"),
    field("note", "说明", Kind::Text(200)),
];

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Contract, &Elder) -> Result<String> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = ask
        .write(move |tx, ask| {
            let (it, elder) = contract::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it, &elder)
        })
        .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn renew(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    deed(ask, key, "已续签", |tx, ask, it, _| Ok(renewal::renew(tx, ask, &it.key)?.link())).await
}

pub async fn team(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已变更团队", move |tx, ask, it, elder| {
        change_team(tx, ask, it, elder, &input)?;
        Ok(it.link())
    })
    .await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "签约已终止", move |tx, ask, it, elder| {
        end_by(tx, ask, it, elder, &input)?;
        Ok(format!("/elders/{}", elder.key))
    })
    .await
}

pub async fn service(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已登记服务", move |tx, ask, it, elder| {
        serve_by(tx, ask, it, elder, &input)?;
        Ok(it.link())
    })
    .await
}

pub fn change_team(tx: &Tx<'_>, ask: &Ask, it: &Contract, elder: &Elder, input: &Input) -> Result<()> {
    let from = ask.today().max(it.from);
    let teams = sign::teams(tx, ask, elder, from)?;
    let options = Options::from([("team", teams.iter().map(|it| (it.key.id.to_string(), it.name.clone())).collect())]);
    let checked = kit_form::check(TEAM, input, &options)?;
    let team = teams.into_iter().find(|it| Some(it.key.id) == checked.id("team"));
    let team = team.ok_or_else(|| Error::invalid("team", "请选择家庭医生团队"))?;
    course::change_team(tx, ask, it, elder, &team, from)
}

pub fn end_by(tx: &Tx<'_>, ask: &Ask, it: &Contract, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(END, input, &Options::new())?;
    let reason = words::ENDS_GIVEN.iter().find(|one| one.0 == checked.text("reason"));
    let (reason, _) = reason.ok_or_else(|| Error::invalid("reason", "请选择原因"))?;
    let day = checked.date("day").unwrap_or(ask.today().max(it.from));
    course::end(tx, ask, it, elder, day, reason, &checked.text("note"))
}

pub fn serve_by(tx: &Tx<'_>, ask: &Ask, it: &Contract, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(SERVICE, input, &Options::new())?;
    let day = checked.date("day").unwrap_or(ask.today());
    promise::by_hand(tx, ask, it, elder, &checked.text("service"), day, &checked.text("note"))
}
