//! Laboratories' files for programs: by the same functions as the page.

use axum::{
    Json,
    extract::{FromRequest, Request},
};
use kit::{
    Ask, Error, Result,
    api::{ApiDoc, READ},
    files::Upload,
    sheet::{self, Book, Limits},
};
use serde_json::Value;

use super::{Options, import, record};

/// Megabytes a file may have.
pub const MOST: usize = 20;

pub const IMPORT: ApiDoc = ApiDoc {
    summary: "Bring a laboratory's file into the checks: the table as the body, or as the field `file` of multipart/form-data; \
              people by check number or ID number",
    query: &[
        ("dry_run", "true: check only, write nothing"),
        ("name", "file name of a table that is the body, such as labs.csv"),
    ],
    ..READ
};

pub async fn post(ask: Ask, request: Request) -> Result<Json<Value>> {
    let kind = request.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or("");
    let (name, bytes) = if kind.starts_with("multipart/") {
        let upload = Upload::<MOST>::from_request(request, &ask.app).await?;
        let file = upload.file("file")?;
        (file.name.clone(), file.bytes()?)
    } else {
        let body = axum::body::to_bytes(request.into_body(), MOST << 20).await;
        let body = body.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
        (ask.param("name").unwrap_or("labs.csv").to_string(), body.to_vec())
    };
    let dry_run = matches!(ask.param("dry_run"), Some("true" | "1" | "on" | "yes"));
    let options = Options { dry_run, file: name.clone() };
    let book = book(bytes, name.clone()).await?;
    let report = import(&ask, &book, &options, |_, _| {}).await?;
    if !dry_run {
        let (kept, name) = (report.clone(), name);
        ask.write(move |tx, ask| record::keep(tx, ask, &name, &kept)).await?;
    }
    Ok(Json(serde_json::to_value(report.plain())?))
}

/// The table in a file's bytes, read where waiting harms nobody.
pub async fn book(bytes: Vec<u8>, name: String) -> Result<Book> {
    let read = move || sheet::read(&bytes, &name, &Limits::default());
    Ok(tokio::task::spawn_blocking(read).await.map_err(Error::internal)??)
}
