//! What is done with a plan: solve, stop, undo, publish, drop.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{Field, Input, Kind, field},
    page::Page,
};

use crate::{
    dispatch::{
        kept::{self, Kept},
        publish, run,
        sight::Sight,
    },
    elders::Key,
};

pub const SOLVE: &[Field] = &[field("seconds", "秒", Kind::Int { min: 1, max: 600 }).required()];

/// Does something with a plan that may be changed, and goes back to it.
async fn deed(
    ask: &Ask,
    key: &str,
    said: &str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Kept) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/dispatch/{key}");
    ask.write(move |tx, ask| {
        let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
        work(tx, ask, &it)
    })
    .await?;
    Ok(ask.go(&link, said))
}

pub async fn solve(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let checked = kit::form::check(SOLVE, &input, &kit::form::Options::new())?;
    let seconds = checked.int("seconds").unwrap_or(run::SECONDS[0]);
    deed(&ask, &key, "", move |tx, ask, it| {
        run::begin(tx, ask, it, seconds)?;
        Ok(())
    })
    .await
}

pub async fn stop(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/dispatch/{key}");
    ask.write(move |tx, ask| {
        let it = kept::find(tx, &ask.who.scope, &key)?;
        kept::ask_to_stop(tx, &it.key, true)
    })
    .await?;
    Ok(ask.go(&link, ""))
}

pub async fn undo(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    deed(&ask, &key, ask.t("已撤销"), |tx, ask, it| {
        let (draft, _) =
            kept::last_step(tx, it)?.ok_or_else(|| Error::refused("nothing_to_undo", "没有可以撤销的改动"))?;
        let before = Sight::of(tx, ask, Kept { draft: draft.clone(), ..it.clone() })?;
        kept::undo(tx, ask, it, &draft, &before.figures)
    })
    .await
}

pub async fn publish(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/dispatch/{key}");
    let done = ask
        .write(move |tx, ask| {
            let it = kept::find_to_change(tx, &ask.who.scope, &key)?;
            publish::publish(tx, ask, &it)
        })
        .await?;
    let said = ask.f(
        "已发布:{changed} 次上门有新的安排,通知了 {told} 位服务人员",
        &[("changed", &done.changed), ("told", &done.told)],
    );
    Ok(ask.go(&link, &said))
}

pub async fn drop(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    deed(&ask, &key, ask.t("已作废"), |tx, ask, it| {
        if it.state != "draft" {
            return Err(Error::refused("plan_published", "已发布的方案不能作废;要改就在上面改,再发布一次"));
        }
        kept::set_state(tx, ask, it, "dropped")
    })
    .await
}
