//! SHA-256 in hexadecimal: by what a text is known.

use sha2::{Digest, Sha256};

/// The digest of a text or of bytes, 64 digits.
pub fn of(content: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(content))
}

/// Bytes as hexadecimal digits, two each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_64_digits() {
        // The example of FIPS 180-2.
        assert_eq!(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(hex(&[]), "");
    }
}
