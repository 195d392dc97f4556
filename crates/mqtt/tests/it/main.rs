//! The ear from outside: frames, real clients, a real broker, and whatever chance sends.

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
