//! Tests of the crate, one file a subject.

mod makers;
