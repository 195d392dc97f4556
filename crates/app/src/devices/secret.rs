//! What a device signs in with: drawn at random, shown once, kept as a digest; the one before holds for some days, so that the
//! device in the home can be told the new one first.

use jiff::{SignedDuration, Timestamp};
use kit::{Ask, Result, Tx, clock::stamp, who::session};

use super::device::{self, Device};

/// Days for which the secret before still holds after a new one was drawn.
pub const BOTH_DAYS: i64 = 7;

/// A secret as it is shown and as it is kept.
pub fn new() -> (String, String) {
    let shown = session::new_token()[..24].to_string();
    let kept = kit::digest::of(&shown);
    (shown, kept)
}

/// Draws a new secret; `at_once` ends the one before in the same moment, as for a device that was lost.
pub fn rotate(tx: &Tx<'_>, ask: &Ask, it: &Device, at_once: bool) -> Result<String> {
    let (shown, kept) = new();
    let until = (!at_once).then(|| stamp(ask.now + SignedDuration::from_hours(24 * BOTH_DAYS)));
    tx.run(
        "update device set secret_before = case when $5 then '' else secret end, secret_before_until = $4, secret = $3, secret_since = $6
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &kept, &until, &at_once, &stamp(ask.now)],
    )?;
    device::changed(tx, ask, it, "change", "secret")?;
    Ok(shown)
}

/// Whether what a device says is its secret, or was until lately.
pub fn holds(said: &str, now: &str, before: &str, before_until: Option<&str>, at: Timestamp) -> bool {
    let digest = kit::digest::of(said);
    let is = |kept: &str| !kept.is_empty() && same(kept, &digest);
    is(now) || (before_until.is_some_and(|it| &*stamp(at) < it) && is(before))
}

/// Compares in a time that tells nothing.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
