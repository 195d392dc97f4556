//! Backup and the way back: one archive with every row, every file, and what is needed to trust them.
//!
//! The archive is a tar file: `database.jsonl.br` (rows of one consistent state, alike for both engines, so that a backup of
//! SQLite comes back on PostgreSQL too), `files/…` (sealed as they lie in the store) and at the end `manifest.json` with
//! the migrations, the fingerprint of the keys (never the keys) and SHA-256 of every part. It holds names in plain text:
//! keep it as carefully as the database.

mod archive;
mod restore;
mod rows;

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Db, audit,
    clock::stamp,
    crypt::Crypt,
    files::Files,
    house::{set_setting, setting},
};

pub use restore::{Restored, restore};
pub use rows::tables;

/// Name of the setting that tells when the last backup was made.
pub const LAST: &str = "backup_last";
/// Name of the setting that tells a restored copy that it is one.
pub const RESTORED: &str = "restored";

const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub product: String,
    pub created: String,
    /// Name and checksum of every migration that had run.
    pub migrations: Vec<(String, String)>,
    /// Which keys open the sealed columns and files.
    pub key_fingerprint: String,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    pub files: u64,
    /// Hashes of files that rows point at and the store did not have.
    pub files_missing: Vec<String>,
    /// Heads of the audit's chains: `audit verify --against` a backup finds what was cut off since.
    #[serde(default)]
    pub audit: Vec<audit::Head>,
    /// SHA-256 of `database.jsonl.br`, and of all files one after the other.
    pub sha256: Digests,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Digests {
    pub database: String,
    pub files: String,
}

/// Writes a backup while the server goes on working. An existing file is not replaced.
///
/// # Errors
/// In words: what could not be read or written.
pub async fn write(db: &Db, files: &Files, crypt: &Crypt, file: &Path, now: Timestamp) -> Result<Manifest, String> {
    if file.exists() {
        let file = file.display();
        return Err(format!("“{file}”已经存在,请换一个名字 / {file} exists already; choose another name"));
    }
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritable = |e: std::io::Error| {
        format!(
            "文件夹“{0}”不能写入({e}):请换一个文件夹,或检查权限和磁盘空间 / \
             the folder {0} cannot be written ({e}): choose another, or check its permissions and the disk",
            folder.display()
        )
    };
    let rows_file = tempfile::tempfile_in(folder).map_err(unwritable)?;
    let rows_copy = rows_file.try_clone().map_err(unwritable)?;
    let content = db.read(move |tx| rows::dump(tx, rows_copy)).await.map_err(|e| e.to_string())?;
    let manifest = Manifest {
        format: FORMAT,
        product: env!("CARGO_PKG_VERSION").to_string(),
        created: stamp(now),
        migrations: content.migrations,
        key_fingerprint: crypt.fingerprint(),
        rows: content.rows,
        files: 0,
        files_missing: Vec::new(),
        audit: content.heads,
        sha256: Digests::default(),
    };
    let (files, target) = (files.clone(), file.to_path_buf());
    let written =
        tokio::task::spawn_blocking(move || archive::write(&target, manifest, rows_file, &content.files, &files))
            .await
            .map_err(|e| e.to_string())?;
    let manifest = written.map_err(|e| format!("{}: {e}", file.display()))?;
    let at = stamp(now);
    db.write(move |tx| {
        set_setting(tx, LAST, &at)?;
        let entry = entry("backup", "database", &at);
        audit::write(tx, None, &entry, now)
    })
    .await
    .map_err(|e| e.to_string())?;
    Ok(manifest)
}

/// What a backup says of itself, once all of it was read and compared.
///
/// # Errors
/// In words: a file that is no backup, is not whole or was changed.
pub async fn manifest(file: &Path) -> Result<Manifest, String> {
    let file = file.to_path_buf();
    tokio::task::spawn_blocking(move || archive::check(&file)).await.map_err(|e| e.to_string())?
}

fn entry<'a>(action: &'static str, subject: &'static str, detail: &'a str) -> audit::Entry<'a> {
    audit::Entry { action, subject, subject_id: None, region: audit::HOUSE, place: "", detail }
}

/// When this installation was restored, and from a backup of when; `None` for one that never was.
pub fn restored(tx: &crate::Tx<'_>) -> crate::Result<Option<Restored>> {
    setting(tx, RESTORED)?.map(|it| serde_json::from_str(&it)).transpose().map_err(Into::into)
}
