//! One data key that seals and opens, and the key of the blind index, each in the international and in the national way.

use aes_gcm::aead::{Aead, KeyInit, Payload, consts::U12};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use hmac::{Hmac, Mac};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;
use sm4::Sm4;

use super::BLIND_BYTES;

const NONCE_BYTES: usize = 12;

/// Which family of algorithms a key belongs to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Algorithm {
    /// AES-256-GCM for values, HMAC-SHA-256 for the blind index.
    #[serde(rename = "aes-256-gcm")]
    Aes256Gcm,
    /// SM4-GCM (GB/T 32907) for values, HMAC-SM3 (GB/T 32905) for the blind index.
    #[serde(rename = "sm4-gcm")]
    Sm4Gcm,
}

impl Algorithm {
    /// The byte that names the algorithm inside a sealed value.
    pub(super) fn code(self) -> u8 {
        match self {
            Algorithm::Aes256Gcm => 1,
            Algorithm::Sm4Gcm => 2,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        [Algorithm::Aes256Gcm, Algorithm::Sm4Gcm].into_iter().find(|algorithm| algorithm.code() == code)
    }

    /// Bytes of a data key.
    pub(super) fn data_key_bytes(self) -> usize {
        match self {
            Algorithm::Aes256Gcm => 32,
            Algorithm::Sm4Gcm => 16,
        }
    }
}

enum Cipher {
    Aes(Box<Aes256Gcm>),
    Sm4(Box<AesGcm<Sm4, U12>>),
}

/// A key that seals values.
pub(super) struct DataKey {
    pub id: u16,
    cipher: Cipher,
}

impl DataKey {
    /// The secret's length was checked when the key file was read.
    pub fn new(id: u16, algorithm: Algorithm, secret: &[u8]) -> Self {
        let fits = "the key file is checked for the length of its keys";
        let cipher = match algorithm {
            Algorithm::Aes256Gcm => Cipher::Aes(Box::new(Aes256Gcm::new_from_slice(secret).expect(fits))),
            Algorithm::Sm4Gcm => Cipher::Sm4(Box::new(AesGcm::new_from_slice(secret).expect(fits))),
        };
        DataKey { id, cipher }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.cipher {
            Cipher::Aes(_) => Algorithm::Aes256Gcm,
            Cipher::Sm4(_) => Algorithm::Sm4Gcm,
        }
    }

    /// Nonce, ciphertext and tag.
    pub fn seal(&self, plain: &[u8], bound: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = nonce.to_vec();
        sealed.extend(self.seal_with(nonce, plain, bound));
        sealed
    }

    pub(super) fn seal_with(&self, nonce: [u8; NONCE_BYTES], plain: &[u8], bound: &[u8]) -> Vec<u8> {
        let nonce = Nonce::from(nonce);
        let payload = Payload { msg: plain, aad: bound };
        let sealed = match &self.cipher {
            Cipher::Aes(cipher) => cipher.encrypt(&nonce, payload),
            Cipher::Sm4(cipher) => cipher.encrypt(&nonce, payload),
        };
        sealed.expect("GCM refuses only texts beyond 64 GB")
    }

    /// The plain bytes, or nothing when value, place or key do not belong together.
    pub fn open(&self, body: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = body.split_first_chunk::<NONCE_BYTES>()?;
        let nonce = Nonce::from(*nonce);
        let payload = Payload { msg: sealed, aad: bound };
        match &self.cipher {
            Cipher::Aes(cipher) => cipher.decrypt(&nonce, payload).ok(),
            Cipher::Sm4(cipher) => cipher.decrypt(&nonce, payload).ok(),
        }
    }
}

enum Keyed {
    Sha256(Box<Hmac<Sha256>>),
    Sm3(Box<Hmac<Sm3>>),
}

/// The key of the blind index.
pub(super) struct Blinder {
    pub id: u16,
    keyed: Keyed,
}

impl Blinder {
    pub fn new(id: u16, algorithm: Algorithm, secret: &[u8]) -> Self {
        let any_length = "HMAC takes keys of any length";
        let keyed = match algorithm {
            Algorithm::Aes256Gcm => Keyed::Sha256(Box::new(Hmac::new_from_slice(secret).expect(any_length))),
            Algorithm::Sm4Gcm => Keyed::Sm3(Box::new(Hmac::new_from_slice(secret).expect(any_length))),
        };
        Blinder { id, keyed }
    }

    pub fn blind(&self, column: &str, plain: &str) -> Vec<u8> {
        // The column's length leads, so that no two pairs of column and value share one index.
        let length = (column.len() as u64).to_be_bytes();
        let parts: [&[u8]; 3] = [&length, column.as_bytes(), plain.as_bytes()];
        let mut index = match &self.keyed {
            Keyed::Sha256(mac) => digest((**mac).clone(), parts),
            Keyed::Sm3(mac) => digest((**mac).clone(), parts),
        };
        index.truncate(BLIND_BYTES);
        index
    }
}

fn digest(mut mac: impl Mac, parts: [&[u8]; 3]) -> Vec<u8> {
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}
