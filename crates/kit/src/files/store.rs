//! Where the sealed bytes lie: a local folder by default, any S3-compatible store with the feature `object-store`.
//!
//! Everything here waits for disk or network and is called on threads that may wait.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{Error, Result, digest, trouble::Trouble};

#[derive(Debug, Clone)]
pub enum Store {
    Folder(PathBuf),
    #[cfg(feature = "object-store")]
    Objects(super::objects::Objects),
}

/// One thing in the store.
pub struct Item {
    pub hash: Vec<u8>,
    pub changed: Timestamp,
}

impl Store {
    pub fn open(place: &str) -> Result<Store, String> {
        if place.contains("://") {
            return open_objects(place);
        }
        fs::create_dir_all(place).map_err(|e| {
            format!(
                "文件夹“{place}”不能写入({e}):请检查所有者、权限和磁盘空间 / \
                 the folder {place} cannot be written ({e}): check its owner, its permissions and the disk"
            )
        })?;
        Ok(Store::Folder(PathBuf::from(place)))
    }

    pub fn place(&self) -> String {
        match self {
            Store::Folder(folder) => folder.display().to_string(),
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.place(),
        }
    }

    /// Writes, reads and removes a few bytes under a name of their own.
    pub fn reach(&self) -> Result<()> {
        let hash: [u8; 32] = rand::random();
        self.write(&hash, b"yiyang".to_vec())?;
        let read = self.read(&hash)?;
        self.remove(&hash)?;
        match read.as_deref() {
            Some(b"yiyang") => Ok(()),
            _ => Err(Error::trouble(Trouble::Files, "what was written could not be read back")),
        }
    }

    /// Writes the bytes as a whole: whoever reads meanwhile sees all of them or none.
    pub fn write(&self, hash: &[u8], sealed: Vec<u8>) -> Result<()> {
        match self {
            Store::Folder(folder) => {
                let path = path_in(folder, hash);
                let parent = path.parent().ok_or_else(|| Error::internal("a file lies in a folder"))?;
                fs::create_dir_all(parent)?;
                let half_written = path.with_extension(format!("{:x}.part", rand::random::<u64>()));
                fs::write(&half_written, sealed)?;
                fs::File::open(&half_written)?.sync_all()?;
                fs::rename(&half_written, &path)?;
                // Its name too is on the disk before a row points at it.
                fs::File::open(parent)?.sync_all()?;
                Ok(())
            }
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.write(hash, sealed),
        }
    }

    /// Whether the bytes are there; if so they count as new again, so that a sweep leaves them to whoever asked.
    pub fn freshen(&self, hash: &[u8]) -> Result<bool> {
        match self {
            Store::Folder(folder) => {
                let file = match fs::OpenOptions::new().append(true).open(path_in(folder, hash)) {
                    Ok(it) => it,
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
                    Err(e) => return Err(e.into()),
                };
                file.set_modified(now())?;
                Ok(true)
            }
            // Only writing again renews an object's day.
            #[cfg(feature = "object-store")]
            Store::Objects(_) => Ok(false),
        }
    }

    pub fn has(&self, hash: &[u8]) -> Result<bool> {
        match self {
            Store::Folder(folder) => Ok(path_in(folder, hash).try_exists()?),
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.has(hash),
        }
    }

    pub fn read(&self, hash: &[u8]) -> Result<Option<Vec<u8>>> {
        match self {
            Store::Folder(folder) => match fs::read(path_in(folder, hash)) {
                Ok(it) => Ok(Some(it)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(e.into()),
            },
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.read(hash),
        }
    }

    pub fn remove(&self, hash: &[u8]) -> Result<()> {
        match self {
            Store::Folder(folder) => Ok(fs::remove_file(path_in(folder, hash))?),
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.remove(hash),
        }
    }

    /// Calls `with` for everything in the store, in no order.
    pub fn each(&self, mut with: impl FnMut(Item) -> Result<()>) -> Result<()> {
        match self {
            Store::Folder(folder) => {
                for shelf in fs::read_dir(folder)? {
                    let shelf = shelf?.path();
                    if !shelf.is_dir() {
                        continue;
                    }
                    for file in fs::read_dir(shelf)? {
                        let file = file?;
                        let Some(hash) = hash_of(&file.file_name().to_string_lossy()) else { continue };
                        let changed = Timestamp::try_from(file.metadata()?.modified()?).map_err(Error::internal)?;
                        with(Item { hash, changed })?;
                    }
                }
                Ok(())
            }
            #[cfg(feature = "object-store")]
            Store::Objects(it) => it.each(with),
        }
    }
}

#[cfg(feature = "object-store")]
fn open_objects(place: &str) -> Result<Store, String> {
    super::objects::Objects::open(place).map(Store::Objects)
}

#[cfg(not(feature = "object-store"))]
fn open_objects(place: &str) -> Result<Store, String> {
    Err(format!(
        "{place}: 本程序未含对象存储功能,请用 --features object-store 构建,或改用文件夹 / \
         this program was built without object-store; build it with that feature or name a folder"
    ))
}

#[expect(clippy::disallowed_methods, reason = "the file system's own time, not the business's")]
fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

/// `ab/ab12…`: few files a folder.
fn path_in(folder: &Path, hash: &[u8]) -> PathBuf {
    let name = name_of(hash);
    folder.join(&name[..2]).join(name)
}

pub fn name_of(hash: &[u8]) -> String {
    digest::hex(hash)
}

/// The hash a name stands for; `None` for what is none of ours, such as half-written files.
pub fn hash_of(name: &str) -> Option<Vec<u8>> {
    let whole = name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit());
    whole.then(|| (0..64).step_by(2).filter_map(|at| u8::from_str_radix(&name[at..at + 2], 16).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_listed_read_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().display().to_string()).unwrap();
        let hash = vec![7; 32];
        assert!(!store.freshen(&hash).unwrap());
        store.write(&hash, b"sealed".to_vec()).unwrap();
        assert!(store.has(&hash).unwrap() && store.freshen(&hash).unwrap());
        let mut listed = Vec::new();
        let note = |it: Item| {
            listed.push(it.hash);
            Ok(())
        };
        store.each(note).unwrap();
        assert_eq!(listed, std::slice::from_ref(&hash));
        assert_eq!(store.read(&hash).unwrap().as_deref(), Some(&b"sealed"[..]));
        store.remove(&hash).unwrap();
        assert_eq!(store.read(&hash).unwrap(), None);
    }

    #[test]
    #[cfg(not(feature = "object-store"))]
    fn a_bucket_without_the_feature_is_refused_in_words() {
        assert!(Store::open("s3://bucket/files").unwrap_err().contains("object-store"));
    }
}
