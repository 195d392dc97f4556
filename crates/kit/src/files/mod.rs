//! Files: photos, signatures, documents, spreadsheets. Content-addressed, checked, encrypted at rest.

#[cfg(feature = "object-store")]
mod objects;
mod store;
mod sweep;
mod upload;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::{Ask, Error, Id, Result, Said, Tx, crypt::Crypt, form::encoded};

pub use sweep::{SWEEP, Swept, sweep};
pub use upload::{Received, Upload};

use store::Store;
pub(crate) use store::{hash_of, name_of};

/// Where the seal of a file is bound to.
const COLUMN: &str = "file.bytes";

/// Bytes a picture or document may have.
pub const LARGEST: usize = 20 << 20;
/// Bytes a spreadsheet may have.
pub const LARGEST_SHEET: usize = 100 << 20;

/// What may be kept, by its first bytes rather than by its name: (type, first bytes, bytes it may have).
const KINDS: &[(&str, &[u8], usize)] = &[
    ("image/jpeg", &[0xff, 0xd8, 0xff], LARGEST),
    ("image/png", &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a], LARGEST),
    ("image/webp", b"RIFF", LARGEST),
    ("application/pdf", b"%PDF-", LARGEST),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04", LARGEST_SHEET),
    ("application/vnd.ms-excel", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], LARGEST_SHEET),
];

/// The place where files are kept: a folder, or a bucket of an S3-compatible store.
#[derive(Debug, Clone)]
pub struct Files {
    store: Store,
}

/// Bytes that lie in the store and that no row points at yet.
#[derive(Debug, Clone)]
pub struct Stored {
    pub hash: Vec<u8>,
    pub name: String,
    pub media_type: &'static str,
    pub size: usize,
}

/// A file as the database knows it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Id,
    pub name: String,
    pub media_type: String,
    pub hash: Vec<u8>,
}

impl Files {
    /// Opens a folder, or with the feature `object-store` an address such as `s3://bucket/folder`.
    ///
    /// # Errors
    /// In words: why the place cannot be used.
    pub fn open(place: &str) -> Result<Files, String> {
        Ok(Files { store: Store::open(place)? })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Writes, reads and removes a few bytes, so that a wrong address or a full disk is known before somebody's photo is lost.
    ///
    /// # Errors
    /// In words: what the place refused.
    pub async fn reach(&self) -> Result<(), String> {
        let store = self.store.clone();
        let tried = tokio::task::spawn_blocking(move || store.reach()).await.map_err(|e| e.to_string())?;
        tried.map_err(|e| format!("{}: {e}", self.place()))
    }

    /// The place in words.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// Checks the bytes and lays them down, sealed, before any transaction; [`note`] then points at them.
    /// Large files go this way, so that no transaction waits for them.
    ///
    /// # Errors
    /// As [`Files::keep`].
    pub async fn lay(&self, ask: &Ask, field: &str, name: &str, bytes: Vec<u8>) -> Result<Stored> {
        let (files, app, field, name) = (self.clone(), ask.app.clone(), field.to_string(), name.to_string());
        tokio::task::spawn_blocking(move || files.lay_now(&app.crypt, &field, &name, &bytes))
            .await
            .map_err(Error::internal)?
    }

    fn lay_now(&self, crypt: &Crypt, field: &str, name: &str, bytes: &[u8]) -> Result<Stored> {
        let media_type = check(field, name, bytes)?;
        let hash = Sha256::digest(bytes).to_vec();
        if !self.store.freshen(&hash)? {
            self.store.write(&hash, crypt.seal_bytes(COLUMN, bytes))?;
        }
        Ok(Stored { hash, name: plain_name(name), media_type, size: bytes.len() })
    }

    /// Checks and keeps the bytes, then notes the file in the same transaction as the fact it proves. Bytes that are
    /// already there are not written again. If the transaction fails, the bytes stay without harm until the next sweep.
    ///
    /// # Errors
    /// `Invalid` for a file that is empty, too large or of another kind than pictures, PDF and spreadsheets.
    pub fn keep(&self, tx: &Tx<'_>, ask: &Ask, region: &str, field: &str, name: &str, bytes: &[u8]) -> Result<Id> {
        note(tx, ask, region, &self.lay_now(&ask.app.crypt, field, name, bytes)?)
    }

    /// The bytes of a file, opened and compared with their hash. Waits for the disk: not for asynchronous code.
    pub fn bytes(&self, crypt: &Crypt, kept: &Kept) -> Result<Vec<u8>> {
        let sealed = self.store.read(&kept.hash)?;
        let sealed = sealed.ok_or_else(|| Error::internal(format!("file {}: its bytes are missing", kept.id)))?;
        let bytes = crypt.open_bytes(COLUMN, &sealed).map_err(Error::internal)?;
        if Sha256::digest(&bytes).as_slice() != kept.hash {
            return Err(Error::internal(format!("file {}: its content was changed", kept.id)));
        }
        Ok(bytes)
    }
}

/// Seals anew every file that lies under an older key; gives how many.
pub(crate) fn reseal(files: &Files, crypt: &Crypt) -> Result<u64> {
    let mut all = Vec::new();
    files.store.each(|it| {
        all.push(it.hash);
        Ok(())
    })?;
    let mut count = 0;
    for hash in all {
        let Some(sealed) = files.store.read(&hash)? else { continue };
        if crypt.needs_rotation(&sealed) {
            let bytes = crypt.open_bytes(COLUMN, &sealed).map_err(Error::internal)?;
            files.store.write(&hash, crypt.seal_bytes(COLUMN, &bytes))?;
            count += 1;
        }
    }
    Ok(count)
}

/// Points a row at bytes that were laid down.
pub fn note(tx: &Tx<'_>, ask: &Ask, region: &str, stored: &Stored) -> Result<Id> {
    let id = ask.new_id();
    tx.run(
        "insert into file (region, id, hash, name, media_type, size, account, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &region,
            &id,
            &stored.hash,
            &stored.name,
            &stored.media_type,
            &(stored.size as i64),
            &ask.who.account,
            &crate::clock::stamp(ask.now),
        ],
    )?;
    Ok(id)
}

pub fn find(tx: &Tx<'_>, region: &str, id: Id) -> Result<Kept> {
    tx.one("select id, name, media_type, hash from file where region = $1 and id = $2", &[&region, &id], |row| {
        Ok(Kept { id: row.get(0)?, name: row.get(1)?, media_type: row.get(2)?, hash: row.get(3)? })
    })
}

/// A file as an answer. Whether the reader may see it is for the module that keeps it to decide, before it calls this.
pub async fn answer(ask: &Ask, region: &str, id: Id) -> Result<Response> {
    let region = region.to_string();
    let kept = ask.read(move |tx, _| find(tx, &region, id)).await?;
    let (app, wanted) = (ask.app.clone(), kept.clone());
    let bytes =
        tokio::task::spawn_blocking(move || app.files.bytes(&app.crypt, &wanted)).await.map_err(Error::internal)??;
    let shown = kept.media_type.starts_with("image/") || kept.media_type == "application/pdf";
    let how = if shown { "inline" } else { "attachment" };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    let value = |text: &str| HeaderValue::from_str(text).map_err(Error::internal);
    headers.insert(header::CONTENT_TYPE, value(&kept.media_type)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&format!("{how}; filename*=UTF-8''{}", encoded(&kept.name)))?);
    Ok(response)
}

/// The bytes of a `data:…;base64,…` text, as the signature field of a form sends them.
pub fn from_data_url(text: &str) -> Option<Vec<u8>> {
    let (kind, data) = text.strip_prefix("data:")?.split_once(',')?;
    kind.ends_with(";base64").then(|| BASE64_STANDARD.decode(data).ok()).flatten()
}

/// The last part of a name, short and printable.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|it| !it.is_control()).take(120).collect();
    if kept.trim().is_empty() { "file".to_string() } else { kept }
}

fn check(field: &str, name: &str, bytes: &[u8]) -> Result<&'static str> {
    if bytes.is_empty() {
        return Err(Error::invalid(field, "文件是空的,请重新选择"));
    }
    let kind = KINDS.iter().find(|it| bytes.starts_with(it.1)).map(|it| (it.0, it.2));
    // Excel's "Unicode text" is UTF-16, which is full of zero bytes but says so at its beginning.
    let is_text = [b"\xff\xfe", b"\xfe\xff"].iter().any(|it| bytes.starts_with(*it))
        || !bytes.iter().take(8192).any(|it| *it == 0);
    let is_table = name.to_lowercase().ends_with(".csv") && is_text;
    let (media_type, most) = kind
        .or_else(|| is_table.then_some(("text/csv", LARGEST_SHEET)))
        .ok_or_else(|| Error::invalid(field, "只接收图片(JPEG、PNG、WebP)、PDF、Excel 和 CSV 文件"))?;
    if most < bytes.len() {
        let said = Said::new("文件有 {size} MB,最大 {most} MB");
        return Err(Error::invalid(field, said.with("size", bytes.len() >> 20).with("most", most >> 20)));
    }
    Ok(media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_content_not_its_name() {
        assert_eq!(check("photo", "a.txt", b"\xff\xd8\xff\xe0 jpeg").unwrap(), "image/jpeg");
        assert_eq!(check("table", "台账.CSV", "姓名,性别".as_bytes()).unwrap(), "text/csv");
        assert_eq!(check("table", "a.csv", b"\xff\xfeA\0,\0B\0").unwrap(), "text/csv");
        assert!(check("table", "a.csv", b"A\0,\0B\0").is_err());
        assert!(check("photo", "a.jpg", b"<script>").is_err());
        assert!(check("photo", "a.jpg", b"").is_err());
    }

    #[test]
    fn a_name_keeps_no_path_and_no_control_characters() {
        assert_eq!(plain_name("C:\\fakepath\\台账.xlsx"), "台账.xlsx");
        assert_eq!(plain_name("../../etc/pass\r\nwd"), "passwd");
        assert_eq!(plain_name("/"), "file");
    }

    #[test]
    fn a_signature_comes_as_a_data_address() {
        assert_eq!(from_data_url("data:image/png;base64,aGk="), Some(b"hi".to_vec()));
        assert_eq!(from_data_url("hi"), None);
    }
}
