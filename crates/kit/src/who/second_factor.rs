//! The second factor: time-based one-time passwords (TOTP, RFC 6238), each accepted once.

use totp_rs::{Builder, Secret};

use crate::{Error, Result};

/// Seconds one code is valid; one earlier code is accepted too, for slow fingers and drifting phones.
const STEP: u64 = 30;

/// A fresh secret in base32, as an authenticator app takes it.
pub fn new_secret() -> String {
    Secret::generate().to_base32()
}

/// The link an authenticator app reads.
pub fn link(secret: &str, login: &str) -> String {
    format!("otpauth://totp/yiyang:{login}?secret={secret}&issuer=yiyang&digits=6&period={STEP}")
}

/// The time step `code` belongs to, if it is valid now and newer than the one used last.
///
/// # Errors
/// `Internal` where the stored secret is no base32.
pub fn accepted(secret: &str, code: &str, unix_seconds: i64, last_step: Option<i64>) -> Result<Option<i64>> {
    let now = u64::try_from(unix_seconds).unwrap_or(0);
    for seconds in [now, now.saturating_sub(STEP)] {
        let step = i64::try_from(seconds / STEP).unwrap_or(i64::MAX);
        let is_new = last_step.is_none_or(|last| last < step);
        if is_new && same(&code_at(secret, seconds)?, code.trim()) {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

/// The code an authenticator shows at that second.
pub fn code_at(secret: &str, unix_seconds: u64) -> Result<String> {
    let secret = Secret::try_from_base32(secret).map_err(|e| Error::internal(format!("second factor: {e:?}")))?;
    let totp = Builder::new().with_secret(secret).build().map_err(|e| Error::internal(format!("{e:?}")))?;
    Ok(totp.generate(unix_seconds).to_string())
}

fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_accepted_once_and_for_a_minute() {
        let secret = new_secret();
        let now = 1_800_000_000;
        let code = code_at(&secret, now).unwrap();
        let now = now as i64;
        let step = accepted(&secret, &code, now, None).unwrap().expect("the current code");
        assert_eq!(accepted(&secret, &code, now + 30, None).unwrap(), Some(step));
        assert_eq!(accepted(&secret, &code, now, Some(step)).unwrap(), None);
        assert_eq!(accepted(&secret, &code, now + 90, None).unwrap(), None);
    }
}
