//! The key file: several keys with ids in TOML, readable by its owner only, replaced as a whole.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Algorithm, CryptError};
use crate::digest::hex;

const BLIND_KEY_BYTES: usize = 32;
/// Far beyond any real key file; what is larger is some other file.
const MOST_BYTES: u64 = 1 << 20;

const HEADING: &str = "\
# 个人信息加密密钥。丢失则数据无法恢复,泄露则数据不再保密:请离线备份,与数据库备份分开存放。
# Keys of personal data. Lost, the data cannot be read again; leaked, it is no longer secret:
# keep a copy offline, apart from the copies of the database.
";

/// What a key is for. A data key never makes an index and the index key never seals.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Use {
    Data,
    Blind,
}

/// The bytes of a key.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Secret(Vec<u8>);

impl Secret {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn random(bytes: usize) -> Result<Self, CryptError> {
        let mut secret = vec![0; bytes];
        OsRng.try_fill_bytes(&mut secret).map_err(|_| CryptError::NoRandomness)?;
        Ok(Secret(secret))
    }
}

impl TryFrom<String> for Secret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Secret).map_err(|_| "secret is not base64")
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub id: u16,
    #[serde(rename = "use")]
    pub purpose: Use,
    pub algorithm: Algorithm,
    pub secret: Secret,
}

/// The whole file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub active: u16,
    pub blind: u16,
    #[serde(rename = "key")]
    pub keys: Vec<Key>,
}

impl KeyFile {
    /// A first data key and the index key.
    pub fn random(algorithm: Algorithm) -> Result<Self, CryptError> {
        let data = Secret::random(algorithm.data_key_bytes())?;
        let blind = Secret::random(BLIND_KEY_BYTES)?;
        let keys = vec![
            Key { id: 1, purpose: Use::Data, algorithm, secret: data },
            Key { id: 2, purpose: Use::Blind, algorithm, secret: blind },
        ];
        Ok(KeyFile { active: 1, blind: 2, keys })
    }

    /// Adds a data key with the next free id and makes it the active one.
    pub fn add_active(&mut self, path: &Path, algorithm: Algorithm) -> Result<(), CryptError> {
        let highest = self.keys.iter().map(|key| key.id).max().unwrap_or(0);
        let id = highest.checked_add(1).ok_or_else(|| CryptError::malformed(path, "no key id is left"))?;
        let secret = Secret::random(algorithm.data_key_bytes())?;
        self.keys.push(Key { id, purpose: Use::Data, algorithm, secret });
        self.active = id;
        Ok(())
    }

    pub fn read(path: &Path) -> Result<Self, CryptError> {
        let unreadable = |cause: std::io::Error| match cause.kind() {
            ErrorKind::NotFound => CryptError::Missing { path: path.to_owned() },
            _ => CryptError::Unreadable { path: path.to_owned(), cause },
        };
        let meta = fs::metadata(path).map_err(unreadable)?;
        refuse_open_to_others(path, &meta)?;
        if !meta.is_file() || meta.len() > MOST_BYTES {
            return Err(CryptError::malformed(path, "not a key file"));
        }
        let text = fs::read_to_string(path).map_err(|cause| match cause.kind() {
            ErrorKind::InvalidData => CryptError::malformed(path, "not UTF-8 text"),
            _ => unreadable(cause),
        })?;
        // `message` alone: the full report would print the line, and the line holds a key.
        toml::from_str(&text).map_err(|error| CryptError::malformed(path, error.message()))
    }

    /// Says what is wrong with the keys, if anything is.
    pub fn check(&self) -> Result<(), String> {
        for (index, key) in self.keys.iter().enumerate() {
            let id = key.id;
            if self.keys[..index].iter().any(|earlier| earlier.id == id) {
                return Err(format!("key {id} stands there twice"));
            }
            let wanted = match key.purpose {
                Use::Data => key.algorithm.data_key_bytes(),
                Use::Blind => BLIND_KEY_BYTES,
            };
            let found = key.secret.bytes().len();
            if found != wanted {
                return Err(format!("key {id} has {found} bytes instead of {wanted}"));
            }
        }
        let holds = |id: u16, purpose: Use| self.keys.iter().any(|key| key.id == id && key.purpose == purpose);
        if !holds(self.active, Use::Data) {
            return Err(format!("active names key {}, which is no data key here", self.active));
        }
        if !holds(self.blind, Use::Blind) {
            return Err(format!("blind names key {}, which is no blind key here", self.blind));
        }
        Ok(())
    }

    /// For each key `id:digest`. The keys are random, so a digest gives nothing away.
    pub fn prints(&self) -> Vec<String> {
        self.keys.iter().map(print_of).collect()
    }

    /// Writes a file that was not there before.
    pub fn write_new(&self, path: &Path) -> Result<(), CryptError> {
        self.write(path).map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => CryptError::Exists { path: path.to_owned() },
            _ => CryptError::Unreadable { path: path.to_owned(), cause },
        })
    }

    /// Replaces the file as a whole: whoever reads meanwhile sees the old keys or the new ones, never half a file.
    pub fn replace(&self, path: &Path) -> Result<(), CryptError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = Path::new(&beside);
        // What an interrupted rotation left was never in use.
        match fs::remove_file(beside) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                return Err(CryptError::Unreadable { path: beside.to_owned(), cause });
            }
            _ => {}
        }
        let replaced = self.write(beside).and_then(|()| fs::rename(beside, path)).and_then(|()| sync_folder(path));
        replaced.map_err(|cause| CryptError::Unreadable { path: path.to_owned(), cause })
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.to_text().as_bytes())?;
        file.sync_all()?;
        sync_folder(path)
    }

    fn to_text(&self) -> String {
        let mut text = format!("{HEADING}active = {}\nblind = {}\n", self.active, self.blind);
        for key in &self.keys {
            let purpose = match key.purpose {
                Use::Data => "data",
                Use::Blind => "blind",
            };
            let algorithm = match key.algorithm {
                Algorithm::Aes256Gcm => "aes-256-gcm",
                Algorithm::Sm4Gcm => "sm4-gcm",
            };
            let secret = STANDARD.encode(key.secret.bytes());
            let id = key.id;
            text.push_str(&format!(
                "\n[[key]]\nid = {id}\nuse = \"{purpose}\"\nalgorithm = \"{algorithm}\"\nsecret = \"{secret}\"\n"
            ));
        }
        text
    }
}

fn print_of(key: &Key) -> String {
    let mut digest = Sha256::new();
    digest.update(b"yiyang key fingerprint");
    digest.update([key.purpose as u8, key.algorithm.code()]);
    digest.update(key.secret.bytes());
    format!("{}:{}", key.id, hex(&digest.finalize()[..8]))
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, meta: &fs::Metadata) -> Result<(), CryptError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(CryptError::OpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path, _: &fs::Metadata) -> Result<(), CryptError> {
    Ok(())
}
