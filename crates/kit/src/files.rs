//! Files: photos, signatures, documents. Content-addressed, checked, encrypted at rest.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Ask, Error, Id, Result, Said, Tx, crypt::Crypt};

/// What may be kept, by its first bytes rather than by its name: (type, ending, first bytes).
const KINDS: &[(&str, &str, &[u8])] = &[
    ("image/jpeg", "jpg", &[0xff, 0xd8, 0xff]),
    ("image/png", "png", &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]),
    ("image/webp", "webp", b"RIFF"),
    ("application/pdf", "pdf", b"%PDF-"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", b"PK\x03\x04"),
];

/// Bytes one file may have.
pub const LARGEST: usize = 20 << 20;

/// The folder where files are kept.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
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
    /// # Errors
    /// Where the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Files, String> {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Files { folder: folder.to_path_buf() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Checks and keeps the bytes, then notes the file in the same transaction as the fact it proves. Bytes that are
    /// already there are not written again. If the transaction fails, the bytes stay without harm: nothing points at them.
    ///
    /// # Errors
    /// `Invalid` for a file that is empty, too large or of another kind than pictures, PDF and spreadsheets.
    pub fn keep(&self, tx: &Tx<'_>, ask: &Ask, region: &str, field: &str, name: &str, bytes: &[u8]) -> Result<Id> {
        let media_type = check(field, bytes)?;
        let hash = Sha256::digest(bytes).to_vec();
        let path = self.path(&hash);
        if !path.exists() {
            let sealed = ask.app.crypt.seal_bytes("file.bytes", bytes);
            let folder = path.parent().ok_or_else(|| Error::internal("a file lies in a folder"))?;
            std::fs::create_dir_all(folder)?;
            let half_written = path.with_extension(format!("{}.part", ask.new_id()));
            std::fs::write(&half_written, sealed)?;
            std::fs::rename(&half_written, &path)?;
        }
        let id = ask.new_id();
        tx.run(
            "insert into file (region, id, hash, name, media_type, size, account, created)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &region,
                &id,
                &hash,
                &name,
                &media_type,
                &(bytes.len() as i64),
                &ask.who.account,
                &crate::clock::stamp(ask.now),
            ],
        )?;
        Ok(id)
    }

    /// The bytes of a file, opened and compared with their hash.
    pub fn bytes(&self, crypt: &Crypt, kept: &Kept) -> Result<Vec<u8>> {
        let sealed = std::fs::read(self.path(&kept.hash))?;
        let bytes = crypt.open_bytes("file.bytes", &sealed).map_err(Error::internal)?;
        if Sha256::digest(&bytes).as_slice() != kept.hash {
            return Err(Error::internal(format!("file {}: its content was changed", kept.id)));
        }
        Ok(bytes)
    }

    fn path(&self, hash: &[u8]) -> PathBuf {
        let name: String = hash.iter().map(|it| format!("{it:02x}")).collect();
        self.folder.join(&name[..2]).join(name)
    }
}

pub fn find(tx: &Tx<'_>, region: &str, id: Id) -> Result<Kept> {
    tx.one("select id, name, media_type, hash from file where region = $1 and id = $2", &[&region, &id], |row| {
        Ok(Kept { id: row.get(0)?, name: row.get(1)?, media_type: row.get(2)?, hash: row.get(3)? })
    })
}

fn check(field: &str, bytes: &[u8]) -> Result<&'static str> {
    if bytes.is_empty() {
        return Err(Error::invalid(field, "文件是空的,请重新选择"));
    }
    if LARGEST < bytes.len() {
        let megabytes = bytes.len() >> 20;
        return Err(Error::invalid(
            field,
            Said::new("文件有 {size} MB,最大 {most} MB").with("size", megabytes).with("most", LARGEST >> 20),
        ));
    }
    let kind = KINDS.iter().find(|it| bytes.starts_with(it.2));
    kind.map(|it| it.0).ok_or_else(|| Error::invalid(field, "只接收图片(JPEG、PNG、WebP)、PDF 和 Excel 文件"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_content_not_its_name() {
        assert_eq!(check("photo", b"\xff\xd8\xff\xe0 jpeg").unwrap(), "image/jpeg");
        assert!(check("photo", b"<script>").is_err());
        assert!(check("photo", b"").is_err());
    }
}
