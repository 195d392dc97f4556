//! The application as its users meet it: every test asks the real router, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

#[allow(dead_code, reason = "helpers stand ready for every module's tests")]
mod client;
mod files;
mod import;
mod messages;
mod places;
mod queue;
mod sign_in;
#[allow(dead_code, reason = "helpers stand ready for every module's tests")]
mod support;
