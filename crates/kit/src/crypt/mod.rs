//! Personal columns and files: sealed under a key file outside the database, found by a keyed blind index, masked for the eye.

mod cipher;
mod error;
mod key_file;
mod mask;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use cipher::Algorithm;
use cipher::{Blinder, DataKey};
pub use error::CryptError;
use key_file::{KeyFile, Use};
pub use mask::{mask_address, mask_id_number, mask_name, mask_phone};

/// Length of a blind index in bytes.
pub const BLIND_BYTES: usize = 16;

/// The format byte every sealed value starts with.
const FORMAT: u8 = 1;
/// Format, algorithm, key id (two bytes).
const HEAD_BYTES: usize = 4;

/// Where a sealed value stands. It opens nowhere else, so a value moved to another column or row is refused.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    column: &'a str,
    row: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// A column, `elder.id_number`, together with the row's id: the value opens in that row only.
    pub fn in_row(column: &'a str, row: &'a str) -> Self {
        Place { column, row: Some(row) }
    }
}

impl<'a> From<&'a str> for Place<'a> {
    fn from(column: &'a str) -> Self {
        Place { column, row: None }
    }
}

/// The keys of one installation, ready to use. Cheap to share behind an `Arc`.
pub struct Crypt {
    path: PathBuf,
    file: KeyFile,
    data: Vec<DataKey>,
    active: usize,
    blinder: Blinder,
}

impl Crypt {
    /// Reads the key file. Fails, in words, when it is missing, unreadable, open to others or malformed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CryptError> {
        let path = path.as_ref();
        Self::from_file(path, KeyFile::read(path)?)
    }

    /// Writes a new key file with random keys, readable by its owner only, and opens it. Never overwrites a file.
    pub fn create(path: impl AsRef<Path>, algorithm: Algorithm) -> Result<Self, CryptError> {
        let path = path.as_ref();
        let file = KeyFile::random(algorithm)?;
        file.write_new(path)?;
        Self::from_file(path, file)
    }

    /// Adds a random key and makes it the active one; what was sealed before stays readable.
    /// The blind-index key stays, because a new one would orphan every index in the database.
    pub fn rotate(&self, algorithm: Algorithm) -> Result<Self, CryptError> {
        // Read again: a key that somebody else added meanwhile must not be lost.
        let mut file = KeyFile::read(&self.path)?;
        file.add_active(&self.path, algorithm)?;
        file.replace(&self.path)?;
        Self::from_file(&self.path, file)
    }

    /// Seals a text for its place with the active key and a random nonce.
    ///
    /// Random nonces are safe for about four thousand million values a key; `rotate` long before.
    pub fn seal<'a>(&self, place: impl Into<Place<'a>>, plain: &str) -> Vec<u8> {
        self.seal_bytes(place, plain.as_bytes())
    }

    /// As [`Crypt::seal`], for files and other bytes.
    pub fn seal_bytes<'a>(&self, place: impl Into<Place<'a>>, plain: &[u8]) -> Vec<u8> {
        let key = &self.data[self.active];
        let mut sealed = vec![FORMAT, key.algorithm().code()];
        sealed.extend(key.id.to_be_bytes());
        let bound = bound_to(&sealed, place.into());
        sealed.extend(key.seal(plain, &bound));
        sealed
    }

    /// Opens what [`Crypt::seal`] made for the same place.
    pub fn open_sealed<'a>(&self, place: impl Into<Place<'a>>, sealed: &[u8]) -> Result<String, CryptError> {
        String::from_utf8(self.open_bytes(place, sealed)?).map_err(|_| CryptError::NotText)
    }

    /// Opens what [`Crypt::seal_bytes`] made for the same place.
    pub fn open_bytes<'a>(&self, place: impl Into<Place<'a>>, sealed: &[u8]) -> Result<Vec<u8>, CryptError> {
        let place = place.into();
        let (head, body) = sealed.split_at_checked(HEAD_BYTES).ok_or(CryptError::NotSealed)?;
        let (algorithm, id) = parse_head(head)?;
        let key = self.data.iter().find(|key| key.id == id).ok_or(CryptError::KeyMissing { id })?;
        let tampered = || CryptError::Tampered { column: place.column.to_owned() };
        if key.algorithm() != algorithm {
            return Err(tampered());
        }
        key.open(body, &bound_to(head, place)).ok_or_else(tampered)
    }

    /// True when a sealed value is not under the active key, so that a rotation has still to reach it.
    pub fn needs_rotation(&self, sealed: &[u8]) -> bool {
        match sealed.get(..HEAD_BYTES).map(parse_head) {
            Some(Ok((_, id))) => id != self.data[self.active].id,
            _ => true,
        }
    }

    /// The keyed index by which equal values of one column are found: always [`BLIND_BYTES`] bytes.
    /// The caller brings the value to its one form first (an ID number in upper case, without spaces).
    pub fn blind(&self, column: &str, plain: &str) -> Vec<u8> {
        self.blinder.blind(column, plain)
    }

    /// The id of the key that makes blind indexes.
    pub fn blind_key_id(&self) -> u16 {
        self.blinder.id
    }

    /// The id of the key that seals new values.
    pub fn active_key_id(&self) -> u16 {
        self.data[self.active].id
    }

    /// What a backup notes about the key file: for each key its id and a digest that does not reveal it.
    pub fn fingerprint(&self) -> String {
        self.file.prints().join(" ")
    }

    /// True when this key file can open a backup that noted `fingerprint`: every key of then is still here.
    pub fn opens_backup(&self, fingerprint: &str) -> bool {
        let here = self.file.prints();
        let mut then = fingerprint.split_whitespace().peekable();
        then.peek().is_some() && then.all(|print| here.iter().any(|known| known == print))
    }

    fn from_file(path: &Path, file: KeyFile) -> Result<Self, CryptError> {
        let malformed = |problem: &str| CryptError::malformed(path, problem);
        file.check().map_err(|problem| malformed(&problem))?;
        let of_use = |wanted: Use| file.keys.iter().filter(move |key| key.purpose == wanted);
        let data: Vec<DataKey> =
            of_use(Use::Data).map(|key| DataKey::new(key.id, key.algorithm, key.secret.bytes())).collect();
        let active = data.iter().position(|key| key.id == file.active).ok_or_else(|| malformed("active"))?;
        let blinder = of_use(Use::Blind)
            .find(|key| key.id == file.blind)
            .map(|key| Blinder::new(key.id, key.algorithm, key.secret.bytes()))
            .ok_or_else(|| malformed("blind"))?;
        Ok(Crypt { path: path.to_owned(), file, data, active, blinder })
    }
}

impl std::fmt::Debug for Crypt {
    /// Names the file and the key ids; the keys themselves never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crypt").field("path", &self.path).field("active", &self.active_key_id()).finish_non_exhaustive()
    }
}

fn parse_head(head: &[u8]) -> Result<(Algorithm, u16), CryptError> {
    match *head {
        [FORMAT, code, high, low] => {
            let algorithm = Algorithm::from_code(code).ok_or(CryptError::NotSealed)?;
            Ok((algorithm, u16::from_be_bytes([high, low])))
        }
        _ => Err(CryptError::NotSealed),
    }
}

/// The associated data. Lengths lead, so that no two places share one encoding.
fn bound_to(head: &[u8], place: Place<'_>) -> Vec<u8> {
    let mut bound = head.to_vec();
    bound.extend((place.column.len() as u64).to_be_bytes());
    bound.extend(place.column.as_bytes());
    if let Some(row) = place.row {
        bound.push(1);
        bound.extend(row.as_bytes());
    } else {
        bound.push(0);
    }
    bound
}
