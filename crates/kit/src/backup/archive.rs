//! The archive itself: written beside its final name and renamed when whole, checked before anything of it is used.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::{FORMAT, Manifest};
use crate::{digest::hex, files::Files};

const DATABASE: &str = "database.jsonl.br";
const MANIFEST: &str = "manifest.json";
const FILES: &str = "files/";

/// What goes into an archive passes by here on its way.
struct Hashing<R>(R, Sha256);

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.update(&buffer[..read]);
        Ok(read)
    }
}

pub fn write(
    target: &Path,
    mut manifest: Manifest,
    mut rows: File,
    hashes: &[Vec<u8>],
    files: &Files,
) -> Result<Manifest, String> {
    let words = |e: io::Error| e.to_string();
    let mut half_written = target.as_os_str().to_owned();
    half_written.push(".part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut archive = tar::Builder::new(io::BufWriter::new(options.open(&half_written).map_err(words)?));

    let size = rows.seek(SeekFrom::End(0)).and_then(|it| rows.rewind().map(|()| it)).map_err(words)?;
    let mut rows = Hashing(io::BufReader::new(rows), Sha256::new());
    append(&mut archive, DATABASE, size, &mut rows).map_err(words)?;
    manifest.sha256.database = hex(&rows.1.finalize());

    let mut all = Sha256::new();
    for hash in hashes {
        let name = crate::files::name_of(hash);
        match files.store().read(hash).map_err(|e| e.to_string())? {
            None => manifest.files_missing.push(name),
            Some(sealed) => {
                note_file(&mut all, &name, &Sha256::digest(&sealed));
                append(&mut archive, &format!("{FILES}{name}"), sealed.len() as u64, &mut &*sealed).map_err(words)?;
                manifest.files += 1;
            }
        }
    }
    manifest.sha256.files = hex(&all.finalize());
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| e.to_string())?;
    append(&mut archive, MANIFEST, text.len() as u64, &mut &*text).map_err(words)?;
    let file =
        archive.into_inner().and_then(|it| it.into_inner().map_err(io::IntoInnerError::into_error)).map_err(words)?;
    file.sync_all().map_err(words)?;
    std::fs::rename(&half_written, target).map_err(words)?;
    Ok(manifest)
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, size: u64, from: &mut impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, from)
}

fn note_file(all: &mut Sha256, name: &str, digest: &[u8]) {
    all.update(name.as_bytes());
    all.update(digest);
}

/// Reads the whole archive and compares every part with the manifest.
///
/// # Errors
/// In words: what is missing or was changed.
pub fn check(file: &Path) -> Result<Manifest, String> {
    let shown = file.display();
    let broken = |e: io::Error| format!("“{shown}”无法读取 / {shown} cannot be read: {e}");
    let mut archive = tar::Archive::new(io::BufReader::new(File::open(file).map_err(broken)?));
    let (mut database, mut manifest, mut all, mut count) = (None, None, Sha256::new(), 0);
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        if name == MANIFEST {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(broken)?;
            let read: Manifest = serde_json::from_str(&text).map_err(|e| broken(e.into()))?;
            manifest = Some(read);
            continue;
        }
        let mut hashing = Hashing(&mut entry, Sha256::new());
        io::copy(&mut hashing, &mut io::sink()).map_err(broken)?;
        if name == DATABASE {
            database = Some(hex(&hashing.1.finalize()));
        } else if let Some(hash) = name.strip_prefix(FILES) {
            note_file(&mut all, hash, &hashing.1.finalize());
            count += 1;
        }
    }
    let manifest = manifest
        .ok_or_else(|| format!("“{shown}”不是完整的备份(没有清单) / {shown} is no whole backup: it has no manifest"))?;
    if manifest.format != FORMAT {
        return Err(format!(
            "“{shown}”是第 {0} 版格式,本程序只读第 {FORMAT} 版 / {shown} has format {0}, this program reads {FORMAT}",
            manifest.format
        ));
    }
    if database.as_ref() != Some(&manifest.sha256.database) {
        return Err(format!(
            "“{shown}”中的数据库部分被改动或不完整 / the database part of {shown} was changed or cut off"
        ));
    }
    if hex(&all.finalize()) != manifest.sha256.files || count != manifest.files {
        return Err(format!("“{shown}”中的文件部分被改动或不完整 / the files of {shown} were changed or cut off"));
    }
    Ok(manifest)
}

/// Lays the files of a checked archive into the store.
pub fn lay_files(file: &Path, files: &Files) -> Result<u64, String> {
    let words = |e: io::Error| e.to_string();
    let mut archive = tar::Archive::new(io::BufReader::new(File::open(file).map_err(words)?));
    let mut laid = 0;
    for entry in archive.entries().map_err(words)? {
        let mut entry = entry.map_err(words)?;
        let name = entry.path().map_err(words)?.to_string_lossy().into_owned();
        let Some(hash) = name.strip_prefix(FILES).and_then(crate::files::hash_of) else { continue };
        let mut sealed = Vec::new();
        entry.read_to_end(&mut sealed).map_err(words)?;
        files.store().write(&hash, sealed).map_err(|e| e.to_string())?;
        laid += 1;
    }
    Ok(laid)
}

/// Calls `with` with the database part of a checked archive.
pub fn with_rows<T>(file: &Path, with: impl FnOnce(&mut dyn Read) -> crate::Result<T>) -> crate::Result<T> {
    let mut archive = tar::Archive::new(io::BufReader::new(File::open(file)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()?.to_string_lossy() == DATABASE {
            return with(&mut entry);
        }
    }
    Err(crate::Error::internal("the archive holds no database"))
}
