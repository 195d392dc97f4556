//! Leads: what in a month's claims deserves a question, and what came of asking.

pub mod api;
pub mod course;
pub mod list;
pub mod pages;
pub mod record;
pub mod search;
pub mod words;
