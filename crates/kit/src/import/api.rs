//! A sheet from a program: the spreadsheet as the body, or as a file of a form; the answer is what came of it.

use axum::{
    Json,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};

use super::{
    Import,
    page::{MOST_ROWS, region_of},
    run,
};
use crate::{
    Ask, Error, Result, Said,
    api::{ApiDoc, READ},
    files::Upload,
    sheet::{self, Limits},
};

/// Megabytes a sheet may have.
const MOST: usize = 20;

/// Describes the address of an import, but for what is imported.
pub const DOC: ApiDoc = ApiDoc {
    summary: "Import a spreadsheet: as the body, or as the field `file` of multipart/form-data; answers the report, with the \
              refused rows and their reasons",
    query: &[
        ("place", "code of the county, street or village of rows that name none; your own place without it"),
        ("dry_run", "true: check only, write nothing"),
        ("name", "file name of a spreadsheet that is the body, such as sheet.csv"),
    ],
    ..READ
};

pub async fn json(ask: &Ask, import: &'static Import, request: Request) -> Result<Response> {
    let kind = request.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or("");
    let (name, bytes);
    if kind.starts_with("multipart/") {
        let upload = Upload::<MOST>::from_request(request, &ask.app).await?;
        let file = upload.file("file")?;
        (name, bytes) = (file.name.clone(), file.bytes()?);
    } else {
        let body = axum::body::to_bytes(request.into_body(), MOST << 20).await;
        let body = body.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
        (name, bytes) = (ask.param("name").unwrap_or("sheet.xlsx").to_string(), body.to_vec());
    }
    let place = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
    region_of(ask, &place)?;
    let file = name.clone();
    let read = move || sheet::read(&bytes, &file, &Limits::default());
    let book = tokio::task::spawn_blocking(read).await.map_err(Error::internal)??;
    let rows: usize = book.sheets.iter().map(|it| it.rows.len()).sum();
    if MOST_ROWS < rows {
        let said = Said::new("文件有 {n} 行,请分成几个文件,或请管理员用命令 yiyang import 导入").with("n", rows);
        return Err(Error::invalid("file", said));
    }
    let dry_run = ask.param("dry_run").is_some_and(|it| matches!(it, "true" | "1" | "on" | "yes"));
    let report = run(ask, &book, import, &place, &format!("import {name}"), dry_run).await?;
    Ok(Json(&report).into_response())
}
