//! The ear from outside: frames, real clients, a real broker, and whatever chance sends.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

mod bounds;
mod chance;
mod clients;
mod device;
mod home;
mod manners;
mod promise;
mod relayed;
mod secured;
mod sessions;
