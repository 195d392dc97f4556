//! Forms with files.

use axum::extract::{FromRequest, Multipart, Request};
use kit::{App, Error, Result, form::Input};

/// What a form with files sent.
pub struct Upload {
    pub input: Input,
    pub files: Vec<Sent>,
}

/// One file of a form.
pub struct Sent {
    pub field: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A form sent as `multipart/form-data`, or, without any file, as an ordinary form.
impl FromRequest<App> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Upload> {
        let kind = request.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            return Ok(Upload { input: Input::from_request(request, app).await?, files: Vec::new() });
        }
        let broken = || Error::invalid("body", "上传中断或文件过大,请重试");
        let mut multipart = Multipart::from_request(request, app).await.map_err(|_| broken())?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = multipart.next_field().await.map_err(|_| broken())? {
            let field = part.name().unwrap_or_default().to_string();
            match part.file_name().map(str::to_string) {
                None => pairs.push((field, part.text().await.map_err(|_| broken())?)),
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|_| broken())?.to_vec();
                    // A file field left empty is sent without a name.
                    if !name.is_empty() && !bytes.is_empty() {
                        files.push(Sent { field, name: shortened(&name), bytes });
                    }
                }
            }
        }
        Ok(Upload { input: Input::from_pairs(pairs), files })
    }
}

fn shortened(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.chars().filter(|it| !it.is_control()).take(120).collect()
}
