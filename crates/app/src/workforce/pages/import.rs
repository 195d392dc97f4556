//! Bringing in staff from a sheet.

use axum::extract::Path;
use kit::{Ask, Id, Result, files::Upload, import, page::Page};

use crate::workforce::import::STAFF;

pub async fn form(ask: Ask) -> Result<Page> {
    import::form(&ask, &STAFF).await
}

pub async fn template(ask: Ask) -> Result<Page> {
    import::template(&ask, &STAFF)
}

pub async fn upload(ask: Ask, upload: Upload<20>) -> Result<Page> {
    import::upload(&ask, &STAFF, &upload).await
}

pub async fn show(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::show(&ask, &STAFF, id).await
}

pub async fn refused(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::refused(&ask, &STAFF, id).await
}

pub async fn again(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    import::again(&ask, &STAFF, id).await
}
