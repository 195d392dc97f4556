//! The short deeds on a patient's page: medicines, referrals, checks.

use axum::extract::Path;
use kit::{Ask, Error, Id, Result, Tx, form::Input, page::Page};

use crate::{
    chronic::{care, check, medicine, referral},
    elders::{self, Elder, Key},
};

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = care::link(&key);
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        work(tx, ask, &elder)
    })
    .await?;
    Ok(ask.go(&link, ask.t(said)))
}

fn number(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}

pub async fn add_medicine(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已增加用药", move |tx, ask, elder| medicine::add(tx, ask, elder, &input).map(drop)).await
}

pub async fn stop_medicine(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已停用", move |tx, ask, elder| medicine::stop(tx, ask, elder, id, &input)).await
}

pub async fn close_referral(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已写下转诊结果", move |tx, ask, elder| referral::close(tx, ask, elder, id, &input)).await
}

pub async fn add_check(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已登记检查", move |tx, ask, elder| check::add(tx, ask, elder, &input)).await
}
