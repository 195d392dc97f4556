//! Elders.
