//! What makes events a chain: the text that is hashed and signed, and the check of both.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kit::{Error, Result};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

/// An event as it came.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Sent {
    pub id: String,
    pub number: i64,
    pub at: String,
    pub kind: String,
    #[serde(default)]
    pub visit: String,
    #[serde(default)]
    pub previous: String,
    pub body: String,
    pub hash: String,
    pub signature: String,
}

impl Sent {
    /// The lines that are hashed and signed.
    fn text(&self) -> String {
        let number = self.number.to_string();
        [&*self.id, &number, &self.at, &self.kind, &self.visit, &self.previous, &self.body].join("\n")
    }

    /// Whether the hash is that of the text, and the signature that of the phone.
    pub fn is_right(&self, key: &str) -> bool {
        let text = self.text();
        kit::digest::of(&text) == self.hash && is_signed(&text, &self.signature, key)
    }
}

/// Whether a signature (64 bytes r‖s, base64url) is that of a key (base64url of its point) over a text.
pub fn is_signed(text: &str, signature: &str, key: &str) -> bool {
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature);
    let key = BASE64_URL_SAFE_NO_PAD.decode(key);
    let (Ok(signature), Ok(key)) = (signature, key) else { return false };
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(text.as_bytes(), &signature).is_ok()
}

/// A public key as a phone sends it: a point of P-256, uncompressed.
///
/// # Errors
/// `Invalid` for anything else.
pub fn key(name: &str, text: &str) -> Result<()> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let is_point = bytes.len() == 65 && bytes[0] == 4;
    if is_point { Ok(()) } else { Err(Error::invalid(name, "不是 P-256 公钥")) }
}
