//! Bringing in institutions from a sheet.

use axum::extract::Path;
use kit::{Ask, Id, Result, files::Upload, import, page::Page};

use crate::institutions::import::INSTITUTIONS;

pub async fn form(ask: Ask) -> Result<Page> {
    import::form(&ask, &INSTITUTIONS).await
}

pub async fn template(ask: Ask) -> Result<Page> {
    import::template(&ask, &INSTITUTIONS)
}

pub async fn upload(ask: Ask, upload: Upload<20>) -> Result<Page> {
    import::upload(&ask, &INSTITUTIONS, &upload).await
}

pub async fn show(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::show(&ask, &INSTITUTIONS, id).await
}

pub async fn refused(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::refused(&ask, &INSTITUTIONS, id).await
}

pub async fn again(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::again(&ask, &INSTITUTIONS, id).await
}
