//! A form with files in it (`multipart/form-data`): fields as `Input`, files in memory or, when large, in a nameless
//! temporary file that vanishes with the request. Its address carries the form's token: `action="…?csrf=TOKEN"`.

use std::io::{Cursor, Read, Seek, SeekFrom};

use axum::{
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
};
use tokio::io::AsyncWriteExt;

use crate::{App, Error, Result, Said, form::Input};

/// What a file may have in memory; beyond that it goes to disk.
const IN_MEMORY: usize = 1 << 20;
/// All fields together; large enough for a drawn signature in base64.
const FIELDS: usize = 2 << 20;
const MOST_FILES: usize = 30;

/// A form with files; each may have `MEGABYTES`.
#[derive(Debug)]
pub struct Upload<const MEGABYTES: usize = 20> {
    pub input: Input,
    /// In the order sent; fields in which nothing was chosen are left out.
    pub files: Vec<Received>,
}

/// One file as it came.
#[derive(Debug)]
pub struct Received {
    pub field: String,
    pub name: String,
    pub size: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    Disk(std::fs::File),
}

/// What can be read anew from the start, as spreadsheets are.
pub trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl Received {
    /// Reads the file from its start.
    pub fn reader(&self) -> Result<Box<dyn ReadSeek + '_>> {
        match &self.content {
            Content::Memory(bytes) => Ok(Box::new(Cursor::new(bytes))),
            Content::Disk(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(file))
            }
        }
    }

    /// All of it. Waits for the disk where the file is large.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.size);
        self.reader()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl<const MEGABYTES: usize> Upload<MEGABYTES> {
    /// The file of a field.
    ///
    /// # Errors
    /// `Invalid` where nothing was chosen.
    pub fn file(&self, field: &str) -> Result<&Received> {
        self.files.iter().find(|it| it.field == field).ok_or_else(|| Error::invalid(field, "请选择文件"))
    }
}

impl<const MEGABYTES: usize> FromRequest<App> for Upload<MEGABYTES> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
        let boundary = multer::parse_boundary(kind)
            .map_err(|_| Error::invalid("body", "请求不是带文件的表单(multipart/form-data)"))?;
        let mut parts = multer::Multipart::new(request.into_body().into_data_stream(), boundary);
        let (mut pairs, mut fields_size, mut files) = (Vec::new(), 0, Vec::new());
        while let Some(mut part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_string();
            match part.file_name().map(str::to_string) {
                Some(file_name) => {
                    if files.len() == MOST_FILES {
                        return Err(Error::invalid(
                            &name,
                            Said::new("一次最多上传 {most} 个文件").with("most", MOST_FILES),
                        ));
                    }
                    let received = receive(part, name, file_name, MEGABYTES << 20).await?;
                    files.extend((0 < received.size).then_some(received));
                }
                None => {
                    let mut value = Vec::new();
                    while let Some(chunk) = part.chunk().await.map_err(broken)? {
                        fields_size += chunk.len();
                        if FIELDS < fields_size {
                            return Err(Error::invalid(&name, "填写的内容过长,请缩短后重试"));
                        }
                        value.extend_from_slice(&chunk);
                    }
                    let value =
                        String::from_utf8(value).map_err(|_| Error::invalid(&name, "请求正文不是 UTF-8 文本"))?;
                    pairs.push((name, value));
                }
            }
        }
        Ok(Upload { input: Input::from_pairs(pairs), files })
    }
}

async fn receive(mut part: multer::Field<'_>, field: String, name: String, most: usize) -> Result<Received> {
    let (mut head, mut disk, mut size) = (Vec::new(), None, 0);
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        size += chunk.len();
        if most < size {
            let said = Said::new("文件“{name}”超过 {most} MB,请缩小或拆分后重试");
            return Err(Error::invalid(&field, said.with("name", &name).with("most", most >> 20)));
        }
        if disk.is_none() && IN_MEMORY < head.len() + chunk.len() {
            let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
            file.write_all(&std::mem::take(&mut head)).await?;
            disk = Some(file);
        }
        match &mut disk {
            Some(file) => file.write_all(&chunk).await?,
            None => head.extend_from_slice(&chunk),
        }
    }
    let content = match disk {
        Some(mut file) => {
            file.flush().await?;
            Content::Disk(file.into_std().await)
        }
        None => Content::Memory(head),
    };
    Ok(Received { field, name, size, content })
}

fn broken(_: multer::Error) -> Error {
    Error::invalid("body", "上传中断或内容不完整,请重试")
}
