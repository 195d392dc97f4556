//! Everything that was ever changed of an institution.

use axum::extract::Path;
use kit::{
    Ask, Result, changes,
    page::{Head, Page, crumbs},
};
use maud::html;

use crate::{
    elders::Key,
    institutions::{form, institution},
};

/// Deeds one page shows.
const MOST: i64 = 500;

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, deeds) = ask
        .read(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &key)?;
            let deeds = it.subject().deeds(tx, MOST)?;
            Ok((it, deeds))
        })
        .await?;
    let here = it.link();
    let title = ask.t("变更记录");
    let table = changes::table(
        &ask,
        &deeds,
        |field| ask.t(form::label(field)).to_string(),
        |field, value| institution::said(&ask, field, value),
    );
    let content = html! { section.card { (table) } };
    let way = crumbs(&ask, &[("/institutions", ask.t("医养机构")), (&here, &it.name), ("", title)]);
    Ok(ask.page(Head::new(title).line(&*it.name).crumbs(way), content))
}
