//! Passwords: argon2id, and what a good one must not be.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::{Error, Result, Said};

/// Work factor. OWASP's least: 19 MiB, two passes.
fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password; takes tens of milliseconds, so call it on a blocking thread.
pub fn hash(password: &str) -> Result<String> {
    Ok(argon().hash_password(password.as_bytes()).map_err(Error::internal)?.to_string())
}

/// Whether the password is the one hashed. A hash that cannot be read matches nothing.
pub fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|it| argon().verify_password(password.as_bytes(), &it).is_ok())
}

/// At least 10 characters, of two kinds, and not the login itself.
pub fn check(password: &str, login: &str) -> Result<(), Said> {
    if password.chars().count() < 10 {
        return Err(Said::new("密码至少 10 个字符"));
    }
    if 128 < password.len() {
        return Err(Said::new("密码最多 128 个字节"));
    }
    let kinds = [
        password.chars().any(|it| it.is_ascii_digit()),
        password.chars().any(|it| it.is_alphabetic()),
        password.chars().any(|it| !it.is_alphanumeric()),
    ];
    if kinds.iter().filter(|it| **it).count() < 2 {
        return Err(Said::new("密码应包含字母、数字、符号中的两种"));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(Said::new("密码不能包含登录名"));
    }
    Ok(())
}

/// A password to be used once and then changed: `k7mq-x3fd-9rtw`, without letters that look alike. About 59 bits.
pub fn one_time() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let letter = |_| char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let groups: Vec<String> = (0..3).map(|_| (0..4).map(letter).collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hash = hash("correct horse 1").unwrap();
        assert!(matches("correct horse 1", &hash));
        assert!(!matches("correct horse 2", &hash));
        assert!(!matches("correct horse 1", "not a hash"));
    }

    #[test]
    fn a_one_time_password_is_good_and_never_the_same() {
        let (one, two) = (one_time(), one_time());
        assert_eq!(check(&one, "zhang.san"), Ok(()));
        assert_ne!(one, two);
    }

    #[test]
    fn weak_passwords_are_refused_with_what_to_do() {
        assert!(check("short1", "").is_err());
        assert!(check("aaaaaaaaaaaa", "").is_err());
        assert!(check("zhang.san.2026", "zhang.san").is_err());
        assert_eq!(check("修竹-清风-明月-2026", "zhang.san"), Ok(()));
    }
}
