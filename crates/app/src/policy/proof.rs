//! The worked cases, run against the policy of this server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use kit::App;
use rules::{
    cases::{self, Outcome},
    policy::Faults,
};

use crate::policy_files;

type Outcomes = Result<Arc<Vec<Outcome>>, Faults>;

/// Runs every case; what cannot be read is a fault.
///
/// Cases may rest on values invented for demonstration, which hold only in a demonstration: they are run with those values
/// wherever the folder is still the one this server started with. The outcome follows from the folder alone and is
/// remembered by its digest.
pub fn run(app: &App) -> Outcomes {
    static KNOWN: Mutex<Option<HashMap<String, Outcomes>>> = Mutex::new(None);
    let digest = app.policy.digest().to_string();
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|it| it.get(&digest).cloned());
    if let Some(outcomes) = known {
        return outcomes;
    }
    let whole = policy_files::load(&app.config.policy, true).ok().filter(|it| it.digest() == digest);
    let outcomes = cases::run(whole.as_ref().unwrap_or(&app.policy)).map(Arc::new);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(digest, outcomes.clone());
    outcomes
}

/// The rules that read a parameter, by the cases that prove it.
pub fn rules_that_read(outcomes: &[Outcome], topic: &str, param: &str) -> Vec<String> {
    let mut rules: Vec<String> = cases::proving(outcomes, topic, param).into_iter().map(|it| it.rule.clone()).collect();
    rules.sort();
    rules.dedup();
    rules
}
