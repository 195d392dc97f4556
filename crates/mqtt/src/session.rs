//! What is remembered of a device between two connections, where it asks for that. It is in memory only: after a restart of ours the
//! device is told that its session is gone, and asks anew.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU16;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytestring::ByteString;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// User and client id: no device can push another off the line, or read its session, by taking its client id.
pub(crate) type Name = (Option<ByteString>, ByteString);

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// The topics it asked for.
    pub filters: Vec<ByteString>,
    /// Messages (exactly once) that are kept, and not yet released.
    pub unreleased: HashSet<NonZeroU16>,
}

struct Kept {
    session: Session,
    until: Instant,
    resumed: oneshot::Sender<()>,
}

pub(crate) struct Sessions {
    kept: Mutex<HashMap<Name, Kept>>,
    most: usize,
}

impl Sessions {
    pub fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Name, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a session for a time. What it gives hears when the device comes back to it, and is closed when it is forgotten.
    pub fn keep(&self, name: Name, session: Session, lasts: Duration) -> Option<oneshot::Receiver<()>> {
        let mut kept = self.kept();
        if self.most <= kept.len() {
            let now = Instant::now();
            kept.retain(|_, it| now < it.until);
        }
        if lasts.is_zero() || self.most <= kept.len() {
            return None;
        }
        let (resumed, comes_back) = oneshot::channel();
        kept.insert(name, Kept { session, until: Instant::now() + lasts, resumed });
        Some(comes_back)
    }

    /// The session of a device that comes back in time.
    pub fn resume(&self, name: &Name) -> Option<Session> {
        let kept = self.kept().remove(name).filter(|it| Instant::now() < it.until)?;
        // Nobody listens where the device left no will.
        kept.resumed.send(()).ok();
        Some(kept.session)
    }

    pub fn forget(&self, name: &Name) {
        self.kept().remove(name);
    }
}
