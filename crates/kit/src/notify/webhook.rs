//! Text messages: a signed JSON document is posted to the gateway's webhook.
//!
//! `{"id", "to", "text", "at"}`; headers `X-Yiyang-Timestamp` (Unix seconds) and `X-Yiyang-Signature`
//! (`sha256=` and the hexadecimal HMAC-SHA-256 of `timestamp.body` under `sms.secret`), and `Idempotency-Key`.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::send::{Failure, Waiting};
use crate::{App, clock::stamp, digest};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The signature of a body sent at `timestamp`, as the receiver recomputes it.
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    format!("sha256={}", digest::hex(&mac.finalize().into_bytes()))
}

pub(super) async fn send(app: &App, waiting: Waiting) -> Result<(), Failure> {
    let (config, now) = (app.config.sms.clone(), app.clock.now());
    let body = json!({"id": waiting.id, "to": waiting.address, "text": waiting.body, "at": stamp(now)}).to_string();
    let sent = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        agent
            .post(&config.url)
            .header("content-type", "application/json")
            .header("idempotency-key", waiting.id.to_string())
            .header("x-yiyang-timestamp", now.as_second().to_string())
            .header("x-yiyang-signature", signature(&config.secret, now.as_second(), &body))
            .send(&body)
            .map(|it| it.status().as_u16())
    })
    .await;
    match sent {
        Ok(Ok(200..300)) => Ok(()),
        Ok(Ok(status @ (408 | 425 | 429 | 500..))) => Err(Failure::Later(format!("HTTP {status}"))),
        Ok(Ok(status)) => Err(Failure::Never(format!("HTTP {status}"))),
        Ok(Err(e)) => Err(Failure::Later(e.to_string())),
        Err(e) => Err(Failure::Later(e.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_signature_depends_on_key_time_and_body() {
        let signed = signature("secret", 1_800_000_000, "{}");
        assert_eq!(signed.len(), "sha256=".len() + 64);
        assert_ne!(signed, signature("other", 1_800_000_000, "{}"));
        assert_ne!(signed, signature("secret", 1_800_000_001, "{}"));
        assert_ne!(signed, signature("secret", 1_800_000_000, "{ }"));
    }
}
