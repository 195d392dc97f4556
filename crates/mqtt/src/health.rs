//! What is wrong with the way to a broker, and for how long.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How the way to a broker is.
#[derive(Debug)]
pub struct Health(Mutex<(Option<String>, Instant)>);

/// How it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is wrong, in words; nothing while we are connected.
    pub trouble: Option<String>,
    /// How long it has been so: connected, or not.
    pub since: Duration,
}

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new((Some("not connected yet".into()), Instant::now())))
    }
}

impl Health {
    pub fn now(&self) -> Condition {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Condition { trouble: state.0.clone(), since: state.1.elapsed() }
    }

    /// The way is open.
    pub(crate) fn well(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0.take().is_some() {
            state.1 = Instant::now();
        }
    }

    /// Something is wrong. The time of the first trouble stands, the words are those of the last.
    pub(crate) fn trouble(&self, what: String) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0.replace(what).is_none() {
            state.1 = Instant::now();
        }
    }
}
