//! Import of ledgers for programs: by the same functions as the page.

use axum::{
    Json,
    extract::{FromRequest, Path, Request},
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Result,
    api::{ApiDoc, READ},
    files::Upload,
    form::Input,
    jobs,
};
use serde_json::{Value, json};

use super::{
    job::{self, MOST},
    record,
    run::{Options, run},
};
use crate::elders::{elder::Key, ledger};

pub const IMPORT: ApiDoc = ApiDoc {
    summary: "Import a ledger of elders: the spreadsheet as the body, or as the field `file` of multipart/form-data. \
              A dry run answers what would come of it; otherwise the import that was begun",
    query: &[
        ("place", "code of the county, street or village of people whose row names none; your own place without it"),
        ("dry_run", "true: check only, write nothing"),
        ("name", "file name of a spreadsheet that is the body, such as ledger.csv"),
    ],
    ..READ
};
pub const IMPORTED: ApiDoc = ApiDoc { summary: "What came of an import, and how far it is", ..READ };

pub async fn import(ask: Ask, request: Request) -> Result<Response> {
    let kind = request.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or("");
    let (mut input, name, bytes);
    if kind.starts_with("multipart/") {
        let upload = Upload::<MOST>::from_request(request, &ask.app).await?;
        let file = upload.file("file")?;
        (name, bytes) = (file.name.clone(), file.bytes()?);
        input = upload.input;
    } else {
        let body = axum::body::to_bytes(request.into_body(), MOST << 20).await;
        let body = body.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
        (name, bytes) = (ask.param("name").unwrap_or("ledger.xlsx").to_string(), body.to_vec());
        input = Input::default();
    }
    for field in ["place", "dry_run"] {
        if let Some(value) = ask.param(field) {
            input.set(field, value);
        }
    }
    let place = Some(input.get("place")).filter(|it| !it.is_empty()).unwrap_or(&ask.who.scope.place).to_string();
    if !matches!(input.get("dry_run"), "true" | "1" | "on" | "yes") {
        let (import, job) = job::keep(&ask, &name, bytes, place, false).await?;
        return Ok(Json(json!({"import": import, "job": job})).into_response());
    }
    let book = job::book(bytes, name.clone()).await?;
    let reading = ledger::Options::on(ask.today().civil());
    let options = Options { place, dry_run: true, source: format!("ledger {name}"), reading, job: None };
    let outcome = run(&ask, &book, &options, |_, _| {}).await?;
    Ok(Json(&outcome.report).into_response())
}

pub async fn imported(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let (import, progress) = ask
        .read(move |tx, ask| {
            let import = record::find(tx, ask, &key)?;
            let progress = import.job.map(|it| jobs::find(tx, it)).transpose()?;
            Ok((import, progress))
        })
        .await?;
    let kept = import.kept(&ask)?;
    let (done, total) = progress.map_or((0, 0), |it| (it.done, it.total));
    Ok(Json(json!({
        "import": import.key, "state": import.state, "done": done, "total": total,
        "report": kept.as_ref().map(|it| &it.report), "failure": kept.as_ref().and_then(|it| it.failure.as_ref()),
        "notices": kept.as_ref().map(|it| it.notices.iter().map(|one| one.text(ask.lang)).collect::<Vec<_>>()),
    })))
}
