//! The rules of care: pure functions over facts, a day and the policy in force. No clock, no database, no network.

pub mod base;
