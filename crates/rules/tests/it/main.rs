//! What the rules promise, by subject.

mod base;
